"""OpenAI chat messages, with reasoning in every place where it is known to stand.

`reasoning_content`, `reasoning`, `thinking`, content parts of type `reasoning` or `thinking`,
and think tags or channels in the content. `traces/reading/chatting.py` has the rules.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from tunix_rt.traces.reading.carrying import answer_of, carried, carry, finish, joined, messages_of
from tunix_rt.traces.reading.chatting import chat, turns
from tunix_rt.traces.reading.facts import facts
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Written

ELSEWHERE = {"generations", "nodes", "schema_version", "conversations", "steps"}


def recognises(record: dict[str, object]) -> bool:
    """A list of messages with roles, and no other format's fields."""
    messages = record.get("messages")
    return (
        isinstance(messages, list)
        and bool(messages)
        and isinstance(messages[0], dict)
        and "role" in messages[0]
        and not ELSEWHERE & record.keys()
        and not {"epoch", "target"} <= record.keys()
    )


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per conversation."""
    yield _read(record.decode(dict[str, Any]))


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One conversation per line, the steps as `reasoning_content`."""
    return lines(traces, "openai-chat", _convert)


def _read(record: dict[str, Any]) -> ReasoningTrace:
    found = chat(turns(record.get("messages"), "messages"))
    thought = found.last.thought
    return finish(
        carried(record),
        found.prompt,
        found.pieces,
        found.answer,
        {**facts(record), **found.meta},
        text=thought.text if thought else "",
        field=thought.field if thought else "messages",
    )


def _convert(trace: ReasoningTrace) -> dict[str, Any]:
    thought = joined(trace)
    last = {
        "role": "assistant",
        "reasoning_content": thought.text,
        "content": answer_of(trace),
    }
    return carry({"messages": [*messages_of(trace), last]}, trace, thought.spans, _read)
