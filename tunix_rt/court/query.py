"""Every SQL statement about cases."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    func,
    insert,
    select,
)
from sqlalchemy import (
    case as when,
)

from tunix_rt.court.schema import (
    Cell,
    DatasetChange,
    SourceChange,
    Which,
)
from tunix_rt.court.table import case
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import is_id
from tunix_rt.store import Connection, Row
from tunix_rt.traces.table import trace, trace_dataset
from tunix_rt.verify.query_rulings import newest
from tunix_rt.verify.schema import Subject


def add(connection: Connection, run_id: str, cases: Sequence[dict[str, Any]]) -> None:
    """Record what was heard."""
    if cases:
        connection.execute(insert(case), [{"run_id": run_id, **one} for one in cases])


def heard(connection: Connection, run_id: str) -> tuple[int, str | None]:
    """How many cases an earlier attempt of this run recorded, and the last trace of them."""
    mine = case.c.run_id == run_id
    count = connection.scalar(select(func.count()).select_from(case).where(mine)) or 0
    last = select(case.c.trace_id).where(mine).order_by(case.c.trace_id.desc()).limit(1)
    return count, connection.scalar(last)


def counts(connection: Connection, run_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """For each court its cases, and how many of them are disagreements."""
    differs = func.sum(when((case.c.first != case.c.second, 1), else_=0))
    rows = select(case.c.run_id, func.count(), differs).where(case.c.run_id.in_(list(run_ids)))
    return {
        run_id: (number, int(unlike))
        for run_id, number, unlike in connection.execute(rows.group_by(case.c.run_id))
    }


def cells(connection: Connection, run_id: str, subject: Subject) -> list[Cell]:
    """The confusion of the two witnesses, with what people ruled in each cell."""
    ruled = newest(subject)

    def number(outcome: str) -> ColumnElement[int]:
        return func.sum(when((ruled.c.outcome == outcome, 1), else_=0))

    rows = (
        select(
            case.c.first,
            case.c.second,
            func.count().label("cases"),
            number("right").label("ruled_right"),
            number("wrong").label("ruled_wrong"),
            number("undecided").label("ruled_undecided"),
        )
        .select_from(case.outerjoin(ruled, ruled.c.trace_id == case.c.trace_id))
        .where(case.c.run_id == run_id)
        .group_by(case.c.first, case.c.second)
        .order_by(case.c.first, case.c.second)
    )
    return [Cell(**row._mapping) for row in connection.execute(rows)]


def page(
    connection: Connection,
    run_id: str,
    subject: Subject,
    *,
    which: Which,
    first: str | None = None,
    second: str | None = None,
    cursor: str | None = None,
    limit: int,
) -> tuple[Sequence[Row[Any]], str | None]:
    """Cases of a court behind a cursor, oldest trace first, and the next cursor.

    Of disagreements and of cases to audit, those come that nobody has ruled on.
    """
    ruled = newest(subject)
    rows = (
        _with_rulings(ruled)
        .where(case.c.run_id == run_id)
        .order_by(case.c.trace_id)
        .limit(limit + 1)
    )
    for column, word in ((case.c.first, first), (case.c.second, second)):
        if word is not None:
            rows = rows.where(column == word)
    if which == "disagreements":
        rows = rows.where(case.c.first != case.c.second, ruled.c.outcome.is_(None))
    elif which == "audit":
        rows = rows.where(case.c.first == case.c.second, ruled.c.outcome.is_(None))
    elif which == "ruled":
        rows = rows.where(ruled.c.outcome.is_not(None))
    if cursor is not None:
        if not is_id(cursor):
            raise BadInput(f"{cursor[:80]!r} is not a cursor of this list.")
        rows = rows.where(case.c.trace_id > cursor)
    found = connection.execute(rows).all()
    return found[:limit], found[limit - 1].trace_id if len(found) > limit else None


def by_source(connection: Connection, run_id: str) -> list[SourceChange]:
    """What changes for each source and model, most changes first."""
    changed, before, after = _changes()
    rows = (
        select(trace.c.source, trace.c.model, func.count().label("traces"), changed, before, after)
        .select_from(case.join(trace, trace.c.id == case.c.trace_id))
        .where(case.c.run_id == run_id)
        .group_by(trace.c.source, trace.c.model)
        .order_by(changed.desc(), trace.c.source)
    )
    return [
        SourceChange(
            source=row.source,
            model=row.model,
            traces=row.traces,
            changed=row.changed,
            reward_before=row.before / row.traces,
            reward_after=row.after / row.traces,
        )
        for row in connection.execute(rows)
    ]


def by_dataset(connection: Connection, run_id: str) -> list[DatasetChange]:
    """The frozen datasets that hold a trace whose word changes, most changes first."""
    changed, before, after = _changes()
    rows = (
        select(trace_dataset.c.dataset_key, func.count().label("traces"), changed, before, after)
        .select_from(case.join(trace_dataset, trace_dataset.c.trace_id == case.c.trace_id))
        .where(case.c.run_id == run_id)
        .group_by(trace_dataset.c.dataset_key)
        .order_by(changed.desc(), trace_dataset.c.dataset_key)
    )
    return [
        DatasetChange(
            key=row.dataset_key,
            traces=row.traces,
            changed=row.changed,
            right_before=row.before,
            right_after=row.after,
        )
        for row in connection.execute(rows)
        if row.changed
    ]


def _changes() -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    """How many cases change, and how many are right before and after."""

    def number(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
        return func.sum(when((condition, 1), else_=0)).label(name)

    return (
        number(case.c.first != case.c.second, "changed"),
        number(case.c.first == "right", "before"),
        number(case.c.second == "right", "after"),
    )


def _with_rulings(ruled: Subquery) -> Select[Any]:
    joined = case.outerjoin(ruled, ruled.c.trace_id == case.c.trace_id)
    return select(case, ruled.c.outcome.label("ruling")).select_from(joined)
