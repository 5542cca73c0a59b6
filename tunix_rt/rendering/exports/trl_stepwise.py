"""TRL stepwise supervision: steps and whether each holds, up to the first wrong one."""

from collections.abc import Iterable, Iterator

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.trusting import known
from tunix_rt.rendering.writing.wording import Json

KIND, FILE = "lines", "{split}.jsonl"
READ_BY = "TRL's and Axolotl's process reward models"


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One record per trace whose first step is decided.

    Steps behind the first wrong or undecided one have no label, and are left out with it.
    """
    return lines(_record(row, labels) for row in rows if (labels := known(row)))


def _record(row: TraceRow, labels: list[bool]) -> Json:
    return {
        "prompt": row.prompt,
        "completions": [step.content for step in row.steps[: len(labels)]],
        "labels": labels,
        "id": row.id,
    }
