"""Whether the model of another run is one as the recipe has it."""

from dataclasses import asdict
from pathlib import Path

from tunix_rt.kit.differing import differences
from tunix_rt.kit.errors import Conflict
from tunix_rt.registry.loading.opening import open_checkpoint
from tunix_rt.registry.loading.shape import Shape
from tunix_rt.registry.loading.tokenizer import TextTokenizer
from tunix_rt.train.course.beginning import new_model
from tunix_rt.train.schema import NanoModel, TrainJob


def check_start(job: TrainJob, shape: Shape, tokenizer: TextTokenizer) -> None:
    """Refuse a model to start from that has another shape or another tokenizer: `Conflict`."""
    recipe = job.recipe
    if isinstance(recipe.model, NanoModel):
        wanted, own = new_model(job, recipe.model)
    else:
        found = open_checkpoint(Path(recipe.model.path))
        own, wanted = found.tokenizer, found.shape
    if own.sha256() != tokenizer.sha256():
        raise Conflict(
            "The tokenizer is another than that of the run this is forked from.",
            hint="One that is built depends on the dataset: give the run's model as model.path.",
        )
    if wanted != shape:
        changed = [
            f"{one.path} was {one.before!r} and is {one.now!r}"
            for one in differences(asdict(shape), asdict(wanted))
        ]
        raise Conflict(
            f"The model is another than that of the run this is forked from: {'; '.join(changed)}."
        )
