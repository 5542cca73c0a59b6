"""Roots, powers, logarithms and functions of exact values; opaque where nothing is known."""

from fractions import Fraction
from functools import lru_cache
from math import comb, factorial

from tunix_rt.verify.answers.math.terms import (
    ONE,
    TooMuch,
    Unreadable,
    Value,
    add,
    atom,
    divide,
    key,
    multiply,
    negative,
    number,
    power,
    rational,
)

LARGEST_RADICAND = 10**9
LARGEST_FACTORIAL = 300
MOST_ROOT = 12
_NAMED = frozenset({"i", "pi", "e"})
_SINES = {0: (0, 1), 30: (1, 1), 45: (1, 2), 60: (1, 3), 90: (1, 4)}
"""Degrees in the first quarter, and the sine as the root of the second number halved."""


def root(value: Value, degree: int) -> Value:
    """The principal root; of a negative number the real one, or i times it."""
    if not 2 <= degree <= MOST_ROOT:
        raise TooMuch(f"a root beyond the {MOST_ROOT}th")
    exact = rational(value)
    if exact is not None:
        if exact < 0:
            if degree % 2:
                return negative(root(number(-exact), degree))
            if degree == 2:
                return multiply(atom("i"), root(number(-exact), 2))
            return _opaque(f"root{degree}", value)
        return _root_of_number(exact, degree)
    if len(value.top) == 1 and len(value.bottom) == 1:
        ((monomial, factor),) = value.top.items()
        if factor > 0 and all(_splits(name, exponent) for name, exponent in monomial):
            done = _root_of_number(factor, degree)
            for name, exponent in monomial:
                done = multiply(done, atom(name, exponent / degree))
            return done
    return _opaque(f"root{degree}", value)


def raised(base: Value, exponent: Value) -> Value:
    """`base ^ exponent` for any exponent."""
    exact = rational(exponent)
    if exact is not None:
        if exact.denominator == 1:
            return power(base, int(exact))
        return power(root(base, exact.denominator), exact.numerator)
    if len(exponent.bottom) > 1:
        return _opaque(f"pow({key(base)})", exponent)
    bases = _prime_powers(base)
    if bases is None:
        return _opaque(f"pow({key(base)})", exponent)
    done = number(1)
    for monomial, factor in exponent.top.items():
        if monomial == ONE:
            done = multiply(done, raised(base, number(factor)))
            continue
        name = "*".join(f"{each}^{times}" for each, times in monomial)
        plain = all(each[0].isalpha() and each not in _NAMED for each, _ in monomial)
        mark = "^" if plain and "#" not in name else "?"
        for prime, times in bases:
            done = multiply(done, atom(f"{mark}{prime}|{name}", factor * times))
    return done


def logarithm(value: Value, base: Value | None = None, *, name: str = "ln") -> Value:
    """The logarithm to `base`; without one, `ln`, or the `log` of whatever base is meant.

    Of a product it is the sum of the logarithms, unknowns taken as positive.
    """
    if base is not None:
        return divide(logarithm(value), logarithm(base))
    exact = rational(value)
    if exact is not None:
        if exact <= 0:
            raise Unreadable("a logarithm of what is not positive")
        done = number(0)
        for prime, exponent in _factors(exact):
            done = add(done, multiply(number(exponent), atom(f"{name}#{prime}")))
        return done
    if len(value.top) == 1 and len(value.bottom) == 1:
        ((monomial, factor),) = value.top.items()
        if factor > 0 and all(each[0].isalpha() and each != "i" for each, _ in monomial):
            done = logarithm(number(factor), name=name)
            for each, times in monomial:
                known = number(1) if (each, name) == ("e", "ln") else _opaque(name, atom(each))
                done = add(done, multiply(number(times), known))
            return done
    return _opaque(name, value)


def sine(angle: Value, *, quarter: bool = False) -> Value:
    """The sine of an angle in radians; of the angle to the right one with `quarter`."""
    turn = rational(divide(angle, atom("pi")))
    if turn is None or (180 * turn).denominator != 1:
        return _opaque("cos" if quarter else "sin", angle)
    degrees = int(180 * turn + (90 if quarter else 0)) % 360
    sign = 1 if degrees < 180 else -1
    degrees %= 180
    degrees = min(degrees, 180 - degrees)
    if degrees not in _SINES:
        return _opaque("cos" if quarter else "sin", angle)
    top, radicand = _SINES[degrees]
    half = multiply(number(Fraction(sign * top, 2)), root(number(radicand), 2))
    return half if radicand != 4 else number(sign)


def call(name: str, value: Value) -> Value:
    """One of the named functions."""
    exact = rational(value)
    if name in ("sin", "cos"):
        return sine(value, quarter=name == "cos")
    if name in ("tan", "cot", "sec", "csc"):
        sin, cos = sine(value), sine(value, quarter=True)
        over = {"tan": sin, "cot": cos}.get(name, number(1))
        return divide(over, cos if name in ("tan", "sec") else sin)
    if name == "exp":
        return raised(atom("e"), value)
    if exact is not None and name == "abs":
        return number(abs(exact))
    if exact is not None and name == "floor":
        return number(exact.__floor__())
    if exact is not None and name == "ceil":
        return number(exact.__ceil__())
    return _opaque(name, value)


def product_to(value: Value) -> Value:
    """The factorial."""
    exact = rational(value)
    if exact is None:
        return _opaque("factorial", value)
    if exact.denominator != 1 or exact < 0:
        raise Unreadable("a factorial of what is no natural number")
    if exact > LARGEST_FACTORIAL:
        raise TooMuch(f"a factorial beyond {LARGEST_FACTORIAL}")
    return number(factorial(int(exact)))


def choose(above: Value, below: Value) -> Value:
    """The binomial coefficient of two numbers."""
    n, k = rational(above), rational(below)
    if n is None or k is None or n.denominator != 1 or k.denominator != 1 or min(n, k) < 0:
        return _opaque(f"choose({key(above)})", below)
    if n > LARGEST_FACTORIAL:
        raise TooMuch(f"a binomial coefficient beyond {LARGEST_FACTORIAL}")
    return number(comb(int(n), int(k)))


def _opaque(name: str, value: Value) -> Value:
    return atom(f"?{name}({key(value)})")


def _splits(name: str, exponent: Fraction) -> bool:
    """Whether the root of this power is the power of the root."""
    positive = name in ("pi", "e") or name[0] in "#^"
    return positive or (name[0].isalpha() and name != "i" and 0 < exponent <= 1)


def _prime_powers(base: Value) -> list[tuple[str, Fraction]] | None:
    """A positive constant as powers of primes, pi and e; None for other bases."""
    exact = rational(base)
    if exact is not None and exact > 0:
        return [(str(prime), Fraction(exponent)) for prime, exponent in _factors(exact)]
    if len(base.top) == 1 and len(base.bottom) == 1:
        ((monomial, factor),) = base.top.items()
        if factor == 1 and all(name in ("e", "pi") for name, _ in monomial):
            return list(monomial)
    return None


def _root_of_number(value: Fraction, degree: int) -> Value:
    done = number(1) if value else number(0)
    for prime, exponent in _factors(value) if value else ():
        done = multiply(done, atom(f"#{prime}", Fraction(exponent, degree)))
    return done


def _factors(value: Fraction) -> list[tuple[int, int]]:
    """The primes of a positive fraction with their exponents; those below are negative."""
    if max(value.numerator, value.denominator) > LARGEST_RADICAND:
        raise TooMuch("a number under a root that is too large")
    below = [(prime, -exponent) for prime, exponent in _primes(value.denominator)]
    return [*_primes(value.numerator), *below]


@lru_cache(1024)
def _primes(number_: int) -> tuple[tuple[int, int], ...]:
    found = []
    prime = 2
    while prime * prime <= number_:
        exponent = 0
        while number_ % prime == 0:
            number_ //= prime
            exponent += 1
        if exponent:
            found.append((prime, exponent))
        prime += 1 if prime == 2 else 2
    if number_ > 1:
        found.append((number_, 1))
    return tuple(found)
