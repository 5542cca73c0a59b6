"""What a training tells while it runs: each step once it is done, as Progress."""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tunix_rt.kit.errors import BadInput, Cancelled
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.rewinding import forget_from
from tunix_rt.train.course.rewinding import steps as checkpointed
from tunix_rt.train.schema import Progress, TrainJob

T = TypeVar("T")

RECENT = 100
"""Steps before a crash that are reported once more: a listener may not have kept them."""

SAID = 8
"""Rows of a spoiled batch that are named."""


SPOILED = "Weights became infinite, or no numbers,"
"""What is said of a step whose update spoiled them."""

SLOWER = "Lower optimizer.learning_rate, or raise optimizer.warmup_steps."
"""What may help."""


class NotFinite(BadInput):
    """What a step computed is no number: the weights are spoiled from this step on."""

    def __init__(self, step: int, what: str) -> None:
        super().__init__(
            f"{what} at step {step}.",
            hint=SLOWER,
        )
        self.step = step


def no_model() -> BadInput:
    """What is said where the weights that would be left behind are no finite numbers."""
    return BadInput(
        "The model is not written: some of its weights are infinite, or no numbers.",
        hint=SLOWER,
    )


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

    def end(self) -> None:
        """No further step is taken; raises where that is because somebody asked to stop."""
        self._tell_again(self._steps + 1)
        if self.stopped is not None:
            raise self.stopped

    @abstractmethod
    def gradient_norm(self) -> Any:
        """The global norm of the newest gradient, as a number."""

    def beside(self) -> dict[str, float]:
        """Further numbers of the steps since the report before."""
        return {}

    def is_stopped(self) -> bool:
        """Whether no further step shall be taken; asked between two of them."""
        if self.stopped is None:
            self.unless_cancelled(self._job.check)
        return self.stopped is not None

    def unless_cancelled(self, work: Callable[[], T]) -> T | None:
        """Do some work; null where a cancel was heard meanwhile."""
        try:
            return work()
        except Cancelled as stopped:
            self.stopped = stopped
            return None

    def step_done(self, step: int, loss: float) -> None:
        """Report one finished step, and before the first one what a crash may have lost."""
        norm = float(self.gradient_norm())
        for name, found in (("loss", loss), ("norm of the gradient", norm)):
            if not math.isfinite(found):
                raise NotFinite(step, f"The {name} became {found}")
        self._tell_again(step)
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
            gradient_norm=norm,
            tokens_per_second=self._counted / max(now - self._since, 1e-9),
            more={name: float(value) for name, value in more.items()} | self.beside(),
        )
        self._since, self._counted = now, 0
        self._tell(row)
        if step > self._journal.last_step:
            self._journal.add(row)

    def _tell_again(self, before: int) -> None:
        """What a crash may have lost of the steps before this one."""
        for row in [row for row in self._unsure if row.step < before]:
            self._tell(row)
        self._unsure = []

    def _tell(self, row: Progress) -> None:
        self.unless_cancelled(lambda: self._job.report(row))


def named(folder: Path, taken_on: str, spoiled: NotFinite) -> BadInput:
    """The same with what its step was taken on, and where there is to go back to.

    Checkpoints from that step on are forgotten.
    """
    forget_from(folder, spoiled.step)
    left = checkpointed(folder)
    good = f"the last good checkpoint is of step {left[-1]}." if left else "no checkpoint is good."
    said = f"{taken_on}; {good}" if taken_on else good.capitalize()
    return BadInput(f"{spoiled.message} {said}", hint=spoiled.hint)


def batch_of(rows_at: Callable[[int], Sequence[int]], step: int) -> str:
    """How the batch of a step, from 0, is named: by its rows."""
    rows = rows_at(step)
    said = ", ".join(map(str, rows[:SAID]))
    more = f" and {len(rows) - SAID} more" if len(rows) > SAID else ""
    return f"Its batch has the rows {said}{more}"
