"""tunix-rt compare: baselines, and a gate that a worse run does not pass."""

import click

from tunix_rt.compare import gating, query
from tunix_rt.compare.schema import CheckRequest, GateRequest, NewBaseline
from tunix_rt.kit.terminal import (
    after_option,
    emit_json,
    json_option,
    line,
    priority_option,
    table,
)
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read, showing
from tunix_rt.store.session import Session, pass_session


@click.group("compare")
def app() -> None:
    """Keep a result as a baseline; check later runs against it."""


@app.command("baseline")
@click.argument("name")
@click.argument("run_id")
@click.option("--metric", default="primary_score", show_default=True, help="What is compared.")
@click.option(
    "--lower-is-better/--higher-is-better",
    default=None,
    help="The direction; read from the metric's name if left out.",
)
@click.option("--suite", "eval_set", help="Only evaluations on this suite count.")
@click.option("--dataset", "dataset_key", help="Only models trained on this dataset count.")
@json_option
@pass_session
def baseline_(session: Session, as_json: bool, **given: str) -> None:
    """Give what run RUN_ID reached the name NAME; a name that is taken moves here."""
    with session.store.write() as connection:
        kept = gating.set_baseline(connection, NewBaseline.model_validate(given))
    if as_json:
        emit_json(kept.model_dump())
    else:
        way = "lower" if kept.lower_is_better else "higher"
        line(f"{kept.name}: {kept.metric} of run {kept.run_id}, {way} is better")


@app.command()
@click.argument("run_id")
@click.argument("name")
@after_option
@priority_option
@json_option
@pass_session
def gate(
    session: Session,
    run_id: str,
    name: str,
    after: tuple[str, ...],
    priority: int,
    as_json: bool,
) -> None:
    """Queue the check of RUN_ID against NAME: a gate, at which other runs can wait."""
    request = GateRequest(
        run_id=showing.checked(run_id),
        baseline_name=name,
        after=tuple(map(showing.checked, after)),
        priority=priority,
    )
    with session.store.write() as connection:
        query.get(connection, name)
        query_read.get(connection, run_id)
        gate_id = runs.enqueue(connection, gating.gate(request))
    if as_json:
        emit_json({"run_id": gate_id, "status": "pending"})
    else:
        line(f"{gate_id} pending")


@app.command()
@click.argument("run_id")
@click.argument("name")
@json_option
@click.pass_context
@pass_session
def check(session: Session, context: click.Context, run_id: str, name: str, as_json: bool) -> None:
    """Compare run RUN_ID with baseline NAME; exit code 1 when it fails."""
    with session.store.read() as connection:
        found = gating.check(connection, CheckRequest(run_id=run_id, baseline_name=name))
    if as_json:
        emit_json(found.model_dump())
    else:
        line(f"{found.verdict}: {found.details}")
    context.exit(1 if found.verdict == "fail" else 0)


@app.command("list")
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), help="How many.")
@json_option
@pass_session
def list_(session: Session, limit: int, as_json: bool) -> None:
    """Show the baselines."""
    with session.store.read() as connection:
        kept = [query.shown(row) for row in query.page(connection, limit=limit)]
    if as_json:
        emit_json([one.model_dump() for one in kept])
        return
    table(
        ("name", "metric", "better", "suite", "dataset", "run"),
        [
            (
                one.name,
                one.metric,
                "lower" if one.lower_is_better else "higher",
                one.eval_set,
                one.dataset_key,
                one.run_id,
            )
            for one in kept
        ],
    )
