"""The process that asks math-verify; named by a string, so that nobody imports it.

Everything heavy is imported and used once before the worker's memory is limited.
"""

import logging

from math_verify import parse, verify

logging.disable(logging.CRITICAL)


def equal(expected: str, given: str) -> str:
    """`equal`, `different`, or which of the two cannot be read: `expected`, `given`."""
    gold = _parsed(expected)
    if not gold:
        return "expected"
    said = _parsed(given)
    if not said:
        return "given"
    same = verify(gold, said, float_rounding=12, timeout_seconds=None, raise_on_error=True)
    return "equal" if same else "different"


def _parsed(text: str) -> list[object]:
    """What math-verify reads; the bare string it falls back to is no reading."""
    found = parse(f"${text}$", parsing_timeout=None)
    return [each for each in found if not isinstance(each, str)]


equal(r"\frac{\sin x}{2}", r"\sin(x)/2")
