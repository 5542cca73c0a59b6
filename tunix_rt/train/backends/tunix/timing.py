"""Where the time of steps goes, what memory they hold, and how near they come to the device's best.

A clock reads the time three times a step, and memory twice a second at most: nothing in the
computation knows of it. What is reported is the mean of the steps since the report before:

seconds_data    making a batch
seconds_device  handing a step over and waiting for the one before it; compiling, where one compiles
seconds_host    the rest: reports, checkpoints, the held-out loss
memory_bytes    what this process holds; device_bytes, where the device says what it holds
mfu             model FLOPs utilisation (arXiv 2204.02311, appendix B): operations of the model on
                tokens that are no padding, by the time, over what a matrix product reaches here
"""

import resource
import time
from pathlib import Path

from tunix_rt.registry.loading.shape import Shape
from tunix_rt.rendering.batching import Batch
from tunix_rt.train.backends.tunix.placing import devices
from tunix_rt.train.schema import Recipe

MEMORY_SECONDS = 0.5
"""Memory is looked at no more often."""

FROZEN = 2 / 3
"""Of the operations on weights that get no gradient of their own."""

STATM = Path("/proc/self/statm")


class Clock:
    """Told when a batch is asked for, when it is there, and when a step is done."""

    def __init__(self, recipe: Recipe) -> None:
        mesh = recipe.mesh.fsdp * recipe.mesh.tp
        self.device = devices(recipe.device, mesh)[0]
        self.operations: dict[int, float] = {}
        """Of each step from 1 that is not reported yet, where a ceiling is known."""
        self.ceiling = 0.0
        """Operations a second that the devices reach together; 0 where nobody asked."""
        self._data = self._device = self._counted = 0.0
        self._steps = 0
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
        self._counted += self.operations.pop(step, 0.0)

    def told(self) -> dict[str, float]:
        """What is to be said of the steps since the last time."""
        now = time.perf_counter()
        whole, steps = max(now - self._since, 1e-9), max(self._steps, 1)
        found = dict(self._memory_at(now))
        if self._data or self._device:
            found["seconds_data"] = self._data / steps
            found["seconds_device"] = self._device / steps
            found["seconds_host"] = max(whole - self._data - self._device, 0.0) / steps
        if self.ceiling and self._counted:
            found["mfu"] = self._counted / whole / self.ceiling
        self._data = self._device = self._counted = 0.0
        self._steps, self._since = 0, now
        return found

    def _memory_at(self, now: float) -> dict[str, float]:
        if now - self._looked >= MEMORY_SECONDS:
            self._looked, self._memory = now, {"memory_bytes": float(held())}
            said = self.device.memory_stats() or {}
            if "bytes_in_use" in said:
                self._memory["device_bytes"] = float(said["bytes_in_use"])
        return self._memory


def held() -> int:
    """Bytes of memory this process holds; the most it ever held, where the system says no other."""
    try:
        return int(STATM.read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def operations(shape: Shape, recipe: Recipe, batch: Batch) -> float:
    """Operations of a step on a batch, padding not counted; with LoRA most weights are frozen."""
    import numpy as np

    there = batch.present > 0
    places = np.cumsum(there, 1) if batch.positions is None else batch.positions + 1
    found = shape.operations(float(there.sum()), float(places[there].sum()))
    return found * FROZEN if recipe.method == "lora" else found
