"""Alpaca records (`instruction`, `input`, `output`), with thoughts in think tags.

The prompt is the instruction, and after a blank line the input. `chosen` and `rejected` in
place of `output` are two traces, `meta.preference` says which.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from tunix_rt.traces.reading.carrying import carry, from_response, tagged
from tunix_rt.traces.reading.facts import facts, text, texts
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Rejected, Written, each


def recognises(record: dict[str, object]) -> bool:
    """An instruction, and an output or a choice between two."""
    return "instruction" in record and (
        "output" in record or {"chosen", "rejected"} <= record.keys()
    )


def read(record: Record, source: str) -> Iterator[ReasoningTrace | Rejected]:
    """One trace per instruction, or two for a preference."""
    found = record.decode(dict[str, Any])
    if "output" in found or not {"chosen", "rejected"} & found.keys():
        yield _read(found)
        return
    both = ("chosen", "rejected")
    yield from each(
        record, ((name, partial(_trace, found, name, {"preference": name})) for name in both)
    )


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One instruction per line, the steps inside a think tag."""
    return lines(traces, "alpaca", _convert)


def _read(record: dict[str, Any]) -> ReasoningTrace:
    return _trace(record, "output", {})


def _trace(record: dict[str, Any], field: str, meta: dict[str, Any]) -> ReasoningTrace:
    prompt = text(record.get("instruction"), "instruction")
    if given := texts(record, "input"):
        prompt = f"{prompt}\n\n{given['input']}"
    known = {**facts(record), **texts(record, "system"), "history": _history(record), **meta}
    return from_response(record, prompt, text(record.get(field), field), field, known)


def _history(record: dict[str, Any]) -> list[dict[str, str]] | None:
    """Earlier pairs of question and answer as turns."""
    pairs = record.get("history")
    if pairs is None:
        return None
    if not isinstance(pairs, list):
        raise ValueError("history: is no list")
    said = []
    for index, pair in enumerate(pairs):
        match pair:
            case [str(asked), str(answered)]:
                said.append({"role": "user", "content": asked})
                said.append({"role": "assistant", "content": answered})
            case _:
                raise ValueError(f"history.{index}: is no pair of texts")
    return said or None


def _convert(trace: ReasoningTrace) -> dict[str, Any]:
    written = tagged(trace)
    record: dict[str, Any] = {"instruction": trace.prompt, "input": "", "output": written.text}
    meta = trace.meta or {}
    if isinstance(system := meta.get("system"), str):
        record["system"] = system
    return carry(record, trace, written.spans, _read)
