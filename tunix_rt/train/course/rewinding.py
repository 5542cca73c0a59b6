"""Go back to an earlier checkpoint: what came behind it is forgotten."""

import shutil
from pathlib import Path

from tunix_rt.kit.errors import BadInput
from tunix_rt.train.course.journal import Journal


def rewind(folder: Path, step: int) -> None:
    """Forget every checkpoint and every reported step behind `step`."""
    kept = steps(folder)
    if step not in kept:
        there = ", ".join(map(str, kept)) or "none"
        raise BadInput(
            f"There is no checkpoint of step {step}.", hint=f"There are checkpoints of: {there}."
        )
    for later in (one for one in kept if one > step):
        shutil.rmtree(folder / "checkpoints" / str(later))
    journal = Journal(folder / "steps.jsonl")
    journal.cut(step)
    journal.close()


def steps(folder: Path) -> list[int]:
    """The steps that were checkpointed, in order."""
    checkpoints = folder / "checkpoints"
    if not checkpoints.is_dir():
        return []
    return sorted(int(one.name) for one in checkpoints.iterdir() if one.name.isdigit())
