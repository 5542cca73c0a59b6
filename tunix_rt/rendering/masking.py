"""How much each part of a trace counts, as its verdicts and the policy have it.

A *self-correction* is a wrong step that one of the next two steps takes up and puts right. That
step is right by its verdict, and it either begins with a word of reconsidering (wait, actually,
let me recheck) or works out what the wrong step worked out: both have the same expression before
an equals sign.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.schema import Outcome, TraceRow
from tunix_rt.rendering.schema_options import MaskPolicy, Rendering

WITHIN = 2
"""A correction is at most this many steps behind its error."""

HEAD = 80
"""Characters of a step in which a word of reconsidering counts."""

_AGAIN = re.compile(
    r"\b(?:wait|actually|hmm|oops|sorry|correction|mistake|wrong|incorrect|instead|rather|"
    r"re-?check|re-?consider|re-?calculate|re-?compute|re-?do|try again|let me check)\b",
    re.IGNORECASE,
)
_SIDE = re.compile(r"[\d.,+\-*/^%()$×÷·\s]*")
_WORTH = re.compile(r"\d[^\d]*[+\-*/^×÷·][^\d]*\d")


@dataclass(frozen=True, slots=True)
class Weights:
    """What the parts of one trace weigh."""

    steps: Sequence[float]
    frame: float
    """Of what a template writes before the reasoning."""

    answer: float
    """Also of what a template writes around it, and of the end of the text."""


def weigh(trace: TraceRow, rendering: Rendering) -> Weights | None:
    """The weights of a trace; null where the policy leaves the trace out."""
    policy, whole = rendering.masks, trace.weight
    wrong = trace.verdict == "wrong"
    if wrong and policy.wrong_answer == "drop":
        return None
    outcomes = _outcomes(trace)
    answer = 0.0 if wrong and policy.wrong_answer == "mask" else whole
    steps = [whole * _factor(outcome, policy) for outcome in outcomes]
    if policy.after_error == "mask":
        end = first_error(trace, outcomes, policy)
        if end is not None:
            steps[end:] = [0.0] * (len(steps) - end)
            answer = 0.0
    if rendering.reasoning != "train":
        return Weights([0.0] * len(steps), 0.0, answer)
    return Weights(steps, whole, answer)


def first_error(
    trace: TraceRow, outcomes: Sequence[Outcome | None], policy: MaskPolicy
) -> int | None:
    """The place of the first wrong step that is not put right."""
    for place, outcome in enumerate(outcomes):
        if outcome == "wrong" and not (
            policy.keep_corrections and corrected(trace, outcomes, place)
        ):
            return place
    return None


def corrected(trace: TraceRow, outcomes: Sequence[Outcome | None], place: int) -> bool:
    """Whether a step soon after the wrong one at `place` takes it up and is right."""
    error = trace.steps[place].content
    for later in range(place + 1, min(place + 1 + WITHIN, len(trace.steps))):
        text = trace.steps[later].content
        if outcomes[later] == "right" and (
            _AGAIN.search(text[:HEAD]) or left_sides(error) & left_sides(text)
        ):
            return True
    return False


def left_sides(text: str) -> set[str]:
    """What stands before the equals signs of a step and works something out, without spaces."""
    found = set()
    for at in range(min(len(text), 4000)):
        if text[at] != "=":
            continue
        side = _SIDE.match(text[max(0, at - 60) : at][::-1])
        terms = re.sub(r"[\s,$]", "", side[0][::-1]) if side else ""
        if _WORTH.search(terms):
            found.add(terms)
    return found


def _outcomes(trace: TraceRow) -> list[Outcome | None]:
    """One verdict or none for each step; a known first error is one of them."""
    count = len(trace.steps)
    known = trace.step_verdicts
    if known is not None and len(known) != count:
        raise BadInput(f"Row {trace.id} has {len(known)} verdicts for {count} steps.")
    outcomes: list[Outcome | None] = [*known] if known is not None else [None] * count
    if known is None and trace.first_error is not None and 0 <= trace.first_error < count:
        outcomes[trace.first_error] = "wrong"
    return outcomes


def _factor(outcome: Outcome | None, policy: MaskPolicy) -> float:
    if outcome == "wrong":
        return 0.0 if "mask" in (policy.wrong, policy.after_error) else 1.0
    return policy.undecided if outcome == "undecided" else 1.0
