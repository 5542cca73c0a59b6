"""A training that begins with the weights of a checkpoint of one on torch."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import ON_ONE
from tests.extras import needs
from tests.train.jobs import EXAMPLES, STEPS, job
from tests.train.test_torch import KINDS, TORCH, taught
from tunix_rt.kit.errors import Conflict
from tunix_rt.kit.settings import Settings
from tunix_rt.registry.loading.weights import weights_sha256
from tunix_rt.runs import query_read
from tunix_rt.store import Store
from tunix_rt.train.checkpointing import best_step
from tunix_rt.train.schema_fork import Fork
from tunix_rt.train.training import weights_at

pytestmark = pytest.mark.torch
needs("trl", extra="torch")


def left(folder: Path, step: int, target: Path, **changes: Any) -> str:
    """The sha256 of the weights of a checkpoint."""
    weights_at(job(folder, **TORCH | changes), step, target)
    return weights_sha256(target)


@pytest.mark.parametrize("kind", ["plain", "muon, lora, in parts"])
def test_the_last_checkpoint_is_the_model_that_was_left(kind: str, tmp_path: Path) -> None:
    changes, run = KINDS[kind], tmp_path / "run"
    result, _ = taught(run, **changes)

    assert left(run, STEPS, tmp_path / "m", **changes) == result.weights_sha256
    assert left(run, 12, tmp_path / "n", **changes) != result.weights_sha256


def test_the_best_weights_are_left_where_their_checkpoint_is_gone(tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "precision": "bfloat16",
        "evaluation": {"every": 4},
        "checkpoints": {"every": 100, "best": True},
    }
    result, _ = taught(tmp_path / "run", **changes)
    best = best_step(tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "checkpoints")

    assert best is not None
    assert left(tmp_path / "run", best.step, tmp_path / "m", **changes) == result.weights_sha256


def test_the_model_of_a_run_that_began_elsewhere_is_refused(tmp_path: Path) -> None:
    taught(tmp_path / "run", steps=4)
    fewer = replace(job(tmp_path / "run", **TORCH), examples=EXAMPLES[:5])

    with pytest.raises(Conflict, match="tokenizer that the run began with has changed"):
        weights_at(fewer, 4, tmp_path / "m")


@pytest.mark.jax
@ON_ONE
def test_a_tunix_run_begins_with_them_and_a_torch_run_with_those_of_tunix(
    api: TestClient, store: Store, settings: Settings, tmp_path: Path
) -> None:
    needs("tunix", extra="tunix")
    from tests.train.jobs import RECIPE
    from tests.train.test_forking import done
    from tests.train.test_rehearsing import CHANGES, frozen

    frozen(store, tmp_path)
    recipe = RECIPE | CHANGES
    first = done(store, settings, recipe | TORCH)
    theirs = done(store, settings, recipe | {"steps": 3}, Fork(run_id=first, step=12))
    ours = done(store, settings, recipe | TORCH | {"steps": 3}, Fork(run_id=theirs))

    with store.read() as connection:
        losses = [
            query_read.get(connection, one).result["first_loss"] for one in (first, theirs, ours)
        ]
    assert losses[0] > losses[1] > losses[2]
