"""A trace that was cut off: its finish reason, something left open, a dangling end."""

import re
from collections.abc import Iterator

from tunix_rt.verify.schema import StepInput, TraceInput, TraceWarning, warn

VERSION = "1"
_CUT = frozenset(
    {"length", "max_tokens", "max_length", "model_length", "max_output_tokens", "timeout"}
)
_NO_ANSWER = frozenset({"", "none", "null", "n/a", "na", "unknown", "...", "…", "?"})
_DANGLING = re.compile(
    r"(?:[-+*/×÷=<^(\[{\\]|\b(?:the|a|an|of|and|or|but|to|is|are|was|were|with|for|by|that|which"
    r"|because|so|then|if|from|than|equals|plus|minus|her|his|their|at|we|she|he|they))$",
    re.IGNORECASE,
)
_REASONS = ("finish_reason", "stop_reason", "finish")
_END = 2_000
"""Characters at the end of the last step that are looked at."""


def detect(trace: TraceInput) -> Iterator[TraceWarning]:
    """One warning with the first reason found."""
    for name in _REASONS:
        if str(trace.meta.get(name, "")).lower() in _CUT:
            yield warn("truncation", f"The model was stopped: {name} is {trace.meta[name]}.")
            return
    if not trace.steps:
        return
    last = trace.steps[-1]
    if trace.final_answer.strip().lower() in _NO_ANSWER:
        yield warn("truncation", "There is no final answer.", last.index)
    elif left := _left_open(last):
        yield warn("truncation", left, last.index)
    elif dangling := _DANGLING.search(trace.final_answer.rstrip()[-40:]):
        yield warn("truncation", f"The final answer ends in {dangling[0]!r}.")


def _left_open(step: StepInput) -> str | None:
    """What the end of a step leaves open."""
    text = step.content.rstrip()
    end = text[-_END:]
    if text.count("```") % 2:
        return "A code block is never closed."
    if _open(end, "{", "}"):
        return "A brace is never closed."
    if "]" not in end and "[" not in end and _open(end[-200:], "(", ")"):
        return "A parenthesis is never closed."
    dangling = _DANGLING.search(end[-40:])
    return f"The last step ends in {dangling[0]!r}." if dangling else None


def _open(text: str, opening: str, closing: str) -> bool:
    depth = 0
    for character in text:
        if character == opening:
            depth += 1
        elif character == closing:
            depth = max(depth - 1, 0)
    return depth > 0
