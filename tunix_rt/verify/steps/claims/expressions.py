"""Read the longest expression at a place in the tokens and compute it exactly.

Units between numbers are skipped. Sizes are bounded before anything is computed:
what would grow too large is unreadable, not slow.
"""

from fractions import Fraction
from typing import Literal, NamedTuple

from tunix_rt.verify.steps.claims.tokens import Token, number

PercentMeans = Literal["hundredths", "plain", "relative"]
"""`20%` as 0.2, as 20, or as a share of what stands before it (`50 + 20%` is 60)."""

MAX_DEPTH = 20
MAX_BITS = 4096
MAX_EXPONENT = 64
MOST_UNIT_WORDS = 5
_CLAUSE = frozenset(
    {"and", "then", "so", "but", "because", "if", "is", "are", "was", "were", "has", "have"}
    | {"which", "that", "since", "while", "therefore", "thus", "or", "when", "she", "he"}
    | {"they", "it", "we", "you", "had", "gets", "makes", "does", "gives", "leaves"}
)
"""Words that begin another clause: what stands before them is not a unit."""


class Unreadable(Exception):
    """No expression here, or one that is too large to compute."""


class Expression(NamedTuple):
    """What was read: its value, where it ends, and what it is made of."""

    value: Fraction
    last: int
    """Index of the last token that belongs to the value."""

    end: int
    """Index behind the units that follow it, if an operator, a sign or the end does."""

    operators: frozenset[str]
    percents: bool


def read_expression(
    tokens: list[Token], at: int, until: int, percent: PercentMeans = "hundredths"
) -> Expression:
    """The longest expression that begins at token `at` and ends before `until`."""
    reader = _Reader(tokens, at, until, percent)
    value = reader.sum(0)
    operators = frozenset(token.text for token in reader.used if token.kind == "op")
    percents = any(token.kind == "percent" for token in reader.used)
    return Expression(value, reader.last, reader.at, operators, percents)


class _Reader:
    def __init__(self, tokens: list[Token], at: int, until: int, percent: PercentMeans) -> None:
        self.tokens = tokens
        self.at = at
        self.until = until
        self.percent = percent
        self.last = at
        self.used: list[Token] = []
        self.is_percent = False
        self.signed = False

    def sum(self, depth: int) -> Fraction:
        value = self.product(depth)
        while (token := self._peek()) and token.kind == "op" and token.text in {"+", "-"}:
            place = self._save()
            self._take()
            try:
                other = self.product(depth)
            except Unreadable:
                self._back(place)
                break
            if self.percent == "relative" and self.is_percent:
                other = value * other
            value = _bounded(value + other if token.text == "+" else value - other)
        return value

    def product(self, depth: int) -> Fraction:
        value = self.power(depth)
        while token := self._peek():
            place = self._save()
            if token.kind == "op" and token.text in {"*", "/", "of"}:
                self._take()
            elif not self._multiplies(token):
                break
            try:
                other = self._share() if token.text == "/" else None
                other = self.power(depth) if other is None else other
            except Unreadable:
                self._back(place)
                break
            self.is_percent = False
            if token.text == "/" and token.kind == "op":
                if other == 0:
                    raise Unreadable
                value = _bounded(value / other)
            else:
                value = _bounded(value * other)
        return value

    def _share(self) -> Fraction | None:
        """The fraction in `6 / 1/4`: written tight behind a loose division, it is one number."""
        parts = self.tokens[self.at - 1 : min(self.at + 3, self.until)]
        if [part.kind for part in parts] != ["op", "num", "op", "num"]:
            return None
        sign, over, slash, under = parts
        tight = over.end == slash.start and slash.end == under.start
        if slash.text != "/" or not tight or sign.end == over.start or number(under) == 0:
            return None
        for _ in range(3):
            self._take()
        self._skip_units()
        return number(over) / number(under)

    def power(self, depth: int) -> Fraction:
        value = self.operand(depth)
        token = self._peek()
        if token is None or token.kind != "op" or token.text not in {"^", "²", "³"}:
            return value
        if self.signed:  # -2^2: two readings
            raise Unreadable
        self._take()
        exponent = (
            self.operand(depth) if token.text == "^" else Fraction("²³".index(token.text) + 2)
        )
        if exponent.denominator != 1 or abs(exponent) > MAX_EXPONENT:
            raise Unreadable
        bits = value.numerator.bit_length() + value.denominator.bit_length()
        if bits * abs(exponent) > MAX_BITS or (value == 0 and exponent < 0):
            raise Unreadable
        return Fraction(value ** int(exponent))

    def operand(self, depth: int) -> Fraction:
        sign = 1
        self.is_percent = False
        for _ in range(3):
            token = self._peek()
            if token is None or token.kind not in {"op", "currency"}:
                break
            if token.kind == "op":
                if token.text != "-" or depth > MAX_DEPTH:
                    raise Unreadable
                sign = -sign if token.text == "-" else sign
            self._take()
        self.signed = sign < 0
        return sign * self._value(depth)

    def _value(self, depth: int) -> Fraction:
        token = self._peek()
        if token is not None and token.kind == "num":
            self._take()
            value = number(token)
        elif token is not None and token.kind == "lp" and depth < MAX_DEPTH:
            signed = self.signed
            self._take()
            value = self.sum(depth + 1)
            token = self._peek()
            if token is None or token.kind != "rp":
                raise Unreadable
            self._take()
            self.is_percent, self.signed = False, signed
        else:
            raise Unreadable
        if (after := self._peek()) and after.kind == "currency" and not self._is_price(after):
            self._take()
        if (after := self._peek()) and after.kind == "percent":
            self._take()
            self.is_percent = True
            value = value if self.percent == "plain" else value / 100
        self._skip_units()
        return value

    def _is_price(self, sign: Token) -> bool:
        """Whether a currency sign belongs to the number behind it."""
        after = self.at + 1
        return after < self.until and self.tokens[after].kind == "num"

    def _skip_units(self) -> None:
        """Pass over the words after a number if an operator or the end follows them."""
        place = self.at
        while place < self.until and place - self.at <= MOST_UNIT_WORDS:
            token = self.tokens[place]
            if token.kind != "word" or token.text in _CLAUSE:
                break
            place += 1
        if place == self.at:
            return
        if place >= self.until or self.tokens[place].kind in {"op", "rp", "eq"}:
            self.at = place

    def _multiplies(self, token: Token) -> bool:
        """`2(3)` and `(2)(3)`: a parenthesis that touches what stands before it."""
        before = self.tokens[self.at - 1]
        touches = before.end == token.start and before.kind in {"num", "rp"}
        return token.kind == "lp" and touches

    def _peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < self.until else None

    def _take(self) -> None:
        self.used.append(self.tokens[self.at])
        self.last = self.at
        self.at += 1

    def _save(self) -> tuple[int, int, int, bool]:
        return self.at, self.last, len(self.used), self.is_percent

    def _back(self, place: tuple[int, int, int, bool]) -> None:
        self.at, self.last, used, self.is_percent = place
        del self.used[used:]


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
        raise Unreadable
    return value
