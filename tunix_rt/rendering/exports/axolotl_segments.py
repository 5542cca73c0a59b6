"""Axolotl input_output segments: texts without a template, and which of them are trained."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import MaskPolicy
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.parting import UNTOLD, Parted, parted
from tunix_rt.rendering.writing.wording import Json

KIND, FILE = "lines", "{split}.jsonl"
TAUGHT, MASKS = "parts", UNTOLD
READ_BY = "Axolotl's `type: input_output`"


def export(rows: Iterable[TraceRow], masks: MaskPolicy = MASKS) -> Iterator[bytes]:
    """One list of segments per trace; a trace of which nothing is taught is left out."""
    return lines(_record(row, found) for row in rows if (found := parted(row, masks)) is not None)


def _record(row: TraceRow, found: Parted) -> Json:
    said = [{"label": part.train, "text": part.text} for part in found.response]
    return {"segments": [{"label": False, "text": found.given}, *said], "id": row.id}
