r"""The expression given equals the expression expected: algebra, roots, pi, complex numbers.

Compared exactly by arithmetic of our own (`terms.py`); what it cannot decide, such as
identities of functions, is asked of math-verify in a process that is killed after two
seconds. `x = 5` states 5, a missing unit is forgiven, a rounded decimal is not.
"""

import re

from tunix_rt.verify.answers.math.comparing import compare, exact, looks_mathematical
from tunix_rt.verify.answers.math.tokens import CALLS
from tunix_rt.verify.reading.single import HEDGE, NoAnswer, expected_text, one_answer, verdict
from tunix_rt.verify.schema import Expected, Verdict

VERSION = "1"

_LETTERS = re.compile(r"(?<!\\)\b[A-Za-z]{2,}\b")
_COMMAND = re.compile(r"\\(?!text|mbox|mathrm|\$|%)[A-Za-z]+")
_SIGNS = re.compile(r"[\d^*+=√π]")
_FORMULA = re.compile(r"[A-Za-z]\d")


def accepts(expected: Expected) -> bool:
    """Whether an expression is expected, and not words."""
    want = expected_text(expected)
    return want is not None and is_expression(want)


def check(given: str, expected: Expected) -> Verdict:
    """Compare two expressions."""
    want = expected_text(expected)
    if want is None:
        return verdict("math", VERSION, ("undecided", "No expression is expected."))
    said = one_answer(given)
    if isinstance(said, NoAnswer):
        return verdict("math", VERSION, said)
    if HEDGE.search(said):
        return verdict("math", VERSION, ("wrong", "More than one answer is offered."))
    return verdict("math", VERSION, compare(want, said))


def is_expression(text: str) -> bool:
    """Whether a bare text is mathematics rather than words that could be read as such."""
    if len(text) == 1:
        return text.isalnum() or text in "π∞"
    if HEDGE.search(text) or "=" in text:
        return False
    words = [word for word in _LETTERS.findall(text) if word not in CALLS and word != "pi"]
    command = _COMMAND.search(text)
    if not command:
        if words and not _SIGNS.search(text):
            return False
        if _FORMULA.search(text) or any(len(word) > 3 for word in words):
            return False
    return exact(text) is not None or (bool(command or _SIGNS.search(text)) and _closed(text))


def _closed(text: str) -> bool:
    """What we cannot compute is still an expression if it looks like one throughout."""
    return looks_mathematical(text) and "\n" not in text
