"""Traces on their way in: prepared one by one, stored in batches, each one transaction.

What is known already is not stored again. Stopping between two batches loses nothing, and
sending the same once more adds only what was missing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tunix_rt.store import Store
from tunix_rt.traces import query_write
from tunix_rt.traces.schema import AnyTrace
from tunix_rt.traces.schema_record import ImportReport, Record, Rejected

BATCH = 2_000
BATCH_BYTES = 32 * 1024 * 1024
EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one trace: its record's place, its id, whether it was there before."""

    line: int
    id: str
    known: bool


class Intake:
    """Collects what is read into batches, and keeps the report."""

    def __init__(
        self,
        store: Store,
        source: str,
        format: str,
        *,
        on_stored: Callable[[list[Stored]], None] = lambda stored: None,
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
        self._began = time.monotonic()
        self._lines: list[int] = []
        self._ready: list[query_write.Prepared] = []
        self._bytes = 0

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
        return len(self._ready) >= BATCH or self._bytes >= BATCH_BYTES

    def flush(self) -> None:
        """Store what was taken, in one transaction."""
        ready, lines = self._ready, self._lines
        self._ready, self._lines, self._bytes = [], [], 0
        self.report.seconds = round(time.monotonic() - self._began, 3)
        if not ready:
            return
        with self._store.write() as connection:
            found = query_write.add_once(connection, ready)
            query_write.settle_tally(connection)
        seen: set[bytes] = set()
        stored = []
        for line, new in zip(lines, ready, strict=True):
            id_, is_new = found[new.digest]
            stored.append(Stored(line, id_, not is_new or new.digest in seen))
            seen.add(new.digest)
        added = sum(not one.known for one in stored)
        self.report.added += added
        self.report.known += len(ready) - added
        self.report.seconds = round(time.monotonic() - self._began, 3)
        self._on_stored(stored)
