"""Counts and durations of runs, summed in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, case, extract, func, select, type_coerce

from tunix_rt.runs.schema import TERMINAL
from tunix_rt.runs.table import run
from tunix_rt.store import Connection

BUCKETS = (0.1, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400)
"""Upper ends of the histogram of durations, in seconds."""


@dataclass(frozen=True)
class Ended:
    """Training runs of one mode that ended in one way."""

    mode: Literal["dry-run", "local"]
    status: str
    count: int
    timed: int
    """Those that had begun: a run that was cancelled before took no time."""
    seconds: float
    buckets: tuple[tuple[float, int], ...]
    """How many took at most so long."""


def ended(connection: Connection) -> list[Ended]:
    """Every training run that has ended, by mode and status."""
    dry = func.coalesce(run.c.config["dry_run"].as_boolean(), False).label("dry")
    took = _seconds(connection)
    within = [func.sum(case((took <= end, 1), else_=0)) for end in BUCKETS]
    groups = (
        select(dry, run.c.status, func.count(), func.count(took), func.sum(took), *within)
        .where(run.c.kind == "train", run.c.status.in_(TERMINAL))
        .group_by("dry", run.c.status)
        .order_by("dry", run.c.status)
    )
    return [
        Ended(
            mode="dry-run" if is_dry else "local",
            status=status,
            count=count,
            timed=timed,
            seconds=float(seconds or 0),
            buckets=tuple(zip(BUCKETS, map(int, counts), strict=True)),
        )
        for is_dry, status, count, timed, seconds, *counts in connection.execute(groups)
    ]


def open_runs(connection: Connection) -> Sequence[Any]:
    """(kind, status, how many) of the runs that have not ended."""
    groups = (
        select(run.c.kind, run.c.status, func.count())
        .where(run.c.status.not_in(TERMINAL))
        .group_by(run.c.kind, run.c.status)
        .order_by(run.c.kind, run.c.status)
    )
    return connection.execute(groups).all()


def _seconds(connection: Connection) -> ColumnElement[Any]:
    """How long a run took; an instant is a number of microseconds, or a timestamp."""
    if connection.dialect.name == "postgresql":
        return extract("epoch", run.c.completed_at) - extract("epoch", run.c.started_at)
    began, end = type_coerce(run.c.started_at, Integer), type_coerce(run.c.completed_at, Integer)
    return (end - began) / 1_000_000.0
