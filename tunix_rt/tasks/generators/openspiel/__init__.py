"""Decisions in games that OpenSpiel plays: posterior, value of each move, choice, regrets.

Kuhn and Leduc poker and liar's dice are solved once with CFR+; a problem is a decision in which
one move is clearly the best. Blackjack asks for exact odds.
"""

from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import Annotated, Literal

from pydantic import Field

from tunix_rt.tasks.generators.openspiel import blackjack, deciding
from tunix_rt.tasks.generators.openspiel.dealing import Problem
from tunix_rt.tasks.generators.openspiel.solving import HINT
from tunix_rt.tasks.schema import FamilyInfo, Split, TaggedConfig, Task, side

VERSION = "1"
CACHED = True
NEEDS = ("pyspiel", HINT)

Family = Literal["kuhn_poker", "leduc_poker", "liars_dice", "blackjack"]

MAKERS: dict[Family, Callable[[Random, str], Problem | None]] = {
    "kuhn_poker": deciding.decision,
    "leduc_poker": deciding.decision,
    "liars_dice": deciding.decision,
    "blackjack": blackjack.bust,
}
TRIES = 2000
"""Draws for one task before the stream ends: Kuhn poker has few decisions of each side."""


class Config(TaggedConfig):
    """Which games."""

    families: Annotated[tuple[Family, ...], Field(min_length=1)] = ("leduc_poker", "blackjack")
    """Kuhn poker and liar's dice with one small die have a few dozen decisions each."""


def families() -> list[FamilyInfo]:
    """Every game; all have worked steps."""
    return [FamilyInfo(name=name, worked=True) for name in MAKERS]


def generate(config: Config, seed: int, split: Split, start: int = 0) -> Iterator[Task]:
    """Task i of the stream depends on the config, the seed, the split and i alone."""
    for index in count(start):
        key = f"openspiel{config.tag}/{seed}/{split}/{index}"
        random = Random(key)
        for _ in range(TRIES):
            family = random.choice(config.families)
            problem = MAKERS[family](random, family)
            if problem is not None and side(problem.prompt) == split:
                break
        else:
            return
        meta = {"generator": "openspiel", "seed": seed, "split": split, "index": index}
        yield Task(
            key=key,
            prompt=problem.prompt,
            expected=problem.expected,
            verifier=problem.verifier,
            family=family,
            steps=tuple(problem.steps),
            meta={**meta, **problem.meta},
        )
