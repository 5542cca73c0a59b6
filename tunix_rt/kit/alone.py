"""Call one function in a process that does nothing else, so that what it measures is its own."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

from tunix_rt.kit.errors import Broken

Found = TypeVar("Found")


def alone(function: Callable[..., Found], *given: Any) -> Found:
    """What `function` gives for `given`, or the error it raises; all of it can be pickled.

    The process begins anew and inherits the environment alone. `Broken` where it dies.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(function, *given).result()
        except BrokenProcessPool:
            raise Broken(
                "The process that was to measure died without a word.",
                hint="It may have taken more memory than there is.",
            ) from None
