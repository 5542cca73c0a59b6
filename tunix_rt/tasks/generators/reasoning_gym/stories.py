"""Word problems that come with a worked solution; those that state a false equality are left out.

The library's `gsm_symbolic` rounds without saying so in 3 of 100 solutions (`0.333 * 48 = 16`).
Every equality of numbers in them is worked out again here, exactly.
"""

import re
from fractions import Fraction
from itertools import pairwise

from tunix_rt.tasks.generators.reasoning_gym.expressions import fold
from tunix_rt.tasks.generators.reasoning_gym.working import Entry, Unworkable, Work, require
from tunix_rt.tasks.schema import Step

_PIECE = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<sign>[-+*/()])|(?P<stop>[.,;:!?](?=\s|$)|\n)|(?P<percent>%)|(?P<word>[^\W\d_]+)"
)
_BULLET = re.compile(r"^\s*[-*]\s+")
_TIMES = re.compile(r"(?<=\s)x(?=\s?[$€£]?\d)")
_SAME = str.maketrans({"×": "*", "÷": "/", "−": "-"})
_PER = re.compile(r"/\s*[^\W\d_]+")
"""A unit such as `/day`."""

REACH = 400
"""Characters on each side of an `=` that are looked at."""


def gsm_symbolic(entry: Entry) -> list[Step]:
    """The lines of the solution that comes with the problem."""
    *lines, final = [line for line in entry["metadata"]["answer_cot"].split("\n") if line.strip()]
    require(final.startswith("####"), "the solution has no end")
    said = final.removeprefix("####").strip().replace(",", "")
    require(_number(said) == _number(entry["answer"]), "the solution ends elsewhere")
    require(bool(lines), "the solution has no lines")
    for line in lines:
        require(not states_a_falsehood(line), "an equality does not hold")
    return [Step("reason", line.strip()) for line in lines]


def states_a_falsehood(line: str) -> bool:
    """Whether an equality of this line can be worked out and does not hold."""
    plain = _TIMES.sub("*", _PER.sub("", _BULLET.sub("", line.translate(_SAME), count=1)))
    sides = plain.split("=")
    for left, right in pairwise(sides):
        a, b = _value(left[-REACH:], last=True), _value(right[:REACH], last=False)
        if a is not None and b is not None and a != b:
            return True
    return False


def _value(text: str, *, last: bool) -> Fraction | None:
    """The number that a side stands for: the arithmetic next to the sign, units left out."""
    kept = _arithmetic(text, last=last)
    try:
        return fold("".join(kept))[1] if kept else None
    except Unworkable:
        return None


def _arithmetic(text: str, *, last: bool) -> list[str]:
    """The last arithmetic of a text, or the first; none where a letter touches a number: `2x`."""
    kept: list[str] = []
    for found in _PIECE.finditer(text):
        ends = found["stop"] or (found["number"] and kept and kept[-1][-1].isdigit())
        if ends and kept and not last:
            break
        kept = [] if ends else kept
        if found["word"] and found.start() and text[found.start() - 1].isdigit():
            return []
        if found["number"]:
            kept.append(found["number"].replace(",", ""))
        elif found["sign"]:
            kept.append(found["sign"])
        elif found["percent"] and kept and kept[-1][-1].isdigit():
            kept[-1] = f"({kept[-1]}/100)"
    return kept


def _number(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise Unworkable("the answer is no number") from None


FAMILIES: dict[str, Work] = {"gsm_symbolic": gsm_symbolic}
