"""Learning from pairs: DPO (arXiv 2305.18290) with a term of its own for the right traces, and ORPO
(arXiv 2403.07691).

Tunix's own trainer of pairs leaves the end of text out and adds log-probabilities up where ORPO's
paper takes their mean; its PeftTrainer is used with losses of ours. A row is prompt, response and
end of text, weighed as in supervised training.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from tunix_rt.registry.loading import jax as loading
from tunix_rt.rendering.batching import Batch
from tunix_rt.train.backends.tunix import keeping
from tunix_rt.train.backends.tunix.listening import Listener
from tunix_rt.train.backends.tunix.looping import trainer_class
from tunix_rt.train.backends.tunix.numbering import computing
from tunix_rt.train.backends.tunix.optimising import learning_rate, optimizer
from tunix_rt.train.backends.tunix.placing import shared
from tunix_rt.train.backends.tunix.starting import exported, prepared, reference, start_model
from tunix_rt.train.backends.tunix.stepping import data_hooks, summed
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.pairs import ALMOST_SURE, PairBatches
from tunix_rt.train.course.preferring import prefer
from tunix_rt.train.course.telling import batch_of
from tunix_rt.train.course.timing import work_of
from tunix_rt.train.schema import TrainJob, TrainResult
from tunix_rt.train.schema_machine import Precision
from tunix_rt.train.schema_preference import Preference


def train(job: TrainJob) -> TrainResult:
    """Learn the pairs to the end and export; what is on disk decides where it begins."""
    loaded, stored = prepared(job, start_model(job))
    export = partial(exported, job, loaded, stored, job.folder / "model")
    return prefer(job, loaded, partial(_run, job, loaded), export)


def _run(
    job: TrainJob,
    loaded: loading.Loaded,
    batches: PairBatches,
    journal: Journal,
    steps: int,
) -> int:
    """Run the trainer to the last step; the step of the checkpoint it went on from."""
    recipe = job.recipe
    with loading.quiet():
        rate = learning_rate(recipe.optimizer, steps)
        listener = Listener(job, journal, steps, rate)
        feed = feeding(job)

        def fed(step: int) -> dict[str, Any] | None:
            listener.clock.fetch()
            if step >= steps or listener.is_stopped():
                listener.clock.fetched()
                return None
            batch = batches.at(step)
            work = work_of(batch, loaded.shape, recipe, counted=False)
            listener.tokens[step + 1], listener.clock.work[step + 1] = work.useful, work
            given = feed(batch)
            listener.clock.fetched()
            return given

        trainer = trainer_of(job, loaded.model, rate, steps, listener)
        listener.follow(trainer)
        trainer.with_data_hooks(data_hooks(fed))
        resumed_from = int(trainer.train_steps)
        with keeping.closing(trainer, job.folder, partial(batch_of, batches.rows_at)):
            trainer.train(())
    listener.end()
    return resumed_from


def trainer_of(
    job: TrainJob,
    model: Any,
    rate: Callable[[Any], Any],
    steps: int,
    listener: Listener | None = None,
) -> Any:
    """Tunix's trainer with our loss; it goes on from the checkpoints in the job's folder."""
    recipe, folder = job.recipe, job.folder / "checkpoints"
    moved = optimizer(recipe.optimizer, rate)
    loss = _loss(recipe.method, recipe.preference or Preference(), recipe.precision)
    parts = recipe.accumulate
    own = partial(_gradients, loss=loss, parts=parts) if parts > 1 else None

    class Trainer(trainer_class(own)):  # type: ignore[misc]
        """Tells what the loss says beside the loss."""

        def _post_process_train_step(self, aux: Any) -> None:
            if listener is not None:
                listener.more[self.train_steps + 1] = aux

    config = keeping.trainer_config(recipe, model, moved, steps=steps, folder=folder)
    metrics = None if listener is None else listener.metrics
    found = Trainer(model, moved, config, metrics_logger=metrics)
    return found.with_loss_fn(loss, has_aux=True)


def _gradients(model: Any, batch: dict[str, Any], *, loss: Callable[..., Any], parts: int) -> Any:
    """Those of a batch, computed in so many parts, each with both sides of its pairs."""
    import jax
    import jax.numpy as jnp

    def cut(one: Any) -> Any:
        sides = one.reshape(2, parts, -1, *one.shape[1:])
        return jnp.moveaxis(sides, 0, 1).reshape(parts, -1, *one.shape[1:])

    own = _halves(batch["weights"])[0][:, 1:].astype(jnp.float32).sum() / parts

    def share(model: Any, part: dict[str, Any]) -> Any:
        return jax.tree.map(lambda one: one / parts, loss(model, **part, own=own))

    return summed(model, jax.tree.map(cut, batch), share)


def feeding(job: TrainJob) -> Callable[[Batch], dict[str, Any]]:
    """What makes of a batch what the trainer takes; for DPO with a model of its own."""
    recipe = job.recipe
    before = _before(reference(job) if recipe.method == "dpo" else None, recipe.accumulate)

    def fed(batch: Batch) -> dict[str, Any]:
        given = {"tokens": batch.tokens, "weights": batch.weights, "present": batch.present}
        return given | {"before": before(given)}

    return fed


def _before(model: Any, parts: int) -> Callable[[dict[str, Any]], Any]:
    """What the rows of a batch were worth at first, asked in so many parts."""
    import numpy as np
    from flax import nnx

    if model is None:
        return lambda given: np.zeros(len(given["tokens"]), np.float32)
    logps = nnx.jit(_logps)

    def before(given: dict[str, Any]) -> Any:
        cut = {name: np.split(one, parts) for name, one in given.items()}
        each = (dict(zip(cut, part, strict=True)) for part in zip(*cut.values(), strict=True))
        found = [np.asarray(loading.computed(logps(model, **shared(part))[0])) for part in each]
        return np.concatenate(found)

    return before


def _logps(model: Any, tokens: Any, weights: Any, present: Any) -> tuple[Any, Any]:
    """The log-probability of each row's learned tokens, by their weights; and the weights."""
    import jax.numpy as jnp
    import optax

    there = present.astype(bool)
    length = there.shape[1]
    mask = jnp.tril(jnp.ones((length, length), bool))[None] & there[:, None, :]
    positions = jnp.broadcast_to(jnp.arange(length), there.shape)
    logits, _ = model(tokens, positions, None, mask)
    each = -optax.softmax_cross_entropy_with_integer_labels(
        logits[:, :-1].astype(jnp.float32), tokens[:, 1:]
    )
    counted = weights[:, 1:].astype(jnp.float32)
    return (each * counted).sum(-1), counted.sum(-1)


def _halves(both: Any) -> tuple[Any, Any]:
    """Of the preferred sides, and of the others."""
    middle = both.shape[0] // 2
    return both[:middle], both[middle:]


def _loss(method: str, options: Preference, precision: Precision) -> Callable[..., Any]:
    """The mean over the pairs of a batch, or of a part of it: `own` is then what the preferred
    tokens of a part weigh on the average of all.
    """
    import jax
    import jax.numpy as jnp

    def loss(
        model: Any, tokens: Any, weights: Any, present: Any, before: Any, own: Any = None
    ) -> tuple[Any, dict[str, Any]]:
        logps, counts = _logps(computing(model, precision), tokens, weights, present)
        right, wrong = _halves(logps)
        counted = _halves(counts)[0]
        if method == "dpo":
            gained, lost = _halves(logps - before)
            margin = options.beta * (gained - lost)
            learned = options.nll * -right.sum() / (counted.sum() if own is None else own)
        else:
            mean, other = _halves(jnp.minimum(logps / counts, ALMOST_SURE))
            odds = jnp.log(-jnp.expm1(mean)), jnp.log(-jnp.expm1(other))
            margin = (mean - other) - (odds[0] - odds[1])
            learned = -(right / counted).mean()
        preferred = -jax.nn.log_sigmoid(margin).mean()
        weight = 1.0 if method == "dpo" else options.beta
        return weight * preferred + learned, {
            "preferred": (margin > 0).mean(),
            "margin": margin.mean(),
            "logp_right": right.mean(),
            "logp_wrong": wrong.mean(),
        }

    return loss
