"""Files in: read each record, keep what is well-formed, add it once, report the rest.

Memory stays flat whatever the file's size: records are read one at a time.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import MAX_LINE
from tunix_rt.store import Store
from tunix_rt.traces.intake import Intake, Stored
from tunix_rt.traces.mapping import MAPPED, Mapped
from tunix_rt.traces.opening import Records, open_records
from tunix_rt.traces.schema import AnyTrace
from tunix_rt.traces.schema_record import FormatInfo, ImportReport, Part, Record, Rejected, explain


class Format(Protocol):
    """What a module in `formats/` provides; `write(traces: Iterable[Written])` if it can."""

    def recognises(self, record: dict[str, object]) -> bool:
        """Whether a file whose first record is this one is of this format."""

    def read(self, record: Record, source: str) -> Iterator[AnyTrace | Rejected | Part]:
        """Yield every trace of a record; raise ValueError with the reason if it is none."""


MOST_KEPT = 64 * MAX_LINE
"""Bytes that are kept of one record: each of its traces has a copy, or its part."""

FEW = 8
"""Columns that are named when nobody knows them."""

MAP_IT = "Map its columns with --map, or name its --format: `tunix-rt traces formats` lists them."
READABLE = "Records are read from JSON, parquet, .csv and .tsv, plain text from .txt and .md."

formats = Catalog[Format]("tunix_rt.traces.formats", kind="trace format")


def known_formats() -> list[FormatInfo]:
    """Every format, and whether it can be written."""
    return [
        FormatInfo(
            name=name,
            writes=hasattr(formats.load(name), "write"),
            summary=formats.summary(name),
        )
        for name in formats.names()
    ]


def read_all(
    format: str | Format, records: Iterable[Record], source: str
) -> Iterator[tuple[Record, AnyTrace | Rejected]]:
    """Every trace of every record, or the reason why a record is none."""
    read = (formats.load(format) if isinstance(format, str) else format).read
    for record in records:
        try:
            yield from _bounded(record, read(record, source))
        except ValidationError as error:
            yield record, explain(record.number, error)
        except RecursionError:
            yield record, Rejected(line=record.number, reason="nested too deeply")
        except ValueError as error:
            yield record, Rejected(line=record.number, reason=str(error))


def _bounded(
    record: Record, found: Iterator[AnyTrace | Rejected | Part]
) -> Iterator[tuple[Record, AnyTrace | Rejected]]:
    """What is in one record, each with what is kept of it."""
    kept = 0
    for number, one in enumerate(found):
        own, trace = (
            (Record(record.number, one.original), one.found)
            if isinstance(one, Part)
            else (record, one)
        )
        kept += len(own.raw)
        if kept > MOST_KEPT:
            raise ValueError(f"only the first {number:,} traces in it are read")
        yield own, trace


def import_file(
    store: Store,
    path: Path,
    *,
    format: str = "auto",
    mapped: Mapped | None = None,
    source: str | None = None,
    on_batch: Callable[[ImportReport, int], None] = lambda report, offset: None,
    on_rejected: Callable[[Rejected], None] = lambda rejected: None,
    on_stored: Callable[[list[Stored]], None] | None = None,
) -> ImportReport:
    """Import one file; `on_batch` gets the report so far and the bytes read."""
    with open_records(path) as records:
        chosen = MAPPED if mapped else detect(records) if format == "auto" else format
        how = mapped or formats.load(chosen)
        with Intake(
            store, source or path.name, chosen, on_stored=on_stored, on_rejected=on_rejected
        ) as intake:
            for record, found in read_all(how, records, path.name):
                intake.take(record, found)
                if intake.is_full:
                    intake.send()
                    on_batch(intake.report, records.offset)
            intake.flush()
        on_batch(intake.report, records.offset)
    return intake.report


def detect(records: Records) -> str:
    """The name of the format whose records look like the first one of the file."""
    wrong, hint = "", READABLE
    for record in records.peek():
        try:
            first = record.decode(object)
        except ValueError as error:
            wrong = wrong or f"record {record.number:,} is not JSON: {error}"
            continue
        if isinstance(first, dict):
            for name in formats.names():
                if formats.load(name).recognises(first):
                    return name
            wrong, hint = f"its first record has the columns {_listed(first)}", MAP_IT
        else:
            wrong = "its first record is no JSON object"
        break
    if not wrong:
        raise BadInput(
            f"There is nothing in {records.name}.",
            hint="A file that is still to be written is read by: tunix-rt traces watch FILE",
        )
    raise BadInput(f"No format recognises {records.name}: {wrong}.", hint=hint)


def _listed(record: dict[str, object]) -> str:
    """The first columns of a record, for a sentence."""
    more = ", ..." if len(record) > FEW else ""
    return ", ".join(name[:40] for name in islice(record, FEW)) + more
