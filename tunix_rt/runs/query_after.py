"""Runs that wait for other runs: what holds one back, and what becomes of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from tunix_rt.kit.errors import Conflict, NotFound
from tunix_rt.kit.ids import now
from tunix_rt.runs.schema import TERMINAL
from tunix_rt.runs.table import run, run_after
from tunix_rt.store import Connection

LOST: frozenset[str] = TERMINAL - {"completed"}
"""How a run ends that nothing can wait for any more."""

_first = run.alias("first")


def wait_for(connection: Connection, run_id: str, after: Sequence[str]) -> None:
    """Let a run begin only once all of `after` are completed."""
    wanted = list(dict.fromkeys(after))
    states = select(run.c.id, run.c.status).where(run.c.id.in_(wanted)).with_for_update()
    found = {row.id: row.status for row in connection.execute(states)}
    for first in wanted:
        if first not in found:
            raise NotFound(f"There is no run {first} to wait for.")
        _hopeful(first, found[first])
        connection.execute(insert(run_after).values(run_id=run_id, after_id=first))


def still_hopeful(connection: Connection, run_id: str) -> None:
    """`Conflict` if a run waits for one that ended early."""
    firsts = select(_first.c.id, _first.c.status).join(
        run_after, run_after.c.after_id == _first.c.id
    )
    for row in connection.execute(firsts.where(run_after.c.run_id == run_id)):
        _hopeful(row.id, row.status)


def held_back() -> ColumnElement[bool]:
    """Whether a run waits for another, as a condition on `run`."""
    open_ = select(run_after.c.run_id).join(_first, _first.c.id == run_after.c.after_id)
    return open_.where(run_after.c.run_id == run.c.id, _first.c.status != "completed").exists()


def firsts_of(connection: Connection, run_id: str) -> list[str]:
    """The runs that a run waits for, or waited for."""
    firsts = select(run_after.c.after_id).where(run_after.c.run_id == run_id)
    return list(connection.scalars(firsts.order_by(run_after.c.after_id)))


def give_up(connection: Connection, run_id: str, status: str) -> None:
    """Cancel what waits for a run that ended as `status`, and what waits for that in turn."""
    lost = [(run_id, status)]
    while lost:
        first, how = lost.pop()
        waiting = select(run_after.c.run_id).where(run_after.c.after_id == first)
        cancelled: Sequence[Any] = (
            connection.execute(
                update(run)
                .where(run.c.id.in_(waiting), run.c.status == "pending")
                .values(
                    status="cancelled",
                    error=f"The run {first} that it waited for {_ended(how)}.",
                    completed_at=now(),
                )
                .returning(run.c.id)
            )
            .scalars()
            .all()
        )
        lost += [(one, "cancelled") for one in cancelled]


def _hopeful(first: str, status: str) -> None:
    if status in LOST:
        raise Conflict(
            f"The run {first} {_ended(status)}, so nothing can wait for it.",
            hint=f"Queue it again first: tunix-rt runs retry {first}",
        )


def _ended(status: str) -> str:
    return {"failed": "failed", "timeout": "took too long"}.get(status, "was cancelled")
