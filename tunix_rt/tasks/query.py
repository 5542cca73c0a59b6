"""Every SQL statement about suites."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from tunix_rt.kit.errors import Conflict, NotFound
from tunix_rt.kit.ids import now
from tunix_rt.store import Connection, Row
from tunix_rt.tasks.schema import Item
from tunix_rt.tasks.table import suite, suite_item


def add(
    connection: Connection, name: str, origin: dict[str, Any], digest: str, items: Sequence[Item]
) -> bool:
    """Freeze a suite; say whether it is new. The same items under the same name are no error."""
    known = connection.scalar(select(suite.c.digest).where(suite.c.name == name))
    if known == digest:
        return False
    if known is not None:
        raise Conflict(
            f"The suite {name!r} exists with other items; a suite is never changed.",
            hint="Choose another name.",
        )
    connection.execute(
        insert(suite).values(
            name=name, origin=origin, digest=digest, item_count=len(items), created_at=now()
        )
    )
    connection.execute(
        insert(suite_item),
        [
            {
                "suite": name,
                "position": position,
                "key": item.key,
                "family": item.family,
                "verifier": item.verifier,
                "prompt": item.prompt,
                "expected": item.expected,
                "data": item.data,
            }
            for position, item in enumerate(items)
        ],
    )
    return True


def get(connection: Connection, name: str) -> Row[Any]:
    """One suite, or `NotFound`."""
    found = connection.execute(select(suite).where(suite.c.name == name)).one_or_none()
    if found is None:
        raise NotFound(f"There is no suite {name!r}.", hint="tunix-rt tasks list")
    return found


def page(connection: Connection, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """Suites, newest first."""
    rows = select(suite).order_by(suite.c.created_at.desc(), suite.c.name)
    return connection.execute(rows.limit(limit).offset(offset)).all()


def items(
    connection: Connection, name: str, *, after: int = -1, limit: int | None = None
) -> Sequence[Row[Any]]:
    """Items of a suite behind a position, in order."""
    rows = select(suite_item).where(suite_item.c.suite == name, suite_item.c.position > after)
    return connection.execute(rows.order_by(suite_item.c.position).limit(limit)).all()
