"""Find the equalities of a text that can be judged, and judge them.

At each `=` stand two expressions, the longest that end and begin there. A claim that
touches algebra, an unknown sign, a number cut in two, or units that do not add up is
left alone: only what was fully understood is called false.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from tunix_rt.verify.steps.claims.comparing import FLOAT_PLACES, agree
from tunix_rt.verify.steps.claims.expressions import (
    Expression,
    PercentMeans,
    Unreadable,
    read_expression,
)
from tunix_rt.verify.steps.claims.said import ABOUT, KIND, SCALES, Found, Said, show
from tunix_rt.verify.steps.claims.tokens import Token, decimals, number

REACH = 80
"""Tokens looked at on each side of an `=`."""


class Side(NamedTuple):
    """An expression beside a sign, and the index of its first token."""

    first: int
    read: Expression


_FILLER = frozenset({"about", "approximately", "roughly", "around", "nearly", "almost", "approx"})
_TOTAL = frozenset({"a", "total", "of", "only", "just", "exactly"})
_CHANGES = frozenset(
    {"half", "twice", "double", "triple", "thrice", "than", "from", "minus", "plus"}
    | {"times", "divided", "multiplied", "not", "whether", "suppose", "remainder", "percent"}
    | {"mod", "log", "sqrt", "root", "factorial", "squared", "cubed"}
)
"""Words before an expression that make it part of something else."""

_SHARES = frozenset(
    {"half", "third", "thirds", "quarter", "quarters", "fourth", "fourths", "fifth", "fifths"}
    | {"sixth", "eighth", "tenth", "percent", "percentage", "most", "double", "square", "cube"}
    | {"sum", "product", "difference", "root", "multiple", "fraction", "each", "ratio"}
)
"""Words before "of" that make a share of what follows: `half of 20 + 5`."""

_REMAINDER = frozenset({"remainder", "remaining", "leftover", "left", "rem"})
_SIGN = re.compile(r"[=≈]|\b(?:equals|is)\b|\\approx")


def find(said: Said) -> Iterator[Found]:
    """Every equality in the step that was understood, in order."""
    if not _SIGN.search(said.plain):
        return
    tokens = said.tokens
    signs = [index for index, token in enumerate(tokens) if token.kind == "eq"]
    about = bool(signs) and any(t.kind == "word" and t.text in ABOUT for t in tokens)
    for place, sign in enumerate(signs):
        low = signs[place - 1] + 1 if place else 0
        high = signs[place + 1] if place + 1 < len(signs) else len(tokens)
        left = left_side(tokens, max(low, sign - REACH), sign)
        right = _right(tokens, sign + 1, min(high, sign + REACH)) if left else None
        if left and right and _is_clear(tokens, left, right, sign):
            loose = about or tokens[sign].text == "≈"
            claim = _judge(said, left, right, sign, about=loose)
            if claim is not None:
                yield claim


def left_side(tokens: list[Token], low: int, sign: int) -> Side | None:
    """The longest expression that ends at the sign."""
    for first in range(low, sign):
        if tokens[first].kind not in {"num", "lp", "currency", "op"}:
            continue
        if tokens[first].kind == "op" and not _is_unary(tokens, first):
            continue
        try:
            read = read_expression(tokens, first, sign)
        except Unreadable:
            continue
        if read.end == sign:
            return Side(first, read)
    return None


def _right(tokens: list[Token], low: int, high: int) -> Side | None:
    """The longest expression that begins behind the sign."""
    first = low
    while first < min(high, low + 4) and (
        tokens[first].kind == "word" and tokens[first].text in _FILLER | _TOTAL
    ):
        first += 1
    try:
        return Side(first, read_expression(tokens, first, high))
    except Unreadable:
        return None


def _is_unary(tokens: list[Token], at: int) -> bool:
    """Whether a minus belongs to the number behind it and not to a word before it."""
    if tokens[at].text != "-" or at + 1 >= len(tokens):
        return False
    before = tokens[at - 1] if at else None
    if before is None or before.kind in {"lp", "eq"} or before.text == "\n":
        return True
    glued = tokens[at].end == tokens[at + 1].start
    return before.kind in {"word", "stop"} and glued and before.end < tokens[at].start


def _is_clear(tokens: list[Token], left: Side, right: Side, sign: int) -> bool:
    """Whether nothing around or inside the two sides makes them mean something else."""
    if not (left.read.operators | right.read.operators):
        return False
    if tokens[sign].text == "is" and right.read.operators:
        return False
    return (
        _begins_well(tokens, left, sign)
        and _ends_well(tokens, left, right)
        and _units_fit(tokens, left, right, sign)
    )


def _begins_well(tokens: list[Token], left: Side, sign: int) -> bool:
    first = left.first
    before = tokens[first - 1] if first else None
    if before is not None:
        if before.kind in {"op", "num", "rp", "percent", "bad"}:
            return False
        if before.kind == "word" and _changes(tokens, first - 1):
            return False
        if before.kind == "stop" and first > 1 and tokens[first - 2].kind == "op":
            return False
        if tokens[first].kind == "lp" and before.end == tokens[first].start:
            return before.kind in {"currency", "eq", "lp"} or before.text in {"\\(", "\\[", "$"}
        if before.text == "," and first > 1 and _is_cut_number(tokens, first):
            return False
    if _literal(tokens, left) is None:
        mixed = before is not None and before.text == "and"
        share = _literal_share(tokens, left)
        return not (share and (mixed or tokens[sign - 1].kind == "word"))
    chained = before is not None and before.kind == "eq"
    alone = before is None or before.kind in {"stop", "lp", "bullet"}
    bare = left.read.last == sign - 1
    return chained or (alone and bare)


def _changes(tokens: list[Token], at: int) -> bool:
    """Whether the words that end at `at` do something to the number behind them."""
    if tokens[at].text == "of" and at:
        owner = tokens[at - 1]
        return owner.kind != "word" or owner.text in _SHARES
    return tokens[at].text in _CHANGES or _is_operand(tokens, at)


def _is_operand(tokens: list[Token], at: int) -> bool:
    """Whether the words that end at `at` stand behind an operator: `+ his 1 + 1`."""
    for index in range(at, max(at - 4, -1), -1):
        if tokens[index].kind != "word":
            return tokens[index].kind == "op"
    return False


def _is_cut_number(tokens: list[Token], first: int) -> bool:
    """Whether a comma cuts a number in two: `14, 400`, `16,0000`."""
    behind, comma = tokens[first - 2], tokens[first - 1]
    text = tokens[first].text
    tight = comma.end == tokens[first].start
    return behind.kind == "num" and (tight or len(text.partition(".")[0]) == 3)


def _literal_share(tokens: list[Token], side: Side) -> bool:
    """Whether a side is a proper fraction and nothing else: `3/4 of a cup`."""
    return _is_share(tokens[side.first : side.read.last + 1])


def _is_share(parts: list[Token]) -> bool:
    if [part.kind for part in parts] != ["num", "op", "num"] or parts[1].text != "/":
        return False
    return number(parts[0]) < number(parts[2])


def _ends_well(tokens: list[Token], left: Side, right: Side) -> bool:
    end = right.read.end
    after = tokens[end] if end < len(tokens) else None
    if after is None:
        return True
    if after.kind == "op":
        follows = tokens[end + 1] if end + 1 < len(tokens) else None
        return after.text == "-" and (follows is None or follows.kind == "word")
    if after.kind in {"num", "percent"} and end == right.read.last + 1:
        return False
    if _runs_on(tokens, end):
        return False
    if after.text == "." and end + 1 < len(tokens) and tokens[end + 1].start == after.end:
        return tokens[end + 1].kind not in {"bad", "num"}
    if after.kind == "lp" and after.start == tokens[end - 1].end:
        return False
    tail = {token.text for token in tokens[right.read.last + 1 : right.read.last + 12]}
    return not ("/" in left.read.operators and tail & _REMAINDER)


def _runs_on(tokens: list[Token], end: int) -> bool:
    """Whether the value goes on behind its end: `= 5x`, `= 8 bags / Y`, `= 1 and 1/3`."""
    place = end
    while place < min(len(tokens), end + 4) and tokens[place].kind == "word":
        if tokens[place].text == "and":
            break
        place += 1
    rest = tokens[place : place + 6]
    if not rest:
        return False
    if rest[0].text == "and" and place == end:
        return _is_share([part for part in rest[1:] if part.kind not in {"currency", "lp"}][:3])
    return rest[0].kind == "bad"


def _units_fit(tokens: list[Token], left: Side, right: Side, sign: int) -> bool:
    """No `5 million`, and no sum of hours and minutes."""
    last = right.read.last
    while last + 1 < len(tokens) and tokens[last + 1].kind == "word" and last < sign + REACH:
        last += 1
        if last - right.read.last >= 2:
            break
    words = {t.text for t in tokens[left.first : last + 1] if t.kind == "word"}
    if words & (SCALES - {"dozen", "pairs"}):
        return False
    coins = {word for word in words if KIND.get(word) == "money"} - {"dollar", "dollars"}
    if coins and any(token.kind == "currency" for token in tokens[left.first : last + 1]):
        return False
    if {"*", "/", "of", "^"} & (left.read.operators | right.read.operators):
        return True
    kinds: dict[str, set[str]] = {}
    for word in words:
        if kind := KIND.get(word):
            kinds.setdefault(kind, set()).add(word.rstrip("s"))
    return not words & SCALES and all(len(units) == 1 for units in kinds.values())


def _judge(said: Said, left: Side, right: Side, sign: int, *, about: bool) -> Found | None:
    text, tokens = said.text, said.tokens
    start, end = tokens[left.first].start, tokens[right.read.last].end
    if said.is_refuted(end):
        return None
    for means in _meanings(left, right):
        values = _values(tokens, left, right, sign, means)
        if values is None:
            return None
        if _equal(tokens, left, right, values, about=about):
            return Found(start, end, True, f"{text[start:end][:200]} holds.")
    if (before := tokens[left.first - 1 : left.first]) and before[0].text == "-":
        as_sum = [before[0]._replace(kind="op"), *tokens[left.first :]]
        value = read_expression(as_sum, 0, sign - left.first + 1).value
        if value == right.read.value:
            return Found(start, end, True, f"{text[start:end][:200]} holds.")
    if (running := _running_total(tokens, left, right)) is not None:
        end = tokens[running].end
        return Found(start, end, True, f"{text[start:end][:200]} holds.")
    sides = f"the left side is {show(left.read.value)}, the right side {show(right.read.value)}"
    return Found(start, end, False, f"{text[start:end][:200]} is false: {sides}.")


def _running_total(tokens: list[Token], left: Side, right: Side) -> int | None:
    """Index of the first number on the right in `7*60 = 420 + 23 = 443`, if it is the result."""
    for index in range(right.first, right.read.last):
        if tokens[index].kind == "num":
            exact = number(tokens[index]) == left.read.value
            return index if exact and right.read.operators else None
        if tokens[index].kind not in {"currency"}:
            return None
    return None


def _meanings(left: Side, right: Side) -> tuple[PercentMeans, ...]:
    percents = left.read.percents or right.read.percents
    return ("hundredths", "plain", "relative") if percents else ("hundredths",)


def _values(
    tokens: list[Token], left: Side, right: Side, sign: int, means: PercentMeans
) -> tuple[Fraction, Fraction] | None:
    if means == "hundredths":
        return left.read.value, right.read.value
    try:
        values = [
            read_expression(tokens, side.first, until, means).value
            for side, until in ((left, sign), (right, right.read.end))
        ]
    except Unreadable:
        return None
    return values[0], values[1]


def _equal(
    tokens: list[Token],
    left: Side,
    right: Side,
    values: tuple[Fraction, Fraction],
    *,
    about: bool,
) -> bool:
    """Whether the sides agree; the one that is a single number is the printed one."""
    said, meant = values
    if said == meant or _is_float(tokens, left, right, values):
        return True
    scale = 100 if right.read.percents and not left.read.percents else 1
    for printed, other, side in ((meant, said, right), (said, meant, left)):
        literal = _literal(tokens, side)
        if literal is None:
            continue
        share = printed != number(literal) and abs(printed) != number(literal)
        places = decimals(literal) + (2 if share else 0)
        if agree(other, printed, places, about=about):
            return True
        if scale == 100 and agree(other, printed * 100, decimals(literal), about=about):
            return True
    return False


def _is_float(
    tokens: list[Token], left: Side, right: Side, values: tuple[Fraction, Fraction]
) -> bool:
    """Whether the sides are one, but for the last places of a float: `0.333333333 * 60 = 20`."""
    last = (left.read.last + 1, right.read.last + 1)
    inside = (*tokens[left.first : last[0]], *tokens[right.first : last[1]])
    long = any(token.kind == "num" and decimals(token) >= FLOAT_PLACES for token in inside)
    return long and abs(values[0] - values[1]) * 10 ** (FLOAT_PLACES - 1) <= abs(values[0])


def _literal(tokens: list[Token], side: Side) -> Token | None:
    """The one number a side consists of, or None if it is computed."""
    if side.read.operators - {"-"}:
        return None
    numbers = [t for t in tokens[side.first : side.read.last + 1] if t.kind == "num"]
    return numbers[0] if len(numbers) == 1 else None
