"""Select by earlier evaluations of the same prompt: near half right, forgotten, flaky.

An item of an evaluation and a trace meet by their prompt group. `half`: the share of right
samples over all evaluations lies between the bounds. `forgotten`: an evaluation got it right
more often than not, and a later one did not. `flaky`: samples of one evaluation differ.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tunix_rt.curate.schema import Around, Drop, Each, Mark, Options, Outcomes, Said, Seen, Share
from tunix_rt.kit.words import Text

VERSION = "1"
NEEDS: tuple[str, ...] = ()
Word = Literal["half", "forgotten", "flaky"]


class Config(Options):
    """Which outcomes are wanted."""

    keep: Annotated[tuple[Word, ...], Field(min_length=1)] = ("half", "forgotten", "flaky")
    """A trace stays when its prompt is any of these."""

    low: Share = 0.25
    high: Share = 0.75
    evaluations: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    """Ids of evaluations; of none, every finished one counts."""

    unknown: Literal["drop", "keep"] = "drop"
    """What becomes of a prompt that was in no evaluation."""

    weigh: bool = False
    """Weigh a trace by p(1-p)."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


def begin(options: Config, around: Around) -> Each:
    """Look up each prompt."""
    found = around.outcomes(options.evaluations)

    def judge(trace: Seen) -> Said | None:
        outcomes = found.get(trace.group)
        if not outcomes:
            return Drop("never evaluated") if options.unknown == "drop" else None
        right = sum(one.right for one in outcomes)
        share = right / sum(one.samples for one in outcomes)
        if not _words(outcomes, options, share).intersection(options.keep):
            evidence = {"p": round(share, 4), "evaluations": len(outcomes)}
            return Drop("always right" if share == 1 else "not telling", evidence)
        return Mark(weight=share * (1 - share)) if options.weigh and 0 < share < 1 else None

    return judge


def _words(outcomes: Sequence[Outcomes], options: Config, share: float) -> set[Word]:
    """What is true of a prompt."""
    knew = [2 * one.right > one.samples for one in outcomes]
    true: set[Word] = set()
    if options.low <= share <= options.high:
        true.add("half")
    if any(before and not after for before, after in pairwise(knew)):
        true.add("forgotten")
    if any(0 < one.right < one.samples for one in outcomes):
        true.add("flaky")
    return true
