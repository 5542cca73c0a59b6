"""A frozen trace as the contract's export records, one JSON line each."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering import exporting
from tunix_rt.rendering.schema import ExportFormat, TraceRow

BLOCK = 65_536
"""Bytes that are sent at once."""


def lines(traces: Iterable[TraceRow], format: ExportFormat) -> Iterator[bytes]:
    """One encoded line per trace."""
    return exporting.load(format).export(traces)


def blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces: each piece of an answer costs a change of threads."""
    ready: list[bytes] = []
    size = 0
    for line in lines:
        ready.append(line)
        size += len(line)
        if size >= BLOCK:
            yield b"".join(ready)
            ready, size = [], 0
    if ready:
        yield b"".join(ready)
