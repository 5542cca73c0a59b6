"""Arithmetic with worked steps: columns, chains, clocks and unit prices.

Six families, each with steps that follow one local rule: `add 275+928`,
`sub 531-496`, `mul 162*8`, `sum 47+5-3+2+8`, `clock 10:40+10:50` and
`price 7 for 21, buy 8, post 1`. Small models learn all six on a laptop, and
`solving.solve` checks every one of them from its prompt alone.
"""

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Annotated

from pydantic import Field

from tunix_rt.tasks.generators.arithmetic.families import FAMILIES, Family
from tunix_rt.tasks.schema import FamilyInfo, Split, Step, TaggedConfig, Task, side

VERSION = "1"
CACHED = False
NEEDS = None

DEFAULT_MIX: dict[Family, float] = {
    "add": 0.7,
    "sub": 1.2,
    "mul": 1.0,
    "sum": 1.1,
    "clock": 1.3,
    "price": 0.9,
}
"""What a small model learns last is asked more often."""


class Config(TaggedConfig):
    """Which families, how often each, and how large the numbers are."""

    families: Annotated[
        dict[Family, Annotated[float, Field(gt=0, le=1000)]], Field(min_length=1)
    ] = DEFAULT_MIX
    """Family to weight; a family that is not named is not asked."""

    digits: Annotated[int, Field(ge=1, le=9)] = 3
    """Digits of the numbers in `add`, `sub` and `mul`."""


def families() -> list[FamilyInfo]:
    """Every family; all have worked steps."""
    return [FamilyInfo(name=name, worked=True) for name in FAMILIES]


def generate(config: Config, seed: int, split: Split, start: int = 0) -> Iterator[Task]:
    """Task i of the stream depends on the config, the seed, the split and i alone."""
    names, weights = list(config.families), list(config.families.values())
    for index in count(start):
        key = f"arithmetic{config.tag}/{seed}/{split}/{index}"
        random = Random(key)
        family = random.choices(names, weights)[0]
        while True:
            prompt, steps, answer = FAMILIES[family](random, config.digits)
            if side(prompt) == split:
                break
        yield Task(
            key=key,
            prompt=prompt,
            expected=answer,
            verifier="exact" if family == "clock" else "number",
            family=family,
            steps=tuple(Step("compute", step) for step in steps),
            meta={"generator": "arithmetic", "seed": seed, "split": split, "index": index},
        )
