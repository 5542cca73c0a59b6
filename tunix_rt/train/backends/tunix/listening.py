"""What Tunix's trainer tells us while it runs, passed on as Progress.

The trainer reports a step once the next one is on its way. Its own metrics
logger keeps every number of every step and adds them up again at each; ours
keeps the last.
"""

from collections.abc import Callable
from typing import Any

from tunix_rt.train.backends.tunix.placing import devices
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.timing import Clock, TimedTeller
from tunix_rt.train.schema import TrainJob


class LastMetrics:
    """The newest value of each metric; the four methods the trainer calls."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], Any] = {}

    def log(self, _prefix: str, name: str, value: Any, mode: Any, _step: int) -> None:
        """Remember one value."""
        self._last[str(mode), name] = value

    def metric_exists(self, _prefix: str, name: str, mode: Any) -> bool:
        """Whether this metric was ever logged."""
        return (str(mode), name) in self._last

    def get_metric(self, _prefix: str, name: str, mode: Any) -> Any:
        """The newest value."""
        import numpy as np

        return np.asarray(self._last[str(mode), name])

    def close(self) -> None:
        """Nothing is held open."""


class Listener(TimedTeller):
    """Turns the trainer's hooks into Progress reports."""

    def __init__(
        self, job: TrainJob, journal: Journal, steps: int, rate: Callable[[Any], Any]
    ) -> None:
        mesh = job.recipe.mesh
        device = devices(job.recipe.device, mesh.fsdp * mesh.tp)[0]
        super().__init__(job, journal, steps, rate, Clock(lambda: _held(device)))
        self.metrics = LastMetrics()
        self.device = device

    def gradient_norm(self) -> Any:
        """The global norm of the newest gradient."""
        return self.metrics.get_metric("", "grad_norm", "train")

    def hooks(self) -> Any:
        """The object the trainer calls; it must be of the trainer's own kind."""
        from tunix.sft.hooks import TrainingHooks

        listener = self

        class Hooks(TrainingHooks):  # type: ignore[misc]
            def on_train_start(self, train_ctx: Any) -> None:
                listener.begin()

            def on_train_end(self, train_ctx: Any) -> None:
                pass

            def on_train_step_start(self, train_ctx: Any) -> None:
                pass

            def on_train_step_end(self, train_ctx: Any, train_step: int, train_loss: Any) -> None:
                listener.clock.done(int(train_step))
                listener.step_done(int(train_step), float(train_loss))

            def on_eval_step_start(self, train_ctx: Any) -> None:
                pass

            def on_eval_step_end(self, train_ctx: Any, eval_loss: Any) -> None:
                pass

        return Hooks()


def _held(device: Any) -> int | None:
    """Bytes that a device holds, where it says so."""
    said = device.memory_stats() or {}
    return int(said["bytes_in_use"]) if "bytes_in_use" in said else None
