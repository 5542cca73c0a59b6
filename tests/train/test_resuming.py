"""A training that stopped early goes on where somebody says."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train.jobs import RECIPE, job
from tunix_rt.kit.errors import BadInput, Cancelled, Conflict, NotFound
from tunix_rt.kit.ids import new_id
from tunix_rt.runs import query
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.train import resuming
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Progress, TrainConfig


def new(id_: str | None = None, dataset: str = "d-1", **changes: Any) -> NewRun:
    config = TrainConfig(recipe=read_recipe(RECIPE | changes), dataset_key=dataset)
    return NewRun(kind="train", name="t", config=config, id=id_)


def stopped(store: Store, run: NewRun, status: Any = "cancelled") -> str:
    with store.write() as connection:
        run_id = query.enqueue(connection, run)
        query.begin(connection, run_id)
        query.finish(connection, run_id, 0, status=status)
    return run_id


def test_the_newest_run_of_the_same_recipe_that_stopped_is_found(store: Store) -> None:
    stopped(store, new(seed=1))
    mine = stopped(store, new())
    stopped(store, new(), "completed")
    stopped(store, new(dataset="d-2"))

    with store.read() as connection:
        assert resuming.found(connection, new()) == mine
        with pytest.raises(NotFound, match="No training of this recipe"):
            resuming.found(connection, new(seed=2))


def test_a_run_whose_process_is_gone_is_found_and_one_that_only_waits_is_not(store: Store) -> None:
    with store.write() as connection:
        killed = query.enqueue(connection, new())
        assert query.claim(connection, worker="here:1:abcd", lease=timedelta(), run_id=killed)
        query.enqueue(connection, new())
        at_once = query.enqueue(connection, new())
        query.begin(connection, at_once)  # by who asked for it, without a worker

    with store.read() as connection:
        assert resuming.found(connection, new()) == killed
        with pytest.raises(Conflict, match="is running; only one that stopped early"):
            resuming.found(connection, new(at_once))


def test_a_named_run_must_be_the_same_training_and_have_stopped(store: Store) -> None:
    optimizer = {"name": "muon", "learning_rate": 0.02, "warmup_steps": 3}
    done, early = stopped(store, new(), "completed"), stopped(store, new(), "failed")

    with store.read() as connection:
        assert resuming.found(connection, new(early)) == early
        with pytest.raises(Conflict, match="is completed"):
            resuming.found(connection, new(done))
        with pytest.raises(Conflict, match=r"another training: batch_size, optimizer.name"):
            resuming.found(connection, new(early, batch_size=8, optimizer=optimizer))
        with pytest.raises(Conflict, match="the dataset"):
            resuming.found(connection, new(early, dataset="d-2"))
        with pytest.raises(NotFound):
            resuming.found(connection, new(new_id()))


def test_an_id_is_given_to_one_run_only(store: Store) -> None:
    mine = new_id()

    assert stopped(store, new(mine)) == mine
    with pytest.raises(Conflict, match="exists already"):
        stopped(store, new(mine))


@pytest.mark.parametrize("where", ["first", "-1", "1.5", "9" * 12, ""])
def test_a_place_that_is_none_is_refused(tmp_path: Path, where: str) -> None:
    with pytest.raises(BadInput, match="neither latest nor a step"):
        resuming.place(tmp_path, read_recipe(RECIPE), where)


def test_an_earlier_checkpoint_leads_to_the_same_bits(tmp_path: Path) -> None:
    needs("tunix", extra="tunix")
    from tunix_rt.train.backends.tunix import train

    def stop(progress: Progress) -> None:
        if progress.step == 11:
            raise Cancelled("enough")

    recipe = RECIPE | {"checkpoints": {"every": 4, "keep": 5}}
    whole = train(job(tmp_path / "whole", **recipe))
    folder = tmp_path / "early"
    with pytest.raises(Cancelled):
        train(job(folder, stop, **recipe))
    shutil.copytree(folder, tmp_path / "copy")

    with pytest.raises(
        BadInput, match=r"no checkpoint of step 5. There are checkpoints of: 4, 8, 12"
    ):
        resuming.place(folder, read_recipe(recipe), "5")
    resuming.place(folder, read_recipe(recipe), "4")
    again = train(job(folder, **recipe))
    latest = train(job(tmp_path / "copy", **recipe))

    assert (again.resumed_from, latest.resumed_from) == (4, 12)
    assert again.weights_sha256 == latest.weights_sha256 == whole.weights_sha256
    assert again.final_loss == whole.final_loss
    assert (folder / "steps.jsonl").read_bytes().count(b"\n") == whole.steps
