"""Spans of words that can be replaced by wrong ones: a unit by another, a move by no move."""

import re
from collections.abc import Iterator, Sequence
from random import Random

FAMILIES = (
    ("seconds", "minutes", "hours", "days", "weeks", "months", "years"),
    ("second", "minute", "hour", "day", "week", "month", "year"),
    ("cents", "dollars"),
    ("cent", "dollar"),
    ("mm", "cm", "km"),
    ("millimeters", "centimeters", "meters", "kilometers"),
    ("inches", "feet", "yards", "miles"),
    ("inch", "foot", "yard", "mile"),
    ("grams", "kilograms"),
    ("mg", "kg"),
    ("ounces", "pounds", "tons"),
    ("ounce", "pound", "ton"),
    ("teaspoons", "tablespoons", "cups", "pints", "quarts", "gallons"),
    ("milliliters", "liters"),
)
"""Units that measure the same, in one grammatical number."""

_OTHERS = {unit: [o for o in family if o != unit] for family in FAMILIES for unit in family}
_QUANTITY = re.compile(rf"(?<=\d)[ ]?({'|'.join(sorted(_OTHERS, key=len, reverse=True))})\b")

MOVES = (
    *("fold", "call", "raise", "check", "bet", "hit", "stand", "double", "split", "pass"),
    *("reveal", "draw", "discard", "knock", "liar"),
)
"""Moves of card games, of which some are not legal anywhere."""

DECIDES = frozenset({"decision", "move", "action"})
_LISTED = re.compile(r"[\w'-]+")
_LAST_WORD = re.compile(r"([\w'-]+)[.!\s]*$")

Change = tuple[int, tuple[int, int], str]
"""A step, a span of its content, and the wrong words for it."""


def units(steps: Sequence[str], random: Random) -> Iterator[Change]:
    """Quantities with a unit, in random order, each with another unit of its family."""
    found = [(i, m.span(1), m[1]) for i, text in enumerate(steps) for m in _QUANTITY.finditer(text)]
    random.shuffle(found)
    for step, span, unit in found:
        yield step, span, random.choice(_OTHERS[unit])


def moves(types: Sequence[str], steps: Sequence[str], random: Random) -> Iterator[Change]:
    """The word a decision ends with, replaced by a move that the list before it does not name."""
    legal: set[str] = set()
    for step, (type_, text) in enumerate(zip(types, steps, strict=True)):
        if type_ == "legal_moves":
            legal = {word.lower() for word in _LISTED.findall(text.rpartition(":")[2])}
        elif type_ in DECIDES:
            last = _LAST_WORD.search(text)
            if last and last[1].lower() in legal:
                illegal = [move for move in MOVES if move not in legal]
                yield step, last.span(1), random.choice(illegal)
