"""What we ask of an answer beyond its family's scorer, and what we never hand to it.

Some scorers call wrong answers right (`gsm_symbolic` takes "not 405" for 405), and some
hand the answer to Python's `eval`.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tunix_rt.verify.answers import literal, number
from tunix_rt.verify.answers.math.comparing import constant
from tunix_rt.verify.reading.single import HEDGE
from tunix_rt.verify.schema import Expected

Entry = dict[str, Any]

PARSED = frozenset(
    {"countdown", "puzzle24", "simple_integration", "intermediate_integration"}
    | {"polynomial_multiplication"}
)
"""Families whose scorer evaluates the answer as an expression."""

_WORDS = frozenset({"word_ladder", "propositional_logic"})
"""Families in whose answers `not` and `or` are no hedge."""

_SIGNS = re.compile(r"[\w\s.,+*/()^-]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z_]\w*")
_ATTRIBUTE = re.compile(r"\.\s*[A-Za-z_]")
_KNOWN = frozenset(
    {"sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "ln"}
    | {"sqrt", "pi", "E", "I", "C", "Abs"}
)
_DIGITS = re.compile(r"\d+")


def harmless(text: str) -> bool:
    """Whether a text can only be an expression: numbers, letters and known functions."""
    if len(text) > 2_000 or not _SIGNS.fullmatch(text) or _ATTRIBUTE.search(text):
        return False
    return all(len(name) == 1 or name in _KNOWN for name in _NAME.findall(text))


def objection(name: str, said: str, expected: str, entry: Entry) -> str | None:
    """Why an answer that its family's scorer calls right is wrong all the same."""
    hedged = HEDGE.search(said) and not HEDGE.search(expected)
    if hedged and name not in _WORDS:
        return "More than one answer is offered, or it is denied"
    own = _OWN.get(name)
    return own(said, expected, entry) if own else None


def _number(said: str, expected: str, entry: Entry) -> str | None:
    found = number.check(said, Expected(answer=expected or str(entry["answer"])))
    return None if found.outcome == "right" else found.reason.rstrip(".")


def _probability(said: str, expected: str, entry: Entry) -> str | None:
    """Within a thousandth of the value: the scorer's absolute tolerance takes 0 for small ones."""
    got, want = constant(said.replace(",", "")), Fraction(str(entry["answer"]))
    if got is None or abs(got - want) > abs(want) / 1000:
        return "It is not within a thousandth of the value"
    return None


def _sorted(said: str, expected: str, entry: Entry) -> str | None:
    """The same numbers: the scorer lets each be off by one."""
    try:
        got, want = literal.read(said), literal.read(str(entry["answer"]))
    except literal.NotALiteral as problem:
        return str(problem)
    return None if [str(x) for x in got] == [str(x) for x in want] else "It has other numbers"


def _twenty_four(said: str, expected: str, entry: Entry) -> str | None:
    """Exactly 24 from the numbers given: the scorer looks at neither."""
    used = sorted(int(digits) for digits in _DIGITS.findall(said))
    if used != sorted(int(each) for each in entry["metadata"]["numbers"]):
        return "It uses other numbers"
    return None if constant(said) == 24 else "It is not 24"


_OWN: dict[str, Callable[[str, str, Entry], str | None]] = {
    "gsm_symbolic": _number,
    "fraction_simplification": _number,
    "coin_flip": _probability,
    "number_sorting": _sorted,
    "puzzle24": _twenty_four,
}
