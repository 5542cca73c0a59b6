"""tunix-rt verify: judge answers and steps, stored or in a file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.terminal import emit_json, json_option, line, plain, query_option, say, table
from tunix_rt.runs.foreground import do_now
from tunix_rt.runs.schema import NewRun
from tunix_rt.store.session import Session, pass_session
from tunix_rt.traces import showing
from tunix_rt.verify import checking, recorded
from tunix_rt.verify import query as judged
from tunix_rt.verify.judging import run_name
from tunix_rt.verify.recorded import BadLine, JudgedAnswer, JudgedSteps
from tunix_rt.verify.schema import GroupSummary, Summary, VerifyConfig


@click.group("verify")
def app() -> None:
    """Find out which answers are right and which steps are false."""


@app.command()
@click.option("--source", help="Only traces that came from here.")
@click.option("--model", help="Only traces of this model.")
@click.option(
    "--verdict",
    type=click.Choice(["right", "wrong", "undecided", "none"]),
    help="Only traces with this verdict so far.",
)
@query_option
@click.option("--again", is_flag=True, help="Judge also what was judged by this version.")
@click.option("--answers/--no-answers", default=True, help="Judge the final answers.")
@click.option("--steps/--no-steps", default=True, help="Judge the steps.")
@click.option("--batch", default=500, type=click.IntRange(1, 5000), help="Traces a transaction.")
@json_option
@pass_session
def run(
    session: Session,
    as_json: bool,
    again: bool,
    answers: bool,
    steps: bool,
    batch: int,
    wanted: str | None,
    **fields: str | None,
) -> None:
    """Judge the stored traces that these verifiers have not judged yet.

    Stop it whenever you like: what is judged stays, and the next time goes on from there.
    """
    if not (answers or steps):
        raise BadInput("Nothing is to be judged.", hint="Leave out --no-answers or --no-steps.")
    chosen = showing.chosen(wanted, **fields)
    config = VerifyConfig(filter=chosen, again=again, answers=answers, steps=steps, batch=batch)
    new = NewRun(kind="verify", name=run_name(config), config=config)
    done = do_now(session, new, quiet=as_json)
    with session.store.read() as connection:
        found = judged.summary(connection, chosen)
    if as_json:
        emit_json({"run_id": done.id, "judged": done.result["judged"], **found.model_dump()})
        return
    _print_summary(found)
    line(f"{done.result['judged']:,} traces judged in this run")


@app.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def answers(file: Path, as_json: bool) -> None:
    """Judge the answers in FILE: {id, expected, given, kind?, data?} lines."""
    counts = dict.fromkeys(("right", "wrong", "undecided"), 0)
    bad = 0
    for item in recorded.judge_answers(file):
        if isinstance(item, BadLine):
            bad += _complain(file, item)
            continue
        counts[item.verdict] += 1
        _print_answer(item, as_json)
    say(", ".join(f"{number:,} {word}" for word, number in counts.items()))
    _end(file, bad)


@app.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def steps(file: Path, as_json: bool) -> None:
    """Find the first false step of every trace in FILE: ReasoningTrace lines."""
    judged = false = bad = 0
    for item in recorded.judge_traces(file):
        if isinstance(item, BadLine):
            bad += _complain(file, item)
            continue
        judged += 1
        false += item.first_error is not None
        _print_steps(item, as_json)
    say(f"{judged:,} traces, {false:,} with a false step")
    _end(file, bad)


@app.command()
@json_option
def verifiers(as_json: bool) -> None:
    """List what can judge answers, what can judge steps, and what warns."""
    known = [one.model_dump() for one in checking.verifiers()]
    if as_json:
        emit_json(known)
        return
    columns = ("subject", "name", "version", "summary")
    table(columns, [[one[column] for column in columns] for one in known])


def _print_answer(item: JudgedAnswer, as_json: bool) -> None:
    if as_json:
        emit_json(item.model_dump())
    else:
        line(f"{item.id}  {item.verdict:9}  {item.method}  {item.reason}")


def _print_steps(item: JudgedSteps, as_json: bool) -> None:
    name = item.index if item.id is None else item.id
    if as_json:
        shown = item.model_dump()
        emit_json({k: v for k, v in shown.items() if k != "id" or v is not None})
    elif item.first_error:
        error = item.first_error
        place = f"step {error.step} [{error.start}:{error.end}]"
        line(f"{name}  wrong  {place}  {error.message}")
    else:
        undecided = any(warning.kind == "undecided" for warning in item.warnings)
        line(f"{name}  {'undecided' if undecided else 'no false step'}")
    if not as_json:
        for warning in item.warnings:
            place = "" if warning.step is None else f"step {warning.step}  "
            line(f"    {warning.kind}  {place}{warning.message}")


def _complain(file: Path, bad: BadLine) -> int:
    say(f"{file.name}:{bad.number}: {plain(bad.reason)}")
    return 1


def _end(file: Path, bad: int) -> None:
    if bad:
        raise BadInput(f"{bad} lines of {file.name} could not be read; the rest was judged.")


def _print_summary(found: Summary) -> None:
    columns = ("source", "model", "traces", "right", "wrong", "undecided", "false steps", "labels")
    groups = list(found.groups) if len(found.groups) > 1 else []
    total = found.groups[0] if len(found.groups) == 1 else found.total
    table(columns, _rows([*groups, total]))


def _rows(groups: Iterable[GroupSummary]) -> list[tuple[Any, ...]]:
    return [
        (
            "all" if group.source is None else group.source,
            group.model,
            f"{group.traces:,}",
            f"{group.answers.right:,}",
            f"{group.answers.wrong:,}",
            f"{group.answers.undecided:,}",
            f"{group.steps.wrong:,}",
            f"{group.labels.agree:,} of {group.labels.labelled:,} agree"
            if group.labels.labelled
            else "",
        )
        for group in groups
    ]
