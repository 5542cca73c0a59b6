"""Identity and time: UUIDv7 ids, UTC instants, and how both look outside."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils


def new_id() -> str:
    """A fresh UUIDv7: later ids sort after earlier ones, within and across processes."""
    return str(uuid_utils.uuid7())


def is_id(text: str) -> bool:
    """Whether `text` is a UUID in any spelling Python reads."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def now() -> datetime:
    """The current instant, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """ISO-8601 in UTC with microseconds and `Z`: 2026-01-31T12:00:00.000000Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
