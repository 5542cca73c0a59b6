"""A dry run of what practises: its first round is asked, and the longest step taken."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train import practices
from tests.train.test_rehearsing import job_of, own
from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.widths import width_of
from tunix_rt.store import Store
from tunix_rt.train import rehearsing, training
from tunix_rt.train.showing_dry import facts

__all__ = ["own"]

needs("tokenizers", extra="tunix")

BACKENDS = [
    pytest.param("tunix", marks=pytest.mark.jax),
    pytest.param("torch", marks=pytest.mark.torch),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("changes", [{}, {"beta": 0.1, "iterations": 2}])
def test_the_first_round_is_asked_and_a_step_on_the_longest_answers_is_tried(
    own: Store, tmp_path: Path, backend: str, changes: dict[str, Any]
) -> None:
    needs("trl" if backend == "torch" else backend, extra=backend)
    heard = practices.Heard()
    model = training.initialise(job_of(own, tmp_path, backend=backend))
    recipe = practices.recipe(model, changes, max_seq_length=64, backend=backend)

    report = rehearsing.rehearse(own, "d-1", practices.job(tmp_path / "run", recipe, heard))

    plan, step, found = report.practice, report.tried, report.tried_round
    assert plan is not None
    assert step is not None
    assert found is not None
    assert (plan.problems, plan.held_out, plan.watched) == (30, 8, 8)
    assert (plan.rounds, plan.rollouts) == (12 // changes.get("iterations", 1), 16)
    assert plan.samples == plan.rounds + 4 + 2 * (2 + 2)  # four looks, before and after
    assert 5 < plan.longest_prompt < 20
    assert (step.lines, step.width) == (16, width_of(plan.longest_prompt) + 16)
    assert step.restored
    assert 0 < found.answer_tokens <= 16
    assert 0 <= found.ended <= 1
    assert min(found.sample_seconds, found.judge_seconds) > 0
    assert (heard.rounds, heard.measured, list((tmp_path / "run").iterdir())) == ({}, [], [])
    memory, rounds = report.memory, plan.samples * found.sample_seconds
    assert memory is not None
    assert (memory.fits, memory.compiled is None) == (True, backend == "torch")
    assert memory.cache == 4 * 16 * step.width * 2 * 8  # one layer, one head of eight
    assert report.steps == 12
    assert report.seconds is not None
    assert report.seconds > rounds + 12 * step.step_seconds
    assert "Whether the model is ready was not measured" in report.left_out[0]
    words = dict(facts(report))
    assert words["rounds"] == f"{plan.rounds} of 16 rollouts"
    assert words["problems"] == "30 to practise, 8 held out, 8 watched"
    assert "tokens an answer" in words["a round"]
    assert "goes on with the same loss" in words["checkpoint"]


@pytest.mark.jax
def test_a_prompt_that_does_not_fit_is_refused_before_a_round(own: Store, tmp_path: Path) -> None:
    needs("tunix", extra="tunix")
    model = training.initialise(job_of(own, tmp_path))
    short = practices.recipe(model, max_seq_length=16 + 4)

    with pytest.raises(BadInput, match=r"A prompt has \d+ tokens; 4 fit beside"):
        rehearsing.rehearse(own, "d-1", practices.job(tmp_path, short))


@pytest.mark.jax
def test_a_round_that_cannot_fit_is_not_tried_and_what_fits_is_said(
    own: Store, tmp_path: Path
) -> None:
    needs("tunix", extra="tunix")
    model = training.initialise(job_of(own, tmp_path))
    recipe = practices.recipe(model, {"prompts": 4096, "group": 1024}, max_seq_length=64)

    report = rehearsing.rehearse(own, "d-1", practices.job(tmp_path, recipe))

    assert report.memory is not None
    assert report.memory.fits is False
    advice = report.memory.advice or ""
    assert re.search(r"(accumulate|grpo\.prompts) = \d+ would fit", advice)
    assert (report.tried, report.tried_round, report.seconds) == (None, None, None)
    assert "it would not fit" in report.left_out[1]
