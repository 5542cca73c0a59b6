"""A prompt that gives the answer away: `the answer is 12`, or a long one word for word.

A short answer that merely occurs in the prompt says nothing, and neither does one of the options
of a multiple choice.
"""

import re
from collections.abc import Iterator

from tunix_rt.verify.schema import TraceInput, TraceWarning, warn

VERSION = "1"
LONG = 20
"""Characters from which an answer is not in the prompt by chance."""

_SAID = re.compile(
    r"\b(?:answer|solution|result)[ ]{0,2}(?:is|=|:)[ ]{0,2}"
    r"(?:\\boxed\{|[\"'$*(]{1,3})?([^\n]{1,80})",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\w|[.,:/]\d")
_OPTION = re.compile(r"(?:^|\s)\(?[A-Ja-j1-9][).:][ ]{0,3}$")


def detect(trace: TraceInput) -> Iterator[TraceWarning]:
    """One warning, if the prompt says the answer."""
    answer = _plain(trace.final_answer)
    if not answer:
        return
    for said in _SAID.finditer(trace.prompt):
        told = _plain(said[1])
        if told.startswith(answer) and not _GOES_ON.match(told, len(answer)):
            yield warn("leaked_answer", f"The prompt says that the answer is {answer[:80]}.")
            return
    if len(answer) >= LONG and _stands_in(_plain(trace.prompt), answer):
        yield warn("leaked_answer", "The whole final answer stands in the prompt.")


def _stands_in(prompt: str, answer: str) -> bool:
    """Whether the answer is in the prompt, and not as one of its options."""
    place = prompt.find(answer)
    return place >= 0 and _OPTION.search(prompt[max(0, place - 8) : place]) is None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!}\"'$*)")
