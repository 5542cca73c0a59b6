"""LoRA: small matrices beside frozen weights while training, and added to them in the end."""

from collections.abc import Iterator
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.train.schema_lora import GROUPS, Lora

HOLDS = {
    "qkv_einsum": {"q_proj", "k_proj", "v_proj"},
    "q_einsum": {"q_proj"},
    "kv_einsum": {"k_proj", "v_proj"},
    "attn_vec_einsum": {"o_proj"},
    **{name: {name} for group in GROUPS.values() for name in group},
}
"""Tunix's modules, and the weights that each of them keeps in one piece."""


def adapt(model: Any, lora: Lora, seed: int) -> Any:
    """A copy of `model` with LoRA on its targets. B is zero, so it computes the same at first.

    qwix finds the targets by asking the model; compiled as one, nothing of its answer is computed.
    """
    import jax
    import qwix
    from flax import nnx

    names = "|".join(chosen(_leaves(model), lora))
    provider = qwix.LoraProvider(
        module_path=rf"(.*/)?({names})", rank=lora.rank, alpha=float(lora.alpha)
    )
    before, weights = nnx.split(model)
    theirs = {path for path, _ in nnx.to_flat_state(weights)}
    after: list[Any] = []

    def added(weights: Any) -> Any:
        own = nnx.merge(before, weights)
        rngs = nnx.Rngs(seed)
        found = qwix.apply_lora_to_model(own, provider, **own.get_model_input(), rngs=rngs)
        graph, _, new = nnx.split(found, lambda path, _: path in theirs, ...)
        after.append(graph)
        return new

    new = jax.jit(added)(weights)
    own = jax.tree.map(lambda array: array, weights)  # what happens to them is not the model's
    return nnx.merge(after[0], own, new)


def chosen(modules: set[str], lora: Lora) -> list[str]:
    """Which of a model's modules are targets; a part of what is kept in one piece is refused."""
    wanted = lora.weights()
    found = sorted(name for name in modules if HOLDS.get(name, set()) & wanted)
    for name in found:
        if rest := HOLDS[name] - wanted:
            together = sorted(HOLDS[name])
            raise BadInput(
                f"This model keeps {' and '.join(together)} in one weight, "
                f"and lora.targets leaves out {' and '.join(sorted(rest))}.",
                hint="Name all of them, or none.",
            )
    if not found:
        raise BadInput(f"The model has none of lora.targets: {', '.join(lora.targets)}.")
    return found


def merged(model: Any, lora: Lora) -> Any:
    """A model with AB alpha/rank added to every adapted weight and without A and B.

    The other weights are shared with `model`, which keeps what it has; without LoRA it is `model`.
    """
    from flax import nnx

    if not list(_adapted(model)):
        return model
    model = nnx.clone(model)
    for module, name in list(_adapted(model)):
        parameter = getattr(module, name)
        first = getattr(module, f"{name}_lora_a").get_value()
        second = getattr(module, f"{name}_lora_b").get_value()
        change = _product(module, name, first, second) * (lora.alpha / lora.rank)
        weight = parameter.get_value()
        summed = weight.astype("float32") + change.reshape(weight.shape)
        parameter.set_value(summed.astype(weight.dtype))
        delattr(module, f"{name}_lora_a")
        delattr(module, f"{name}_lora_b")
    model.__class__ = model._unquantized_type  # qwix's own would look for them
    return model


def _product(module: Any, name: str, first: Any, second: Any) -> Any:
    """A times B in float32, with the axes of the weight."""
    import jax
    import jax.numpy as jnp

    said = getattr(module, f"{name}_lora_einsum_str", None)
    axes = "ir,ro->io"
    if said is not None:
        _, a, b = said.partition("->")[0].split(",")
        axes = f"{a},{b}->{module.einsum_str.partition('->')[0].split(',')[1]}"
    exact = jax.lax.Precision.HIGHEST
    first, second = first.astype(jnp.float32), second.astype(jnp.float32)
    return jnp.einsum(axes, first, second, precision=exact)


def _adapted(model: Any) -> Iterator[tuple[Any, str]]:
    """Every module with LoRA, and the name of its weight."""
    for _, module in model.iter_modules():
        for name in list(vars(module)):
            if name.endswith("_lora_a"):
                yield module, name.removesuffix("_lora_a")


def _leaves(model: Any) -> set[str]:
    return {str(path[-1]) for path, _ in model.iter_modules() if path}
