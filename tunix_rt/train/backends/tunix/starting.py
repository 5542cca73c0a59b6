"""What every method begins with: the model."""

from pathlib import Path

from tunix_rt.registry.loading import jax as loading
from tunix_rt.train.course.beginning import new_model, start_folder
from tunix_rt.train.course.forked import check_start
from tunix_rt.train.schema import FolderModel, TrainJob


def initialise(job: TrainJob) -> Path:
    """Write the untrained model to `initial`; a model from a folder is its own."""
    folder = start_folder(job)
    if folder is None:
        folder = job.folder / "initial"
        loading.export(start_model(job), folder)
    return folder


def start_model(job: TrainJob) -> loading.Loaded:
    """The model that training begins with: of another run, from its folder, or new."""
    model = job.recipe.model
    if job.start is not None:
        loaded = loading.load(job.start)
        check_start(job, loaded.shape, loaded.tokenizer)
        return loaded
    if isinstance(model, FolderModel):
        return loading.load(Path(model.path))
    return loading.create(*new_model(job, model), job.recipe.seed)
