import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train import practices
from tests.train import test_preferring as pairs
from tests.train.jobs import halved, job
from tunix_rt.train.schema import TrainJob
from tunix_rt.train.training import train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


@pytest.fixture
def half(tmp_path: Path) -> Path:
    """A model that was taught for a moment, stored in bfloat16."""
    return halved(train(job(tmp_path, steps=40)).model, tmp_path / "half")


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
        weights(result.model)

    assert len(set(losses.values())) == 3
    assert abs(losses["bfloat16"] - losses["float32"]) < 0.02 * losses["float32"]


def dpo(folder: Path, model: Path, **changes: Any) -> TrainJob:
    return pairs.job(folder, pairs.recipe(model, **changes))


def grpo(folder: Path, model: Path, **changes: Any) -> TrainJob:
    two = {"iterations": 2, "beta": 0.01}
    return practices.job(folder, practices.recipe(model, two, **changes))


@pytest.mark.parametrize("make", [dpo, grpo])
@pytest.mark.parametrize("backend", ["tunix", pytest.param("torch", marks=pytest.mark.torch)])
def test_steps_too_small_for_the_stored_numbers_add_up_where_they_are_kept_apart(
    make: Callable[..., TrainJob], backend: str, half: Path, tmp_path: Path
) -> None:
    if backend == "torch":
        needs("trl", extra="torch")
    small = {"name": "adamw", "learning_rate": 1e-4, "warmup_steps": 0, "schedule": "constant"}
    before, moved = weights(half), {}

    for precision in ("stored", "bfloat16"):
        asked = {"backend": backend, "precision": precision, "optimizer": small, "steps": 12}
        result = train(make(tmp_path / precision, half, **asked))
        after = weights(result.model)
        moved[precision] = sum((after[name] != one).sum() for name, one in before.items())

    assert moved["bfloat16"] > 2 * moved["stored"]


def weights(folder: Path) -> dict[str, Any]:
    """The weights of a folder in bfloat16, as numbers of 16 bits."""
    import numpy as np

    whole = (folder / "model.safetensors").read_bytes()
    start = 8 + int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8:start])
    header.pop("__metadata__", None)
    assert {one["dtype"] for one in header.values()} == {"BF16"}
    at = {name: one["data_offsets"] for name, one in header.items()}
    return {
        name: np.frombuffer(whole[start + first : start + last], np.uint16)
        for name, (first, last) in at.items()
    }
