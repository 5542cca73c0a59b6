"""Every SQL statement about verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select

from tunix_rt.kit.ids import iso, now
from tunix_rt.store import Connection, Row, upsert
from tunix_rt.traces.query import know_bodies, matches, whole
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.traces.table import trace
from tunix_rt.verify.schema import (
    Agreement,
    GroupSummary,
    StoredSteps,
    StoredVerdict,
    Subject,
    Summary,
    Tally,
    TraceVerdicts,
)
from tunix_rt.verify.table import verdict

MOST_GROUPS = 200
"""Sources and models that a summary lists."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which traces are still to be judged: by a current verifier, or in this run."""

    filter: TraceFilter
    current: dict[Subject, list[tuple[str, str]]]
    """For each subject the (verifier, version) pairs that count as judged."""

    run_id: str | None = None
    """Only verdicts of this run count: everything else is judged again."""


def waiting(
    connection: Connection, wanted: Wanted, *, after: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Up to `limit` traces with bodies that lack a verdict, oldest first, behind `after`."""
    rows = whole().where(*_open(wanted))
    if after is not None:
        rows = rows.where(trace.c.id > after)
    found = connection.execute(rows.order_by(trace.c.id).limit(limit)).all()
    know_bodies(connection, found)
    return found


def count_waiting(connection: Connection, wanted: Wanted) -> int:
    """How many traces lack a verdict."""
    counted = select(func.count()).select_from(trace).where(*_open(wanted))
    return connection.execute(counted).scalar_one()


def put(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Store verdicts; what another verifier or version said of the same subject goes."""
    if not rows:
        return
    for subject in {row["subject"] for row in rows}:
        ids = [row["trace_id"] for row in rows if row["subject"] == subject]
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            connection.execute(
                delete(verdict).where(verdict.c.trace_id.in_(some), verdict.c.subject == subject)
            )
    new = upsert(connection, verdict)
    changed = {
        column.name: new.excluded[column.name]
        for column in verdict.columns
        if not column.primary_key
    }
    moment = now()
    connection.execute(
        new.on_conflict_do_update(index_elements=["trace_id", "verifier"], set_=changed),
        [{**row, "created_at": moment} for row in rows],
    )


def of_trace(connection: Connection, trace_id: str) -> TraceVerdicts:
    """Everything that was said of one trace."""
    rows = select(verdict).where(verdict.c.trace_id == trace_id).order_by(verdict.c.created_at)
    found = {row.subject: row for row in connection.execute(rows)}
    answer, steps = found.get("answer"), found.get("steps")
    return TraceVerdicts(
        trace_id=trace_id,
        answer=StoredVerdict(**_stored(answer)) if answer else None,
        steps=StoredSteps(**_stored(steps), **_detail(steps)) if steps else None,
    )


def stored(
    connection: Connection, trace_ids: Sequence[str], subject: Subject
) -> dict[str, Row[Any]]:
    """The verdicts of a subject on some traces, by trace."""
    rows = select(verdict).where(verdict.c.trace_id.in_(trace_ids), verdict.c.subject == subject)
    return {row.trace_id: row for row in connection.execute(rows.order_by(verdict.c.created_at))}


def summary(connection: Connection, wanted: TraceFilter) -> Summary:
    """Verdicts of the matching traces, by source and model."""
    by = (trace.c.source, trace.c.model)
    number = func.count().label("number")
    totals = select(*by, number).where(*matches(wanted)).group_by(*by)
    counts = {(row.source, row.model): row.number for row in connection.execute(totals)}
    agrees = or_(
        and_(verdict.c.label.is_(True), verdict.c.outcome == "right"),
        and_(verdict.c.label.is_(False), verdict.c.outcome != "right"),
    )
    rows = connection.execute(
        select(
            *by,
            verdict.c.subject,
            verdict.c.outcome,
            number,
            func.count(verdict.c.label).label("labelled"),
            func.sum(case((agrees, 1), else_=0)).label("agree"),
        )
        .join(verdict, verdict.c.trace_id == trace.c.id)
        .where(*matches(wanted))
        .group_by(*by, verdict.c.subject, verdict.c.outcome)
    ).all()
    keys = sorted(counts, key=lambda key: (-counts[key], str(key)))[:MOST_GROUPS]
    groups = [
        _group(key, counts[key], [r for r in rows if (r.source, r.model) == key]) for key in keys
    ]
    return Summary(total=_group((None, None), sum(counts.values()), rows), groups=groups)


def _group(
    key: tuple[str | None, str | None], traces: int, rows: Sequence[Row[Any]]
) -> GroupSummary:
    def tally(subject: Subject) -> Tally:
        numbers = dict.fromkeys(("right", "wrong", "undecided"), 0)
        for row in rows:
            if row.subject == subject:
                numbers[row.outcome] += row.number
        return Tally(**numbers)

    answers = [row for row in rows if row.subject == "answer"]
    return GroupSummary(
        source=key[0],
        model=key[1],
        traces=traces,
        answers=tally("answer"),
        steps=tally("steps"),
        labels=Agreement(
            agree=sum(row.agree for row in answers), labelled=sum(row.labelled for row in answers)
        ),
    )


def _open(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The filter, and that a verdict is missing for at least one subject."""
    missing = [~exists().where(*_judged(wanted, subject)) for subject in wanted.current]
    return [*matches(wanted.filter), or_(*missing)]


def _judged(wanted: Wanted, subject: Subject) -> list[ColumnElement[bool]]:
    same = [verdict.c.trace_id == trace.c.id, verdict.c.subject == subject]
    if wanted.run_id is not None:
        return [*same, verdict.c.run_id == wanted.run_id]
    current = [
        and_(verdict.c.verifier == name, verdict.c.version == version)
        for name, version in wanted.current[subject]
    ]
    return [*same, or_(*current)]


def _detail(row: Row[Any]) -> dict[str, Any]:
    """What is kept of the steps; verdicts of before there were detectors hold no warnings."""
    return {"warnings": [], **row.detail}


def _stored(row: Row[Any]) -> dict[str, Any]:
    return {
        "outcome": row.outcome,
        "method": row.verifier,
        "version": row.version,
        "reason": row.reason,
        "label": row.label,
        "run_id": row.run_id,
        "judged_at": iso(row.created_at),
    }
