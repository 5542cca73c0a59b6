"""How the C library treats memory that was given back to it."""

import ctypes
import sys
from contextlib import suppress

M_TRIM_THRESHOLD, M_MMAP_MAX, M_ARENA_MAX = -1, -4, -8
"""Parameters of glibc's mallopt(3)."""


def keep_freed() -> None:
    """Keep what is freed for what is asked for next, in this process, where glibc can.

    A training step computes in some large blocks. By default each goes back to the kernel after
    the step, and every page of it is fetched and zeroed again in the next. Best called before
    threads are started: one that has an arena of its own keeps it.
    """
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):  # another C library
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 1)
        library.mallopt(M_MMAP_MAX, 0)
        library.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
