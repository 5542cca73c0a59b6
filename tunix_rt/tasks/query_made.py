"""The statements about tasks that were slow to make, and are kept."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from tunix_rt.kit.ids import now
from tunix_rt.store import Connection, upsert
from tunix_rt.tasks.table import task_item


def page(connection: Connection, stream: str, start: int, limit: int) -> list[dict[str, Any]]:
    """Kept tasks from a place on, without a gap."""
    rows = select(task_item.c.position, task_item.c.task).where(
        task_item.c.stream == stream,
        task_item.c.position >= start,
        task_item.c.position < start + limit,
    )
    found = connection.execute(rows.order_by(task_item.c.position)).all()
    return [task for place, (position, task) in enumerate(found, start) if position == place]


def add(
    connection: Connection,
    stream: str,
    start: int,
    tasks: Sequence[dict[str, Any]],
    made_by: tuple[str, str],
) -> None:
    """Keep tasks behind a place; those that are known stay as they are. `made_by` has a version."""
    generator, version = made_by
    moment = now()
    rows = [
        {
            "stream": stream,
            "position": place,
            "generator": generator,
            "version": version,
            "task": task,
            "made_at": moment,
        }
        for place, task in enumerate(tasks, start)
    ]
    connection.execute(upsert(connection, task_item).on_conflict_do_nothing(), rows)
