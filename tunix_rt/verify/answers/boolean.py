"""Yes or no, true or false: the one that was said."""

import re

from tunix_rt.verify.reading.single import (
    NoAnswer,
    expected_text,
    one_answer,
    verdict,
    without_text,
)
from tunix_rt.verify.schema import Expected, Verdict

VERSION = "1"
LONGEST = 300
"""Characters of a bare answer in which the word is looked for."""

_WORDS = {"true": True, "yes": True, "false": False, "no": False}
_WORD = re.compile(r"\b(?:true|yes|false|no)\b", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:or|maybe|perhaps|possibly|probably|might|may|unsure|unclear|sometimes|depends)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:\bnot|n't|\bneither|\bnever)\s+(?:\w+\s+)?$", re.IGNORECASE)


def accepts(expected: Expected) -> bool:
    """Whether one of yes, no, true and false is expected."""
    return _wanted(expected) is not None


def check(given: str, expected: Expected) -> Verdict:
    """Compare what was said, if one thing was."""
    want = _wanted(expected)
    if want is None:
        return verdict("boolean", VERSION, ("undecided", "Neither yes nor no is expected."))
    said = one_answer(given)
    if isinstance(said, NoAnswer):
        return verdict("boolean", VERSION, said)
    text = without_text(said)
    if len(text) > LONGEST:
        return verdict("boolean", VERSION, ("wrong", f"It is longer than {LONGEST} characters."))
    found = list(_WORD.finditer(text))
    meanings = {_WORDS[word[0].lower()] for word in found}
    if len(meanings) != 1:
        return verdict("boolean", VERSION, ("wrong", "Neither yes nor no was said, or both."))
    if _UNSURE.search(text) or _DENIED.search(text[: found[0].start()]):
        return verdict("boolean", VERSION, ("wrong", "It is denied or doubted."))
    (got,) = meanings
    return verdict("boolean", VERSION, ("right" if got is want else "wrong", f"It says {got}."))


def _wanted(expected: Expected) -> bool | None:
    text = expected_text(expected)
    return _WORDS.get(without_text(text).strip(" .").lower()) if text else None
