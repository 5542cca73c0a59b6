import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.extras import needs
from tests.train.jobs import job
from tunix_rt.train.training import initialise, train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


@pytest.fixture
def half(tmp_path: Path) -> Path:
    """The untrained model of a test, stored in bfloat16."""
    import jax.numpy as jnp

    from tunix_rt.registry.loading.jax import export, load

    loaded = load(initialise(job(tmp_path)))
    from flax import nnx

    for _, one in nnx.iter_graph(loaded.model):
        if isinstance(one, nnx.Param):
            one.set_value(one.get_value().astype(jnp.bfloat16))
    config = loaded.config | {"dtype": "bfloat16"}
    export(replace(loaded, config=config), tmp_path / "half")
    return tmp_path / "half"


@pytest.mark.parametrize("method", ["sft", "lora"])
def test_small_steps_are_kept_in_float32_and_the_model_is_written_as_it_was_stored(
    half: Path, method: str, tmp_path: Path
) -> None:
    losses = {}
    for precision in ("stored", "float32", "bfloat16"):
        result = train(
            job(
                tmp_path / precision,
                model={"path": str(half)},
                tokenizer={"source": "model"},
                method=method,
                precision=precision,
                optimizer={"name": "adamw", "learning_rate": 3e-3, "warmup_steps": 0},
            )
        )
        losses[precision] = result.final_loss
        stored = (result.model / "model.safetensors").read_bytes()
        header = json.loads(stored[8 : 8 + int.from_bytes(stored[:8], "little")])
        del header["__metadata__"]
        assert {one["dtype"] for one in header.values()} == {"BF16"}

    assert len(set(losses.values())) == 3
    assert abs(losses["bfloat16"] - losses["float32"]) < 0.02 * losses["float32"]
