"""tunix-rt traces: import, list, show, export reasoning traces."""

from pathlib import Path
from typing import Any

import click

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.files import write_whole
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, json_option, line, plain, progress, say, table
from tunix_rt.store.session import Session, pass_session
from tunix_rt.traces import exporting, importing, query, query_facets
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.traces.schema_record import ImportReport, Rejected


def _filters(command: Any) -> Any:
    for option in (
        click.option("--query", "q", help="Words the beginning of the prompt contains."),
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
    if as_json:
        emit_json([report.model_dump() for report in reports])
        return
    for report in reports:
        rate = report.records / report.seconds if report.seconds else 0
        line(
            f"{report.source} ({report.format}): {report.added:,} added, {report.known:,} known, "
            f"{report.rejected:,} rejected, {rate:,.0f} records/s"
        )


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
def list_(session: Session, limit: int, as_json: bool, **wanted: Any) -> None:
    """Show traces, newest first."""
    chosen = TraceFilter(**wanted)
    with session.store.read() as connection:
        rows = [query.summary(row) for row in query.page(connection, chosen, limit=limit).rows]
        total = query_facets.count(connection, chosen)
    if as_json:
        emit_json({"data": [row.model_dump() for row in rows], "total": total})
        return
    table(
        ("id", "source", "model", "verdict", "steps", "answer", "prompt"),
        [
            (r.id, r.source, r.model, r.verdict, r.step_count, r.final_answer, r.prompt)
            for r in rows
        ],
    )
    click.echo(f"{len(rows)} of {total:,}")


@app.command()
@click.argument("trace_id")
@json_option
@pass_session
def show(session: Session, trace_id: str, as_json: bool) -> None:
    """Read one trace."""
    if not is_id(trace_id):
        raise BadInput(f"{trace_id!r} is not the id of a trace.", hint="tunix-rt traces list")
    with session.store.read() as connection:
        row = query.get(connection, trace_id)
    trace = query.payload(row)
    if as_json:
        emit_json({"id": row.id, "source": row.source, "payload": trace.model_dump()})
        return
    line(f"{row.source}  {row.model or ''}  verdict: {row.verdict or 'none'}")
    click.echo(f"\n{plain(trace.prompt, lines=True)}\n")
    for place, step in enumerate(trace.steps):
        mark = "✗" if place == row.first_error_step else " "
        said = plain(step.content, lines=True)
        click.echo(f"{mark} {step.i:>3} {plain(step.type)}: {said}")
    click.echo(f"\nAnswer: {plain(trace.final_answer, lines=True)}")


@app.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_filters
@click.option("--format", "format_", default="jsonl", help="A format that can be written.")
@pass_session
def export(session: Session, file: Path, format_: str, **wanted: Any) -> None:
    """Write matching traces to FILE, oldest first; it appears whole or not at all."""
    chunks = exporting.export(session.store, TraceFilter(**wanted), format=format_)
    count = write_whole(file, chunks)
    say(f"{count:,} traces written to {file}")


@app.command()
@json_option
def formats(as_json: bool) -> None:
    """List the formats that can be read, and which can be written."""
    known = [
        {
            "name": name,
            "writes": hasattr(importing.formats.load(name), "write"),
            "summary": importing.formats.summary(name),
        }
        for name in importing.formats.names()
    ]
    if as_json:
        emit_json(known)
        return
    table(
        ("name", "write", "what it is"),
        [(f["name"], "yes" if f["writes"] else "", f["summary"]) for f in known],
    )
