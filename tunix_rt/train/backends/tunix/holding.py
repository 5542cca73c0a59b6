"""The loss on rows that are held out, by Tunix's models."""

from collections.abc import Callable
from typing import Any

from tunix_rt.rendering.batching import Rows
from tunix_rt.train.backends.tunix import stepping
from tunix_rt.train.course.holding import batches_of
from tunix_rt.train.schema import Recipe


def held_out_loss(rows: Rows, recipe: Recipe, check: Callable[[], None]) -> Callable[[Any], float]:
    """A function that says a model's mean loss over every trained token of some rows.

    `check` is called before each batch.
    """
    import jax.numpy as jnp
    from flax import nnx

    lines = recipe.accumulate * recipe.mesh.fsdp
    size = -(-min(recipe.batch_size, len(rows)) // lines) * lines

    def both(model: Any, batch: dict[str, Any]) -> Any:
        return jnp.stack(stepping.sums(model, recipe.precision, **stepping.model_input(batch)))

    summed = nnx.jit(both)

    def loss(model: Any) -> float:
        found = jnp.zeros(2)
        for batch in batches_of(rows, size):
            check()
            before, found = found, found + summed(model, stepping.fed(batch, size))
            before.block_until_ready()  # or else all of them are on their way at once
        total, weight = map(float, found)
        return total / weight

    return loss
