"""The ratio given is proportional to the one expected: `3:4`, `6 to 8`, `3:4:5`."""

import re
from fractions import Fraction

from tunix_rt.verify.answers.math.comparing import constant
from tunix_rt.verify.reading.brackets import tidy
from tunix_rt.verify.reading.single import (
    NoAnswer,
    expected_text,
    one_answer,
    verdict,
    without_text,
)
from tunix_rt.verify.schema import Expected, Verdict

VERSION = "1"

_PARTS = re.compile(r"\s*(?::|∶|\\colon(?![a-z])|\bto\b)\s*")
_NUMBER = re.compile(r"[\d.,/\s]+|\\[dt]?frac\s?\{?\d+\}?\s?\{?\d+\}?")
_BEFORE = re.compile(r"^(?:the\s+)?ratio\s+(?:is|of)\s+", re.IGNORECASE)


def accepts(expected: Expected) -> bool:
    """Whether two or more numbers with colons between them are expected."""
    text = expected_text(expected)
    return text is not None and parts_of(text) is not None


def check(given: str, expected: Expected) -> Verdict:
    """Compare two ratios; of two numbers also their quotient."""
    text = expected_text(expected)
    want = parts_of(text) if text is not None else None
    if want is None:
        return verdict("ratio", VERSION, ("undecided", "No ratio is expected."))
    said = one_answer(given)
    if isinstance(said, NoAnswer):
        return verdict("ratio", VERSION, said)
    got = parts_of(said)
    if got is None and len(want) == 2 and (value := constant(said)) is not None:
        got = [value, Fraction(1)]
    if got is None or len(got) != len(want):
        return verdict("ratio", VERSION, ("wrong", f"Not a ratio of {len(want)} numbers."))
    same = all(a * got[0] == b * want[0] for a, b in zip(want, got, strict=True))
    return verdict(
        "ratio",
        VERSION,
        ("right", "Both are the same ratio.") if same else ("wrong", "The ratio is another one."),
    )


def parts_of(text: str) -> list[Fraction] | None:
    """The numbers of a ratio, none of them zero."""
    text = _BEFORE.sub("", without_text(tidy(text)))
    if len(text) > 200:
        return None
    parts = _PARTS.split(text)
    if not 2 <= len(parts) <= 10 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    values = [constant(part) for part in parts]
    found = [value for value in values if value]
    return found if len(found) == len(values) else None
