"""tunix-rt traces import and watch: files in, once or as they grow."""

import time
from collections.abc import Callable
from pathlib import Path

import click

from tunix_rt.kit.errors import BadInput, Broken
from tunix_rt.kit.terminal import emit_json, json_option, line, plain, progress, say
from tunix_rt.store.session import Session, pass_session
from tunix_rt.traces import importing, previewing, query_facets, showing, watching
from tunix_rt.traces.mapping import Mapped
from tunix_rt.traces.opening import must_be_file
from tunix_rt.traces.schema_record import ImportReport, Rejected

SECONDS = 5.0
"""Between two words about a long import, while files are watched."""


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "format_", default="auto", help="A name from `traces formats`.")
@click.option(
    "--map", "map_", multiple=True, help="prompt=COLUMN, answer=COLUMN, meta.X=COLUMN ..."
)
@click.option("--source", help="What to call where they came from; the file's name if left out.")
@click.option("--dry-run", is_flag=True, help="Show what would be stored, and store nothing.")
@json_option
@pass_session
def import_(
    session: Session,
    files: tuple[Path, ...],
    format_: str,
    map_: tuple[str, ...],
    source: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Add every trace in FILES that is not known yet.

    A line that is no trace is reported with its number and reason, and the rest goes on.
    Stop it whenever you like: importing the same file again adds only what was missing.
    A file of no known format is read by --map: parts of a trace (prompt, response, steps,
    answer, meta.NAME) and the columns they stand in.
    """
    mapped = showing.mapping(map_, format_)
    for file in files:
        must_be_file(file)
    if dry_run:
        showing.previewed(previewing.preview_files(files, format_, mapped), as_json)
        return
    showing.imported_all(
        (_import_one(session, file, format_, mapped, source) for file in files), as_json
    )


def _import_one(
    session: Session, file: Path, format_: str, mapped: Mapped | None, source: str | None
) -> ImportReport:
    def complain(rejected: Rejected) -> None:
        say(plain(f"{file.name}:{rejected.line}: {rejected.reason}"))

    with progress(file.name, file.stat().st_size) as advance:
        report = importing.import_file(
            session.store,
            file,
            format=format_,
            mapped=mapped,
            source=source,
            on_batch=lambda report, offset: advance(offset, f"{report.added:,} added"),
            on_rejected=complain,
        )
    if report.known:
        with session.store.read() as connection:
            showing.deleted(report, query_facets.count(connection, showing.deleted_of(report)))
    return report


@click.command()
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "format_", default="auto", help="A name from `traces formats`.")
@click.option("--map", "map_", multiple=True, help="As `traces import` has it.")
@click.option("--source", help="What to call where they came from; the file's name if left out.")
@click.option("--once", is_flag=True, help="Take what is there now, and end.")
@json_option
@pass_session
def watch(
    session: Session,
    places: tuple[Path, ...],
    format_: str,
    map_: tuple[str, ...],
    source: str | None,
    once: bool,
    as_json: bool,
) -> None:
    """Import what appears in PLACES: new files of folders, and new lines of files that grow.

    It goes on where it was, also after it was killed. A line that is half written waits for
    its end; a file that was cut short or replaced is read anew. Ctrl-C ends it.
    """
    missing = [place for place in places if not place.exists()]
    if missing and once:
        raise BadInput(f"{missing[0]} is neither a file nor a folder.")
    watched = watching.Watch(
        session.store,
        [place.absolute() for place in places],
        format=format_,
        mapped=showing.mapping(map_, format_),
        source=source,
        on_rejected=lambda name, rejected: say(plain(f"{name}:{rejected.line}: {rejected.reason}")),
        on_unreadable=lambda name, reason: say(plain(f"{name}: {reason}")),
        on_batch=_sometimes(),
    )
    for place in missing:
        say(plain(f"{place} is not there yet"))
    if once:
        news = False
        for name, report in watched.look(whole=True):
            _told(name, report, as_json)
            news = True
        if not news:
            say("nothing new")
        return
    say(plain(f"watching {', '.join(map(str, places))}; Ctrl-C ends it"))
    refused = ""
    while True:
        try:
            for name, report in watched.look():
                _told(name, report, as_json)
            refused = ""
        except Broken as error:  # a database that restarts is there again in a while
            if error.message != refused:
                say(plain(error.message))
            refused = error.message
        time.sleep(watching.PAUSE)


def _sometimes() -> Callable[[str, ImportReport], None]:
    """Says how far a long import is, every few seconds."""
    before = time.monotonic()

    def tell(name: str, report: ImportReport) -> None:
        nonlocal before
        if time.monotonic() - before > SECONDS:
            before = time.monotonic()
            say(plain(f"{name}: {report.added + report.known:,} so far"))

    return tell


def _told(name: str, report: ImportReport, as_json: bool) -> None:
    if as_json:
        emit_json({"file": name, **report.model_dump()})
        return
    line(
        f"{name} ({report.format}): {report.added:,} added, {report.known:,} known, "
        f"{report.rejected:,} rejected"
    )
