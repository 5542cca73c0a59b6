"""Learning from pairs: what is preferred becomes likelier, and nothing is lost."""

import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.curate.curating import verified
from tests.extras import needs
from tests.making import stored, trace
from tests.train import jobs
from tests.train.ending import NO_NUMBER, WILD, deadly, left_sound
from tests.train.jobs import EXAMPLES, RECIPE
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.errors import BadInput, Conflict
from tunix_rt.rendering.schema_wording import Example, example
from tunix_rt.store import Store
from tunix_rt.train import jobs as work
from tunix_rt.train.backends.tunix import train as train_here
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Progress, Recipe, TrainJob, TrainResult
from tunix_rt.train.training import train

needs("tunix", extra="tunix")

STEPS = 10


def wrong(one: Example) -> Example:
    """The same sum with an answer that is one too large, and nothing thought."""
    left, _, right = one.prompt.removeprefix("add ").partition("+")
    return example(one.prompt, f"<answer>{int(left) + int(right) + 1}</answer>")


PAIRS = [(one, wrong(one)) for one in EXAMPLES]


def recipe(model: Path, method: str = "dpo", **changes: Any) -> Recipe:
    return read_recipe(
        {
            "method": method,
            "steps": STEPS,
            "batch_size": 8,
            "max_seq_length": 48,
            "model": {"path": str(model)},
            "tokenizer": {"source": "model"},
            "optimizer": RECIPE["optimizer"]
            | {"warmup_steps": 0, "schedule": "constant", "learning_rate": 0.003},
            "checkpoints": {"every": 4},
        }
        | changes
    )


def job(
    folder: Path,
    chosen: Recipe,
    report: Callable[[Progress], None] = lambda _: None,
    pairs: list[tuple[Example, Example]] = PAIRS,
) -> TrainJob:
    return TrainJob(chosen, [], folder, report, pairs=pairs)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was taught for a moment."""
    return train(jobs.job(tmp_path_factory.mktemp("taught"), steps=40)).model


Told = tuple[TrainResult, list[Progress]]


@pytest.fixture(scope="module")
def whole(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    told: list[Progress] = []
    return train(job(tmp_path_factory.mktemp("whole"), recipe(model), told.append)), told


@pytest.mark.jax
def test_dpo_begins_where_nothing_is_preferred_and_prefers_what_is_right(whole: Told) -> None:
    result, told = whole

    assert told[0].loss == pytest.approx(math.log(2), abs=1e-5)
    assert told[0].more["margin"] == pytest.approx(0, abs=1e-5)
    assert told[-1].more["margin"] > 0.1
    assert told[-1].loss < told[0].loss
    assert result.examples == len(PAIRS)


@pytest.mark.jax
def test_without_learning_the_right_traces_they_become_unlikelier_and_with_it_they_do_not(
    whole: Told, model: Path, tmp_path: Path
) -> None:
    told: list[Progress] = []
    both = recipe(model, preference={"beta": 0.1, "nll": 1.0})

    train(job(tmp_path, both, told.append))

    assert told[-1].more["logp_right"] > whole[1][-1].more["logp_right"]


@pytest.mark.jax
def test_orpo_learns_the_right_traces_and_prefers_them(model: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    other: list[Progress] = []

    train(job(tmp_path / "a", recipe(model, "orpo", steps=20), told.append))
    heavy = recipe(model, "orpo", steps=20, preference={"beta": 5.0})
    train(job(tmp_path / "b", heavy, other.append))

    assert told[-1].more["logp_right"] > told[0].more["logp_right"]
    assert other[-1].more["margin"] > other[0].more["margin"]
    assert other[-1].more["margin"] > told[-1].more["margin"]


@pytest.mark.jax
@pytest.mark.parametrize("changes", [{"preference": {"beta": 1.0}}, {"preference": {"nll": 0.5}}])
def test_every_option_changes_what_is_learned(
    whole: Told, model: Path, tmp_path: Path, changes: dict[str, Any]
) -> None:
    other = train(job(tmp_path, recipe(model, **changes)))

    assert other.weights_sha256 != whole[0].weights_sha256


@pytest.mark.jax
@pytest.mark.parametrize("how", [("9",), ("4", "kept")], ids=" ".join)
def test_killed_and_called_again_it_ends_with_the_same_bits(
    how: tuple[str, ...], whole: Told, model: Path, tmp_path: Path
) -> None:
    program = [sys.executable, "-m", "tests.train.test_preferring", str(model), str(tmp_path)]
    assert subprocess.run([*program, *how], env=os.environ).returncode == -signal.SIGKILL
    told: list[Progress] = []

    again = train(job(tmp_path, recipe(model), told.append))

    assert again.resumed_from in (4, 8)
    assert again.weights_sha256 == whole[0].weights_sha256
    assert [(one.step, one.loss) for one in told] == [(one.step, one.loss) for one in whole[1]]


@pytest.mark.jax
def test_other_pairs_are_another_training(whole: Told, model: Path) -> None:
    with pytest.raises(Conflict, match="the pairs changed"):
        train(job(whole[0].model.parent, recipe(model), pairs=PAIRS[:-1]))


def test_no_pairs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no pairs to learn from"):
        train(job(tmp_path, recipe(tmp_path), pairs=[]))


@pytest.mark.jax
def test_pairs_that_are_too_long_are_refused_or_left_out(model: Path, tmp_path: Path) -> None:
    long = [*PAIRS, (example("add 1+1", "1" * 60), example("add 1+1", "2"))]

    with pytest.raises(BadInput, match="1 pairs have a side of more than 48 tokens"):
        train(job(tmp_path / "a", recipe(model), pairs=long))
    left = train(job(tmp_path / "b", recipe(model, too_long="drop", steps=2), pairs=long))

    assert (left.examples, left.dropped) == (len(PAIRS), 1)


def frozen_pairs(store: Store, folder: Path) -> str:
    """A version with a right and a wrong trace of each of four prompts."""
    made = [
        trace(n % 4, final_answer=str(n % 4 + 1 + n // 4), meta={"label": n // 4 == 0, "n": n})
        for n in range(8)
    ]
    for one in made:
        one["meta"]["expected_answer"] = str(int(one["prompt"].split()[2]) + 1)
    stored(store, folder, made)
    verified(store)
    return freezing.freeze(store, Build(dataset_name="p", dataset_version="1")).dataset_key


def test_a_datasets_right_and_wrong_traces_of_one_prompt_are_its_pairs(
    store: Store, tmp_path: Path
) -> None:
    key = frozen_pairs(store, tmp_path)

    found = list(work.pairs(store, key, recipe(tmp_path)))

    assert len(found) == 4
    for right, other in found:
        assert right.prompt == other.prompt
        number = int(right.prompt.split()[2])
        assert f"<answer>{number + 1}</answer>" in right.response
        assert f"<answer>{number + 2}</answer>" in other.response


if __name__ == "__main__":
    place, step = Path(sys.argv[2]), int(sys.argv[3])
    own = job(place, recipe(Path(sys.argv[1])))
    train_here(deadly(own, step, *sys.argv[4:]))


@pytest.mark.jax
def test_a_loss_that_is_no_number_ends_it_and_names_the_pairs(model: Path, tmp_path: Path) -> None:
    own = recipe(model, steps=200, optimizer=WILD, checkpoints={"every": 1, "keep": 1})

    with pytest.raises(BadInput, match=NO_NUMBER) as refused:
        train(job(tmp_path, own))

    assert "Its batch has the rows" in refused.value.message
    last = left_sound(tmp_path)
    assert f"the last good checkpoint is of step {last}" in refused.value.message
