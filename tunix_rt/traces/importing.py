"""Files in: read each record, keep what is well-formed, add it once, report the rest.

Memory stays flat whatever the file's size: lines are read one at a time, and a batch
of them is one transaction. Stopping between two batches loses nothing; importing the
same file again adds only what was missing.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput
from tunix_rt.store import Store
from tunix_rt.traces import query_write
from tunix_rt.traces.opening import Records, open_records
from tunix_rt.traces.schema import AnyTrace
from tunix_rt.traces.schema_record import ImportReport, Record, Rejected, explain

BATCH = 2_000
EXAMPLES = 20


class Format(Protocol):
    """What a module in `formats/` provides; `write(traces: Iterable[Written])` if it can."""

    def recognises(self, record: dict[str, object]) -> bool:
        """Whether a file whose first record is this one is of this format."""

    def read(self, record: Record, source: str) -> Iterator[AnyTrace | Rejected]:
        """Yield every trace of a record; raise ValueError with the reason if it is none."""


formats = Catalog[Format]("tunix_rt.traces.formats", kind="trace format")


def read_all(
    format: str, records: Iterable[Record], source: str
) -> Iterator[tuple[Record, AnyTrace | Rejected]]:
    """Every trace of every record, or the reason why a record is none."""
    read = formats.load(format).read
    for record in records:
        try:
            for found in read(record, source):
                yield record, found
        except ValidationError as error:
            yield record, explain(record.number, error)
        except RecursionError:
            yield record, Rejected(line=record.number, reason="nested too deeply")
        except ValueError as error:
            yield record, Rejected(line=record.number, reason=str(error))


def import_file(
    store: Store,
    path: Path,
    *,
    format: str = "auto",
    source: str | None = None,
    on_batch: Callable[[ImportReport, int], None] = lambda report, offset: None,
    on_rejected: Callable[[Rejected], None] = lambda rejected: None,
) -> ImportReport:
    """Import one file; `on_batch` gets the report so far and the bytes read."""
    with open_records(path) as records:
        chosen = detect(records) if format == "auto" else format
        formats.load(chosen)
        report = ImportReport(
            source=(source or path.name)[:200],
            format=chosen,
            records=0,
            added=0,
            known=0,
            rejected=0,
            examples=[],
            seconds=0.0,
        )
        began = time.monotonic()
        ready: list[query_write.Prepared] = []
        for record, found in read_all(chosen, records, path.name):
            report.records += 1
            if isinstance(found, Rejected):
                report.rejected += 1
                if len(report.examples) < EXAMPLES:
                    report.examples.append(found)
                on_rejected(found)
            else:  # prepared at once: thousands of living models make the collector slow
                ready.append(
                    query_write.prepare(
                        found, report.source, original=record.raw.rstrip(b"\r\n"), format=chosen
                    )
                )
            if report.records % BATCH == 0:
                _store(store, ready, report)
                ready = []
                report.seconds = round(time.monotonic() - began, 3)
                on_batch(report, records.offset)
        _store(store, ready, report)
        report.seconds = round(time.monotonic() - began, 3)
        on_batch(report, records.offset)
    return report


def detect(records: Records) -> str:
    """The name of the format whose records look like the first one of the file."""
    for record in records.peek():
        try:
            first = record.decode(object)
        except ValueError:
            continue
        if isinstance(first, dict):
            for name in formats.names():
                if formats.load(name).recognises(first):
                    return name
        break
    raise BadInput(
        f"No format recognises {records.name}.",
        hint=f"Name one with --format: {', '.join(formats.names())}.",
    )


def _store(store: Store, ready: list[query_write.Prepared], report: ImportReport) -> None:
    """One batch, one transaction."""
    if ready:
        with store.write() as connection:
            found = query_write.add_once(connection, ready)
            query_write.settle_tally(connection)
        added = sum(new for _, new in found.values())
        report.added += added
        report.known += len(ready) - added
