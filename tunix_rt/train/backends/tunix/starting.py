"""What every method begins with, the model, and what it leaves: the folder."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.registry.loading.adapters import write_adapter
from tunix_rt.train.backends.tunix import adapting, keeping
from tunix_rt.train.backends.tunix.numbering import asked, raised
from tunix_rt.train.backends.tunix.placing import spread
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


def prepared(job: TrainJob, loaded: loading.Loaded) -> tuple[loading.Loaded, dict[str, Any]]:
    """The model as it is trained, and which numbers each weight was stored in.

    It lies where the recipe computes, has LoRA where the recipe asks for it, and the numbers
    that the recipe trains in.
    """
    recipe, model = job.recipe, loaded.model
    with loading.quiet():
        spread(model)
        if recipe.adapts:
            model = adapting.adapt(model, recipe.lora, recipe.seed)
        stored = raised(model, recipe.precision)
    return replace(loaded, model=model), stored


def reference(job: TrainJob) -> Any:
    """The model that training begins with, to be asked in the numbers that a recipe computes in."""
    model = start_model(job).model
    spread(model)
    return asked(model, job.recipe.precision)


def exported(job: TrainJob, loaded: loading.Loaded, stored: dict[str, Any], folder: Path) -> str:
    """Write a model as it is left behind; what LoRA learned stands beside its folder too."""
    model, lora = job.recipe.model, job.recipe.lora
    if keeping.has_lora(loaded.model):
        begun = job.start or (model.path if isinstance(model, FolderModel) else "")
        place = folder.with_name("adapter")
        with loading.quiet():
            write_adapter(loaded.model, place, rank=lora.rank, alpha=lora.alpha, base=str(begun))
    return written(job, loaded, stored, folder)


def written(job: TrainJob, loaded: loading.Loaded, stored: dict[str, Any], folder: Path) -> str:
    """Write a model folder: what LoRA learned is added to its weights."""
    with loading.quiet():
        whole = replace(loaded, model=adapting.merged(loaded.model, job.recipe.lora))
        return keeping.export(whole, folder, stored)
