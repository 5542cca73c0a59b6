"""A trace as segments of text with their weights: what needs no tokenizer.

What a template writes around the reasoning counts like what it belongs to: around a step like the
step, before the reasoning like untouched reasoning, behind it like the answer.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.masking import Weights, weigh
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_wording import Chat, Example, Piece, Said, Segment
from tunix_rt.rendering.templates.chat import messages
from tunix_rt.rendering.templating import template

AT_ONCE = 64
"""Rows that are worded at once."""

TRAINED = "train"
"""The split that is learned; rows of another one are shown to nobody."""


def segments(trace: TraceRow, rendering: Rendering, chat: Chat | None = None) -> list[Segment]:
    """The text of a trace, cut and weighed; empty where the policy leaves the trace out.

    `chat` is the tokenizer's own template, for the template `chat`.
    """
    weights = weigh(trace, rendering)
    if weights is None:
        return []
    try:
        worded = template(rendering.template).pieces(_said(trace, rendering, chat))
    except BadInput as refused:
        raise BadInput(f"Row {trace.id}: {refused.message}", hint=refused.hint) from None
    given = [Segment(one.text, one.kind, one.step, 0.0, True) for one in worded.given if one.text]
    return given + list(_weighed(worded.response, weights))


def examples(
    rows: Iterable[TraceRow], rendering: Rendering, chat: Chat | None = None
) -> Iterator[Example]:
    """What the rows of the training split teach, in their order."""
    ahead = (trace for trace in rows if trace.split == TRAINED)
    while some := list(islice(ahead, AT_ONCE)):
        look_ahead(some, rendering, chat)
        for trace in some:
            yield Example(segments(trace, rendering, chat), trace.id)


def look_ahead(rows: Iterable[TraceRow], rendering: Rendering, chat: Chat | None) -> None:
    """Have a chat template word these rows at once; their segments come sooner then."""
    if chat is not None:
        told = [_said(trace, rendering, chat) for trace in rows]
        chat.ahead([messages(one, chat) for one in told])


def _said(trace: TraceRow, rendering: Rendering, chat: Chat | None) -> Said:
    omit = rendering.reasoning == "omit"
    steps = None if omit else [step.content for step in trace.steps]
    return Said(trace.prompt, steps, trace.final_answer, rendering.system, chat)


def _weighed(response: list[Piece], weights: Weights) -> Iterator[Segment]:
    last = max((at for at, one in enumerate(response) if one.kind == "step"), default=-1)
    for at, one in enumerate(response):
        if not one.text:
            continue
        if one.step is not None:
            weight = weights.steps[one.step]
        else:
            weight = weights.frame if at < last else weights.answer
        yield Segment(one.text, one.kind, one.step, weight, False)
