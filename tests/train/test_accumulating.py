"""Batches of pairs, and rounds, that are computed in parts: less memory, the same step."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train import jobs, practices
from tests.train import test_preferring as pairs
from tunix_rt.kit.errors import BadInput
from tunix_rt.train.schema import Progress, TrainJob
from tunix_rt.train.training import train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")

Make = Callable[..., TrainJob]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was taught for a moment."""
    return train(jobs.job(tmp_path_factory.mktemp("taught"), steps=40)).model


def dpo(folder: Path, model: Path, report: Any, **changes: Any) -> TrainJob:
    own = pairs.recipe(model, preference={"nll": 0.5}, **changes)
    return pairs.job(folder, own, report)


def orpo(folder: Path, model: Path, report: Any, **changes: Any) -> TrainJob:
    return pairs.job(folder, pairs.recipe(model, "orpo", **changes), report)


def by_token(folder: Path, model: Path, report: Any, **changes: Any) -> TrainJob:
    options = {"iterations": 2, "beta": 0.01, "flat_groups": "drop"}
    return practices.job(folder, practices.recipe(model, options, **changes), report=report)


def by_answer(folder: Path, model: Path, report: Any, **changes: Any) -> TrainJob:
    options = {"aggregation": "sequence-mean-token-mean", "flat_groups": "drop"}
    return practices.job(folder, practices.recipe(model, options, **changes), report=report)


@pytest.mark.parametrize("make", [dpo, orpo, by_token, by_answer])
@pytest.mark.parametrize("backend", ["tunix", pytest.param("torch", marks=pytest.mark.torch)])
def test_a_step_in_parts_is_the_same_step(
    make: Make, backend: str, model: Path, tmp_path: Path
) -> None:
    if backend == "torch":
        needs("trl", extra="torch")
    told: dict[int, list[Progress]] = {1: [], 4: []}

    for parts, reports in told.items():
        own = {"backend": backend, "steps": 2, "checkpoints": {"every": 2}, "accumulate": parts}
        train(make(tmp_path / str(parts), model, reports.append, **own))

    whole, cut = told.values()
    assert [one.loss for one in cut] == pytest.approx([one.loss for one in whole], abs=2e-5)
    norms = [one.gradient_norm for one in whole]
    assert [one.gradient_norm for one in cut] == pytest.approx(norms, rel=1e-3)
    for name in ("margin", "logp_right", "kl", "clipped"):
        if name in whole[0].more:
            expected = [one.more[name] for one in whole]
            assert [one.more[name] for one in cut] == pytest.approx(expected, rel=1e-3, abs=1e-4)


def test_parts_are_equal(model: Path) -> None:
    with pytest.raises(BadInput, match="batch_size must be a multiple of accumulate"):
        pairs.recipe(model, accumulate=3)
    with pytest.raises(BadInput, match=r"prompts times grpo\.group must be a multiple"):
        practices.recipe(model, accumulate=3)
