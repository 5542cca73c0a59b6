"""What a config.json says about a model, and every model we refuse.

Tunix reads some numbers and assumes others. An assumption that a checkpoint
breaks would load in silence and compute something else, so each is checked
here, by name, before any weight is read.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.reading import read_text

Kind = Literal["gemma3_text", "qwen3"]

QWEN_THETA = 1_000_000
"""Tunix computes Qwen 3 with this rotary base whatever the configuration says."""

GEMMA_PERIOD = 6
"""In Tunix's Gemma 3 every sixth layer looks at the whole text, the others at a window."""

LARGEST_CONFIG = 1_048_576

MOST = 1024
"""Layers, and heads of a layer: a config.json that says more is not believed."""

HINT = "Gemma 3 (text) and Qwen 3 (dense) checkpoints in the Hugging Face layout can be loaded."


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

    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every tensor of such a checkpoint."""
        query, key = self.heads * self.head_width, self.kv_heads * self.head_width
        norms = (
            ("input", "post_attention", "pre_feedforward", "post_feedforward")
            if self.kind == "gemma3_text"
            else ("input", "post_attention")
        )
        each: dict[str, tuple[int, ...]] = {
            "self_attn.q_proj": (query, self.width),
            "self_attn.k_proj": (key, self.width),
            "self_attn.v_proj": (key, self.width),
            "self_attn.o_proj": (self.width, query),
            "self_attn.q_norm": (self.head_width,),
            "self_attn.k_norm": (self.head_width,),
            "mlp.gate_proj": (self.hidden, self.width),
            "mlp.up_proj": (self.hidden, self.width),
            "mlp.down_proj": (self.width, self.hidden),
            **{f"{norm}_layernorm": (self.width,) for norm in norms},
        }
        found: dict[str, tuple[int, ...]] = {
            "model.embed_tokens.weight": (self.vocab, self.width),
            "model.norm.weight": (self.width,),
        }
        if not self.tied:
            found["lm_head.weight"] = (self.vocab, self.width)
        for layer in range(self.layers):
            found |= {f"model.layers.{layer}.{n}.weight": size for n, size in each.items()}
        return found

    def parameters(self) -> int:
        """How many numbers the weights hold."""
        return sum(math.prod(size) for size in self.tensors().values())

    def to_config(self, ids: Mapping[str, int]) -> dict[str, Any]:
        """The config.json of a model of this shape that we made ourselves."""
        own = self._gemma_config() if self.kind == "gemma3_text" else self._qwen_config()
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
            "layer_types": _layer_types(self.layers),
            "rope_parameters": {"sliding_attention": sliding, "full_attention": full},
            "hidden_activation": "gelu_pytorch_tanh",
            "attn_logit_softcapping": None,
            "final_logit_softcapping": None,
            "use_bidirectional_attention": False,
        }

    def _qwen_config(self) -> dict[str, Any]:
        return {
            "architectures": ["Qwen3ForCausalLM"],
            "hidden_act": "silu",
            "rope_parameters": {"rope_theta": float(self.global_theta), "rope_type": "default"},
            "use_sliding_window": False,
        }


def read_shape(folder: Path) -> tuple[Shape, dict[str, Any]]:
    """The shape and the raw config.json of a model folder."""
    text = read_text(folder, "config.json", LARGEST_CONFIG)
    if text is None:
        raise BadInput(
            f"{folder.name!r} is not a model checkpoint: it has no config.json.", hint=HINT
        )
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(f"config.json in {folder.name!r} is not JSON.", hint=HINT) from None
    if not isinstance(config, dict):
        raise BadInput(f"config.json in {folder.name!r} is not a JSON object.", hint=HINT)
    kind = config.get("model_type")
    if kind == "gemma3_text":
        return _gemma3(config), config
    if kind == "qwen3":
        return _qwen3(config), config
    names = config.get("architectures")
    said = names[0] if isinstance(names, list) and names else kind
    raise BadInput(f"Models of the architecture {_shown(said)} are not supported.", hint=HINT)


def _gemma3(config: dict[str, Any]) -> Shape:
    layers = _whole(config, "num_hidden_layers", most=MOST)
    head = _whole(config, "head_dim", 256)
    _expect(config, "hidden_activation", {"gelu_pytorch_tanh"}, "gelu_pytorch_tanh")
    _expect(config, "rms_norm_eps", {1e-6}, 1e-6)
    _expect(config, "attention_bias", {False}, False)
    _expect(config, "attn_logit_softcapping", {None}, None)
    _expect(config, "final_logit_softcapping", {None}, None)
    _expect(config, "use_bidirectional_attention", {False, None}, False)
    _expect(config, "tie_word_embeddings", {True}, True)
    _expect(config, "query_pre_attn_scalar", {head}, 256)
    kinds = config.get("layer_types")
    if isinstance(kinds, list) and kinds != _layer_types(layers):
        raise BadInput("This Gemma 3 orders its attention layers in a way Tunix does not.")
    _expect(config, "sliding_window_pattern", {GEMMA_PERIOD, None}, None)
    local, everywhere = _theta(config, "sliding_attention"), _theta(config, "full_attention")
    return Shape(
        kind="gemma3_text",
        vocab=_whole(config, "vocab_size", 262_208),
        width=_whole(config, "hidden_size"),
        hidden=_whole(config, "intermediate_size"),
        layers=layers,
        heads=_whole(config, "num_attention_heads", most=MOST),
        kv_heads=_whole(config, "num_key_value_heads", most=MOST),
        head_width=head,
        window=_whole(config, "sliding_window", 4096),
        local_theta=local or _base(config, "rope_local_base_freq", 10_000),
        global_theta=everywhere or _base(config, "rope_theta", 1_000_000),
        tied=True,
        context=_whole(config, "max_position_embeddings", 131_072),
    )


def _qwen3(config: dict[str, Any]) -> Shape:
    theta = _theta(config, None) or _base(config, "rope_theta", 10_000)
    if theta != QWEN_THETA:
        raise BadInput(
            f"This Qwen 3 uses a rotary base of {theta}; Tunix computes {QWEN_THETA} only, "
            "so its answers would be silently wrong.",
            hint=HINT,
        )
    _expect(config, "hidden_act", {"silu"}, "silu")
    _expect(config, "attention_bias", {False}, False)
    _expect(config, "use_sliding_window", {False, None}, False)
    heads = _whole(config, "num_attention_heads", most=MOST)
    return Shape(
        kind="qwen3",
        vocab=_whole(config, "vocab_size"),
        width=_whole(config, "hidden_size"),
        hidden=_whole(config, "intermediate_size"),
        layers=_whole(config, "num_hidden_layers", most=MOST),
        heads=heads,
        kv_heads=_whole(config, "num_key_value_heads", heads, most=MOST),
        head_width=_whole(config, "head_dim", 128),
        window=0,
        local_theta=theta,
        global_theta=theta,
        tied=config.get("tie_word_embeddings", False) is True,
        context=_whole(config, "max_position_embeddings", 32_768),
        epsilon=_number(config, "rms_norm_eps", 1e-6, above=0, below=1),
    )


def _layer_types(layers: int) -> list[str]:
    return [
        "full_attention" if (layer + 1) % GEMMA_PERIOD == 0 else "sliding_attention"
        for layer in range(layers)
    ]


def _theta(config: dict[str, Any], kind: str | None) -> int | None:
    """The rotary base in `rope_parameters`, flat or by kind of layer; other ropes are refused."""
    scaling = config.get("rope_scaling")
    rope = config.get("rope_parameters")
    inner = rope.get(kind) if isinstance(rope, dict) and kind else rope
    for given in (scaling, inner):
        told = given.get("rope_type", given.get("type")) if isinstance(given, dict) else None
        if told not in (None, "default"):
            raise BadInput(f"Scaled rotary positions ({_shown(told)}) are not supported.")
    return _base(inner, "rope_theta") if isinstance(inner, dict) and "rope_theta" in inner else None


def _expect(config: dict[str, Any], key: str, allowed: set[Any], default: Any) -> None:
    value = config.get(key, default)
    if not isinstance(value, str | int | float | None) or value not in allowed:
        shown = " or ".join(str(one) for one in allowed)
        raise BadInput(
            f"Tunix computes this model with {key} {shown} only, "
            f"and its config.json says {_shown(value)}.",
            hint=HINT,
        )


def _whole(
    config: dict[str, Any], key: str, default: int | None = None, *, most: int = 10**9
) -> int:
    value = config.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise _unusable(key, value)
    return value


def _base(config: dict[str, Any], key: str, default: int | None = None) -> int:
    """A rotary base. Tunix takes whole ones only; JSON may write them as 10000.0."""
    value = _number(config, key, default, above=1, below=1e12)
    if not value.is_integer():
        raise _unusable(key, value)
    return int(value)


def _number(
    config: dict[str, Any], key: str, default: float | None = None, *, above: float, below: float
) -> float:
    """A number between the bounds; NaN, Infinity, null and everything else are refused."""
    value = config.get(key, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or not above < value < below:
        raise _unusable(key, value)
    return float(value)


def _unusable(key: str, value: object) -> BadInput:
    return BadInput(f"config.json gives no usable {key} (it says {_shown(value)}).", hint=HINT)


def _shown(value: object) -> str:
    """A few characters of what stands there; a list or an object by its kind alone."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return repr(value[:40] if isinstance(value, str) else value)[:60]
