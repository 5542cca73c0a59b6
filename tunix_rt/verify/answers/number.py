r"""The number given equals the number expected, exactly, however it is written.

Thousands separators, currency signs, units, `\boxed{}`, `$..$` and "the answer is"
are how people and models write numbers, so they are ignored. `60%` is not `0.6`, `110`
is not `10`, another unit is another quantity, and two answers are a wrong answer: we
compare what was written and never guess what was meant.
"""

import re
from fractions import Fraction
from functools import lru_cache

from tunix_rt.verify.reading.normalising import LIMIT, normalise
from tunix_rt.verify.reading.quantities import NotANumber, Quantity, read
from tunix_rt.verify.reading.units import same_value
from tunix_rt.verify.reading.unwrapping import unwrap
from tunix_rt.verify.schema import Expected, Outcome, Verdict

VERSION = "2"

_SIMPLE = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?", re.ASCII)


def accepts(expected: Expected) -> bool:
    """Whether the expected answer is one number."""
    return isinstance(_wanted(expected.answer), Quantity)


def check(given: str, expected: Expected) -> Verdict:
    """Compare the one number in each text."""
    want = _wanted(expected.answer)
    if isinstance(want, NotANumber):
        return _verdict("undecided", f"The expected answer is not one number: {want.reason}.")
    if (reason := _unreadable(given)) is not None:
        return _verdict(*reason)
    got = _read(given)
    if isinstance(got, NotANumber):
        return _verdict("wrong", f"Not one number: {got.reason}.")
    if same_value((want.value, want.unit), (got.value, got.unit)):
        return _verdict("right", f"Both are {_show(want.value)}.")
    if want.value == got.value:
        return _verdict("wrong", "The number is right and the unit is another one.")
    return _verdict("wrong", f"{_show(got.value)} was given, {_show(want.value)} is expected.")


def _wanted(answer: str) -> Quantity | NotANumber:
    return _short_wanted(answer) if len(answer) <= 200 else _read_wanted(answer)


def _read_wanted(answer: str) -> Quantity | NotANumber:
    if (problem := _unreadable(answer)) is not None:
        return NotANumber(problem[1].rstrip(".").lower())
    return _read(answer, strict=True)


_short_wanted = lru_cache(8192)(_read_wanted)


def _read(text: str, *, strict: bool = False) -> Quantity | NotANumber:
    stripped = text.strip()
    if _SIMPLE.fullmatch(stripped):
        return Quantity(Fraction(stripped), None)
    plain = normalise(text)
    if len(plain) > LIMIT:
        return NotANumber(f"it is longer than {LIMIT} characters")
    readings = [read(part, strict=strict) for part in unwrap(plain)]
    first = readings[0]
    for other in readings[1:]:
        if isinstance(first, NotANumber) or isinstance(other, NotANumber):
            return NotANumber("more than one answer is given")
        if not same_value((first.value, first.unit), (other.value, other.unit)):
            return NotANumber("more than one answer is given")
    return first


def _unreadable(text: str) -> tuple[Outcome, str] | None:
    if len(text) > LIMIT:
        return "undecided", f"It is longer than {LIMIT} characters."
    if "\0" in text:
        return "wrong", "It contains a NUL character."
    return None


def _verdict(outcome: Outcome, reason: str) -> Verdict:
    return Verdict(outcome=outcome, method="number", version=VERSION, reason=reason[:300])


def _show(value: Fraction) -> str:
    """A short exact form: an integer, a terminating decimal, or a fraction."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > 400:
        return "a very long number"
    if value.denominator == 1:
        return str(value.numerator)
    for digits in range(1, 13):
        if 10**digits % value.denominator == 0:
            whole, part = divmod(abs(value.numerator) * 10**digits // value.denominator, 10**digits)
            return f"{'-' if value < 0 else ''}{whole}.{part:0{digits}d}"
    return str(value)
