"""tunix-rt traces ..., done by a server."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from tunix_rt.client import Client
from tunix_rt.kit.terminal import plain, progress, say
from tunix_rt.traces import importing, marking, previewing, showing
from tunix_rt.traces.opening import Records, must_be_file, open_records
from tunix_rt.traces.schema import Order, TraceFilter
from tunix_rt.traces.schema_record import ImportReport, Rejected

EXAMPLES = 20
INDEXED_WITHIN = 20.0
"""Seconds that a search waits until the server's index knows the newest traces."""


def import_(
    client: Client,
    files: tuple[Path, ...],
    format_: str,
    map_: tuple[str, ...],
    source: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Send every record of some files; what a file is packed in is undone here.

    A dry run needs no server: records are read here and there alike.
    """
    mapped = showing.mapping(map_, format_)
    for file in files:
        must_be_file(file)
    if dry_run:
        showing.previewed(previewing.preview_files(files, format_, mapped), as_json)
        return
    showing.imported_all(
        (_import_one(client, file, format_, map_, source) for file in files), as_json
    )


def _import_one(
    client: Client, file: Path, format_: str, map_: tuple[str, ...], source: str | None
) -> ImportReport:
    broken: list[Rejected] = []
    with open_records(file) as records, progress(file.name, records.size) as advance:
        detected = format_ == "auto" and not map_
        taken = client.traces.stream(
            _lines(records, broken, advance),
            source=source or file.name,
            format=importing.detect(records) if detected else format_,
            map=map_,
        )
    refused = [Rejected(line=one.line, reason=one.error) for one in taken if one.error]
    for one in sorted([*broken, *refused], key=lambda one: one.line):
        say(plain(f"{file.name}:{one.line}: {one.reason}"))
    report = taken.report
    report.records += len(broken)
    report.rejected += len(broken)
    report.examples = [*broken, *report.examples][:EXAMPLES]
    if report.known:
        showing.deleted(report, client.traces.facets(wanted=showing.deleted_of(report)).total)
    return report


def _lines(records: Records, broken: list[Rejected], advance: Any) -> Iterator[bytes]:
    """Each record as one line, with empty ones between, so that it keeps its number."""
    number = 0
    for record in records:
        yield b"\n" * (record.number - number - 1)
        number = record.number
        if record.broken:
            broken.append(Rejected(line=number, reason=record.broken))
            yield b"\n"
            continue
        raw = record.raw.strip()
        if b"\n" in raw:  # a document over several lines
            try:
                raw = msgspec.json.format(raw, indent=-1)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                broken.append(Rejected(line=number, reason=str(error)))
                raw = b""
        yield raw + b"\n"
        advance(records.offset)


def list_(client: Client, limit: int, as_json: bool, query: str | None, **fields: Any) -> None:
    """Show traces, newest first."""
    wanted = showing.chosen(query, **fields)
    _caught_up(client, wanted)
    rows = list(client.traces.query(wanted=wanted, limit=limit))
    showing.listed(rows, client.traces.facets(wanted=wanted).total, as_json)


def query(
    client: Client, words: tuple[str, ...], rank: bool, limit: int, facets: bool, as_json: bool
) -> None:
    """Find traces, or say how they divide."""
    wanted = showing.chosen(" ".join(words))
    if rank and not facets:
        showing.must_have_words(wanted)
    _caught_up(client, wanted)
    found = client.traces.facets(wanted=wanted)
    if facets:
        showing.divided(found, as_json)
        return
    order: Order = "rank" if rank else "newest"
    rows = list(client.traces.query(wanted=wanted, order=order, limit=limit))
    showing.listed(rows, found.total, as_json)


def show(client: Client, trace_id: str, original: bool, as_json: bool) -> None:
    """Read one trace."""
    showing.checked(trace_id)
    if original:
        click.echo(client.traces.original(trace_id))
        return
    found = client.traces.get(trace_id)
    showing.read(found, client.traces.annotations(trace_id).current, as_json)


def export(
    client: Client, file: Path, format_: str, as_json: bool, query: str | None, **fields: Any
) -> None:
    """Write matching traces to a file of this machine."""
    wanted = showing.chosen(query, **fields)
    _caught_up(client, wanted)
    total = client.traces.facets(wanted=wanted).total
    client.traces.export(file, wanted=wanted, format=format_)
    showing.written(file, total, as_json)


def mark(
    client: Client,
    what: str,
    trace_ids: tuple[str, ...],
    query: str | None,
    step: int | None,
    author: str,
    remove: bool,
    as_json: bool,
) -> None:
    """Say something of traces, or take it back."""
    said = marking.said(what, step)
    ids = _ids(client, trace_ids, query)
    done = client.traces.mark(ids, said, author=author, remove=remove)
    showing.changed(done, "unmarked" if remove else "marked", as_json)


def delete(client: Client, trace_ids: tuple[str, ...], query: str | None, as_json: bool) -> None:
    """Take traces out of every list."""
    done = client.traces.delete(_ids(client, trace_ids, query))
    showing.changed(done, "deleted", as_json)


def restore(client: Client, trace_ids: tuple[str, ...], query: str | None, as_json: bool) -> None:
    """Bring deleted traces back."""
    done = client.traces.restore(_ids(client, trace_ids, query, deleted=True))
    showing.changed(done, "restored", as_json)


def _ids(
    client: Client, named: tuple[str, ...], asked: str | None, *, deleted: bool = False
) -> list[str]:
    wanted = showing.named_or_asked(named, asked, deleted=deleted)
    if wanted is None:
        return list(named)
    _caught_up(client, wanted)
    return [row.id for row in client.traces.query(wanted=wanted)]


def _caught_up(client: Client, wanted: TraceFilter) -> None:
    """Wait until a search sees every trace; say how many it does not see if that takes long."""
    end = time.monotonic() + INDEXED_WITHIN
    while wanted.searches and (waiting := client.traces.page(wanted=wanted, limit=1).unindexed):
        if time.monotonic() > end:
            say(f"the {waiting:,} newest traces are not in the search index yet")
            return
        time.sleep(0.2)


ACTS: dict[str, Callable[..., None]] = {
    "import": import_,
    "list": list_,
    "query": query,
    "show": show,
    "export": export,
    "mark": mark,
    "delete": delete,
    "restore": restore,
}
