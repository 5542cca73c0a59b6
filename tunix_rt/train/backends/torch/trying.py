"""One step of a training on its longest batch: done, kept, restored and done again."""

import gc
from dataclasses import replace

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.rendering.batching import Batch, make_rows
from tunix_rt.rendering.schema_batching import Layout
from tunix_rt.train.backends.torch import (
    feeding,
    keeping,
    optimising,
    placing,
    preferring,
    sft,
    starting,
)
from tunix_rt.train.backends.torch.repeating import Repeated, repeated
from tunix_rt.train.course.fitting import fitting
from tunix_rt.train.course.pairs import PairBatches, make_pairs
from tunix_rt.train.course.rewinding import rewind
from tunix_rt.train.course.trying import Steps, largest, tried, without_warmup
from tunix_rt.train.schema import TrainJob
from tunix_rt.train.schema_dry import Tried
from tunix_rt.train.schema_keeping import Checkpoints


def try_out(job: TrainJob, kind: str) -> Tried:
    """Two steps of `job` in its folder, which holds nothing."""
    kept = Checkpoints(every=1, keep=2)
    recipe = without_warmup(job.recipe).model_copy(update={"checkpoints": kept, "log_every": 1})
    start = starting.start_model(job)
    layout, batch = (_of_rows if job.pairs is None else _of_pairs)(job, start)
    loaded, tokens = starting.adapted(start, recipe), int((batch.present > 0).sum())
    moved = optimising.optimizer(recipe.optimizer, loaded.model)
    fitting(job.recipe.checkpoints, lambda: keeping.size_of(loaded.model, moved))
    job = replace(job, recipe=recipe)

    def twice() -> Repeated:
        gc.collect()  # the trainer before this one holds moments
        method = sft.TAUGHT if job.pairs is None else preferring.method(job, kind)
        parts = feeding.fed(batch, recipe.accumulate)
        return repeated(job, loaded, method, lambda: (parts, tokens), steps=2, kind=kind)

    first = twice()
    took = placing.taken(kind)
    rewind(job.folder, 1)
    again = twice()
    seconds = [
        told.wall - handed.wall for handed, told in zip(first.handed, first.told, strict=True)
    ]
    steps = Steps(
        losses=[*first.losses, again.losses[-1]],
        seconds=seconds[1],
        compiling=max(seconds[0] - seconds[1], 0.0),
        went_on=again.resumed_from == 1,
    )
    size = (int(batch.tokens.shape[0]), int(batch.tokens.shape[1]))
    device = placing.device_name(kind)
    return tried(job.folder, steps, layout=layout, size=size, device=device, compiled_bytes=took)


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
