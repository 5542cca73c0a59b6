"""Everything that must be true of a model folder before it is loaded.

Nothing of it needs JAX: config.json, the headers of the weights, and the tokenizer.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.config import read_shape
from tunix_rt.registry.loading.shape import Shape
from tunix_rt.registry.loading.tokenizer import TextTokenizer, check_ids, load_tokenizer
from tunix_rt.registry.loading.weights import check_weights


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a folder holds, as far as can be told without reading a weight."""

    folder: Path
    shape: Shape
    config: dict[str, Any]
    dtype: str
    """The number format of the weights, as safetensors calls it."""
    tokenizer: TextTokenizer


def open_checkpoint(folder: Path) -> Checkpoint:
    """What `folder` holds, or one sentence why we cannot load it or would load it wrongly."""
    shape, config = read_shape(folder)
    dtype = check_weights(folder, shape)
    tokenizer = load_tokenizer(folder)
    _check_vocabulary(folder, tokenizer, shape.vocab)
    return Checkpoint(folder, shape, config, dtype, tokenizer)


def _check_vocabulary(folder: Path, tokenizer: TextTokenizer, vocab: int) -> None:
    """Refuse another model's tokenizer; added tokens may lie behind the vocabulary (Gemma 3)."""
    check_ids(tokenizer, 0, vocab)
    if (known := tokenizer.plain_size) > vocab:
        raise BadInput(
            f"The tokenizer in {folder.name!r} has {known} tokens, and the model (vocab_size) "
            f"knows {vocab} only.",
            hint="The tokenizer.json next to these weights is probably another model's.",
        )
