"""Walk through the traces of a selection, oldest first, a batch at a time in memory.

Each batch is read in a transaction of its own, so a walk may take as long as it likes.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tunix_rt.store import Row, Store
from tunix_rt.traces import indexing, query
from tunix_rt.traces.query_facets import count
from tunix_rt.traces.schema import TraceFilter


def length(store: Store, wanted: TraceFilter, most: int | None = None) -> int:
    """How many traces a walk meets; waits for the index if it looks for words."""
    indexing.ready(store, wanted)
    with store.read() as connection:
        matching = count(connection, wanted)
    return matching if most is None else min(matching, most)


def batches(
    store: Store, wanted: TraceFilter, *, size: int, after: str | None = None
) -> Iterator[Sequence[Row[Any]]]:
    """Rows with their bodies, `size` at a time, behind the trace `after`."""
    while True:
        with store.read() as connection:
            rows = query.batch(connection, wanted, after=after, limit=size)
        if not rows:
            return
        yield rows
        after = rows[-1].id
