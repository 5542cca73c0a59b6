"""What every method begins with: the model."""

from pathlib import Path

from tunix_rt.registry.loading import jax as loading
from tunix_rt.registry.loading.weights import sha256_of
from tunix_rt.rendering.tokenizing import build_from
from tunix_rt.train.course.forked import check_start
from tunix_rt.train.schema import FolderModel, NanoModel, TrainJob


def initialise(job: TrainJob) -> Path:
    """Write the untrained model to `initial`; a model from a folder is its own."""
    model = job.recipe.model
    if job.start is not None:
        return job.start
    if isinstance(model, FolderModel):
        return Path(model.path)
    loading.export(_new_model(job, model), job.folder / "initial")
    return job.folder / "initial"


def start_model(job: TrainJob) -> loading.Loaded:
    """The model that training begins with: of another run, from its folder, or new."""
    model = job.recipe.model
    if job.start is not None:
        loaded = loading.load(job.start)
        check_start(job, loaded.shape, loaded.tokenizer)
        return loaded
    if isinstance(model, NanoModel):
        return _new_model(job, model)
    return loading.load(Path(model.path))


def base_sha256(loaded: loading.Loaded) -> str:
    """Of the weights that training starts from; empty for a model made from nothing."""
    if loaded.source is None:
        return ""
    files = sorted(loaded.source.glob("*.safetensors"))
    return "+".join(sha256_of(file) for file in files)


def _new_model(job: TrainJob, model: NanoModel) -> loading.Loaded:
    recipe = job.recipe
    tokenizer = build_from(job.examples, recipe.tokenizer.vocab_size)
    shape = model.shape(tokenizer.size, recipe.max_seq_length)
    return loading.create(shape, tokenizer, recipe.seed)
