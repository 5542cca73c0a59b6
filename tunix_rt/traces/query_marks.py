"""The statements that change what is said of a trace, and those that take a trace away."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy import bindparam as bind

from tunix_rt.kit.errors import NotFound
from tunix_rt.kit.ids import iso, new_id, now
from tunix_rt.store import Connection
from tunix_rt.traces.query import matches
from tunix_rt.traces.query_search import await_again
from tunix_rt.traces.query_write import count, tallied
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.traces.schema_marks import LABELS, Annotation, Mark
from tunix_rt.traces.table import annotation, trace, trace_dataset

ON_TRACE = {"label": "name", "score": "value"}
"""Kinds of marks whose newest one on the whole trace stands on its row, and what of them."""

NAMED: dict[str, tuple[str, ...]] = {"label": LABELS, "score": ("",)}
"""What such a mark is called: the score of the trace is the one without a name."""


def mark_verdicts(
    connection: Connection, marks: Iterable[tuple[str, str | None, int | None]]
) -> None:
    """Write what verification says onto the rows: (id, verdict, place of the first wrong step)."""
    rows = [{"b_id": id_, "b_verdict": word, "b_step": step} for id_, word, step in marks]
    if not rows:
        return
    ids = _locked(connection, [str(row["b_id"]) for row in rows])
    before = tallied(connection, ids)
    connection.execute(
        update(trace)
        .where(trace.c.id == bind("b_id"))
        .values(verdict=bind("b_verdict"), first_error_step=bind("b_step")),
        rows,
    )
    _recount(connection, before, ids)


def annotate(connection: Connection, trace_ids: Sequence[str], mark: Mark, author: str) -> int:
    """Say something of some traces, or of a step of those that have it; how many there are.

    A label replaces the one before it, a score the one of its name; a tag that is there
    already stays. Nothing is overwritten: what is replaced is ended, and kept.
    """
    ids = _live(connection, trace_ids, with_step=mark.step)
    moment = now()
    rows = [
        {
            "id": new_id(),
            "trace_id": id_,
            "step": mark.step,
            "kind": mark.kind,
            "name": mark.name,
            "value": mark.value,
            "text": mark.text,
            "author": author,
            "created_at": moment,
        }
        for id_ in ids
    ]
    if not rows:
        return 0
    before = tallied(connection, ids)
    if mark.kind != "note":
        same = [annotation.c.kind == mark.kind]
        if mark.kind != "label":
            same.append(annotation.c.name == mark.name)
        _end(connection, ids, mark.step, same)
    connection.execute(annotation.insert(), rows)
    _show_on_rows(connection, ids, mark.kind)
    _recount(connection, before, ids)
    return len(ids)


def unmark(connection: Connection, trace_ids: Sequence[str], mark: Mark) -> int:
    """Take back a label, a tag or a score by its name, a note by its text; of how many traces."""
    same = [annotation.c.kind == mark.kind, annotation.c.name == mark.name]
    if mark.kind == "note":
        same.append(annotation.c.text == mark.text)
    ids = _live(connection, trace_ids)
    before = tallied(connection, ids)
    changed = _end(connection, ids, mark.step, same)
    _show_on_rows(connection, ids, mark.kind)
    _recount(connection, before, ids)
    return changed


def end_annotation(connection: Connection, trace_id: str, annotation_id: str) -> None:
    """Take back one thing that was said; its history stays."""
    _locked(connection, [trace_id])
    found = connection.execute(
        select(annotation.c.kind).where(
            annotation.c.id == annotation_id,
            annotation.c.trace_id == trace_id,
            annotation.c.ended_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFound(f"Annotation {annotation_id} not found")
    before = tallied(connection, [trace_id])
    connection.execute(
        update(annotation).where(annotation.c.id == annotation_id).values(ended_at=now())
    )
    _show_on_rows(connection, [trace_id], found.kind)
    _recount(connection, before, [trace_id])


def annotations(connection: Connection, trace_id: str) -> Sequence[Row[Any]]:
    """Everything that was ever said of a trace, oldest first."""
    rows = select(annotation).where(annotation.c.trace_id == trace_id)
    return connection.execute(rows.order_by(annotation.c.id)).all()


def current(connection: Connection, trace_id: str) -> list[Annotation]:
    """What is said of a trace and of its steps now, oldest first."""
    return [shown(row) for row in annotations(connection, trace_id) if row.ended_at is None]


def shown(row: Row[Any]) -> Annotation:
    """One thing that was said, as the API and the terminal show it."""
    return Annotation(
        id=row.id,
        trace_id=row.trace_id,
        step=row.step,
        kind=row.kind,
        name=row.name,
        value=row.value,
        text=row.text,
        author=row.author,
        created_at=iso(row.created_at),
        ended_at=None if row.ended_at is None else iso(row.ended_at),
    )


def soft_delete(connection: Connection, trace_ids: Sequence[str]) -> int:
    """Take live traces out of every list; they can come back until they are purged."""
    return _move(connection, trace_ids, deleted=True)


def restore(connection: Connection, trace_ids: Sequence[str]) -> int:
    """Bring deleted traces back; a purge that was broken off may have taken their words."""
    await_again(connection, trace_ids)
    return _move(connection, trace_ids, deleted=False)


def deleted(connection: Connection, trace_ids: Sequence[str] | None, limit: int) -> list[str]:
    """Ids of deleted traces, of some or of all, oldest first."""
    ids = select(trace.c.id).where(*matches(TraceFilter(deleted=True))).order_by(trace.c.id)
    if trace_ids is not None:
        ids = ids.where(trace.c.id.in_(trace_ids))
    return list(connection.scalars(ids.limit(limit)))


def holders(connection: Connection, trace_ids: Sequence[str]) -> dict[str, int]:
    """Frozen datasets that hold some of these traces, and how many."""
    number = func.count().label("number")
    rows = select(trace_dataset.c.dataset_key, number).where(
        trace_dataset.c.trace_id.in_(trace_ids)
    )
    return {
        key: n for key, n in connection.execute(rows.group_by(trace_dataset.c.dataset_key)).all()
    }


def purge(connection: Connection, trace_ids: Sequence[str]) -> int:
    """Remove deleted traces and everything about them for ever; how many there were."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete=ON"))
    gone = delete(trace).where(trace.c.id.in_(trace_ids), trace.c.deleted_at.is_not(None))
    return connection.execute(gone).rowcount


def _move(connection: Connection, trace_ids: Sequence[str], *, deleted: bool) -> int:
    ids = _locked(connection, trace_ids)
    before = tallied(connection, ids)
    here = trace.c.deleted_at.is_(None) if deleted else trace.c.deleted_at.is_not(None)
    moved = connection.execute(
        update(trace).where(trace.c.id.in_(ids), here).values(deleted_at=now() if deleted else None)
    )
    _recount(connection, before, ids)
    return moved.rowcount


def _recount(connection: Connection, before: Counter[Any], ids: Sequence[str]) -> None:
    change = tallied(connection, ids)
    change.subtract(before)
    count(connection, change)


def _locked(connection: Connection, trace_ids: Iterable[str]) -> list[str]:
    """Those that exist, each once; nobody else changes them, and their count, until we are done."""
    ids = sorted(set(trace_ids))
    found: list[str] = []
    for start in range(0, len(ids), 500):
        rows = select(trace.c.id).where(trace.c.id.in_(ids[start : start + 500]))
        rows = rows.order_by(trace.c.id).with_for_update(key_share=True)
        found += connection.scalars(rows)
    return found


def _live(
    connection: Connection, trace_ids: Sequence[str], *, with_step: int | None = None
) -> list[str]:
    """Those that are not deleted, and have the step, locked."""
    ids = _locked(connection, trace_ids)
    live = select(trace.c.id).where(trace.c.id.in_(ids), trace.c.deleted_at.is_(None))
    if with_step is not None:
        live = live.where(trace.c.step_count > with_step)
    return list(connection.scalars(live.order_by(trace.c.id)))


def _end(connection: Connection, ids: Sequence[str], step: int | None, same: list[Any]) -> int:
    """End what is said of some traces, and count those of which it was said."""
    where = annotation.c.step.is_(None) if step is None else annotation.c.step == step
    ended = connection.execute(
        update(annotation)
        .where(annotation.c.trace_id.in_(ids), annotation.c.ended_at.is_(None), where, *same)
        .values(ended_at=now())
        .returning(annotation.c.trace_id)
    )
    return len(set(ended.scalars()))


def _show_on_rows(connection: Connection, ids: Sequence[str], kind: str) -> None:
    """Bring the row's label or score to what was said last of the whole trace."""
    if kind not in ON_TRACE:
        return
    said = (
        select(annotation.c[ON_TRACE[kind]])
        .where(
            annotation.c.trace_id == trace.c.id,
            annotation.c.kind == kind,
            annotation.c.name.in_(NAMED[kind]),
            annotation.c.step.is_(None),
            annotation.c.ended_at.is_(None),
        )
        .order_by(annotation.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    connection.execute(update(trace).where(trace.c.id.in_(ids)).values({kind: said}))
