"""Complex numbers and sequences."""

import re
from fractions import Fraction

from tunix_rt.tasks.generators.reasoning_gym.working import (
    Entry,
    Unworkable,
    Work,
    binary,
    divided,
    operand,
    require,
    show,
)
from tunix_rt.tasks.schema import Step


def _terms(*pairs: tuple[int, str, int]) -> tuple[str, Fraction]:
    """`2 * 3 - 4 * 5 = -14` from pairs of factors, and its value; each has the sign before it."""
    text, value = "", Fraction(0)
    for left, sign, right in pairs:
        product = f"{operand(left) if text else left} * {operand(right)}"
        text += f" {sign} {product}" if text else product
        value += left * right if sign == "+" else -left * right
    return f"{text} = {show(value)}", value


def complex_arithmetic(entry: Entry) -> list[Step]:
    """The real and the imaginary part, one after the other."""
    meta = entry["metadata"]
    a, b = (int(part) for part in meta["num1"])
    c, d = (int(part) for part in meta["num2"])
    sign = meta["operation"]
    if sign == "/":
        steps, real, imaginary = _quotient(a, b, c, d)
    else:
        if sign == "*":
            first, real = _terms((a, "+", c), (b, "-", d))
            second, imaginary = _terms((a, "+", d), (b, "+", c))
        else:
            first, real = binary(a, sign, c)
            second, imaginary = binary(b, sign, d)
        steps = [Step("real", first), Step("imaginary", second)]
    require((real, imaginary) == tuple(meta["result"]), "the result is another one")
    joined = f"{show(real)} {'-' if imaginary < 0 else '+'} {show(abs(imaginary))}i"
    return [*steps, Step("conclude", f"The result is {joined}.")]


def _quotient(a: int, b: int, c: int, d: int) -> tuple[list[Step], Fraction, Fraction]:
    """Both sides times the conjugate of the divisor."""
    size, norm = _terms((c, "+", c), (d, "+", d))
    first, real = _terms((a, "+", c), (b, "+", d))
    second, imaginary = _terms((b, "+", c), (a, "-", d))
    require(norm != 0, "the divisor is 0")
    over, quotient = binary(real, "/", norm)
    under, other = binary(imaginary, "/", norm)
    steps = [Step("norm", size), Step("real", first), Step("imaginary", second)]
    return [*steps, Step("real", over), Step("imaginary", under)], quotient, other


_RULE = re.compile(r"(add|multiply by) (-?\d+)|(square|double|halve|add previous)")


def number_sequence(entry: Entry) -> list[Step]:
    """The rule tried on every number that is given, then on the last."""
    meta = entry["metadata"]
    rule, numbers = meta["rule"], meta["sequence"]
    require(bool(rule), "the rule has no name")
    parts = rule.split(" then ")
    steps = [Step("guess", f"The rule may be: {rule}.")]
    for place in range(len(numbers) - 1):
        value, said = numbers[place], []
        for part in parts:
            text, value = _applied(part, value, numbers[place - 1] if place else 0)
            said.append(text)
        require(value == numbers[place + 1], "the rule is another one")
        steps.append(Step("check" if place < len(numbers) - 2 else "compute", "; ".join(said)))
    return steps


def _applied(part: str, value: int, previous: int) -> tuple[str, int]:
    found = _RULE.fullmatch(part)
    if found is None:
        raise Unworkable("the rule cannot be read")
    if found[1]:
        text, result = binary(value, "+" if found[1] == "add" else "*", int(found[2]))
    elif found[3] == "add previous":
        text, result = binary(value, "+", previous)
    elif found[3] == "halve":
        half = value // 2
        return divided(value, 2), half
    else:
        text, result = binary(value, "*", value if found[3] == "square" else 2)
    return text, int(result)


FAMILIES: dict[str, Work] = {
    "complex_arithmetic": complex_arithmetic,
    "number_sequence": number_sequence,
}
