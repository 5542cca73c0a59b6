"""Comparisons of two numbers: `3 < 5`, `2/3 > 0.7`, `7 is greater than 5`."""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from operator import ge, gt, le, lt, ne

from tunix_rt.verify.steps.claims.equalities import Side, left_side
from tunix_rt.verify.steps.claims.expressions import Unreadable, read_expression
from tunix_rt.verify.steps.claims.said import NUMBER, Found, Said, show, value_of
from tunix_rt.verify.steps.claims.tokens import Token

REACH = 40
"""Tokens looked at on each side of a sign."""

Compare = Callable[[Fraction, Fraction], bool]
_SIGNS: dict[str, Compare] = {
    "<": lt, ">": gt, "<=": le, ">=": ge, "≤": le, "≥": ge, "!=": ne, "≠": ne,
}  # fmt: skip
_ANY = re.compile(r"[<>≤≥≠]|!=")
_PLAIN = frozenset({"num", "op", "lp", "rp"})
_DENIED = re.compile(
    r"[^.\n]{0,24}?(?:\?|✗|✘|❌|\b(?:no|not|false|fails?|wrong|invalid|incorrect|impossible)\b)",
    re.IGNORECASE,
)
_WORDED = re.compile(
    rf"(?<![\w.,^*/$+-])(?P<left>{NUMBER})[ ]is[ ](?P<no>not[ ])?"
    rf"(?P<word>(?:greater|larger|bigger|less|smaller|fewer|more)[ ]than)[ ](?P<right>{NUMBER})",
    re.IGNORECASE,
)


def find(said: Said) -> Iterator[Found]:
    """Every comparison of two plain numbers that stands free."""
    if _ANY.search(said.plain):
        yield from _signed(said)
    if " than " in said.plain:
        for match in _WORDED.finditer(said.plain):
            yield from _worded(said, match)


def _signed(said: Said) -> Iterator[Found]:
    tokens, low = said.tokens, 0
    for at, token in enumerate(tokens):
        compare = _SIGNS.get(token.text) if token.kind == "bad" else None
        if compare is None:
            continue
        left = left_side(tokens, max(low, at - REACH), at)
        low = at + 1
        right = _right_side(tokens, at + 1)
        if left is None or right is None or not _is_clear(tokens, left, right, at):
            continue
        start, end = tokens[left.first].start, tokens[right.read.last].end
        if not said.begins_free(start) or _DENIED.match(said.plain, end):
            continue
        sides = f"the left side is {show(left.read.value)}, the right side {show(right.read.value)}"
        holds = compare(left.read.value, right.read.value)
        yield said.found(start, end, holds=holds, because=sides)


def _right_side(tokens: list[Token], first: int) -> Side | None:
    try:
        return Side(first, read_expression(tokens, first, min(len(tokens), first + REACH)))
    except Unreadable:
        return None


def _is_clear(tokens: list[Token], left: Side, right: Side, at: int) -> bool:
    """Numbers and operators only on both sides, and nothing that goes on with them."""
    inside = [*tokens[left.first : at], *tokens[right.first : right.read.last + 1]]
    if any(token.kind not in _PLAIN for token in inside):
        return False
    before = tokens[left.first - 1] if left.first else None
    after = tokens[right.read.last + 1 : right.read.last + 2]
    if before is not None and before.kind not in {"stop", "word", "bullet", "eq"}:
        return before.text in _SIGNS
    return not after or after[0].kind in {"stop", "word"} or after[0].text in _SIGNS


def _worded(said: Said, match: re.Match[str]) -> Iterator[Found]:
    start, end = match.span()
    if not (said.begins_free(start) and said.ends_free(end)):
        return
    left, right = value_of(match["left"]), value_of(match["right"])
    more = match["word"].lower().split()[0] in {"greater", "larger", "bigger", "more"}
    holds = (left > right if more else left < right) is not bool(match["no"])
    yield said.found(start, end, holds=holds, because=f"they are {show(left)} and {show(right)}")
