"""Tunix models from model folders, from nothing, and back into folders.

JAX and Tunix are imported inside functions: naming this module costs nothing.
A model made from nothing gets its own first weights, because Tunix leaves the
three MLP kernels at zero, where no gradient ever reaches them.
"""

import json
import re
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import MissingExtra
from tunix_rt.registry.loading.shape import Shape, read_shape
from tunix_rt.registry.loading.tokenizer import TextTokenizer, load_tokenizer
from tunix_rt.registry.loading.weights import check_weights, sha256_of

SIDE_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "generation_config.json",
    "chat_template.jinja",
    "added_tokens.json",
)
"""What travels with the weights unchanged when a loaded model is written again."""

DTYPES = {"F64": "float32", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A Tunix model with everything needed to ask it and to write it down again."""

    model: Any
    shape: Shape
    config: dict[str, Any]
    tokenizer: TextTokenizer
    source: Path | None
    """Where it was loaded from; `None` if it was made from nothing."""


def load(folder: Path) -> Loaded:
    """The model in `folder`, or one sentence why it is none that we can load."""
    shape, config = read_shape(folder)
    stored = check_weights(folder, shape)
    tokenizer = load_tokenizer(folder)
    with quiet():
        _, model_config, loader = _tunix(shape, DTYPES[stored])
        model = loader.create_model_from_safe_tensors(str(folder.resolve()), model_config)
    return Loaded(model, shape, config, tokenizer, folder)


def create(shape: Shape, tokenizer: TextTokenizer, seed: int) -> Loaded:
    """A model with fresh weights: the same seed gives the same bits."""
    with quiet():
        kind, model_config, _ = _tunix(shape, "float32")
        from flax import nnx

        model = kind(model_config, rngs=nnx.Rngs(seed))
        _first_weights(model, shape, seed)
    ids = {"pad_token_id": tokenizer.pad_id(), "eos_token_id": tokenizer.eos_id()}
    bos = tokenizer.bos_id()
    if bos is not None:
        ids["bos_token_id"] = bos
    return Loaded(model, shape, shape.to_config(ids), tokenizer, None)


def export(loaded: Loaded, folder: Path) -> str:
    """Write the model to `folder` in the Hugging Face layout; SHA-256 of its weights.

    The weights come last and by renaming, so a folder that has them is whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(loaded.config, indent=2, sort_keys=True)
    (folder / "config.json").write_text(text + "\n", "utf-8")
    if loaded.source is None:
        loaded.tokenizer.save(folder)
        ids = {key: value for key, value in loaded.config.items() if key.endswith("_token_id")}
        generation = json.dumps(ids, indent=2, sort_keys=True)
        (folder / "generation_config.json").write_text(generation + "\n", "utf-8")
    else:
        for name in SIDE_FILES:
            if (loaded.source / name).is_file():
                shutil.copyfile(loaded.source / name, folder / name)
    part = folder / "model.safetensors.part"
    with quiet():
        from safetensors.flax import save_file

        save_file(_tensors(loaded), part, metadata={"format": "pt"})
    part.replace(folder / "model.safetensors")
    return sha256_of(folder / "model.safetensors")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what JAX, Flax and Tunix warn each other of to themselves."""
    with warnings.catch_warnings():
        for kind in (DeprecationWarning, FutureWarning, UserWarning, RuntimeWarning):
            warnings.simplefilter("ignore", kind)
        yield


def _tunix(shape: Shape, dtype: str) -> tuple[Any, Any, Any]:
    """Tunix's model class, its configuration for `shape`, and the module that loads it."""
    try:
        import jax.numpy as jnp
        from tunix.models.gemma3 import model as gemma3
        from tunix.models.gemma3 import params_safetensors
        from tunix.models.qwen3 import model as qwen3
        from tunix.models.qwen3 import params
    except ImportError as error:
        raise MissingExtra(
            "Tunix and JAX are not installed.", hint="pip install 'tunix-rt[tunix]'"
        ) from error
    common = {
        "num_layers": shape.layers,
        "embed_dim": shape.width,
        "hidden_dim": shape.hidden,
        "num_heads": shape.heads,
        "head_dim": shape.head_width,
        "num_kv_heads": shape.kv_heads,
        "param_dtype": jnp.dtype(dtype),
    }
    if shape.kind == "qwen3":
        config = qwen3.ModelConfig(
            **common,
            vocab_size=shape.vocab,
            rope_theta=shape.global_theta,
            norm_eps=shape.epsilon,
            use_tied_embedding=shape.tied,
            dtype=jnp.dtype(dtype),
        )
        return qwen3.Qwen3, config, params
    config = gemma3.ModelConfig(
        **common,
        num_embed=shape.vocab,
        sliding_window_size=shape.window,
        local_base_frequency=shape.local_theta,
        global_base_frequency=shape.global_theta,
    )
    return gemma3.Gemma3, config, params_safetensors


def _first_weights(model: Any, shape: Shape, seed: int) -> None:
    """Normal numbers, as wide as the fan-in of each matrix asks; norms stay as they are."""
    import jax.numpy as jnp
    import numpy as np

    random = np.random.default_rng(seed)
    for path, parameter in _parameters(model):
        array = parameter.get_value()
        if array.ndim < 2:
            continue
        if "attn_vec" in path or "o_proj" in path:
            fan_in = array.shape[0] * array.shape[1]
        elif "einsum" in path or "embedding" in path:
            fan_in = shape.width
        else:
            fan_in = array.shape[0]
        drawn = random.normal(0.0, fan_in**-0.5, array.shape)
        parameter.set_value(jnp.asarray(drawn, array.dtype))


def _parameters(model: Any) -> Iterator[tuple[str, Any]]:
    from flax import nnx

    for path, node in nnx.iter_graph(model):
        if isinstance(node, nnx.Param):
            yield ".".join(map(str, path)), node


def _tensors(loaded: Loaded) -> dict[str, Any]:
    """Every weight under its Hugging Face name and in its shape."""
    tensors: dict[str, Any] = {}
    for path, parameter in _parameters(loaded.model):
        for name, array in _outside(path, parameter.get_value()):
            tensors[name] = array
    missing = loaded.shape.tensors().keys() ^ tensors.keys()
    assert not missing, f"the exporter and the shape disagree on {sorted(missing)[:3]}"
    return tensors


_OUTSIDE = {
    "pre_attention_norm.scale": "input_layernorm",
    "post_attention_norm.scale": "post_attention_layernorm",
    "pre_ffw_norm.scale": "pre_feedforward_layernorm",
    "post_ffw_norm.scale": "post_feedforward_layernorm",
    "attn._query_norm.scale": "self_attn.q_norm",
    "attn._key_norm.scale": "self_attn.k_norm",
    "input_layernorm.w": "input_layernorm",
    "post_attention_layernorm.w": "post_attention_layernorm",
    "attn.q_norm.w": "self_attn.q_norm",
    "attn.k_norm.w": "self_attn.k_norm",
}
"""Tunix's names of the vectors inside a layer, and what others call them."""

_TOP = {
    "embedder.input_embedding": "model.embed_tokens.weight",
    "final_norm.scale": "model.norm.weight",
    "final_norm.w": "model.norm.weight",
}


def _outside(path: str, array: Any) -> Iterator[tuple[str, Any]]:
    """The Hugging Face tensors that one Tunix parameter becomes."""
    if path in _TOP:
        yield _TOP[path], array
        return
    if path == "lm_head.w":
        yield "lm_head.weight", array.T
        return
    found = re.fullmatch(r"layers\.(\d+)\.(.*)", path)
    assert found, f"no Hugging Face name is known for {path}"
    prefix, rest = f"model.layers.{found[1]}.", found[2]
    if rest in _OUTSIDE:
        yield f"{prefix}{_OUTSIDE[rest]}.weight", array
    elif rest.startswith("mlp."):
        yield f"{prefix}{rest.removesuffix('.kernel')}.weight", array.T
    elif rest in ("attn.attn_vec_einsum.w", "attn.o_proj.w"):
        yield f"{prefix}self_attn.o_proj.weight", array.reshape(-1, array.shape[-1]).T
    elif rest in ("attn.q_proj.w", "attn.k_proj.w", "attn.v_proj.w"):
        flat = array.reshape(array.shape[0], -1).T
        yield f"{prefix}self_attn.{rest.split('.')[1]}.weight", flat
    else:
        letters = {"attn.q_einsum.w": "q", "attn.kv_einsum.w": "kv", "attn.qkv_einsum.w": "qkv"}
        stacked = [array] if rest == "attn.q_einsum.w" else list(array)
        for letter, one in zip(letters[rest], stacked, strict=True):
            flat = one.transpose(0, 2, 1).reshape(-1, one.shape[1])
            yield f"{prefix}self_attn.{letter}_proj.weight", flat
