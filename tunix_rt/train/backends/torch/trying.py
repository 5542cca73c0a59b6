"""One step of a training on its longest batch: done, kept, restored and done again."""

import gc
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.rendering.batching import Batch, make_rows
from tunix_rt.rendering.schema_batching import Layout
from tunix_rt.train.backends.torch import (
    feeding,
    grpo,
    keeping,
    optimising,
    placing,
    preferring,
    sft,
    starting,
)
from tunix_rt.train.backends.torch.repeating import Repeated, repeated
from tunix_rt.train.backends.torch.rounds import Rounds
from tunix_rt.train.course.fitting import fitting
from tunix_rt.train.course.pairs import PairBatches, make_pairs
from tunix_rt.train.course.rewinding import rewind
from tunix_rt.train.course.trying import Size, Steps, first_round, largest, tried, without_warmup
from tunix_rt.train.schema import TrainJob
from tunix_rt.train.schema_dry import Tried, TriedRound
from tunix_rt.train.schema_grpo import Grpo
from tunix_rt.train.schema_keeping import Checkpoints


@dataclass(frozen=True, slots=True)
class _Trial:
    """What is tried."""

    loaded: Loaded
    method: sft.Method
    layout: Layout
    size: Size
    parts: Callable[[], list[dict[str, Any]]]
    """The same batch again; a step may add to it."""
    round: TriedRound | None = None


def try_out(job: TrainJob, kind: str) -> Tried:
    """Two steps of `job` in its folder, which holds nothing."""
    kept = Checkpoints(every=1, keep=2)
    recipe = without_warmup(job.recipe).model_copy(update={"checkpoints": kept, "log_every": 1})
    trial = _trial_of(job, kind)
    moved = optimising.optimizer(recipe.optimizer, trial.loaded.model)
    fitting(job.recipe.checkpoints, lambda: keeping.size_of(trial.loaded.model, moved))
    job = replace(job, recipe=recipe)

    def twice() -> Repeated:
        gc.collect()  # the trainer before this one holds moments
        batch = partial(_handed, trial)
        return repeated(job, trial.loaded, trial.method, batch, steps=2, kind=kind)

    first = twice()
    took = placing.taken(kind)
    rewind(job.folder, 1)
    again = twice()
    seconds = [
        told.wall - handed.wall for handed, told in zip(first.handed, first.told, strict=True)
    ]
    steps = Steps(
        seen=[*first.seen, again.seen[-1]],
        seconds=seconds[1],
        compiling=max(seconds[0] - seconds[1], 0.0),
        went_on=again.resumed_from == 1,
    )
    return tried(
        job.folder,
        steps,
        layout=trial.layout,
        size=trial.size,
        device=placing.device_name(kind),
        compiled_bytes=took,
        round=trial.round,
    )


def _handed(trial: _Trial) -> tuple[list[dict[str, Any]], int]:
    return trial.parts(), math.prod(trial.size)


def _trial_of(job: TrainJob, kind: str) -> _Trial:
    if job.practice is not None:
        return _of_rounds(job, job.recipe.grpo or Grpo(), kind)
    start, recipe = starting.start_model(job), job.recipe
    method = sft.TAUGHT if job.pairs is None else preferring.method(job, kind)
    layout, batch = (_of_rows if job.pairs is None else _of_pairs)(job, start)
    parts = (feeding.fed if job.pairs is None else preferring.fed)(batch, recipe.accumulate)
    size = (int(batch.tokens.shape[0]), int(batch.tokens.shape[1]))
    return _Trial(starting.adapted(start, recipe), method, layout, size, lambda: parts)


def _of_rounds(job: TrainJob, options: Grpo, kind: str) -> _Trial:
    """The first round, and a step on answers as long as they may be."""
    loaded = grpo.start_model(job, kind=kind)
    first = first_round(job, Rounds(job, loaded))
    method = grpo.method(options, job, kind)

    def parts() -> list[dict[str, Any]]:
        return [dict(one) for one in first.example]

    return _Trial(loaded, method, "padded", first.size, parts, round=first.tried)


def _of_rows(job: TrainJob, start: Loaded) -> tuple[Layout, Batch]:
    """The layout of a training by examples, and its longest batch."""
    recipe = job.recipe
    rows = make_rows(job.examples, start.tokenizer, recipe.rendering(), vocab=start.shape.vocab)
    batches = sft.batches_of(rows, recipe)
    return batches.layout, batches.first_of(largest(batches.shapes))


def _of_pairs(job: TrainJob, start: Loaded) -> tuple[Layout, Batch]:
    """The layout of a training by pairs, and one of its batches, which are all as long."""
    pairs = make_pairs(job.pairs or (), start.tokenizer, job.recipe, vocab=start.shape.vocab)
    batches = PairBatches(pairs, job.recipe, start.tokenizer.pad_id())
    return batches.layout, batches.at(0)
