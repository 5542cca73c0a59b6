"""Remove deleted traces for ever: rows, bodies, what was said of them, and their words."""

from collections import Counter
from collections.abc import Callable, Sequence

from tunix_rt.store import Store
from tunix_rt.store.reclaiming import reclaim
from tunix_rt.traces import indexing, query, query_marks, query_search
from tunix_rt.traces.schema_marks import Purged

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
        words = indexing.documents(rows)
        query_search.drop(store, words)
        with store.write() as connection:
            done += query_marks.purge(connection, ids)
            restored = query_search.await_again(connection, ids)
        # whoever was indexing them while they went has put the words back
        query_search.drop(store, [one for one in words if one[0] not in restored])
        on_batch(done)
    return Purged(purged=done, datasets=dict(held), freed_bytes=reclaim(store) if done else 0)
