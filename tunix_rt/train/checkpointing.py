"""Which checkpoints a training has left in its folder, whatever backend wrote them.

`checkpoints/STEP` is what it goes on from. `best` holds the weights of the best step: below a
number, with `best.json` to say which; or a whole model, with `looks.jsonl` beside it. `steps.jsonl`
holds what was told of each step.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tunix_rt.kit.ids import iso
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.schema_checkpoints import KeptCheckpoint


class BestStep(NamedTuple):
    """The best step so far, and where its weights lie."""

    step: int
    folder: Path


def checkpoints(folder: Path) -> list[KeptCheckpoint]:
    """What there is, in the order of steps; one that goes away meanwhile is left out."""
    places = {step: folder / "checkpoints" / str(step) for step in steps(folder)}
    best = best_step(folder)
    if best is not None:
        places.setdefault(best.step, best.folder)
    found = []
    for step, place in sorted(places.items()):
        with suppress(OSError):
            files = [one.stat() for one in place.rglob("*") if one.is_file()]
            found.append(
                KeptCheckpoint(
                    step=step,
                    bytes=sum(one.st_size for one in files),
                    created_at=iso(datetime.fromtimestamp(place.stat().st_mtime, UTC)),
                    best=best is not None and best.step == step,
                    resumable=place.parent.name == "checkpoints",
                )
            )
    return found


def told(folder: Path) -> int:
    """The last step that a training in this folder has told of; 0 before the first."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        whole, _, _ = (folder / "steps.jsonl").read_bytes().rpartition(b"\n")
        return int(json.loads(whole.rpartition(b"\n")[2])["step"])
    return 0


def best_step(folder: Path) -> BestStep | None:
    """The best step whose weights are kept, if any are."""
    best = folder / "best"
    with suppress(OSError, ValueError, KeyError, TypeError):
        if (best / "best.json").is_file():
            step = int(json.loads((best / "best.json").read_text("utf-8"))["step"])
            return BestStep(step, best / str(step)) if (best / str(step)).is_dir() else None
        if (best / "config.json").is_file():
            lines = (folder / "looks.jsonl").read_text("utf-8").splitlines()
            looks = [json.loads(line) for line in lines]
            chosen = max(looks, key=lambda one: float(one["greedy"]), default=None)
            return None if chosen is None else BestStep(int(chosen["step"]), best)
    return None
