"""What is kept when a training ends early, and how many checkpoints there is room for."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.extras import needs
from tests.train.jobs import STEPS, job
from tunix_rt.kit.errors import BadInput, Cancelled
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.schema import Progress
from tunix_rt.train.training import train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


def test_a_cancelled_training_keeps_the_step_it_was_at_and_ends_with_the_same_bits(
    tmp_path: Path,
) -> None:
    def stop(progress: Progress) -> None:
        if progress.step == 6:
            raise Cancelled("enough")

    whole = train(job(tmp_path / "whole"))
    with pytest.raises(Cancelled):
        train(job(tmp_path / "cut", stop))
    assert steps(tmp_path / "cut")[-1] == 7  # a step is told once the next one is done

    result = train(job(tmp_path / "cut"))

    assert replace(result, model=whole.model, resumed_from=0, seconds=0) == replace(
        whole, seconds=0
    )
    assert result.resumed_from == 7


def test_a_loss_that_is_no_number_ends_it_and_the_last_good_checkpoint_stays(
    tmp_path: Path,
) -> None:
    wild = {"name": "adamw", "learning_rate": 10, "warmup_steps": 0, "weight_decay": 10}
    told: list[Progress] = []
    kept = {"every": 1, "keep": 100}

    with pytest.raises(BadInput, match="The loss became") as refused:
        train(job(tmp_path, told.append, optimizer=wild, steps=400, checkpoints=kept))

    last = told[-1].step
    assert f"at step {last + 1}" in refused.value.message
    assert "Its batch has the rows" in refused.value.message
    assert steps(tmp_path)[-1] == last
    assert f"the last good checkpoint is of step {last}" in refused.value.message


def test_as_many_checkpoints_stay_as_there_is_room_for(tmp_path: Path) -> None:
    changes = {"every": 2, "keep": 5}
    five = train(job(tmp_path / "five", checkpoints=changes))
    assert len(steps(tmp_path / "five")) == 5
    size = 3 * 4 * five.parameters  # weights, and two moments of Adam

    train(job(tmp_path / "two", checkpoints=changes | {"max_gb": 3.5 * size / 1e9}))

    assert len(steps(tmp_path / "two")) == 2
    with pytest.raises(BadInput, match="Two checkpoints take"):
        train(job(tmp_path / "none", checkpoints=changes | {"max_gb": 1e-6}))


def test_a_checkpoint_is_also_kept_when_time_went_by(tmp_path: Path) -> None:
    train(job(tmp_path, checkpoints={"every": 1000, "minutes": 1e-9, "keep": 100}))

    assert steps(tmp_path) == list(range(1, STEPS + 1))
