"""What each step of practising is taken on, and the looks between them."""

from typing import Any, NamedTuple

from tunix_rt.train.course.counting import Counted
from tunix_rt.train.course.looks import Looks
from tunix_rt.train.course.rounds import Numbers, Rounds
from tunix_rt.train.course.sampling import NoProbabilities
from tunix_rt.train.course.telling import SPOILED, NotFinite
from tunix_rt.train.schema import TrainJob


class Turn(NamedTuple):
    """What one step is taken on."""

    example: Any
    numbers: Numbers
    """What is told with the step."""
    tokens: int


class Turns:
    """Hands out one step after the other, behind those that are `done`."""

    def __init__(self, job: TrainJob, rounds: Rounds, looks: Looks, *, done: int) -> None:
        assert job.recipe.grpo is not None
        self.looks = looks
        self.counted = Counted(job.folder, done=done)
        self._rounds, self._iterations = rounds, job.recipe.grpo.iterations
        self._round: tuple[Any, Numbers, int] | None = None

    def begins(self, step: int) -> bool:
        """Whether a step, from 0, is the first of a round."""
        return step % self._iterations == 0

    def named(self, step: int) -> str:
        """How what a step, from 0, is taken on is named: by the number of its round."""
        return f"Its round is {step // self._iterations}"

    def at(self, step: int) -> Turn | None:
        """What a step, from 0, is taken on; None where the looks say that there is none.

        A model with spoiled weights is asked nothing.
        """
        seen: Numbers = {}
        if self.begins(step):
            if step and not self._rounds.is_finite():
                raise NotFinite(step, SPOILED)
            try:
                seen = self.looks.at(step)
                if self.looks.stopped is not None:
                    return None
                self._round = self._rounds.begin(step // self._iterations)
            except NoProbabilities:
                if not step:
                    raise
                raise NotFinite(step, "The model's probabilities became nan") from None
        assert self._round is not None
        example, numbers, tokens = self._round
        self.counted.add(tokens)
        self._rounds.handed_out()
        return Turn(example, numbers | seen, tokens)

    def over(self, step: int) -> Numbers:
        """What is told of a round that ended with a step, from 1; nothing within a round."""
        return self._rounds.settle() if self.begins(step) else {}
