"""Where the time of steps goes, what memory they hold, and how near they come to the device's best.

A clock reads the time three times a step, and memory twice a second at most: nothing in the
computation knows of it. What is reported is the mean of the steps since the report before:

seconds_data    making a batch
seconds_device  handing a step over and waiting for the one before it; compiling, where one compiles
seconds_host    the rest: reports, checkpoints, the held-out loss
                (on Tunix a step that is told as it is kept has its times in the report before)
useful_share    of the places of the batches, those that are no padding
memory_bytes    what this process holds; device_bytes, where the device says what it holds
mfu             model FLOPs utilisation (arXiv 2204.02311, appendix B): operations of the model on
                tokens that are no padding, by the time, over what a matrix product reaches here
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from tunix_rt.kit.memory import held
from tunix_rt.registry.loading.shape import Shape
from tunix_rt.rendering.batching import Batch
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.telling import Teller
from tunix_rt.train.schema import Recipe, TrainJob

MEMORY_SECONDS = 0.5
"""Memory is looked at no more often."""

FROZEN = 2 / 3
"""Of the operations on weights that get no gradient of their own."""


class Work(NamedTuple):
    """What a step computes."""

    useful: int
    """Places that are no padding."""
    places: int
    operations: float = 0.0
    """Of the model, padding not counted; 0 where nobody asked."""

    def and_more(self, more: "Work") -> "Work":
        """Both together."""
        return Work(
            self.useful + more.useful,
            self.places + more.places,
            self.operations + more.operations,
        )


class Clock:
    """Told when a batch is asked for, when it is there, and when a step is done."""

    def __init__(self, device_bytes: Callable[[], int | None]) -> None:
        """`device_bytes` is what a device holds, where it says so."""
        self.work: dict[int, Work] = {}
        """Of each step from 1 that is not done yet, where it is known."""
        self.ceiling = 0.0
        """Operations a second that the devices reach together; 0 where nobody asked."""
        self._device_bytes = device_bytes
        self._data = self._device = 0.0
        self._steps = 0
        self._done = Work(0, 0)
        self._since = self._mark = time.perf_counter()
        self._waiting = False
        self._memory: dict[str, float] = {}
        self._looked = -MEMORY_SECONDS

    def begin(self) -> None:
        """The first step is about to begin."""
        self._since = self._mark = time.perf_counter()

    def fetch(self) -> None:
        """A batch is asked for."""
        now = time.perf_counter()
        if self._waiting:  # the first step of all, whose end is told with that of the second
            self._device += now - self._mark
        self._mark, self._waiting = now, False

    def fetched(self) -> None:
        """It is there."""
        now = time.perf_counter()
        self._data += now - self._mark
        self._mark, self._waiting = now, True

    def done(self, step: int) -> None:
        """A step is done; the one after it may be on its way."""
        now = time.perf_counter()
        if self._waiting:
            self._device += now - self._mark
        self._mark, self._waiting = now, False
        self._steps += 1
        self._done = self._done.and_more(self.work.pop(step, Work(0, 0)))

    def told(self) -> dict[str, float]:
        """What is to be said of the steps since the last time."""
        now = time.perf_counter()
        whole, steps = max(now - self._since, 1e-9), max(self._steps, 1)
        found = dict(self._memory_at(now))
        if self._data or self._device:
            found["seconds_data"] = self._data / steps
            found["seconds_device"] = self._device / steps
            found["seconds_host"] = max(whole - self._data - self._device, 0.0) / steps
        if self._done.places:
            found["useful_share"] = self._done.useful / self._done.places
        if self.ceiling and self._done.operations:
            found["mfu"] = self._done.operations / whole / self.ceiling
        self._data = self._device = 0.0
        self._steps, self._since, self._done = 0, now, Work(0, 0)
        return found

    def _memory_at(self, now: float) -> dict[str, float]:
        if now - self._looked >= MEMORY_SECONDS:
            self._looked, self._memory = now, {"memory_bytes": float(held())}
            own = self._device_bytes()
            if own is not None:
                self._memory["device_bytes"] = float(own)
        return self._memory


class TimedTeller(Teller):
    """Tells with each step where its time went, and what memory is held."""

    def __init__(
        self, job: TrainJob, journal: Journal, steps: int, rate: Callable[[Any], Any], clock: Clock
    ) -> None:
        super().__init__(job, journal, steps, rate)
        self.clock = clock

    def begin(self) -> None:
        """Training begins now."""
        super().begin()
        self.clock.begin()

    def beside(self) -> dict[str, float]:
        """What the clock says of the steps since the report before."""
        return self.clock.told()


def work_of(batch: Batch, shape: Shape, recipe: Recipe, *, counted: bool) -> Work:
    """What a step on a batch computes; with `counted` its operations too.

    With LoRA most weights are frozen.
    """
    import numpy as np

    there = batch.present > 0
    useful, operations = int(there.sum()), 0.0
    if counted:
        places = np.cumsum(there, 1) if batch.positions is None else batch.positions + 1
        operations = shape.operations(float(useful), float(places[there].sum()))
        if recipe.method == "lora":
            operations *= FROZEN
    return Work(useful, batch.tokens.size, operations)
