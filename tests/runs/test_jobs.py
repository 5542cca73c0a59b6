"""A run that exports another: asked for over HTTP, done in a process of its own, done again."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import ON_ONE
from tests.extras import needs
from tests.runs.slow_jobs import Config
from tests.runs.test_working import log, row, until
from tunix_rt.api.app import create_app
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import child, query
from tunix_rt.runs.reporting import LEASE
from tunix_rt.runs.schema import NewRun
from tunix_rt.runs.spawning import command, environment
from tunix_rt.runs.working import Worker
from tunix_rt.store import Store

MANY = 12_000
"""Points that take long enough to write for one to step in between."""


def trained(store: Store, points: int, status: Any = "completed") -> str:
    """A run with numbers that has ended, or is at work."""
    with store.write() as connection:
        run_id = query.enqueue(connection, NewRun("train", "nano", Config()))
        query.claim(connection, worker="w", lease=LEASE, run_id=run_id)
        some = {n: {"loss": 1.0 / n, "rate": 0.5, "tokens": 1.0 * n} for n in range(1, points + 1)}
        query.put_metrics(connection, run_id, some)
        if status != "running":
            query.finish(connection, run_id, 1, status=status)
    return run_id


def asked(api: TestClient, run_id: str, **wanted: Any) -> str:
    answer = api.post(f"/api/runs/{run_id}/export", json=wanted)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["run_id"])


@pytest.fixture
def at_work(store: Store, settings: Settings) -> Worker:
    """A worker that does what the doors offer, as the server's own."""
    return Worker(store, command, environment(settings, dict(os.environ)), grace_seconds=20)


def losses(folder: Path) -> list[int]:
    """The steps that TensorBoard finds in the one event file of a folder."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    (_only,) = folder.iterdir()
    read = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    read.Reload()
    return [event.step for event in read.Scalars("loss")]


def test_the_event_file_is_an_artifact_of_the_run_that_was_asked_for(
    store: Store, api: TestClient, at_work: Worker, tmp_path: Path
) -> None:
    needs("tensorboard", extra="exports")
    run_id = trained(store, 2_500)

    exporting = asked(api, run_id, to="tensorboard")
    at_work.once()

    done = api.get(f"/api/runs/{exporting}").json()
    assert (done["kind"], done["name"], done["status"]) == (
        *("export-run", "nano to TensorBoard", "completed"),
    )
    assert (done["progress"]["done"], done["progress"]["total"]) == (2_500, 2_500)
    assert done["result"]["numbers"] == 7_500
    assert [(one["id"], one["relation"]) for one in done["inputs"]] == [(run_id, "exported")]
    here = f"/api/tunix/runs/{exporting}/artifacts"
    (file,) = api.get(here).json()["artifacts"]
    assert file["name"] == f"tensorboard/events.out.tfevents.{run_id}"
    taken = api.get(f"{here}/{file['name'].replace('/', '%2F')}/download")
    (tmp_path / "tb").mkdir()
    (tmp_path / "tb" / Path(file["name"]).name).write_bytes(taken.content)
    assert losses(tmp_path / "tb") == list(range(1, 2_501))


def half_done(store: Store, settings: Settings, exporting: str) -> subprocess.Popen[bytes]:
    """The process of a run, held still in the middle of its work."""
    with store.write() as connection:
        query.claim(connection, worker="here", lease=LEASE, run_id=exporting)
    process = subprocess.Popen(
        command(exporting, 1),
        env=environment(settings, dict(os.environ)),
        stdout=subprocess.DEVNULL,
    )
    until(lambda: bool(row(store, exporting).progress), seconds=60)
    process.send_signal(signal.SIGSTOP)
    return process


def killed(store: Store, exporting: str, process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait(30)
    with store.write() as connection:
        assert query.put_back(connection, exporting, 1, died=True) == query.AGAIN


def cancelled(store: Store, exporting: str, process: subprocess.Popen[bytes]) -> None:
    with store.write() as connection:
        query.cancel(connection, exporting)
    process.terminate()
    process.send_signal(signal.SIGCONT)
    assert process.wait(30) == child.CANCELLED
    assert row(store, exporting).status == "cancelled"
    with store.write() as connection:
        query.requeue(connection, exporting)


@pytest.mark.slow
@pytest.mark.parametrize("stopped", [killed, cancelled])
def test_an_export_that_was_stopped_leaves_one_whole_file_when_it_is_done_again(
    store: Store,
    settings: Settings,
    api: TestClient,
    at_work: Worker,
    stopped: Callable[[Store, str, subprocess.Popen[bytes]], None],
) -> None:
    needs("tensorboard", extra="exports")
    needs("tensorboardX", extra="track")
    exporting = asked(api, trained(store, MANY), to="tensorboard")

    stopped(store, exporting, half_done(store, settings, exporting))
    between = api.get(f"/api/tunix/runs/{exporting}/artifacts").json()["artifacts"]
    at_work.once()

    assert between == []
    done = row(store, exporting)
    assert (done.status, done.attempt, done.result["numbers"]) == ("completed", 2, 3 * MANY)
    folder = store.home / "runs" / exporting
    assert [one.name for one in folder.iterdir()] == ["tensorboard"]
    assert losses(folder / "tensorboard") == list(range(1, MANY + 1))


@pytest.mark.slow
@ON_ONE
def test_mlflow_holds_a_run_once_however_often_it_is_asked_for(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    needs("mlflow", extra="track")
    tracked = settings.model_copy(update={"mlflow_tracker": f"sqlite:///{tmp_path}/m.db"})
    api = TestClient(create_app(store, tracked), base_url="http://localhost")
    worker = Worker(store, command, environment(tracked, dict(os.environ)))
    run_id = trained(store, 30, "failed")

    exporting = [asked(api, run_id, to="mlflow", experiment="reasoning") for _ in range(2)]
    while worker.once():
        pass

    assert api.get(f"/api/runs/{run_id}/export").json() == {"to": ["tensorboard", "mlflow"]}
    first, second = (row(store, one) for one in exporting)
    assert (first.status, second.status) == ("completed", "completed"), second.error
    assert first.result == second.result
    there = first.result["mlflow_run_id"]
    assert f"MLflow holds this run already, as {there}." in log(store, exporting[1])
    assert str(tmp_path) not in str((first.config, first.result, log(store, exporting[0])))


def test_an_export_that_cannot_be_is_refused_at_once(store: Store, api: TestClient) -> None:
    run_id = trained(store, 1)
    working = trained(store, 1, "running")

    def refused(run_id: str, **wanted: Any) -> tuple[int, str]:
        answer = api.post(f"/api/runs/{run_id}/export", json=wanted)
        return answer.status_code, answer.text

    assert refused(new_id(), to="tensorboard")[0] == 404
    assert refused(run_id)[0] == 422
    assert refused(run_id, to="wandb")[0] == 422
    assert refused(run_id, to="mlflow", experiment="")[0] == 422
    assert refused(run_id, to="mlflow", tracker="sqlite:///x.db")[0] == 422
    status, said = refused(run_id, to="mlflow")
    assert (status, "Set MLFLOW_TRACKING_URI where it runs." in said) == (409, True)
    status, said = refused(working, to="mlflow")
    assert (status, "it is exported when it has ended" in said) == (409, True)
    assert api.get(f"/api/runs/{run_id}/export").json() == {"to": ["tensorboard"]}
    assert api.get("/api/runs?kind=export-run").json()["data"] == []


@ON_ONE
def test_a_library_that_is_missing_is_said_with_how_to_get_it(
    store: Store, settings: Settings, api: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "tensorboardX.py").write_text("raise ImportError")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    told = environment(settings, {**os.environ, "PYTHONPATH": path})
    exporting = asked(api, trained(store, 1), to="tensorboard")

    Worker(store, command, told).once()

    failed = row(store, exporting)
    assert failed.status == "failed"
    assert failed.error == "tensorboardX is not installed. pip install 'tunix-rt[track]'"
