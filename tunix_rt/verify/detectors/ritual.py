"""A step that says it verifies and checks nothing: no number, an echo, or no comparison.

A verification that counts computes with an earlier number, or compares two values. Where no
step before has a number there is nothing that could be seen here, and nothing is said.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from tunix_rt.verify.numbers import numbers
from tunix_rt.verify.schema import StepInput, TraceInput, TraceWarning, warn

VERSION = "1"
Value = int | Fraction
_TYPE = re.compile(r"verif|check|validate|validation|confirm", re.IGNORECASE)
_BEGINS = re.compile(
    r"\W{0,4}(?:(?:let me|let's|let us|we can|now|finally|i will|to)[ ,]{1,2}){0,2}"
    r"(?:(?:double[- ]?)?check(?:ing|ed)?|verif(?:y|ying|ication|ied)|confirm(?:ing|ed)?)\b",
    re.IGNORECASE,
)
_COMPUTES = re.compile(
    r"\d\)?%?[ ]?(?:[-+*/×÷−^]|plus|minus|times|divided by|multiplied by|of)[ ]?[$€£(]{0,2}\d"
)
_COMPARES = re.compile(
    r"[=<>≤≥≈≠]|\b(?:equals?|match(?:es)?|agrees?|same|greater|less|between|differs?|not)\b",
    re.IGNORECASE,
)


def detect(trace: TraceInput) -> Iterator[TraceWarning]:
    """Every verifying step that verifies nothing."""
    verifying = {step.index for step in trace.steps if _verifies(step)}
    if not verifying:
        return
    earlier = {number.value for number in numbers(trace.prompt)}
    for step in trace.steps:
        here = [number.value for number in numbers(step.content)]
        if step.index in verifying and earlier and (why := _why(step.content, here, earlier)):
            yield warn("ritual", f"The step says that it verifies, but {why}.", step.index)
        earlier.update(here)


def _verifies(step: StepInput) -> bool:
    return bool(_TYPE.search(step.type) or _BEGINS.match(step.content))


def _why(content: str, here: list[Value], earlier: set[Value]) -> str | None:
    """What is missing for a check."""
    if not here:
        return "it names no number"
    computes = _COMPUTES.search(content) is not None
    compares = _COMPARES.search(content) is not None
    if not any(value in earlier for value in here):
        return "it names no number of an earlier step"
    if computes and (compares or len(here) > 2):
        return None
    if len(here) > 1 and compares and len(set(here)) > 1:
        return None
    return "it computes and compares nothing"
