"""In which numbers a model is kept and computed."""

from dataclasses import replace
from typing import Any

from tunix_rt.train.schema_machine import Precision


def raised(model: Any, precision: Precision) -> dict[str, Any]:
    """Keep what is trained in float32 where the recipe asks for it; what each weight was before.

    Frozen weights beside LoRA stay as they are stored unless all sums are wanted in float32.
    """
    from flax import nnx

    before: dict[str, Any] = {}
    if precision == "stored":
        return before
    frozen = any(isinstance(one, nnx.LoRAParam) for _, one in nnx.iter_graph(model))
    for path, one in nnx.iter_graph(model):
        if not isinstance(one, nnx.Param):
            continue
        before[_name(path)] = one.get_value().dtype
        if precision == "float32" or not frozen or isinstance(one, nnx.LoRAParam):
            one.set_value(one.get_value().astype("float32"))
    if precision == "float32":
        _compute_in(model, "float32")
    return before


def computing(model: Any, precision: Precision) -> Any:
    """The model that computes in the numbers asked for, while a step is compiled or once."""
    return _lowered(model) if precision == "bfloat16" else model


def asked(model: Any, precision: Precision) -> Any:
    """A model that is not trained, in the numbers that a recipe computes in."""
    if precision == "float32":
        raised(model, precision)
    return computing(model, precision)


def _lowered(model: Any) -> Any:
    """The model in bfloat16; gradients go through to the weights it was made from."""
    import jax
    import jax.numpy as jnp
    from flax import nnx

    graph, state = nnx.split(model)

    def low(one: Any) -> Any:
        return one.astype(jnp.bfloat16) if jnp.issubdtype(one.dtype, jnp.floating) else one

    low_model = nnx.merge(graph, jax.tree.map(low, state))
    _compute_in(low_model, "bfloat16")
    return low_model


def _compute_in(model: Any, name: str) -> None:
    """Tell Tunix's layers that convert what they are given (those of Qwen), and its sampler what
    it remembers keys and values in.
    """
    import jax.numpy as jnp

    for _, module in model.iter_modules():
        if getattr(module, "dtype", None) is not None:
            module.dtype = jnp.dtype(name)
    if hasattr(model.config, "dtype"):
        model.config = replace(model.config, dtype=jnp.dtype(name))


def _name(path: Any) -> str:
    return ".".join(map(str, path))
