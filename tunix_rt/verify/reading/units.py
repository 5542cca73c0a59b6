"""Units an answer may carry, and whether two of them can be compared.

A missing unit is forgiven, a different one is not. Units that are not in the table
are words: they agree if they share one (`eggs`, `duck eggs`).
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple


class Unit(NamedTuple):
    """What a value counts: a dimension and its factor, or only the words."""

    dimension: str
    factor: Fraction
    words: frozenset[str]


_TABLE: dict[str, dict[str, str]] = {
    "percent": {"1": "% percent percentage pct"},
    "degree": {"1": "° degree deg"},
    "usd": {"1": "$ dollar usd buck us$", "1/100": "cent ¢ penny pennies"},
    "eur": {"1": "€ euro eur"},
    "gbp": {"1": "£ pound-sterling gbp"},
    "yen": {"1": "¥ yen jpy"},
    "inr": {"1": "₹ rupee inr rs"},
    "length": {
        "1": "m metre meter",
        "1/1000": "mm millimetre millimeter",
        "1/100": "cm centimetre centimeter",
        "1/10": "dm decimetre decimeter",
        "1000": "km kilometre kilometer",
        "127/5000": "inch inches in",
        "381/1250": "ft foot feet",
        "1143/1250": "yd yard",
        "201168/125": "mi mile",
    },
    "mass": {
        "1": "g gram gramme",
        "1/1000": "mg milligram",
        "1000": "kg kilogram kilo",
        "1000000": "tonne",
        "45359237/100000": "lb lbs pound",
        "45359237/1600000": "oz ounce",
    },
    "time": {
        "1": "s sec second",
        "1/1000": "ms millisecond",
        "60": "min minute",
        "3600": "h hr hour",
        "86400": "day",
        "604800": "week",
    },
    "month": {"1": "month", "12": "yr year", "120": "decade", "1200": "century centuries"},
    "volume": {"1": "l litre liter", "1/1000": "ml millilitre milliliter"},
    "speed": {"1": "mph", "15625/25146": "kph kmh"},
}
_POWER = re.compile(
    r"\b(mm|cm|dm|m|km|in|inch|inches|ft|feet|foot|yd|yards?|mi|miles?|metres?|meters?|units?)"
    r"\s*\^?\s*\{?([23])\}?(?![\d.,]*\d)"
)
_WORDED_POWER = re.compile(
    r"\b(square|sq\.?|cubic|cu\.?)\s+"
    r"(mm|cm|dm|m|km|in|inch|inches|ft|feet|foot|yards?|miles?|[a-z]*met(?:er|re)s?|units?)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|[%°$€£¥₹¢]|/")
_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "in",
        "on",
        "at",
        "for",
        "of",
        "to",
        "from",
        "with",
        "by",
        "per",
        "each",
        "every",
        "left",
        "total",
        "altogether",
        "all",
        "more",
        "less",
        "fewer",
        "extra",
        "and",
        "so",
        "that",
        "this",
        "which",
        "because",
        "is",
        "are",
        "was",
        "were",
        "be",
        "will",
        "would",
        "if",
        "when",
        "then",
        "after",
        "before",
        "during",
        "she",
        "he",
        "it",
        "they",
        "we",
        "i",
        "you",
        "his",
        "her",
        "their",
        "its",
        "our",
        "as",
        "there",
    ]
)
_ONLY_AT_END = frozenset({"in", "m", "g", "s", "h", "l", "min", "rs", "mi"})


def spell_powers(text: str) -> str:
    """`cm^2`, `square cm` and `cm2` as one word without digits: `cm-squared`."""
    text = _POWER.sub(lambda f: f[1] + ("-squared" if f[2] == "2" else "-cubed"), text)
    return _WORDED_POWER.sub(
        lambda f: f[2] + ("-squared" if f[1].lower().startswith("s") else "-cubed"), text
    )


def read_unit(tail: str, currency: str = "") -> Unit | None:
    """The unit in the words after a number, or of the sign before it; None without one."""
    return _read(tail[:200].lower(), currency)


@lru_cache(4096)
def _read(tail: str, currency: str) -> Unit | None:
    words = _WORD.findall(tail)
    top, bottom = _phrase(words)
    unit = _known(top) or (_words(top) if top else None)
    if currency and (unit is None or unit.dimension == "words"):
        unit = _lookup(currency)
    if unit is None or not bottom:
        return unit
    under = _known(bottom) or _words(bottom)
    if unit.dimension == "words" or under.dimension == "words":
        return unit
    if (unit.dimension, under.dimension) == ("length", "time"):
        return Unit("speed", unit.factor / under.factor / Fraction("0.44704"), frozenset())
    return Unit(f"{unit.dimension}/{under.dimension}", unit.factor / under.factor, frozenset())


def same_value(expected: tuple[Fraction, Unit | None], given: tuple[Fraction, Unit | None]) -> bool:
    """Whether two quantities are equal, a missing unit forgiven."""
    (want, want_unit), (got, got_unit) = expected, given
    if want_unit is None or got_unit is None:
        return want == got
    if want_unit.dimension != got_unit.dimension:
        return False
    if want_unit.dimension == "words":
        return want == got and bool(want_unit.words & got_unit.words)
    return want * want_unit.factor == got * got_unit.factor


def _phrase(words: list[str]) -> tuple[list[str], list[str]]:
    """The words of the unit, and those of what it is counted per."""
    top: list[str] = []
    for index, word in enumerate(words):
        if word in {"/", "per"} and top:
            return top, words[index + 1 : index + 2]
        if word in _STOP and not (word == "in" and len(words) == 1):
            break
        top.append(word)
    return top[:6], []


def _known(words: list[str]) -> Unit | None:
    for index, word in enumerate(words):
        if word in _ONLY_AT_END and index > 0:
            continue
        if found := _lookup(word):
            return found
    return None


def _lookup(word: str) -> Unit | None:
    word, _, power = word.partition("-")
    found = _UNITS.get(word) or _UNITS.get(_singular(word))
    if found is None or power not in {"", "squared", "cubed"}:
        return None
    if not power:
        return found
    exponent = 2 if power == "squared" else 3
    return Unit(f"{found.dimension}^{exponent}", found.factor**exponent, frozenset())


def _words(words: list[str]) -> Unit:
    return Unit("words", Fraction(1), frozenset(_singular(word) for word in words))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


_UNITS = {
    name: Unit(dimension, Fraction(factor), frozenset())
    for dimension, factors in _TABLE.items()
    for factor, names in factors.items()
    for name in names.split()
}
