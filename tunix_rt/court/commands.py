"""tunix-rt court: compare two verifiers, rule on what they disagree about, adopt a new one."""

from typing import Any

import click

from tunix_rt.court import reading
from tunix_rt.court.schema import (
    AdoptConfig,
    CasePage,
    CourtConfig,
    CourtReport,
    Rate,
)
from tunix_rt.court.witnesses import known, witness
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, json_option, line, query_option, table
from tunix_rt.runs.foreground import do_now
from tunix_rt.runs.schema import NewRun
from tunix_rt.store.session import Session, pass_session
from tunix_rt.traces import query as traces
from tunix_rt.traces import showing
from tunix_rt.verify import query_rulings
from tunix_rt.verify.schema_rulings import NewRuling

subject_option = click.option(
    "--subject", type=click.Choice(["answer", "steps"]), default="answer", show_default=True
)


@click.group("court")
def app() -> None:
    """Two verifiers on the same traces: where they differ, who is right, what would change."""


@app.command()
@subject_option
@json_option
@pass_session
def witnesses(session: Session, subject: Any, as_json: bool) -> None:
    """List everybody who can be heard."""
    with session.store.read() as connection:
        found = known(connection, subject)
    if as_json:
        emit_json([one.model_dump() for one in found])
        return
    table(("name", "what it says"), [(one.name, one.summary) for one in found])


@app.command()
@click.argument("first")
@click.argument("second")
@subject_option
@query_option
@click.option("--limit", type=click.IntRange(1), help="Only the oldest so many traces.")
@json_option
@pass_session
def hold(session: Session, wanted: str | None, as_json: bool, **given: Any) -> None:
    """Hear the witnesses FIRST and SECOND on every matching trace.

    A witness is `stored`, `current`, `label`, or a verifier: tunix-rt court witnesses.
    """
    if given["first"] == given["second"]:
        raise BadInput("Both witnesses are the same.")
    _hold(session, CourtConfig(filter=showing.chosen(wanted), **given), as_json)


@app.command()
@subject_option
@query_option
@json_option
@pass_session
def regrade(session: Session, subject: Any, wanted: str | None, as_json: bool) -> None:
    """Say what the verifiers as they are now would change, and change nothing.

    Stored verdicts, frozen datasets, rewards by source, and the leaderboard's numbers.
    """
    chosen = showing.chosen(wanted)
    _hold(session, CourtConfig(filter=chosen, subject=subject, impact=True), as_json)


@app.command()
@click.argument("court_id")
@json_option
@pass_session
def adopt(session: Session, court_id: str, as_json: bool) -> None:
    """Write down what the court COURT_ID of `regrade` showed: verdicts and evaluations."""
    config = AdoptConfig(court_id=_id(court_id))
    with session.store.read() as connection:
        reading.adoptable(connection, config.court_id)
    new = NewRun(kind="adopt", name="adopt the verifiers", config=config)
    done = do_now(session, new, quiet=as_json)
    if as_json:
        emit_json({"run_id": done.id, **done.result})
    else:
        line(f"adopted; {done.result['evaluations_changed']} evaluations changed")


@app.command("list")
@click.option("--limit", default=20, type=click.IntRange(1, 10_000), help="How many.")
@json_option
@pass_session
def list_(session: Session, limit: int, as_json: bool) -> None:
    """Show courts, newest first."""
    with session.store.read() as connection:
        found = reading.courts(connection, limit)
    if as_json:
        emit_json([one.model_dump() for one in found])
        return
    table(
        ("id", "subject", "first", "second", "status", "cases", "disagree"),
        [
            (c.run_id, c.subject, c.first, c.second, c.status, c.cases, c.disagreements)
            for c in found
        ],
    )


@app.command()
@click.argument("court_id")
@json_option
@pass_session
def show(session: Session, court_id: str, as_json: bool) -> None:
    """Show what a court found: confusion, agreement, error rates against rulings, impact."""
    _report(session, _id(court_id), as_json)


@app.command()
@click.argument("court_id")
@click.option(
    "--which",
    type=click.Choice(["disagreements", "audit", "ruled", "all"]),
    default="disagreements",
    show_default=True,
    help="audit: where both agree, for an honest rate.",
)
@click.option("--limit", default=10, type=click.IntRange(1, 1000), help="How many.")
@click.option("--after", "cursor", help="The cursor of the page before.")
@json_option
@pass_session
def cases(session: Session, court_id: str, as_json: bool, **given: Any) -> None:
    """Show cases of a court to rule on."""
    with session.store.read() as connection:
        page = reading.cases(connection, _id(court_id), **given)
    if as_json:
        emit_json(page.model_dump())
    else:
        _print_cases(page)


@app.command()
@click.argument("trace_id")
@click.argument("outcome", type=click.Choice(["right", "wrong", "undecided"]))
@subject_option
@click.option("--note", default="", help="Why.")
@click.option("--author", default="", help="Who says so.")
@json_option
@pass_session
def rule(session: Session, trace_id: str, as_json: bool, **given: Any) -> None:
    """Say what is true of the answer (or the steps) of TRACE_ID, as a person."""
    with session.store.write() as connection:
        traces.get(connection, showing.checked(trace_id))
        ruled = query_rulings.rule(connection, trace_id, NewRuling(**given))
    if as_json:
        emit_json(ruled.model_dump())
    else:
        line(f"{ruled.subject} of {trace_id}: {ruled.outcome}")


def _hold(session: Session, config: CourtConfig, as_json: bool) -> None:
    with session.store.read() as connection:
        for name in (config.first, config.second):
            witness(connection, name, config.subject)
    done = do_now(session, reading.new(config), quiet=as_json)
    _report(session, done.id, as_json)


def _report(session: Session, court_id: str, as_json: bool) -> None:
    with session.store.read() as connection:
        found = reading.report(connection, court_id)
    if as_json:
        emit_json(found.model_dump())
    else:
        _print(found)


def _print(found: CourtReport) -> None:
    same = found.agreement
    line(f"{found.run_id}  {found.first} against {found.second} on {found.subject}: {found.status}")
    kappa = "" if same.kappa is None else f", kappa {same.kappa:.3f}"
    line(
        f"{found.cases:,} cases, {found.disagreements:,} disagreements; they agree on "
        f"{same.share:.2%} [{same.low:.2%}, {same.high:.2%}]{kappa}"
    )
    table(
        (found.first, found.second, "cases", "ruled right", "ruled wrong", "ruled undecided"),
        [
            (c.first, c.second, f"{c.cases:,}", c.ruled_right, c.ruled_wrong, c.ruled_undecided)
            for c in found.cells
        ],
    )
    for one in found.witnesses:
        line(f"{one.name} {one.version}".strip())
        line(f"  calls right what is not:   {_rate(one.false_positive)}")
        line(f"  does not call right what is: {_rate(one.false_negative)}")
    if found.impact is None:
        return
    impact = found.impact
    table(
        ("source", "model", "traces", "changed", "reward before", "after"),
        [
            (
                s.source,
                s.model,
                s.traces,
                s.changed,
                f"{s.reward_before:.4f}",
                f"{s.reward_after:.4f}",
            )
            for s in impact.sources
        ],
    )
    table(
        ("dataset", "traces", "changed", "right before", "after"),
        [(d.key, d.traces, d.changed, d.right_before, d.right_after) for d in impact.datasets],
    )
    table(
        ("evaluation", "model", "suite", "changed", "accuracy before", "after"),
        [
            (
                e.evaluation_id,
                e.model_id,
                e.suite,
                f"{e.changed} of {e.items}",
                f"{e.accuracy_before:.4f}",
                f"{e.accuracy_after:.4f}",
            )
            for e in impact.evaluations
        ],
    )


def _rate(rate: Rate) -> str:
    if rate.estimate is None or rate.low is None or rate.high is None:
        return "unknown: no ruling tells"
    unseen = f"; {rate.unseen:,} cases lie where nobody ruled" if rate.unseen else ""
    return (
        f"{rate.estimate:.2%} [{rate.low:.2%}, {rate.high:.2%}] by {rate.rulings} rulings{unseen}"
    )


def _print_cases(page: CasePage) -> None:
    table(
        ("trace", "first", "second", "ruled", "expected", "given", "reasons"),
        [
            (
                one.trace_id,
                one.first.outcome,
                one.second.outcome,
                one.ruling,
                one.expected,
                one.final_answer,
                " | ".join(filter(None, (one.first.reason, one.second.reason))),
            )
            for one in page.data
        ],
    )
    if page.next_cursor:
        line(f"more: --after {page.next_cursor}")


def _id(court_id: str) -> str:
    if not is_id(court_id):
        raise BadInput(f"{court_id!r} is not the id of a court.", hint="tunix-rt court list")
    return court_id
