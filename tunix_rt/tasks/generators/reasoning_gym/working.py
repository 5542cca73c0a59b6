"""What every worked family uses: entries, steps, and numbers as they are written in a step."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from tunix_rt.tasks.schema import Step

Entry = dict[str, Any]
"""One problem as the library makes it: `question`, `answer`, `metadata`."""

Work = Callable[[Entry], list[Step]]
"""How a family is worked: from its entry to its steps; `Unworkable` if this one cannot be."""

DECIMALS = 12
"""Digits behind the point up to which a number is written as a decimal, not as a fraction."""


class Unworkable(ValueError):
    """This entry has no steps that we can stand behind: it is passed over."""


def compute(text: str) -> Step:
    """A step that states an equality."""
    return Step("compute", text)


def show(value: Fraction | int) -> str:
    """A number exactly: whole, as a decimal that ends, or as a fraction."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    for digits in range(1, DECIMALS + 1):
        if 10**digits % exact.denominator == 0:
            scaled = abs(exact.numerator) * 10**digits // exact.denominator
            whole, part = divmod(scaled, 10**digits)
            return f"{'-' if exact < 0 else ''}{whole}.{part:0{digits}d}"
    return f"{exact.numerator}/{exact.denominator}"


def operand(value: Fraction | int) -> str:
    """A number as it stands behind an operator: a sign or a fraction is put in parentheses."""
    text = show(value)
    return f"({text})" if text.startswith("-") or "/" in text else text


def leading(value: Fraction | int) -> str:
    """A number as it stands before an operator: only a fraction is put in parentheses."""
    text = show(value)
    return f"({text})" if "/" in text else text


def binary(left: Fraction | int, sign: str, right: Fraction | int) -> tuple[str, Fraction]:
    """`3 + 4 = 7` and its value."""
    a, b = Fraction(left), Fraction(right)
    match sign:
        case "+":
            value = a + b
        case "-":
            value = a - b
        case "*":
            value = a * b
        case "/" if b:
            value = a / b
        case _:
            raise Unworkable(f"{sign} is not worked")
    return f"{leading(a)} {sign} {operand(b)} = {show(value)}", value


def divided(number: int, divisor: int) -> str:
    """A division with remainder as an equality: `7 * 2 + 3 = 17` for 17 by 7."""
    quotient, rest = divmod(number, divisor)
    return f"{divisor} * {operand(quotient)} + {rest} = {number}"


def total(parts: Sequence[Fraction | int]) -> tuple[list[Step], Fraction]:
    """The sum of some numbers in one line, where there are several, and its value."""
    value = sum((Fraction(part) for part in parts), Fraction(0))
    if len(parts) < 2:
        return [], value
    terms = " + ".join([leading(parts[0]), *map(operand, parts[1:])])
    return [compute(f"{terms} = {show(value)}")], value


def require(holds: bool, why: str) -> None:
    """`Unworkable` when what was worked out is not what the entry says."""
    if not holds:
        raise Unworkable(why)


def listed(items: Iterable[object]) -> str:
    """Items with commas between them."""
    return ", ".join(str(item) for item in items)
