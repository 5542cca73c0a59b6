"""One step as every family of claims reads it, what a family finds, and what stands around it.

A claim is judged only where it stands free: words before it may change it (`twice`, `if`), signs
behind it may go on with it, and a text may say itself that the claim is false.
"""

import re
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from tunix_rt.verify.steps.claims.tokens import SAME, Token, tokenise

ABOUT = frozenset(
    {"about", "approximately", "roughly", "around", "nearly", "almost", "approx", "rounded"}
    | {"round", "rounds", "rounding", "nearest", "whole", "estimate", "estimated"}
)
"""Words that make an inexact number true."""

SCALES = frozenset({"hundred", "thousand", "million", "billion", "trillion", "dozen", "pairs"})

_KINDS = {
    "time": "second seconds sec secs minute minutes min mins hour hours hr hrs day days "
    "week weeks month months year years decade decades",
    "length": "mm cm m km inch inches in foot feet ft yard yards mile miles meter meters "
    "metre metres centimeters kilometers",
    "mass": "mg g kg gram grams kilogram kilograms ounce ounces oz pound pounds lb lbs ton tons",
    "money": "cent cents dollar dollars penny pennies nickel nickels dime dimes quarter quarters",
    "volume": "ml l liter liters litre litres cup cups pint pints quart quarts gallon gallons",
}
KIND = {word: kind for kind, words in _KINDS.items() for word in words.split()}
"""Units by what they measure."""

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,18})(?:\.\d{1,12})?"
"""A plain number in a text; bounded, so that no pattern built of it is slow."""

_ABOUT = re.compile(rf"\b(?:{'|'.join(sorted(ABOUT))})\b|[≈~]", re.IGNORECASE)
_LEADS = frozenset(
    {"so", "then", "thus", "hence", "therefore", "that", "because", "since", "as", "now", "know"}
    | {"but", "where", "means", "find", "get", "notice", "note", "first", "next", "finally"}
    | {"indeed", "also", "see", "out"}
)
"""Words after which a claim begins; after any other word it may be part of something."""

_FREE = frozenset('.;:!?(\n,—•=<>≤≥⇒→"“')
_HYPOTHESIS = re.compile(
    r"\b(?:if|suppos\w*|assume\w*|assuming|whether|unless|imagine|pretend\w*|claim\w*|wrong\w*|guess\w*"
    r"|incorrect\w*|mistak\w*|not|n't|never|try\w*|could|might|should|check\w*|when|until|while)\b",
    re.IGNORECASE,
)
_REFUTED = re.compile(
    r"\s{0,3}(?:[A-Za-z]{1,20}\s{1,3})?"
    r"(?:\?|(?:is|was|would\s{1,3}be)\s{1,3}(?:not|wrong|incorrect|false|impossible|untrue))"
)
_GOES_ON = re.compile(
    r"[ ]{0,2}(?:[-+*/^×÷%!]|\.?\d|[.,:]\d|\\|\(|(?:more|less|fewer|times|than|plus|minus|percent"
    r"|and[ ](?:a[ ])?(?:half|quarter|third|\d)|of|divided|multiplied|x|or|to|remainder|r)\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.;!?\n](?!\d)")


class Found(NamedTuple):
    """One judged statement: its span, whether it holds, and what was computed."""

    start: int
    end: int
    holds: bool
    message: str


class Said:
    """The text of one step; its tokens are cut when a family first asks for them."""

    def __init__(self, text: str, prompt: str = "") -> None:
        self.text = text
        self.prompt = prompt
        self.plain = text if text.isascii() else text.translate(SAME)

    @cached_property
    def tokens(self) -> list[Token]:
        """The pieces of the text, offsets kept."""
        return tokenise(self.text)

    @cached_property
    def is_about(self) -> bool:
        """Whether the step says that it rounds."""
        return _ABOUT.search(self.plain) is not None

    def begins_free(self, start: int) -> bool:
        """Whether what begins at `start` is not part of something longer, nor supposed."""
        if self.is_supposed(start):
            return False
        words = self.plain[max(0, start - 40) : start].rstrip(" \t*_$")
        if not words or words[-1] in _FREE:
            return True
        return words[-20:].split()[-1].lower().rstrip(",") in _LEADS

    def is_supposed(self, start: int) -> bool:
        """Whether the sentence up to `start` asks, supposes or denies what follows."""
        before = self.plain[max(0, start - 160) : start]
        return _HYPOTHESIS.search(before, _last_end(before)) is not None

    def ends_free(self, end: int) -> bool:
        """Whether what ends at `end` does not go on, and is not called false."""
        if _GOES_ON.match(self.plain, end):
            return False
        return not self.is_refuted(end)

    def is_refuted(self, end: int) -> bool:
        """Whether the text asks, or itself says that what ends here is false."""
        return _REFUTED.match(self.plain[end : end + 60]) is not None

    def found(self, start: int, end: int, *, holds: bool, because: str) -> Found:
        """A judged span; `because` says what is true instead."""
        shown = self.text[start:end][:200]
        message = f"{shown} holds." if holds else f"{shown} is false: {because}."
        return Found(start, end, holds, message)


def value_of(text: str) -> Fraction:
    """The exact value of a text that `NUMBER` matches."""
    return Fraction(text.replace(",", ""))


def places_of(text: str) -> int:
    """How many places behind the point a number is printed with."""
    return len(text.partition(".")[2])


def show(value: Fraction) -> str:
    """A value as a person writes it, cut to a readable length."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > 200:
        return "a very long number"
    if value.denominator == 1:
        return str(value.numerator)
    for places in range(1, 7):
        if 10**places % value.denominator == 0:
            return f"{float(value):.{places}f}"
    if value.denominator < 1000:
        return f"{value.numerator}/{value.denominator}"
    return f"about {float(value):.6g}"


def _last_end(before: str) -> int:
    """Where the last sentence of a text begins."""
    place = 0
    for end in _SENTENCE_END.finditer(before):
        place = end.end()
    return place
