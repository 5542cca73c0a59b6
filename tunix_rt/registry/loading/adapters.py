"""LoRA of a Tunix model, as qwix adds it: written as a PEFT adapter, or merged into the weights.

qwix puts two arrays beside a weight `w`, `w_lora_a` (in, rank) and `w_lora_b` (rank, out), with the
axes of heads kept apart, and adds `x A B * alpha / rank` to what the weight computes. PEFT stores
both transposed. Where Tunix stacks matrices (`kv_einsum`), A belongs to each of them.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading import writing
from tunix_rt.registry.loading.jax import Loaded, export_tensors, parameters
from tunix_rt.registry.loading.naming import names_of
from tunix_rt.registry.loading.weights import sha256_of

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"

_A, _B = "_lora_a", "_lora_b"


def write_adapter(model: Any, folder: Path, *, rank: int, alpha: float, base: str = "") -> str:
    """Write the LoRA of an nnx model to `folder` in PEFT's layout; SHA-256 of its weights.

    `base` is the folder or the hub id of the model it belongs to, for who reads it later.
    """
    tensors: dict[str, writing.Tensor] = {}
    modules: list[str] = []
    for path, first, second in _pairs(model):
        if first.shape[-1] != rank:
            raise BadInput(f"The LoRA of {path} has the rank {first.shape[-1]}, and not {rank}.")
        for name, a, b in _halves(path, first, second):
            modules.append(name)
            tensors[f"base_model.model.{name}.lora_A.weight"] = writing.held(a.T)
            tensors[f"base_model.model.{name}.lora_B.weight"] = writing.held(b.T)
    if not tensors:
        raise BadInput("The model has no LoRA: there is no adapter to write.")
    folder.mkdir(parents=True, exist_ok=True)
    content = _config(modules, len(model.layers), rank=rank, alpha=alpha, base=base)
    (folder / CONFIG).write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", "utf-8")
    writing.write_weights(folder, tensors, [writing.new_layout(WEIGHTS, tensors)])
    return sha256_of(folder / WEIGHTS)


def merged(model: Any, *, rank: int, alpha: float) -> Iterator[tuple[str, Any]]:
    """The weights of a model with its LoRA added, by their paths in Tunix, one at a time.

    Each sum is made in float64 and rounded once, to the format of the weight.
    """
    import numpy as np

    found = {path: (first, second) for path, first, second in _pairs(model)}
    for path, array in parameters(model):
        if path not in found:
            yield path, array
            continue
        first, second = (np.asarray(half, np.float64) for half in found[path])
        weight = np.asarray(array)
        added = first.reshape(-1, rank) @ second.reshape(rank, -1)
        delta = _laid_out(path, added, weight.shape) * (alpha / rank)
        yield path, (weight.astype(np.float64) + delta).astype(weight.dtype)


def export_merged(loaded: Loaded, folder: Path, *, rank: int, alpha: float) -> str:
    """Write a model with its LoRA merged, in the Hugging Face layout; SHA-256 of its weights."""
    return export_tensors(loaded, merged(loaded.model, rank=rank, alpha=alpha), folder)


def _pairs(model: Any) -> Iterator[tuple[str, Any, Any]]:
    """Path of a weight, its A and its B."""
    from flax import nnx

    found = {
        ".".join(map(str, path)): node.get_value()
        for path, node in nnx.iter_graph(model)
        if isinstance(node, nnx.LoRAParam)
    }
    for path in found:
        if path.endswith(_A):
            weight = path.removesuffix(_A)
            yield weight, found[path], found[weight + _B]


def _halves(path: str, first: Any, second: Any) -> Iterator[tuple[str, Any, Any]]:
    """Module, A (in, rank) and B (rank, out) of each matrix that a weight holds."""
    import numpy as np

    rank, names = first.shape[-1], names_of(path)
    a, b = np.asarray(first).reshape(-1, rank), np.asarray(second).reshape(rank, len(names), -1)
    for number, name in enumerate(names):
        yield name.removesuffix(".weight"), a, b[:, number]


def _laid_out(path: str, added: Any, shape: tuple[int, ...]) -> Any:
    """A product (in, out) with the axes of the weight; only Gemma's einsums put heads first."""
    if not path.endswith("_einsum.w") or path.endswith("attn_vec_einsum.w"):
        return added.reshape(shape)
    *stacked, heads, width, each = shape
    parts = added.reshape(width, -1, heads, each).transpose(1, 2, 0, 3)
    return parts.reshape(*stacked, heads, width, each)


def _config(
    modules: list[str], layers: int, *, rank: int, alpha: float, base: str
) -> dict[str, Any]:
    """adapter_config.json. Names alone if every layer has the same modules, else whole paths."""
    ends = {name.rpartition(".")[2] for name in modules}
    everywhere = len(modules) == layers * len(ends)
    return {
        "base_model_name_or_path": base,
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "init_lora_weights": True,
        "lora_alpha": alpha,
        "lora_dropout": 0.0,
        "modules_to_save": None,
        "peft_type": "LORA",
        "r": rank,
        "target_modules": sorted(ends) if everywhere else sorted(modules),
        "task_type": "CAUSAL_LM",
        "use_dora": False,
        "use_rslora": False,
    }
