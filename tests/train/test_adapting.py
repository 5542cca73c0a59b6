import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.registry.test_loading_shape import NANO
from tests.train.jobs import job
from tunix_rt.kit.errors import BadInput
from tunix_rt.train.backends.tunix import adapting
from tunix_rt.train.schema_lora import Lora
from tunix_rt.train.training import initialise, train

pytestmark = pytest.mark.jax
needs("qwix", extra="tunix")

SHAPES = {
    "gemma": replace(NANO, layers=2),
    "gemma with as many key heads": replace(NANO, layers=1, kv_heads=4),
    "gemma with one key head": replace(NANO, layers=1, kv_heads=1),
    "qwen": replace(NANO, kind="qwen3", window=0, local_theta=10**6, layers=2),
}


def model_of(shape: Any) -> Any:
    from tunix_rt.registry.loading.jax import create
    from tunix_rt.registry.loading.tokenizer import build_tokenizer

    tokenizer = build_tokenizer(["add 1 2 3 4 5 6 7 8 9 0 = +"], 48)
    return create(replace(shape, vocab=tokenizer.size), tokenizer, 0).model


def logits(model: Any) -> Any:
    import jax.numpy as jnp
    from flax import nnx

    tokens = jnp.arange(12).reshape(2, 6)
    mask = jnp.broadcast_to(jnp.tril(jnp.ones((6, 6), bool)), (2, 6, 6))
    places = jnp.broadcast_to(jnp.arange(6), (2, 6))
    return nnx.jit(lambda one: one(tokens, places, None, mask)[0])(model)


def with_something_learned(model: Any) -> None:
    """Every B random, as if it had been trained."""
    import jax
    from flax import nnx

    state = nnx.state(model, nnx.LoRAParam)
    keys = iter(jax.random.split(jax.random.PRNGKey(0), len(jax.tree.leaves(state))))
    drawn = jax.tree.map(lambda one: 0.1 * jax.random.normal(next(keys), one.shape), state)
    nnx.update(model, drawn)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_merged_weights_compute_what_the_adapted_model_computes(shape: Any) -> None:
    import jax.numpy as jnp

    base, lora = model_of(shape), Lora(rank=3, alpha=5)
    adapted = adapting.adapt(base, lora, seed=1)
    assert jnp.array_equal(logits(adapted), logits(base))
    with_something_learned(adapted)
    apart = logits(adapted)

    merged = logits(adapting.merged(adapted, lora))

    assert float(jnp.abs(apart - logits(base)).max()) > 0.05
    assert float(jnp.abs(apart - merged).max()) < 5e-6
    assert jnp.array_equal(logits(adapted), apart)


def test_targets_are_plain_names() -> None:
    nano = {"q_einsum", "kv_einsum", "attn_vec_einsum", "gate_proj", "up_proj", "down_proj"}

    def found(*targets: Any) -> list[str]:
        return adapting.chosen(nano | {"embedder", "final_norm"}, Lora(targets=targets))

    assert found("all") == sorted(nano)
    assert found("attention") == ["attn_vec_einsum", "kv_einsum", "q_einsum"]
    assert found("mlp", "q_proj") == ["down_proj", "gate_proj", "q_einsum", "up_proj"]
    assert found("k_proj", "v_proj") == ["kv_einsum"]
    with pytest.raises(BadInput, match=r"k_proj and v_proj in one weight, .* leaves out v_proj"):
        found("q_proj", "k_proj")
    with pytest.raises(BadInput, match=r"none of lora\.targets: mlp"):
        adapting.chosen({"embedder"}, Lora(targets=("mlp",)))


def test_lora_learns_and_moves_only_its_targets(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    start = initialise(job(tmp_path / "base"))
    own: dict[str, Any] = {"model": {"path": str(start)}, "tokenizer": {"source": "model"}}
    result = train(
        job(tmp_path, method="lora", lora={"rank": 4, "targets": ["mlp"]}, steps=20, **own)
    )

    before, after = (load_file(folder / "model.safetensors") for folder in (start, result.model))
    moved = {name for name in before if (before[name] != after[name]).any()}
    assert result.final_loss < 0.9 * result.first_loss
    assert moved == {name for name in before if ".mlp." in name}
    said = json.loads((tmp_path / "adapter" / "adapter_config.json").read_text("utf-8"))
    assert (said["r"], said["base_model_name_or_path"]) == (4, str(start))
    for name, weight in load_file(tmp_path / "adapter" / "adapter_model.safetensors").items():
        if name.endswith("lora_B.weight"):
            own_name = name.removeprefix("base_model.model.").replace(".lora_B", "")
            first = load_file(tmp_path / "adapter" / "adapter_model.safetensors")[
                name.replace("lora_B", "lora_A")
            ]
            added = weight @ first * (said["lora_alpha"] / said["r"])
            assert abs(after[own_name] - before[own_name] - added).max() < 1e-5


def test_checkpoints_hold_the_small_matrices_alone(tmp_path: Path) -> None:
    import jax
    import orbax.checkpoint as ocp

    train(job(tmp_path, method="lora", lora={"rank": 2}, steps=4))

    params = (tmp_path / "checkpoints" / "4" / "model_params").resolve()
    saved = ocp.PyTreeCheckpointHandler().metadata(params).tree
    names = [jax.tree_util.keystr(at) for at, _ in jax.tree_util.tree_flatten_with_path(saved)[0]]
    assert names
    assert all("_lora_a" in name or "_lora_b" in name for name in names)
