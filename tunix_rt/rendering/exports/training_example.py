"""The contract's training examples: prompt and response, with an id that stays the same."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import msgspec

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.templates import gemma
from tunix_rt.rendering.writing.lining import lines, metadata

KIND, FILE = "lines", "{split}.jsonl"
TAUGHT = "whole"
READ_BY = "earlier clients of the contract"

EXAMPLES = UUID("6f1cf6e0-3c0e-5d5c-9d63-6f9c0f7a51c4")
"""Namespace of training example ids: the same trace has the same example id for ever."""

_started = hashlib.sha1(EXAMPLES.bytes, usedforsecurity=False)


class _Record(msgspec.Struct):
    id: str
    prompt: str
    response: str
    metadata: dict[str, Any]


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One record per trace."""
    return lines(map(_record, rows))


def _record(row: TraceRow) -> _Record:
    told = metadata(row)
    told["source_trace_id"] = row.id
    return _Record(
        _named(row.id),
        f"{row.prompt}\n\nPlease show your reasoning steps.",
        gemma.reasoning([step.content for step in row.steps], row.final_answer),
        told,
    )


def _named(id: str) -> str:
    """`str(uuid5(EXAMPLES, id))`, without making the UUID: it would take longer than the rest."""
    digest = _started.copy()
    digest.update(id.encode())
    name = bytearray(digest.digest()[:16])
    name[6] = name[6] & 0x0F | 0x50
    name[8] = name[8] & 0x3F | 0x80
    text = name.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
