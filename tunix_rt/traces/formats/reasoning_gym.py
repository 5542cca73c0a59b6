"""reasoning-gym entries: a question, its answer, and what scoring an answer needs.

`meta.metadata` is the entry's own, with the `source_dataset` that scores it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from tunix_rt.traces.reading.assembling import cut, reply
from tunix_rt.traces.reading.carrying import answer_of, carried, carry, finish, joined
from tunix_rt.traces.reading.facts import facts, text
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Written


def recognises(record: dict[str, object]) -> bool:
    """A question, an answer, and metadata that names a source dataset."""
    metadata = record.get("metadata")
    return (
        {"question", "answer"} <= record.keys()
        and isinstance(metadata, dict)
        and "source_dataset" in metadata
    )


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per entry; its answer is the only step, unless it comes with a `reasoning`."""
    yield _read(record.decode(dict[str, Any]))


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One entry per line, the steps in a field `reasoning` beside it."""
    return lines(traces, "reasoning-gym", _convert)


def _read(record: dict[str, Any]) -> ReasoningTrace:
    metadata = record.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name, index = metadata.get("source_dataset"), metadata.get("source_index")
    if not isinstance(name, str):
        raise ValueError("metadata.source_dataset: is no text")
    question, answer = (
        text(record.get("question"), "question"),
        text(record.get("answer"), "answer"),
    )
    reasoning = record.get("reasoning")
    thoughts = reasoning if isinstance(reasoning, str) else ""
    found = reply(answer, "answer", reasoned=bool(thoughts.strip()))
    pieces = [*cut(thoughts, "reasoning", "thought"), *found.pieces]
    meta = {
        "expected_answer": facts({"answer": answer})["expected_answer"],
        "task": f"reasoning-gym/{name}/{index}" if type(index) is int else None,
        "metadata": metadata,
    }
    beside = carried(record)
    return finish(beside, question, pieces, found.answer, meta, text=thoughts, field="reasoning")


def _convert(trace: ReasoningTrace) -> dict[str, Any]:
    meta, thought = trace.meta or {}, joined(trace)
    metadata, expected = meta.get("metadata"), meta.get("expected_answer")
    known = metadata if isinstance(metadata, dict) else {}
    record: dict[str, Any] = {
        "question": trace.prompt,
        "answer": expected if isinstance(expected, str) else answer_of(trace),
        "metadata": {"source_dataset": "tunix-rt", **known},
        "reasoning": thought.text,
    }
    return carry(record, trace, thought.spans, _read)
