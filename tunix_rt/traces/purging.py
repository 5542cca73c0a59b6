"""Remove deleted traces for ever: rows, bodies, what was said of them, and their words."""

from collections import Counter
from collections.abc import Callable, Sequence

from tunix_rt.store import Store
from tunix_rt.store.reclaiming import reclaim
from tunix_rt.traces import query, query_marks, query_search
from tunix_rt.traces.schema import parse
from tunix_rt.traces.schema_marks import Purged
from tunix_rt.traces.schema_search import document

BATCH = 500


def purge(
    store: Store,
    trace_ids: Sequence[str] | None = None,
    *,
    on_batch: Callable[[int], None] = lambda done: None,
) -> Purged:
    """Purge some deleted traces, or all of them, and give their room back to the disk.

    A frozen dataset that holds one keeps its copy: versions never change. They are named.
    """
    done, held = 0, Counter[str]()
    while True:
        with store.read() as connection:
            ids = query_marks.deleted(connection, trace_ids, BATCH)
            rows = query.deleted_bodies(connection, ids)
            held.update(query_marks.holders(connection, ids))
        if not ids:
            break
        query_search.drop(store, [(row.id, document(parse(query.raw(row)))) for row in rows])
        with store.write() as connection:
            done += query_marks.purge(connection, ids)
        on_batch(done)
    return Purged(purged=done, datasets=dict(held), freed_bytes=reclaim(store) if done else 0)
