"""What Tunix's trainer tells us while it runs, passed on as Progress.

The trainer reports a step once the next one is on its way, and one that it
keeps before. Its own metrics logger keeps every number of every step and adds
them up again at each; ours keeps the last.
"""

from collections.abc import Callable
from typing import Any

from tunix_rt.train.backends.tunix import keeping
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
        self._settled = 0

    def follow(self, trainer: Any, over: Callable[[int], dict[str, float]] = lambda _: {}) -> None:
        """Tell the steps of a trainer, and each that it keeps before it is kept.

        `over(step)` is asked, once, for what else there is to tell of a step that is over.
        """
        self._trainer, self._over = trainer, over
        self._settled = int(trainer.train_steps) - 1
        trainer.with_training_hooks(self.hooks())
        keeping.before_saves(trainer.checkpoint_manager, self._kept)

    def settle(self, step: int) -> None:
        """A step is over: ask what else is to be told of it."""
        if step <= self._settled:
            return
        self._settled = step
        if found := self.unless_cancelled(lambda: self._over(step)):
            self.more.setdefault(step, {}).update(found)

    def catch_up(self, step: int) -> None:
        """Tell a step now, and not once the next one is on its way."""
        self.settle(step)
        self._trainer._write_train_metrics()

    def _kept(self, step: int) -> None:
        """What a crash leaves of a step is never its checkpoint alone, nor one that is spoiled."""
        self.catch_up(step)
        keeping.check_weights(self._trainer.model, step)

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
