"""Inspect: the samples of an `.eval` archive or of a JSON log, one trace each.

Texts that the log keeps once, as attachments, are put back where they were said.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from tunix_rt.kit.lines import MAX_LINE, decode_line
from tunix_rt.traces.reading.assembling import assemble
from tunix_rt.traces.reading.chatting import chat, turns
from tunix_rt.traces.reading.facts import number, texts, whole
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Part, Record, Rejected, each

ATTACHED = "attachment://"
GRADES = {"C": True, "I": False}
STOPPED = ("max_tokens", "model_length")


def recognises(record: dict[str, object]) -> bool:
    """A sample with its epoch and target, or a log with its samples."""
    return {"epoch", "target", "messages"} <= record.keys() or (
        isinstance(record.get("eval"), dict) and isinstance(record.get("samples"), list)
    )


def read(record: Record, source: str) -> Iterator[Part | ReasoningTrace | Rejected]:
    """One trace per sample; of a log its sample is kept, as an archive has it."""
    found = record.decode(dict[str, msgspec.Raw])
    if "samples" not in found:
        yield _sample(record.decode(dict[str, Any]), None)
        return
    log = decode_line(found["eval"], Any) if "eval" in found else None
    model = texts(log if isinstance(log, dict) else {}, "model").get("model")
    samples = decode_line(found["samples"], list[msgspec.Raw])
    if not samples:
        raise ValueError("samples: the log has none")
    yield from each(
        record,
        ((f"samples.{i}", partial(_part_of, sample, model)) for i, sample in enumerate(samples)),
    )


def _part_of(sample: msgspec.Raw, model: str | None) -> Part:
    return Part(bytes(sample), _sample(decode_line(sample, dict[str, Any]), model))


def _sample(sample: dict[str, Any], model: str | None) -> ReasoningTrace:
    said = sample.get("messages")
    attached = sample.get("attachments")
    moved: list[str] = []
    if isinstance(attached, dict):
        said = _attached(said, attached, moved)
        if sum(map(len, moved)) > MAX_LINE:
            raise ValueError(f"attachments: more than {MAX_LINE:,} characters with each in place")
    opened, hidden = _opened(said)
    found = chat(turns(opened, "messages"))
    pieces = found.pieces
    if moved or hidden:  # the record does not hold these texts where they were said
        pieces = [piece._replace(field=None) for piece in pieces]
    output = sample.get("output")
    return assemble(
        found.prompt,
        pieces,
        found.answer,
        {**_meta(sample, output if isinstance(output, dict) else {}, model), **found.meta},
    )


def _attached(value: Any, attachments: dict[str, Any], moved: list[str]) -> Any:
    """A value with its attachments in place, and each of those in `moved`."""
    if isinstance(value, str) and value.startswith(ATTACHED):
        kept = attachments.get(value.removeprefix(ATTACHED))
        if isinstance(kept, str):
            moved.append(kept)
            return kept
    if isinstance(value, list):
        return [_attached(one, attachments, moved) for one in value]
    if isinstance(value, dict):
        return {name: _attached(one, attachments, moved) for name, one in value.items()}
    return value


def _opened(messages: Any) -> tuple[Any, bool]:
    """Messages in which encrypted reasoning is its summary, and whether there was any."""
    hidden = False
    opened = []
    for message in messages if isinstance(messages, list) else []:
        content = message.get("content") if isinstance(message, dict) else None
        if isinstance(content, list):
            parts = [_part(part) for part in content]
            hidden = hidden or parts != content
            message = {**message, "content": parts}
        opened.append(message)
    return (opened, hidden) if isinstance(messages, list) else (messages, False)


def _part(part: Any) -> Any:
    if isinstance(part, dict) and part.get("redacted") is True:
        return {"type": "reasoning", "reasoning": part.get("summary")}
    return part


def _meta(sample: dict[str, Any], output: dict[str, Any], model: str | None) -> dict[str, Any]:
    choices = output.get("choices")
    last = choices[0] if isinstance(choices, list) and choices else None
    stopped = texts(last, "stop_reason").get("stop_reason") if isinstance(last, dict) else None
    target = sample.get("target")
    named = sample.get("id")
    return {
        "model": texts(output, "model").get("model") or model,
        "expected_answer": target if isinstance(target, str) and target else None,
        "finish_reason": stopped,
        "truncated": True if stopped in STOPPED or sample.get("limit") else None,
        "sample": named if isinstance(named, int | str) and len(str(named)) < 500 else None,
        "epoch": whole(sample.get("epoch")),
        **_score(sample.get("scores")),
    }


def _score(scores: Any) -> dict[str, Any]:
    """What the first scorer said: a grade, or a number."""
    first = next(iter(scores.values()), None) if isinstance(scores, dict) else None
    value = first.get("value") if isinstance(first, dict) else None
    if isinstance(value, str):
        return {"label": GRADES.get(value)}
    if isinstance(value, bool):
        return {"label": value}
    given = number(value)
    return {"score": given, "label": bool(given) if given in (0, 1) else None}
