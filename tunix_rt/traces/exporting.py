"""Traces out, in any format that can write, oldest first, streamed."""

from collections.abc import Callable, Iterator

from tunix_rt.kit.errors import BadInput
from tunix_rt.store import Store
from tunix_rt.traces import query
from tunix_rt.traces.importing import formats
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.traces.schema_record import Written

BATCH = 1_000


def export(
    store: Store,
    wanted: TraceFilter,
    *,
    format: str,
    on_batch: Callable[[int], None] = lambda done: None,
) -> Iterator[bytes]:
    """The matching traces as the bytes of a file; `on_batch` hears how many are written."""
    write = getattr(formats.load(format), "write", None)
    if write is None:
        able = [n for n in formats.names() if hasattr(formats.load(n), "write")]
        raise BadInput(
            f"The format {format!r} can be read, not written.",
            hint=f"These can be written: {', '.join(able)}.",
        )
    chunks: Iterator[bytes] = write(_traces(store, wanted, on_batch))
    return chunks


def _traces(
    store: Store, wanted: TraceFilter, on_batch: Callable[[int], None]
) -> Iterator[Written]:
    after: str | None = None
    done = 0
    while True:
        with store.read() as connection:
            rows = query.bodies(connection, wanted, after=after, limit=BATCH)
        for row in rows:
            yield Written(row.id, query.unpacked(row), row.format)
        done += len(rows)
        on_batch(done)
        if len(rows) < BATCH:
            return
        after = rows[-1].id
