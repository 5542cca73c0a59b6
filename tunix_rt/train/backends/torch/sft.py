"""Supervised training with TRL's SFTTrainer: the loss is on the response alone, by weight."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from tunix_rt.rendering.batching import Batches, Rows, make_rows
from tunix_rt.train.backends.torch import feeding, keeping, starting, stepping, timing
from tunix_rt.train.backends.torch.holding import held_out_loss
from tunix_rt.train.course.beginning import base_sha256
from tunix_rt.train.course.holding import HeldOut, rows_of
from tunix_rt.train.course.identity import claim_folder, identify
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.teaching import teach
from tunix_rt.train.course.telling import batch_of
from tunix_rt.train.course.timing import Work, work_of
from tunix_rt.train.schema import Recipe, TrainJob, TrainResult


class Method(NamedTuple):
    """What makes a training of one method of the steps that all share."""

    loss: stepping.Loss
    build: Callable[[dict[str, Any], dict[str, Any]], Any]
    """Makes a trainer from what every one is configured with, and given."""


def train(job: TrainJob, kind: str) -> TrainResult:
    """Train to the end and export; what is on disk decides where it begins."""
    began, recipe = time.monotonic(), job.recipe
    start = starting.start_model(job)
    rows = make_rows(job.examples, start.tokenizer, recipe.rendering(), vocab=start.shape.vocab)
    claim_folder(
        job.folder,
        identify(
            recipe,
            examples_sha256=rows.examples_sha256,
            tokenizer_sha256=start.tokenizer.sha256(),
            base_sha256=base_sha256(start.source),
        ),
    )
    batches = batches_of(rows, recipe)
    loaded = starting.adapted(start, recipe)
    steps, best = recipe.steps_of(batches.steps), keeping.Best(job.folder)
    apart = rows_of(job, start)
    loss = None if apart is None else held_out_loss(apart, recipe, kind, job.check)
    ceiling, work = timing.ceiling(recipe, loaded.model, kind), dict[int, Work]()

    def batch(step: int) -> tuple[list[dict[str, Any]], int]:
        found = batches.at(step)
        work[step + 1] = done = work_of(found, loaded.shape, recipe, counted=ceiling > 0)
        return feeding.fed(found, recipe.accumulate), done.useful

    course = stepping.Course(
        batch=batch,
        taken_on=partial(batch_of, batches.rows_at),
        steps=steps,
        loss=TAUGHT.loss,
        held_out=HeldOut(recipe, steps, loss, best),
        kind=kind,
        ceiling=ceiling,
        work=work,
    )

    def learn(journal: Journal) -> int:
        return stepping.run(job, loaded, course, journal, TAUGHT.build)

    export = partial(starting.exported, loaded, job.folder / "model")
    return teach(job, loaded, rows, batches, course.held_out, learn, export, began=began)


def batches_of(rows: Rows, recipe: Recipe) -> Batches:
    """The batches of a training; torch compiles nothing, and rows are padded if nobody says how."""
    batching = recipe.batching
    if batching.layout == "auto":
        batching = batching.model_copy(update={"layout": "padded"})
    return Batches(rows, batching, size=recipe.batch_size, seed=recipe.seed)


def _mean_loss(_: Any, model: Any, part: dict[str, Any]) -> tuple[Any, dict[str, float]]:
    return feeding.mean_loss(model, part), {}


def trainer(common: dict[str, Any], given: dict[str, Any]) -> Any:
    """TRL's SFTTrainer; what it is shown of a dataset is one row that it never draws."""
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    arguments = SFTConfig(**common, dataset_kwargs={"skip_prepare_dataset": True})
    shown = Dataset.from_dict({"input_ids": [[0]], "labels": [[0]]})
    return stepping.trainer_class(SFTTrainer)(args=arguments, train_dataset=shown, **given)


TAUGHT = Method(_mean_loss, trainer)
"""Being taught by examples."""
