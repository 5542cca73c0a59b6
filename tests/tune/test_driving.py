"""Tuning with the real queue, real workers and real processes; only the training is quick."""

import os
import signal
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ON_ONE
from tests.tune.working import (
    add_data,
    begun,
    job,
    lasting,
    run,
    trainings,
    until,
    worker,
    workers,
)
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import TERMINAL
from tunix_rt.store import Row, Store
from tunix_rt.tasks import suites
from tunix_rt.tune import starting


@pytest.fixture(autouse=True)
def _data(store: Store, tmp_path: Path) -> None:
    add_data(store, tmp_path)


def test_one_worker_does_a_job_with_all_its_trials(store: Store, settings: Settings) -> None:
    job_id = begun(store, num_samples=3, max_concurrent_trials=2)

    assert worker(store, settings).once()

    done = job(store, job_id)
    assert done.status == "completed", run(store, done.run_id).error
    assert done.trials is not None
    assert [(t.number, t.status) for t in done.trials] == [(n, "completed") for n in range(3)]
    best = min(done.trials, key=lambda t: t.metric_value or 0)
    assert (done.best_run_id, done.best_params_json) == (best.run_id, best.params_json)
    row = run(store, best.run_id)
    rate = best.params_json["learning_rate"]
    assert row.config["recipe"]["optimizer"]["learning_rate"] == rate
    assert row.last_metrics["loss"] == best.metric_value
    assert (row.kind, row.dataset_key, row.model_id) == ("train", "d-1", "nano")
    assert len(trainings(store)) == 3
    driver = run(store, done.run_id)
    assert (driver.status, driver.result["best_run_id"]) == ("completed", best.run_id)
    assert driver.progress["done"] == 3
    with store.read() as connection:
        tried = query_read.lineage_of(connection, "run", driver.id).inputs
    assert {node.id for node in tried} == {t.run_id for t in done.trials}


@ON_ONE
def test_trials_are_measured_on_the_suite_there_was_at_the_start(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    job_id = begun(store, metric_name="score", metric_mode="max", num_samples=2, seed=1)
    lines = tmp_path / "new.jsonl"
    lines.write_text('{"id": "x", "prompt": "1+1?", "expected_answer": "2"}\n')
    suites.from_file(store, "newer", lines)

    worker(store, settings).once()

    done = job(store, job_id)
    assert (done.status, done.suite) == ("completed", "sums")
    assert done.trials is not None
    for one in done.trials:
        rate = one.params_json["learning_rate"]
        assert isinstance(rate, float)
        assert one.metric_value == (100.0 if rate > 0.01 else 50.0)
        assert run(store, one.evaluation_run_id).config["suite"] == "sums"
    assert {one.metric_value for one in done.trials} == {50.0, 100.0}  # else it shows nothing
    first = next(one for one in done.trials if one.metric_value == 100.0)
    assert done.best_run_id == first.run_id


@ON_ONE
def test_a_failed_trial_is_recorded_and_the_job_goes_on(store: Store, settings: Settings) -> None:
    seeds = {"type": "choice", "values": [13, 1]}
    heads = {"type": "choice", "values": [4, 3]}  # 3 is no multiple of kv_heads
    kv_heads = {"type": "choice", "values": [2]}
    space = lasting(1, seed=seeds, **{"model.heads": heads, "model.kv_heads": kv_heads})
    job_id = begun(store, num_samples=3, seed=2, search_space=space)

    worker(store, settings).once()

    done = job(store, job_id)
    assert done.status == "completed"
    assert done.trials is not None
    for one in done.trials:
        if one.params_json["model.heads"] == 3:
            assert (one.status, one.run_id) == ("failed", None)
            assert "multiple of kv_heads" in str(one.error)
        elif one.params_json["seed"] == 13:
            assert (one.status, one.error) == ("failed", "The seed is 13.")
        else:
            assert (one.status, one.error) == ("completed", None)
    assert {one.run_id is None for one in done.trials} == {True, False}  # else it shows less
    assert {one.status for one in done.trials if one.run_id} == {"failed", "completed"}


@ON_ONE
def test_a_job_fails_only_when_all_its_trials_failed(store: Store, settings: Settings) -> None:
    space = lasting(1, seed={"type": "choice", "values": [13]})
    job_id = begun(store, num_samples=2, search_space=space)

    worker(store, settings).once()

    done = job(store, job_id)
    assert (done.status, done.best_run_id, done.best_params_json) == ("failed", None, None)
    driver = run(store, done.run_id)
    said = "All 2 trials failed; the first: The seed is 13."
    assert (driver.status, driver.error) == ("failed", said)


@ON_ONE
def test_a_training_that_left_no_such_number_is_a_failed_trial(
    store: Store, settings: Settings
) -> None:
    job_id = begun(store, num_samples=1, metric_name="gradient_norm")

    worker(store, settings).once()

    trials = job(store, job_id).trials
    assert trials is not None
    assert trials[0].error == "Its run ended without a finite number 'gradient_norm'."


@ON_ONE
def test_no_more_trials_are_open_than_allowed(store: Store, settings: Settings) -> None:
    job_id = begun(store, num_samples=4, max_concurrent_trials=2, search_space=lasting(10))

    with workers(store, settings, 3):
        until(lambda: job(store, job_id).status != "running")

    assert job(store, job_id).status == "completed"
    assert most_at_once(trainings(store)) == 2


@ON_ONE
def test_a_killed_driver_goes_on_and_trains_nothing_twice(store: Store, settings: Settings) -> None:
    job_id = begun(store, num_samples=3, search_space=lasting(12))
    driver = str(job(store, job_id).run_id)

    for deaths in (1, 2):
        working = threading.Thread(target=worker(store, settings).once)
        working.start()
        until(partial(busy, store, deaths))
        os.kill(int((store.home / "runs" / driver / "pid").read_text()), signal.SIGKILL)
        working.join(30)
        assert (run(store, driver).status, run(store, driver).deaths) == ("pending", deaths)

    worker(store, settings).once()

    done = job(store, job_id)
    assert done.status == "completed", run(store, driver).error
    assert done.trials is not None
    assert [(t.number, t.status) for t in done.trials] == [(n, "completed") for n in range(3)]
    assert {t.run_id for t in done.trials} == {one.id for one in trainings(store)}
    assert run(store, driver).attempt == 3


@ON_ONE
def test_a_worker_that_is_stopped_leaves_the_job_to_the_next(
    store: Store, settings: Settings
) -> None:
    job_id = begun(store, num_samples=1, search_space=lasting(30))

    with workers(store, settings, 1):
        until(lambda: any(one.status == "running" for one in trainings(store)))
    stopped = job(store, job_id)
    waiting = [one.status for one in trainings(store)]
    worker(store, settings).once()

    assert (stopped.status, waiting) == ("running", ["pending"])
    assert run(store, stopped.run_id).deaths == 0
    assert job(store, job_id).status == "completed"
    assert len(trainings(store)) == 1


@pytest.mark.parametrize("through", ["the job", "its run"])
def test_cancelling_stops_the_open_trials(store: Store, settings: Settings, through: str) -> None:
    space = lasting(100)
    job_id = begun(store, num_samples=5, max_concurrent_trials=2, search_space=space)
    driver = str(job(store, job_id).run_id)

    with workers(store, settings, 1):
        until(lambda: any(one.status == "running" for one in trainings(store)))
        until(lambda: len(trainings(store)) == 2)
        with store.write() as connection:
            if through == "the job":
                starting.cancel(connection, job_id)
            else:
                runs.cancel(connection, driver)
        until(lambda: run(store, driver).status in TERMINAL)

    done = job(store, job_id)
    assert (done.status, run(store, driver).status) == ("cancelled", "cancelled")
    assert done.trials is not None
    assert [one.status for one in done.trials] == ["cancelled"] * 2
    assert [one.status for one in trainings(store)] == ["cancelled"] * 2


def busy(store: Store, attempt: int) -> bool:
    """Whether a training is being done for the so-manieth time."""
    return any(one.status == "running" and one.attempt == attempt for one in trainings(store))


def most_at_once(rows: list[Row[Any]]) -> int:
    """How many of these runs were being done at the same moment."""
    return max(
        len([1 for other in rows if other.started_at <= one.started_at < other.completed_at])
        for one in rows
    )
