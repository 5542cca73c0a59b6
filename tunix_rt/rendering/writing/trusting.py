"""Which answers and steps are known to hold.

What nobody decided is neither right nor wrong, and what stands behind the first wrong step is not
known: it follows from something false.
"""

from typing import Literal

from tunix_rt.rendering.schema import TraceRow

_HOLDS: dict[str, bool | None] = {"right": True, "wrong": False, "undecided": None}


def first_wrong(trace: TraceRow) -> int | None:
    """The place of the first step that is wrong; none where no step is known to be."""
    first = trace.first_error
    if first is not None and 0 <= first < len(trace.steps):
        return first
    told = (trace.step_verdicts or [])[: len(trace.steps)]
    return told.index("wrong") if "wrong" in told else None


def outcome(trace: TraceRow) -> Literal["right", "wrong"] | None:
    """Right with no wrong step, or wrong in its answer or a step; undecided is neither."""
    if trace.verdict == "wrong" or first_wrong(trace) is not None:
        return "wrong"
    return "right" if trace.verdict == "right" else None


def labels(trace: TraceRow) -> list[bool | None]:
    """What is known of each step: it holds, it is wrong, or nothing."""
    first, told = first_wrong(trace), trace.step_verdicts
    if told is None:
        if first is None:
            return [None] * len(trace.steps)
        found: list[bool | None] = [True] * len(trace.steps)  # that is what first means
    else:
        found = [_HOLDS[one] for one in told[: len(trace.steps)]]
        found += [None] * (len(trace.steps) - len(found))
    if first is not None:
        found[first] = False
        found[first + 1 :] = [None] * (len(found) - first - 1)
    return found


def known(trace: TraceRow) -> list[bool]:
    """The labels of the steps from the first one on, as far as each of them is known."""
    found: list[bool] = []
    for label in labels(trace):
        if label is None:
            break
        found.append(label)
    return found
