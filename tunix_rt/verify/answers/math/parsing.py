r"""Read an expression, LaTeX or typed, as an exact value: `\frac{\sqrt3}{2}`, `2(k+1)`.

A descending parser that computes while it reads. Depth, length and the size of every
value are bounded, so the time for any text is.
"""

from fractions import Fraction
from functools import lru_cache

from tunix_rt.verify.answers.math import functions, terms
from tunix_rt.verify.answers.math.terms import Unreadable, Value
from tunix_rt.verify.answers.math.tokens import Token, tokenise

DEPTH = 24
_PAIRS = {"(": ")", "[": "]", "{": "}", "|": "|"}
_RENAMED = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}


@lru_cache(64)
def value_of(text: str) -> Value:
    """The value of an expression; `Unreadable` if it is none, `TooMuch` if it is too large."""
    terms.METER.work = 0
    parser = _Parser(tokenise(text))
    value = parser.sum(0)
    if parser.peek() is not None:
        raise Unreadable(f"{parser.peek()!r} where an expression ends")
    return value


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.bars = 0

    def peek(self) -> str | None:
        return self.tokens[self.at].text if self.at < len(self.tokens) else None

    def sum(self, depth: int) -> Value:
        if depth > DEPTH:
            raise Unreadable(f"more than {DEPTH} brackets inside each other")
        total = self.product(depth)
        while (sign := self._sign()) in ("+", "-"):
            self.at += 1
            term = self.product(depth)
            total = terms.add(total, term if sign == "+" else terms.negative(term))
        return total

    def product(self, depth: int) -> Value:
        total = self.signed(depth)
        while True:
            sign = self._sign()
            if sign in ("*", "/"):
                self.at += 1
                factor = self.signed(depth)
                total = (terms.multiply if sign == "*" else terms.divide)(total, factor)
            elif self._starts_factor():
                total = terms.multiply(total, self.power(depth))
            else:
                return total

    def signed(self, depth: int) -> Value:
        sign = 1
        while self._sign() in ("+", "-"):
            sign = -sign if self._sign() == "-" else sign
            self.at += 1
        value = self.power(depth)
        return value if sign > 0 else terms.negative(value)

    def power(self, depth: int) -> Value:
        base = self.factor(depth)
        while self._sign() == "!":
            self.at += 1
            base = functions.product_to(base)
        if self._sign() == "^":
            self.at += 1
            exponent = self.exponent(depth + 1)
            base = self._degrees(base) if exponent is None else functions.raised(base, exponent)
        if self._sign() == "°":
            self.at += 1
            base = self._degrees(base)
        return base

    def exponent(self, depth: int) -> Value | None:
        """What stands behind `^`; None for the sign of degrees."""
        if depth > DEPTH:
            raise Unreadable(f"more than {DEPTH} powers of powers")
        degree = [token.text for token in self.tokens[self.at : self.at + 3]]
        if degree[:1] == ["°"] or degree == ["{", "°", "}"]:
            self.at += 1 if degree[0] == "°" else 3
            return None
        sign = 1
        if self._sign() in ("-", "+"):
            sign = -1 if self._sign() == "-" else 1
            self.at += 1
        value = self.power(depth)
        return value if sign > 0 else terms.negative(value)

    def factor(self, depth: int) -> Value:
        if depth > DEPTH:
            raise Unreadable(f"more than {DEPTH} brackets inside each other")
        token = self._take()
        if token.kind == "num":
            return self._number(token)
        if token.kind == "name":
            return self._name(token)
        if token.kind == "call":
            return self._call(token.text, depth + 1)
        if token.text in _PAIRS:
            self.bars += token.text == "|"
            inner = self.sum(depth + 1)
            self.bars -= token.text == "|"
            if self._take().text != _PAIRS[token.text]:
                raise Unreadable("brackets that do not match")
            return functions.call("abs", inner) if token.text == "|" else inner
        raise Unreadable(f"{token.text!r} where a value should be")

    def _number(self, token: Token) -> Value:
        if self._sign() == "_":
            self.at += 1
            base = self._digits()
            return terms.atom(f"base{base}_{token.text.lstrip('0') or '0'}")
        value = Fraction(token.text)
        mixed = self.tokens[self.at : self.at + 7]
        if "." not in token.text and [t.text for t in mixed[:1]] == ["frac"]:
            part = self._plain_fraction()
            if part is not None:
                return terms.number(value + part)
        return terms.number(value)

    def _plain_fraction(self) -> Fraction | None:
        r"""`\frac{1}{2}` or `\frac12` behind a whole number: a mixed number."""
        digits: list[str] = []
        at = self.at + 1
        for _ in range(2):
            braced = at < len(self.tokens) and self.tokens[at].text == "{"
            at += braced
            if at >= len(self.tokens) or self.tokens[at].kind != "num":
                return None
            text = self.tokens[at].text
            if not braced and not digits and len(text) == 2:
                digits = [text[0], text[1]]
                at += 1
                break
            digits.append(text)
            at += 1
            if braced and (at >= len(self.tokens) or self.tokens[at].text != "}"):
                return None
            at += braced
        if not all(digit.isdigit() for digit in digits) or int(digits[1]) <= int(digits[0]):
            return None
        self.at = at
        return Fraction(int(digits[0]), int(digits[1]))

    def _name(self, token: Token) -> Value:
        name = token.text
        if self._sign() == "_":
            self.at += 1
            name = f"{name}_{self._digits()}"
        return terms.atom(name)

    def _digits(self) -> str:
        """A subscript: `5`, `{10}`, `n`."""
        braced = self._sign() == "{"
        self.at += braced
        token = self._take()
        if token.kind not in ("num", "name"):
            raise Unreadable("a strange subscript")
        if braced and self._take().text != "}":
            raise Unreadable("a strange subscript")
        return token.text

    def _call(self, name: str, depth: int) -> Value:
        if name in ("frac", "binom"):
            over, under = self._argument(depth), self._argument(depth)
            return terms.divide(over, under) if name == "frac" else functions.choose(over, under)
        if name == "root":
            return functions.root(self.factor(depth), 2)
        if name == "sqrt":
            degree = self._degree(depth) if self._sign() == "[" else 2
            return functions.root(self._argument(depth), degree)
        base = power = None
        while (sign := self._sign()) in ("_", "^"):
            self.at += 1
            if sign == "_":
                base = self._argument(depth)
            else:
                power = self.exponent(depth)
        done = self._applied(name, base, self._operand(depth))
        if power is not None and terms.rational(power) == -1:
            raise Unreadable("an inverse function")
        return done if power is None else functions.raised(done, power)

    def _degree(self, depth: int) -> int:
        self.at += 1
        exact = terms.rational(self.sum(depth))
        if exact is None or exact.denominator != 1 or self._take().text != "]":
            raise Unreadable("a strange root")
        return int(exact)

    def _applied(self, name: str, base: Value | None, value: Value) -> Value:
        if name in ("ln", "log"):
            return functions.logarithm(value, base, name="ln" if name == "ln" else "?log")
        if base is not None:
            raise Unreadable("a function with a subscript")
        return functions.call(_RENAMED.get(name, name), value)

    def _argument(self, depth: int) -> Value:
        r"""What a command takes: a group, or the next digit or name."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else Token("op", "", 0)
        if token.kind == "num" and token.text.isdigit() and len(token.text) > 1:
            first, rest = token.text[0], token.text[1:]
            self.tokens[self.at : self.at + 1] = [
                Token("num", first, token.end - len(rest)),
                Token("num", rest, token.end),
            ]
        return self.factor(depth)

    def _operand(self, depth: int) -> Value:
        """What a function is applied to: a bracket, or a product without further functions."""
        if self._sign() in ("(", "[", "{", "|"):
            return self.factor(depth)
        sign = 1
        if self._sign() == "-":
            self.at += 1
            sign = -1
        value = self.power(depth)
        while self._starts_factor() and self._sign() not in ("(", "["):
            if self.tokens[self.at].kind == "call" and self.peek() not in ("frac", "sqrt", "root"):
                break
            value = terms.multiply(value, self.power(depth))
        if self._sign() == "/" and [t.kind for t in self.tokens[self.at + 1 :][:1]] == ["num"]:
            self.at += 1
            value = terms.divide(value, self.power(depth))
        return value if sign > 0 else terms.negative(value)

    def _degrees(self, value: Value) -> Value:
        half_turn = terms.multiply(terms.atom("pi"), terms.number(Fraction(1, 180)))
        return terms.multiply(value, half_turn)

    def _starts_factor(self) -> bool:
        if self.at >= len(self.tokens):
            return False
        token = self.tokens[self.at]
        if token.kind == "num":  # two numbers side by side are not a product
            return self.tokens[self.at - 1].kind != "num"
        return (
            token.kind in ("name", "call")
            or token.text in ("(", "{", "[")
            or (token.text == "|" and not self.bars)
        )

    def _sign(self) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at].kind == "op":
            return self.tokens[self.at].text
        return None

    def _take(self) -> Token:
        if self.at >= len(self.tokens):
            raise Unreadable("an expression that breaks off")
        self.at += 1
        return self.tokens[self.at - 1]
