"""What a program prints: line by line, spaces inside a line and case count."""

import re

from tunix_rt.verify.reading.normalising import LIMIT
from tunix_rt.verify.reading.single import verdict
from tunix_rt.verify.reading.unwrapping import unpack
from tunix_rt.verify.schema import Expected, Verdict

VERSION = "1"

_FENCE = re.compile(r"```[^\n`]*\n(.*?)\n?[ \t]*```", re.DOTALL)


def accepts(expected: Expected) -> bool:
    """Whether more than one line is expected."""
    text = expected.answer.strip()
    if len(text) > LIMIT or text[:1] + text[-1:] in ("[]", "{}", "()") or r"\begin{" in text:
        return False
    return len(_lines(text)) > 1


def check(given: str, expected: Expected) -> Verdict:
    """Compare the lines; spaces and empty lines at the ends are forgiven."""
    if len(expected.answer) > LIMIT or len(given) > LIMIT:
        reason = f"One of them is longer than {LIMIT} characters."
        return verdict("output", VERSION, ("undecided", reason))
    want = _lines(expected.answer)
    if not want:
        return verdict("output", VERSION, ("undecided", "The expected output is empty."))
    fences = _FENCE.findall(given)
    if len(fences) > 1:
        return verdict("output", VERSION, ("wrong", "More than one output is given."))
    for text in [given, *fences, *unpack(given)]:
        if _lines(text) == want:
            return verdict("output", VERSION, ("right", "Both print the same."))
    got = _lines(fences[0] if fences else given)
    place = next(
        (i for i, pair in enumerate(zip(want, got, strict=False)) if pair[0] != pair[1]), None
    )
    if place is None:
        reason = f"{len(got)} lines were given, {len(want)} are expected."
    else:
        reason = f"Line {place + 1} is {got[place][:60]!r}, {want[place][:60]!r} is expected."
    return verdict("output", VERSION, ("wrong", reason))


def _lines(text: str) -> list[str]:
    """The lines without spaces at their ends, nor empty ones around them."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines
