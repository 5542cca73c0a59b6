"""Small matrices beside frozen weights, where a model learns from pairs or practises."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train import jobs, practices
from tests.train import test_preferring as pairs
from tunix_rt.kit.errors import BadInput
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Progress, TrainJob
from tunix_rt.train.training import train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")

MLP: dict[str, Any] = {"adapters": True, "lora": {"rank": 4, "targets": ["mlp"]}}

Make = Callable[..., TrainJob]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that is right now and then."""
    return train(jobs.job(tmp_path_factory.mktemp("taught"), steps=250)).model


def dpo(folder: Path, model: Path, report: Any = None, **changes: Any) -> TrainJob:
    return pairs.job(folder, pairs.recipe(model, **MLP | changes), report or (lambda _: None))


def grpo(folder: Path, model: Path, report: Any = None, **changes: Any) -> TrainJob:
    options = {"iterations": 2, "beta": 0.01} | changes.pop("grpo", {})
    return practices.job(
        folder, practices.recipe(model, options, **MLP | changes), report=report or (lambda _: None)
    )


def adapter_of(folder: Path) -> dict[str, Any]:
    """What a folder in PEFT's layout adds to each weight."""
    from safetensors.numpy import load_file

    said = json.loads((folder / "adapter_config.json").read_text("utf-8"))
    halves = load_file(folder / "adapter_model.safetensors")
    return {
        name.removeprefix("base_model.model.").replace(".lora_B", ""): half
        @ halves[name.replace("lora_B", "lora_A")]
        * (said["lora_alpha"] / said["r"])
        for name, half in halves.items()
        if name.endswith("lora_B.weight")
    }


def moved(model: Path, folder: Path) -> set[str]:
    """The weights that have moved, each by what the adapter adds."""
    from safetensors.numpy import load_file

    before, after = (load_file(own / "model.safetensors") for own in (model, folder / "model"))
    for name, added in adapter_of(folder / "adapter").items():
        assert abs(after[name] - before[name] - added).max() < 1e-5
    return {name for name in before if (before[name] != after[name]).any()}


@pytest.mark.parametrize("make", [dpo, grpo])
@pytest.mark.parametrize("backend", ["tunix", pytest.param("torch", marks=pytest.mark.torch)])
def test_the_targets_alone_move_and_what_was_stopped_ends_with_the_same_bits(
    make: Make, backend: str, model: Path, tmp_path: Path
) -> None:
    if backend == "torch":
        needs("trl", extra="torch")
    losses: list[float] = []
    whole = train(
        make(tmp_path / "whole", model, lambda one: losses.append(one.loss), backend=backend)
    )

    def stop(progress: Progress) -> None:
        if progress.step == 6:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        train(make(tmp_path / "cut", model, stop, backend=backend))
    again = train(make(tmp_path / "cut", model, backend=backend))

    names = moved(model, tmp_path / "whole")
    assert names
    assert all(".mlp." in name for name in names)
    assert len(set(losses)) > 4
    assert 0 < again.resumed_from < whole.steps
    assert again.weights_sha256 == whole.weights_sha256


@pytest.mark.parametrize("backend", ["tunix", pytest.param("torch", marks=pytest.mark.torch)])
def test_going_back_leaves_the_best_matrices_too(backend: str, model: Path, tmp_path: Path) -> None:
    if backend == "torch":
        needs("trl", extra="torch")
    watch = {"every": 2, "problems": 8, "fall": 0.01, "then": "rollback"}
    ruin = {"rewards": [{"verifier": "answer", "weight": -1}], "watch": watch, "iterations": 1}
    optimizer = {"name": "adamw", "learning_rate": 0.3, "warmup_steps": 0}
    changes = {"grpo": ruin, "optimizer": optimizer, "steps": 6, "checkpoints": {"every": 2}}

    result = train(grpo(tmp_path, model, backend=backend, **changes))

    assert result.practised is not None
    assert result.practised.stopped is not None
    assert result.practised.best_step < result.steps
    assert bool(moved(model, tmp_path)) == bool(result.practised.best_step)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"adapters": True}, 'adapters means nothing with method "sft"'),
        ({"method": "lora", "adapters": True}, 'adapters means nothing with method "lora"'),
        ({"lora": {"rank": 4}}, 'the table lora needs method = "lora"'),
        (
            {"method": "orpo", "lora": {"rank": 4}, "model": {"path": "/m"}},
            "the table lora needs adapters = true",
        ),
    ],
)
def test_a_recipe_says_once_what_is_trained(changes: dict[str, Any], said: str) -> None:
    if "model" in changes:
        changes |= {"tokenizer": {"source": "model"}}
    with pytest.raises(BadInput, match=said):
        read_recipe(changes)
