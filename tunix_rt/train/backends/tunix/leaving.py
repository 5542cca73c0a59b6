"""The model of a checkpoint, as its training would have left it behind."""

from pathlib import Path

from tunix_rt.registry.loading import jax as loading
from tunix_rt.train.backends.tunix import keeping
from tunix_rt.train.backends.tunix.starting import prepared, start_model, written
from tunix_rt.train.course.beginning import check_unchanged
from tunix_rt.train.course.rewinding import kept_in
from tunix_rt.train.schema import TrainJob


def weights_at(job: TrainJob, step: int, folder: Path) -> None:
    """Write the model of a checkpoint of `job`; the training may go on meanwhile."""
    start = start_model(job)
    check_unchanged(job.folder, start.source, start.tokenizer)
    loaded, stored = prepared(job, start)
    with loading.quiet():
        keeping.read_into(loaded.model, kept_in(job.folder, step), step)
    written(job, loaded, stored, folder)
