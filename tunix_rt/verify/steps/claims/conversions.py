"""Unit conversions: `3 hours = 180 minutes`, `2.5 km is 2500 m`, `2 feet 3 inches is 27 inches`.

Between the metric and the other system a conversion may be off by 2 %, as people round them. What
a day or a week has of working hours is a story's own business, so such a one is never false where
the story speaks of work.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from tunix_rt.verify.reading.units import read_unit
from tunix_rt.verify.steps.claims.comparing import agree
from tunix_rt.verify.steps.claims.said import NUMBER, Found, Said, places_of, show, value_of

TOLERANCE = Fraction(1, 50)

_UNIT = r"(?:[A-Za-z]{1,12}|[$€£¢])"
_PART = rf"(?:[$€£]{NUMBER}|{NUMBER}[ -]?{_UNIT})"
_AMOUNT = rf"{_PART}(?:,?[ ](?:and[ ])?{_PART}){{0,3}}"
_CLAIM = re.compile(
    rf"(?<![\w.,$^*/])(?P<left>{_AMOUNT})(?:[ ]?[=≈][ ]?|[ ](?:is|are|equals)(?:[ ](?:equal[ ]to"
    rf"|about|the[ ]same[ ]as))?[ ])(?P<right>{_AMOUNT})(?![\w^])"
)
_RATE = re.compile(
    rf"\b[Tt]here[ ](?:are|is)[ ](?P<left>{_PART})[ ](?:in|per)[ ]"
    rf"(?P<right>(?:an?|one|each|every|1)[ ][A-Za-z]{{1,12}})(?![\w^])"
)
_PIECE = re.compile(rf"([$€£]?)({NUMBER})?[ -]?({_UNIT})?")
_BEHIND = re.compile(r"[ ]?(?:[-+*/×÷^]|and[ ]\d|\d|per\b|an?\b|each\b|every\b|of\b|for\b)")
_WORK = re.compile(
    r"work|school|job|shift|business|practi[cs]|\b(?:a|per|each|every)[ ](?:day|week)",
    re.IGNORECASE,
)
_KITCHEN = {
    "teaspoon": Fraction(1, 48), "tsp": Fraction(1, 48), "tablespoon": Fraction(1, 16),
    "tbsp": Fraction(1, 16), "cup": Fraction(1), "pint": Fraction(2), "quart": Fraction(4),
    "gallon": Fraction(16),
}  # fmt: skip
_IMPERIAL = frozenset({"inch", "in", "foot", "ft", "feet", "yard", "yd", "mile", "mi"})
_FREE_BEFORE = frozenset(
    {"so", "then", "thus", "hence", "therefore", "that", "because", "since", "as", "now", "know"}
    | {"is", "takes", "took", "spends", "spent", "for", "lasts", "in", "has", "have", "needs"}
    | {"runs", "ran", "was", "were", "total", "exactly", "only", "just", "there"}
)


class _Amount(NamedTuple):
    value: Fraction
    dimension: str
    units: frozenset[str]
    places: int
    factor: Fraction


def find(said: Said) -> Iterator[Found]:
    """Every conversion that stands free."""
    for pattern in (_CLAIM, _RATE):
        for match in pattern.finditer(said.plain):
            if claim := _judge(said, match):
                yield claim


def _judge(said: Said, match: re.Match[str]) -> Found | None:
    left, right = _amount(match["left"]), _amount(match["right"])
    if left is None or right is None or left.dimension != right.dimension:
        return None
    if left.units == right.units:
        return None
    start, end = match.span()
    if not _stands_free(said, start, end):
        return None
    holds = _same(left, right, about=said.is_about)
    days = {"day", "week"} & (left.units | right.units)
    if not holds and days and _WORK.search(said.plain + said.prompt):
        return None
    because = f"it is {show(left.value / right.factor)} {min(right.units)}"
    return said.found(start, end, holds=holds, because=because)


def _stands_free(said: Said, start: int, end: int) -> bool:
    if _BEHIND.match(said.plain, end) or said.is_refuted(end):
        return False
    if said.begins_free(start):
        return True
    words = said.plain[max(0, start - 40) : start].split()
    return bool(words) and words[-1].lower() in _FREE_BEFORE


def _amount(text: str) -> _Amount | None:
    """One amount in its smallest terms: `1 hour and 30 minutes` is 5400 of a second."""
    total, dimension, units, places = Fraction(0), "", set(), 0
    factor = Fraction(1)
    for piece in re.split(r",?[ ]and[ ]|,[ ]|(?<=[A-Za-z])[ ](?=\d)", text):
        match = _PIECE.fullmatch(re.sub(r"^(?:an?|one|each|every)[ ]", "1 ", piece))
        found = _unit(match[3] or match[1]) if match else None
        if match is None or found is None or not match[2] or (match[1] and match[3]):
            return None
        name, kind, factor = found
        if dimension not in {"", kind} or name in units:
            return None
        dimension, places = kind, places_of(match[2])
        units.add(name)
        total += value_of(match[2]) * factor
    return _Amount(total, dimension, frozenset(units), places, factor)


def _unit(word: str) -> tuple[str, str, Fraction] | None:
    """The name of a unit, what it measures and how much of it."""
    word = word.lower()
    name = word[:-1] if len(word) > 2 and word.endswith("s") else word
    if name in _KITCHEN:
        return name, "kitchen", _KITCHEN[name]
    unit = read_unit(word)
    if unit is None or unit.dimension in {"words", "percent", "degree", "speed"}:
        return None
    return name, unit.dimension, unit.factor


def _same(left: _Amount, right: _Amount, *, about: bool) -> bool:
    if left.value == right.value:
        return True
    ratio = left.factor / right.factor
    mixed = 1 not in (ratio.numerator, ratio.denominator) and not (
        left.units <= _IMPERIAL and right.units <= _IMPERIAL
    )
    if mixed and abs(left.value - right.value) <= TOLERANCE * max(left.value, right.value):
        return True
    printed, other = right.value / right.factor, left.value / right.factor
    if agree(other, printed, right.places, about=about):
        return True
    return agree(right.value / left.factor, left.value / left.factor, left.places, about=about)
