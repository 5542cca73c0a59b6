"""A response in parts, each trained or not: what a trainer that masks by text is told."""

from itertools import chain, repeat
from typing import NamedTuple

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.trusting import taught
from tunix_rt.traces.reading.carrying import answer_of


class Part(NamedTuple):
    """A piece of a response."""

    text: str
    train: bool


def parts(trace: TraceRow) -> list[Part]:
    """The response: neighbours that are trained alike are one part.

    A part ends before spaces, as tokens begin with them. The tag before the first step goes with
    it, the tag before the answer with the answer.
    """
    may = taught(trace)
    starts = chain(["<think>\n"], repeat("\n\n"))
    pieces = [
        Part(f"{before}{step.content}", train)
        for before, step, train in zip(starts, trace.steps, may.steps, strict=False)
    ]
    pieces.append(Part(f"\n</think>\n\n{answer_of(trace)}", may.answer))
    found: list[Part] = []
    for piece in pieces:
        if found and found[-1].train == piece.train:
            found[-1] = Part(found[-1].text + piece.text, piece.train)
        else:
            found.append(piece)
    return found
