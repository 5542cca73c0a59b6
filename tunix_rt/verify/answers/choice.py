r"""The letter of a multiple-choice answer: `B`, `(B)`, `B) 42`, `option b`."""

import re

from tunix_rt.verify.reading.single import (
    HEDGE,
    NoAnswer,
    expected_text,
    one_answer,
    verdict,
    without_text,
)
from tunix_rt.verify.schema import Expected, Verdict

VERSION = "1"
LONGEST = 600
"""Characters of a bare answer in which a letter is looked for."""

_EXPECTED = re.compile(r"\(\s?([A-Ja-j])\s?\)|([A-J])\)?")
_WHOLE = re.compile(
    r"(?:(?:option|choice|answer|letter)\s+)?[(\[]?\s?([A-Za-z])\s?[)\]]?(?:[.):,;]\s(?!\s*(?:or|and)\b).*|[.:)]?)",
    re.IGNORECASE | re.DOTALL,
)
_SAID = re.compile(
    r"\(\s?([A-Ja-j])\s?\)|(?:option|choice|answer|is)\s+([A-J])\b"
    r"|(?<![\w'])([A-J])(?![\w'(]|\s+(?!(?:or|and)\b)[a-z])"
)
_DENIED = re.compile(r"\b(?:not|neither|nor|cannot|except)\b|n't\b", re.IGNORECASE)


def accepts(expected: Expected) -> bool:
    """Whether one letter from A to J is expected."""
    return _letter(expected) is not None


def check(given: str, expected: Expected) -> Verdict:
    """Compare the one letter that was said."""
    want = _letter(expected)
    if want is None:
        return verdict("choice", VERSION, ("undecided", "No letter from A to J is expected."))
    said = one_answer(given)
    if isinstance(said, NoAnswer):
        return verdict("choice", VERSION, said)
    letters = _letters(without_text(said))
    if len(letters) != 1:
        what = "No letter was said." if not letters else "More than one letter was said."
        return verdict("choice", VERSION, ("wrong", what))
    (got,) = letters
    return verdict("choice", VERSION, ("right" if got == want else "wrong", f"{got} was said."))


def _letter(expected: Expected) -> str | None:
    text = expected_text(expected)
    found = _EXPECTED.fullmatch(without_text(text).strip()) if text else None
    return (found[1] or found[2]).upper() if found else None


def _letters(text: str) -> set[str]:
    """The letters a text names as answers; none where it denies one."""
    text = text[:LONGEST].strip()
    if _DENIED.search(text[:60]):
        return set()
    whole = _WHOLE.fullmatch(text)
    mentioned = {(f[1] or f[2] or f[3]).upper() for f in _SAID.finditer(text)}
    if whole is None:
        return set() if HEDGE.search(text[:80]) else mentioned
    return {whole[1].upper()} | mentioned
