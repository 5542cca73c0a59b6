"""High Card Duel with discards and opponents, Kuhn poker against a known policy: exact odds.

Every number is exact: a chance is a fraction of the cards that were not seen, an expected value a
fraction of chips. Steps state only what can be worked out again.
"""

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Annotated

from pydantic import Field

from tunix_rt.tasks.generators.cards import duel, kuhn
from tunix_rt.tasks.generators.cards.dealing import Dealt, Family, Maker
from tunix_rt.tasks.schema import FamilyInfo, Split, TaggedConfig, Task, side

VERSION = "1"
CACHED = False
NEEDS = None

MAKERS: dict[Family, Maker] = {**duel.MAKERS, **kuhn.MAKERS}
TRIES = 1000


class Config(TaggedConfig):
    """Which games, and how large they may be."""

    families: Annotated[tuple[Family, ...], Field(min_length=1)] = tuple(MAKERS)
    discards: Annotated[int, Field(ge=0, le=20)] = 5
    """Most cards known to be out of play in High Card Duel."""

    opponents: Annotated[int, Field(ge=1, le=6)] = 3
    """Most opponents in High Card Duel."""


def families() -> list[FamilyInfo]:
    """Every game and question; all have worked steps."""
    return [FamilyInfo(name=name, worked=True) for name in MAKERS]


def generate(config: Config, seed: int, split: Split, start: int = 0) -> Iterator[Task]:
    """Task i of the stream depends on the config, the seed, the split and i alone."""
    for index in count(start):
        key = f"cards{config.tag}/{seed}/{split}/{index}"
        random = Random(key)
        family = random.choice(config.families)
        dealt = _dealt(config, random, family, split)
        if dealt is None:
            return
        yield Task(
            key=key,
            prompt=dealt.prompt,
            expected=dealt.expected,
            verifier=dealt.verifier,
            family=family,
            steps=tuple(dealt.steps),
            meta={
                "generator": "cards",
                "seed": seed,
                "split": split,
                "index": index,
                **dealt.meta,
            },
        )


def _dealt(config: Config, random: Random, family: Family, split: Split) -> Dealt | None:
    """A problem of one side; none if a small config has none."""
    for _ in range(TRIES):
        dealt = MAKERS[family](random, config.discards, config.opponents)
        if dealt is not None and side(dealt.prompt) == split:
            return dealt
    return None
