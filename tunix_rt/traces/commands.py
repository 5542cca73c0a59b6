"""tunix-rt traces: import, list, show, export reasoning traces."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.files import write_whole
from tunix_rt.kit.terminal import emit_json, json_option, line, progress, table
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
from tunix_rt.traces.commands_import import import_, watch
from tunix_rt.traces.schema import Order, TraceFilter
from tunix_rt.traces.schema_marks import MOST_AT_ONCE

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


app.add_command(import_)
app.add_command(watch)


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
    """Find traces: words, "phrases" and field:value pairs, which must all match.

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
    if order == "rank":
        showing.must_have_words(wanted)
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
    showing.checked(trace_id)
    with session.store.read() as connection:
        row = query.get(connection, trace_id)
        found = query.shown(connection, row)
        said = query_marks.current(connection, trace_id)
    if not original:
        showing.read(found, said, as_json)
        return
    record = query.original(row)
    if record is None:
        raise BadInput("This trace was sent by a client; there is no other record of it.")
    click.echo(record)


@app.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_filters
@click.option("--format", "format_", default="jsonl", help="A format that can be written.")
@json_option
@pass_session
def export(
    session: Session, file: Path, format_: str, as_json: bool, query: str | None, **fields: Any
) -> None:
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
    showing.written(file, written, as_json)


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
    showing.changed(changed, "unmarked" if remove else "marked", as_json)


@app.command()
@click.argument("trace_ids", nargs=-1)
@click.option("--query", help="Delete every trace that matches, instead of naming them.")
@json_option
@pass_session
def delete(session: Session, trace_ids: tuple[str, ...], query: str | None, as_json: bool) -> None:
    """Take traces out of every list; `traces restore` brings them back."""
    ids = _ids(session.store, trace_ids, query)
    showing.changed(_move(session.store, ids, query_marks.soft_delete), "deleted", as_json)


@app.command()
@click.argument("trace_ids", nargs=-1)
@click.option("--query", help="Restore every deleted trace that matches, instead of naming them.")
@json_option
@pass_session
def restore(session: Session, trace_ids: tuple[str, ...], query: str | None, as_json: bool) -> None:
    """Bring deleted traces back."""
    ids = _ids(session.store, trace_ids, query, deleted=True)
    showing.changed(_move(session.store, ids, query_marks.restore), "restored", as_json)


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
@json_option
@pass_session
def reindex(session: Session, as_json: bool) -> None:
    """Make the search index anew from the traces."""
    with session.store.read() as connection:
        total = query_facets.count(connection, TraceFilter())
    with progress("indexing", total) as advance:
        done = indexing.rebuild(session.store, lambda done, _waiting: advance(done, ""))
    if as_json:
        emit_json({"indexed": done})
    else:
        line(f"{done:,} traces indexed")


def _ids(
    store: Store, named: tuple[str, ...], asked: str | None, *, deleted: bool = False
) -> list[str]:
    """The ids that were named, or of everything that a query finds."""
    wanted = showing.named_or_asked(named, asked, deleted=deleted)
    if wanted is None:
        return list(named)
    _catch_up(store, wanted)
    with store.read() as connection:
        return query.select_ids(connection, wanted)


def _move(store: Store, ids: list[str], move: Callable[[Connection, list[str]], int]) -> int:
    done = 0
    for start in range(0, len(ids), MOST_AT_ONCE):
        with store.write() as connection:
            done += move(connection, ids[start : start + MOST_AT_ONCE])
    return done
