"""Transformers models from model folders, from nothing, and back into folders.

What a folder must be is what `opening` asks, for both libraries: only safetensors are read, and
code in a folder is never run. torch and transformers are imported inside functions.
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadInput, MissingExtra
from tunix_rt.registry.loading import writing
from tunix_rt.registry.loading.beginning import first_weights
from tunix_rt.registry.loading.jax import DTYPES, Loaded, quiet, write_sides
from tunix_rt.registry.loading.opening import open_checkpoint
from tunix_rt.registry.loading.reading import read_text
from tunix_rt.registry.loading.shape import Shape
from tunix_rt.registry.loading.tokenizer import TextTokenizer
from tunix_rt.registry.loading.weights import INDEX, LARGEST_HEADER, read_header, weights_sha256


def load(folder: Path, *, dtype: str | None = None) -> Loaded:
    """The model in `folder`, or one sentence why it is none that we can load.

    Its numbers have the format they are stored in, or are cast to `dtype`.
    """
    found = open_checkpoint(folder)
    model = pretrained(folder, dtype or DTYPES[found.dtype])
    return Loaded(model, found.shape, found.config, found.tokenizer, folder)


def pretrained(folder: Path, dtype: str) -> Any:
    """What transformers makes of a folder, whatever it is; code in it is never run."""
    torch, transformers = libraries()
    try:
        with quiet():
            return transformers.AutoModelForCausalLM.from_pretrained(
                folder,
                dtype=getattr(torch, dtype),
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
            )
    except Exception as error:  # it raises whatever the file it tripped over raised
        said = (str(error).splitlines() or [""])[0][:300]
        raise BadInput(f"transformers cannot load {folder.name!r}: {said}") from None


def create(shape: Shape, tokenizer: TextTokenizer, seed: int) -> Loaded:
    """A model with fresh weights: a Gemma 3 with those that a Tunix model of this seed begins with,
    any other with transformers' own.
    """
    torch, transformers = libraries()
    ids = {"pad_token_id": tokenizer.pad_id(), "eos_token_id": tokenizer.eos_id()}
    bos = tokenizer.bos_id()
    if bos is not None:
        ids["bos_token_id"] = bos
    config = shape.to_config(ids)
    kept = {key: value for key, value in config.items() if key not in ("model_type", "dtype")}
    with quiet():  # a copy, as transformers writes into what is nested
        told = transformers.AutoConfig.for_model(shape.kind, **deepcopy(kept))
        model = transformers.AutoModelForCausalLM.from_config(told, dtype=torch.float32)
    if shape.kind == "gemma3_text":
        weights = model.state_dict()
        for name, array in first_weights(shape, seed):
            weights[name].copy_(torch.from_numpy(array))
    return Loaded(model, shape, config, tokenizer, None)


def export(loaded: Loaded, folder: Path, dtype: Callable[[str], str] | None = None) -> str:
    """Write the model to `folder` in the Hugging Face layout; SHA-256 of its weights.

    A model that was loaded keeps its files and their order; `dtype` says in which numbers a weight
    is written, by its name. The weights come last and by renaming, so a folder that has them is
    whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_sides(loaded, folder)
    tensors = _tensors(loaded, dtype)
    layouts, index = None, None
    if loaded.source is not None:
        layouts = writing.layouts_of(loaded.source, tensors)
        index = read_text(loaded.source, INDEX, LARGEST_HEADER) if layouts else None
    if layouts is None:
        layouts = writing.layouts_for(tensors)
        index = writing.index_of(tensors, layouts)
    if index is not None:
        (folder / INDEX).write_text(index, "utf-8")
    writing.write_weights(folder, tensors, layouts)
    return weights_sha256(folder)


def libraries() -> tuple[Any, Any]:
    """Torch and transformers, told to keep to themselves what they do."""
    try:
        import torch
        import transformers
    except ImportError as error:
        raise MissingExtra(
            "torch and transformers are not installed.", hint="pip install 'tunix-rt[torch]'"
        ) from error
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    return torch, transformers


def _tensors(loaded: Loaded, dtype: Callable[[str], str] | None) -> dict[str, writing.Tensor]:
    weights, found = loaded.model.state_dict(), {}
    for name, size in loaded.shape.tensors().items():
        own = str(weights[name].dtype).removeprefix("torch.")
        kept = own if dtype is None else dtype(name)
        read = partial(_read, weights[name], kept)
        found[name] = writing.Tensor(writing.STORED[kept], size, read)
    head, files = "lm_head.weight", loaded.source.glob("*.safetensors") if loaded.source else ()
    if any(head in read_header(file) for file in files):  # some tied ones store it all the same
        found.setdefault(head, found["model.embed_tokens.weight"])
    return found


def _read(weight: Any, dtype: str) -> Iterable[bytes]:
    import torch

    kept = weight.detach().to("cpu", getattr(torch, dtype)).contiguous()
    return [kept.view(torch.uint8).numpy().tobytes()]
