"""The statements behind Idempotency-Key: what a key was answered, for a day."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from tunix_rt.kit.ids import now
from tunix_rt.store import Connection
from tunix_rt.traces.table import request_once

KEPT = timedelta(days=1)
"""How long a repeated request is recognised."""


def lock(connection: Connection, key: str) -> None:
    """Two requests with one key come one after the other; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def get(connection: Connection, key: str) -> Row[Any] | None:
    """What a key was answered, if it is known."""
    rows = select(request_once).where(request_once.c.key == key)
    return connection.execute(rows.where(request_once.c.created_at > now() - KEPT)).one_or_none()


def put(connection: Connection, key: str, digest: bytes, answer: str) -> None:
    """Keep what a key was answered; what is older than a day goes."""
    connection.execute(delete(request_once).where(request_once.c.created_at <= now() - KEPT))
    connection.execute(
        insert(request_once).values(key=key, digest=digest, answer=answer, created_at=now())
    )
