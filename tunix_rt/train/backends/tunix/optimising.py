"""The learning rate over the steps, and the optimizer of a recipe."""

from collections.abc import Callable
from typing import Any

from tunix_rt.train.schema import Optimizer


def learning_rate(recipe: Optimizer, steps: int) -> Callable[[Any], Any]:
    """The rate of step i (from 0): up in a line, then down as the recipe says."""
    import optax

    peak, last = recipe.learning_rate, recipe.learning_rate * recipe.final_ratio
    warmup = min(recipe.warmup_steps, steps - 1)
    after = max(steps - warmup, 1)
    falls: dict[str, Any] = {
        "cosine": lambda: optax.cosine_decay_schedule(peak, after, recipe.final_ratio),
        "linear": lambda: optax.linear_schedule(peak, last, after),
        "constant": lambda: optax.constant_schedule(peak),
    }
    fall = falls[recipe.schedule]()
    if not warmup:
        return fall  # type: ignore[no-any-return]
    rise = optax.linear_schedule(0.0, peak, warmup)
    return optax.join_schedules([rise, fall], [warmup])  # type: ignore[no-any-return]


def optimizer(recipe: Optimizer, rate: Callable[[Any], Any]) -> Any:
    """The optax transformation: clip, then AdamW, Muon or Adafactor."""
    import optax
    import optax.contrib

    clip = optax.clip_by_global_norm(recipe.clip)
    if recipe.name == "adamw":
        return optax.chain(
            clip,
            optax.adamw(
                rate,
                b1=recipe.beta1,
                b2=recipe.beta2,
                weight_decay=recipe.weight_decay,
                mask=_matrices,
            ),
        )
    if recipe.name == "adafactor":
        return optax.chain(
            clip,
            optax.adafactor(
                rate,
                weight_decay_rate=lambda count: rate(count) * recipe.weight_decay,
                weight_decay_mask=_matrices,
            ),
        )
    return optax.chain(
        clip,
        optax.contrib.muon(
            rate,
            beta=recipe.momentum,
            weight_decay=recipe.weight_decay,
            adam_learning_rate=_scaled(rate, recipe),
            adam_b1=recipe.beta1,
            adam_b2=recipe.beta2,
            muon_weight_dimension_numbers=_matrix_axes,
        ),
    )


def _scaled(rate: Callable[[Any], Any], recipe: Optimizer) -> Callable[[Any], Any] | None:
    if recipe.adam_learning_rate is None:
        return None
    ratio = recipe.adam_learning_rate / recipe.learning_rate
    return lambda count: rate(count) * ratio


def _matrices(parameters: Any) -> Any:
    import jax

    return jax.tree.map(lambda one: one.ndim > 1, parameters)


def _matrix_axes(parameters: Any) -> Any:
    """Which axes of each weight are the input and the output of a matrix; None is Adam's.

    Left to itself, Muon takes plain matrices only and leaves the attention to
    Adam, because Tunix keeps its heads in an axis of their own.
    """
    import jax
    from optax.contrib import MuonDimensionNumbers

    def axes(path: Any, weight: Any) -> Any:
        name = jax.tree_util.keystr(path)
        if weight.ndim < 2 or "embedding" in name or "lm_head" in name:
            return None
        if "_lora_a" in name:
            return MuonDimensionNumbers(tuple(range(weight.ndim - 1)), (weight.ndim - 1,))
        if "_lora_b" in name:
            return MuonDimensionNumbers((0,), tuple(range(1, weight.ndim)))
        if weight.ndim == 2:
            return MuonDimensionNumbers()
        if "attn_vec" in name or "o_proj" in name:
            return MuonDimensionNumbers((0, 1), (2,))
        if "q_einsum" in name and "qkv" not in name:
            return MuonDimensionNumbers((1,), (0, 2))
        if "einsum" in name:
            return MuonDimensionNumbers((2,), (3,))
        return MuonDimensionNumbers((0,), (1, 2))

    return jax.tree_util.tree_map_with_path(axes, parameters)
