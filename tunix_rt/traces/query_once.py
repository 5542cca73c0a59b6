"""The statements behind Idempotency-Key: what a key was answered, for a day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, text

from tunix_rt.kit.ids import now
from tunix_rt.store import Connection
from tunix_rt.traces.table import request_once

KEPT = timedelta(days=1)
"""How long a repeated request is recognised."""


_LOCK = text(
    "SELECT pg_advisory_xact_lock(number) FROM (SELECT DISTINCT hashtextextended(key, 0) AS number "
    "FROM unnest(CAST(:keys AS text[])) AS key ORDER BY number) AS numbers"
)


def lock(connection: Connection, keys: Sequence[str]) -> None:
    """Two requests with one key come one after the other; SQLite has one writer anyway.

    All keys of a transaction at once, in one order: two that hold one key each cannot deadlock.
    """
    if keys and connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"keys": list(keys)})


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
