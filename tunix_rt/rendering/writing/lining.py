"""Records as lines of JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tunix_rt.rendering.schema import TraceRow


def lines(records: Iterable[Any]) -> Iterator[bytes]:
    """One encoded line per record."""
    encode = msgspec.json.Encoder().encode
    for record in records:
        yield encode(record) + b"\n"


def metadata(trace: TraceRow) -> dict[str, Any]:
    """What the contract's records say beside a trace."""
    found = dict(trace.meta) if trace.meta else {}
    found["created_at"] = trace.created_at
    found["trace_version"] = trace.trace_version
    return found
