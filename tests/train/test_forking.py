"""A training that begins with the weights of a checkpoint of another one."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.extras import needs
from tests.train.jobs import EXAMPLES, RECIPE, STEPS, job
from tests.train.test_rehearsing import CHANGES, frozen
from tunix_rt.kit.errors import BadInput, Conflict
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.rendering.schema_wording import example
from tunix_rt.runs import query, query_read, table
from tunix_rt.runs.reporting import Reporter
from tunix_rt.store import Store
from tunix_rt.train import forking, jobs, queueing, training
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import TrainConfig, TrainResult
from tunix_rt.train.schema_fork import Fork

NOBODY = "01a20000-0000-7000-8000-000000000000"

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


def trained(folder: Path, **changes: Any) -> TrainResult:
    from tunix_rt.train.backends.tunix import train

    return train(job(folder, **changes))


def left(folder: Path, step: int, target: Path, **changes: Any) -> str:
    """The sha256 of the weights of a checkpoint."""
    from tunix_rt.registry.loading.weights import weights_sha256
    from tunix_rt.train.training import weights_at

    weights_at(job(folder, **changes), step, target)
    return weights_sha256(target)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"method": "lora", "lora": {"rank": 2}},
        {"precision": "bfloat16"},
    ],
    ids=["sft", "lora", "bfloat16"],
)
def test_the_last_checkpoint_is_the_model_that_was_left(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    result = trained(tmp_path / "run", **changes)

    assert left(tmp_path / "run", STEPS, tmp_path / "m", **changes) == result.weights_sha256
    assert left(tmp_path / "run", 12, tmp_path / "n", **changes) != result.weights_sha256


def test_a_fork_begins_with_those_weights_and_a_fresh_optimizer(tmp_path: Path) -> None:
    from tunix_rt.train.backends.tunix import train

    first = trained(tmp_path / "run")
    left(tmp_path / "run", STEPS, tmp_path / "start")

    forked = replace(job(tmp_path / "fork", seed=3, steps=4), start=tmp_path / "start")
    again = replace(job(tmp_path / "again", seed=3, steps=4), start=tmp_path / "start")

    result = train(forked)
    assert result.first_loss < 0.7 * first.first_loss
    assert (result.steps, result.resumed_from) == (4, 0)
    assert train(again).weights_sha256 == result.weights_sha256


def test_another_tokenizer_and_another_shape_are_refused(tmp_path: Path) -> None:
    from tunix_rt.train.backends.tunix import train

    trained(tmp_path / "run", steps=4)
    left(tmp_path / "run", 4, tmp_path / "start")
    other = [*EXAMPLES, example("subtract 3-1", "<think>#</think><answer>2</answer>")]

    with pytest.raises(Conflict, match="tokenizer is another"):
        train(replace(job(tmp_path / "a", examples=other), start=tmp_path / "start"))
    wider = RECIPE["model"] | {"hidden": 64}
    with pytest.raises(Conflict, match="hidden was 32 and is 64"):
        train(replace(job(tmp_path / "b", model=wider), start=tmp_path / "start"))


@pytest.mark.parametrize(
    "text", ["", ":4", "nonsense", f"{NOBODY}:", f"{NOBODY}:x", f"{NOBODY}:0", "x" * 500]
)
def test_what_is_no_run_and_step_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        forking.named(text)


def done(store: Store, settings: Settings, recipe: dict[str, Any], fork: Fork | None = None) -> str:
    """A training done as its process does it; its id."""
    with store.write() as connection:
        settled = forking.settled(connection, settings.home / "runs", fork)
        new = queueing.wanted(read_recipe(recipe), "d-1", fork=settled)
        run_id = query.enqueue(connection, new)
        claimed = query.claim(connection, worker="t", lease=timedelta(minutes=5), run_id=run_id)
    assert claimed is not None
    run = Reporter(store, run_id, claimed.attempt, settings.home / "runs" / run_id)
    run.folder.mkdir(parents=True)
    jobs.train(run, TrainConfig.model_validate(claimed.config))
    return run_id


def test_a_fork_of_a_run_is_a_run_that_says_where_it_comes_from(
    api: TestClient, store: Store, settings: Settings, tmp_path: Path
) -> None:
    key = frozen(store, tmp_path)
    first = done(store, settings, RECIPE | CHANGES)
    second = done(store, settings, RECIPE | CHANGES | {"steps": 3}, Fork(run_id=first))
    asked = {"recipe": RECIPE | CHANGES, "dataset_key": key}

    queued = api.post("/api/tunix/train", json=asked | {"fork": {"run_id": second, "step": 3}})
    gone = api.post("/api/tunix/train", json=asked | {"fork": {"run_id": new_id()}})
    step = api.post("/api/tunix/train", json=asked | {"fork": {"run_id": first, "step": 5}})

    with store.read() as connection:
        around = query_read.lineage_of(connection, "run", second)
        rows = {one: query_read.get(connection, one) for one in (first, second)}
    assert {(one.kind, one.relation) for one in around.inputs} == {
        ("run", "forked from"),
        ("dataset", "trained on"),
    }
    assert rows[second].result["first_loss"] < rows[first].result["first_loss"]
    assert rows[second].config["fork"] == {"run_id": first, "step": STEPS}
    assert queued.status_code == 202, queued.text
    assert (gone.status_code, step.status_code) == (404, 422)
    assert "There are checkpoints of: 12, 14" in step.json()["hint"]
    third = api.get(f"/api/runs/{queued.json()['run_id']}").json()
    assert third["config"]["fork"] == {"run_id": second, "step": 3}


def test_a_backend_that_would_begin_elsewhere_or_trace_nothing_is_not_asked(
    tmp_path: Path,
) -> None:
    start = replace(job(tmp_path), start=tmp_path)
    training.check(start, {"start"})
    training.check(job(tmp_path), ())

    with pytest.raises(BadInput, match="cannot begin with a checkpoint of another run"):
        training.check(start, ())
    with pytest.raises(BadInput, match="traces no steps"):
        training.check(job(tmp_path, profile={}), {"start"})


def test_what_a_backend_names_it_has() -> None:
    for name in training.backends.names():
        module: Any = training.backends.load(name)
        functions = set(module.CAN) - {"start", "profile"}

        assert set(module.CAN) <= set(training.CANNOT)
        assert all(callable(getattr(module, one)) for one in functions)
        assert callable(module.room) == ("try_out" in functions)


def test_a_run_without_checkpoints_has_nothing_to_fork(store: Store, tmp_path: Path) -> None:
    with store.write() as connection:
        new = queueing.wanted(read_recipe(RECIPE), "d-1")
        run_id = query.enqueue(connection, new)
        with pytest.raises(BadInput, match="kept no checkpoint"):
            forking.settled(connection, tmp_path, Fork(run_id=run_id))


def test_the_best_model_of_a_run_that_practised_is_taken_as_it_lies_there(
    store: Store, settings: Settings
) -> None:
    runs = settings.home / "runs"
    with store.write() as connection:
        source = query.enqueue(connection, queueing.wanted(read_recipe(RECIPE), "d-1"))
        new = query.enqueue(connection, queueing.wanted(read_recipe(RECIPE), "d-1"))
        claimed = query.claim(connection, worker="t", lease=timedelta(minutes=5), run_id=new)
    assert claimed is not None
    (runs / source / "best").mkdir(parents=True)
    (runs / source / "best" / "config.json").write_text("{}")
    (runs / source / "looks.jsonl").write_text(json.dumps({"step": 5, "greedy": 1.0}) + "\n")
    (runs / new).mkdir()

    def never(*_: Any) -> None:
        raise AssertionError("nothing is to be written")

    run = Reporter(store, new, claimed.attempt, runs / new)
    place = forking.begin(run, Fork(run_id=source, step=5), never)

    assert (place / "config.json").read_text() == "{}"
    assert forking.begin(run, Fork(run_id=source, step=5), never) == place


def queued_fork(store: Store, settings: Settings) -> tuple[Path, Reporter, Fork]:
    """A run whose checkpoints are there by name, and a fork of one of them that begins."""
    runs = settings.home / "runs"
    with store.write() as connection:
        source = query.enqueue(connection, queueing.wanted(read_recipe(RECIPE), "d-1"))
        for step in (400, 600):
            (runs / source / "checkpoints" / str(step)).mkdir(parents=True)
        fork = forking.settled(connection, runs, Fork(run_id=source, step=400))
        assert fork is not None
        new = query.enqueue(connection, queueing.wanted(read_recipe(RECIPE), "d-1", fork=fork))
        query.claim(connection, worker="t", lease=timedelta(minutes=5), run_id=new)
    (runs / new).mkdir()
    return runs / source / "checkpoints" / "400", Reporter(store, new, 1, runs / new), fork


@pytest.mark.parametrize("when", ["before it began", "while it was read"])
def test_a_checkpoint_that_has_gone_meanwhile_is_said(
    store: Store, settings: Settings, when: str
) -> None:
    checkpoint, run, fork = queued_fork(store, settings)

    def write(_config: TrainConfig, theirs: Path, target: Path) -> None:
        assert checkpoint.is_dir(), "what is gone is not read"
        target.mkdir()
        checkpoint.rmdir()
        (theirs / "checkpoints" / "400" / "weights").read_bytes()

    if when == "before it began":
        checkpoint.rmdir()
    with pytest.raises(BadInput, match="no checkpoint of step 400") as refused:
        forking.begin(run, fork, write)

    assert refused.value.hint == "There are checkpoints of: 600."
    assert list(run.folder.iterdir()) == []


def test_an_error_that_is_none_of_the_checkpoint_is_as_it_was(
    store: Store, settings: Settings
) -> None:
    _, run, fork = queued_fork(store, settings)

    def write(*_: Any) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        forking.begin(run, fork, write)


def test_a_source_of_another_version_is_said(store: Store, settings: Settings) -> None:
    _, run, fork = queued_fork(store, settings)
    with store.write() as connection:
        old = update(table.run).where(table.run.c.id == fork.run_id)
        connection.execute(old.values(config={"recipe": {"stepz": 3}}))

    with pytest.raises(BadInput, match="its recipe is none in this version"):
        forking.begin(run, fork, lambda *_: None)


def test_a_dry_run_that_is_refused_leaves_no_weights(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    frozen(store, tmp_path)
    first = done(store, settings, RECIPE | CHANGES | {"steps": 4})
    wider = RECIPE | CHANGES | {"model": RECIPE["model"] | {"hidden": 64}}
    new = queueing.wanted(read_recipe(wider), "d-1", dry_run=True, fork=Fork(run_id=first, step=4))
    with store.write() as connection:
        run_id = query.enqueue(connection, new)
        query.claim(connection, worker="t", lease=timedelta(minutes=5), run_id=run_id)
    folder = settings.home / "runs" / run_id
    folder.mkdir(parents=True)
    config = TrainConfig.model_validate(new.config.model_dump())

    with pytest.raises(Conflict, match="hidden was 32 and is 64"):
        jobs.train(Reporter(store, run_id, 1, folder), config)

    assert not list(folder.glob("start*"))
