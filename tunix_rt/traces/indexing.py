"""Fill the full-text index with what was written since; any number of times, from any process."""

import logging
from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import Any

from tunix_rt.kit.errors import Broken, TunixError
from tunix_rt.store import Connection, Row, Store
from tunix_rt.traces import query, query_facets, query_search, query_write
from tunix_rt.traces.schema import TraceFilter, parse_stored
from tunix_rt.traces.schema_search import document
from tunix_rt.traces.table_body import SAMPLES, frame

log = logging.getLogger(__name__)

INTERVAL = 1.0
"""Seconds between two looks at what was written."""

PATIENCE = 30
RETRY = 15.0
BATCH = 1_000
MOST_RANGES = 5_000

SAMPLES_AT_ONCE = 50
SAMPLE_BYTES = 16 * 1024
"""Bytes of a frame that a dictionary is learnt from, so that a thousand long ones fit."""


def catch_up(
    store: Store,
    *,
    on_batch: Callable[[int, int], None] = lambda done, waiting: None,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Index every trace that waits, oldest first; how many there were."""
    query_search.await_all(store)
    done = 0
    while not stopped():
        with store.read() as connection:
            ranges, spans = query_search.take(connection, MOST_RANGES)
            waiting = query_search.waiting(connection)
        if not ranges:
            break
        before = done
        for documents in _documents(store, spans):
            query_search.put(store, documents)
            done += len(documents)
            on_batch(done, max(0, waiting - (done - before)))
            if stopped():
                return done
        with store.write() as connection:
            query_search.forget_waiting(connection, ranges)
    return done


def keep_up(store: Store, stopped: Event) -> None:
    """Index what is written and settle the tally, until told to stop; a failure is tried again.

    While more and more arrives the index waits, so that it does not slow down who writes; not
    for longer than `PATIENCE` looks.
    """
    before = looks = untidy = 0
    while not stopped.wait(INTERVAL):
        try:
            with store.read() as connection:
                waiting = query_search.waiting(connection)
            looks += 1
            if waiting > before and looks < PATIENCE:
                before = waiting
                continue
            untidy += 1
            if catch_up(store, stopped=stopped.is_set) or untidy >= PATIENCE:
                tidy(store)
                untidy = 0
            before = looks = 0
        except TunixError as error:  # the database is away or busy: what waits goes on waiting
            log.warning("the search index waits: %s", error.message)
            stopped.wait(RETRY)
        except Exception:  # nobody would start this thread again
            log.exception("the search index met an error it did not expect")
            stopped.wait(RETRY)


def tidy(store: Store) -> None:
    """Settle the tally; learn the dictionary, once there are enough traces to learn from."""
    with store.read() as connection:
        frames = _samples(connection)
    with store.write() as connection:
        query_write.settle_tally(connection)
        if frames and query_write.dictionary(connection) is None:
            query_write.learn_dictionary(connection, frames)


def documents(rows: Sequence[Row[Any]]) -> list[query_search.Document]:
    """What each trace can be found by; one whose body is damaged is found by nothing."""
    found = []
    for row in rows:
        try:
            found.append((row.id, document(parse_stored(query.raw(row)))))
        except (Broken, ValueError) as error:
            log.warning("trace %s is left out of the search index: %s", row.id, error)
    return found


def _samples(connection: Connection) -> list[bytes]:
    """The beginnings of the first frames, if a dictionary is to be learnt from them."""
    frames: list[bytes] = []
    if query_write.dictionary(connection) is not None:
        return frames
    if query_facets.count(connection, TraceFilter()) < SAMPLES:
        return frames
    after: str | None = None
    while len(frames) < SAMPLES:
        rows = query.bodies(connection, TraceFilter(), after=after, limit=SAMPLES_AT_ONCE)
        for row in rows:
            try:
                kept = query.unpacked(row)
                _, whole = frame(kept.body, kept.record(row.format), row.format)
            except (Broken, ValueError):  # it teaches nothing
                continue
            frames.append(whole[:SAMPLE_BYTES])
        if len(rows) < SAMPLES_AT_ONCE:
            break
        after = rows[-1].id
    return frames


def ready(store: Store, wanted: TraceFilter) -> None:
    """Before work that must miss nothing: bring the index up to date, if the filter needs it."""
    if wanted.searches:
        catch_up(store)


def rebuild(store: Store, on_batch: Callable[[int, int], None]) -> int:
    """Make the index anew from the traces."""
    query_search.await_all(store, anew=True)
    return catch_up(store, on_batch=on_batch)


def _documents(store: Store, spans: list[tuple[str, str]]) -> Iterator[list[query_search.Document]]:
    """The documents of ranges of ids, in batches; ranges that follow each other are read as one."""
    found: list[query_search.Document] = []
    for first, last in spans:
        after: str | None = None
        while True:
            with store.read() as connection:
                rows = query.span(connection, first, last, after=after, limit=BATCH)
                found += documents(rows)
            if len(found) >= BATCH:
                yield found
                found = []
            if len(rows) < BATCH:
                break
            after = rows[-1].id
    if found:
        yield found
