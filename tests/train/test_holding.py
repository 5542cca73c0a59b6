"""Held-out loss while a model learns, and the best weights that it is chosen by."""

import math
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.making import stored, trace
from tests.train.jobs import EXAMPLES, RECIPE, STEPS, job
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.registry.loading.weights import sha256_of
from tunix_rt.store import Store
from tunix_rt.train import jobs
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Progress, TrainConfig, TrainResult
from tunix_rt.train.training import train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")

LEARNED, HELD = EXAMPLES[10:], EXAMPLES[:10]
SPOILING = {"name": "adamw", "learning_rate": 2.0, "warmup_steps": 0, "schedule": "constant"}


def taught(folder: Path, **changes: Any) -> tuple[TrainResult, dict[int, float]]:
    """A training, and the held-out loss by step."""
    reports: list[Progress] = []
    result = train(job(folder, reports.append, LEARNED, HELD, **changes))
    return result, {
        one.step: one.more["held_out_loss"] for one in reports if "held_out_loss" in one.more
    }


def test_the_held_out_loss_is_measured_when_asked_and_changes_no_weight(tmp_path: Path) -> None:
    plain = train(job(tmp_path / "plain", examples=LEARNED))

    result, losses = taught(tmp_path / "measured", evaluation={"every": 5}, log_every=14)

    assert sorted(losses) == [5, 10, STEPS]
    assert losses[5] > losses[10] > losses[STEPS]
    assert result.held_out_loss == pytest.approx(losses[STEPS], rel=1e-5)
    assert result.weights_sha256 == plain.weights_sha256
    assert plain.held_out_loss is None


def test_the_loss_is_that_of_every_token_whatever_the_batch(tmp_path: Path) -> None:
    _, one = taught(tmp_path / "one", evaluation={"every": 7}, steps=7)
    _, parts = taught(tmp_path / "parts", evaluation={"every": 7}, steps=7, accumulate=4)

    assert one[7] == pytest.approx(parts[7], rel=1e-4)


def test_the_best_weights_are_left_behind_although_the_last_ones_are_worse(tmp_path: Path) -> None:
    changes = {"evaluation": {"every": 1}, "checkpoints": {"every": 4, "best": True}}

    result, losses = taught(tmp_path / "best", optimizer=SPOILING, **changes)

    best = min(losses, key=lambda step: losses[step])
    assert losses[best] < losses[STEPS]
    assert result.kept_step == best
    assert result.held_out_loss == pytest.approx(losses[best], rel=1e-5)
    assert sha256_of(result.model / "model.safetensors") == result.weights_sha256
    short, _ = taught(tmp_path / "short", optimizer=SPOILING, steps=best)
    assert short.weights_sha256 == result.weights_sha256


def test_the_best_of_lora_is_its_small_matrices(tmp_path: Path) -> None:
    changes = {"evaluation": {"every": 2}, "checkpoints": {"every": 50, "best": True}}

    result, losses = taught(tmp_path, method="lora", lora={"rank": 2}, **changes)

    assert result.kept_step == min(losses, key=lambda step: losses[step])
    assert math.isfinite(result.held_out_loss or math.nan)


@pytest.fixture
def dataset(store: Store, tmp_path: Path) -> str:
    stored(store, tmp_path, [trace(i) for i in range(40)])
    build = Build(dataset_name="d", dataset_version="1", splits={"train": 0.5, "test": 0.5}, seed=1)
    return freezing.freeze(store, build).dataset_key


def test_the_rows_come_from_the_split_that_is_named(store: Store, dataset: str) -> None:
    def held(**evaluation: Any) -> Any:
        recipe = read_recipe(RECIPE | {"evaluation": evaluation})
        return jobs.held_out(store, TrainConfig(recipe=recipe, dataset_key=dataset))

    shown = jobs.examples(store, dataset, read_recipe(RECIPE))

    some = list(held(every=3, rows=4))
    assert len(some) == 4
    assert not {one.id for one in some} & {one.id for one in shown}
    assert held() is None
    with pytest.raises(BadInput, match="is trained on"):
        held(every=3, split="train")
    with pytest.raises(NotFound, match="no split 'dev'"):
        list(held(every=3, split="dev"))
    with pytest.raises(BadInput, match=r"best needs evaluation\.every"):
        read_recipe(RECIPE | {"checkpoints": {"best": True}})
