"""Tunix's Llama 3 with the rotary positions that its config.json asks for.

Tunix 0.1.7 turns every Llama by the base 1,000,000 and never stretches, whatever its configuration
says (`apply_rope` in `tunix/models/llama3/model.py`); Llama 3 was made with 500,000, and 3.1 is
stretched. The attention here is Tunix's, line by line, with its own angles.
Only imported inside functions: this module needs JAX.
"""

import math
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from tunix.models import safetensors_loader
from tunix.models.llama3 import model as llama3
from tunix.models.llama3 import params

from tunix_rt.registry.loading.shape import Scaling


@dataclass(frozen=True)
class ModelConfig(llama3.ModelConfig):
    """Tunix's, and how positions are stretched."""

    scaling: Scaling | None = None


class Llama3(llama3.Llama3):
    """Tunix's Llama 3, whose layers turn by the configured angles."""

    def __init__(self, config: ModelConfig, *, rngs: Any) -> None:
        super().__init__(config, rngs=rngs)
        for layer in self.layers:
            layer.attn = _Attention(config, rngs=rngs)


class _Attention(llama3.Attention):
    def block(self, x: Any, segment_pos: Any, cache: Any, attn_mask: Any) -> tuple[Any, Any]:
        """Attention of every head; new keys and values go into the cache where there is one."""
        parts, config = self.shd_config, self.config
        query = llama3.shard(self.q_proj(x), parts.act_btnh)
        key = llama3.shard(self.k_proj(x), parts.act_btnh)
        value = llama3.shard(self.v_proj(x), parts.act_btnh)
        angles = segment_pos[..., None, None] * jnp.asarray(frequencies(config))
        query, key = _turned(query, angles), _turned(key, angles)
        if cache is not None:
            start = (0, cache["end_index"][0] % cache["v"].shape[1], 0, 0)
            value = jax.lax.dynamic_update_slice(cache["v"], value, start)
            key = jax.lax.dynamic_update_slice(cache["k"], key, start)
            cache = {"v": value, "k": key, "end_index": cache["end_index"] + x.shape[1]}
        rows, length, heads, width = query.shape
        shared = key.shape[2]
        query = query.reshape(rows, length, shared, heads // shared, width)
        scores = jnp.einsum("BTHGD,BSHD->BHGTS", query, key) * self.scale
        if attn_mask is not None:
            scores = jnp.where(attn_mask[:, None, None], scores, llama3.K_MASK)
        weights = jax.nn.softmax(scores.astype(jnp.float32), axis=-1).astype(key.dtype)
        mixed = jnp.einsum("BHGTS,BSHD->BTHGD", weights, value)
        found = self.o_proj(mixed.reshape(rows, length, heads, width))
        return cache, llama3.shard(found, parts.act_btd)


def frequencies(config: ModelConfig) -> Any:
    """Radians per position for each pair of numbers of a head, as transformers computes them.

    The stretching is `_compute_llama3_parameters` of transformers: long waves are slowed by the
    factor, short ones are kept, and between them it is interpolated.
    """
    steps = np.arange(0, config.head_dim, 2, dtype=np.float32) / np.float32(config.head_dim)
    plain = np.float32(1.0) / np.float32(config.rope_theta) ** steps
    if (told := config.scaling) is None:
        return plain
    turns = told.original * plain / (2 * math.pi)
    smooth = np.clip((turns - told.low) / (told.high - told.low), 0, 1)
    return ((1 - smooth) * plain / told.factor + smooth * plain).astype(np.float32)


def create_model_from_safe_tensors(file_dir: str, config: ModelConfig, dtype: Any = None) -> Any:
    """The model in a folder, by Tunix's own loader."""
    return safetensors_loader.load_and_create_model(
        file_dir=file_dir,
        model_class=Llama3,
        config=config,
        key_mapping=params._get_key_and_transform_mapping,
        dtype=dtype,
    )


def _turned(x: Any, angles: Any) -> Any:
    """Each head of (rows, length, heads, width) turned by (rows, length, 1, width / 2)."""
    sin, cos = jnp.sin(angles), jnp.cos(angles)
    first, second = jnp.split(x, 2, axis=-1)
    turned = jnp.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)
    return turned.astype(x.dtype)
