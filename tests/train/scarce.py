"""A training that finds little memory left: `python -m tests.train.scarce BACKEND METHOD FOLDER`.

It is done once with little to learn, so that all is loaded; then memory is limited, and it is done
with far more. What it is refused with is printed.
"""

import resource
import sys
from pathlib import Path
from typing import Any

from tests.train import jobs, practices
from tunix_rt.train.schema import TrainJob
from tunix_rt.train.schema_dry import DoesNotFit
from tunix_rt.train.training import train

LEFT = 1_000_000_000
"""Bytes of addresses that may be taken beside those that are."""


def limit() -> None:
    """Leave little from now on."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + LEFT
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def taught(backend: str, folder: Path) -> TrainJob:
    """A training by examples whose activations take several gigabytes."""
    wide = {"layers": 2, "width": 16, "heads": 2, "head_width": 8, "hidden": 65_536}
    return jobs.job(folder, backend=backend, model=wide, batch_size=48)


def practised(backend: str, folder: Path) -> TrainJob:
    """One that practises, and asks for more answers at once than there is room for."""
    begun = jobs.job(folder / "begun", backend=backend, steps=1)
    many: dict[str, Any] = {"prompts": 4096, "group": 1024}
    asked = practices.recipe(train(begun).model, many, backend=backend)
    return practices.job(folder / "many", asked)


if __name__ == "__main__":
    backend, method, place = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    train(jobs.job(place / "small", backend=backend))
    own = (taught if method == "sft" else practised)(backend, place / "large")
    limit()
    try:
        train(own)
    except DoesNotFit as full:
        sys.stdout.write(f"{full}\n")
