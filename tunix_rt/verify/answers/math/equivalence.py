"""Ask computer algebra whether two expressions are equal, in a process that can be killed."""

import atexit
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from importlib.util import find_spec

from tunix_rt.kit.apart import Apart, Broke
from tunix_rt.verify.answers.math.guard import refused
from tunix_rt.verify.schema import Outcome

SECONDS = 2.0
"""How long computer algebra may take for one answer, however many elements it has."""

MEMORY = 64 * 2**20
"""Bytes the worker may grow by; with sympy loaded it has some 80 MB."""

INSTALL = "pip install 'tunix-rt[math]'"
_worker = Apart("tunix_rt.verify.answers.math.worker:equal", seconds=SECONDS, memory=MEMORY)
_until: ContextVar[float | None] = ContextVar("until", default=None)
close = _worker.close
"""End the process; the next question starts another."""

atexit.register(close)


def ask(expected: str, given: str) -> tuple[Outcome, str]:
    """What computer algebra says; undecided where it may not, cannot or does not answer."""
    for name, text in (("expected", expected), ("given", given)):
        if reason := refused(text):
            return "undecided", f"The {name} expression is not computed: {reason}."
    if not installed():
        return "undecided", f"It takes computer algebra, which is not installed: {INSTALL}"
    try:
        return _asked(expected, given)
    except Broke as broke:
        return "undecided", f"Computer algebra did not answer: {broke}."


@contextmanager
def one_answer() -> Iterator[None]:
    """Everything asked inside shares the time of one answer."""
    token = _until.set(time.monotonic() + SECONDS)
    try:
        yield
    finally:
        _until.reset(token)


@cache
def installed() -> bool:
    """Whether the extra `math` is there."""
    return find_spec("math_verify") is not None


@lru_cache(8192)
def _asked(expected: str, given: str) -> tuple[Outcome, str]:
    """Remembered, also that it took too long; not that it had less than its time."""
    until = _until.get()
    left = SECONDS if until is None else until - time.monotonic()
    if left < 0.05:
        raise Broke("the other elements took all the time")
    try:
        found = _worker.within(left, expected, given)
    except Broke as broke:
        if left < SECONDS / 2:
            raise
        return "undecided", f"Computer algebra did not answer: {broke}."
    if found == "equal":
        return "right", "Computer algebra finds them equal."
    if found == "different":
        return "wrong", "Computer algebra finds them different."
    if found == "given":
        return "wrong", "It is no expression that computer algebra can read."
    return "undecided", "The expected expression cannot be read by computer algebra."
