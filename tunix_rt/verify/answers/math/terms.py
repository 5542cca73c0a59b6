"""Exact algebra: quotients of sums of terms, whose equality is a matter of counting.

A term is a fraction times powers of *atoms*. Atoms are variables (`x`), constants
(`pi`, `e`, `i`), primes (`#2`, whose exponents stay in [0, 1): `#2^1/2` is the root of
two), logarithms of primes (`ln#2`), powers with variable exponents (`^2|n`), and what
we cannot look into, marked `?` (`?sin(x)`). Powers of atoms without a `?` are linearly
independent over the rationals (roots of distinct primes by Besicovitch's theorem, pi, e
and logarithms by what everybody believes), so two values are equal if and only if
their difference has no terms. With a `?` only "equal" is certain.
"""

import threading
from fractions import Fraction
from math import floor
from typing import NamedTuple

Monomial = tuple[tuple[str, Fraction], ...]
Sum = dict[Monomial, Fraction]

MOST_TERMS = 300
MOST_PRODUCTS = 20_000
MAX_BITS = 4_000
MAX_POWER = 200
MOST_WORK = 60_000
"""Products of terms that one expression may cost, large numbers counting more."""

ONE: Monomial = ()


class TooMuch(Exception):
    """A value that is larger than we compute with."""


class Unreadable(Exception):
    """A text that is no expression of this algebra, and why."""


class _Meter(threading.local):
    """What the expression that is being read by this thread has cost."""

    work = 0


METER = _Meter()


class Value(NamedTuple):
    """`top / bottom`; a bottom of one term is always 1."""

    top: Sum
    bottom: Sum


def number(value: Fraction | int) -> Value:
    """A constant."""
    return Value({ONE: Fraction(value)} if value else {}, {ONE: Fraction(1)})


def atom(name: str, exponent: Fraction | int = 1) -> Value:
    """A power of one atom."""
    return quotient(_term(((name, Fraction(exponent)),), Fraction(1)), {ONE: Fraction(1)})


def rational(value: Value) -> Fraction | None:
    """The value as a fraction, if it is one."""
    if not value.top:
        return Fraction(0)
    if len(value.top) == 1 and ONE in value.top and value.bottom == {ONE: 1}:
        return value.top[ONE]
    return None


def add(a: Value, b: Value) -> Value:
    """The sum of both."""
    if a.bottom == b.bottom:
        return quotient(_add(a.top, b.top), a.bottom)
    top = _add(_multiply(a.top, b.bottom), _multiply(b.top, a.bottom))
    return quotient(top, _multiply(a.bottom, b.bottom))


def negative(a: Value) -> Value:
    """The value with its sign changed."""
    return Value({monomial: -factor for monomial, factor in a.top.items()}, a.bottom)


def multiply(a: Value, b: Value) -> Value:
    """The product of both."""
    return quotient(_multiply(a.top, b.top), _multiply(a.bottom, b.bottom))


def divide(a: Value, b: Value) -> Value:
    """`a / b`."""
    return multiply(a, inverse(b))


def inverse(a: Value) -> Value:
    """`1 / a`."""
    if not a.top:
        raise Unreadable("a division by zero")
    return quotient(a.bottom, a.top)


def power(base: Value, exponent: int) -> Value:
    """An integer power."""
    if abs(exponent) > MAX_POWER:
        exact = rational(base)
        if exact is None or abs(exact) not in (0, 1, 2, 10) or abs(exponent) > MAX_BITS:
            raise TooMuch(f"a power beyond {MAX_POWER}")
    if exponent < 0:
        base, exponent = inverse(base), -exponent
    done = number(1)
    while exponent:
        if exponent & 1:
            done = multiply(done, base)
        exponent >>= 1
        if exponent:
            base = multiply(base, base)
    return done


def same(a: Value, b: Value) -> bool:
    """Whether the difference of both has no terms."""
    return not numerator_of_difference(a, b)


def numerator_of_difference(a: Value, b: Value) -> Sum:
    """What must be zero for both to be equal."""
    METER.work = 0
    minus = {monomial: -factor for monomial, factor in b.top.items()}
    return _add(_multiply(a.top, b.bottom), _multiply(minus, a.bottom))


def proportional(a: Sum, b: Sum) -> bool:
    """Whether one is a constant times the other; terms with negative powers cleared first."""
    METER.work = 0
    a, b = _cleared(a), _cleared(b)
    if a.keys() != b.keys() or not a:
        return a.keys() == b.keys()
    first = next(iter(a))
    return all(a[each] * b[first] == b[each] * a[first] for each in a)


def decidable(*values: Value) -> bool:
    """Whether a difference between these values would be certain."""
    return not any(
        name.startswith("?")
        for value in values
        for part in value
        for monomial in part
        for name, _ in monomial
    )


def atoms(value: Value) -> set[str]:
    """The names of everything that stands in it."""
    return {name for part in value for monomial in part for name, _ in monomial}


def key(value: Value) -> str:
    """A text by which equal values without fractions of sums have the same name."""
    parts = ["+".join(sorted(_spell(m, c) for m, c in part.items())) for part in value]
    spelled = parts[0] if parts[1] == "1" else "/".join(parts)
    if len(spelled) > 500:
        raise TooMuch("an expression inside a function that is too long")
    return spelled


def quotient(top: Sum, bottom: Sum) -> Value:
    """`top / bottom`, where a bottom of one term is divided out."""
    if len(bottom) == 1:
        ((monomial, factor),) = bottom.items()
        if monomial == ONE and factor == 1:
            return Value(top, bottom)
        flipped = _term(tuple((name, -exponent) for name, exponent in monomial), 1 / factor)
        return Value(_multiply(top, flipped), {ONE: Fraction(1)})
    return Value(top, bottom)


def _add(a: Sum, b: Sum) -> Sum:
    total = dict(a)
    for monomial, factor in b.items():
        known = total.get(monomial, 0) + factor
        if known:
            total[monomial] = known
        else:
            total.pop(monomial, None)
    if len(total) > MOST_TERMS:
        raise TooMuch(f"more than {MOST_TERMS} terms")
    return total


def _multiply(a: Sum, b: Sum) -> Sum:
    if len(a) * len(b) > MOST_PRODUCTS:
        raise TooMuch(f"more than {MOST_PRODUCTS} products of terms")
    METER.work += len(a) * len(b) * (1 + max(_bits(a), _bits(b)) // 500)
    if METER.work > MOST_WORK:
        raise TooMuch("more work than an expression may cost")
    total: Sum = {}
    for left, one in a.items():
        for right, other in b.items():
            ((monomial, factor),) = _term(left + right, one * other).items()
            total[monomial] = total.get(monomial, Fraction(0)) + factor
    if len(total) > MOST_TERMS:
        raise TooMuch(f"more than {MOST_TERMS} terms")
    return {monomial: factor for monomial, factor in total.items() if factor}


def _bits(a: Sum) -> int:
    """The size of one of its factors; the others are of its kind."""
    factor = next(iter(a.values()), Fraction(0))
    return factor.numerator.bit_length() + factor.denominator.bit_length()


def _term(powers: Monomial, factor: Fraction) -> Sum:
    """One term, its atoms collected, what is rational moved into the factor."""
    collected: dict[str, Fraction] = {}
    for name, exponent in powers:
        collected[name] = collected.get(name, Fraction(0)) + exponent
    for name, exponent in collected.items():
        if name == "i":
            whole = int(exponent) % 4
            factor = -factor if whole >= 2 else factor
            collected[name] = Fraction(whole % 2)
        elif name[0] == "#":
            whole = floor(exponent)
            if whole:
                if abs(whole) * int(name[1:]).bit_length() > MAX_BITS:
                    raise TooMuch("a power that is too large")
                factor *= Fraction(int(name[1:])) ** whole
                collected[name] = exponent - whole
    if factor.numerator.bit_length() + factor.denominator.bit_length() > MAX_BITS:
        raise TooMuch("a number that is too large")
    return {tuple(sorted((n, e) for n, e in collected.items() if e)): factor}


def _cleared(a: Sum) -> Sum:
    """The sum times the least monomial that leaves no negative power of a variable."""
    lowest: dict[str, Fraction] = {}
    for monomial in a:
        for name, exponent in monomial:
            if exponent < lowest.get(name, 0):
                lowest[name] = exponent
    if not lowest:
        return a
    return _multiply(a, _term(tuple((n, -e) for n, e in lowest.items()), Fraction(1)))


def _spell(monomial: Monomial, factor: Fraction) -> str:
    return "*".join([str(factor), *(f"{name}^{exponent}" for name, exponent in monomial)])
