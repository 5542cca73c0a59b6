"""tunix-rt traces: import, list, show, export reasoning traces."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.files import write_whole
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, json_option, line, plain, progress, say, table
from tunix_rt.store import Connection, Store
from tunix_rt.store.session import Session, pass_session
from tunix_rt.traces import (
    exporting,
    importing,
    indexing,
    marking,
    purging,
    query,
    query_facets,
    query_marks,
    query_search,
    showing,
)
from tunix_rt.traces.schema import Order, TraceFilter
from tunix_rt.traces.schema_marks import MOST_AT_ONCE
from tunix_rt.traces.schema_record import ImportReport, Rejected

FEW = 2_000
"""Traces that are indexed before a search without a word about it."""


def _filters(command: Any) -> Any:
    for option in (
        click.option("--query", help="What to look for, in the query language."),
        click.option(
            "--verdict",
            type=click.Choice(["right", "wrong", "undecided", "none"]),
            help="What the verifiers said of the answer.",
        ),
        click.option("--model", help="Which model wrote it."),
        click.option("--source", help="Where it came from."),
    ):
        command = option(command)
    return command


@click.group("traces")
def app() -> None:
    """Collect and read reasoning traces."""


@app.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "format_", default="auto", help="A name from `traces formats`.")
@click.option("--source", help="What to call where they came from; the file's name if left out.")
@json_option
@pass_session
def import_(
    session: Session, files: tuple[Path, ...], format_: str, source: str | None, as_json: bool
) -> None:
    """Add every trace in FILES that is not known yet.

    A line that is no trace is reported with its number and reason, and the rest goes on.
    Stop it whenever you like: importing the same file again adds only what was missing.
    """
    reports = [_import_one(session, file, format_, source) for file in files]
    showing.imported(reports, as_json)


def _import_one(session: Session, file: Path, format_: str, source: str | None) -> ImportReport:
    if not file.is_file():
        raise BadInput(f"{file} is not a file.")

    def complain(rejected: Rejected) -> None:
        say(plain(f"{file.name}:{rejected.line}: {rejected.reason}"))

    with progress(file.name, file.stat().st_size) as advance:
        return importing.import_file(
            session.store,
            file,
            format=format_,
            source=source,
            on_batch=lambda report, offset: advance(offset, f"{report.added:,} added"),
            on_rejected=complain,
        )


@app.command("list")
@_filters
@click.option("--limit", default=20, type=click.IntRange(1, 10_000), help="How many.")
@json_option
@pass_session
def list_(session: Session, limit: int, as_json: bool, query: str | None, **fields: Any) -> None:
    """Show traces, newest first."""
    _show(session.store, showing.chosen(query, **fields), limit, as_json)


@app.command("query")
@click.argument("words", nargs=-1)
@click.option("--rank", is_flag=True, help="The best answers to the words first.")
@click.option("--limit", default=20, type=click.IntRange(1, 1_000), help="How many.")
@click.option("--facets", is_flag=True, help="How they divide, instead of the traces.")
@json_option
@pass_session
def query_(
    session: Session, words: tuple[str, ...], rank: bool, limit: int, facets: bool, as_json: bool
) -> None:
    r"""Find traces: words, "phrases" and field:value pairs, which must all match.

    \b
    tunix-rt traces query 'source:gsm8k verdict:wrong steps:>5 "half as many"'
    """
    wanted = showing.chosen(" ".join(words))
    if facets:
        _divide(session.store, wanted, as_json)
    else:
        _show(session.store, wanted, limit, as_json, "rank" if rank else "newest")


def _show(
    store: Store, wanted: TraceFilter, limit: int, as_json: bool, order: Order = "newest"
) -> None:
    if order == "rank" and wanted.q is None:
        raise BadInput("Without words there is no rank.", hint="Leave --rank out, or add words.")
    _catch_up(store, wanted)
    with store.read() as connection:
        page = query.page(connection, wanted, limit=limit, order=order)
        rows = [query.summary(row) for row in page.rows]
        total = query_facets.count(connection, wanted)
    showing.listed(rows, total, as_json)


def _divide(store: Store, wanted: TraceFilter, as_json: bool) -> None:
    _catch_up(store, wanted)
    with store.read() as connection:
        found = query_facets.facets(connection, wanted)
    showing.divided(found, as_json)


def _catch_up(store: Store, wanted: TraceFilter) -> None:
    """Bring the search index up to date, with a bar if that takes long."""
    if not wanted.searches:
        return
    with store.read() as connection:
        waiting = query_search.waiting(connection)
    if waiting <= FEW:
        indexing.catch_up(store)
        return
    with progress("indexing", waiting) as advance:
        indexing.catch_up(store, on_batch=lambda done, _waiting: advance(done, ""))


@app.command()
@click.argument("trace_id")
@click.option("--original", is_flag=True, help="The record it was read from, byte for byte.")
@json_option
@pass_session
def show(session: Session, trace_id: str, original: bool, as_json: bool) -> None:
    """Read one trace."""
    if not is_id(trace_id):
        raise BadInput(f"{trace_id!r} is not the id of a trace.", hint="tunix-rt traces list")
    with session.store.read() as connection:
        row = query.get(connection, trace_id)
        held = query.datasets_of(connection, trace_id)
    trace = query.payload(row)
    if original:
        found = query.original(row)
        if found is None:
            raise BadInput("This trace was sent by a client; there is no other record of it.")
        click.echo(found)
        return
    if as_json:
        emit_json(
            {
                **query.summary(row).model_dump(exclude={"prompt", "final_answer"}),
                "datasets": held,
                "format": row.format,
                "payload": trace.model_dump(),
            }
        )
        return
    head = f"{row.source}  {row.model or ''}  verdict: {row.verdict or 'none'}"
    showing.read(head, trace, row.first_error_step)


@app.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_filters
@click.option("--format", "format_", default="jsonl", help="A format that can be written.")
@pass_session
def export(session: Session, file: Path, format_: str, query: str | None, **fields: Any) -> None:
    """Write matching traces to FILE, oldest first; it appears whole or not at all."""
    chosen = showing.chosen(query, **fields)
    _catch_up(session.store, chosen)
    with session.store.read() as connection:
        total = query_facets.count(connection, chosen)
    written = 0

    def count(done: int) -> None:
        nonlocal written
        written = done
        advance(done, "")

    with progress(file.name, total) as advance:
        write_whole(file, exporting.export(session.store, chosen, format=format_, on_batch=count))
    say(f"{written:,} traces written to {file}")


@app.command()
@json_option
def formats(as_json: bool) -> None:
    """List the formats that can be read, and which can be written."""
    known = importing.known_formats()
    if as_json:
        emit_json([one.model_dump() for one in known])
        return
    table(
        ("name", "write", "what it is"),
        [(one.name, "yes" if one.writes else "", one.summary) for one in known],
    )


@app.command()
@click.argument("what")
@click.argument("trace_ids", nargs=-1)
@click.option("--query", help="Mark every trace that matches, instead of naming them.")
@click.option("--step", type=click.IntRange(0), help="The place of a step, from 0.")
@click.option("--author", default="local", help="Who says it.")
@click.option("--remove", is_flag=True, help="Take it back.")
@json_option
@pass_session
def mark(
    session: Session,
    what: str,
    trace_ids: tuple[str, ...],
    query: str | None,
    step: int | None,
    author: str,
    remove: bool,
    as_json: bool,
) -> None:
    """Say WHAT of traces: good, neutral, bad, tag:NAME, score:NUMBER or note:TEXT."""
    said = marking.said(what, step)
    ids = _ids(session.store, trace_ids, query)
    changed = 0
    for start in range(0, len(ids), MOST_AT_ONCE):
        some = ids[start : start + MOST_AT_ONCE]
        with session.store.write() as connection:
            if remove:
                changed += query_marks.unmark(connection, some, said)
            else:
                changed += query_marks.annotate(connection, some, said, author)
    showing.changed(changed, "marked", as_json)


@app.command()
@click.argument("trace_ids", nargs=-1)
@click.option("--query", help="Delete every trace that matches, instead of naming them.")
@json_option
@pass_session
def delete(session: Session, trace_ids: tuple[str, ...], query: str | None, as_json: bool) -> None:
    """Take traces out of every list; `traces restore` brings them back."""
    _move(session.store, _ids(session.store, trace_ids, query), query_marks.soft_delete, as_json)


@app.command()
@click.argument("trace_ids", nargs=-1)
@click.option("--query", help="Restore every deleted trace that matches: is:deleted ...")
@json_option
@pass_session
def restore(session: Session, trace_ids: tuple[str, ...], query: str | None, as_json: bool) -> None:
    """Bring deleted traces back."""
    _move(session.store, _ids(session.store, trace_ids, query), query_marks.restore, as_json)


@app.command()
@click.argument("trace_ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every deleted trace.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_session
def purge(
    session: Session, trace_ids: tuple[str, ...], everything: bool, yes: bool, as_json: bool
) -> None:
    """Remove deleted traces for ever, and give their room back to the disk."""
    if everything == bool(trace_ids):
        raise BadInput(
            "Name deleted traces, or say --all.", hint="tunix-rt traces query is:deleted"
        )
    ids = None if everything else _ids(session.store, trace_ids, None)
    if not yes:
        click.confirm("What is purged cannot come back. Go on?", abort=True, err=True)
    found = purging.purge(session.store, ids)
    if as_json:
        emit_json(found.model_dump())
        return
    line(f"{found.purged:,} traces purged, {found.freed_bytes / 1e6:,.1f} MB freed")
    for key, number in found.datasets.items():
        line(f"the dataset {key} keeps its copy of {number:,}")


@app.command()
@pass_session
def reindex(session: Session) -> None:
    """Make the search index anew from the traces."""
    with session.store.read() as connection:
        total = query_facets.count(connection, TraceFilter())
    with progress("indexing", total) as advance:
        done = indexing.rebuild(session.store, lambda done, _waiting: advance(done, ""))
    line(f"{done:,} traces indexed")


def _ids(store: Store, named: tuple[str, ...], asked: str | None) -> list[str]:
    """The ids that were named, or of everything that a query finds."""
    showing.named_or_asked(named, asked)
    if asked is None:
        return list(named)
    wanted = showing.chosen(asked)
    _catch_up(store, wanted)
    with store.read() as connection:
        return query.select_ids(connection, wanted)


def _move(
    store: Store, ids: list[str], move: Callable[[Connection, list[str]], int], as_json: bool
) -> None:
    done = 0
    for start in range(0, len(ids), MOST_AT_ONCE):
        with store.write() as connection:
            done += move(connection, ids[start : start + MOST_AT_ONCE])
    showing.changed(done, "changed", as_json)
