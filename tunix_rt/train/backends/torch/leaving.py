"""The model of a checkpoint, as its training would have left it behind."""

from pathlib import Path

from tunix_rt.train.backends.torch import keeping, starting
from tunix_rt.train.course.beginning import check_unchanged
from tunix_rt.train.course.rewinding import kept_in
from tunix_rt.train.schema import TrainJob


def weights_at(job: TrainJob, step: int, folder: Path) -> None:
    """Write the model of a checkpoint of `job`; the training may go on meanwhile."""
    start = starting.start_model(job)
    check_unchanged(job.folder, start.source, start.tokenizer)
    loaded = starting.adapted(start, job.recipe)
    keeping.read_weights(loaded.model, kept_in(job.folder, step) / str(step) / keeping.WEIGHTS)
    starting.written(loaded, folder)
