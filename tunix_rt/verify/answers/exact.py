r"""The text given equals the text expected, but for case, outer spaces and Unicode form.

"Answer: X", `<answer>X</answer>` and `\boxed{X}` are taken off first. Runs of spaces
count as one. Nothing else is forgiven.
"""

import unicodedata

from tunix_rt.verify.reading.unwrapping import unpack
from tunix_rt.verify.schema import Expected, Outcome, Verdict

VERSION = "2"
LIMIT = 20_000


def accepts(expected: Expected) -> bool:
    """Whether there is anything to compare with."""
    return bool(_plain(expected.answer)) and len(expected.answer) <= LIMIT


def check(given: str, expected: Expected) -> Verdict:
    """Compare two texts."""
    if len(expected.answer) > LIMIT or len(given) > LIMIT:
        return _verdict("undecided", f"One of them is longer than {LIMIT} characters.")
    want = _plain(expected.answer)
    if not want:
        return _verdict("undecided", "The expected answer is empty.")
    if "\0" in given:
        return _verdict("wrong", "It contains a NUL character.")
    whole = _plain(given)
    if whole == want:
        return _verdict("right", "Both are the same text.")
    said = list(dict.fromkeys(_plain(part) for part in unpack(given)))
    if not whole or not any(said):
        return _verdict("wrong", "No answer was given.")
    if len(said) > 1:
        return _verdict("wrong", "More than one answer is given.")
    if said[0] == want:
        return _verdict("right", "Both are the same text.")
    return _verdict("wrong", f"{said[0][:80]!r} was given, {want[:80]!r} is expected.")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _verdict(outcome: Outcome, reason: str) -> Verdict:
    return Verdict(outcome=outcome, method="exact", version=VERSION, reason=reason)
