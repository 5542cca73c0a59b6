r"""The answer in a reply, and whether it is the expected one.

The answer is what stands behind the last `####`, in the last `\boxed{}` or `<answer>`, behind the
last `Answer:`, or else on the last line that is not empty.
"""

from fractions import Fraction

LONGEST = 64
"""Characters of a number: longer ones are compared as text."""


def said(reply: str) -> str:
    """The answer in a reply; empty where there is none."""
    reply = reply.rpartition("</think>")[2]
    for begin, end in (("<answer>", "</answer>"), ("####", "\n"), ("Answer:", "\n")):
        _, mark, rest = reply.rpartition(begin)
        if mark:
            return rest.partition(end)[0].strip()
    _, mark, rest = reply.rpartition("\\boxed{")
    if mark:
        return _closed(rest).strip()
    return next((line.strip() for line in reversed(reply.splitlines()) if line.strip()), "")


def equal(answer: str, expected: str) -> bool:
    """Whether two answers are one number, or one text but for spaces, case and a last dot."""
    numbers = (_number(answer), _number(expected))
    if None not in numbers:
        return numbers[0] == numbers[1]
    return _plain(answer) == _plain(expected)


def _closed(text: str) -> str:
    """A text up to the brace that closes it."""
    depth = 1
    for place, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return text[:place]
    return text


def _number(text: str) -> Fraction | None:
    plain = text.strip().strip("$").rstrip(".%").replace(",", "").strip()
    if not plain or len(plain) > LONGEST or "e" in plain.lower() or "_" in plain:
        return None
    try:
        return Fraction(plain)
    except (ValueError, ZeroDivisionError):
        return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
