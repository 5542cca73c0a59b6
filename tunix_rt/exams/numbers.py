"""Numbers and sums in the text of a step: read exactly, and written back as they were written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tunix_rt.verify.schema import Claim
from tunix_rt.verify.steps.claims.expressions import Unreadable, read_expression
from tunix_rt.verify.steps.claims.tokens import MARK, tokenise

_NUMBER = re.compile(
    r"(?<![\w.,/^])\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?(?![\w]|\.\d|,\d)"
    r"|(?<![\w.,/^])\d{1,15}(?:\.\d{1,6})?(?![\w]|\.\d|,\d)"
)
_EQUALS = re.compile(r"=")
MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: its span, its exact value, and how it is written."""

    start: int
    end: int
    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A claim `left = result` of one step; `start`, `equals` and `end` are places in its content.

    A calculator mark between the sign and the result repeats the numbers of both sides.
    """

    start: int
    equals: int
    end: int
    result: Fraction


def numbers(text: str, start: int = 0, end: int | None = None) -> list[Number]:
    """The plain numbers of a text between two places, in order."""
    found = _NUMBER.finditer(text, start, len(text) if end is None else end)
    return [Number(m.start(), m.end(), Fraction(m[0].replace(",", "")), m[0]) for m in found]


def written(value: Fraction, like: str) -> str | None:
    """A value written as `like` is: with its separators; None if it needs too many places."""
    for places in range(MOST_PLACES + 1):
        scaled = abs(value) * 10**places
        if scaled.denominator == 1:
            break
    else:
        return None
    whole, part = divmod(scaled.numerator, 10**places)
    plain = f"{whole:,}" if "," in like else str(whole)
    kept = len(like.partition(".")[2])
    if places or kept:
        digits = f"{part:0{places}d}" if places else ""
        plain += "." + digits.ljust(kept, "0")
    return "-" + plain if value < 0 else plain


def sums(content: str, claims: list[Claim]) -> list[Sum]:
    """The claims of one step that are `an expression = one number`, marks aside, in order."""
    marks = [mark.span() for mark in MARK.finditer(content)]
    found = []
    for claim in claims:
        if claim.outcome != "right" or any(a <= claim.start < b for a, b in marks):
            continue
        signs = [
            sign.start()
            for sign in _EQUALS.finditer(content, claim.start, claim.end)
            if not any(a <= sign.start() < b for a, b in marks)
        ]
        right = numbers(content, signs[0], claim.end) if len(signs) == 1 else []
        if not right or not numbers(content, claim.start, signs[0]):
            continue
        if value(content[claim.start : signs[0]]) == right[-1].value:
            found.append(Sum(claim.start, signs[0], claim.end, right[-1].value))
    return found


def value(expression: str) -> Fraction | None:
    """The exact value of a text that is one expression and nothing else."""
    tokens = tokenise(expression)
    try:
        read = read_expression(tokens, 0, len(tokens))
    except Unreadable:
        return None
    return read.value if read.end == len(tokens) else None


def rewrite(text: str, changes: Mapping[tuple[int, int], str]) -> str:
    """A text with other words in some spans, which do not overlap."""
    out, place = [], 0
    for (start, end), words in sorted(changes.items()):
        out += [text[place:start], words]
        place = end
    return "".join([*out, text[place:]])
