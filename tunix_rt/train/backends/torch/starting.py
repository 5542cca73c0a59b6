"""What a training begins with, the model, and what it leaves: the folder."""

import copy
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading import torch as loading
from tunix_rt.registry.loading.jax import DTYPES, Loaded, quiet
from tunix_rt.registry.loading.opening import open_checkpoint
from tunix_rt.train.backends.torch import keeping
from tunix_rt.train.course.beginning import new_model, start_folder
from tunix_rt.train.course.forked import check_start
from tunix_rt.train.schema import FolderModel, Recipe, TrainJob


def initialise(job: TrainJob) -> Path:
    """Write the untrained model to `initial`; a model from a folder is its own."""
    folder = start_folder(job)
    if folder is None:
        folder = job.folder / "initial"
        loading.export(start_model(job), folder)
    return folder


def start_model(job: TrainJob) -> Loaded:
    """The model that training begins with, in the numbers that it is trained in."""
    recipe = job.recipe
    if job.start is not None:
        loaded = _loaded(job.start, recipe)
        check_start(job, loaded.shape, loaded.tokenizer)
        return loaded
    if isinstance(recipe.model, FolderModel):
        return _loaded(Path(recipe.model.path), recipe)
    return loading.create(*new_model(job, recipe.model), recipe.seed)


def _loaded(folder: Path, recipe: Recipe) -> Loaded:
    raised = recipe.precision == "float32" or (recipe.precision == "bfloat16" and not recipe.adapts)
    return loading.load(folder, dtype="float32" if raised else None)


def adapted(loaded: Loaded, recipe: Recipe) -> Loaded:
    """With LoRA where the recipe asks for it. B is zero, so it computes the same at first."""
    if not recipe.adapts:
        return loaded
    import peft
    import torch

    lora = recipe.lora
    torch.manual_seed(recipe.seed)
    config = peft.LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=0.0,
        bias="none",
        target_modules=sorted(lora.weights()),
        task_type="CAUSAL_LM",
    )
    with quiet():
        model = peft.get_peft_model(
            loaded.model, config, autocast_adapter_dtype=recipe.precision != "stored"
        )
    return replace(loaded, model=model)


def exported(loaded: Loaded, folder: Path) -> str:
    """Write a model as it is left behind; what LoRA learned stands beside its folder too."""
    with quiet():
        if _has_lora(loaded):
            _write_adapter(loaded.model, folder.with_name("adapter"))
    return written(loaded, folder)


def _has_lora(loaded: Loaded) -> bool:
    import peft

    return isinstance(loaded.model, peft.PeftModel)


def _write_adapter(model: Any, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    model.save_pretrained(place, safe_serialization=True, save_embedding_layers=False)
    (place / "README.md").unlink(missing_ok=True)  # a card with nothing in it


def written(loaded: Loaded, folder: Path) -> str:
    """Write a model folder, in which what LoRA learned is added to the weights."""
    with quiet():
        if _has_lora(loaded):
            loaded = replace(loaded, model=copy.deepcopy(loaded.model).merge_and_unload())
        stored = _stored(loaded)
        return keeping.export(loaded, folder, stored)


def _stored(loaded: Loaded) -> str:
    """The numbers that the model is written in: those it was read in."""
    if loaded.source is None:
        return "float32"
    return DTYPES[open_checkpoint(loaded.source).dtype]
