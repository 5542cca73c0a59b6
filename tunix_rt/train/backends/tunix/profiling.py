"""Some steps of a training traced by jax.profiler, in the folder `profile` of the run."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tunix_rt.train.schema_profile import PROFILE, Profile


class Traced:
    """Told before each step; what is traced when a training ends early is thrown away."""

    def __init__(self, asked: Profile | None, folder: Path, wait: Callable[[], None]) -> None:
        """`wait` waits until every step that was handed over is done."""
        self._asked, self._wait = asked, wait
        self._place, self._part = folder / PROFILE, folder / f"{PROFILE}.part"
        self._is_on = False

    def at(self, step: int) -> None:
        """So many steps were handed over; begin or end what the recipe asks for."""
        if self._asked is None:
            return
        first = self._asked.start - 1
        if not self._is_on and step == first:
            self._begin()
        elif self._is_on and step >= first + self._asked.steps:
            self._end()

    def _begin(self) -> None:
        import jax

        self._wait()
        shutil.rmtree(self._part, ignore_errors=True)
        options = jax.profiler.ProfileOptions()
        options.python_tracer_level = 0  # tracing each call of Python takes longer than steps
        jax.profiler.start_trace(str(self._part), profiler_options=options)
        self._is_on = True

    def _end(self) -> None:
        import jax

        self._wait()
        jax.profiler.stop_trace()
        self._is_on = False
        shutil.rmtree(self._place, ignore_errors=True)
        self._part.replace(self._place)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if not self._is_on:
            return
        if kind is None:
            self._end()
            return
        import jax

        jax.profiler.stop_trace()
        self._is_on = False
        shutil.rmtree(self._part, ignore_errors=True)
