"""Equations of one unknown, linear and quadratic: each must keep the solutions of the one before.

`2x + 3 = 7` may become `2x = 4` and `x = 2`, or be squared; it may not become `x = 3`. The first
equation may stand in the prompt. A letter that is given a new meaning (`let x be ...`), a
supposed value (`if x = 3`) and an equation of two unknowns begin no derivation.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from tunix_rt.verify.steps.claims.comparing import agree
from tunix_rt.verify.steps.claims.expressions import Unreadable
from tunix_rt.verify.steps.claims.polynomials import (
    Polynomial,
    is_unknown,
    minus,
    read_polynomial,
)
from tunix_rt.verify.steps.claims.said import Found, Said, show
from tunix_rt.verify.steps.claims.tokens import Token, decimals

_UNKNOWN = (Fraction(0), Fraction(1))
REACH = 60
"""Tokens of one side."""

_INSIDE = frozenset({"num", "op", "lp", "rp", "currency"})
_GO_ON = frozenset({"and", "or", "so", "then", "because", "since", "therefore", "thus", "hence"})
_NEW = re.compile(
    r"\b(?:let|define|represents?|denote\w*|another|other|second|case|cases|system|substitut\w*"
    r"|similarly|variable|call|stand for)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"(?:[\s,;$*&\\()]|\b(?:and|or|text)\b){1,20}", re.IGNORECASE)
"""Between two equations that stand beside each other, as the two solutions do."""

_LEADS = re.compile(
    r"(?:^|[.;:!?(\n,—•=>⇒→\"“$*\[]|\b(?:so|then|thus|hence|therefore|that|because|since|as|get|gets"
    r"|gives|have|becomes|equation|solve|solving|us|implies|yields|obtain|means|now|or|and|is|to))"
    r"[ \t$*\\(\[]{0,4}$",
    re.IGNORECASE,
)


class Equation(NamedTuple):
    """An equation as `difference = 0`, and where it stands."""

    difference: Polynomial
    text: str
    start: int
    end: int
    value: Fraction | None
    """The value in `x = 3`."""

    places: int | None
    """Decimals of a value that is printed as one number."""

    rounded: bool
    """Whether any number in it has decimals."""


Bases = dict[str, "Equation"]
"""For each unknown the equation that its next one must agree with."""


class Derivation:
    """What the equations of a trace say so far, step after step."""

    def __init__(self, prompt: str) -> None:
        self.prompt = prompt
        self.bases: Bases | None = None

    def follow(self, said: Said) -> Iterator[Found]:
        """Every equation of the next step that follows, or not, from the one before."""
        bases = self.bases
        if bases is None:
            if "=" not in said.plain:
                return
            bases = _given(Said(self.prompt)) if "=" in self.prompt else {}
        after, parents = 0, bases
        for equation in _equations(said) if "=" in said.plain else ():
            if _NEW.search(said.plain, after, equation.start):
                bases = {}
            if after and _BESIDE.fullmatch(said.plain, after, equation.start):
                bases = parents
            after, parents = equation.end, bases
            base = bases.get(equation.difference.unknown)
            follows = _follows(base.difference, equation, about=said.is_about) if base else None
            if base and follows is not None:
                yield _found(said, base, equation, follows)
            if not (base and follows) or equation.difference.degree >= base.difference.degree:
                bases = _with(bases, equation)
        self.bases = {} if bases and _NEW.search(said.plain, after) else bases


def _with(bases: Bases, equation: Equation) -> Bases:
    """The derivations when this equation is the newest; a mere value begins none."""
    unknown = equation.difference.unknown
    if equation.value is not None:
        return {name: base for name, base in bases.items() if name != unknown}
    return bases | {unknown: equation}


def _given(prompt: Said) -> Bases:
    """The one equation that the prompt states."""
    stated = list(_equations(prompt))
    if len(stated) != 1 or prompt.plain.count("=") != 1:
        return {}
    return _with({}, stated[0])


def _equations(said: Said) -> Iterator[Equation]:
    tokens = said.tokens
    if not any(is_unknown(token) for token in tokens):
        return
    for sign, token in enumerate(tokens):
        if token.kind == "eq" and token.text != "is" and (found := _equation(said, sign)):
            yield found


def _equation(said: Said, sign: int) -> Equation | None:
    tokens = said.tokens
    first, last = _edges(tokens, sign)
    if not any(is_unknown(token) for token in tokens[first:last]):
        return None
    start = tokens[first].start
    if not _stands_free(said, first, last):
        return None
    try:
        left = read_polynomial(tokens, first, sign)
        right = read_polynomial(tokens, sign + 1, last)
        difference = minus(left, right)
    except Unreadable:
        return None
    if not 1 <= difference.degree <= 2 or _is_sum(tokens, first, sign, left, right):
        return None
    alone = left.terms == _UNKNOWN and right.degree == 0
    value = (right.terms or (Fraction(0),))[0] if alone else None
    printed = tokens[last - 1] if alone and last - sign <= 3 else None
    rounded = any(t.kind == "num" and decimals(t) for t in tokens[first:last])
    places = decimals(printed) if printed is not None and printed.kind == "num" else None
    end = tokens[last - 1].end
    return Equation(difference, said.text[start:end], start, end, value, places, rounded)


def _edges(tokens: list[Token], sign: int) -> tuple[int, int]:
    """The first token of the left side, and the one behind the right side."""
    first = sign
    while first > max(0, sign - REACH) and _belongs(tokens[first - 1]):
        first -= 1
    last = sign + 1
    while last < min(len(tokens), sign + REACH) and _belongs(tokens[last]):
        last += 1
    while first < sign and [t.kind for t in tokens[first : first + 2]] == ["currency"] * 2:
        first += 1  # `$x = 3$, $y = 4$`: dollars of LaTeX
    while last > sign + 2 and tokens[last - 1].kind == "currency":
        last -= 1
    return first, last


def _belongs(token: Token) -> bool:
    return token.kind in _INSIDE or is_unknown(token)


def _stands_free(said: Said, first: int, last: int) -> bool:
    tokens = said.tokens
    after = tokens[last] if last < len(tokens) else None
    goes_on = after is not None and after.kind == "word" and after.text in _GO_ON
    ends = {"stop", "eq", "bullet", "currency"}
    if after is not None and not goes_on and after.kind not in ends:
        return False
    behind = tokens[last + 1] if last + 1 < len(tokens) else None
    if after and behind and after.text == "." and behind.start == after.end:
        return False  # 1331.\overline{1331}
    start = tokens[first].start
    if not _LEADS.search(said.plain[max(0, start - 40) : start]):
        return False
    if said.is_supposed(start):
        return False
    return not said.is_refuted(tokens[last - 1].end)


def _is_sum(
    tokens: list[Token], first: int, sign: int, left: Polynomial, right: Polynomial
) -> bool:
    """Whether it collects terms, `x + 2x = 3x`, and is no equation to be solved."""
    linear = left.degree == right.degree == 1
    bare = linear and left.terms[0] == right.terms[0] == 0
    return bare and sum(is_unknown(token) for token in tokens[first:sign]) > 1


def _follows(base: Polynomial, new: Equation, *, about: bool) -> bool | None:
    """Whether the solutions agree; None where that cannot be told."""
    there = new.difference
    if there.degree == 1:
        root = -there.terms[0] / there.terms[1]
        if base.at(root) == 0:
            return True
        if base.degree == 1:
            wanted = -base.terms[0] / base.terms[1]
            return _near(wanted, root, new, about=about)
        return True if _has_root_near(base, root, new) else (None if about else False)
    if base.degree == 1:
        return there.at(-base.terms[0] / base.terms[1]) == 0 or None
    scale = there.terms[2] / base.terms[2]
    return True if there.terms == tuple(scale * term for term in base.terms) else None


def _near(wanted: Fraction, root: Fraction, new: Equation, *, about: bool) -> bool | None:
    if new.value is not None and new.places is not None:
        return agree(wanted, root, new.places, about=about)
    if not (new.rounded or about):
        return False
    off = abs(wanted - root)
    return True if off * 100 <= abs(wanted) else None if off * 10 <= abs(wanted) else False


def _has_root_near(base: Polynomial, root: Fraction, new: Equation) -> bool:
    """Whether a root lies within one unit of the last printed place."""
    if not new.rounded:
        return False
    unit = Fraction(1, 10 ** (new.places or 1))
    return base.at(root - unit) * base.at(root + unit) <= 0


def _found(said: Said, base: Equation, new: Equation, follows: bool) -> Found:
    terms = base.difference.terms
    before = f"the equation before was {base.text[:80]}"
    if len(terms) == 2:
        before += f", which gives {base.difference.unknown} = {show(-terms[0] / terms[1])}"
    return said.found(new.start, new.end, holds=follows, because=before)
