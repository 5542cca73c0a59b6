"""A trace in parts, each trained or not: what a trainer that masks by text is told.

The text and the weights are those of the template `r1`, so the X-ray of that template shows what
such a trainer learns. It knows all or nothing: what weighs anything is trained.
"""

from typing import NamedTuple

from msgspec.structs import replace

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import MaskPolicy, Rendering
from tunix_rt.rendering.schema_wording import Segment, joined
from tunix_rt.rendering.segmenting import segments
from tunix_rt.traces.reading.carrying import answer_of

UNTOLD = MaskPolicy(wrong="mask", after_error="mask", wrong_answer="drop")
"""Where no policy is given: nothing that is known to be false, or to follow from it, is taught."""


class Part(NamedTuple):
    """A piece of a response."""

    text: str
    train: bool


class Parted(NamedTuple):
    """What is given, and the response: neighbours that are trained alike are one part."""

    given: str
    response: list[Part]


def parted(trace: TraceRow, masks: MaskPolicy) -> Parted | None:
    """A trace in parts; null where no step and no answer of it is trained.

    A part ends before spaces, as tokens begin with them.
    """
    trace = replace(trace, final_answer=answer_of(trace))
    found = segments(trace, Rendering(template="r1", masks=masks))
    if not any(one.weight > 0 and one.kind != "frame" for one in found):
        return None
    response: list[Part] = []
    for part in map(_part, (one for one in found if not one.given)):
        if not response or response[-1].train != part.train:
            spaces = _end_before_spaces(response)
            response.append(Part(spaces + part.text, part.train))
        else:
            response[-1] = Part(response[-1].text + part.text, part.train)
    return Parted(joined(one for one in found if one.given), response)


def _part(segment: Segment) -> Part:
    return Part(segment.text, segment.weight > 0)


def _end_before_spaces(response: list[Part]) -> str:
    """The spaces that the last part ended with, which the next one gets; of spaces alone, none."""
    if not response or not (text := response[-1].text.rstrip()):
        return ""
    last = response[-1]
    response[-1] = Part(text, last.train)
    return last.text[len(text) :]
