"""What every card game shares: a problem with its steps, and how cards and chances are written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any, Literal

from tunix_rt.tasks.schema import Step

Family = Literal["duel_win", "duel_tie", "duel_loss", "kuhn_value", "kuhn_choice"]

RANKS = "23456789TJQKA"
DECK = tuple(rank + suit for rank, suit in product(RANKS, "CDHS"))


@dataclass(frozen=True)
class Dealt:
    """A problem, its answer and its steps."""

    prompt: str
    expected: str
    verifier: str
    steps: list[Step]
    meta: dict[str, Any] = field(default_factory=dict)


Maker = Callable[[Random, int, int], Dealt | None]
"""Draws a problem, with most discards and most opponents; none where the draw makes no sense."""


def written(value: Fraction) -> str:
    """A fraction as it stands in a step: in parentheses when it has a sign or a bar."""
    text = str(value)
    return f"({text})" if value < 0 or "/" in text else text
