"""The garbage collector, told that many objects are coming that it need not look through."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 200_000
"""New objects after which it looks; its own choice is 700."""


@contextmanager
def seldom() -> Iterator[None]:
    """Look for cycles seldom: rows by the million have none, and looking takes a third of the time.

    It holds for the whole process, so it is kept short of turning the collector off.
    """
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def lasting() -> Iterator[None]:
    """Import large libraries inside, once: what there is behind it is never looked through again.

    Looking takes a quarter of the import, and half a second each time that accelerate asks for it,
    which it does at the start of a training.
    """
    with seldom():
        yield
    gc.freeze()
