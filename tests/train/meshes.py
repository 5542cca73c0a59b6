"""Trainings one after the other on a processor that is told to be four devices.

As a program, `python -m tests.train.meshes FOLDER CHANGES`: each of the changes (a list in JSON) is
a training by them, in a folder of its own or `folder`, stopped behind the step `stop`. What learns
from pairs or practises begins with the model that the first one left.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.train import jobs, practices
from tests.train import test_preferring as pairs
from tunix_rt.kit.errors import BadInput, Cancelled
from tunix_rt.train.backends.tunix import train
from tunix_rt.train.schema import Progress, TrainJob

FLAGS = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=4"
FOUR = os.environ | {"XLA_FLAGS": FLAGS}
MODEL = {"layers": 1, "width": 16, "heads": 2, "kv_heads": 2, "head_width": 8, "hidden": 32}


def on_four_devices(folder: Path, *changes: dict[str, Any]) -> list[Any]:
    """The step that each training went on from (null of one that was stopped) and the losses and
    gradients it told; or why it is refused.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.train.meshes", str(folder), json.dumps(changes)],
        env=FOUR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line[:1] in '["']


def _job(folder: Path, model: Path, report: Any, changes: dict[str, Any]) -> TrainJob:
    if changes.get("method") == "grpo":
        recipe = practices.recipe(model, changes.pop("grpo", None), **changes)
        return practices.job(folder, recipe, report=report)
    if changes.get("method") in ("dpo", "orpo"):
        return pairs.job(folder, pairs.recipe(model, **changes), report)
    return jobs.job(folder, report, **{"model": MODEL} | changes)


def _tried(place: Path, number: int, changes: dict[str, Any]) -> Any:
    stop, told = changes.pop("stop", 0), list[tuple[float, float]]()
    folder = place / changes.pop("folder", str(number))

    def report(progress: Progress) -> None:
        told.append((progress.loss, progress.gradient_norm))
        if progress.step == stop:
            raise Cancelled("enough")

    try:
        done = train(_job(folder, place / "0" / "model", report, changes))
        return done.resumed_from, told
    except Cancelled:
        return None, told
    except BadInput as refused:
        return str(refused)


if __name__ == "__main__":
    for number, changes in enumerate(json.loads(sys.argv[2])):
        print(json.dumps(_tried(Path(sys.argv[1]), number, changes)))  # noqa: T201
