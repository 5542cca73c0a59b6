"""Write a trace in another format's words so that reading it gives the same trace again.

Other formats have no place for typed steps or for our `meta`. What they cannot say travels
beside the text, in the record's `tunix_rt`: the meta, and where rules would cut the text
into other steps, the spans of the steps in it. It is a text that holds JSON, because tables
want one type in a column.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from tunix_rt.kit.lines import decode_line
from tunix_rt.traces.reading.assembling import NO_ANSWER, NO_PROMPT, Piece, assemble, reply
from tunix_rt.traces.reading.splitting import Span
from tunix_rt.traces.schema import ReasoningTrace

KEY = "tunix_rt"
Json = dict[str, Any]


class Step(Protocol):
    """What is written of a step."""

    @property
    def content(self) -> str:
        """What it says."""


class Traced(Protocol):
    """What is written of a trace, wherever it was kept."""

    @property
    def prompt(self) -> str:
        """What was asked."""

    @property
    def final_answer(self) -> str:
        """What was answered."""

    @property
    def steps(self) -> Sequence[Step]:
        """The reasoning, in order."""

    @property
    def meta(self) -> Mapping[str, Any] | None:
        """What its source says of it."""


class Carried(msgspec.Struct, omit_defaults=True):
    """What travels beside a text."""

    trace_version: str = "1.0"
    prompt: str | None = None
    final_answer: str | None = None
    steps: list[tuple[int, str, int, int]] | None = None
    """Each step's i, type, and where it begins and ends in the text."""

    meta: dict[str, Any] | None = None


class Composed(NamedTuple):
    """Steps joined to one text, and where each stands in it."""

    text: str
    spans: list[Span]


def carried(record: Mapping[str, Any]) -> Carried | None:
    """What travels with a record, if it was written here."""
    raw = record.get(KEY)
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise ValueError(f"{KEY}: is no text")
    try:
        return decode_line(raw.encode(), Carried)
    except ValueError as error:
        raise ValueError(f"{KEY}: {error}") from None


def finish(
    beside: Carried | None,
    prompt: str,
    pieces: Sequence[Piece],
    answer: str | None,
    meta: Mapping[str, Any],
    *,
    text: str,
    field: str,
) -> ReasoningTrace:
    """The trace that was read, or the one that what travels beside `text` says it was."""
    if beside is None:
        return assemble(prompt, pieces, answer, meta)
    exact = beside.meta is not None
    whole = meta if beside.meta is None else beside.meta
    if beside.steps is None:
        return assemble(prompt, pieces, answer, whole, version=beside.trace_version, exact=exact)
    if any(not 0 <= start < end <= len(text) for _, _, start, end in beside.steps):
        raise ValueError(f"{KEY}.steps: a step lies outside of {field}")
    return assemble(
        beside.prompt or prompt,
        [Piece(type, text[a:b], field, a, b) for _, type, a, b in beside.steps],
        beside.final_answer or answer,
        whole,
        version=beside.trace_version,
        numbers=[step[0] for step in beside.steps],
        exact=exact,
    )


def from_response(
    record: Mapping[str, Any], prompt: str, text: str, field: str, meta: Mapping[str, Any]
) -> ReasoningTrace:
    """The trace in one text that a model wrote."""
    found = reply(text, field)
    meta = {**meta, "truncated": True} if found.truncated else meta
    return finish(carried(record), prompt, found.pieces, found.answer, meta, text=text, field=field)


def joined(trace: Traced, before: str = "") -> Composed:
    """The steps as one text, a blank line between them."""
    parts, spans, at = [], [], len(before)
    for step in trace.steps:
        spans.append((at, at + len(step.content)))
        parts.append(step.content)
        at += len(step.content) + 2
    return Composed(before + "\n\n".join(parts), spans)


def tagged(trace: Traced) -> Composed:
    """Steps inside a think tag, the answer behind it."""
    thought = joined(trace, "<think>\n")
    return Composed(f"{thought.text}\n</think>\n\n{answer_of(trace)}", thought.spans)


def answer_of(trace: Traced) -> str:
    """The answer as others write it: nothing if there is none."""
    return "" if trace.final_answer == NO_ANSWER else trace.final_answer


def messages_of(trace: Traced) -> list[Json]:
    """System turn, earlier turns and the prompt as messages."""
    meta = trace.meta or {}
    said: list[Json] = []
    if isinstance(system := meta.get("system"), str) and system:
        said.append({"role": "system", "content": system})
    history = meta.get("history")
    for turn in history if isinstance(history, list) else []:
        if isinstance(turn, dict) and turn.get("role") in ("user", "assistant", "tool"):
            said.append({"role": turn["role"], "content": str(turn.get("content", ""))})
    if trace.prompt != NO_PROMPT:
        said.append({"role": "user", "content": trace.prompt})
    return said


def carry(
    record: Json,
    trace: ReasoningTrace,
    spans: Sequence[Span],
    read: Callable[[Json], ReasoningTrace],
    *,
    at: tuple[str, ...] = (),
) -> Json:
    """The record with what has to travel beside it; `at` is the object that may hold it."""
    holder = record
    for name in at:
        holder = holder.setdefault(name, {})
    meta = _told(trace)["meta"]
    beside = Carried(trace_version=trace.trace_version, meta=meta or None)
    if beside != Carried():
        holder[KEY] = msgspec.json.encode(beside).decode()
    if not _same(record, trace, read):
        steps = [(step.i, step.type, *span) for step, span in zip(trace.steps, spans, strict=True)]
        beside.meta = meta
        beside.steps, beside.prompt, beside.final_answer = steps, trace.prompt, trace.final_answer
        holder[KEY] = msgspec.json.encode(beside).decode()
    return record


def _same(record: Json, trace: ReasoningTrace, read: Callable[[Json], ReasoningTrace]) -> bool:
    try:
        back = read(record)
    except ValueError:
        return False
    return _told(back) == _told(trace)


def _told(trace: ReasoningTrace) -> Json:
    """A trace without where its steps stood."""
    meta = {key: value for key, value in (trace.meta or {}).items() if key != "text"}
    return {**trace.__dict__, "meta": meta}
