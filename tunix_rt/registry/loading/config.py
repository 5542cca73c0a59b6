"""What a config.json says about a model, and every model we refuse.

Tunix reads some numbers and assumes others. An assumption that a checkpoint
breaks would load in silence and compute something else, so each is checked
here, by name, before any weight is read.
"""

import json
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.reading import read_text
from tunix_rt.registry.loading.shape import GEMMA_PERIOD, Scaling, Shape, layer_types

QWEN_THETA = 1_000_000
"""Tunix computes Qwen 3 with this rotary base whatever the configuration says."""

LARGEST_CONFIG = 1_048_576

MOST = 1024
"""Layers, and heads of a layer: a config.json that says more is not believed."""

HINT = (
    "Checkpoints of Gemma 3 (text), Qwen 3 and Qwen 2 (dense) and Llama 3 in the Hugging Face "
    "layout can be loaded."
)


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
    readers = {"gemma3_text": _gemma3, "qwen3": _qwen3, "qwen2": _qwen2, "llama": _llama}
    if not isinstance(kind, str) or kind not in readers:
        names = config.get("architectures")
        said = names[0] if isinstance(names, list) and names else kind
        raise BadInput(f"Models of the architecture {_shown(said)} are not supported.", hint=HINT)
    _expect(config, "quantization_config", {None}, None)
    _expect(config, "partial_rotary_factor", {None, 1}, None)
    return readers[kind](config), config


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
    if isinstance(kinds, list) and kinds != layer_types(layers):
        raise BadInput(
            "This Gemma 3 orders its attention layers (layer_types) in a way Tunix does not."
        )
    _expect(config, "sliding_window_pattern", {GEMMA_PERIOD, None}, None)
    heads, shared = _heads(config, head)
    local, everywhere = _theta(config, "sliding_attention"), _theta(config, "full_attention")
    return Shape(
        kind="gemma3_text",
        vocab=_whole(config, "vocab_size", 262_208),
        width=_whole(config, "hidden_size"),
        hidden=_whole(config, "intermediate_size"),
        layers=layers,
        heads=heads,
        kv_heads=shared,
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
            f"This Qwen 3 uses a rotary base of {theta} (rope_theta); Tunix computes "
            f"{QWEN_THETA} only, so its answers would be silently wrong.",
            hint=HINT,
        )
    _expect(config, "attention_bias", {False}, False)
    return _silu(config, theta, head=_given(config, "head_dim", 128), context=32_768)


def _qwen2(config: dict[str, Any]) -> Shape:
    theta = _theta(config, None) or _base(config, "rope_theta", 10_000)
    return _silu(config, theta, head=_given(config, "head_dim", _share(config)), context=32_768)


def _llama(config: dict[str, Any]) -> Shape:
    _expect(config, "attention_bias", {False}, False)
    _expect(config, "mlp_bias", {False}, False)
    _expect(config, "pretraining_tp", {1, None}, 1)
    scaling = _scaling(config)
    theta = _theta(config, None, scaled="llama3") or _base(config, "rope_theta", 10_000)
    head = _given(config, "head_dim", _share(config))
    return _silu(config, theta, head=head, context=2048, scaling=scaling)


def _silu(
    config: dict[str, Any], theta: int, *, head: int, context: int, scaling: Scaling | None = None
) -> Shape:
    """What Qwen and Llama have in common."""
    _expect(config, "hidden_act", {"silu"}, "silu")
    _expect(config, "use_sliding_window", {False, None}, False)
    layers, kinds = _whole(config, "num_hidden_layers", most=MOST), config.get("layer_types")
    if kinds is not None and kinds != ["full_attention"] * layers:
        raise BadInput("Tunix computes this model with layer_types full_attention only.", hint=HINT)
    heads, shared = _heads(config, head)
    return Shape(
        kind=config["model_type"],
        vocab=_whole(config, "vocab_size"),
        width=_whole(config, "hidden_size"),
        hidden=_whole(config, "intermediate_size"),
        layers=layers,
        heads=heads,
        kv_heads=shared,
        head_width=head,
        window=0,
        local_theta=theta,
        global_theta=theta,
        tied=config.get("tie_word_embeddings", False) is True,
        context=_whole(config, "max_position_embeddings", context),
        epsilon=_number(config, "rms_norm_eps", 1e-6, above=0, below=1),
        scaling=scaling,
    )


def _heads(config: dict[str, Any], width: int) -> tuple[int, int]:
    heads = _whole(config, "num_attention_heads", most=MOST)
    shared = _given(config, "num_key_value_heads", heads, most=MOST)
    if heads % shared or width % 2:
        raise BadInput(
            f"config.json gives {heads} heads of {width} numbers to {shared} "
            "num_key_value_heads, and those do not share evenly.",
            hint=HINT,
        )
    return heads, shared


def _share(config: dict[str, Any]) -> int:
    """The width of a head where nobody gives it."""
    width, heads = _whole(config, "hidden_size"), _whole(config, "num_attention_heads", most=MOST)
    return max(1, width // heads)


def _rope(config: dict[str, Any], kind: str | None) -> list[dict[str, Any]]:
    """Where a config says how positions turn: today's place, and yesterday's."""
    rope = config.get("rope_parameters")
    inner = rope.get(kind) if isinstance(rope, dict) and kind else rope
    return [told for told in (config.get("rope_scaling"), inner) if isinstance(told, dict)]


def _theta(config: dict[str, Any], kind: str | None, *, scaled: str = "default") -> int | None:
    """The rotary base in `rope_parameters`, flat or by kind of layer; other ropes are refused."""
    found = None
    for told in _rope(config, kind):
        rope = told.get("rope_type", told.get("type"))
        if rope not in (None, "default", scaled):
            raise BadInput(
                f"Scaled rotary positions (rope_type {_shown(rope)}) are not supported.", hint=HINT
            )
        _expect(told, "partial_rotary_factor", {None, 1}, None)
        if "rope_theta" in told:
            found = _base(told, "rope_theta")
    return found


def _scaling(config: dict[str, Any]) -> Scaling | None:
    for told in _rope(config, None):
        if told.get("rope_type", told.get("type")) == "llama3":
            low = _number(told, "low_freq_factor", above=0, below=1e6)
            return Scaling(
                factor=_number(told, "factor", above=0, below=1e6),
                low=low,
                high=_number(told, "high_freq_factor", above=low, below=1e6),
                original=_whole(told, "original_max_position_embeddings"),
            )
    return None


def _expect(config: dict[str, Any], key: str, allowed: set[Any], default: Any) -> None:
    value = config.get(key, default)
    if not isinstance(value, str | int | float | None) or value not in allowed:
        shown = " or ".join(str(one) for one in allowed)
        raise BadInput(
            f"Tunix computes this model with {key} {shown} only, "
            f"and its config.json says {_shown(value)}.",
            hint=HINT,
        )


def _given(config: dict[str, Any], key: str, default: int, *, most: int = 10**9) -> int:
    """A whole number, or its default where it is left out or null."""
    return default if config.get(key) is None else _whole(config, key, most=most)


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
