r"""The equation given says the same as the one expected: sides moved, scaled or swapped.

`2x - y + 3 = 0` is `y = 2x + 3`. Where one name is solved for, its value alone will do.
"""

import re

from tunix_rt.verify.answers.math import equivalence, is_expression, terms
from tunix_rt.verify.answers.math.comparing import compare, exact, squeeze
from tunix_rt.verify.answers.math.parsing import value_of
from tunix_rt.verify.answers.math.terms import Sum, TooMuch, Unreadable, Value
from tunix_rt.verify.reading.single import HEDGE, NoAnswer, expected_text, one_answer, verdict
from tunix_rt.verify.schema import Expected, Outcome, Verdict

VERSION = "1"

_LONE = re.compile(r"(?:[A-Za-z]|\\[a-z]+)(?:_\{?\w\}?)?'?(?:\s?\(\s?[A-Za-z]\s?\))?")
_SIGNS = re.compile(r"[<>!≤≥≠:]=?|=[<>]")


def accepts(expected: Expected) -> bool:
    """Whether one equation of two readable sides is expected."""
    want = expected_text(expected)
    return want is not None and "=" in want and is_equation(want)


def is_equation(text: str) -> bool:
    """Whether a bare text relates unknowns, and not words or numbers alone."""
    sides = sides_of(text)
    if sides is None or not all(is_expression(side.strip()) for side in text.split("=")):
        return False
    return any(name not in ("pi", "e", "i") for side in sides for name in terms.atoms(side))


def check(given: str, expected: Expected) -> Verdict:
    """Compare two equations, or the value with the side that is solved for."""
    want = expected_text(expected)
    if want is None or sides_of(want) is None:
        return verdict("equation", VERSION, ("undecided", "No equation is expected."))
    said = one_answer(given)
    if isinstance(said, NoAnswer):
        return verdict("equation", VERSION, said)
    return verdict("equation", VERSION, same_equation(want, said))


def same_equation(want: str, said: str) -> tuple[Outcome, str]:
    """Whether the bare answer `said` states the equation `want`."""
    if squeeze(want) == squeeze(said):
        return "right", "Both are written the same."
    if HEDGE.search(said):
        return "wrong", "More than one answer is offered."
    if "=" not in said:
        left, right = want.split("=")
        if _LONE.fullmatch(left.strip()):
            return compare(right, said)
        if _LONE.fullmatch(right.strip()):
            return compare(left, said)
        return "wrong", "An equation is expected."
    got = sides_of(said)
    if got is None:
        return _unread(said)
    wanted = sides_of(want)
    assert wanted is not None
    try:
        sums = _difference(wanted), _difference(got)
        if terms.proportional(*sums):
            return "right", "Both equations say the same."
    except TooMuch as limit:
        return "undecided", f"The equation is not computed: {limit}."
    if terms.decidable(*wanted, *got):
        return "wrong", "The equations are different."
    return equivalence.ask(want, said)


def sides_of(text: str) -> tuple[Value, Value] | None:
    """The two sides of an equation, if there are two and both can be read."""
    if text.count("=") != 1 or _SIGNS.search(text):
        return None
    left, right = (exact(side) for side in text.split("="))
    return None if left is None or right is None else (left, right)


def _unread(said: str) -> tuple[Outcome, str]:
    """Why an equation has no two sides: one is too large to be computed, or it is none."""
    try:
        for side in said.split("=")[:3]:
            value_of(side)
    except TooMuch as limit:
        return "undecided", f"The equation is not computed: {limit}."
    except Unreadable:
        pass
    return "wrong", f"It is no equation that can be read: {said[:60]!r}."


def _difference(sides: tuple[Value, Value]) -> Sum:
    return terms.numerator_of_difference(*sides)
