"""Preference pairs: a right and a wrong trace of one prompt, of similar length.

Right is a right answer without a wrong step, wrong a wrong answer or a wrong step; what is
undecided is in no pair. At most four pairs per prompt, each trace in as few of them as can be.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.grouping import Group, groups
from tunix_rt.rendering.writing.trusting import outcome
from tunix_rt.rendering.writing.wording import text_of

MOST = 4
"""Pairs of one prompt: a prompt that is often answered must not outweigh the others."""

LONGEST = 2.0
"""How many times longer one response of a pair may be: else length is what is learned."""

Pair = tuple[TraceRow, TraceRow]
"""The trace that is preferred, and the other."""


def pairs(rows: Iterable[TraceRow]) -> Iterator[Pair]:
    """The pairs, prompts in the order of their hashes."""
    return (pair for group in groups(rows, outcome) for pair in _of(group))


def _of(group: Group) -> Iterator[Pair]:
    right, wrong = (list(map(_measured, group.get(name, []))) for name in ("right", "wrong"))
    possible = (
        (chosen, rejected)
        for shift in range(len(wrong))
        for place, (chosen, length) in enumerate(right)
        for rejected, other in [wrong[(place + shift) % len(wrong)]]
        if max(length, other) <= LONGEST * min(length, other)
    )
    yield from islice(possible, MOST)


def _measured(row: TraceRow) -> tuple[TraceRow, int]:
    return row, len(text_of(row).text)
