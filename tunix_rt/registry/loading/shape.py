"""The numbers that define a model, the tensors it has, and the config.json of one we made."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["gemma3_text", "qwen3", "qwen2", "llama"]

GEMMA_PERIOD = 6
"""In Tunix's Gemma 3 every sixth layer looks at the whole text, the others at a window."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """How Llama 3.1 and later stretch their rotary positions."""

    factor: float
    low: float
    high: float
    original: int
    """The context that the model was first trained with."""

    def to_config(self) -> dict[str, Any]:
        """As `rope_parameters` spell it."""
        return {
            "rope_type": "llama3",
            "factor": self.factor,
            "low_freq_factor": self.low,
            "high_freq_factor": self.high,
            "original_max_position_embeddings": self.original,
        }


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers that define a model."""

    kind: Kind
    vocab: int
    width: int
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_width: int
    window: int
    local_theta: int
    global_theta: int
    tied: bool
    context: int
    epsilon: float = 1e-6
    scaling: Scaling | None = None

    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every tensor of such a checkpoint."""
        found: dict[str, tuple[int, ...]] = {
            "model.embed_tokens.weight": (self.vocab, self.width),
            "model.norm.weight": (self.width,),
        }
        if not self.tied:
            found["lm_head.weight"] = (self.vocab, self.width)
        each = self._layer()
        for layer in range(self.layers):
            found |= {f"model.layers.{layer}.{name}": size for name, size in each.items()}
        return found

    def _layer(self) -> dict[str, tuple[int, ...]]:
        query, key = self.heads * self.head_width, self.kv_heads * self.head_width
        norms = ["input_layernorm", "post_attention_layernorm"]
        if self.kind == "gemma3_text":
            norms += ["pre_feedforward_layernorm", "post_feedforward_layernorm"]
        found: dict[str, tuple[int, ...]] = {
            "self_attn.q_proj.weight": (query, self.width),
            "self_attn.k_proj.weight": (key, self.width),
            "self_attn.v_proj.weight": (key, self.width),
            "self_attn.o_proj.weight": (self.width, query),
            "mlp.gate_proj.weight": (self.hidden, self.width),
            "mlp.up_proj.weight": (self.hidden, self.width),
            "mlp.down_proj.weight": (self.width, self.hidden),
            **{f"{norm}.weight": (self.width,) for norm in norms},
        }
        if self.kind in ("gemma3_text", "qwen3"):
            found["self_attn.q_norm.weight"] = found["self_attn.k_norm.weight"] = (self.head_width,)
        if self.kind == "qwen2":
            found["self_attn.q_proj.bias"] = (query,)
            found["self_attn.k_proj.bias"] = found["self_attn.v_proj.bias"] = (key,)
        return found

    def parameters(self) -> int:
        """How many numbers the weights hold."""
        return sum(math.prod(size) for size in self.tensors().values())

    def operations(self, tokens: float, pairs: float) -> float:
        """Operations to train on so many tokens once: forward and twice as many backward.

        Two for each weight of a matrix and token (the embedding as the last matrix), and four for
        each head's width and pair of tokens that see each other, n(n+1)/2 in a row of n (as
        arXiv 2204.02311, appendix B, which counts all n^2).
        """
        matrices = sum(math.prod(size) for size in self.tensors().values() if len(size) == 2)
        attention = 4 * self.layers * self.heads * self.head_width * pairs
        return 3 * (2 * matrices * tokens + attention)

    def to_config(self, ids: Mapping[str, int]) -> dict[str, Any]:
        """The config.json of a model of this shape that we made ourselves."""
        own = self._gemma_config() if self.kind == "gemma3_text" else self._silu_config()
        return {
            "model_type": self.kind,
            "vocab_size": self.vocab,
            "hidden_size": self.width,
            "intermediate_size": self.hidden,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.kv_heads,
            "head_dim": self.head_width,
            "max_position_embeddings": self.context,
            "rms_norm_eps": self.epsilon,
            "attention_bias": False,
            "attention_dropout": 0.0,
            "tie_word_embeddings": self.tied,
            "dtype": "float32",
            **own,
            **ids,
        }

    def _gemma_config(self) -> dict[str, Any]:
        sliding = {"rope_theta": float(self.local_theta), "rope_type": "default"}
        full = {"rope_theta": float(self.global_theta), "rope_type": "default"}
        return {
            "architectures": ["Gemma3ForCausalLM"],
            "query_pre_attn_scalar": self.head_width,
            "sliding_window": self.window,
            "layer_types": layer_types(self.layers),
            "rope_parameters": {"sliding_attention": sliding, "full_attention": full},
            "hidden_activation": "gelu_pytorch_tanh",
            "attn_logit_softcapping": None,
            "final_logit_softcapping": None,
            "use_bidirectional_attention": False,
        }

    def _silu_config(self) -> dict[str, Any]:
        names = {"qwen3": "Qwen3", "qwen2": "Qwen2", "llama": "Llama"}
        rope: dict[str, Any] = {"rope_type": "default"}
        if self.scaling is not None:
            rope = self.scaling.to_config()
        own = {"mlp_bias": False} if self.kind == "llama" else {"use_sliding_window": False}
        return {
            "architectures": [f"{names[self.kind]}ForCausalLM"],
            "hidden_act": "silu",
            "rope_parameters": {"rope_theta": float(self.global_theta), **rope},
            **own,
        }


def layer_types(layers: int) -> list[str]:
    """What each layer of Tunix's Gemma 3 looks at."""
    return [
        "full_attention" if (layer + 1) % GEMMA_PERIOD == 0 else "sliding_attention"
        for layer in range(layers)
    ]
