r"""The set, list, tuple or matrix given is the one expected, element by element.

`{1, 2}` and `1, 2` have no order, `(1, 2)` and `[1, 2]` have one; a set is no tuple.
Left-out brackets are forgiven, others are not. `1 \pm \sqrt{2}` is two elements.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from tunix_rt.verify.answers import interval
from tunix_rt.verify.answers.equation import is_equation, same_equation
from tunix_rt.verify.answers.math import equivalence, is_expression
from tunix_rt.verify.answers.math.comparing import compare, squeeze
from tunix_rt.verify.reading.brackets import cut, enclosed, tidy
from tunix_rt.verify.reading.quantities import Quantity, read
from tunix_rt.verify.reading.single import (
    NoAnswer,
    expected_text,
    one_answer,
    verdict,
    without_text,
)
from tunix_rt.verify.reading.units import same_value
from tunix_rt.verify.schema import Expected, Outcome, Verdict

VERSION = "1"
MOST = 1_000
"""Elements that are read."""

MOST_UNEQUAL = 30
"""Elements without an order that may be written differently."""

_EMPTY = re.compile(r"\\emptyset|\\varnothing|∅|⦃\s*⦄|\[\s*\]|\(\s*\)|(?:the )?empty set", re.I)
_MATRIX = re.compile(
    r"\\begin\{(?:[pbB]?matrix|array)\}(?:\{[lcr| ]*\})?(.*)\\end\{(?:[pbB]?matrix|array)\}",
    re.DOTALL,
)
_NAMED = re.compile(r"((?:[A-Za-z]|\\[a-z]+)(?:_\{?\w\}?)?)\s*=(?!=)\s*(?=\S)")
_MEMBER = re.compile(r"^(?:(?:[A-Za-z]|\\[a-z]+)\s*(?:\\in(?![a-z])|∈)|[A-Za-z]\s+in\s)\s*")
_PLUS_MINUS = re.compile(r"\\pm(?![a-z])|±|\+/-")
_WORDS = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)?")
_LAST = re.compile(
    r"\s*,?\s+(?:and|or|und)\s+|\s*;\s*|\s*\\(?:text|mbox)\s*\{\s*,?\s*(?:and|or)\s*\}\s*"
)


_ALTERNATIVES = re.compile(r"\sor\s")


class Collection(NamedTuple):
    """Its kind (`⦃`, `[`, `(`, `matrix`, or nothing for a bare list), and its elements."""

    kind: str
    elements: tuple[str, ...]


def accepts(expected: Expected) -> bool:
    """Whether several elements are expected."""
    want = expected_text(expected)
    return want is not None and is_collection(want)


def check(given: str, expected: Expected) -> Verdict:
    """Compare the elements of both."""
    want = expected_text(expected)
    wanted = collect(want) if want is not None else None
    if want is None or wanted is None:
        return verdict("collection", VERSION, ("undecided", "No collection is expected."))
    said = one_answer(given)
    if isinstance(said, NoAnswer):
        return verdict("collection", VERSION, said)
    with equivalence.one_answer():
        return verdict("collection", VERSION, same_collection(want, wanted, said))


def same_collection(want: str, wanted: Collection, said: str) -> tuple[Outcome, str]:
    """Whether the bare answer `said` holds the same elements as `want`."""
    got = collect(said)
    if got is None:
        ends = interval.intervals(want) if wanted.kind in ("(", "[") else None
        if ends and (stated := interval.intervals(said)):
            return interval.same_intervals(ends, stated)
        got = Collection("", (said,))
    if len(got.elements) > MOST or len(wanted.elements) > MOST:
        return "undecided", f"More than {MOST} elements are not compared."
    got = _unnamed(wanted, got)
    if not _kinds_agree(wanted.kind, got.kind):
        return "wrong", "It is another kind of collection, or has another kind of brackets."
    if wanted.kind in ("", "⦃"):
        said_one = len(got.elements) == 1 and _ALTERNATIVES.search(want)
        if said_one and any(same_element(e, got.elements[0]) == "right" for e in wanted.elements):
            return "undecided", "What is expected can be several answers, or one in several forms."
        return _without_order(wanted, got)
    if len(wanted.elements) != len(got.elements):
        return "wrong", f"{len(got.elements)} elements were given, not {len(wanted.elements)}."
    worst: Outcome = "right"
    for one, other in zip(wanted.elements, got.elements, strict=True):
        worst = _worse(worst, same_element(one, other))
        if worst == "wrong":
            return "wrong", f"{other[:60]!r} was given where {one[:60]!r} is expected."
    return worst, "All elements are equal." if worst == "right" else "Not all could be compared."


def is_collection(text: str) -> bool:
    """Whether a bare text is several elements, and not a sentence with commas."""
    found = collect(text)
    if found is None or not all(found.elements):
        return False
    if found.kind:
        return True
    plain = [without_text(element) for element in found.elements]
    if all(_WORDS.fullmatch(element) for element in plain):
        return True
    return all(_is_value(element) for element in plain)


def collect(text: str) -> Collection | None:
    """The elements of a text; None if it is one thing."""
    text = _MEMBER.sub("", tidy(text))
    if _EMPTY.fullmatch(text):
        return Collection("⦃", ())
    if matrix := _MATRIX.fullmatch(text):
        return Collection("matrix", tuple(_cells(matrix[1])))
    around = enclosed(text)
    if around is not None:
        left, inside, right = around
        elements = cut(inside, (",", ";"))
        if left == "[" and right == "]" and elements[0].startswith("["):
            return _rows(elements)
        if (left, right) in (("⦃", "⦄"), ("(", ")"), ("[", "]")) and (
            len(elements) > 1 or left != "("
        ):
            return Collection(left, tuple(_spread(elements)))
        return None
    elements = [part for each in cut(text, (",",)) for part in _LAST.split(each)]
    elements = _spread([element for element in elements if element])
    return Collection("", tuple(elements)) if len(elements) > 1 else None


def same_element(want: str, got: str) -> Outcome:
    """Whether two elements are equal: by number, as expressions, or as words."""
    if _folded(want) == _folded(got):
        return "right"
    inner = collect(want)
    if inner is not None:
        return same_collection(want, inner, got)[0]
    if "=" in want and is_equation(want):
        return same_equation(want, got)[0]
    number, other = read(want, strict=True), read(got, strict=True)
    if isinstance(number, Quantity) and isinstance(other, Quantity):
        return "right" if _equal(number, other) else "wrong"
    if isinstance(number, Quantity) or is_expression(want):
        return compare(want, got)[0]
    return "wrong"


def _without_order(wanted: Collection, got: Collection) -> tuple[Outcome, str]:
    """What is written the same is paired off; each of the rest needs an equal on the other side."""
    want = {_folded(each): each for each in wanted.elements}
    found = {_folded(each): each for each in got.elements}
    if wanted.kind == "" and len(wanted.elements) != len(got.elements):
        return "wrong", f"{len(got.elements)} elements were given, not {len(wanted.elements)}."
    missing = [each for name, each in want.items() if name not in found]
    extra = [each for name, each in found.items() if name not in want]
    if max(len(missing), len(extra)) > MOST_UNEQUAL:
        return "undecided", f"More than {MOST_UNEQUAL} elements are written differently."
    worst: Outcome = "right"
    for element in missing:
        worst = _worse(worst, _best((element, other) for other in found.values()))
        if worst == "wrong":
            return "wrong", f"{element[:60]!r} was not given."
    for element in extra:
        worst = _worse(worst, _best((other, element) for other in want.values()))
        if worst == "wrong":
            return "wrong", f"{element[:60]!r} is not expected."
    return worst, "All elements are equal." if worst == "right" else "Not all could be compared."


def _best(pairs: Iterable[tuple[str, str]]) -> Outcome:
    """Right if one of the pairs is equal, wrong if none can be."""
    found: Outcome = "wrong"
    for want, got in pairs:
        said = same_element(want, got)
        if said == "right":
            return "right"
        found = "undecided" if said == "undecided" else found
    return found


def _worse(one: Outcome, other: Outcome) -> Outcome:
    return max(one, other, key=("right", "undecided", "wrong").index)


def _kinds_agree(want: str, got: str) -> bool:
    if want == got:
        return True
    if got in ("", "named"):
        return want in ("", "⦃", "[") or (want == "(" and got == "named")
    return want == "" and got in ("⦃", "[")


def _unnamed(wanted: Collection, got: Collection) -> Collection:
    """`x = 2, y = 4` as the values, by name; kept where equations are expected."""
    if got.kind or any("=" in element for element in wanted.elements):
        return got
    named = [_NAMED.match(element) for element in got.elements]
    values = [e[f.end() :] if f else e for e, f in zip(got.elements, named, strict=True)]
    if all(named) and wanted.kind in ("(", "["):
        order = sorted(range(len(values)), key=lambda place: named[place][1])  # type: ignore[index]
        values = [values[place] for place in order]
    return Collection("named" if all(named) else "", tuple(values))


def _spread(elements: list[str]) -> list[str]:
    """Elements with a plus-minus as the two that they are."""
    found: list[str] = []
    for element in elements[: MOST + 1]:
        if _PLUS_MINUS.search(element):
            found += [_PLUS_MINUS.sub("+", element), _PLUS_MINUS.sub("-", element)]
        else:
            found.append(element)
    return found


def _cells(inside: str) -> list[str]:
    """The entries of a matrix row by row, each row ended by a mark that counts as an entry."""
    rows = [row for row in inside.split(r"\\") if row.strip()]
    return [entry for row in rows for entry in [*(cell.strip() for cell in row.split("&")), "¶"]]


def _rows(elements: list[str]) -> Collection | None:
    """`[[1, 2], [3, 4]]` as a matrix."""
    found: list[str] = []
    for row in elements:
        around = enclosed(row)
        if around is None or around[0] != "[":
            return None
        found += [*cut(around[1], (",",)), "¶"]
    return Collection("matrix", tuple(found))


def _is_value(text: str) -> bool:
    return (
        isinstance(read(text, strict=True), Quantity)
        or is_expression(text)
        or ("=" in text and is_equation(text))
        or enclosed(text) is not None
    )


def _equal(one: Quantity, other: Quantity) -> bool:
    return same_value((one.value, one.unit), (other.value, other.unit))


def _folded(text: str) -> str:
    plain = squeeze(without_text(text)).strip("\"'")
    return plain if is_expression(plain) else plain.casefold()
