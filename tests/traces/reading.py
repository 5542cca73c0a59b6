"""Read records with a format the way an import does."""

import json
from collections.abc import Iterable
from typing import Any

from tunix_rt.traces.importing import formats, read_all
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Rejected, Written
from tunix_rt.traces.table_body import Unpacked


def records(lines: Iterable[Any], first: int = 1) -> list[Record]:
    """Each line as a record; what is not bytes already is written as JSON."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return [Record(number, line) for number, line in enumerate(raw, first)]


def read(format: str, *lines: Any, first: int = 1, source: str = "x") -> list[Any]:
    """Every trace or `Rejected` that an import of these records meets."""
    return [found for _, found in read_all(format, records(lines, first), source)]


def rejected(found: Iterable[ReasoningTrace | Rejected]) -> list[bool]:
    """Which of them are no traces."""
    return [isinstance(one, Rejected) for one in found]


def written(format: str, traces: Iterable[ReasoningTrace]) -> bytes:
    """Traces as a file of a format, without the records they were read from."""
    plugin: Any = formats.load(format)
    return b"".join(
        plugin.write(Written("0" * 32, Unpacked(one.body(), None), None) for one in traces)
    )
