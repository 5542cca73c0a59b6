from dataclasses import replace
from pathlib import Path

import pytest

from tests.extras import needs
from tests.registry.test_loading_shape import NANO, folder_with
from tests.registry.test_loading_weights import write
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.opening import open_checkpoint
from tunix_rt.registry.loading.tokenizer import build_tokenizer

needs("tokenizers", extra="tunix")

TEXTS = ["add 1+1", "0123456789", "<think>2</think>"]


def checkpoint(folder: Path, vocab: int = 64) -> Path:
    shape = replace(NANO, layers=1, vocab=vocab)
    write(folder / "model.safetensors", shape.tensors(), "BF16")
    build_tokenizer(TEXTS, 64).save(folder)
    ids = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    return folder_with(folder, shape.to_config(ids))


def test_a_whole_folder_passes(tmp_path: Path) -> None:
    found = open_checkpoint(checkpoint(tmp_path))

    assert (found.shape.layers, found.dtype, found.shape.vocab) == (1, "BF16", 64)


def test_a_tokenizer_with_more_tokens_than_the_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"has \d+ tokens, and the model .vocab_size. knows 8 only"):
        open_checkpoint(checkpoint(tmp_path, vocab=8))


def test_an_end_of_text_behind_the_vocabulary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="gives the id 2, and the model knows 2 tokens only"):
        open_checkpoint(checkpoint(tmp_path, vocab=2))


def test_a_folder_without_its_tokenizer_is_refused(tmp_path: Path) -> None:
    (checkpoint(tmp_path) / "tokenizer.json").unlink()

    with pytest.raises(BadInput, match="has no tokenizer"):
        open_checkpoint(tmp_path)


def test_a_config_that_lies_about_shapes_is_refused_before_a_weight_is_read(
    tmp_path: Path,
) -> None:
    checkpoint(tmp_path)
    folder_with(tmp_path, replace(NANO, layers=1, hidden=10**9).to_config({}))

    with pytest.raises(BadInput, match=r"config\.json asks for .1000000000, 16"):
        open_checkpoint(tmp_path)
