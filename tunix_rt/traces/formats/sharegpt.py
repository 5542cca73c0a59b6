"""ShareGPT conversations (`from`, `value`), with thoughts in think tags.

`chosen` and `rejected` of a preference record are two traces, `meta.preference` says which.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from tunix_rt.traces.reading.carrying import carried, carry, finish, messages_of, tagged
from tunix_rt.traces.reading.chatting import Turn, chat, turn, turns
from tunix_rt.traces.reading.facts import facts, texts
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Rejected, Written, each

OPEN_THOUGHTS = {"deepseek_reasoning", "difficulty"}
NAMES = {"user": "human", "assistant": "gpt", "system": "system", "tool": "observation"}


def recognises(record: dict[str, object]) -> bool:
    """A list of conversations that OpenThoughts did not make."""
    said = record.get("conversations")
    return (
        isinstance(said, list)
        and bool(said)
        and isinstance(said[0], dict)
        and bool({"from", "role"} & said[0].keys())
        and not OPEN_THOUGHTS & record.keys()
        and not any("<|begin_of_thought|>" in str(turn) for turn in said[:10])
    )


def read(record: Record, source: str) -> Iterator[ReasoningTrace | Rejected]:
    """One trace per conversation, or two for a preference."""
    found = record.decode(dict[str, Any])
    if "chosen" not in found and "rejected" not in found:
        yield _read(found)
        return
    both = ("chosen", "rejected")
    yield from each(record, ((name, partial(_preferred, found, name)) for name in both))


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One conversation per line, the steps inside a think tag."""
    return lines(traces, "sharegpt", _convert)


def conversation(record: dict[str, Any]) -> list[Turn]:
    """The turns of `conversations`; a `system` of the record speaks first."""
    said = record.get("conversations")
    first = said[0] if isinstance(said, list) and said else None
    keys = ("role", "content") if isinstance(first, dict) and "role" in first else ("from", "value")
    spoken = turns(said, "conversations", role=keys[0], content=keys[1])
    if texts(record, "system"):
        return [turn({"role": "system", "content": record["system"]}, "system"), *spoken]
    return spoken


def _preferred(record: dict[str, Any], name: str) -> ReasoningTrace:
    last = turn(record.get(name), name, role="from", content="value")
    return _trace(record, [*conversation(record), last], {"preference": name})


def _read(record: dict[str, Any]) -> ReasoningTrace:
    return _trace(record, conversation(record), {})


def _trace(record: dict[str, Any], spoken: list[Turn], meta: dict[str, Any]) -> ReasoningTrace:
    found = chat(spoken)
    words = next((said for said in found.last.said if said.kind == "text"), None)
    return finish(
        carried(record),
        found.prompt,
        found.pieces,
        found.answer,
        {**facts(record), **found.meta, **meta},
        text=words.text if words else "",
        field=words.field if words else "conversations",
    )


def _convert(trace: ReasoningTrace) -> dict[str, Any]:
    text = tagged(trace)
    said = [{"from": NAMES[m["role"]], "value": m["content"]} for m in messages_of(trace)]
    record = {"conversations": [*said, {"from": "gpt", "value": text.text}]}
    return carry(record, trace, text.spans, _read)
