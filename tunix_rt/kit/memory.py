"""How much memory this process holds, and how the C library treats what was given back to it."""

import ctypes
import sys
from contextlib import suppress
from pathlib import Path

M_TRIM_THRESHOLD, M_MMAP_MAX, M_ARENA_MAX = -1, -4, -8
"""Parameters of glibc's mallopt(3)."""

STATUS = Path("/proc/self/status")


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


def held() -> int:
    """Bytes of memory this process holds; the most it ever held, where the system says no other."""
    return _said("VmRSS") or _most()


def peak() -> int:
    """The most bytes this process ever held; what a parent held before it began is not its own."""
    return _said("VmHWM") or _most()


def _said(name: str) -> int | None:
    """A number of Linux about this process."""
    try:
        lines = STATUS.read_text("utf-8").splitlines()
    except OSError:
        return None
    return next((int(one.split()[1]) * 1024 for one in lines if one.startswith(f"{name}:")), None)


def _most() -> int:
    """As every Unix says it, and Linux with what the parent held."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
