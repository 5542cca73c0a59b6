"""TRL preference pairs: a right and a wrong trace of one prompt, of similar length.

Right is a right answer without a wrong step, wrong a wrong answer or a wrong step; what is
undecided is in no pair. At most four pairs per prompt, each trace in as few of them as can be.
"""

from collections.abc import Iterable, Iterator
from itertools import islice, starmap

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.grouping import Group, groups
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.trusting import outcome
from tunix_rt.rendering.writing.wording import Json, answered, asked, text_of

KIND, FILE = "lines", "{split}.jsonl"
READ_BY = "TRL's DPOTrainer and RewardTrainer"

MOST = 4
"""Pairs of one prompt: a prompt that is often answered must not outweigh the others."""

LONGEST = 2.0
"""How many times longer one response of a pair may be: else length is what is learned."""


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """The pairs, prompts in the order of their hashes."""
    return lines(pair for group in groups(rows, outcome) for pair in _pairs(group))


def _pairs(group: Group) -> Iterator[Json]:
    right, wrong = (list(map(_measured, group.get(name, []))) for name in ("right", "wrong"))
    possible = (
        (chosen, rejected)
        for shift in range(len(wrong))
        for place, (chosen, length) in enumerate(right)
        for rejected, other in [wrong[(place + shift) % len(wrong)]]
        if max(length, other) <= LONGEST * min(length, other)
    )
    yield from starmap(_record, islice(possible, MOST))


def _measured(row: TraceRow) -> tuple[TraceRow, int]:
    return row, len(text_of(row).text)


def _record(chosen: TraceRow, rejected: TraceRow) -> Json:
    return {
        "prompt": asked(chosen),
        "chosen": answered(chosen),
        "rejected": answered(rejected),
        "chosen_id": chosen.id,
        "rejected_id": rejected.id,
    }
