import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.registry.test_loading_shape import NANO
from tests.train.jobs import job
from tunix_rt.train.backends.tunix.optimising import learning_rate, optimizer
from tunix_rt.train.schema import Optimizer

pytestmark = pytest.mark.jax
needs("optax", extra="tunix")


@pytest.mark.parametrize(
    ("schedule", "middle", "last"),
    [("cosine", 0.505, 0.01), ("linear", 0.505, 0.01), ("constant", 1, 1)],
)
def test_the_rate_rises_in_a_line_and_falls_as_the_recipe_says(
    schedule: Any, middle: float, last: float
) -> None:
    recipe = Optimizer(learning_rate=1, warmup_steps=10, schedule=schedule, final_ratio=0.01)

    rate = learning_rate(recipe, 110)

    assert [float(rate(step)) for step in (0, 5, 10)] == pytest.approx([0, 0.5, 1])
    assert float(rate(60)) == pytest.approx(middle)
    assert float(rate(110)) == pytest.approx(last)


def test_a_warm_up_longer_than_the_training_is_cut() -> None:
    rate = learning_rate(Optimizer(learning_rate=1, warmup_steps=100), 5)

    assert float(rate(4)) == pytest.approx(1)
    assert float(learning_rate(Optimizer(learning_rate=1, warmup_steps=100), 1)(0)) == 1


def weights(kv_heads: int) -> dict[str, Any]:
    """Ones in the names and shapes of a Tunix Gemma 3 layer with 4 heads."""
    import jax.numpy as jnp

    shape = replace(NANO, kv_heads=kv_heads)
    heads, width, head = shape.heads, shape.width, shape.head_width
    attention = (
        {"qkv_einsum": {"w": jnp.ones((3, heads, width, head))}}
        if kv_heads == heads
        else {
            "q_einsum": {"w": jnp.ones((heads, width, head))},
            "kv_einsum": {"w": jnp.ones((2, kv_heads, width, head))},
        }
    )
    return {
        "attn": attention | {"attn_vec_einsum": {"w": jnp.ones((heads, head, width))}},
        "mlp": {"up_proj": {"kernel": jnp.ones((width, 32))}},
        "norm": {"scale": jnp.ones(width)},
        "embedder": {"input_embedding": jnp.ones((64, width))},
    }


@pytest.mark.parametrize("kv_heads", [1, 4])
def test_muon_turns_the_attention_kernels_too(kv_heads: int) -> None:
    """Its state holds the momentum of every matrix, heads in an axis of their own or not."""
    import jax

    given = weights(kv_heads)
    transformation = optimizer(Optimizer(name="muon"), lambda _: 0.1)

    _, partition = jax.eval_shape(transformation.init, given)
    turned = jax.tree_util.tree_flatten_with_path(partition.inner_states["muon"])[0]
    paths = [jax.tree_util.keystr(path) for path, leaf in turned if getattr(leaf, "ndim", 0) > 1]
    updates, _ = jax.eval_shape(
        lambda one: transformation.update(one, transformation.init(one), one), given
    )

    attention = (
        {"qkv_einsum", "attn_vec_einsum"}
        if kv_heads == 4
        else {"q_einsum", "kv_einsum", "attn_vec_einsum"}
    )
    assert {name for name in attention if any(f"'{name}'" in path for path in paths)} == attention
    assert not any("embedding" in path for path in paths)
    assert jax.tree.map(lambda one: one.shape, updates) == jax.tree.map(
        lambda one: one.shape, given
    )


def test_muon_turns_the_attention_of_a_qwen() -> None:
    import jax
    import jax.numpy as jnp

    shapes = {
        "q_proj": (16, 4, 4),
        "k_proj": (16, 2, 4),
        "v_proj": (16, 2, 4),
        "o_proj": (4, 4, 16),
    }
    given = {name: {"w": jnp.ones(shape)} for name, shape in shapes.items()}
    given["lm_head"] = {"w": jnp.ones((16, 64))}
    transformation = optimizer(Optimizer(name="muon"), lambda _: 0.1)

    _, partition = jax.eval_shape(transformation.init, given)

    turned = jax.tree_util.tree_flatten_with_path(partition.inner_states["muon"])[0]
    text = "".join(jax.tree_util.keystr(path) for path, leaf in turned if leaf.ndim > 1)
    assert [name for name in given if f"'{name}'" in text] == list(shapes)


def test_adam_has_its_own_rate_where_the_recipe_gives_one() -> None:
    import jax

    given = {"embedder": weights(1)["embedder"]}
    recipe = Optimizer(name="muon", learning_rate=0.1, adam_learning_rate=0.01)

    def moved(recipe: Optimizer) -> float:
        transformation = optimizer(recipe, learning_rate(recipe, 1))
        updates, _ = transformation.update(given, transformation.init(given), given)
        return float(abs(jax.tree.leaves(updates["embedder"])[0]).max())

    assert moved(recipe) == pytest.approx(moved(Optimizer(learning_rate=0.1)) / 10)


def test_adamw_decays_matrices_and_leaves_vectors() -> None:
    import jax
    import jax.numpy as jnp

    given = {name: weights(1)[name] for name in ("mlp", "norm")}
    still = jax.tree.map(jnp.zeros_like, given)
    transformation = optimizer(Optimizer(name="adamw", weight_decay=0.5), lambda _: 0.1)

    updates, _ = transformation.update(still, transformation.init(given), given)

    assert float(abs(updates["norm"]["scale"]).max()) == 0
    assert float(abs(updates["mlp"]["up_proj"]["kernel"]).max()) == pytest.approx(0.05)


def test_adafactor_keeps_rows_and_columns_of_a_large_matrix() -> None:
    import jax
    import jax.numpy as jnp

    given = {"up_proj": jnp.ones((256, 512)), "norm": jnp.ones(512)}
    state = jax.eval_shape(optimizer(Optimizer(name="adafactor"), lambda _: 0.1).init, given)

    numbers = sum(one.size for one in jax.tree.leaves(state))
    assert numbers < 256 + 2 * 512 + 512 + 20


def test_adafactor_decays_matrices_by_its_rate_and_leaves_vectors() -> None:
    import jax
    import jax.numpy as jnp

    given = {name: weights(1)[name] for name in ("mlp", "norm")}
    still = jax.tree.map(jnp.zeros_like, given)
    transformation = optimizer(Optimizer(name="adafactor", weight_decay=0.5), lambda _: 0.1)

    updates, _ = transformation.update(still, transformation.init(given), given)

    assert float(abs(updates["norm"]["scale"]).max()) == 0
    assert float(abs(updates["mlp"]["up_proj"]["kernel"]).max()) == pytest.approx(0.05)


def test_adafactor_refuses_the_keys_of_others() -> None:
    with pytest.raises(ValueError, match="adafactor has no beta1"):
        Optimizer(name="adafactor", beta1=0.5)


def test_adafactor_learns_and_killed_it_goes_on_with_the_same_bits(tmp_path: Path) -> None:
    needs("tunix", extra="tunix")
    from tunix_rt.train.backends.tunix import train

    changes: dict[str, Any] = {
        "optimizer": {"name": "adafactor", "learning_rate": 0.3, "warmup_steps": 3}
    }
    whole = train(job(tmp_path / "whole", **changes))
    here = [sys.executable, "-m", "tests.train.jobs", str(tmp_path / "cut"), "10"]
    died = subprocess.run([*here, json.dumps(changes)])
    again = train(job(tmp_path / "cut", **changes))

    assert died.returncode == -signal.SIGKILL
    assert whole.final_loss < 0.8 * whole.first_loss
    assert again.resumed_from > 0
    assert again.weights_sha256 == whole.weights_sha256
