"""A number game whose answer uses a number that was not given, or one more often than given.

Only for prompts that ask to combine given numbers, each at most once, and answers that are one
expression.
"""

import re
from collections import Counter
from collections.abc import Iterator

from tunix_rt.verify.numbers import numbers
from tunix_rt.verify.schema import TraceInput, TraceWarning, warn

VERSION = "1"
_ASKS = re.compile(
    r"\b(?:using|use|combine|with)[ ](?:(?:only|the|these|all|given|following|four)[ ]){0,4}"
    r"numbers?:?[ ]{0,2}[\[({]?(\d{1,6}(?:(?:,[ ]?(?:and[ ])?|[ ]and[ ]|[ ])\d{1,6}){1,9})",
    re.IGNORECASE,
)
_ONCE = re.compile(r"\b(?:once|each[ ]number|every[ ]number)\b", re.IGNORECASE)
_EXPRESSION = re.compile(r"[\d\s+*/×÷−()=.-]{3,200}")


def detect(trace: TraceInput) -> Iterator[TraceWarning]:
    """One warning that names the numbers."""
    asked = _ASKS.search(trace.prompt)
    answer = trace.final_answer.strip()
    if asked is None or not _ONCE.search(trace.prompt) or not _EXPRESSION.fullmatch(answer):
        return
    expression = answer.partition("=")[0]
    if not re.search(r"\d\s*[-+*/×÷−]", expression):
        return
    given = Counter(number.value for number in numbers(asked[1]))
    used = Counter(number.value for number in numbers(re.sub(r"[-−(]", " ", expression)))
    if extra := used - given:
        shown = ", ".join(str(value) for value in sorted(extra))
        yield warn(
            "reused_numbers", f"The answer uses {shown} more often than the prompt gives it."
        )
