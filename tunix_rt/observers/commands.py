"""tunix-rt observers: fit a small model that says which traces to look at first."""

from pathlib import Path
from typing import Any

import click

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.files import write_whole
from tunix_rt.kit.terminal import emit_json, json_option, line, query_option, table
from tunix_rt.observers import exporting, query
from tunix_rt.observers.schema import Exam, ExamineConfig, FitConfig, Observer, RankConfig
from tunix_rt.runs.foreground import do_now
from tunix_rt.runs.schema import NewRun
from tunix_rt.store.session import Session, pass_session
from tunix_rt.traces import showing

truth_option = click.option(
    "--truth",
    type=click.Choice(["verdict", "label", "ruling"]),
    default="verdict",
    show_default=True,
    help="Who says whether an answer is right.",
)


@click.group("observers")
def app() -> None:
    """Small models that say which traces to look at first; they never give a verdict."""


@app.command()
@click.argument("name")
@query_option
@truth_option
@click.option("--limit", default=50_000, type=click.IntRange(50, 1_000_000), show_default=True)
@click.option("--seed", default=0, type=click.IntRange(0, 2**31 - 1), show_default=True)
@json_option
@pass_session
def fit(session: Session, wanted: str | None, as_json: bool, **given: Any) -> None:
    """Fit the observer NAME on traces whose answers are known to be right or wrong."""
    config = _fit_config(filter=showing.chosen(wanted), **given)
    with session.store.read() as connection:
        if query.exists(connection, config.name):
            raise query.taken(config.name)
    do_now(session, NewRun("observer", f"observer {config.name}", config), quiet=as_json)
    _show(session, config.name, as_json)


@app.command()
@click.argument("name")
@query_option
@truth_option
@click.option(
    "--coverage",
    default=0.1,
    type=click.FloatRange(0, 1, min_open=True),
    show_default=True,
    help="The share of the traces it marks.",
)
@click.option(
    "--precision",
    default=0.9,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    show_default=True,
    help="So much of what it marks must be wrong, with 95 % confidence.",
)
@json_option
@click.pass_context
@pass_session
def exam(
    session: Session,
    context: click.Context,
    name: str,
    wanted: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Let NAME sit an exam on problems it has not seen; exit code 1 when it fails."""
    _known(session, name)
    config = ExamineConfig(observer=name, filter=showing.chosen(wanted), **given)
    done = do_now(session, NewRun("observer-exam", f"exam of {name}", config), quiet=as_json)
    found = Exam.model_validate(done.result)
    if as_json:
        emit_json(found.model_dump())
    else:
        line(_exam(found))
    context.exit(0 if found.passed else 1)


@app.command()
@click.argument("name")
@query_option
@json_option
@pass_session
def rank(session: Session, name: str, wanted: str | None, as_json: bool) -> None:
    """Say of every matching trace how likely NAME calls it wrong."""
    _known(session, name)
    config = RankConfig(observer=name, filter=showing.chosen(wanted))
    done = do_now(session, NewRun("observer-rank", f"rank by {name}", config), quiet=as_json)
    if as_json:
        emit_json({"run_id": done.id, **done.result})
    else:
        line(f"{done.result['ranked']:,} traces ranked; tunix-rt observers queue {name}")


@app.command()
@click.argument("name")
@click.option("--limit", default=20, type=click.IntRange(1, 1000), help="How many.")
@click.option("--after", "cursor", help="The cursor of the page before.")
@json_option
@pass_session
def queue(session: Session, name: str, limit: int, cursor: str | None, as_json: bool) -> None:
    """Show ranked traces, the likeliest wrong first."""
    with session.store.read() as connection:
        query.get(connection, name)
        page = query.ranked(connection, name, limit=limit, cursor=cursor)
    if as_json:
        emit_json(page.model_dump())
        return
    table(
        ("trace", "probability", "verdict", "answer", "prompt"),
        [
            (r.trace_id, f"{r.probability:.3f}", r.verdict, r.final_answer, r.prompt)
            for r in page.data
        ],
    )
    if page.next_cursor:
        line(f"more: --after {page.next_cursor}")


@app.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@pass_session
def export(session: Session, name: str, file: Path, as_json: bool) -> None:
    """Write what NAME marks to FILE; refused until it has passed an exam."""
    written = write_whole(file, exporting.lines(session.store, name))
    if as_json:
        emit_json({"file": str(file), "lines": written})
    else:
        line(f"{written:,} lines written to {file}")


@app.command("list")
@click.option("--limit", default=20, type=click.IntRange(1, 10_000), help="How many.")
@json_option
@pass_session
def list_(session: Session, limit: int, as_json: bool) -> None:
    """Show observers, newest first."""
    with session.store.read() as connection:
        found = query.page(connection, limit)
    if as_json:
        emit_json([one.model_dump() for one in found])
        return
    table(
        ("name", "AUC", "traces", "licence", "ranked"),
        [
            (
                one.name,
                f"{one.quality.auc:.3f}",
                f"{one.quality.traces:,}",
                _licence(one),
                f"{one.ranked:,}",
            )
            for one in found
        ],
    )


@app.command()
@click.argument("name")
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> None:
    """Show what NAME looks at, how good it is, and the exams it sat."""
    _show(session, name, as_json)


def _fit_config(**given: Any) -> FitConfig:
    try:
        return FitConfig(**given)
    except ValueError:
        raise BadInput(
            f"{given['name']!r} is not a name for an observer.",
            hint="Letters, digits, dots, dashes and underscores, at most 100.",
        ) from None


def _known(session: Session, name: str) -> None:
    with session.store.read() as connection:
        query.model_of(connection, name)


def _show(session: Session, name: str, as_json: bool) -> None:
    with session.store.read() as connection:
        found = query.get(connection, name)
    if as_json:
        emit_json(found.model_dump())
        return
    quality = found.quality
    line(
        f"{found.name}: {quality.wrong:,} of {quality.traces:,} traces wrong, "
        f"{quality.problems:,} problems"
    )
    line(
        f"AUC {quality.auc:.3f} [{quality.auc_low:.3f}, {quality.auc_high:.3f}] on unseen problems"
    )
    line(f"Brier {quality.brier:.3f}; always saying the share gives {quality.brier_of_share:.3f}")
    line(f"at precision 0.9 it finds {quality.recall_at_90:.1%} of the wrong traces")
    table(
        ("feature", "weight"), [(one.feature, f"{one.weight:+.3f}") for one in found.coefficients]
    )
    for sat in found.exams:
        line(_exam(sat))


def _exam(found: Exam) -> str:
    word = "passed" if found.passed else "failed"
    return (
        f"{word}: of {found.marked:,} marked ({found.coverage:.0%} of {found.traces:,}) "
        f"{found.wrong:,} are wrong, {found.precision:.1%}, at least {found.low:.1%}; "
        f"asked {found.required:.0%}"
    )


def _licence(one: Observer) -> str:
    exam = one.licence
    return f"{exam.low:.0%} at {exam.coverage:.0%}" if exam else "none"
