"""TRL preference pairs: a right and a wrong trace of one prompt, of similar length.

Right is a right answer without a wrong step, wrong a wrong answer or a wrong step; what is
undecided is in no pair. At most four pairs per prompt, each trace in as few of them as can be.
"""

from collections.abc import Iterable, Iterator
from itertools import starmap

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.pairing import pairs
from tunix_rt.rendering.writing.wording import Json, answered, asked

KIND, FILE = "lines", "{split}.jsonl"
READ_BY = "TRL's DPOTrainer and RewardTrainer"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """The pairs, prompts in the order of their hashes."""
    return lines(starmap(_record, pairs(rows)))


def _record(chosen: TraceRow, rejected: TraceRow) -> Json:
    return {
        "prompt": asked(chosen),
        "chosen": answered(chosen),
        "rejected": answered(rejected),
        "chosen_id": chosen.id,
        "rejected_id": rejected.id,
    }
