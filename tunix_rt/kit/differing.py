"""Where two documents of keys and values differ."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """A key by its path, `optimizer.name`, with what it was and what it is; null where missing."""

    path: str
    before: Any
    now: Any


def differences(before: Any, now: Any, path: str = "") -> Iterator[Difference]:
    """Every key that is not the same, in the order of the keys."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted(before.keys() | now.keys()):
            yield from differences(before.get(key), now.get(key), f"{path}.{key}".lstrip("."))
    elif before != now:
        yield Difference(path, before, now)
