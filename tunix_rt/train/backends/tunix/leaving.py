"""The model of a checkpoint, as its training would have left it behind."""

import json
from pathlib import Path

from tunix_rt.kit.errors import Conflict
from tunix_rt.registry.loading import jax as loading
from tunix_rt.train.backends.tunix import keeping, sft
from tunix_rt.train.backends.tunix.starting import base_sha256, start_model
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.schema import TrainJob


def weights_at(job: TrainJob, step: int, folder: Path) -> None:
    """Write the model of a checkpoint of `job`; the training may go on meanwhile."""
    start = start_model(job)
    _check_unchanged(job.folder, start)
    loaded, stored = sft.prepared(job, start, None)
    place = job.folder / ("checkpoints" if step in steps(job.folder) else "best")
    with loading.quiet():
        keeping.read_into(loaded.model, place, step)
    sft.written(job, loaded, stored, folder)


def _check_unchanged(folder: Path, start: loading.Loaded) -> None:
    """Refuse where the run began with another model than there is today."""
    said = json.loads((folder / "identity.json").read_text("utf-8"))
    for name, now in (
        ("tokenizer", start.tokenizer.sha256()),
        ("base", base_sha256(start)),
    ):
        if said.get(f"{name}_sha256", now) != now:
            what = "tokenizer" if name == "tokenizer" else "model"
            raise Conflict(f"The {what} that the run began with has changed since.")
