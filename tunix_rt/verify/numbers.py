"""The numbers that a text holds, exactly: digits with their places, and numbers in words."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

MARK = re.compile(r"<<[^<>\n]{0,400}>>")
"""A calculator mark of GSM8K; the text around it says the same."""

_NUMBER = re.compile(
    r"(?<![\w.,])(?:(?P<whole>\d{1,6})[ ](?P<over>\d{1,3})/(?P<under>\d{1,3})(?![\d/])"
    r"|(?P<plain>\d{1,3}(?:,\d{3})+(?:\.\d{1,20})?|\d{1,40}(?:\.\d{1,20})?|\.\d{1,20}))(?!\d)"
    r"|(?<=[A-Za-z(_$€£-])(?P<glued>\d{1,3}(?:,\d{3})+(?:\.\d{1,20})?|\d{1,40}(?:\.\d{1,20})?)(?!\d)"
)
_VULGAR = {
    "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅕": "1/5", "⅛": "1/8",
}  # fmt: skip
_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS: dict[str, Fraction] = {
    **{word: Fraction(value) for value, word in enumerate(_UNITS)},
    **{word: Fraction(10 * value) for value, word in enumerate(_TENS, start=2)},
    **dict.fromkeys(("half", "halves", "halved"), Fraction(1, 2)),
    **dict.fromkeys(("twice", "double", "doubled", "doubles", "couple", "pair"), Fraction(2)),
    "both": Fraction(2),
    **dict.fromkeys(("triple", "tripled", "thrice", "triplets"), Fraction(3)),
    **dict.fromkeys(("third", "thirds"), Fraction(1, 3)),
    **dict.fromkeys(("quarter", "quarters", "fourth", "fourths"), Fraction(1, 4)),
    **dict.fromkeys(("fifth", "fifths"), Fraction(1, 5)),
    "sixth": Fraction(1, 6), "eighth": Fraction(1, 8), "tenth": Fraction(1, 10),
    "quadruple": Fraction(4), "dozen": Fraction(12), "dozens": Fraction(12),
    "single": Fraction(1), "once": Fraction(1), "hundred": Fraction(100),
    "thousand": Fraction(1000), "million": Fraction(10**6), "billion": Fraction(10**9),
}  # fmt: skip
_SCALE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


class Number(NamedTuple):
    """A number written in digits, and the characters it stands on."""

    value: int | Fraction
    start: int
    end: int


def numbers(text: str) -> tuple[Number, ...]:
    """Every number in digits, in order; `3/4` are two, `1 3/4` is one."""
    return _short(text) if len(text) <= _SHORT else tuple(_numbers(text))


def _numbers(text: str) -> Iterator[Number]:
    for match in _NUMBER.finditer(text):
        if match["whole"]:
            if under := int(match["under"]):
                value = int(match["whole"]) + Fraction(int(match["over"]), under)
                yield Number(value, *match.span())
            continue
        digits = (match["plain"] or match["glued"]).replace(",", "")
        yield Number(Fraction(digits) if "." in digits else int(digits), *match.span())


_SHORT = 2_000
_short = lru_cache(1_000)(lambda text: tuple(_numbers(text)))
"""Every detector asks for the numbers of the same steps."""


def numbers_in_words(text: str) -> set[int | Fraction]:
    """Every value that number words of a text may mean: `twenty-five`, `half`, `3 dozen`."""
    found: set[int | Fraction] = {Fraction(v) for sign, v in _VULGAR.items() if sign in text}
    run = Fraction(0)
    before = ""
    for match in _WORD.finditer(text):
        word = match[0].lower()
        value = _WORDS.get(word)
        if value is None:
            run, before = (run, word) if word == "and" and run else (Fraction(0), word)
            continue
        found.add(value)
        if word in _SCALE and run:
            run *= _SCALE[word]
        elif before in _TENS or (before in _SCALE and run) or (before == "and" and run):
            run += value
        else:
            run = value
        found.add(run)
        before = word
    return found
