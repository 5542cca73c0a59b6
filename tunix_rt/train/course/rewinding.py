"""Go back to an earlier checkpoint: what came behind it is forgotten."""

import json
import shutil
from contextlib import suppress
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
    forget_from(folder, step + 1)
    journal = Journal(folder / "steps.jsonl")
    journal.cut(step)
    journal.close()
    forget_best(folder, step)


def forget_best(folder: Path, step: int) -> None:
    """Forget the best weights where they are of a later step, and the looks that chose them."""
    if _best_step(folder) > step:
        shutil.rmtree(folder / "best", ignore_errors=True)
        (folder / "looks.jsonl").unlink(missing_ok=True)


def _best_step(folder: Path) -> int:
    """The step of the best weights; 0 where nobody chose any."""
    said, looks = folder / "best" / "best.json", folder / "looks.jsonl"
    if said.is_file():
        return int(json.loads(said.read_text("utf-8"))["step"])
    lines = looks.read_text("utf-8").splitlines() if looks.is_file() else []
    best = max(map(json.loads, lines), key=lambda look: look["greedy"], default={"step": 0})
    return int(best["step"])


def forget_from(folder: Path, step: int) -> None:
    """Remove the checkpoints from `step` on."""
    for one in steps(folder):
        if one >= step:
            shutil.rmtree(folder / "checkpoints" / str(one))


def kept_in(folder: Path, step: int) -> Path:
    """Where the weights of a step lie under its number: among the checkpoints, or as the best."""
    return folder / ("checkpoints" if step in steps(folder) else "best")


def steps(folder: Path) -> list[int]:
    """The steps that were checkpointed and can be gone on from, in order."""
    with suppress(OSError):
        kept = [one.name for one in (folder / "checkpoints").iterdir()]
        return sorted(int(name) for name in kept if name.isascii() and name.isdecimal())
    return []
