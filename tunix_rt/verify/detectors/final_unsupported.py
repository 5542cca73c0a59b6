"""A numeric final answer that the last step neither states nor computes."""

import re
from collections.abc import Iterator
from fractions import Fraction

from tunix_rt.verify.numbers import numbers, numbers_in_words
from tunix_rt.verify.schema import TraceInput, TraceWarning, warn

VERSION = "1"
_COMPUTED = re.compile(r"=[ \t$€£\\(\[{*]{0,6}-?$")
_SPACED = re.compile(r"(?<=\d)[ ](?=\d{3}(?!\d))")
_LONGEST = 200
"""Characters of an answer that is still one number with its words."""


def detect(trace: TraceInput) -> Iterator[TraceWarning]:
    """One warning, if the last number of the answer is nowhere at the end of the steps."""
    answer = trace.final_answer.strip()
    if not trace.steps or not answer or len(answer) > _LONGEST:
        return
    said = [number.value for number in numbers(answer)]
    if not said:
        return
    last = trace.steps[-1]
    known = {number.value for number in numbers(last.content)} | numbers_in_words(last.content)
    known |= {number.value for number in numbers(_SPACED.sub("", last.content))}
    known |= _last_computed(trace)
    if not any(_agrees(said[-1], value) for value in known):
        message = f"The final answer {answer[:80]} is neither in the last step nor its result."
        yield warn("final_unsupported", message)


def _last_computed(trace: TraceInput) -> set[int | Fraction]:
    """The last number behind a `=`, in any step."""
    for step in reversed(trace.steps):
        if "=" in step.content:
            for number in reversed(list(numbers(step.content))):
                if _COMPUTED.search(step.content[max(0, number.start - 12) : number.start]):
                    return {number.value}
    return set()


def _agrees(answer: int | Fraction, value: int | Fraction) -> bool:
    if answer == value:
        return True
    exact = Fraction(value)
    return answer in (exact * 100, exact / 100) or (
        exact.denominator > 1 and round(exact) == answer
    )
