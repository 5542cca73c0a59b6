"""A training that stopped early goes on where somebody says."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.conftest import ON_ONE
from tests.extras import needs
from tests.train.jobs import RECIPE, STEPS, job
from tests.train.test_rehearsing import frozen
from tunix_rt.kit.errors import BadInput, Cancelled, Conflict, Lost, NotFound
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query
from tunix_rt.runs.reporting import Reporter
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.store.session import Session
from tunix_rt.train import jobs, queueing, resuming, training
from tunix_rt.train.commands import app
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Progress, TrainConfig
from tunix_rt.train.schema_fork import Fork


def new(
    id_: str | None = None, dataset: str = "d-1", fork: Fork | None = None, **changes: Any
) -> NewRun:
    new = queueing.wanted(read_recipe(RECIPE | changes), dataset, run_id=id_, fork=fork)
    return replace(new, name="t")


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
        changed = r'another training: batch_size: 16 -> 8, optimizer.name: "adamw" -> "muon"\.'
        with pytest.raises(Conflict, match=changed):
            resuming.found(connection, new(early, batch_size=8, optimizer=optimizer))
        with pytest.raises(Conflict, match='dataset: "d-1" -> "d-2"'):
            resuming.found(connection, new(early, dataset="d-2"))
        with pytest.raises(NotFound):
            resuming.found(connection, new(new_id()))


def test_the_nearest_run_is_named_with_what_has_changed(store: Store) -> None:
    stopped(store, new(dataset="d-2", name="other"))
    far = stopped(store, new(seed=1, batch_size=8))
    mine = stopped(store, new(seed=1))
    stopped(store, new(seed=1), "completed")

    with store.read() as connection:
        with pytest.raises(NotFound, match=rf"The run {mine} is the nearest: seed: 1 -> 0\."):
            resuming.found(connection, new())
        with pytest.raises(NotFound, match=rf"The run {far} is the nearest: seed: 1 -> 0\."):
            resuming.found(connection, new(batch_size=8))
        with pytest.raises(NotFound) as unlike:
            resuming.found(connection, new(dataset="d-3", name="no such"))
    assert "nearest" not in unlike.value.message


def test_much_that_has_changed_is_cut_short(store: Store) -> None:
    many: dict[str, Any] = {"seed": 1, "batch_size": 8, "steps": 3, "log_every": 2, "accumulate": 2}
    words: dict[str, Any] = {"description": "x" * 500, "system": "y", "max_seq_length": 64}
    mine = stopped(store, new())

    with store.read() as connection, pytest.raises(Conflict) as refused:
        resuming.found(connection, new(mine, **many, **words))

    assert '"" -> "' + "x" * 56 + "..." in refused.value.message
    assert refused.value.message.endswith(", and 2 more.")


def test_a_path_is_the_same_however_it_was_said(store: Store) -> None:
    model: dict[str, Any] = {"tokenizer": {"source": "model"}, "model": {"path": "models/of/m"}}
    mine = stopped(store, new(**model))
    today = {**model, "model": {"path": str(Path.cwd() / "models" / "of" / "m")}}

    with store.read() as connection:
        assert resuming.found(connection, new(**today)) == mine


def test_a_fork_goes_on_when_its_source_has_dropped_the_checkpoint(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    dataset = frozen(store, tmp_path)
    source = stopped(store, new(seed=5))
    (settings.home / "runs" / source / "checkpoints" / "400").mkdir(parents=True)
    (tmp_path / "r.json").write_text(json.dumps(RECIPE | {"name": "recipe"}))
    mine = stopped(store, new(dataset=dataset, fork=Fork(run_id=source, step=12)))
    session = Session(settings)

    def resumed(*words: str) -> Any:
        told = ["run", str(tmp_path / "r.json"), "--dataset", dataset, "--queue", *words]
        done = CliRunner().invoke(app, told, obj=session)
        with store.write() as connection:
            if not done.exception:
                query.cancel(connection, mine)
        return done.exception or json.loads(done.stdout)["run_id"]

    latest = ("--resume", "latest")
    assert resumed("--fork", f"{source}:12", *latest) == mine
    assert resumed("--fork", source, *latest) == mine
    assert resumed("--fork", source, *latest, "--run-id", mine) == mine
    for other in (("--fork", f"{source}:400"), ()):
        assert "fork: " in str(resumed(*other, *latest))
    assert "no checkpoint of step 12" in str(resumed("--fork", f"{source}:12"))
    session.store.close()


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


@pytest.mark.parametrize(
    "backend",
    [pytest.param("tunix", marks=pytest.mark.jax), pytest.param("torch", marks=pytest.mark.torch)],
)
def test_who_lost_the_run_keeps_nothing_more(tmp_path: Path, backend: str) -> None:
    needs({"tunix": "tunix", "torch": "trl"}[backend], extra=backend)

    def taken_over(progress: Progress) -> None:
        if progress.step == 6:
            raise Lost

    with pytest.raises(Lost):
        training.train(job(tmp_path, taken_over, backend=backend))

    assert steps(tmp_path) == [4]
    assert not (tmp_path / "model").exists()


@pytest.mark.jax
@ON_ONE
def test_what_was_told_before_a_stop_is_told_to_the_log_once(
    store: Store, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs("tunix", extra="tunix")
    asked = new(dataset=frozen(store, tmp_path), max_seq_length=64)
    with store.write() as connection:
        run_id = query.enqueue(connection, asked)
        query.claim(connection, worker="t", lease=timedelta(minutes=5), run_id=run_id)
    config = TrainConfig.model_validate(asked.config.model_dump())
    folder = settings.home / "runs" / run_id
    folder.mkdir(parents=True)

    class Stops(Reporter):
        def progress(self, done: int, total: int | None, text: str = "") -> None:
            self.stopping = done >= 9
            super().progress(done, total, text)

    with pytest.raises(Cancelled):
        jobs.train(Stops(store, run_id, 1, folder), config)
    jobs.train(Reporter(store, run_id, 1, folder), config)

    said = [one for one in capsys.readouterr().out.splitlines() if one.startswith("step ")]
    assert [int(one.split()[1]) for one in said] == list(range(1, STEPS + 1))
