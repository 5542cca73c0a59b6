"""The words given are those expected, but for case, an article and punctuation at the end."""

import re

from tunix_rt.verify.reading.normalising import LIMIT, normalise
from tunix_rt.verify.reading.single import (
    NoAnswer,
    expected_text,
    one_answer,
    verdict,
    without_text,
)
from tunix_rt.verify.schema import Expected, Verdict

VERSION = "1"

_ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S)")
_EMPHASIS = re.compile(r"\*\*|__|`")


def accepts(expected: Expected) -> bool:
    """Whether anything is expected."""
    return expected_text(expected) is not None


def check(given: str, expected: Expected) -> Verdict:
    """Compare two texts."""
    want = expected_text(expected)
    if want is None:
        return verdict("text", VERSION, ("undecided", "The expected answer is empty or unusable."))
    if len(given) <= LIMIT and "\0" not in given and folded(normalise(given)) == folded(want):
        return verdict("text", VERSION, ("right", "Both are the same text."))
    said = one_answer(given)
    if isinstance(said, NoAnswer):
        return verdict("text", VERSION, said)
    if folded(said) == folded(want):
        return verdict("text", VERSION, ("right", "Both are the same text."))
    return verdict(
        "text", VERSION, ("wrong", f"{said[:80]!r} was given, {want[:80]!r} is expected.")
    )


def folded(text: str) -> str:
    """Case, spaces, emphasis, a leading article and punctuation at the end taken off."""
    plain = _EMPHASIS.sub("", without_text(text)).casefold()
    plain = " ".join(plain.split()).strip("\"' ").rstrip(".,;:! ")
    return _ARTICLE.sub("", plain) or plain
