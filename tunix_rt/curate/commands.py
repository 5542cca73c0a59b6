"""tunix-rt curate: run a pipeline over traces, and look at what it kept and dropped and why."""

from pathlib import Path
from typing import Any

import click

from tunix_rt.curate import files, reading, staging
from tunix_rt.curate.pipeline import require
from tunix_rt.curate.schema import CurateConfig
from tunix_rt.curate.schema_report import Curation, Decision, Quoted
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, json_option, line, lines, table
from tunix_rt.runs.foreground import do_now
from tunix_rt.store.session import Session, pass_session
from tunix_rt.traces import query as traces
from tunix_rt.traces import showing

limit_option = click.option("--limit", default=20, type=click.IntRange(1, 1000), help="How many.")
after_option = click.option("--after", "cursor", help="The cursor of the page before.")


@click.group("curate")
def app() -> None:
    """Choose traces by a pipeline of stages, and say of each why it was taken or not."""


@app.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Decide all, and let nothing be frozen from it.")
@click.option("--sample", type=click.IntRange(1), help="A dry run over about so many traces.")
@click.option("--query", "wanted", help="These traces instead of the filter of the file.")
@json_option
@pass_session
def run(
    session: Session,
    file: Path,
    dry_run: bool,
    sample: int | None,
    wanted: str | None,
    as_json: bool,
) -> None:
    """Run the pipeline in FILE (TOML, YAML or JSON) and show its funnel."""
    pipeline = files.read(file)
    if wanted is not None:
        pipeline = pipeline.model_copy(update={"filter": showing.chosen(wanted)})
    if sample is not None and not dry_run:
        raise BadInput("Only a dry run looks at a sample.", hint="Add --dry-run.")
    config = CurateConfig(pipeline=pipeline, dry_run=dry_run, sample=sample)
    with session.store.read() as connection:
        require(connection, pipeline)
    done = do_now(session, reading.new(config), quiet=as_json)
    _report(session, done.id, as_json)


@app.command("list")
@limit_option
@json_option
@pass_session
def list_(session: Session, limit: int, as_json: bool) -> None:
    """Show curations, newest first."""
    with session.store.read() as connection:
        found = reading.curations(connection, limit=limit).data
    if as_json:
        emit_json([one.model_dump() for one in found])
        return
    table(
        ("id", "name", "status", "dry run", "looked at", "kept", "begun"),
        [
            (
                one.run_id,
                one.name,
                one.status,
                "yes" if one.dry_run else "",
                f"{one.looked_at:,}",
                f"{one.kept:,}",
                one.created_at[:16],
            )
            for one in found
        ],
    )


@app.command()
@click.argument("run_id")
@json_option
@pass_session
def show(session: Session, run_id: str, as_json: bool) -> None:
    """Show the funnel of the curation RUN_ID: what each stage dropped, and why."""
    _report(session, _id(run_id), as_json)


@app.command()
@click.argument("run_id")
@click.option("--stage", help="Only of this stage.")
@click.option("--reason", help="Only for this reason.")
@limit_option
@after_option
@json_option
@pass_session
def drops(session: Session, run_id: str, as_json: bool, **given: Any) -> None:
    """Show traces that were dropped, with the reason and what shows it."""
    with session.store.read() as connection:
        page = reading.decisions(connection, _id(run_id), kept=False, **given)
    if as_json:
        emit_json(page.model_dump())
        return
    table(
        ("trace", "stage", "reason", "shown by", "prompt"),
        [(d.trace_id, d.stage, d.reason, _evidence(d), d.prompt) for d in page.data],
    )
    _more(page.next_cursor)


@app.command()
@click.argument("run_id")
@limit_option
@after_option
@json_option
@pass_session
def clusters(session: Session, run_id: str, as_json: bool, **given: Any) -> None:
    """Show duplicates: the trace that was kept, and those that were dropped for it."""
    with session.store.read() as connection:
        page = reading.clusters(connection, _id(run_id), **given)
    if as_json:
        emit_json(page.model_dump())
        return
    for one in page.data:
        line(f"{one.trace_id}  {one.size:,} traces  {one.prompt}")
        for member in one.members:
            line(f"  {member.trace_id}  {member.reason} {_evidence(member)}  {member.prompt}")
    _more(page.next_cursor)


@app.command()
@click.argument("run_id")
@limit_option
@after_option
@json_option
@pass_session
def contamination(session: Session, run_id: str, as_json: bool, **given: Any) -> None:
    """Show traces that hold an item of an eval set, text against text."""
    with session.store.read() as connection:
        page = reading.hits(connection, _id(run_id), **given)
    if as_json:
        emit_json(page.model_dump())
        return
    for hit in page.data:
        line(f"{hit.trace_id} {hit.part}: {hit.rule} of {hit.suite} {hit.item} ({hit.share:.0%})")
        lines(f"  trace: {_marked(hit.trace)}")
        if hit.original is not None:
            lines(f"  item:  {_marked(hit.original)}")
    _more(page.next_cursor)


@app.command("of-trace")
@click.argument("trace_id")
@json_option
@pass_session
def of_trace(session: Session, trace_id: str, as_json: bool) -> None:
    """Show what every curation said of the trace TRACE_ID."""
    with session.store.read() as connection:
        traces.get(connection, showing.checked(trace_id))
        found = reading.of_trace(connection, trace_id)
    if as_json:
        emit_json(found.model_dump())
        return
    table(
        ("curation", "name", "kept", "stage", "reason", "shown by"),
        [
            (
                one.run_id,
                one.name,
                "yes" if one.decision.kept else "no",
                one.decision.stage,
                one.decision.reason,
                _evidence(one.decision),
            )
            for one in found.data
        ],
    )


@app.command()
@click.argument("name", required=False)
@json_option
def stages(name: str | None, as_json: bool) -> None:
    """List every stage; with NAME, its options with their defaults."""
    found = [one for one in staging.known() if name in (None, one.name)]
    if not found:
        raise BadInput(
            f"There is no stage {str(name)[:80]!r}.",
            hint=staging.nearest(str(name), staging.stages.names()),
        )
    if as_json:
        emit_json([one.model_dump() for one in found])
    elif name is None:
        table(("stage", "what it does"), [(one.name, one.summary) for one in found])
    else:
        line(found[0].summary)
        options = found[0].options.get("properties", {})
        table(
            ("option", "default", "what it means"),
            [(key, one.get("default"), one.get("description", "")) for key, one in options.items()],
        )


def _report(session: Session, run_id: str, as_json: bool) -> None:
    with session.store.read() as connection:
        found = reading.curation(connection, run_id)
    if as_json:
        emit_json(found.model_dump(mode="json"))
    else:
        _print(found)


def _print(found: Curation) -> None:
    dry = " (dry run)" if found.dry_run else ""
    line(f"{found.run_id}  {found.name}{dry}: {found.status}")
    rows: list[tuple[object, ...]] = []
    for one in found.funnel:
        rows.append((one.stage, f"{one.came:,}", f"{one.kept:,}", "", "", ""))
        rows += [
            ("", "", "", said.reason, f"{said.traces:,}", ", ".join(said.examples[:2]))
            for said in one.reasons
        ]
    table(("stage", "came", "kept", "dropped for", "traces", "for example"), rows)
    line(f"{found.kept:,} of {found.looked_at:,} traces kept")
    if found.selection_sha256:
        line(f"selection sha256 {found.selection_sha256}")


def _evidence(said: Decision) -> str:
    shown = [f"{key} {value}" for key, value in (said.evidence or {}).items()]
    if said.twin_id:
        shown.append(f"twin {said.twin_id}")
    return ", ".join(shown)


def _marked(said: Quoted) -> str:
    """The text around the characters that are meant, these in brackets."""
    before, after = max(0, said.start - 60), said.end + 60
    text = said.text
    return f"{text[before : said.start]}[{text[said.start : said.end]}]{text[said.end : after]}"


def _more(cursor: str | None) -> None:
    if cursor:
        line(f"more: --after {cursor}")


def _id(run_id: str) -> str:
    if not is_id(run_id):
        raise BadInput(f"{run_id!r} is not the id of a curation.", hint="tunix-rt curate list")
    return run_id
