"""The process that asks math-verify; named by a string, so that nobody imports it.

Everything heavy is imported and used once before the worker's memory is limited.
"""

import logging

from math_verify import LatexExtractionConfig, parse, verify

from tunix_rt.kit.apart import act_no_more

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
    """What math-verify reads as LaTeX; the bare string it falls back to is no reading.

    Its other reader hands the text to Python's `eval`, and is left out.
    """
    found = parse(f"${text}$", [LatexExtractionConfig()], parsing_timeout=None)
    return [each for each in found if not isinstance(each, str)]


equal(r"\frac{\sin x}{2}", r"\sin(x)/2")
act_no_more()
