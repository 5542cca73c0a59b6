r"""Two expressions compared: written the same, exactly equal, or asked of computer algebra."""

import re
from fractions import Fraction

from tunix_rt.verify.answers.math import equivalence, terms
from tunix_rt.verify.answers.math.parsing import value_of
from tunix_rt.verify.answers.math.terms import TooMuch, Unreadable, Value
from tunix_rt.verify.answers.math.tokens import LONGEST
from tunix_rt.verify.reading.units import Unit, read_unit
from tunix_rt.verify.schema import Outcome

Said = tuple[Outcome, str]

_SPACES = re.compile(
    r"\s+(?!\d)|(?<!\d)\s+|\\[,;:! ]|\\q?quad(?![A-Za-z])|\\(?:left|right|displaystyle)(?![A-Za-z])"
)
_ENDLESS = re.compile(r"\+?(?:\\infty(?![a-z])|∞|\binfinity\b)", re.IGNORECASE)
_SIZES = re.compile(r"\\[dt]frac(?![A-Za-z])")
_UNIT = re.compile(
    r"(?:\s*\\(?:text|mbox|textrm|mathrm)\s*\{([^{}\d]*)\}|(?<=[\s\d})])([A-Za-z]{2,}(?:\s[A-Za-z]+){0,3}))"
    r"\s?(\^\s?\{?[23]\}?)?$"
)
_DEGREES = re.compile(r"(?:\^\s?\{?\s?\\circ\s?\}?|\\degree|\^?\s?°)$")
_RELATIONS = ("=", "<", ">", ",", ";", "≤", "≥", r"\le", r"\ge", r"\ne", r"\to", ":")
_ANGLE = re.compile(r"(?:sin|cos|tan|cot|sec|csc)(?![a-z])")
_LONE = re.compile(r"(?:[A-Za-z]|\\[a-z]+)(?:_\{?\w\}?)?'?(?:\s?\(\s?[A-Za-z]\s?\))?")
_MATH = re.compile(r"[\d\\^√π∞=+*/]|(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
_WORDY = re.compile(r"[A-Za-z]{5,}")


def compare(expected: str, given: str) -> Said:
    """Whether `given`, a bare answer, states the expression `expected`."""
    if len(expected) > LONGEST or len(given) > LONGEST:
        return _long(expected, given)
    want, want_unit = split_unit(_ENDLESS.sub("∞", expected))
    got, got_unit = split_unit(_ENDLESS.sub("∞", stated(given)))
    if not _agree(want_unit, got_unit):
        return "wrong", "The unit is another one."
    if squeeze(want) == squeeze(got):
        return "right", "Both are written the same."
    if "∞" in want or "∞" in got:
        return "wrong", f"{got[:80]!r} was given, {want[:80]!r} is expected."
    if (decided := _decide(want, got)) is not None:
        return decided
    if not looks_mathematical(got):
        return "wrong", f"It is no expression: {got[:60]!r}."
    if any(sign in got and sign not in want for sign in _RELATIONS):
        return "wrong", f"It is more than one expression: {got[:60]!r}."
    return equivalence.ask(want, got)


def exact(text: str) -> Value | None:
    """The exact value of an expression, if this house can compute it."""
    try:
        return value_of(text)
    except (Unreadable, TooMuch):
        return None


def squeeze(text: str) -> str:
    r"""The expression without sizes of brackets and fractions, or spaces but between digits."""
    return _SPACES.sub("", _SIZES.sub(r"\\frac", text))


def stated(text: str) -> str:
    """The side of `x = 5` or `2 + 3 = 5` that is the answer; the exact one of `√51 ≈ 7.14`."""
    before, sign, _ = text.replace(r"\approx", "≈").partition("≈")
    text = before if sign and before.strip() else text
    if "=" not in text or len(text) > LONGEST:
        return text
    sides = [side.strip() for side in text.split("=") if side.strip()]
    if len(sides) < 2:
        return sides[0] if sides else text
    if _LONE.fullmatch(sides[0]) and len(sides) == 2:
        return sides[1]
    if len(sides) == 2 and _LONE.fullmatch(sides[1]):
        return sides[0]
    chain = sides[1:] if _LONE.fullmatch(sides[0]) else sides
    values = [exact(side) for side in chain]
    first = values[0]
    if first is not None and all(v is not None and terms.same(first, v) for v in values):
        return chain[-1]
    return text


def split_unit(text: str) -> tuple[str, Unit | None]:
    """An expression and the unit behind it; degrees are a unit too."""
    text = text.strip()
    if (degrees := _DEGREES.search(text[-12:])) and not _ANGLE.search(text):
        return text[: len(text[:-12]) + degrees.start()].strip(), read_unit("degrees")
    found = _UNIT.search(text)
    if found is None or not found.start():
        return text, None
    words = (found[1] if found[1] is not None else found[2]).strip()
    power = {"2": " squared", "3": " cubed"}.get((found[3] or "").strip("^{} "), "")
    unit = read_unit(words + power.replace(" ", "-"))
    if (
        found[1] is None
        and (unit is None or unit.dimension == "words")
        and not words.endswith("units")
    ):
        return text, None
    return text[: found.start()].strip(), unit


def looks_mathematical(text: str) -> bool:
    """Whether computer algebra could make sense of it: signs and digits, no sentence."""
    bare = re.sub(r"\\[A-Za-z]+", " \\\\ ", text)
    return bool(_MATH.search(text)) and not _WORDY.search(bare)


def _decide(want: str, got: str) -> Said | None:
    """The verdict of exact arithmetic; None where it cannot be certain."""
    try:
        wanted = value_of(want)
        found = value_of(got)
        difference = terms.numerator_of_difference(wanted, found)
    except (Unreadable, TooMuch):
        return None
    if not difference:
        return "right", "Both have the same value."
    if terms.decidable(wanted, found):
        return "wrong", f"{got[:80]!r} was given, {want[:80]!r} is expected."
    return None


def _agree(want: Unit | None, got: Unit | None) -> bool:
    if want is None or got is None:
        return True
    if "words" in (want.dimension, got.dimension):
        return want.dimension == got.dimension and bool(want.words & got.words)
    return want.dimension == got.dimension and want.factor == got.factor


def _long(expected: str, given: str) -> Said:
    if squeeze(expected) == squeeze(given):
        return "right", "Both are written the same."
    if not looks_mathematical(given[:LONGEST]):
        return "wrong", f"It is no expression: {given[:60]!r}."
    return "undecided", f"An expression of more than {LONGEST} characters is not computed."


def constant(text: str) -> Fraction | None:
    """The exact rational value of a text, if it has one."""
    value = exact(text)
    return None if value is None else terms.rational(value)
