"""Files in: read each record, keep what is well-formed, add it once, report the rest.

Memory stays flat whatever the file's size: lines are read one at a time, and a batch
of them is one transaction. Stopping between two batches loses nothing; importing the
same file again adds only what was missing.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import Record, decode_line, numbered
from tunix_rt.store import Store
from tunix_rt.traces import query
from tunix_rt.traces.schema import ImportReport, ReasoningTrace, Rejected

BATCH = 2_000
EXAMPLES = 20

Found = tuple[int, ReasoningTrace] | Rejected
"""A trace and the line it stood on, or the reason why there is none."""


class Format(Protocol):
    """What a module in `formats/` provides."""

    def recognises(self, record: dict[str, object]) -> bool:
        """Whether a file whose first record is this one is of this format."""

    def read(self, lines: Iterable[Record], source: str) -> Iterator[Found]:
        """Yield every trace of every record, or the reason a record is none."""


formats = Catalog[Format]("tunix_rt.traces.formats", kind="trace format")


def import_file(
    store: Store,
    path: Path,
    *,
    format: str = "auto",
    source: str | None = None,
    on_batch: Callable[[ImportReport, int], None] = lambda report, offset: None,
    on_rejected: Callable[[Rejected], None] = lambda rejected: None,
    on_stored: Callable[[list[bytes]], None] = lambda digests: None,
) -> ImportReport:
    """Import one file; `on_batch` gets the report so far and the bytes read.

    `on_stored` gets the content hashes of each batch, of new and of known traces.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        chosen = detect(file, path) if format == "auto" else format
        plugin = formats.load(chosen)
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
        found = plugin.read(numbered(file), path.name)
        ready: list[query.Prepared] = []
        for record in found:
            report.records += 1
            if isinstance(record, Rejected):
                report.rejected += 1
                if len(report.examples) < EXAMPLES:
                    report.examples.append(record)
                on_rejected(record)
            else:  # prepared at once: thousands of living models make the collector slow
                ready.append(query.prepare(record[1], report.source))
            if report.records % BATCH == 0:
                _store(store, ready, report)
                on_stored([new.digest for new in ready])
                ready = []
                report.seconds = round(time.monotonic() - began, 3)
                on_batch(report, file.tell())
        _store(store, ready, report)
        on_stored([new.digest for new in ready])
        report.seconds = round(time.monotonic() - began, 3)
        on_batch(report, file.tell())
    return report


def detect(file: BinaryIO, path: Path) -> str:
    """The name of the format whose records look like the first one of `file`."""
    for number, line in numbered(file):
        try:
            record = decode_line(line, object)
        except ValueError:
            if number < 100:
                continue
            break
        file.seek(0)
        if isinstance(record, dict):
            for name in formats.names():
                if formats.load(name).recognises(record):
                    return name
        break
    raise BadInput(
        f"No format recognises {path.name}.",
        hint=f"Name one with --format: {', '.join(formats.names())}.",
    )


def _store(store: Store, ready: list[query.Prepared], report: ImportReport) -> None:
    """One batch, one transaction."""
    if ready:
        with store.write() as connection:
            added = len(query.add_once(connection, ready))
        report.added += added
        report.known += len(ready) - added
