"""tunix-rt train rollouts, doctor: look at what a model practises, while it does."""

import click

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, json_option, line, table
from tunix_rt.store.session import Session, pass_session
from tunix_rt.train import doctoring, showing


@click.command()
@click.argument("run_id")
@click.option("--round", type=click.IntRange(0), help="Only this round, from 0.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
@pass_session
def rollouts(session: Session, run_id: str, round: int | None, limit: int, as_json: bool) -> None:
    """Show what a training has practised so far, the newest round first."""
    with session.store.read() as connection:
        page = showing.rollouts(connection, _checked(run_id), limit=limit, round=round)
    if as_json:
        emit_json(page.model_dump(mode="json"))
        return
    rows = [
        (
            f"{one.round}.{one.place}",
            one.problem[:40],
            one.answer[:20],
            "right" if one.is_right else "wrong" if one.ended else "cut off",
            f"{one.reward:.2f}",
            f"{one.advantage:+.2f}",
            one.trace_id,
        )
        for one in page.data
    ]
    table(("round", "problem", "answer", "verdict", "reward", "advantage", "trace"), rows)
    line(f"{len(rows)} of {page.total:,}")


@click.command()
@click.argument("run_id")
@json_option
@pass_session
def doctor(session: Session, run_id: str, as_json: bool) -> None:
    """Say what is wrong with a training that practises, and which rollouts show it."""
    with session.store.read() as connection:
        found = doctoring.diagnose(connection, _checked(run_id))
    if as_json:
        emit_json(found.model_dump(mode="json"))
        return
    line(f"{found.rounds} rounds, {found.rollouts:,} rollouts, {len(found.findings)} findings")
    for one in found.findings:
        line(f"{one.sign}, rounds {one.first_round} to {one.last_round}: {one.text}")
        for trace_id in one.trace_ids[:3]:
            line(f"  tunix-rt traces show {trace_id}")


def _checked(run_id: str) -> str:
    if not is_id(run_id):
        raise BadInput(
            f"{run_id[:100]!r} is not the id of a run.", hint="tunix-rt runs list --kind train"
        )
    return run_id
