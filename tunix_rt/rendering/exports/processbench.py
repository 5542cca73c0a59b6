"""ProcessBench: solutions in steps, and which of them is the first wrong one."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.trusting import first_wrong, labels
from tunix_rt.rendering.writing.wording import KEY, Json, beside
from tunix_rt.traces.reading.carrying import joined

KIND, FILE = "lines", "{split}.jsonl"
READ_BY = "ProcessBench's evaluation of critics and process reward models"

JUDGED = {"right": True, "wrong": False}


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One record per trace whose first wrong step is known, or whose every step holds.

    A wrong answer of steps that all hold contradicts itself, and is left out.
    """
    return lines(_record(row, place) for row in rows if (place := _label(row)) is not None)


def _label(row: TraceRow) -> int | None:
    first = first_wrong(row)
    if first is not None:
        return first
    return -1 if row.verdict != "wrong" and all(labels(row)) else None


def _record(row: TraceRow, place: int) -> Json:
    return {
        "id": row.id,
        "generator": row.model or "",
        "problem": row.prompt,
        "steps": [step.content for step in row.steps],
        "final_answer_correct": JUDGED.get(row.verdict or ""),
        "label": place,
        KEY: beside(row, joined(row).spans),
    }
