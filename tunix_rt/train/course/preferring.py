"""Learning from pairs from their first batch to what is left, with the trainer of a library."""

import time
from collections.abc import Callable

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.train.course.beginning import base_sha256
from tunix_rt.train.course.counting import pace
from tunix_rt.train.course.identity import claim_folder, identify
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.pairs import PairBatches, make_pairs
from tunix_rt.train.schema import TrainJob, TrainResult


def prefer(
    job: TrainJob,
    loaded: Loaded,
    learn: Callable[[PairBatches, Journal, int], int],
    export: Callable[[], str],
) -> TrainResult:
    """Learn the pairs to the end and export; what is on disk decides where it begins.

    `learn(batches, journal, steps)` takes every step and says which one it went on from; `export`
    writes the model and says the SHA-256 of its weights.
    """
    began, recipe = time.monotonic(), job.recipe
    pairs = make_pairs(job.pairs or (), loaded.tokenizer, recipe, vocab=loaded.shape.vocab)
    claim_folder(
        job.folder,
        identify(
            recipe,
            pairs_sha256=pairs.sha256,
            tokenizer_sha256=loaded.tokenizer.sha256(),
            base_sha256=base_sha256(loaded.source),
        ),
    )
    batches = PairBatches(pairs, recipe, loaded.tokenizer.pad_id())
    steps = recipe.steps_of(batches.steps)
    journal = Journal(job.folder / "steps.jsonl")
    learning = time.monotonic()
    try:
        resumed_from = learn(batches, journal, steps)
    finally:
        journal.close()
    every = batches.tokens(steps)
    rate = pace(every - batches.tokens(resumed_from), learning)
    return TrainResult(
        model=job.folder / "model",
        steps=steps,
        resumed_from=resumed_from,
        parameters=loaded.shape.parameters(),
        examples=len(pairs.rows),
        dropped=pairs.dropped,
        first_loss=journal.first_loss,
        final_loss=journal.final_loss,
        seconds=time.monotonic() - began,
        tokens=every,
        useful_tokens_per_second=rate,
        first_batch_sha256=batches.at(0).sha256(),
        weights_sha256=export(),
        tokenizer_sha256=loaded.tokenizer.sha256(),
    )
