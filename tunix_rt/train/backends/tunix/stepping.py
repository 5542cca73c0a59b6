"""One training step: what the model is called with, its loss, and the trainer that takes it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tunix_rt.rendering.batching import Batch
from tunix_rt.train.backends.tunix import keeping
from tunix_rt.train.backends.tunix.looping import trainer_class
from tunix_rt.train.backends.tunix.numbering import computing
from tunix_rt.train.backends.tunix.optimising import optimizer
from tunix_rt.train.schema import Recipe
from tunix_rt.train.schema_machine import Precision


def fed(batch: Batch, multiple: int = 1) -> dict[str, Any]:
    """A batch as the trainer takes it; lines of padding make their number a multiple."""
    import numpy as np

    found = {"tokens": batch.tokens, "weights": batch.weights, "present": batch.present}
    if batch.positions is not None:
        found["positions"] = batch.positions
    more = -len(batch.tokens) % multiple
    return (
        {name: np.pad(one, ((0, more), (0, 0))) for name, one in found.items()} if more else found
    )


def model_input(batch: dict[str, Any]) -> dict[str, Any]:
    """What the model is called with. Padding is on the right and attends to nothing.

    Packed, a row sees only itself, and its positions begin with it.
    """
    import jax.numpy as jnp

    length = batch["present"].shape[1]
    causal = jnp.tril(jnp.ones((length, length), bool))
    if "positions" in batch:
        row = batch["present"]
        own = (row[:, :, None] == row[:, None, :]) & (row[:, None, :] > 0)
        positions, seen = batch["positions"], causal[None] & own
    else:
        present = batch["present"].astype(bool)
        positions = jnp.broadcast_to(jnp.arange(length), present.shape)
        seen = causal[None] & present[:, None, :]
    return {
        "tokens": batch["tokens"],
        "weights": batch["weights"],
        "positions": positions,
        "attention_mask": seen,
    }


def mean_loss(precision: Precision) -> Callable[..., Any]:
    """Mean cross entropy of the tokens by their weights, from integer labels."""

    def loss(model: Any, tokens: Any, weights: Any, positions: Any, attention_mask: Any) -> Any:
        inputs = {"positions": positions, "attention_mask": attention_mask}
        return _mean(*sums(model, precision, tokens=tokens, weights=weights, **inputs))

    return loss


def _mean(summed: Any, total: Any) -> Any:
    import jax.numpy as jnp

    return summed / jnp.where(total > 0, total, 1.0)


def sums(
    model: Any,
    precision: Precision,
    *,
    tokens: Any,
    weights: Any,
    positions: Any,
    attention_mask: Any,
) -> tuple[Any, Any]:
    """Cross entropy by weight, and all the weights."""
    import jax.numpy as jnp
    import optax

    logits, _ = computing(model, precision)(tokens, positions, None, attention_mask)
    each = optax.softmax_cross_entropy_with_integer_labels(
        logits[:, :-1].astype(jnp.float32), tokens[:, 1:]
    )
    counted = weights[:, 1:].astype(jnp.float32)
    return (each * counted).sum(), counted.sum()


def gradients(model: Any, batch: dict[str, Any], precision: Precision, parts: int) -> Any:
    """Loss, nothing beside it, and gradient of a batch, computed in so many parts.

    The parts are weighed by what they teach, so that the sum is that of the whole batch.
    """
    import jax.numpy as jnp

    total = batch["weights"][:, 1:].astype(jnp.float32).sum()

    def loss(whole: Any, part: dict[str, Any]) -> Any:
        return _mean(sums(whole, precision, **model_input(part))[0], total), None

    return summed(model, cut(batch, parts), loss)


def cut(batch: Any, parts: int) -> Any:
    """The lines of a batch in so many parts, which are an axis before them."""
    import jax

    return jax.tree.map(lambda one: one.reshape(parts, -1, *one.shape[1:]), batch)


def summed(model: Any, parts: Any, loss: Callable[[Any, Any], tuple[Any, Any]]) -> Any:
    """Loss, what is told beside it, and gradient: the sums over parts, one after another.

    `loss(model, part)` gives what a part has of the first two.
    """
    import jax
    import jax.numpy as jnp
    from flax import nnx

    graph, trained, rest = nnx.split(model, trained_kind(model), ...)

    def of_weights(trained: Any, part: Any) -> Any:
        return loss(nnx.merge(graph, trained, rest), part)

    gradient = jax.value_and_grad(of_weights, has_aux=True)

    def add(before: Any, part: Any) -> Any:
        return jax.tree.map(jnp.add, before, gradient(trained, part)), None

    first = jax.tree.map(lambda one: one[0], parts)
    shapes = jax.eval_shape(gradient, trained, first)
    nothing = jax.tree.map(lambda one: jnp.zeros(one.shape, one.dtype), shapes)
    return jax.lax.scan(add, nothing, parts)[0]


def trained_kind(model: Any) -> Any:
    """The variables of a model that are trained: LoRA's where it has some, or all weights."""
    from flax import nnx
    from tunix.sft.utils import is_lora_enabled

    return nnx.LoRAParam if is_lora_enabled(model) else nnx.Param


def trainer(
    model: Any,
    recipe: Recipe,
    rate: Callable[[Any], Any],
    *,
    steps: int,
    folder: Path | None,
    metrics: Any = None,
) -> Any:
    """Tunix's trainer with our loss; it goes on from the checkpoints below `folder`."""
    moved = optimizer(recipe.optimizer, rate)
    config = keeping.trainer_config(recipe, model, moved, steps=steps, folder=folder)
    parts, precision = recipe.accumulate, recipe.precision
    own = partial(gradients, precision=precision, parts=parts) if parts > 1 else None
    found = trainer_class(own)(model, moved, config, metrics_logger=metrics)
    return found.with_gen_model_input_fn(model_input).with_loss_fn(mean_loss(recipe.precision))


def data_hooks(batch: Callable[[int], dict[str, Any] | None]) -> Any:
    """Hands the trainer batch after batch from the step it stands at; none is drawn in vain."""
    from tunix.sft.hooks import DataHooks

    class Hooks(DataHooks):  # type: ignore[misc]
        def load_next_train_batch(self, train_ctx: Any) -> dict[str, Any] | None:
            return batch(int(train_ctx.train_steps))

        def load_next_eval_batch(self, train_ctx: Any) -> None:
            return None

    return Hooks()
