"""Claims about whole numbers: remainders, congruences, gcd and lcm, divisors and primes."""

import re
from collections.abc import Callable, Iterator
from math import gcd, isqrt, lcm
from typing import NamedTuple

from tunix_rt.verify.steps.claims.said import Found, Said

_INT = r"(?:\d{1,3}(?:,\d{3})+|\d{1,15})"
_IS = r"(?:,?[ ](?:is|are|equals|gives|leaves)[ ]|[ ]?=[ ]?)"
_LIST = rf"{_INT}(?:,[ ]?(?:and[ ])?{_INT}|[ ]and[ ]{_INT}){{1,8}}"
_ALONE = r"(?<![\w.,^*/$-])"
_A_NUMBER = re.compile(_INT)
LARGEST_PRIME = 10**8
"""A larger number is not tried for divisors."""


class _Shape(NamedTuple):
    """A way to say it, and what is really so: whether it holds, and why not."""

    pattern: re.Pattern[str]
    judge: Callable[[re.Match[str]], tuple[bool, str] | None]
    anywhere: bool = False
    """Whether words before it cannot change it."""


def find(said: Said) -> Iterator[Found]:
    """Every claim about whole numbers that stands free."""
    if not _TRIGGER.search(said.plain):
        return
    for shape in _SHAPES:
        for match in shape.pattern.finditer(said.plain):
            start, end = match.span()
            begins = not said.is_supposed(start) if shape.anywhere else said.begins_free(start)
            if not (begins and said.ends_free(end)):
                continue
            if judged := shape.judge(match):
                holds, because = judged
                yield said.found(start, end, holds=holds, because=because)


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


def _remainder(match: re.Match[str]) -> tuple[bool, str] | None:
    over, under = _whole(match["over"]), _whole(match["under"])
    if not under:
        return None
    return over % under == _whole(match["said"]), f"the remainder is {over % under}"


def _division(match: re.Match[str]) -> tuple[bool, str] | None:
    over, under = _whole(match["over"]), _whole(match["under"])
    if not under:
        return None
    quotient, rest = divmod(over, under)
    holds = (quotient, rest) == (_whole(match["said"]), _whole(match["rest"]))
    return holds, f"it is {quotient} remainder {rest}"


def _congruence(match: re.Match[str]) -> tuple[bool, str] | None:
    under = _whole(match["under"])
    if not under:
        return None
    left, right = int(match["left"].replace(",", "")), int(match["right"].replace(",", ""))
    rests = f"the remainders are {left % under} and {right % under}"
    return (left - right) % under == 0, rests


def _divisor(match: re.Match[str]) -> tuple[bool, str] | None:
    values = [_whole(one[0]) for one in _A_NUMBER.finditer(match["list"])]
    name = match["name"].lower()
    found = lcm(*values) if name.startswith(("lcm", "least", "lowest")) else gcd(*values)
    if len(str(found)) > 40:
        return None
    return found == _whole(match["said"]), f"it is {found}"


def _divisible(match: re.Match[str]) -> tuple[bool, str] | None:
    over, under = _whole(match["over"]), _whole(match["under"])
    if not under:
        return None
    rest = over % under
    return (rest == 0) is not bool(match["no"]), f"the remainder is {rest}"


def _prime(match: re.Match[str]) -> tuple[bool, str] | None:
    value = _whole(match["over"])
    if value > LARGEST_PRIME:
        return None
    divisor = next((d for d in range(2, isqrt(value) + 1) if value % d == 0), None)
    prime = value > 1 and divisor is None
    why = f"{divisor} divides it" if divisor else "it is one" if prime else "it is none"
    return prime is not bool(match["no"]), why


def _by_nothing(_: re.Match[str]) -> tuple[bool, str]:
    return False, "nothing can be divided by 0"


def _parity(match: re.Match[str]) -> tuple[bool, str] | None:
    even = _whole(match["over"]) % 2 == 0
    return even is (match["word"].lower() == "even"), f"it is {'even' if even else 'odd'}"


def _shape(pattern: str, judge: Callable[[re.Match[str]], tuple[bool, str] | None]) -> _Shape:
    return _Shape(re.compile(pattern, re.IGNORECASE), judge)


_BY = r"(?:[ ]?[/÷][ ]?|[ ]divided[ ]by[ ])"
_SHAPES = (
    _shape(
        rf"{_ALONE}(?P<over>{_INT})[ ](?:mod|modulo|\\bmod)[ ](?P<under>{_INT}){_IS}"
        rf"(?P<said>{_INT})",
        _remainder,
    ),
    _shape(
        rf"\b(?:the[ ])?remainder[ ](?:when|of)[ ](?P<over>{_INT})[ ]?(?:is[ ])?"
        rf"(?:divided[ ]by|/|÷)[ ]?(?P<under>{_INT}){_IS}(?P<said>{_INT})",
        _remainder,
    ),
    _shape(
        rf"{_ALONE}(?P<over>{_INT})[ ]leaves[ ](?:a[ ])?remainder[ ](?:of[ ])?(?P<said>{_INT})[ ]"
        rf"when[ ]divided[ ]by[ ](?P<under>{_INT})",
        _remainder,
    ),
    _shape(
        rf"{_ALONE}(?P<over>{_INT}){_BY}(?P<under>{_INT}){_IS}(?P<said>{_INT}),?[ ]"
        rf"(?:(?:with[ ])?(?:a[ ])?(?:remainder|rem)[ ](?:of[ ])?|r[ ]?)(?P<rest>{_INT})",
        _division,
    ),
    _shape(
        rf"(?<![\w.,^*/$+-])(?P<left>-?{_INT})[ ]?(?:≡|\\equiv)[ ]?(?P<right>-?{_INT})[ ]?"
        rf"(?:\(?mod[ ]|\\pmod[{{ ]|\(?\\bmod[ ])(?P<under>{_INT})[)}}]?",
        _congruence,
    ),
    _shape(
        rf"\b(?:the[ ])?(?P<name>gcd|gcf|hcf|lcm|greatest[ ]common[ ](?:divisor|factor)"
        rf"|highest[ ]common[ ]factor|(?:least|lowest)[ ]common[ ](?:multiple|denominator))"
        rf"(?:[ ]?\(|[ ]of[ ])(?P<list>{_LIST})\)?{_IS}(?P<said>{_INT})",
        _divisor,
    ),
    _shape(
        rf"{_ALONE}(?P<over>{_INT})[ ]is[ ](?P<no>not[ ])?"
        rf"(?:(?:evenly[ ])?divisible[ ]by|a[ ]multiple[ ]of)[ ](?P<under>{_INT})",
        _divisible,
    ),
    _shape(
        rf"{_ALONE}(?P<over>{_INT})[ ]is[ ](?P<no>not[ ])?(?:a[ ])?prime(?:[ ]number)?"
        rf"(?=[.,;\n]|$)",
        _prime,
    ),
    _Shape(
        re.compile(
            rf"(?:(?<![\w.,^*/-])[$€£]?{_INT}(?:[.]\d{{1,12}})?|\))[ ]?[/÷][ ]?[$€£]?0"
            rf"(?![\d.,:/^(])(?:[ ][a-z]{{2,12}})?[ ]?=[ ]?[$€£]?(?:<<[^<>\n]{{0,80}}>>)?{_INT}"
        ),
        _by_nothing,
        anywhere=True,
    ),
    _shape(
        rf"{_ALONE}(?P<over>{_INT})[ ]is[ ](?:an[ ])?(?P<word>even|odd)(?:[ ]number)?(?=[.,;\n]|$)",
        _parity,
    ),
)
_TRIGGER = re.compile(
    r"[/÷][ ]?[$€£]?0(?![\d.,])|"
    r"\b(?:mod|modulo|remainder|rem|gcd|gcf|hcf|lcm|common|divisible|multiple|prime|even|odd)\b"
    r"|≡|\\equiv|\\bmod|\d[ ]?r[ ]?\d",
    re.IGNORECASE,
)
