"""The contract's trace records: prompts, trace_steps, final_answer, metadata."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines, metadata

KIND, FILE = "lines", "{split}.jsonl"
READ_BY = "earlier clients of the contract"


class _Record(msgspec.Struct):
    id: str
    prompts: str
    trace_steps: list[str]
    final_answer: str
    metadata: dict[str, Any]


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One record per trace."""
    return lines(
        _Record(
            row.id,
            row.prompt,
            [step.content for step in row.steps],
            row.final_answer,
            metadata(row),
        )
        for row in rows
    )
