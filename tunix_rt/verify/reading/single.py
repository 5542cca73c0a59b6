"""The one answer a text gives, bare; or why there is none that could be compared."""

import re
from functools import lru_cache
from typing import NamedTuple

from tunix_rt.verify.reading.normalising import LIMIT, normalise
from tunix_rt.verify.reading.unwrapping import unwrap
from tunix_rt.verify.schema import Expected, Outcome, Verdict

_TEXT = re.compile(r"\\(?:text(?:bf|it|rm|tt|sf)?|math(?:rm|bf|it|sf|tt)|mbox|emph)\s*\{([^{}]*)\}")
REMEMBERED = 500
"""Longest expected answer of which many readings are remembered, in characters."""

_UNUSABLE = frozenset({"nan", "+nan", "-nan"})
LONGEST_SENTENCE = 400
_WORD = re.compile(r"[A-Za-z]{2}")
_VERB = re.compile(
    r"\s(?:is|are|was|were|equals)\b:?(?:\s+(?:on|at|given\s+by|equal\s+to)\b)?", re.IGNORECASE
)
HEDGE = re.compile(
    r"\b(?:or|either|neither|nor|versus|vs|maybe|perhaps|possibly|might|unsure|unknown)\b"
    r"|\bnot\b|n't\b|±|\+/-",
    re.IGNORECASE,
)
"""Words that make an answer two answers, or none."""


class NoAnswer(NamedTuple):
    """What is said of a text that holds no single answer."""

    outcome: Outcome
    reason: str


def expected_text(expected: Expected) -> str | None:
    """The expected answer, bare; None if there is none, or none that can be right."""
    text = expected.answer
    return _short_expected(text) if len(text) <= REMEMBERED else _long_expected(text)


def _expected(text: str) -> str | None:
    found = one_answer(text)
    if isinstance(found, NoAnswer) or found.casefold() in _UNUSABLE:
        return None
    return found


_short_expected, _long_expected = lru_cache(1024)(_expected), lru_cache(4)(_expected)
"""Every kind that is tried reads the same expected answer."""


def one_answer(text: str) -> str | NoAnswer:
    """The bare answer of `text`: normalised and taken out of its packaging."""
    if len(text) > LIMIT:
        return NoAnswer("undecided", f"It is longer than {LIMIT} characters.")
    if "\0" in text:
        return NoAnswer("wrong", "It contains a NUL character.")
    plain = normalise(text)
    if len(plain) > LIMIT:
        return NoAnswer("undecided", f"It is longer than {LIMIT} characters.")
    found = list(dict.fromkeys(" ".join(part.split()) for part in unwrap(plain)))
    if len(found) > 1:
        return NoAnswer("wrong", "More than one answer is given.")
    return found[0] if found[0] else NoAnswer("wrong", "No answer was given.")


def end_of_sentence(text: str) -> str | None:
    """`Paris` of "The capital of France is Paris."; None where nothing is stated, or denied."""
    said = one_answer(text) if len(text) <= LONGEST_SENTENCE else None
    if not isinstance(said, str):
        return None
    verbs = list(_VERB.finditer(said))
    if not verbs or HEDGE.search(said) or not _WORD.search(said[: verbs[-1].start()]):
        return None
    return said[verbs[-1].end() :].strip() or None


def without_text(text: str) -> str:
    r"""`\text{east}` as `east`."""
    return _TEXT.sub(r"\1", text) if "\\" in text else text


def verdict(method: str, version: str, said: NoAnswer | tuple[Outcome, str]) -> Verdict:
    """What a plugin says, its reason short enough to be stored."""
    outcome, reason = said
    return Verdict(outcome=outcome, method=method, version=version, reason=reason[:300])
