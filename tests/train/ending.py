"""Ways in which a training ends early, and what it has left then."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import Cancelled
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.schema import Progress, TrainJob

WILD = {"name": "adamw", "learning_rate": 10, "warmup_steps": 0, "weight_decay": 10}
"""Every step makes weights 99 times as large, until they are no numbers."""


NO_NUMBER = r"(The loss|The norm of the gradient|Weights|The model's probabilities) became"
"""What is said of such a step."""


class Asked:
    """Somebody who asks a training to stop once it has looked so many times."""

    def __init__(self, patience: int) -> None:
        self.looks, self._patience = 0, patience

    def __call__(self) -> None:
        self.looks += 1
        if self.looks > self._patience:
            raise Cancelled("enough")


def deadly(job: TrainJob, step: int, how: str = "told") -> TrainJob:
    """A training that kills its own process, as a power cut would.

    When a step is `told`, when it is `kept`, or while it is `written`.
    """

    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def report(progress: Progress) -> None:
        if progress.step == step:
            kill()

    def check() -> None:
        time.sleep(0.05)  # a save begins in a thread of its own
        while list((job.folder / "checkpoints").glob(f"{step}*")):
            if how == "written" or step in steps(job.folder):
                kill()

    return replace(job, report=report) if how == "told" else replace(job, check=check)


def weights(folder: Path, step: int) -> list[Any]:
    """Every weight in a checkpoint, of whichever backend."""
    place = folder / "checkpoints" / str(step)
    if (place / "weights.safetensors").is_file():
        from safetensors.numpy import load_file

        return list(load_file(place / "weights.safetensors").values())
    import jax
    import orbax.checkpoint as ocp

    from tunix_rt.registry.loading.jax import quiet

    with quiet():
        return list(jax.tree.leaves(ocp.PyTreeCheckpointer().restore(place / "model_params")))


def left_sound(folder: Path) -> int:
    """The newest checkpoint of a training that failed; all weights on disk are finite numbers."""
    import numpy as np

    for step in steps(folder):
        for one in weights(folder, step):
            assert np.isfinite(np.asarray(one, np.float32)).all(), f"step {step}"
    assert not (folder / "model").exists()
    return steps(folder)[-1]
