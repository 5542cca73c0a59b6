"""What an import would do, without doing it: the first traces, and what is wrong with which row."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tunix_rt.kit.errors import BadInput
from tunix_rt.traces.importing import Format, detect, read_all
from tunix_rt.traces.mapping import MAPPED, Mapped, columns
from tunix_rt.traces.opening import LOOKED_AT, TEXTS, Records, open_records
from tunix_rt.traces.opening_csv import SUFFIXES
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Preview, PreviewRow, Problem, Record, Rejected

SHOWN = 10
MOST_PROBLEMS = 1_000
MOST_COLUMNS = 200
_PLACE = re.compile(r"([\w-]+(?:\.[\w-]+)*): (.+)", re.DOTALL)


def preview_file(
    path: Path, *, format: str = "auto", mapped: Mapped | None = None, cut: bool = False
) -> Preview:
    """A look at a file; `cut` says that its end is missing, which then is no problem."""
    with open_records(path) as records:
        rest = _whole(records) if cut else iter(records)
        first = list(islice(rest, LOOKED_AT))
        found = list(islice(_columns(first), MOST_COLUMNS))
        ahead = Records(path.name, records.size, iter(first), lambda: 0)
        chosen: str | None = format
        if mapped is not None:
            chosen = MAPPED
        elif format == "auto":
            try:
                chosen = detect(ahead)
            except BadInput as error:
                said = Problem(row=1, column=None, reason=error.message)
                return _nothing(found, [said])
        return _look(mapped or chosen or "", chosen, chain(first, rest), found)


def preview_bytes(
    body: bytes, name: str, *, format: str = "auto", mapped: Mapped | None = None, cut: bool = False
) -> Preview:
    """A look at the first bytes of a file that is called `name`."""
    known = {suffix for suffix in (*SUFFIXES, *TEXTS) if suffix in Path(name).suffixes}
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"the file{''.join(sorted(known)[:1])}"
        path.write_bytes(body)
        return preview_file(path, format=format, mapped=mapped, cut=cut)


def _look(
    how: str | Format, name: str | None, records: Iterable[Record], found: list[str]
) -> Preview:
    report = Preview(
        format=name, columns=found, records=0, traces=0, rejected=0, rows=[], problems=[]
    )
    seen = None
    for record, one in read_all(how, records, "preview"):
        report.records += record is not seen
        seen = record
        if isinstance(one, Rejected):
            report.rejected += 1
            if len(report.problems) < MOST_PROBLEMS:
                report.problems.append(_problem(one))
            continue
        report.traces += 1
        if len(report.rows) < SHOWN:
            trace = ReasoningTrace.model_validate_json(one.body())
            report.rows.append(PreviewRow(row=record.number, trace=trace))
    return report


def _problem(rejected: Rejected) -> Problem:
    place = _PLACE.fullmatch(rejected.reason)
    column, reason = (place[1], place[2]) if place else (None, rejected.reason)
    return Problem(row=rejected.line, column=column, reason=reason)


def _nothing(found: list[str], problems: list[Problem]) -> Preview:
    return Preview(
        format=None, columns=found, records=0, traces=0, rejected=0, rows=[], problems=problems
    )


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
