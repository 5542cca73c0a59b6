"""Traces on their way in: prepared one by one, stored in batches, each one transaction.

While one batch is stored the next one is read. What is known already is not stored again.
Stopping between two batches loses nothing, and sending the same once more adds only what was
missing.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from tunix_rt.store import Store
from tunix_rt.traces import query_write
from tunix_rt.traces.schema import AnyTrace
from tunix_rt.traces.schema_record import ImportReport, Record, Rejected

BATCH = 5_000
"""Traces of one transaction: each writes anew the index pages it touches, and few touch most."""

BATCH_BYTES = 32 * 1024 * 1024
PATIENCE = 1.0
"""Seconds after which fewer are a batch too: what comes slowly must not wait for thousands."""

EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one trace: its record's place, its id, whether it was there before."""

    line: int
    id: str
    known: bool


Found = dict[bytes, tuple[str, bool]]


class Intake:
    """Collects what is read into batches, and keeps the report; used as a context."""

    def __init__(
        self,
        store: Store,
        source: str,
        format: str,
        *,
        on_stored: Callable[[list[Stored]], None] | None = None,
        on_rejected: Callable[[Rejected], None] = lambda rejected: None,
    ) -> None:
        self.report = ImportReport(
            source=source[:200],
            format=format,
            records=0,
            added=0,
            known=0,
            rejected=0,
            examples=[],
            seconds=0.0,
        )
        self._store = store
        self._on_stored = on_stored
        self._on_rejected = on_rejected
        self._began = self._last = time.monotonic()
        self._lines: list[int] = []
        self._ready: list[query_write.Prepared] = []
        self._bytes = 0
        self._writer = ThreadPoolExecutor(1, "intake")
        self._stored: Future[Found] | None = None
        self._dictionary: int | None = None
        self._sent: tuple[list[int], list[query_write.Prepared]] = [], []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self, *, wait: bool = True) -> None:
        """Let the batch that is being stored come to its end, whatever happened to the reading."""
        self._writer.shutdown(wait)

    def take(self, record: Record, found: AnyTrace | Rejected) -> None:
        """Note a trace, or that a record is none."""
        report = self.report
        report.records += 1
        if isinstance(found, Rejected):
            report.rejected += 1
            if len(report.examples) < EXAMPLES:
                report.examples.append(found)
            self._on_rejected(found)
            return
        # prepared at once: thousands of living models make the collector slow
        new = query_write.prepare(
            found, report.source, original=record.raw.rstrip(b"\r\n"), format=report.format
        )
        self._lines.append(record.number)
        self._ready.append(new)
        self._bytes += len(new.frame)

    @property
    def is_full(self) -> bool:
        """Whether it is time to `flush`."""
        return (
            len(self._ready) >= BATCH
            or self._bytes >= BATCH_BYTES
            or time.monotonic() - self._last > PATIENCE
        )

    def send(self) -> None:
        """Begin to store what was taken, once the batch before it is stored."""
        ready, lines = self._ready, self._lines
        self._ready, self._lines, self._bytes = [], [], 0
        self._last = time.monotonic()
        if ready:
            self._pack(ready)
        self._settle()
        if ready:
            self._sent = lines, ready
            self._stored = self._writer.submit(self._store_all, ready)

    def flush(self) -> None:
        """Store what was taken; at the end of this it is on the disk."""
        self.send()
        self._settle()
        self.report.seconds = round(time.monotonic() - self._began, 3)

    def _pack(self, ready: list[query_write.Prepared]) -> None:
        """Compress while the batch before is written; the first one of a store teaches how to."""
        if self._dictionary is None:
            with self._store.read() as connection:
                self._dictionary = query_write.dictionary(connection)
        if self._dictionary is not None:
            query_write.pack(ready, self._dictionary)

    def _store_all(self, ready: list[query_write.Prepared]) -> Found:
        with self._store.write() as connection:
            found = query_write.add_once(connection, ready)
            query_write.settle_tally(connection)
        return found

    def _settle(self) -> None:
        """Wait for the batch that was sent, and say what became of it."""
        if self._stored is None:
            return
        (lines, ready), waited = self._sent, self._stored
        self._stored, self._sent = None, ([], [])
        found = waited.result()
        added = sum(is_new for _, is_new in found.values())
        self.report.added += added
        self.report.known += len(ready) - added
        self.report.seconds = round(time.monotonic() - self._began, 3)
        if self._on_stored is not None:
            self._on_stored(list(_each(lines, ready, found)))


def _each(lines: list[int], ready: list[query_write.Prepared], found: Found) -> Iterator[Stored]:
    """What became of each trace; of those that are the same, the first is the new one."""
    seen: set[bytes] = set()
    for line, new in zip(lines, ready, strict=True):
        id_, is_new = found[new.digest]
        yield Stored(line, id_, not is_new or new.digest in seen)
        seen.add(new.digest)
