"""The garbage collector, told that many objects without cycles are coming."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 200_000
"""New objects after which it looks; its own choice is 700."""


@contextmanager
def seldom() -> Iterator[None]:
    """Look for cycles seldom: rows by the million have none, and looking takes a third of the time.

    Large libraries that are imported stay, and looking through them takes a quarter of the import.
    It holds for the whole process, so it is kept short of turning the collector off.
    """
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
