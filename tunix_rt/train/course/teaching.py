"""Supervised training from its first step to what is left, with the trainer of a library."""

import time
from collections.abc import Callable

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.rendering.batching import Batches, Rows
from tunix_rt.train.course.counting import pace
from tunix_rt.train.course.holding import HeldOut
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.schema import TrainJob, TrainResult


def teach(
    job: TrainJob,
    loaded: Loaded,
    rows: Rows,
    batches: Batches,
    held_out: HeldOut,
    learn: Callable[[Journal], int],
    export: Callable[[], str],
    *,
    began: float,
) -> TrainResult:
    """Learn every batch and export; what is on disk decides where it begins.

    `learn(journal)` takes every step and says which one it went on from; `export` writes the
    model and says the SHA-256 of its weights. `began`: when, by the monotonic clock.
    """
    journal = Journal(job.folder / "steps.jsonl")
    learning = time.monotonic()
    try:
        resumed_from = learn(journal)
    finally:
        journal.close()
    every = batches.tokens(held_out.steps)
    rate = pace(every - batches.tokens(resumed_from), learning)
    loss, kept = held_out.leave(loaded.model)
    weights = export()
    return TrainResult(
        model=job.folder / "model",
        steps=held_out.steps,
        resumed_from=resumed_from,
        parameters=loaded.shape.parameters(),
        examples=len(rows),
        dropped=rows.dropped,
        first_loss=journal.first_loss,
        final_loss=journal.final_loss,
        seconds=time.monotonic() - began,
        tokens=every,
        useful_tokens_per_second=rate,
        first_batch_sha256=batches.at(0).sha256(),
        weights_sha256=weights,
        tokenizer_sha256=loaded.tokenizer.sha256(),
        layout=batches.layout,
        held_out_loss=loss,
        kept_step=kept,
    )
