"""Number theory: sums, products, divisors, bases and bits, worked a line at a time."""

import re
from fractions import Fraction
from math import prod

from tunix_rt.tasks.generators.reasoning_gym.working import (
    Entry,
    Work,
    binary,
    compute,
    divided,
    listed,
    operand,
    require,
    show,
    total,
)
from tunix_rt.tasks.schema import Step

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def chain_sum(entry: Entry) -> list[Step]:
    """Term after term, from the left."""
    first, *rest = entry["metadata"]["expression"].split()
    value, steps = Fraction(first), []
    for sign, term in zip(rest[::2], rest[1::2], strict=True):
        text, value = binary(value, sign, Fraction(term))
        steps.append(compute(text))
    require(value == Fraction(entry["answer"]), "the sum is another one")
    return steps or [Step("read", f"There is one term: {first}.")]


def products(entry: Entry) -> list[Step]:
    """Factor after factor; a factor of several digits is taken apart into its places."""
    first, *rest = (int(part) for part in entry["metadata"]["expression"].split(" * "))
    value, steps = first, []
    for factor in rest:
        places = [
            int(digit) * 10**place
            for place, digit in enumerate(reversed(str(abs(factor))))
            if digit != "0"
        ]
        if factor < 0 or len(places) < 2:
            text, product = binary(value, "*", factor)
            steps.append(compute(text))
            value = int(product)
            continue
        steps.append(compute(f"{factor} = {' + '.join(map(str, places))}"))
        partial = []
        for place in places:
            text, product = binary(value, "*", place)
            steps.append(compute(text))
            partial.append(product)
        sums, whole = total(partial)
        steps += sums
        value = int(whole)
    require(str(value) == entry["answer"], "the product is another one")
    return steps or [Step("read", f"There is one factor: {first}.")]


def euclid(a: int, b: int) -> tuple[list[Step], int]:
    """Division with remainder until nothing remains, and the greatest common divisor."""
    a, b = max(a, b), min(a, b)
    names, steps = f"gcd({a}, {b})", []
    while b:
        steps.append(compute(divided(a, b)))
        a, b = b, a % b
    steps.append(Step("conclude", f"The last remainder above 0 decides: {names} = {a}."))
    return steps, a


def gcd(entry: Entry) -> list[Step]:
    """Euclid's algorithm, number after number."""
    first, *rest = entry["metadata"]["numbers"]
    steps = []
    for number in rest:
        more, first = euclid(first, number)
        steps += more
    require(str(first) == entry["answer"], "the divisor is another one")
    return steps


def lcm(entry: Entry) -> list[Step]:
    """The product divided by the greatest common divisor, number after number."""
    first, *rest = entry["metadata"]["numbers"]
    steps = []
    for number in rest:
        more, divisor = euclid(first, number)
        steps += more
        reduced = first // divisor
        steps.append(compute(f"{first} / {divisor} = {reduced}"))
        steps.append(compute(f"{reduced} * {number} = {reduced * number}"))
        first = reduced * number
    require(str(first) == entry["answer"], "the multiple is another one")
    return steps


def fraction_simplification(entry: Entry) -> list[Step]:
    """Both sides divided by their greatest common divisor."""
    over, under = entry["metadata"]["numerator"], entry["metadata"]["denominator"]
    steps, divisor = euclid(over, under)
    small = Fraction(over, under)
    require(small.numerator == entry["metadata"]["simplified_numerator"], "it goes on")
    return [
        *steps,
        compute(f"{over} / {divisor} = {over // divisor}"),
        compute(f"{under} / {divisor} = {under // divisor}"),
        Step("conclude", f"In lowest terms: {over // divisor}/{under // divisor}."),
    ]


_TERM = re.compile(r"([+-]?)(?:(\d+)\*)?([a-z])|([+-]?)(\d+)")


def simple_equations(entry: Entry) -> list[Step]:
    """Collect, isolate, divide, and put the value back."""
    equation, name = entry["metadata"]["equation"], entry["metadata"]["variable"]
    left, _, right = equation.partition(" = ")
    slope, constant = 0, 0
    compact = left.replace(" ", "")
    require(sum(len(found[0]) for found in _TERM.finditer(compact)) == len(compact), "not linear")
    for found in _TERM.finditer(compact):
        if found[3]:
            slope += int(f"{found[1]}{found[2] or 1}")
        else:
            constant += int(f"{found[4]}{found[5]}")
    require(slope != 0 and re.fullmatch(r"-?\d+", right) is not None, "not linear")
    moved = int(right) - constant
    value = Fraction(moved, slope)
    require(show(value) == entry["answer"], "the solution is another one")
    steps = []
    if constant:
        text, _ = binary(int(right), "-", constant)
        steps.append(compute(text))
        steps.append(Step("isolate", f"{slope} * {name} = {moved}"))
    if slope != 1:
        steps.append(compute(f"{moved} / {operand(slope)} = {show(value)}"))
    steps.append(Step("conclude", f"{name} = {show(value)}"))
    product = f"{slope} * {operand(value)}"
    whole = f"{product} + {operand(constant)}" if constant else product
    steps.append(Step("check", f"{whole} = {right}"))
    return steps


def base_conversion(entry: Entry) -> list[Step]:
    """Horner's scheme into decimal, then repeated division by the other base."""
    meta = entry["metadata"]
    source, target = meta["source_base"], meta["target_base"]
    digits = [DIGITS.index(digit) for digit in meta["source_repr"]]
    require(bool(digits), "the library writes zero as nothing")
    steps = [Step("read", f"The digits in base {source}: {listed(digits)}.")]
    value = digits[0]
    for digit in digits[1:]:
        steps.append(compute(f"{value} * {source} + {digit} = {value * source + digit}"))
        value = value * source + digit
    rest, found = value, []
    while rest >= target:
        steps.append(compute(divided(rest, target)))
        found.append(rest % target)
        rest //= target
    found.append(rest)
    text = "".join(DIGITS[digit] for digit in reversed(found))
    require(text == entry["answer"], "the digits are others")
    read = listed(reversed(found))
    return [*steps, Step("conclude", f"The digits in base {target}: {read}, written {text}.")]


def count_bits(entry: Entry) -> list[Step]:
    """Into base 16, each digit as four bits, and their ones together."""
    rest = entry["metadata"]["number"]
    steps, counts, digits = [], [], []
    while rest >= 16:
        steps.append(compute(divided(rest, 16)))
        digits.append(rest % 16)
        rest //= 16
    for digit in [*digits, rest]:
        bits = f"{digit:04b}"
        counts.append(bits.count("1"))
        steps.append(Step("count", f"{digit} in four bits is {bits}, ones: {counts[-1]}."))
    sums, value = total(counts)
    require(show(value) == entry["answer"], "there are others")
    return [*steps, *sums]


def prime_factorization(entry: Entry) -> list[Step]:
    """Trial division by the primes, smallest first."""
    number, factors = entry["metadata"]["number"], entry["metadata"]["factors"]
    rest, steps = number, []
    for factor in factors[:-1]:
        steps.append(compute(f"{rest} / {factor} = {rest // factor}"))
        require(rest % factor == 0, "it does not divide")
        rest //= factor
    largest = next((p for p in range(2, int(rest**0.5) + 1) if rest % p == 0), None)
    require(largest is None and rest == factors[-1] and prod(factors) == number, "not prime")
    steps.append(Step("conclude", f"{rest} has no smaller divisor than itself: it is prime."))
    if len(factors) > 1:
        steps.append(Step("check", f"{' * '.join(map(str, factors))} = {number}"))
    return steps


FAMILIES: dict[str, Work] = {
    "chain_sum": chain_sum,
    "decimal_chain_sum": chain_sum,
    "products": products,
    "gcd": gcd,
    "lcm": lcm,
    "fraction_simplification": fraction_simplification,
    "simple_equations": simple_equations,
    "base_conversion": base_conversion,
    "count_bits": count_bits,
    "prime_factorization": prime_factorization,
}
