"""The contract's tunix_sft records: one text in Gemma's turns, reasoning and answer in it."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.templates import gemma
from tunix_rt.rendering.writing.lining import lines, metadata

KIND, FILE = "lines", "{split}.jsonl"
TAUGHT = "whole"
READ_BY = "earlier clients of the contract; Tunix's SFT on `prompts`"


class _Record(msgspec.Struct):
    id: str
    prompts: str
    final_answer: str
    metadata: dict[str, Any]


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One record per trace."""
    return lines(map(_record, rows))


def _record(row: TraceRow) -> _Record:
    text = gemma.render(row.prompt, [step.content for step in row.steps], row.final_answer)
    told = metadata(row)
    told["format"] = "tunix_sft"
    return _Record(row.id, text.prompt + text.response, row.final_answer, told)
