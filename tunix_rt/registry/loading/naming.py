"""Which Hugging Face tensors a parameter of a Tunix model becomes: their names and axes.

Arrays are NumPy's or JAX's. A matrix of a checkpoint is (out, in); Tunix keeps heads apart and
stacks some matrices of a layer.
"""

import re
from collections.abc import Iterator
from typing import Any

_VECTORS = {
    "pre_attention_norm.scale": "input_layernorm.weight",
    "post_attention_norm.scale": "post_attention_layernorm.weight",
    "pre_ffw_norm.scale": "pre_feedforward_layernorm.weight",
    "post_ffw_norm.scale": "post_feedforward_layernorm.weight",
    "attn._query_norm.scale": "self_attn.q_norm.weight",
    "attn._key_norm.scale": "self_attn.k_norm.weight",
    "input_layernorm.w": "input_layernorm.weight",
    "post_attention_layernorm.w": "post_attention_layernorm.weight",
    "attn.q_norm.w": "self_attn.q_norm.weight",
    "attn.k_norm.w": "self_attn.k_norm.weight",
    "attn.q_bias": "self_attn.q_proj.bias",
    "attn.k_bias": "self_attn.k_proj.bias",
    "attn.v_bias": "self_attn.v_proj.bias",
}
"""Tunix's names of the vectors inside a layer, and what others call them."""

_TOP = {
    "embedder.input_embedding": "model.embed_tokens.weight",
    "final_norm.scale": "model.norm.weight",
    "final_norm.w": "model.norm.weight",
    "lm_head.w": "lm_head.weight",
}

_STACKED = {"attn.q_einsum.w": "q", "attn.kv_einsum.w": "kv", "attn.qkv_einsum.w": "qkv"}
"""Gemma's matrices, of which one parameter may hold several: (.., heads, in, head width)."""


def outside(path: str, array: Any) -> Iterator[tuple[str, Any]]:
    """The Hugging Face tensors that one Tunix parameter becomes."""
    names, rest = names_of(path), _rest(path)
    if rest in _STACKED:
        stacked = list(array) if len(names) > 1 else [array]
        for name, one in zip(names, stacked, strict=True):
            yield name, one.transpose(0, 2, 1).reshape(-1, one.shape[1])
        return
    [name] = names
    if array.ndim == 1 or path == "embedder.input_embedding":
        yield name, array
    elif rest in ("attn.attn_vec_einsum.w", "attn.o_proj.w"):
        yield name, array.reshape(-1, array.shape[-1]).T
    else:
        yield name, array.reshape(array.shape[0], -1).T


def names_of(path: str) -> list[str]:
    """The names of those tensors, in the order in which a stacked parameter holds them."""
    if path in _TOP:
        return [_TOP[path]]
    found = re.fullmatch(r"layers\.(\d+)\.(.*)", path)
    assert found, f"no Hugging Face name is known for {path}"
    prefix, rest = f"model.layers.{found[1]}.", found[2]
    if rest in _VECTORS:
        return [prefix + _VECTORS[rest]]
    if rest in _STACKED:
        return [f"{prefix}self_attn.{letter}_proj.weight" for letter in _STACKED[rest]]
    if rest == "attn.attn_vec_einsum.w":
        return [f"{prefix}self_attn.o_proj.weight"]
    matrix = re.fullmatch(r"(attn|mlp)\.([a-z]+_proj)\.(w|kernel)", rest)
    assert matrix, f"no Hugging Face name is known for {path}"
    part = {"attn": "self_attn", "mlp": "mlp"}[matrix[1]]
    return [f"{prefix}{part}.{matrix[2]}.weight"]


def _rest(path: str) -> str:
    return path.split(".", 2)[-1] if path.startswith("layers.") else path
