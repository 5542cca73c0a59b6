"""A thinking tag that is opened and never closed: `<think>` without `</think>`."""

import re
from collections.abc import Iterator

from tunix_rt.verify.schema import TraceInput, TraceWarning, warn

VERSION = "1"
_TAG = re.compile(r"<(/?)(think|thinking|thought|reasoning|scratchpad)>", re.IGNORECASE)


def detect(trace: TraceInput) -> Iterator[TraceWarning]:
    """One warning, where the tag that stays open begins."""
    open_tags: dict[str, tuple[int, int, int]] = {}
    for step in trace.steps:
        if "<" in step.content:
            for tag in _TAG.finditer(step.content):
                name = tag[2].lower()
                if tag[1]:
                    open_tags.pop(name, None)
                else:
                    open_tags.setdefault(name, (step.index, *tag.span()))
    for tag in _TAG.finditer(trace.final_answer):
        open_tags.pop(tag[2].lower(), None)
    for name, (step_index, start, end) in open_tags.items():
        yield warn("unclosed_thinking", f"<{name}> is never closed.", step_index, start, end)
