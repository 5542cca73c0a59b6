import json
from pathlib import Path

import pytest

from tests.extras import loaded, needs
from tests.registry.checkpoints import KINDS, written
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading import parity
from tunix_rt.registry.loading.jax import export, load, quiet

pytestmark = [pytest.mark.jax, pytest.mark.torch]
needs("tunix", extra="tunix")
needs("torch", extra="torch")
needs("transformers", extra="torch")

MOST = 5e-6
"""Largest difference of logits that we allow, in float32."""


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_computes_what_transformers_computes_and_goes_round_to_the_byte(
    tmp_path: Path, kind: str
) -> None:
    theirs = written(kind, tmp_path / "theirs")

    found = parity.compare(theirs)
    export(load(theirs), tmp_path / "ours")

    assert found.max_difference <= MOST
    assert found.argmax_agreement == 1.0
    assert found.passes
    assert bytes_of(tmp_path / "ours") == bytes_of(theirs)


def test_shards_go_round_to_the_byte_too(tmp_path: Path) -> None:
    theirs = written("llama", tmp_path / "theirs", max_shard_size="20KB")

    export(load(theirs), tmp_path / "ours")

    assert len(list(theirs.glob("*.safetensors"))) > 2
    assert bytes_of(tmp_path / "ours") == bytes_of(theirs)


def test_numbers_of_half_precision_stay_as_they_are(tmp_path: Path) -> None:
    torch = loaded("torch", extra="torch")
    transformers = loaded("transformers", extra="torch")
    model = transformers.AutoModelForCausalLM.from_pretrained(written("llama", tmp_path / "full"))
    half = tmp_path / "half"
    written("llama", half)
    model.to(torch.bfloat16).save_pretrained(half)

    export(load(half), tmp_path / "ours")

    assert bytes_of(tmp_path / "ours") == bytes_of(half)
    assert parity.compare(half).max_difference <= MOST


def test_a_head_that_is_stored_beside_its_twin_is_kept(tmp_path: Path) -> None:
    flax = loaded("safetensors.flax", extra="tunix")
    theirs = written("qwen3", tmp_path / "theirs")
    file = theirs / "model.safetensors"
    tensors = flax.load_file(file)
    tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"]
    flax.save_file(tensors, file, metadata={"format": "pt"})

    export(load(theirs), tmp_path / "ours")

    assert (tmp_path / "ours" / file.name).read_bytes() == file.read_bytes()
    tensors["lm_head.weight"] = tensors["lm_head.weight"] + 1
    flax.save_file(tensors, file, metadata={"format": "pt"})
    with pytest.raises(BadInput, match=r"hold a tensor .lm_head\.weight"):
        load(theirs)


def test_weights_of_another_model_do_not_pass(tmp_path: Path) -> None:
    theirs = written("qwen2", tmp_path / "theirs")
    mine = load(theirs, dtype="float32")
    ids = parity.some_ids(mine.shape)
    config = json.loads((theirs / "config.json").read_text())
    config["rope_parameters"]["rope_theta"] = 10_000.0
    (theirs / "config.json").write_text(json.dumps(config))

    found = parity.difference(parity.logits(mine, ids), parity.transformers_logits(theirs, ids))

    assert not found.passes
    assert found.max_difference > 1e-2


def test_numbers_that_are_none_do_not_pass(tmp_path: Path) -> None:
    flax = loaded("safetensors.flax", extra="tunix")
    theirs = written("qwen3", tmp_path / "theirs")
    tensors = flax.load_file(theirs / "model.safetensors")
    tensors["model.norm.weight"] = tensors["model.norm.weight"] * float("nan")
    flax.save_file(tensors, theirs / "model.safetensors", metadata={"format": "pt"})

    assert not parity.compare(theirs).passes


def test_a_llama_that_writes_token_by_token_computes_the_same(tmp_path: Path) -> None:
    import jax.numpy as jnp
    import numpy as np

    mine = load(written("llama", tmp_path / "theirs"))
    shape, ids = mine.shape, parity.some_ids(mine.shape)[:, :6]
    rows, length = ids.shape
    empty = jnp.zeros((rows, length, shape.kv_heads, shape.head_width))
    end = jnp.zeros((rows,), jnp.int32)
    cache = {f"layer_{n}": {"k": empty, "v": empty, "end_index": end} for n in range(shape.layers)}
    said = []
    for place in range(length):
        mask = jnp.broadcast_to(jnp.arange(length) <= place, (rows, 1, length))
        positions = jnp.full((rows, 1), place)
        with quiet():
            found, cache = mine.model(ids[:, place : place + 1], positions, cache, mask)
        said.append(np.asarray(found))

    assert abs(np.concatenate(said, axis=1) - parity.logits(mine, ids)).max() <= MOST
