"""Claims in words: `half of 30 is 15`, `the sum of 3 and 4 is 7`, `5 squared is 25`."""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import factorial, isqrt, prod
from typing import NamedTuple

from tunix_rt.verify.steps.claims.comparing import agree
from tunix_rt.verify.steps.claims.said import (
    KIND,
    NUMBER,
    SCALES,
    Found,
    Said,
    places_of,
    show,
    value_of,
)

_PERCENT = r"[ ]?(?:%|percent\b)"
_WORD = r"(?!is\b|are\b|equals\b|and\b|or\b|makes\b|gives\b)[A-Za-z]{2,20}"
_THINGS = rf"((?:[ ]{_WORD}){{0,3}})"
_THE = r"(?:(?:the|his|her|their|its|these|those|all|a|total|of)[ ]){0,2}"
_IS = (
    r"(?:,)?[ ]{1,2}(?:(?:which|that)[ ])?(?:(?:is|are|equals|makes|gives|would[ ]be|will[ ]be)"
    r"(?:[ ]equal[ ]to)?[ ]{1,2}|=[ ]{0,2})"
)
_COUNTS = {"half": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_TIMES = {"twice": 2, "double": 2, "triple": 3, "thrice": 3, "quadruple": 4}
_LIST = rf"[$€£]?{NUMBER}(?:(?:,[ ]?(?:and[ ])?|[ ]and[ ])[$€£]?{NUMBER}){{1,8}}"
_A_NUMBER = re.compile(NUMBER)
_UNIT_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_BEHIND = re.compile(r"[ ]([A-Za-z]{1,20})(?:[ ]([A-Za-z]{1,20}))?")

Compute = Callable[[re.Match[str]], Fraction | None]


class _Shape(NamedTuple):
    """A way to say a claim; what is computed stands against the number in the group `said`."""

    trigger: str
    pattern: re.Pattern[str]
    compute: Compute


def find(said: Said) -> Iterator[Found]:
    """Every claim in words that stands free."""
    seen = {match.lastgroup for match in _TRIGGER.finditer(said.plain)}
    for shape in _SHAPES:
        if shape.trigger not in seen:
            continue
        for match in shape.pattern.finditer(said.plain):
            if claim := _judge(said, match, shape.compute):
                yield claim


def _judge(said: Said, match: re.Match[str], compute: Compute) -> Found | None:
    start, end = match.span()
    if not (said.begins_free(start) and said.ends_free(end)):
        return None
    value = compute(match)
    if value is None:
        return None
    printed = value_of(match["said"])
    holds = agree(value, printed, places_of(match["said"]), about=said.is_about)
    if not holds and not _units_agree(said.plain, match):
        return None
    return said.found(start, end, holds=holds, because=f"it is {show(value)}")


def _units_agree(plain: str, match: re.Match[str]) -> bool:
    """Whether both numbers count the same unit, as far as the units are known."""
    behind = _BEHIND.match(plain, match.end())
    after = {word for word in (behind.groups() if behind else ()) if word}
    inside = set(_UNIT_WORD.findall(match[0]))
    return _units(inside) == _units(after) or _units(inside) == _units(inside & after)


def _units(words: set[str]) -> set[str]:
    lowered = {word.lower() for word in words} - {"in", "m", "second"}
    return {word.rstrip("s") for word in lowered if word in KIND or word in SCALES} - {"quarter"}


def _share(match: re.Match[str]) -> Fraction | None:
    return _part(match["share"]) * value_of(match["of"])


def _part(words: str) -> Fraction:
    words = words.lower().replace("-", " ")
    if words in _TIMES:
        return Fraction(_TIMES[words])
    count, _, part = words.rpartition(" ")
    return Fraction(_COUNTS[count or "one"], _PARTS[part.rstrip("s") if part != "half" else part])


def _percent_of(match: re.Match[str]) -> Fraction | None:
    return value_of(match["percent"]) / 100 * value_of(match["of"])


def _operation(match: re.Match[str]) -> Fraction | None:
    first, second = value_of(match["first"]), value_of(match["second"])
    word = match["op"].lower().split()[0]
    if word == "divided":
        return first / second if second else None
    return {"plus": first + second, "minus": first - second}.get(word, first * second)


def _of_list(match: re.Match[str]) -> Fraction | None:
    values = [value_of(one[0]) for one in _A_NUMBER.finditer(match["list"])]
    word = match["word"].lower()
    if word in {"average", "mean"}:
        return sum(values, Fraction(0)) / len(values)
    if word in {"sum", "total"}:
        return sum(values, Fraction(0))
    if word == "product":
        return prod(values, start=Fraction(1))
    if len(values) != 2:
        return None
    if word == "difference":
        return abs(values[0] - values[1])
    return values[0] / values[1] if values[1] else None


def _power(match: re.Match[str]) -> Fraction | None:
    name = match["word"].lower()
    return value_of(match["of"]) ** (3 if name.startswith("cube") else 2)


def _root(match: re.Match[str]) -> Fraction | None:
    """The square root to twelve places, or exactly."""
    value = value_of(match["of"])
    scale = 10**24
    over = isqrt(value.numerator * value.denominator * scale)
    return Fraction(over, value.denominator * 10**12)


def _factorial(match: re.Match[str]) -> Fraction | None:
    return Fraction(factorial(int(match["of"])))


def _changed(match: re.Match[str]) -> Fraction | None:
    share = value_of(match["percent"]) / 100
    grows = match["word"].lower() == "increased"
    return value_of(match["of"]) * (1 + share if grows else 1 - share)


def _more(match: re.Match[str]) -> Fraction | None:
    by, than = value_of(match["by"]), value_of(match["than"])
    return than + by if match["word"].lower() in {"more", "greater"} else than - by


def _shape(trigger: str, pattern: str, compute: Compute) -> _Shape:
    return _Shape(trigger, re.compile(pattern, re.IGNORECASE), compute)


def _named(name: str) -> str:
    return rf"[$€£]?(?P<{name}>{NUMBER})"


_PART = (
    r"(?P<share>twice|double|triple|thrice|quadruple"
    r"|(?:(?:a|one|two|three|four|five)[ -])?"
    r"(?:half|(?:third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?))"
)
_OPERATORS = r"(?P<op>plus|minus|times|divided[ ]by|multiplied[ ]by)"
_OF = rf"(?:[ ]of)?[ ]{_THE}"
_SHAPES = (
    _shape("share", rf"\b{_PART}{_OF}{_named('of')}{_THINGS}{_IS}{_named('said')}", _share),
    _shape(
        "share",
        rf"(?<![\w.,$]){_named('said')}{_THINGS}[ ](?:is|=)[ ]{_PART}{_OF}{_named('of')}",
        _share,
    ),
    _shape(
        "percent",
        rf"(?<![\w.,$]){_named('said')}{_THINGS}[ ]is[ ](?P<percent>{NUMBER}){_PERCENT}[ ]of[ ]"
        rf"{_THE}{_named('of')}",
        _percent_of,
    ),
    _shape(
        "operation",
        rf"(?<![\w.,$]){_named('first')}[ ]{_OPERATORS}[ ]{_named('second')}{_IS}{_named('said')}",
        _operation,
    ),
    _shape(
        "list",
        rf"\b(?:the[ ])?(?P<word>sum|total|product|difference|quotient|average|mean)[ ]"
        rf"(?:of|between)[ ](?P<list>{_LIST}){_THINGS}{_IS}{_named('said')}",
        _of_list,
    ),
    _shape(
        "power",
        rf"\b(?:the[ ])?(?P<word>square|cube)[ ]of[ ]{_named('of')}{_IS}{_named('said')}",
        _power,
    ),
    _shape(
        "power",
        rf"(?<![\w.,$]){_named('of')}[ ](?P<word>squared|cubed){_IS}{_named('said')}",
        _power,
    ),
    _shape(
        "root",
        rf"(?:\b(?:the[ ])?square[ ]root[ ]of[ ]|(?<![\w.)])(?:√|\\sqrt\{{|sqrt\())"
        rf"(?P<of>{NUMBER})[)}}]?{_IS}(?P<said>{NUMBER})",
        _root,
    ),
    _shape("factorial", rf"(?<![\w.,])(?P<of>\d|1\d|20)!{_IS}(?P<said>{NUMBER})", _factorial),
    _shape(
        "changed",
        rf"(?<![\w.,$]){_named('of')}{_THINGS}[ ](?P<word>increased|decreased|reduced)[ ]by[ ]"
        rf"(?P<percent>{NUMBER}){_PERCENT}{_IS}{_named('said')}",
        _changed,
    ),
    _shape(
        "more",
        rf"(?<![\w.,$]){_named('said')}{_THINGS}[ ]is[ ]{_named('by')}{_THINGS}[ ]"
        rf"(?P<word>more|less|fewer|greater)[ ]than[ ]{_named('than')}",
        _more,
    ),
)
_TRIGGER = re.compile(
    r"\b(?:(?P<share>half|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?"
    r"|tenths?|twice|double|triple|thrice|quadruple)"
    r"|(?P<list>(?:sum|total|product|difference|quotient|average|mean)[ ](?:of|between))"
    r"|(?P<power>squared|cubed|(?:square|cube)[ ]of)"
    r"|(?P<changed>increased|decreased|reduced)|(?P<more>than))\b"
    r"|(?P<operation>\d[ ](?:plus|minus|times|divided[ ]by|multiplied[ ]by)[ ][$€£\d])"
    r"|(?P<root>√|\bsqrt\b|\bsquare[ ]root\b)|(?P<factorial>\d!)|(?P<percent>(?:%|percent)[ ]of)",
    re.IGNORECASE,
)
"""A look at the whole text that says which shapes may be there."""
