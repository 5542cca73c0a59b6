"""Every SQL statement about decisions, and what earlier evaluations found of a prompt."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import and_, case, delete, func, insert, select, tuple_

from tunix_rt.curate.schema import Outcomes
from tunix_rt.curate.table import decision
from tunix_rt.evaluate.table import evaluation, evaluation_item
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.kit.ids import is_id
from tunix_rt.runs.table import run
from tunix_rt.store import Connection, Row
from tunix_rt.tasks.table import suite_item
from tunix_rt.traces.table import trace

AT_ONCE = 20_000
"""Decisions that one statement takes away."""

_COLUMNS = ("place", "weight", "part", "stage", "reason", "twin_id", "evidence")


def add(connection: Connection, run_id: str, decisions: Iterable[dict[str, Any]]) -> None:
    """Record decisions; each has a trace_id and what is said of it. A purged trace is left out."""
    given, empty = list(decisions), dict.fromkeys(_COLUMNS)
    there = select(trace.c.id).where(trace.c.id.in_([one["trace_id"] for one in given]))
    known = set(connection.scalars(there))
    rows = [{"run_id": run_id, **empty, **one} for one in given if one["trace_id"] in known]
    if rows:
        connection.execute(insert(decision), rows)


def forget_some(connection: Connection, run_id: str) -> int:
    """Take away some decisions of a run that begins anew; how many."""
    some = select(decision.c.trace_id).where(decision.c.run_id == run_id).limit(AT_ONCE)
    mine = delete(decision).where(decision.c.run_id == run_id, decision.c.trace_id.in_(some))
    return connection.execute(mine).rowcount


def chosen(connection: Connection, run_id: str, *, after: int, limit: int) -> Sequence[Any]:
    """What is kept behind a place of the selection, in its order."""
    rows = (
        select(decision.c.trace_id, decision.c.place, decision.c.weight, decision.c.part)
        .where(decision.c.run_id == run_id, decision.c.place > after)
        .order_by(decision.c.place)
        .limit(limit)
    )
    return connection.execute(rows).all()


def examples(connection: Connection, run_id: str, stage: int, reason: str, limit: int) -> list[str]:
    """Some traces that a stage dropped for a reason."""
    rows = select(decision.c.trace_id).where(
        decision.c.run_id == run_id, decision.c.stage == stage, decision.c.reason == reason
    )
    return list(connection.scalars(rows.order_by(decision.c.trace_id).limit(limit)))


def page(
    connection: Connection,
    run_id: str,
    *,
    kept: bool | None = None,
    stage: int | None = None,
    reason: str | None = None,
    twin: str | None = None,
    after: str | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Decisions behind a trace, with what is shown of it."""
    rows = _shown().where(decision.c.run_id == run_id)
    if kept is not None:
        rows = rows.where(decision.c.place.is_not(None) if kept else decision.c.place.is_(None))
    for column, value in (("stage", stage), ("reason", reason), ("twin_id", twin)):
        if value is not None:
            rows = rows.where(decision.c[column] == value)
    if after is not None:
        rows = rows.where(decision.c.trace_id > checked(after))
    return connection.execute(rows.order_by(decision.c.trace_id).limit(limit)).all()


def clusters(
    connection: Connection, run_id: str, *, after: tuple[int, str] | None, limit: int
) -> Sequence[Row[Any]]:
    """Kept traces with the number of their dropped twins, most first."""
    number = func.count()
    mine = and_(decision.c.run_id == run_id, decision.c.twin_id.is_not(None))
    rows = select(decision.c.twin_id, number.label("number")).where(mine)
    rows = rows.group_by(decision.c.twin_id).order_by(number.desc(), decision.c.twin_id)
    if after is not None:
        rows = rows.having(
            (number < after[0]) | ((number == after[0]) & (decision.c.twin_id > checked(after[1])))
        )
    return connection.execute(rows.limit(limit)).all()


def of_trace(connection: Connection, trace_id: str, limit: int) -> Sequence[Row[Any]]:
    """What the newest runs said of a trace, with their configs."""
    about = (run.c.kind, run.c.config, run.c.created_at)
    rows = _shown().add_columns(*about).join(run, run.c.id == decision.c.run_id)
    rows = rows.where(decision.c.trace_id == trace_id).order_by(decision.c.run_id.desc())
    return connection.execute(rows.limit(limit)).all()


def items(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The prompts of items, by suite and key."""
    rows = select(suite_item.c.suite, suite_item.c.key, suite_item.c.prompt)
    rows = rows.where(tuple_(suite_item.c.suite, suite_item.c.key).in_(list(keys)))
    return {(row.suite, row.key): row.prompt for row in connection.execute(rows)}


def outcomes(connection: Connection, evaluations: Sequence[str]) -> Iterator[tuple[str, Outcomes]]:
    """The prompts of finished evaluations and how they were answered, oldest evaluation first."""
    right = func.sum(case((evaluation_item.c.outcome == "right", 1), else_=0))
    by = (evaluation.c.created_at, evaluation.c.id, evaluation_item.c.prompt)
    rows = (
        select(evaluation_item.c.prompt, right, func.count())
        .join(evaluation, evaluation.c.id == evaluation_item.c.evaluation_id)
        .where(evaluation.c.status == "completed")
        .group_by(*by)
        .order_by(*by)
    )
    if evaluations:
        rows = rows.where(evaluation.c.id.in_(list(evaluations)))
    for prompt, number, samples in connection.execute(rows):
        yield prompt, Outcomes(int(number), int(samples))


def require_evaluations(connection: Connection, ids: Sequence[str]) -> None:
    """`NotFound` for the first that is no finished evaluation."""
    for id_ in ids:
        mine = select(evaluation.c.status).where(evaluation.c.id == id_)
        if not is_id(id_) or connection.scalar(mine) != "completed":
            raise NotFound(
                f"{id_[:80]!r} is no finished evaluation.", hint="tunix-rt evaluate list"
            )


def checked(cursor: str) -> str:
    """A cursor that is the id of a trace, or `BadInput`."""
    if not is_id(cursor):
        raise BadInput(f"{cursor[:80]!r} is not a cursor of this list.")
    return cursor


def _shown() -> Any:
    joined = decision.join(trace, trace.c.id == decision.c.trace_id)
    return select(decision, trace.c.prompt, trace.c.final_answer).select_from(joined)
