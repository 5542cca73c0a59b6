"""What a training tells while it runs: each step once it is done, as Progress."""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadInput, Cancelled
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.rewinding import steps as checkpointed
from tunix_rt.train.schema import Progress, TrainJob

RECENT = 100
"""Steps before a crash that are reported once more: a listener may not have kept them."""

SAID = 8
"""Rows of a spoiled batch that are named."""


class NotFinite(BadInput):
    """The loss of a step is no number: the weights are spoiled from this step on."""

    def __init__(self, step: int, loss: float) -> None:
        super().__init__(
            f"The loss became {loss} at step {step}.",
            hint="Lower optimizer.learning_rate, or raise optimizer.warmup_steps.",
        )
        self.step = step


class Teller(ABC):
    """Tells each step that is done, and keeps it in the journal.

    A step that is computed again after a crash is told again, with the same numbers.
    """

    def __init__(
        self, job: TrainJob, journal: Journal, steps: int, rate: Callable[[Any], Any]
    ) -> None:
        self.tokens: dict[int, int] = {}
        """Tokens of each batch that was handed out and not yet reported, by its step from 1."""
        self.stopped: Cancelled | None = None
        """Why no further step shall be taken; the trainer ends as if it were done, and keeps where
        it is."""
        self.more: dict[int, dict[str, Any]] = {}
        """Further numbers of a step, told before it is done."""
        self._job, self._journal, self._steps, self._rate = job, journal, steps, rate
        self._since = time.monotonic()
        self._counted = 0
        self._unsure = journal.rows[-RECENT:]

    def begin(self) -> None:
        """Training begins now."""
        self._since = time.monotonic()

    @abstractmethod
    def gradient_norm(self) -> Any:
        """The global norm of the newest gradient, as a number."""

    def beside(self) -> dict[str, float]:
        """Further numbers of the steps since the report before."""
        return {}

    def step_done(self, step: int, loss: float) -> None:
        """Report one finished step, and before the first one what a crash may have lost."""
        if not math.isfinite(loss):
            raise NotFinite(step, loss)
        for row in [row for row in self._unsure if row.step < step]:
            self._tell(row)
        self._unsure = []
        self._counted += self.tokens.pop(step)
        more = self.more.pop(step, {})
        if not more and step not in (1, self._steps) and step % self._job.recipe.log_every:
            return
        now = time.monotonic()
        row = Progress(
            step=step,
            total=self._steps,
            loss=loss,
            learning_rate=float(self._rate(step - 1)),
            gradient_norm=float(self.gradient_norm()),
            tokens_per_second=self._counted / max(now - self._since, 1e-9),
            more={name: float(value) for name, value in more.items()} | self.beside(),
        )
        self._since, self._counted = now, 0
        self._tell(row)
        if step > self._journal.last_step:
            self._journal.add(row)

    def _tell(self, row: Progress) -> None:
        try:
            self._job.report(row)
        except Cancelled as stopped:
            self.stopped = stopped


def named(folder: Path, rows: Sequence[int], spoiled: NotFinite) -> BadInput:
    """The same with the rows of the batch, and where there is to go back to."""
    left = checkpointed(folder)
    good = f"the last good checkpoint is of step {left[-1]}." if left else "no checkpoint is good."
    if not rows:
        return BadInput(f"{spoiled.message} {good.capitalize()}", hint=spoiled.hint)
    said = ", ".join(map(str, rows[:SAID]))
    more = f" and {len(rows) - SAID} more" if len(rows) > SAID else ""
    return BadInput(
        f"{spoiled.message} Its batch has the rows {said}{more}; {good}",
        hint=spoiled.hint,
    )
