"""Devices that a run has for itself: which of them are taken on a host."""

from typing import Any

from sqlalchemy import Row, select, text

from tunix_rt.runs.schema import HELD
from tunix_rt.runs.schema_device import overlap, resolved
from tunix_rt.runs.table import run
from tunix_rt.store import Connection

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def taken(connection: Connection, host: str, accelerator: str | None) -> list[str]:
    """What waiting runs want, and others have on this host, wholly or in part."""
    held = _held(connection, host, accelerator)
    if not held:
        return []
    waiting = select(run.c.device).distinct()
    waiting = waiting.where(run.c.status == "pending", run.c.device.is_not(None))
    return [
        str(one)
        for one in connection.scalars(waiting)
        if (wanted := resolved(one, accelerator)) and any(overlap(wanted, other) for other in held)
    ]


def is_free(connection: Connection, wanting: Row[Any], host: str, accelerator: str | None) -> bool:
    """Whether a run can have its devices, and nobody else them until this transaction ends.

    Who claims for one host at the same time comes after; SQLite has one writer anyway.
    """
    wanted = None if wanting.device is None else resolved(wanting.device, accelerator)
    if wanted is None:
        return True
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"key": f"devices of {host}"})
    return not any(overlap(wanted, other) for other in _held(connection, host, accelerator))


def holders(connection: Connection, device: str, accelerator: str | None) -> list[str]:
    """The runs that have any of these devices now, on whichever host, the oldest first.

    `auto` is read as on a host with this kind of accelerator.
    """
    wanted = resolved(device, accelerator)
    if wanted is None:
        return []
    held = select(run.c.id, run.c.device).where(run.c.device.is_not(None), run.c.status.in_(HELD))
    return [
        one.id
        for one in connection.execute(held.order_by(run.c.id))
        if (other := resolved(one.device, accelerator)) and overlap(wanted, other)
    ]


def _held(connection: Connection, host: str, accelerator: str | None) -> list[str]:
    held = select(run.c.device).where(
        run.c.host == host, run.c.device.is_not(None), run.c.status.in_(HELD)
    )
    every = (resolved(one, accelerator) for one in connection.scalars(held))
    return [one for one in every if one is not None]
