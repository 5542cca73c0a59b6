r"""The interval given is the one expected: `(2,\infty)`, `x > 2`, unions in any order."""

import re
from typing import NamedTuple

from tunix_rt.verify.answers.math import equivalence
from tunix_rt.verify.answers.math.comparing import compare, exact
from tunix_rt.verify.reading.brackets import cut, enclosed, tidy
from tunix_rt.verify.reading.single import NoAnswer, expected_text, one_answer, verdict
from tunix_rt.verify.schema import Expected, Outcome, Verdict

VERSION = "1"

_ENDLESS = re.compile(r"([+-]?)\s?(?:\\infty|∞|oo|inf|infinity)")
_MEMBER = re.compile(r"^(?:(?:[A-Za-z]|\\[a-z]+)\s*(?:\\in(?![a-z])|∈)|[A-Za-z]\s+in\s)\s*")
_DESCRIBED = re.compile(r"⦃\s*[A-Za-z]\s*(?::|\||\\mid(?![a-z]))(.*)⦄")
_RELATION = re.compile(
    r"<=|>=|=<|=>|≤|≥|⩽|⩾|\\leq?(?:slant)?(?![a-z])|\\geq?(?:slant)?(?![a-z])|\\lt(?![a-z])"
    r"|\\gt(?![a-z])|≠|\\neq?(?![a-z])|!=|<|>"
)
_LONE = re.compile(r"[A-Za-z]|\\[a-z]+")
_UNION = (r"\cup", "∪", " or ", " U ")
_ALL = re.compile(r"(?:\\mathbb\s?\{?R\}?|all real numbers|R)", re.IGNORECASE)
MOST_PARTS = 20


class Interval(NamedTuple):
    """From `low` to `high`, None without an end; whether the ends belong to it."""

    low: str | None
    high: str | None
    low_in: bool
    high_in: bool


def accepts(expected: Expected) -> bool:
    """Whether an interval, a union or an inequality of one unknown is expected."""
    want = expected_text(expected)
    return want is not None and is_interval(want)


def check(given: str, expected: Expected) -> Verdict:
    """Compare the parts of both, end by end."""
    want = expected_text(expected)
    parts = intervals(want) if want is not None else None
    if parts is None:
        return verdict("interval", VERSION, ("undecided", "No interval is expected."))
    said = one_answer(given)
    if isinstance(said, NoAnswer):
        return verdict("interval", VERSION, said)
    found = intervals(said)
    if found is None:
        return verdict("interval", VERSION, ("wrong", f"No interval was given: {said[:60]!r}."))
    if want is not None and len(_unknowns(want) | _unknowns(said)) > 1:
        return verdict("interval", VERSION, ("wrong", "It is about another unknown."))
    with equivalence.one_answer():
        return verdict("interval", VERSION, same_intervals(parts, found))


def is_interval(text: str) -> bool:
    """Whether a bare text can only be an interval; `(1, 2)` could be a point."""
    text = tidy(text)
    marks = any(mark in text for mark in (r"\cup", "∪", r"\in", "∈", r"\infty", "∞"))
    mixed = bool(text) and (text[0], text[-1]) in (("(", "]"), ("[", ")"))
    if not (marks or mixed or _RELATION.search(text)):
        return False
    return intervals(text) is not None


def intervals(text: str) -> list[Interval] | None:
    """The parts of a union; None if the text is no union of intervals."""
    text = tidy(text)
    if described := _DESCRIBED.fullmatch(text):
        text = described[1]
    text = _MEMBER.sub("", text).strip()
    if _ALL.fullmatch(text):
        return [Interval(None, None, False, False)]
    found: list[Interval] = []
    parts = cut(text, _UNION)
    if len(parts) > MOST_PARTS:
        return None
    for part in parts:
        read = _bracketed(part) or _related(part)
        if not read:
            return None
        found += read
    return found


def same_intervals(want: list[Interval], got: list[Interval]) -> tuple[Outcome, str]:
    """Whether every part of one is a part of the other."""
    if len(want) != len(got):
        return "wrong", f"{len(got)} intervals were given, {len(want)} are expected."
    left = list(got)
    for part in want:
        said = [(_same(part, other), other) for other in left]
        equal = next((other for outcome, other in said if outcome == "right"), None)
        if equal is None:
            unsure = any(outcome == "undecided" for outcome, _ in said)
            outcome: Outcome = "undecided" if unsure else "wrong"
            return outcome, "An end could not be compared." if unsure else "An end differs."
        left.remove(equal)
    return "right", "Both are the same interval."


def _bracketed(part: str) -> list[Interval] | None:
    around = enclosed(part)
    if around is None:
        return None
    left, inside, right = around
    ends = cut(inside, (",", ";"))
    if left in "{⦃":
        points = all(ends) and all(exact(end) is not None for end in ends)
        return [Interval(end, end, True, True) for end in ends] if points else None
    if len(ends) != 2 or not all(ends):
        return None
    low, high = _end(ends[0], "-"), _end(ends[1], "+")
    if any(end is not None and exact(end) is None for end in (low, high)):
        return None
    if (low is None and left == "[") or (high is None and right == "]"):
        return None  # what has no end does not hold it
    return [Interval(low, high, left == "[", right == "]")]


def _end(text: str, side: str) -> str | None:
    """The end of an interval; None for the infinite one of that side."""
    endless = _ENDLESS.fullmatch(text)
    return None if endless and (endless[1] or "+") == side else text


def _related(part: str) -> list[Interval] | None:
    """`x > 2`, `0 <= x < 1`, `x != 3`."""
    signs = [_sign(found) for found in _RELATION.findall(part)]
    sides = [side.strip() for side in _RELATION.split(part)]
    if not 1 <= len(signs) <= 2 or not all(sides):
        return None
    if len(signs) == 1 and not _LONE.fullmatch(sides[0]):
        sides, signs = sides[::-1], [signs[0].translate(str.maketrans("<>", "><"))]
    if len(signs) == 1:
        unknown, end = sides
        if not _LONE.fullmatch(unknown) or exact(end) is None:
            return None
        if signs[0] == "!":
            return [Interval(None, end, False, False), Interval(end, None, False, False)]
        closed = "=" in signs[0]
        low = end if ">" in signs[0] else None
        return [Interval(low, None if low else end, closed and bool(low), closed and not low)]
    if ">" in signs[0]:
        sides, signs = sides[::-1], [sign.replace(">", "<") for sign in signs[::-1]]
    if not all("<" in sign for sign in signs) or not _LONE.fullmatch(sides[1]):
        return None
    low, high = _end(sides[0], "-"), _end(sides[2], "+")
    if any(end is not None and exact(end) is None for end in (low, high)):
        return None
    return [Interval(low, high, signs[0] == "<=", signs[1] == "<=")]


def _unknowns(text: str) -> set[str]:
    r"""The names that a text of intervals speaks of: `x` in `x \in [0,1]` and in `0 < x`."""
    member = _MEMBER.match(tidy(text))
    sides = re.split(r"\\cup|∪|\bor\b|" + _RELATION.pattern, text)
    names = {side.strip() for side in sides if _LONE.fullmatch(side.strip())}
    first = {re.split(r"[\s∈]|\\in", member[0])[0]} if member else set()
    return (names | first) - {"R", "e", r"\pi", r"\infty"}


def _sign(found: str) -> str:
    if found in ("≠", "!=") or found.startswith(r"\ne"):
        return "!"
    strict = found in ("<", ">", r"\lt", r"\gt")
    less = found in ("<", "<=", "=<", "≤", "⩽", r"\lt") or found.startswith(r"\le")
    return ("<" if less else ">") + ("" if strict else "=")


def _same(want: Interval, got: Interval) -> Outcome:
    if (want.low_in, want.high_in) != (got.low_in, got.high_in):
        return "wrong"
    worst: Outcome = "right"
    for one, other in ((want.low, got.low), (want.high, got.high)):
        if one is None or other is None:
            if one is not other:
                return "wrong"
            continue
        outcome, _ = compare(one, other)
        if outcome == "wrong":
            return "wrong"
        worst = outcome if outcome == "undecided" else worst
    return worst
