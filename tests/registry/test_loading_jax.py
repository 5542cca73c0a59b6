import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.extras import loaded, needs
from tests.registry.test_loading_shape import NANO, QWEN
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.jax import Loaded, create, export, load, quiet
from tunix_rt.registry.loading.tokenizer import TextTokenizer, build_tokenizer

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


@pytest.fixture(scope="module")
def tokenizer() -> TextTokenizer:
    return build_tokenizer(["add 1+1", "0123456789", "<think>2</think>"], 64)


@pytest.fixture(scope="module")
def nano(tokenizer: TextTokenizer) -> Loaded:
    return create(replace(NANO, vocab=tokenizer.size), tokenizer, seed=0)


@pytest.fixture(scope="module")
def folder(nano: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nano")
    export(nano, folder)
    return folder


def logits(loaded: Loaded, ids: Any) -> Any:
    """Of a batch without padding; `ids` is a matrix of numbers."""
    import jax.numpy as jnp
    import numpy as np

    rows, length = ids.shape
    positions = jnp.broadcast_to(jnp.arange(length), (rows, length))
    mask = jnp.broadcast_to(jnp.tril(jnp.ones((length, length), bool)), (rows, length, length))
    with quiet():
        found, _ = loaded.model(jnp.asarray(ids), positions, None, mask)
    return np.asarray(found, np.float32)


def some_ids(vocab: int) -> Any:
    import numpy as np

    return np.random.default_rng(0).integers(4, vocab, (2, 24))


def test_a_model_written_and_read_again_is_the_same_to_the_last_byte(
    nano: Loaded, folder: Path, tmp_path: Path
) -> None:
    again = load(folder)
    export(again, tmp_path)

    for name in ("model.safetensors", "tokenizer.json", "tokenizer_config.json", "config.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name
    ids = some_ids(nano.shape.vocab)
    assert (logits(nano, ids) == logits(again, ids)).all()


@pytest.mark.parametrize("tied", [True, False])
def test_a_qwen_goes_round_too(nano: Loaded, tmp_path: Path, tied: bool) -> None:
    shape = replace(nano.shape, kind="qwen3", layers=1, window=0, local_theta=1_000_000, tied=tied)
    first = export(create(shape, nano.tokenizer, seed=0), tmp_path / "a")

    again = load(tmp_path / "a")

    assert again.shape == shape
    assert export(again, tmp_path / "b") == first


@pytest.mark.parametrize("kv_heads", [1, 4])  # 4 of 4 is another set of parameters in Tunix
def test_every_grouping_of_heads_goes_round(nano: Loaded, tmp_path: Path, kv_heads: int) -> None:
    other = create(replace(nano.shape, kv_heads=kv_heads, layers=1), nano.tokenizer, seed=0)

    first = export(other, tmp_path / "a")

    assert export(load(tmp_path / "a"), tmp_path / "b") == first


def test_the_same_seed_gives_the_same_first_weights(nano: Loaded, tmp_path: Path) -> None:
    small = replace(nano.shape, layers=1)

    hashes = [
        export(create(small, nano.tokenizer, seed), tmp_path / str(n))
        for n, seed in enumerate((3, 3, 4))
    ]

    assert hashes[0] == hashes[1] != hashes[2]


def test_no_matrix_of_a_new_model_is_zero(nano: Loaded) -> None:
    import jax
    from flax import nnx

    leaves = jax.tree.leaves(nnx.state(nano.model, nnx.Param))

    assert all(float(abs(leaf).max()) > 0 for leaf in leaves if leaf.ndim > 1)


def test_weights_that_were_cut_are_refused(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4])

    with pytest.raises(BadInput, match="4 of its bytes are missing"):
        load(tmp_path)


def test_a_model_without_its_tokenizer_is_refused(folder: Path, tmp_path: Path) -> None:
    for name in ("model.safetensors", "config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())

    with pytest.raises(BadInput, match=r"tokenizer\.json is missing"):
        load(tmp_path)


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["gemma3", "qwen3"])
def test_transformers_computes_the_same_numbers(
    nano: Loaded, folder: Path, tmp_path: Path, kind: str
) -> None:
    torch = loaded("torch", extra="torch")
    transformers = loaded("transformers", extra="torch")
    torch.set_num_threads(1)
    if kind == "qwen3":  # written by transformers, read and written again by us
        torch.manual_seed(0)
        config = transformers.Qwen3Config(**QWEN | {"vocab_size": nano.shape.vocab})
        transformers.Qwen3ForCausalLM(config).save_pretrained(tmp_path / "theirs")
        nano.tokenizer.save(tmp_path / "theirs")
        folder = tmp_path / "ours"
        export(load(tmp_path / "theirs"), folder)
        theirs = (tmp_path / "theirs" / "model.safetensors").read_bytes()
        assert len(theirs) == (folder / "model.safetensors").stat().st_size
    ids = some_ids(nano.shape.vocab)

    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    with torch.no_grad():
        wanted = model(torch.tensor(ids)).logits.numpy()

    assert abs(logits(load(folder), ids) - wanted).max() < 1e-4
    read = transformers.AutoTokenizer.from_pretrained(folder)
    assert read("add 1+1").input_ids == nano.tokenizer.encode("add 1+1")
    assert json.loads((folder / "config.json").read_text())["vocab_size"] == nano.shape.vocab
