"""Identity and time: UUIDv7 ids, UTC instants, and how both look outside."""

import re
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import uuid_utils

_UUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")


def new_id() -> str:
    """A fresh UUIDv7: later ids sort after earlier ones; across processes to the millisecond."""
    return str(uuid_utils.uuid7())


def first_id(moment: datetime) -> str:
    """The smallest UUIDv7 of a moment's millisecond: what is older sorts before it."""
    milliseconds = int(moment.timestamp() * 1000)
    return str(UUID(int=max(0, min(milliseconds, 2**48 - 1)) << 80))


def is_id(text: str) -> bool:
    """Whether `text` is a UUID, with or without its dashes; no other spelling is stored."""
    return _UUID.fullmatch(text) is not None


def now() -> datetime:
    """The current instant, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """ISO-8601 in UTC with microseconds and `Z`: 2026-01-31T12:00:00.000000Z."""
    if moment.tzinfo is UTC and moment.microsecond:
        return msgspec.json.encode(moment)[1:-1].decode()  # a tenth of the other's time
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
