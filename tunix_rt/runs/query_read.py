"""Lists, logs, metrics, lineage: statements that read what runs left behind."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, TextClause, cast, func, literal, select, union

from tunix_rt.kit.errors import NotFound
from tunix_rt.kit.ids import iso
from tunix_rt.runs import query_after, query_device
from tunix_rt.runs.schema import (
    Lineage,
    MetricSeries,
    Node,
    Progress,
    RunDetail,
    RunSummary,
)
from tunix_rt.runs.table import RARE, lineage, run, run_log, run_metric
from tunix_rt.store import Connection


def get(connection: Connection, run_id: str) -> Row[Any]:
    """The row of one run, or `NotFound`."""
    found = connection.execute(select(run).where(run.c.id == run_id)).one_or_none()
    if found is None:
        raise NotFound(f"There is no run {run_id}.")
    return found


def page(
    connection: Connection,
    *,
    limit: int,
    before: str | None = None,
    offset: int = 0,
    dry_run: bool | None = None,
    **equal: str | None,
) -> Sequence[Row[Any]]:
    """Up to `limit` runs, newest first, where each named column equals what is given."""
    rows = select(run).order_by(run.c.id.desc()).limit(limit).offset(offset)
    if before is not None:
        rows = rows.where(run.c.id < before)
    if dry_run is not None:
        rows = rows.where(run.c.config["dry_run"].as_boolean() == dry_run)
    for column, value in equal.items():
        if value is not None:
            rows = rows.where(run.c[column] == value)
    return connection.execute(rows).all()


def log_since(
    connection: Connection, run_id: str, seq: int, limit: int = 1000
) -> Sequence[Row[Any]]:
    """Log lines after `seq`, in order."""
    rows = select(run_log).where(run_log.c.run_id == run_id, run_log.c.seq > seq)
    return connection.execute(rows.order_by(run_log.c.seq).limit(limit)).all()


def log_size(connection: Connection, run_id: str) -> tuple[int, int]:
    """How many lines a run's log has, and how many characters."""
    mine = select(func.count(), func.coalesce(func.sum(func.length(run_log.c.chunk)), 0))
    lines, characters = connection.execute(mine.where(run_log.c.run_id == run_id)).one()
    return lines, int(characters)


def log_tail(connection: Connection, run_id: str, stream: str, max_bytes: int) -> str:
    """The last `max_bytes` of one stream of the log, cut at a whole character."""
    rows = (
        select(run_log.c.chunk)
        .where(run_log.c.run_id == run_id, run_log.c.stream == stream)
        .order_by(run_log.c.seq.desc())
        .limit(max_bytes)
    )
    lines: list[str] = []
    size = 0
    for (chunk,) in connection.execute(rows):
        size += len(chunk.encode()) + 1
        lines.append(chunk)
        if size > max_bytes:
            break
    text = "\n".join(reversed(lines))
    return text.encode()[-max_bytes:].decode(errors="ignore")


def metrics(connection: Connection, run_id: str, points: int) -> MetricSeries:
    """At most `points` metric points, evenly spread over the steps, with the first and the last.

    Up to a third of them are rare: they hold numbers that are measured now and then.
    """
    return MetricSeries.model_validate_json(metrics_json(connection, run_id, points))


def metrics_json(connection: Connection, run_id: str, points: int) -> bytes:
    """The same as JSON: the numbers of a point stay the text that they are stored as."""
    mine = run_metric.c.run_id == run_id
    total = connection.scalar(select(run.c.points).where(run.c.id == run_id)) or 0
    told = (run_metric.c.step, run_metric.c.created_at, cast(run_metric.c.numbers, Text))
    chosen = select(*told).where(mine).order_by(run_metric.c.step)
    if total > points:
        rare = _spread(connection, [mine, RARE], points // 3)
        steps = _spread(connection, [mine], points - len(rare)) | rare
        chosen = chosen.where(run_metric.c.step.in_(sorted(steps)))
    each = ",".join(
        f'{{"step":{step},"created_at":"{iso(moment)}","values":{numbers}}}'
        for step, moment, numbers in connection.execute(chosen)
    )
    return f'{{"total":{total},"points":[{each}]}}'.encode()


def _spread(
    connection: Connection, of: Sequence[ColumnElement[bool] | TextClause], points: int
) -> frozenset[int]:
    """At most `points` steps of some metric points, evenly spread, with the first and the last.

    The index is asked for one point after each stride: a long run is not read through.
    """
    step = run_metric.c.step
    first = connection.scalar(select(func.min(step)).where(*of))
    last = connection.scalar(select(func.max(step)).where(*of))
    if first is None or last is None or points < 2:
        return frozenset()
    stride = max(1, -(-(last - first) // (points - 1)))
    steps = select(literal(first).label("step")).cte("strides", recursive=True)
    after = select(func.min(step)).where(*of, step >= steps.c.step + stride)
    steps = steps.union_all(select(after.scalar_subquery()).where(steps.c.step < last))
    found = connection.scalars(union(select(steps.c.step), select(literal(last))))
    return frozenset(one for one in found if one is not None)


def points_after(connection: Connection, run_id: str, step: int, limit: int) -> Sequence[Row[Any]]:
    """The metric points behind a step, in order."""
    rows = select(run_metric).where(run_metric.c.run_id == run_id, run_metric.c.step > step)
    return connection.execute(rows.order_by(run_metric.c.step).limit(limit)).all()


def lineage_of(connection: Connection, kind: str, id_: str, limit: int = 200) -> Lineage:
    """What went into a thing, and what came out of it, one step each way."""
    came_in = connection.execute(
        select(lineage).where(lineage.c.to_kind == kind, lineage.c.to_id == id_).limit(limit)
    ).all()
    went_out = connection.execute(
        select(lineage).where(lineage.c.from_kind == kind, lineage.c.from_id == id_).limit(limit)
    ).all()
    label = next((e.to_label for e in came_in), next((e.from_label for e in went_out), id_))
    return Lineage(
        node=Node(kind=kind, id=id_, label=label, relation="self"),
        inputs=[
            Node(kind=e.from_kind, id=e.from_id, label=e.from_label, relation=e.relation)
            for e in came_in
        ],
        outputs=[
            Node(kind=e.to_kind, id=e.to_id, label=e.to_label, relation=e.relation)
            for e in went_out
        ],
    )


def summary(row: Row[Any]) -> RunSummary:
    """A run's row as the list shows it."""
    return RunSummary(**_fields(row))


def detail(
    connection: Connection, row: Row[Any], folder: str, accelerator: str | None
) -> RunDetail:
    """A run's row as its own page shows it, on a host with this kind of accelerator."""
    around = lineage_of(connection, "run", row.id)
    return RunDetail(
        **_fields(row),
        config=row.config,
        result=row.result or {},
        attempt=row.attempt,
        worker=row.worker,
        exit_code=row.exit_code,
        folder=folder,
        after=query_after.firsts_of(connection, row.id),
        held_by=query_device.holders(connection, row.device, accelerator)
        if row.device is not None and row.status == "pending"
        else [],
        inputs=around.inputs,
        outputs=around.outputs,
    )


def seconds(row: Row[Any]) -> float | None:
    """How long a run took, or null while it has not ended."""
    if row.started_at is None or row.completed_at is None:
        return None
    took: float = (row.completed_at - row.started_at).total_seconds()
    return round(took, 3)


def _fields(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "status": row.status,
        "progress": Progress(**row.progress) if row.progress else None,
        "dataset_key": row.dataset_key,
        "model_id": row.model_id,
        "priority": row.priority,
        "device": row.device,
        "created_at": iso(row.created_at),
        "started_at": iso(row.started_at) if row.started_at else None,
        "completed_at": iso(row.completed_at) if row.completed_at else None,
        "duration_seconds": seconds(row),
        "error": row.error,
        "last_metrics": row.last_metrics or {},
    }
