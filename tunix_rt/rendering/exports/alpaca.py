"""Alpaca records: instruction, input, output, the steps inside a think tag."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.wording import KEY, Json, beside, text_of

KIND, FILE = "lines", "{split}.jsonl"
TAUGHT = "whole"
READ_BY = "LLaMA-Factory, Axolotl, torchtune, LitGPT"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One instruction per trace."""
    return lines(map(_record, rows))


def _record(row: TraceRow) -> Json:
    text = text_of(row)
    system = (row.meta or {}).get("system")
    return {
        "instruction": row.prompt,
        "input": "",
        "output": text.text,
        "system": system if isinstance(system, str) else "",
        KEY: beside(row, text.spans),
    }
