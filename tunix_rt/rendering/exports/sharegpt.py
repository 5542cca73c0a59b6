"""ShareGPT conversations: from and value, the steps inside a think tag."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.wording import KEY, Json, asked, beside, text_of

KIND, FILE = "lines", "{split}.jsonl"
TAUGHT = "whole"
READ_BY = "LLaMA-Factory, Axolotl, Unsloth, FastChat"

NAMES = {"user": "human", "assistant": "gpt", "system": "system", "tool": "observation"}


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One conversation per trace."""
    return lines(map(_record, rows))


def _record(row: TraceRow) -> Json:
    text = text_of(row)
    said = [{"from": NAMES[turn["role"]], "value": turn["content"]} for turn in asked(row)]
    said.append({"from": "gpt", "value": text.text})
    return {"conversations": said, KEY: beside(row, text.spans)}
