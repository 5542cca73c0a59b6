"""Axolotl chat_template messages, the response in parts that say whether they are trained."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import MaskPolicy
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.parting import UNTOLD, Parted, parted
from tunix_rt.rendering.writing.wording import Json, asked

KIND, FILE = "lines", "{split}.jsonl"
TAUGHT, MASKS = "parts", UNTOLD
READ_BY = "Axolotl's `type: chat_template`"


def export(rows: Iterable[TraceRow], masks: MaskPolicy = MASKS) -> Iterator[bytes]:
    """One conversation per trace; a trace of which nothing is taught is left out."""
    return lines(_record(row, found) for row in rows if (found := parted(row, masks)) is not None)


def _record(row: TraceRow, found: Parted) -> Json:
    said = [{"type": "text", "text": part.text, "train": part.train} for part in found.response]
    before = [
        {
            "role": turn["role"],
            "content": [{"type": "text", "text": turn["content"], "train": False}],
        }
        for turn in asked(row)
    ]
    return {"messages": [*before, {"role": "assistant", "content": said}], "id": row.id}
