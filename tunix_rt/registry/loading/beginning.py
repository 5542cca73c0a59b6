"""The first weights of a new Gemma 3, the same whatever library trains it.

They are drawn as `jax.create` draws them: one stream of normal numbers, parameter after parameter
in Tunix's order and with Tunix's axes. Norms begin at zero, which is one in Gemma 3.
"""

from collections.abc import Iterator
from typing import Any

from tunix_rt.registry.loading.naming import outside
from tunix_rt.registry.loading.shape import Shape


def first_weights(shape: Shape, seed: int) -> Iterator[tuple[str, Any]]:
    """Each matrix under its Hugging Face name, as float32."""
    import numpy as np

    assert shape.kind == "gemma3_text", "no other model is made from nothing to be trained"
    random = np.random.default_rng(seed)
    for path, size, fan_in in _parameters(shape):
        array = random.normal(0.0, fan_in**-0.5, size).astype(np.float32)
        for name, one in outside(path, array):
            yield name, np.ascontiguousarray(one)


def _parameters(shape: Shape) -> Iterator[tuple[str, tuple[int, ...], int]]:
    """Path, axes and fan-in of each matrix, in the order of Tunix's model."""
    width, heads, each = shape.width, shape.heads, shape.head_width
    attention: list[tuple[str, tuple[int, ...], int]] = [
        ("attn_vec_einsum.w", (heads, each, width), heads * each)
    ]
    if shape.kv_heads == heads:
        attention.append(("qkv_einsum.w", (3, heads, width, each), width))
    else:
        attention.append(("kv_einsum.w", (2, shape.kv_heads, width, each), width))
        attention.append(("q_einsum.w", (heads, width, each), width))
    mlp: list[tuple[str, tuple[int, ...], int]] = [
        ("down_proj.kernel", (shape.hidden, width), shape.hidden),
        ("gate_proj.kernel", (width, shape.hidden), width),
        ("up_proj.kernel", (width, shape.hidden), width),
    ]
    yield "embedder.input_embedding", (shape.vocab, width), width
    for layer in range(shape.layers):
        for name, size, fan_in in attention:
            yield f"layers.{layer}.attn.{name}", size, fan_in
        for name, size, fan_in in mlp:
            yield f"layers.{layer}.mlp.{name}", size, fan_in
