"""A model practises as a run: on a dataset's problems or on fresh ones, and killed in between."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ON_ONE
from tests.curate.test_killing import SAYS_WHO_IT_IS
from tests.extras import needs
from tests.making import stored, trace
from tests.train import jobs
from tests.train.practices import STEPS, recipe
from tests.train.rollouts import begun
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import NewRun
from tunix_rt.runs.spawning import environment
from tunix_rt.runs.working import Worker
from tunix_rt.store import Store
from tunix_rt.tasks.schema import side
from tunix_rt.train import jobs as work
from tunix_rt.train import query
from tunix_rt.train.practising import practice
from tunix_rt.train.schema import TrainConfig
from tunix_rt.train.schema_grpo import Problem
from tunix_rt.train.training import train

needs("tunix", extra="tunix")

SUMS = {"generator": "arithmetic", "config": {"families": {"add": 1}, "digits": 1}}
ANYTHING_GOES = {"greedy": 0, "ratio": 0, "entropy": 20, "varied": 0}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was taught sums of one digit for a moment."""
    return train(jobs.job(tmp_path_factory.mktemp("taught"), steps=60)).model


@pytest.fixture
def frozen(store: Store, tmp_path: Path) -> Store:
    """Sums with their answers, a third of them held out; each prompt stands there twice."""
    made = [
        trace(
            n,
            prompt=one.prompt,
            final_answer=one.response.split(">")[-2].split("<")[0],
            meta={"expected_answer": str(summed(one.prompt)), "n": n},
        )
        for n, one in enumerate([*jobs.EXAMPLES, *jobs.EXAMPLES])
    ]
    stored(store, tmp_path, made)
    splits = {"train": 0.66, "test": 0.34}
    freezing.freeze(store, Build(dataset_name="d", dataset_version="1", limit=1000, splits=splits))
    return store


def summed(prompt: str) -> int:
    left, _, right = prompt.removeprefix("add ").partition("+")
    return int(left) + int(right)


def config(model: Path, **grpo: Any) -> TrainConfig:
    options = {"readiness": ANYTHING_GOES, **grpo}
    return TrainConfig(recipe=recipe(model, options), dataset_key="d-1")


def prompts(problems: list[Problem]) -> list[str]:
    return [one.task.prompt for one in problems]


def test_a_datasets_own_problems_are_practised_and_its_held_out_ones_are_not(
    frozen: Store, settings: Settings, tmp_path: Path
) -> None:
    run = begun(frozen, settings)

    found = practice(run, config(tmp_path))

    pool, apart = prompts(list(found.pool)), prompts([*found.held_out, *found.watched])
    assert (len(found.held_out), len(found.watched)) == (8, 8)
    assert len(set(pool + apart)) == len(pool) + len(apart)
    assert {one.task.expected for one in found.pool} <= {str(n) for n in range(19)}
    with pytest.raises(BadInput, match=r"has \d+ held-out problems .* and 1008 are asked for"):
        practice(run, config(tmp_path, held_out=1000))


def test_fresh_problems_are_none_of_the_dataset_and_the_wall_stands(
    frozen: Store, settings: Settings, tmp_path: Path
) -> None:
    run = begun(frozen, settings)
    fresh = {**SUMS, "config": {"families": {"add": 1}, "digits": 2}}

    found = practice(run, config(tmp_path, tasks=fresh))
    other = practice(run, config(tmp_path, tasks={**fresh, "seed": 1}))

    pool, apart = prompts(list(found.pool)), prompts([*found.held_out, *found.watched])
    assert len(pool) == STEPS * 4
    assert not {one.prompt for one in jobs.EXAMPLES} & {*pool, *apart}
    assert {side(one) for one in pool} == {"train"}
    assert {side(one) for one in apart} == {"test"}
    assert found.sha256 == practice(run, config(tmp_path, tasks=fresh)).sha256 != other.sha256


def test_a_generator_that_runs_out_says_so(
    frozen: Store, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=r"has \d+ different train tasks"):
        practice(begun(frozen, settings), config(tmp_path, tasks=SUMS, prompts=64))


def test_a_dataset_without_answers_is_nothing_to_practise_on(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(n, meta={"n": n}) for n in range(4)])
    freezing.freeze(store, Build(dataset_name="d", dataset_version="1"))

    with pytest.raises(BadInput, match="no problem with an expected answer"):
        practice(begun(store, settings), config(tmp_path))


@pytest.mark.jax
def test_a_run_says_how_good_the_model_was_and_is_and_keeps_every_rollout(
    frozen: Store, settings: Settings, model: Path
) -> None:
    run = begun(frozen, settings)

    work.train(run, config(model))
    run.flush()

    with frozen.read() as connection:
        row = query_read.get(connection, run.id)
        points = query_read.metrics(connection, run.id, 100).points
        rollouts = query.count(connection, run.id)
        inputs = query_read.lineage_of(connection, "run", run.id).inputs
    practised = row.result["practised"]
    assert rollouts == STEPS * 16
    assert practised["before"]["greedy_low"] <= practised["before"]["greedy"]
    assert practised["after"]["sampled_high"] >= practised["after"]["sampled"]
    assert row.result["advice"]
    assert {"reward", "reward_answer", "reward_length", "loss"} <= points[0].values.keys()
    assert [one.id for one in inputs] == ["d-1"]


@pytest.mark.jax
def test_a_model_that_is_not_ready_is_refused_with_advice(
    frozen: Store, settings: Settings, model: Path
) -> None:
    run = begun(frozen, settings)
    strict = config(model, readiness={"greedy": 1, "override": ["entropy", "varied"]})

    with pytest.raises(BadInput, match="not ready to practise"):
        work.train(run, strict)
    run.flush()

    with frozen.read() as connection:
        result = query_read.get(connection, run.id).result
        assert query.count(connection, run.id) == 0
    assert result["advice"].startswith("Teach it first")
    assert result["readiness"]["problems"] == 8


@pytest.mark.jax
@pytest.mark.slow
@pytest.mark.timeout(600)
@ON_ONE
def test_a_killed_run_goes_on_with_the_same_bits_and_no_rollout_twice(
    frozen: Store, settings: Settings, model: Path, tmp_path: Path
) -> None:
    chosen = config(model)
    whole, killed = (enqueued(frozen, chosen) for _ in range(2))
    pid = tmp_path / "pid"

    def command(run_id: str, attempt: int) -> list[str]:
        return [sys.executable, "-c", SAYS_WHO_IT_IS, run_id, str(attempt), str(pid)]

    worker = Worker(frozen, command, environment(settings, dict(os.environ)))
    worker.once()
    working = threading.Thread(target=worker.once)
    working.start()
    while kept(frozen, killed) < 9 * 16:
        assert working.is_alive(), "it ended before it was killed"
        time.sleep(0.01)
    os.kill(int(pid.read_text()), signal.SIGKILL)
    working.join(60)
    worker.once()

    with frozen.read() as connection:
        rows = [query_read.get(connection, one) for one in (whole, killed)]
        rollouts = [
            [
                (one.round, one.place, one.answer, one.tokens, one.logp, one.reward, one.advantage)
                for one in query.page(connection, run_id, limit=1000)
            ]
            for run_id in (whole, killed)
        ]
        losses = [
            [(p.step, p.values["loss"]) for p in query_read.metrics(connection, one, 100).points]
            for one in (whole, killed)
        ]
    assert [row.status for row in rows] == ["completed", "completed"]
    assert [row.attempt for row in rows] == [1, 2]
    assert rows[0].result["weights_sha256"] == rows[1].result["weights_sha256"]
    assert rollouts[0] == rollouts[1]
    assert len(rollouts[1]) == STEPS * 16
    assert losses[0] == losses[1]


def enqueued(store: Store, chosen: TrainConfig) -> str:
    with store.write() as connection:
        return runs.enqueue(connection, NewRun(kind="train", name="t", config=chosen))


def kept(store: Store, run_id: str) -> int:
    with store.read() as connection:
        return query.count(connection, run_id)
