"""A number in a step that neither the prompt nor an earlier step gives.

Given are the numbers of the prompt, in digits or words, what follows from a percentage, and the
constants of the units that are spoken of; a number behind `=` is a result. Each is said once.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from tunix_rt.verify.numbers import MARK, Number, numbers, numbers_in_words
from tunix_rt.verify.schema import TraceInput, TraceWarning, warn

VERSION = "1"
MOST = 20
"""Warnings of one trace."""

_ALWAYS = (0, 1, 2, 100)
_CONSTANTS = (
    (r"week", (7, 4, 52)),
    (r"\bday|night|daily", (7, 24)),
    (r"hour|minute|second|\bmins?\b|\bhrs?\b|o'clock", (24, 60, 3600)),
    (r"year|month|annual", (12, 52, 365, 366, 30, 31, 4)),
    (r"dozen|foot|feet|inch", (12,)),
    (r"yard", (3, 36)),
    (r"kilo|\bkm\b|\bkg\b|\bml\b|liter|litre|gram|\bmm\b|thousand|met(?:er|re)", (1000, 10)),
    (r"decade", (10,)),
    (r"century|centuries", (100,)),
    (r"quarter|square|rectang", (4,)),
    (r"triang|third", (3,)),
    (r"angle|degree|triang", (180, 360, 90)),
    (r"quarter|dime|nickel|\bcoin|cent", (25, 10, 5)),
    (r"gallon|quart|pint|\bcups?\b", (4, 16, 8)),
    (r"ounce|pound|\boz\b|\blbs?\b", (16,)),
    (r"deck|cards", (52, 13, 4)),
    (r"dice|\bdie\b|cube", (6,)),
    (r"mile", (5280,)),
    (r"tripod|twins|couple|bicycl", (2, 3)),
)
_NEEDS: dict[int, list[re.Pattern[str]]] = {}
for _words, _values in _CONSTANTS:
    for _value in _values:
        _NEEDS.setdefault(_value, []).append(re.compile(_words, re.IGNORECASE))
_BETWEEN = frozenset(" \t$€£*\\([{-")
_SIGNS = frozenset("=≈:→>")
_SAYS = (" is", " are", " equals", " makes", " gives", " get", " gets", "\\approx")
_PERCENT = re.compile(r"%|percent", re.IGNORECASE)
_LIST_MARK = re.compile(r"(?:^|\n)[ \t]*(?:step[ ])?\(?$", re.IGNORECASE)
_LISTED = re.compile(r"[.):](?!\d)")
_RATIO = re.compile(r"(\d{1,6})[ ]?/[ ]?(\d{1,6})")
_MATHS = re.compile(r"\\[A-Za-z(\[]|\$[^$\n]{0,80}[A-Za-z^_=][^$\n]{0,80}\$")
"""Mathematics is full of numbers from nowhere: only word problems are looked at."""

_PLACES = re.compile(
    r"digit|\b(?:ones|tens|hundreds|thousands|units|carry|carries|borrow|column|place)\b",
    re.IGNORECASE,
)
_ALGEBRA = re.compile(
    r"\d[b-hj-zB-HJ-Z]\b|\b[b-hj-zB-HJ-Z][ ]?[-+=*/^²]|[-+=*/][ ]?[b-hj-zB-HJ-Z]\b"
)


def detect(trace: TraceInput) -> Iterator[TraceWarning]:
    """Every number that comes from nowhere, at its first place."""
    if _MATHS.search(trace.prompt):
        return
    given = _Given(trace)
    said = 0
    for step in trace.steps:
        here = _outside_marks(step.content)
        given.known |= {n.value for n in here if _is_result(step.content, n)}
        for number in here:
            known = given.knows(number.value)
            given.known.add(number.value)
            if known or _ALGEBRA.search(step.content) or _is_counted(step.content, number):
                continue
            if _PLACES.search(f"{step.type} {step.content}") and given.holds_digits(number.value):
                continue
            said += 1
            if said > MOST:
                return
            shown = step.content[number.start : number.end]
            message = f"{shown} stands neither in the prompt nor in an earlier step."
            yield warn("provenance", message, step.index, number.start, number.end)


class _Given:
    """What may be used without being computed: it grows with every step."""

    def __init__(self, trace: TraceInput) -> None:
        self.trace = trace
        self.known: set[int | Fraction] = set(_ALWAYS)
        self.known |= {number.value for number in numbers(trace.prompt)}
        self.known |= numbers_in_words(trace.prompt)
        for over, under in _RATIO.findall(trace.prompt):
            if int(under):
                self.known.add(Fraction(int(over), int(under)))
        self.stated = frozenset(self.known)

    def knows(self, value: int | Fraction) -> bool:
        """Whether a number is known, in percent, what a share leaves, or a constant of a unit."""
        if value in self.known:
            return True
        known, exact = self.known, Fraction(value)
        if exact * 100 in known or exact / 100 in known:
            return True
        return self._remains(exact) or self._is_constant(exact)

    def holds_digits(self, value: int | Fraction) -> bool:
        """Whether one or two digits are those of a known number, as in column arithmetic."""
        digits = str(value).rstrip("0")
        return 0 <= value < 100 and any(digits in str(one) for one in self.known)

    def _remains(self, value: Fraction) -> bool:
        """`80 %` or 0.8 where the prompt takes 20 %, and 2/3 where it takes a third."""
        stated = self.stated
        if {1 - value, value - 1} & stated or (value and 1 / value in stated):
            return True
        percents = _PERCENT.search(self.trace.prompt) is not None
        hundred = value if value > 2 else value * 100
        return percents and bool({100 - hundred, hundred - 100} & stated)

    def _is_constant(self, value: Fraction) -> bool:
        patterns = _NEEDS.get(int(value), []) if value.denominator == 1 else []
        texts = [self.trace.prompt, *(step.content for step in self.trace.steps)]
        return any(pattern.search(text) for pattern in patterns for text in texts)


def _outside_marks(content: str) -> list[Number]:
    if "<<" not in content:
        return list(numbers(content))
    inside = bytearray(len(content))
    for mark in MARK.finditer(content):
        inside[mark.start() : mark.end()] = b"\1" * (mark.end() - mark.start())
    return [number for number in numbers(content) if not inside[number.start]]


def _is_result(content: str, number: Number) -> bool:
    """Whether a number stands behind a sign or a word that makes it a result."""
    place, first = number.start - 1, max(0, number.start - 6)
    while place >= first and content[place] in _BETWEEN:
        place -= 1
    if place < 0 or content[place] in _SIGNS:
        return place >= 0
    return content.endswith(_SAYS, max(0, place - 8), place + 1)


def _is_counted(content: str, number: Number) -> bool:
    """Whether a number only counts a list."""
    listed = _LIST_MARK.search(content[max(0, number.start - 24) : number.start]) is not None
    return listed and _LISTED.match(content, number.end) is not None
