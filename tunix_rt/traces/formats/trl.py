"""TRL datasets: prompt and completion, preferences, stepwise labels; texts or messages.

`chosen` and `rejected` are two traces, `meta.preference` says which. Stepwise `completions` are
the steps as they are, `meta.step_labels` their labels, and the trace's label says whether all hold.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from tunix_rt.traces.reading.assembling import NO_PROMPT, Piece, assemble
from tunix_rt.traces.reading.carrying import carried, carry, finish, from_response, tagged
from tunix_rt.traces.reading.chatting import chat, turns
from tunix_rt.traces.reading.facts import facts, text
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.reading.splitting import trimmed
from tunix_rt.traces.reading.thinking import marked_answer
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Rejected, Written, each

ELSEWHERE = {"instruction", "conversations", "generations", "steps", "advantage", "messages"}


def recognises(record: dict[str, object]) -> bool:
    """A prompt with its completion, a choice between two, or completions with labels."""
    keys = record.keys()
    return not ELSEWHERE & keys and (
        {"prompt", "completion"} <= keys
        or {"chosen", "rejected"} <= keys
        or {"prompt", "completions", "labels"} <= keys
    )


def read(record: Record, source: str) -> Iterator[ReasoningTrace | Rejected]:
    """One trace per completion; two for a preference."""
    found = record.decode(dict[str, Any])
    if "completions" in found:
        yield _stepwise(found)
    elif "completion" in found or not {"chosen", "rejected"} & found.keys():
        yield completed(found, "completion", {})
    else:
        both = ("chosen", "rejected")
        yield from each(
            record, ((name, partial(completed, found, name, {"preference": name})) for name in both)
        )


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One prompt and completion per line, the steps inside a think tag."""
    return lines(traces, "trl", _convert)


def completed(record: dict[str, Any], field: str, meta: dict[str, Any]) -> ReasoningTrace:
    """The trace of a prompt and one completion, both texts or both messages."""
    prompt, completion = record.get("prompt"), record.get(field)
    known = {**facts(record), **meta}
    if isinstance(completion, str) and (prompt is None or isinstance(prompt, str)):
        return from_response(record, prompt or NO_PROMPT, text(completion, field), field, known)
    asked = turns(prompt, "prompt") if isinstance(prompt, list) else []
    said = chat([*asked, *turns(completion, field)])
    asked_for = prompt if isinstance(prompt, str) else said.prompt
    words = said.last.thought or next((one for one in said.last.said if one.kind == "text"), None)
    return finish(
        carried(record),
        asked_for,
        said.pieces,
        said.answer,
        {**known, **said.meta},
        text=words.text if words else "",
        field=words.field if words else field,
    )


def _stepwise(record: dict[str, Any]) -> ReasoningTrace:
    """The completions are the steps."""
    said, labels = record.get("completions"), record.get("labels")
    if not isinstance(said, list) or not isinstance(labels, list) or len(said) != len(labels):
        raise ValueError("labels: not one for each of the completions")
    if not all(isinstance(label, bool) for label in labels):
        raise ValueError("labels: not all are true or false")
    pieces = []
    for index, one in enumerate(said):
        field = f"completions.{index}"
        start, end = trimmed(text(one, field), 0, len(one))
        pieces.append(Piece("thought", one[start:end], field, start, end))
    marked = marked_answer(said[-1], 0, len(said[-1])) if said else None
    answer = said[-1][slice(*marked)] if marked else pieces[-1].content if pieces else None
    meta = {**facts(record), "step_labels": labels, "label": all(labels)}
    return assemble(text(record.get("prompt"), "prompt"), pieces, answer, meta)


def _read(record: dict[str, Any]) -> ReasoningTrace:
    return completed(record, "completion", {})


def _convert(trace: ReasoningTrace) -> dict[str, Any]:
    written = tagged(trace)
    record: dict[str, Any] = {"prompt": trace.prompt, "completion": written.text}
    return carry(record, trace, written.spans, _read)
