"""Supervised training with Tunix's PeftTrainer: the loss is on the response alone.

Batches depend on nothing but seed and number, so a training that goes on from a checkpoint draws
none of those it has seen.
"""

import time
from functools import cache, partial
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.rendering.batching import Batch, Batches, Rows, make_rows
from tunix_rt.train.backends.tunix import keeping, stepping
from tunix_rt.train.backends.tunix.benching import ceiling
from tunix_rt.train.backends.tunix.choosing import measured, settled
from tunix_rt.train.backends.tunix.holding import held_out_loss
from tunix_rt.train.backends.tunix.listening import Listener
from tunix_rt.train.backends.tunix.optimising import learning_rate
from tunix_rt.train.backends.tunix.profiling import Traced
from tunix_rt.train.backends.tunix.starting import exported, prepared, start_model
from tunix_rt.train.course.beginning import base_sha256
from tunix_rt.train.course.holding import HeldOut, rows_of
from tunix_rt.train.course.identity import claim_folder, identify, refuse_another
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.teaching import teach
from tunix_rt.train.course.telling import batch_of
from tunix_rt.train.course.timing import work_of
from tunix_rt.train.schema import TrainJob, TrainResult


def train(job: TrainJob) -> TrainResult:
    """Train to the end and export; what is on disk decides where it begins."""
    began, recipe = time.monotonic(), job.recipe
    start = start_model(job)
    rows = make_rows(job.examples, start.tokenizer, recipe.rendering(), vocab=start.shape.vocab)
    loaded, stored = prepared(job, start)
    batches, identity = batches_of(job, loaded, rows)
    claim_folder(job.folder, identity)
    steps = recipe.steps_of(batches.steps)
    apart = rows_of(job, start)
    loss = None if apart is None else held_out_loss(apart, recipe, job.check)
    held_out = HeldOut(recipe, steps, loss, keeping.Best(job.folder))
    learn = partial(_run, job, loaded, batches, held_out)
    export = partial(exported, job, loaded, stored, job.folder / "model")
    return teach(job, loaded, rows, batches, held_out, learn, export, began=began)


def batches_of(job: TrainJob, loaded: loading.Loaded, rows: Rows) -> tuple[Batches, dict[str, Any]]:
    """The batches of a training, and everything that decides its weights."""
    recipe = job.recipe
    identity = identify(
        recipe,
        examples_sha256=rows.examples_sha256,
        tokenizer_sha256=loaded.tokenizer.sha256(),
        base_sha256=base_sha256(loaded.source),
    )
    refuse_another(job.folder, identity, unsettled="layout")
    measure = measured(partial(_computed, job, loaded.model))
    batching = settled(job.folder, identity, rows, recipe, measure)
    if recipe.batching.layout == "auto":
        identity["layout"] = batching.layout
    return Batches(rows, batching, size=recipe.batch_size, seed=recipe.seed), identity


def _computed(job: TrainJob, model: Any, batch: Batch) -> None:
    """Loss and gradient of a batch, to be timed."""
    import jax

    own = job.recipe
    job.check()
    _, found = _gradients()(model, fed(job, batch), own.precision, own.accumulate)
    jax.block_until_ready(jax.tree.leaves(found))


@cache
def _gradients() -> Any:
    from flax import nnx

    return nnx.jit(stepping.gradients, static_argnums=(2, 3))


def fed(job: TrainJob, batch: Batch) -> dict[str, Any]:
    """A batch of a job as its trainer takes it."""
    return stepping.fed(batch, job.recipe.accumulate * job.recipe.mesh.fsdp)


def _run(
    job: TrainJob,
    loaded: loading.Loaded,
    batches: Batches,
    held_out: HeldOut,
    journal: Journal,
) -> int:
    """Run the trainer to the last step; the step of the checkpoint it went on from."""
    import jax

    recipe, model, steps = job.recipe, loaded.model, held_out.steps
    with loading.quiet():
        rate = learning_rate(recipe.optimizer, steps)
        listener = Listener(job, journal, steps, jax.jit(rate))
        clock = listener.clock
        if listener.device.platform != "cpu":
            clock.ceiling = ceiling(recipe, loaded.model)

        def over(step: int) -> dict[str, float]:
            if not held_out.is_due(step):
                return {}
            trainer.apart.put_together()
            return held_out.at(step, model)

        def batch(step: int) -> dict[str, Any] | None:
            listener.settle(step)
            traced.at(step)
            clock.fetch()
            if step >= steps or listener.is_stopped():
                clock.fetched()
                return None
            found = batches.at(step)
            work = work_of(found, loaded.shape, recipe, counted=clock.ceiling > 0)
            listener.tokens[step + 1], clock.work[step + 1] = work.useful, work
            given = fed(job, found)
            clock.fetched()
            return given

        folder, metrics = job.folder / "checkpoints", listener.metrics
        trainer = stepping.trainer(model, recipe, rate, steps=steps, folder=folder, metrics=metrics)
        traced = Traced(recipe.profile, job.folder, lambda: trainer.apart.wait())
        listener.follow(trainer, over)
        trainer.with_data_hooks(stepping.data_hooks(batch))
        resumed_from = int(trainer.train_steps)
        with keeping.closing(trainer, job.folder, partial(batch_of, batches.rows_at)), traced:
            trainer.train(())
    listener.end()
    return resumed_from
