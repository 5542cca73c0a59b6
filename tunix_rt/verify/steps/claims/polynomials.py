"""Read a polynomial of one unknown from tokens, exactly.

Degrees and sizes are bounded before anything is multiplied.
"""

from fractions import Fraction
from typing import NamedTuple

from tunix_rt.verify.steps.claims.expressions import MAX_BITS, MAX_DEPTH, Unreadable
from tunix_rt.verify.steps.claims.tokens import Token, number

MAX_DEGREE = 4
_FUNCTIONS = frozenset("fghpcrsvtlq")
"""Letters that in front of a parenthesis may name a function."""


class Polynomial(NamedTuple):
    """Coefficients from the constant upward without trailing zeros, and the unknown's letter."""

    terms: tuple[Fraction, ...]
    unknown: str

    @property
    def degree(self) -> int:
        """0 for a constant, also for nothing."""
        return max(len(self.terms) - 1, 0)

    def at(self, value: Fraction) -> Fraction:
        """The value of the polynomial at a point."""
        total = Fraction(0)
        for term in reversed(self.terms):
            total = total * value + term
        return total


def is_unknown(token: Token) -> bool:
    """Whether a token is one letter that stands for a number."""
    return token.kind == "bad" and len(token.text) == 1 and token.text.isalpha()


def read_polynomial(tokens: list[Token], first: int, until: int) -> Polynomial:
    """The polynomial that all tokens from `first` up to `until` make."""
    reader = _Reader(tokens, first, until)
    terms = reader.sum(0)
    if reader.at != until:
        raise Unreadable
    return Polynomial(_trim(terms), reader.unknown)


def minus(left: Polynomial, right: Polynomial) -> Polynomial:
    """The difference; both sides must have one unknown, or none."""
    if left.unknown and right.unknown and left.unknown != right.unknown:
        raise Unreadable
    return Polynomial(_add(left.terms, right.terms, -1), left.unknown or right.unknown)


Terms = tuple[Fraction, ...]


class _Reader:
    def __init__(self, tokens: list[Token], at: int, until: int) -> None:
        self.tokens = tokens
        self.at = at
        self.until = until
        self.unknown = ""

    def sum(self, depth: int) -> Terms:
        total = self.product(depth)
        while (token := self._peek()) and token.kind == "op" and token.text in {"+", "-"}:
            self.at += 1
            total = _add(total, self.product(depth), 1 if token.text == "+" else -1)
        return total

    def product(self, depth: int) -> Terms:
        total = self.factor(depth)
        while token := self._peek():
            if token.kind == "op" and token.text == "*":
                self.at += 1
                total = _multiply(total, self.factor(depth))
            elif token.kind == "op" and token.text == "/":
                self.at += 1
                total = _divide(total, self.factor(depth))
            elif token.kind == "lp" or is_unknown(token):
                if not self._touches():
                    raise Unreadable
                total = _multiply(total, self.factor(depth))
            else:
                break
        return total

    def factor(self, depth: int) -> Terms:
        sign = 1
        while (token := self._peek()) and token.kind == "op" and token.text == "-":
            self.at += 1
            sign = -sign
            if depth > MAX_DEPTH:
                raise Unreadable
            depth += 1
        value = self._power(self._value(depth))
        return tuple(sign * term for term in value)

    def _value(self, depth: int) -> Terms:
        token = self._peek()
        if token is not None and token.kind == "currency":
            self.at += 1
            token = self._peek()
        if token is None or depth > MAX_DEPTH:
            raise Unreadable
        self.at += 1
        if token.kind == "num":
            return (number(token),)
        if is_unknown(token):
            return self._letter(token)
        if token.kind != "lp":
            raise Unreadable
        value = self.sum(depth + 1)
        closing = self._peek()
        if closing is None or closing.kind != "rp":
            raise Unreadable
        self.at += 1
        return value

    def _letter(self, token: Token) -> Terms:
        if self.unknown not in {"", token.text}:
            raise Unreadable
        after = self._peek()
        if after is not None and after.kind == "lp" and token.text in _FUNCTIONS:
            raise Unreadable
        self.unknown = token.text
        return (Fraction(0), Fraction(1))

    def _power(self, value: Terms) -> Terms:
        token = self._peek()
        if token is None or token.kind != "op" or token.text not in {"^", "²", "³"}:
            return value
        self.at += 1
        if token.text == "^":
            exponent = self._value(MAX_DEPTH)
            if len(exponent) != 1 or exponent[0] not in range(1, MAX_DEGREE + 1):
                raise Unreadable
            times = int(exponent[0])
        else:
            times = "²³".index(token.text) + 2
        power = value
        for _ in range(times - 1):
            power = _multiply(power, value)
        return power

    def _touches(self) -> bool:
        return self.tokens[self.at - 1].end >= self.tokens[self.at].start - 1

    def _peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < self.until else None


def _add(left: Terms, right: Terms, sign: int) -> Terms:
    size = max(len(left), len(right))
    padded = [(*terms, *[Fraction(0)] * (size - len(terms))) for terms in (left, right)]
    return _trim(tuple(a + sign * b for a, b in zip(*padded, strict=True)))


def _multiply(left: Terms, right: Terms) -> Terms:
    if len(left) + len(right) - 2 > MAX_DEGREE:
        raise Unreadable
    product = [Fraction(0)] * max(len(left) + len(right) - 1, 0)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            product[i + j] += a * b
    if any(c.numerator.bit_length() + c.denominator.bit_length() > MAX_BITS for c in product):
        raise Unreadable
    return _trim(tuple(product))


def _divide(left: Terms, right: Terms) -> Terms:
    if len(right) != 1 or right[0] == 0:
        raise Unreadable
    return tuple(term / right[0] for term in left)


def _trim(terms: Terms) -> Terms:
    size = len(terms)
    while size and terms[size - 1] == 0:
        size -= 1
    return terms[:size]
