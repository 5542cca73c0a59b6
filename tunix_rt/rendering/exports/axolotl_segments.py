"""Axolotl input_output segments: texts without a template, and which of them are trained."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.parting import Part, parts
from tunix_rt.rendering.writing.wording import Json

KIND, FILE = "lines", "{split}.jsonl"
READ_BY = "Axolotl's `type: input_output`"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One list of segments per trace; a trace of which nothing may be taught is left out."""
    return lines(_records(rows))


def _records(rows: Iterable[TraceRow]) -> Iterator[Json]:
    for row in rows:
        found = parts(row)
        if any(part.train for part in found):
            yield _record(row, found)


def _record(row: TraceRow, found: list[Part]) -> Json:
    said = [{"label": part.train, "text": part.text} for part in found]
    return {"segments": [{"label": False, "text": f"{row.prompt}\n"}, *said], "id": row.id}
