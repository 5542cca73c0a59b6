"""tunix-rt exams: plant known errors in verified traces; see what a checker finds of them."""

from pathlib import Path
from typing import Any

import click

from tunix_rt.exams import exporting, query
from tunix_rt.exams.jobs import ScoreConfig
from tunix_rt.exams.schema import KINDS, Exam, ExamConfig, Score, Share
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.files import write_whole
from tunix_rt.kit.terminal import emit_json, json_option, line, query_option, table
from tunix_rt.runs.foreground import do_now
from tunix_rt.runs.schema import NewRun
from tunix_rt.store.session import Session, pass_session
from tunix_rt.traces import showing
from tunix_rt.verify.checking import STEPS, step_verifier


@click.group("exams")
def app() -> None:
    """Verified traces with one known error each: for checkers, process labels and pairs."""


@app.command()
@click.argument("name")
@query_option
@click.option("--count", default=1000, type=click.IntRange(1, 100_000), show_default=True)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(list(KINDS)), help="Only such errors."
)
@click.option(
    "--propagate",
    type=click.Choice(["both", "always", "never"]),
    default="both",
    show_default=True,
    help="Whether what follows a wrong number is computed from it.",
)
@click.option("--seed", default=0, type=click.IntRange(0, 2**31 - 1), show_default=True)
@json_option
@pass_session
def make(
    session: Session, wanted: str | None, kinds: tuple[Any, ...], as_json: bool, **given: Any
) -> None:
    """Make the exam NAME from stored traces whose steps hold."""
    chosen = {"kinds": kinds} if kinds else {}
    config = _config(filter=showing.chosen(wanted), **chosen, **given)
    with session.store.read() as connection:
        if query.exists(connection, config.name):
            raise query.taken(config.name)
    do_now(session, NewRun(kind="exam", name=f"exam {config.name}", config=config), quiet=as_json)
    _show(session, config.name, as_json)


@app.command("list")
@click.option("--limit", default=20, type=click.IntRange(1, 10_000), help="How many.")
@json_option
@pass_session
def list_(session: Session, limit: int, as_json: bool) -> None:
    """Show exams, newest first."""
    with session.store.read() as connection:
        found = query.page(connection, limit)
    if as_json:
        emit_json([one.model_dump() for one in found])
        return
    table(
        ("name", "items", "digest", "made"),
        [(one.name, f"{one.items:,}", one.digest[:16], one.created_at) for one in found],
    )


@app.command()
@click.argument("name")
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> None:
    """Show what the exam NAME is made of."""
    _show(session, name, as_json)


@app.command()
@click.argument("name")
@click.option("--verifier", default=STEPS, show_default=True, help="Who sits it.")
@json_option
@pass_session
def score(session: Session, name: str, verifier: str, as_json: bool) -> None:
    """Let a step verifier sit the exam NAME: detection, exact step, ProcessBench's F1."""
    step_verifier(verifier)
    with session.store.read() as connection:
        query.get(connection, name)
    config = ScoreConfig(exam=name, verifier=verifier)
    new = NewRun(kind="exam-score", name=f"{verifier} on {name}", config=config)
    found = Score.model_validate(do_now(session, new, quiet=as_json).result)
    if as_json:
        emit_json(found.model_dump())
    else:
        _print(found)


@app.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format",
    type=click.Choice(list(exporting.WRITERS)),
    default="processbench",
    show_default=True,
)
@json_option
@pass_session
def export(session: Session, name: str, file: Path, format: Any, as_json: bool) -> None:
    """Write the exam NAME to FILE: process labels, preference pairs or traces."""
    written = write_whole(file, exporting.lines(session.store, name, format))
    if as_json:
        emit_json({"file": str(file), "lines": written})
    else:
        line(f"{written:,} lines written to {file}")


def _config(**given: Any) -> ExamConfig:
    try:
        return ExamConfig(**given)
    except ValueError:
        raise BadInput(
            f"{given['name']!r} is not a name for an exam.",
            hint="Letters, digits, dots, dashes and underscores, at most 100.",
        ) from None


def _show(session: Session, name: str, as_json: bool) -> None:
    with session.store.read() as connection:
        found = query.get(connection, name)
    if as_json:
        emit_json(found.model_dump())
    else:
        _print_exam(found)


def _print_exam(found: Exam) -> None:
    line(f"{found.name}: {found.items:,} items, digest {found.digest[:16]}")
    table(
        ("error", "propagated", "items", "what it is"),
        [(k.kind, _yes(k.propagated), k.items, KINDS[k.kind]) for k in found.kinds],
    )


def _print(found: Score) -> None:
    line(f"{found.verifier} {found.version} on {found.exam}")
    rows: list[tuple[str, ...]] = [
        (one.kind, _yes(one.propagated), *map(_share, (one.detected, one.exact, one.warned)))
        for one in found.kinds
    ]
    rows.append(("all", "", *map(_share, (found.detected, found.exact, found.warned))))
    table(("error", "propagated", "detected", "exact step", "warned there"), rows)
    line(f"nothing found in {_share(found.clean)} clean twins; F1 {found.f1:.3f}")
    line(f"a warning on some step in {_share(found.clean_warned)} clean twins")


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _share(one: Share) -> str:
    return f"{one.share:.3f} [{one.low:.3f}, {one.high:.3f}] of {one.of:,}"
