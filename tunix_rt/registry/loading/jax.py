"""Tunix models from model folders, from nothing, and back into folders.

JAX and Tunix are imported inside functions: naming this module costs nothing.
A model made from nothing gets its own first weights, because Tunix leaves the
three MLP kernels at zero, where no gradient ever reaches them.
"""

import json
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from tunix_rt.kit.collecting import lasting
from tunix_rt.kit.errors import MissingExtra
from tunix_rt.registry.loading import writing
from tunix_rt.registry.loading.naming import names_of, outside
from tunix_rt.registry.loading.opening import open_checkpoint
from tunix_rt.registry.loading.reading import read_text
from tunix_rt.registry.loading.shape import Shape
from tunix_rt.registry.loading.sides import SIDE_FILES
from tunix_rt.registry.loading.tokenizer import TextTokenizer
from tunix_rt.registry.loading.weights import (
    INDEX,
    LARGEST_HEADER,
    read_header,
    weights_sha256,
)

DTYPES = {"F64": "float32", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model with everything needed to ask it and to write it down again."""

    model: Any
    """Tunix's, or transformers'."""
    shape: Shape
    config: dict[str, Any]
    tokenizer: TextTokenizer
    source: Path | None
    """Where it was loaded from; `None` if it was made from nothing."""


def load(folder: Path, *, dtype: str | None = None) -> Loaded:
    """The model in `folder`, or one sentence why it is none that we can load.

    Its numbers have the format they are stored in, or are cast to `dtype`.
    """
    found = open_checkpoint(folder)
    with quiet():
        _, model_config, loader = _tunix(found.shape, dtype or DTYPES[found.dtype])
        asked = None if dtype is None else _number_format(dtype)
        path = str(folder.resolve())
        model = loader.create_model_from_safe_tensors(path, model_config, dtype=asked)
    return Loaded(model, found.shape, found.config, found.tokenizer, folder)


def create(shape: Shape, tokenizer: TextTokenizer, seed: int) -> Loaded:
    """A model with fresh weights: the same seed gives the same bits."""
    with quiet():
        kind, model_config, _ = _tunix(shape, "float32")
        model = _outlined(partial(kind, model_config))
        _first_weights(model, shape, seed)
    ids = {"pad_token_id": tokenizer.pad_id(), "eos_token_id": tokenizer.eos_id()}
    bos = tokenizer.bos_id()
    if bos is not None:
        ids["bos_token_id"] = bos
    return Loaded(model, shape, shape.to_config(ids), tokenizer, None)


def export(loaded: Loaded, folder: Path, *, max_shard_bytes: int | None = None) -> str:
    """Write the model to `folder` in the Hugging Face layout; SHA-256 of its weights.

    A model that was loaded keeps its files and their order, unless a size is given. The weights
    come last and by renaming, so a folder that has them is whole.
    """
    return export_tensors(loaded, parameters(loaded.model), folder, max_shard_bytes)


def export_tensors(
    loaded: Loaded,
    arrays: Iterable[tuple[str, Any]],
    folder: Path,
    max_shard_bytes: int | None = None,
) -> str:
    """The same with other weights in the place of the model's: Tunix's paths and their arrays."""
    folder.mkdir(parents=True, exist_ok=True)
    write_sides(loaded, folder)
    tensors = _tensors(loaded, arrays)
    layouts, index = None, None
    if loaded.source is not None and max_shard_bytes is None:
        layouts = writing.layouts_of(loaded.source, tensors)
        index = read_text(loaded.source, INDEX, LARGEST_HEADER) if layouts else None
    if layouts is None:
        layouts = writing.layouts_for(tensors, max_shard_bytes)
        index = writing.index_of(tensors, layouts)
    if index is not None:
        (folder / INDEX).write_text(index, "utf-8")
    writing.write_weights(folder, tensors, layouts)
    return weights_sha256(folder)


def parameters(model: Any) -> Iterator[tuple[str, Any]]:
    """The weights of a model by their paths in Tunix, without what an adapter added."""
    from flax import nnx

    for path, parameter in _parameters(model):
        if not isinstance(parameter, nnx.LoRAParam):
            yield path, parameter.get_value()


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what JAX, Flax and Tunix warn each other of to themselves."""
    with warnings.catch_warnings():
        for kind in (DeprecationWarning, FutureWarning, UserWarning, RuntimeWarning):
            warnings.simplefilter("ignore", kind)
        yield


def computed(given: Any) -> Any:
    """The arrays of `given` (any tree), once they are there.

    What could not be computed is raised here. NumPy asks an array for its memory without waiting,
    and JAX ends the whole process where there is none.
    """
    import jax

    return jax.block_until_ready(given)


@cache
def require_tunix() -> None:
    """Import Tunix once, or raise `MissingExtra`.

    It imports tensorboardX, which imports all of torch where that is installed, for tensors that
    it is never handed: two seconds of every start.
    """
    try:
        with lasting():
            with _absent("torch"):
                import tensorboardX  # noqa: F401
            import tunix  # noqa: F401
    except ImportError as error:
        raise MissingExtra(
            "Tunix and JAX are not installed.", hint="pip install 'tunix-rt[tunix]'"
        ) from error


@contextmanager
def _absent(name: str) -> Iterator[None]:
    """What is imported meanwhile does not find a library that nobody has imported yet."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def _tunix(shape: Shape, dtype: str) -> tuple[Any, Any, Any]:
    """Tunix's model class, its configuration for `shape`, and the module that loads it."""
    require_tunix()
    from tunix.models.gemma3 import model as gemma3
    from tunix.models.gemma3 import params_safetensors
    from tunix.models.qwen2 import model as qwen2
    from tunix.models.qwen2 import params as qwen2_params
    from tunix.models.qwen3 import model as qwen3
    from tunix.models.qwen3 import params as qwen3_params

    from tunix_rt.registry.loading import llama

    common: dict[str, Any] = {
        "num_layers": shape.layers,
        "embed_dim": shape.width,
        "hidden_dim": shape.hidden,
        "num_heads": shape.heads,
        "head_dim": shape.head_width,
        "num_kv_heads": shape.kv_heads,
    }
    if shape.kind == "gemma3_text":
        config = gemma3.ModelConfig(
            **common,
            num_embed=shape.vocab,
            sliding_window_size=shape.window,
            local_base_frequency=shape.local_theta,
            global_base_frequency=shape.global_theta,
            param_dtype=_number_format(dtype),
        )
        return gemma3.Gemma3, config, params_safetensors
    common |= {
        "vocab_size": shape.vocab,
        "rope_theta": shape.global_theta,
        "norm_eps": shape.epsilon,
    }
    if shape.kind == "llama":
        scaled = llama.ModelConfig(**common, weight_tying=shape.tied, scaling=shape.scaling)
        return llama.Llama3, scaled, llama
    common |= {
        "use_tied_embedding": shape.tied,
        "param_dtype": _number_format(dtype),
        "dtype": _number_format(dtype),
    }
    if shape.kind == "qwen2":
        return qwen2.Qwen2, qwen2.ModelConfig(**common), qwen2_params
    return qwen3.Qwen3, qwen3.ModelConfig(**common), qwen3_params


def _number_format(dtype: str) -> Any:
    import jax.numpy as jnp

    return jnp.dtype(dtype)


def _outlined(made: Callable[..., Any]) -> Any:
    """A model whose matrices are shapes alone: Tunix would draw each by a program of its own."""
    import jax
    from flax import nnx

    def vectors() -> dict[str, Any]:
        found = {path: one.get_value() for path, one in _parameters(made(rngs=nnx.Rngs(0)))}
        return {path: array for path, array in found.items() if array.ndim < 2}

    model = nnx.eval_shape(lambda: made(rngs=nnx.Rngs(0)))
    kept = jax.jit(vectors)()
    for path, parameter in _parameters(model):
        if path in kept:
            parameter.set_value(kept[path])
    return model


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


def write_sides(loaded: Loaded, folder: Path) -> None:
    """Everything but the weights: copied, or of a new model written."""
    if loaded.source is None:
        loaded.tokenizer.save(folder)
        _write_json(folder / "config.json", loaded.config)
        ids = {key: value for key, value in loaded.config.items() if key.endswith("_token_id")}
        _write_json(folder / "generation_config.json", ids)
        return
    for name in SIDE_FILES:
        if (loaded.source / name).is_file() and loaded.source.resolve() != folder.resolve():
            shutil.copyfile(loaded.source / name, folder / name)


def _write_json(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", "utf-8")


def _tensors(loaded: Loaded, arrays: Iterable[tuple[str, Any]]) -> dict[str, writing.Tensor]:
    """Every weight under its Hugging Face name; its bytes are laid out when they are written."""
    shapes = loaded.shape.tensors()
    found: dict[str, writing.Tensor] = {}
    for path, array in arrays:
        dtype = writing.STORED[str(array.dtype)]
        for number, name in enumerate(names_of(path)):
            found[name] = writing.Tensor(dtype, shapes[name], partial(_read, path, array, number))
    assert found.keys() == shapes.keys(), "the exporter and the shape disagree"
    head, files = "lm_head.weight", loaded.source.glob("*.safetensors") if loaded.source else ()
    if any(head in read_header(file) for file in files):  # some tied ones store it all the same
        found.setdefault(head, found["model.embed_tokens.weight"])
    return found


def _read(path: str, array: Any, number: int) -> Iterator[bytes]:
    """The bytes of one of the tensors that a parameter becomes."""
    import numpy as np

    tensors = [tensor for _, tensor in outside(path, np.asarray(array))]
    yield np.ascontiguousarray(tensors[number]).tobytes()
