"""A dry run of what learns from pairs."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train.test_preferring import frozen_pairs
from tests.train.test_rehearsing import job_of, own
from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.schema_wording import Example, example
from tunix_rt.store import Store
from tunix_rt.train import rehearsing, training
from tunix_rt.train.schema import TrainJob
from tunix_rt.train.showing_dry import facts

__all__ = ["own"]

needs("tokenizers", extra="tunix")

BACKENDS = [
    pytest.param("tunix", "dpo", marks=pytest.mark.jax),
    pytest.param("torch", "dpo", marks=pytest.mark.torch),
    pytest.param("torch", "orpo", marks=pytest.mark.torch),
]


def paired(store: Store, folder: Path, method: str, **changes: Any) -> TrainJob:
    """A job that learns to prefer each answer to that of another problem."""
    base = job_of(store, folder / "base", backend=changes["backend"])
    rows = list(base.examples)
    pairs: list[tuple[Example, Example]] = [
        (one, example(one.prompt, other.response)) for one, other in pairwise(rows)
    ]
    job = job_of(
        store,
        folder / "run",
        method=method,
        model={"path": str(training.initialise(base))},
        tokenizer={"source": "model"},
        **changes,
    )
    return replace(job, pairs=pairs)


@pytest.mark.parametrize(("backend", "method"), BACKENDS)
def test_pairs_are_planned_and_a_step_of_them_is_tried(
    own: Store, tmp_path: Path, backend: str, method: str
) -> None:
    needs("tunix" if backend == "tunix" else "trl", extra=backend)
    changes = {"backend": backend, "batch_size": 8, "steps": None, "epochs": 2}
    job = paired(own, tmp_path, method, **changes)

    report = rehearsing.rehearse(own, "d-1", job)
    trained = training.train(job)

    assert report.tried is not None
    assert report.tried.restored
    assert report.tried.loss == trained.first_loss
    assert (report.steps, report.tokens) == (trained.steps, trained.tokens)
    [shape] = report.shapes
    assert shape.lines == 16
    assert shape.batches == pytest.approx(39 / 8)
    assert (report.tried.lines, report.tried.width) == (16, shape.width)
    assert report.memory is not None
    assert report.memory.fits
    assert (report.memory.compiled is None) == (backend == "torch")
    assert (report.complete, report.left_out) == (True, [])
    assert "goes on with the same loss" in dict(facts(report))["checkpoint"]


@pytest.mark.jax
def test_a_glance_plans_the_pairs_of_the_first_rows(own: Store, tmp_path: Path) -> None:
    needs("tunix", extra="tunix")
    key = frozen_pairs(own, tmp_path)
    changes = {"backend": "tunix", "batch_size": 2, "steps": None, "epochs": 1}
    recipe = paired(own, tmp_path, "dpo", **changes).recipe

    whole = rehearsing.glance(own, key, recipe)
    first = rehearsing.glance(own, key, recipe, 1)

    assert (whole.steps, [shape.lines for shape in whole.shapes]) == (2, [4])
    assert whole.memory is not None
    assert len(whole.left_out) == 1
    assert (first.complete, first.steps, first.memory) == (False, None, None)
    assert "the first rows make no pair" in first.left_out[0]
    with pytest.raises(BadInput, match="There are no pairs to learn from"):
        rehearsing.glance(own, "d-1", recipe)
