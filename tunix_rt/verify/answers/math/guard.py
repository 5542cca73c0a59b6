"""What is not even handed to computer algebra: towers of powers, huge numbers, code.

Read from the text alone, in linear time. It saves a killed process, and is no promise:
whatever passes is still stopped by the worker's limits.
"""

import re

LONGEST = 400
NESTING = 24
DIGITS = 200

_DIGITS = re.compile(rf"\d{{{DIGITS}}}")
_EXPONENT = re.compile(r"(?:\^|\*\*)\s*[{(]?\s*-?\s*\d[\d,]{3}")
_FACTORIAL = re.compile(r"\d{4}\s*[)}]?\s*!|!\s*!|(?:\^|\*\*|\d{4})[^()]{0,40}\)\s*!")
_EXPANSION = re.compile(r"[)}]\s*(?:\^|\*\*)\s*[{(]?\s*(?:[4-9]\d|\d{3})")
_BINOMIAL = re.compile(r"\\[dt]?binom(?![a-z]).{0,40}(?:\^|\d{4})")
_STRANGE = re.compile(r"__|[;`@#\"']|\\(?:input|include|write|def|csname|read|open)(?![a-z])")
_DERANGED = re.compile(r"\\(?:sum|prod|int|lim|oint)(?![a-z])")


def refused(text: str) -> str | None:
    """Why computer algebra is not asked about `text`; None if it may be."""
    if len(text) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    if _DIGITS.search(text):
        return f"it has a number of {DIGITS} digits"
    if _EXPONENT.search(text):
        return "it has an exponent of more than three digits"
    if _FACTORIAL.search(text):
        return "it has a factorial that is too large"
    if _EXPANSION.search(text) or _BINOMIAL.search(text):
        return "it has a power of a sum, or a binomial coefficient, that is too large"
    if _STRANGE.search(text):
        return "it has signs that no expression has"
    if _DERANGED.search(text):
        return "it has a sum, an integral or a limit"
    return _nesting(text)


def _nesting(text: str) -> str | None:
    """Brackets inside each other, and powers inside exponents."""
    depth = 0
    exponents: list[int] = []
    plain = text.replace("**", "^").replace(" ", "")
    for place, sign in enumerate(plain):
        if sign in "{([":
            depth += 1
            if depth > NESTING:
                return f"it has more than {NESTING} brackets inside each other"
        elif sign in "})]":
            depth -= 1
            while exponents and exponents[-1] > depth:
                exponents.pop()
        elif sign == "^":
            after = plain[place + 1 : place + 2]
            if exponents or re.match(r"[-+]?\w+\^", plain[place + 1 : place + 12]):
                return "it has a power in an exponent"
            if after in ("{", "("):
                exponents.append(depth + 1)
    return None
