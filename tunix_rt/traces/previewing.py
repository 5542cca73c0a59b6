"""What an import would do, without doing it: the first traces, and what is wrong with which row."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tunix_rt.kit.errors import BadInput
from tunix_rt.traces.importing import detect, read_all
from tunix_rt.traces.mapping import MAPPED, Mapped, columns
from tunix_rt.traces.opening import Records, open_records
from tunix_rt.traces.opening_zip import MAGIC
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Preview, PreviewRow, Record, Rejected, RowProblem

SHOWN = 10
MOST_PROBLEMS = 1_000
MOST_COLUMNS = 200


def preview_file(
    path: Path, *, format: str = "auto", mapped: Mapped | None = None, cut: bool = False
) -> Preview:
    """A look at a file; `cut` says that its end is missing, which then is no problem."""
    with open_records(path) as opened:
        records = Records(path.name, opened.size, _whole(opened), lambda: 0) if cut else opened
        report = Preview(
            format=MAPPED if mapped else format,
            columns=list(islice(_columns(records.peek()), MOST_COLUMNS)),
            records=0,
            traces=0,
            rejected=0,
            rows=[],
            problems=[],
        )
        if mapped is None and format == "auto":
            try:
                report.format = detect(records)
            except BadInput as error:
                report.format = None
                report.problems.append(RowProblem(row=None, column=None, reason=error.message))
                return report
        _look(report, records, mapped)
    return report


def preview_files(
    paths: Iterable[Path], format: str, mapped: Mapped | None
) -> Iterator[tuple[str, Preview]]:
    """A look at each of some files, with its name."""
    for path in paths:
        yield path.name, preview_file(path, format=format, mapped=mapped)


def preview_bytes(
    body: bytes, name: str, *, format: str = "auto", mapped: Mapped | None = None, cut: bool = False
) -> Preview:
    """A look at the first bytes of a file that is called `name`."""
    if cut and body.startswith((b"PAR1", MAGIC)):
        raise BadInput(
            "The beginning of a parquet file or an archive does not say what is in it.",
            hint="Send the whole of it, or look at it with: tunix-rt traces import FILE --dry-run",
        )
    legal = re.sub(r"[^\w. -]", "_", name)[-60:].lstrip(". ")
    with TemporaryDirectory() as folder:
        path = Path(folder) / (legal or "the file")
        path.write_bytes(body)
        return preview_file(path, format=format, mapped=mapped, cut=cut)


def _look(report: Preview, records: Iterable[Record], mapped: Mapped | None) -> None:
    """Read every record, and note what comes of it."""
    place = _place(mapped)
    seen = None
    for record, one in read_all(mapped or report.format or "", records, "preview"):
        report.records += record is not seen
        seen = record
        if isinstance(one, Rejected):
            report.rejected += 1
            if len(report.problems) < MOST_PROBLEMS:
                found = place.fullmatch(one.reason)
                column, reason = (found[1], found[2]) if found else (None, one.reason)
                report.problems.append(RowProblem(row=one.line, column=column, reason=reason))
            continue
        report.traces += 1
        if len(report.rows) < SHOWN:
            trace = ReasoningTrace.model_validate_json(one.body())
            report.rows.append(PreviewRow(row=record.number, trace=trace))


def _place(mapped: Mapped | None) -> re.Pattern[str]:
    """What a reason begins with if it names a column, and perhaps a place inside of it."""
    names = sorted(mapped.columns.values(), key=len, reverse=True) if mapped else []
    any_of = "|".join([*map(re.escape, names), r"[\w-]+"])
    return re.compile(rf"((?:{any_of})(?:\.[\w-]+)*): (.+)", re.DOTALL)


def _columns(records: Iterable[Record]) -> Iterator[str]:
    seen: set[str] = set()
    for record in records:
        try:
            found = list(islice(columns(record.decode(object)), MOST_COLUMNS))
        except ValueError:
            continue
        for name in found:
            if name not in seen:
                seen.add(name)
                yield name


def _whole(records: Iterable[Record]) -> Iterator[Record]:
    """The records before the place where a file was cut."""
    held: Record | None = None
    try:
        for record in records:
            if held is not None:
                yield held
            held = record
    except BadInput:  # what is packed ends in the middle
        if held is None:
            raise
    if held is not None and _reads(held):
        yield held


def _reads(record: Record) -> bool:
    try:
        record.decode(object)
    except ValueError:
        return False
    return True
