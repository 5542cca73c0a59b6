"""A value of JSON, or as Python writes it: keys have no order, lists do, text is exact."""

import re
from fractions import Fraction
from typing import Any

import msgspec

from tunix_rt.verify.reading.normalising import LIMIT
from tunix_rt.verify.reading.single import verdict
from tunix_rt.verify.reading.unwrapping import unpack
from tunix_rt.verify.schema import Expected, Verdict

VERSION = "1"
DEPTH = 50
MAX_EXPONENT = 400

_FENCE = re.compile(r"```[^\n`]*\n(.*?)\n?[ \t]*```", re.DOTALL)
_PIECE = re.compile(
    r"""\s*(?:(?P<sign>[\[\]{}(),:])|(?P<double>"(?:[^"\\]|\\.)*")|(?P<single>'(?:[^'\\]|\\.)*')
    |(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,4})?)(?![\w.])|(?P<word>[A-Za-z]+))""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: dict[str, bool | None] = {
    "true": True, "false": False, "null": None, "True": True, "False": False, "None": None,
}  # fmt: skip
_CLOSE = {"[": "]", "(": ")"}


class NotALiteral(Exception):
    """A text that is no value, and why."""


def accepts(expected: Expected) -> bool:
    """Whether an object, a list that numbers alone do not fill, or null is expected."""
    text = expected.answer.strip()
    if len(text) > LIMIT or not (text.startswith(("{", "[")) or text in ("null", "None")):
        return False
    try:
        value = read(text)
    except NotALiteral:
        return False
    return not (isinstance(value, list) and value and all(type(v) is Fraction for v in value))


def check(given: str, expected: Expected) -> Verdict:
    """Compare two values."""
    if len(given) > LIMIT or len(expected.answer) > LIMIT:
        reason = f"One of them is longer than {LIMIT} characters."
        return verdict("literal", VERSION, ("undecided", reason))
    try:
        want = read(expected.answer)
    except NotALiteral as problem:
        reason = f"The expected answer is no literal: {problem}."
        return verdict("literal", VERSION, ("undecided", reason))
    fences = _FENCE.findall(given)
    texts = fences or list(dict.fromkeys(unpack(given)))
    if len(texts) > 1:
        return verdict("literal", VERSION, ("wrong", "More than one answer is given."))
    try:
        got = read(texts[0])
    except NotALiteral as problem:
        return verdict("literal", VERSION, ("wrong", f"It is no literal: {problem}."))
    if _marked(got) == _marked(want):
        return verdict("literal", VERSION, ("right", "Both are the same value."))
    return verdict("literal", VERSION, ("wrong", "The values differ."))


def read(text: str) -> Any:
    """The value of a literal: dict, list, str, bool, None, and `Fraction` for every number."""
    reader = _Reader(text.strip().strip("`").strip())
    value = reader.value(0)
    if reader.rest():
        raise NotALiteral("something stands behind it")
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def rest(self) -> str:
        return self.text[self.at :].strip()

    def value(self, depth: int) -> Any:
        if depth > DEPTH:
            raise NotALiteral(f"more than {DEPTH} values inside each other")
        piece = self.take()
        said = piece[piece.lastgroup or 0]
        if piece.lastgroup == "word":
            if said not in _WORDS:
                raise NotALiteral(f"the word {said[:20]!r}")
            return _WORDS[said]
        if piece.lastgroup == "number":
            return _number(said)
        if piece.lastgroup in ("double", "single"):
            return _string(said)
        if said == "{":
            return self.mapping(depth)
        if said in _CLOSE:
            return self.list(depth, _CLOSE[said])
        raise NotALiteral(f"{said!r} where a value should be")

    def list(self, depth: int, close: str) -> list[Any]:
        found: list[Any] = []
        while not self.closes(close):
            found.append(self.value(depth + 1))
            self.between(close)
        return found

    def mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self.closes("}"):
            name = self.value(depth + 1)
            if not isinstance(name, str) or name in found:
                raise NotALiteral("a name that is no text, or stands there twice")
            if self.take()["sign"] != ":":
                raise NotALiteral("a name without a value")
            found[name] = self.value(depth + 1)
            self.between("}")
        return found

    def closes(self, close: str) -> bool:
        piece = _PIECE.match(self.text, self.at)
        if piece is not None and piece["sign"] == close:
            self.at = piece.end()
            return True
        return False

    def between(self, close: str) -> None:
        """A comma, or the end, which stays."""
        piece = _PIECE.match(self.text, self.at)
        if piece is None or piece["sign"] not in (",", close):
            raise NotALiteral("a comma is missing")
        self.at = piece.end() if piece["sign"] == "," else self.at

    def take(self) -> re.Match[str]:
        piece = _PIECE.match(self.text, self.at)
        if piece is None:
            raise NotALiteral("it breaks off" if not self.rest() else "a strange sign")
        self.at = piece.end()
        return piece


def _number(text: str) -> Fraction:
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > 1_000 or abs(int(exponent or 0)) > MAX_EXPONENT:
        raise NotALiteral("a number that is too long")
    return Fraction(mantissa) * Fraction(10) ** int(exponent or 0)


def _string(text: str) -> str:
    if text[0] == "'":
        text = '"' + text[1:-1].replace(r"\'", "'").replace('"', r"\"") + '"'
    try:
        decoded: str = msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise NotALiteral("a text with a strange escape") from None
    return decoded


def _marked(value: Any) -> Any:
    """The same value in which true is not 1."""
    if isinstance(value, dict):
        return {name: _marked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_marked(each) for each in value]
    return ("bool", value) if isinstance(value, bool) else value
