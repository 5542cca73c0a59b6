"""Traces as lines of JSON: the original record where there is one, a converted one elsewhere."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Written

_encode = msgspec.json.Encoder().encode


def lines(
    traces: Iterable[Written], format: str, convert: Callable[[ReasoningTrace], dict[str, Any]]
) -> Iterator[bytes]:
    """One record per trace; traces that came out of one record are that record once."""
    before, on_one_line = None, False
    for one in traces:
        if one.format != format or one.original is None:
            on_one_line = True
            yield _encode(convert(one.trace)) + b"\n"
        elif one.original != before:
            before = one.original
            record = before if before.endswith(b"\n") else before + b"\n"
            if b"\n" not in record[:-1]:
                on_one_line = True
            elif on_one_line:  # a file of lines stays one
                record = msgspec.json.format(record, indent=-1) + b"\n"
            yield record
