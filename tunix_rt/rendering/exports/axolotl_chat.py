"""Axolotl chat_template messages, the response in parts that say whether they are trained."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.parting import Part, parts
from tunix_rt.rendering.writing.wording import Json, asked

KIND, FILE = "lines", "{split}.jsonl"
READ_BY = "Axolotl's `type: chat_template`"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One conversation per trace; a trace of which nothing may be taught is left out."""
    return lines(_records(rows))


def _records(rows: Iterable[TraceRow]) -> Iterator[Json]:
    for row in rows:
        found = parts(row)
        if any(part.train for part in found):
            yield _record(row, found)


def _record(row: TraceRow, found: list[Part]) -> Json:
    said = [{"type": "text", "text": part.text, "train": part.train} for part in found]
    before = [
        {
            "role": turn["role"],
            "content": [{"type": "text", "text": turn["content"], "train": False}],
        }
        for turn in asked(row)
    ]
    return {"messages": [*before, {"role": "assistant", "content": said}], "id": row.id}
