"""What the trainer tells us while it runs, passed on as Progress.

The trainer reports a step once the next one is on its way. Its own metrics
logger keeps every number of every step and adds them up again at each; ours
keeps the last.
"""

import math
import time
from collections.abc import Callable
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.train.backends.tunix.journal import Journal
from tunix_rt.train.schema import Progress, TrainJob

RECENT = 100
"""Steps before a crash that are reported once more: a listener may not have kept them."""


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


class Listener:
    """Turns the trainer's hooks into Progress reports.

    A step that is computed again after a crash is reported again, with the same numbers.
    """

    def __init__(
        self, job: TrainJob, journal: Journal, steps: int, rate: Callable[[Any], Any]
    ) -> None:
        self.metrics = LastMetrics()
        self.tokens: list[int] = []
        """Tokens of each batch handed out, from the first."""
        self._job, self._journal, self._steps, self._rate = job, journal, steps, rate
        self._since = time.monotonic()
        self._counted = 0
        self._unsure = journal.rows[-RECENT:]

    def step_done(self, step: int, loss: float) -> None:
        """Report one finished step, and before the first one what a crash may have lost."""
        if not math.isfinite(loss):
            raise BadInput(
                f"The loss became {loss} at step {step}.",
                hint="Lower optimizer.learning_rate, or raise optimizer.warmup_steps.",
            )
        for row in [row for row in self._unsure if row.step < step]:
            self._job.report(row)
        self._unsure = []
        self._counted += self.tokens[step - 1]
        if step not in (1, self._steps) and step % self._job.recipe.log_every:
            return
        now = time.monotonic()
        row = Progress(
            step=step,
            total=self._steps,
            loss=loss,
            learning_rate=float(self._rate(step - 1)),
            gradient_norm=float(self.metrics.get_metric("", "grad_norm", "train")),
            tokens_per_second=self._counted / max(now - self._since, 1e-9),
        )
        self._since, self._counted = now, 0
        self._job.report(row)
        if step > self._journal.last_step:
            self._journal.add(row)

    def hooks(self) -> Any:
        """The object the trainer calls; it must be of the trainer's own kind."""
        from tunix.sft.hooks import TrainingHooks

        listener = self

        class Hooks(TrainingHooks):  # type: ignore[misc]
            def on_train_start(self, train_ctx: Any) -> None:
                listener._since = time.monotonic()

            def on_train_end(self, train_ctx: Any) -> None:
                pass

            def on_train_step_start(self, train_ctx: Any) -> None:
                pass

            def on_train_step_end(self, train_ctx: Any, train_step: int, train_loss: Any) -> None:
                listener.step_done(int(train_step), float(train_loss))

            def on_eval_step_start(self, train_ctx: Any) -> None:
                pass

            def on_eval_step_end(self, train_ctx: Any, eval_loss: Any) -> None:
                pass

        return Hooks()
