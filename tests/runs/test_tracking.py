"""What TensorBoard and MLflow read of an exported run."""

import json
import resource
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import ON_ONE
from tests.extras import needs
from tests.runs.slow_jobs import Config
from tunix_rt.kit.errors import BadInput, Broken, Conflict
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query, query_read, tracking
from tunix_rt.runs.commands import app
from tunix_rt.runs.reporting import LEASE
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.store.session import Session

STEPS = 2_500


@pytest.fixture
def run_id(store: Store) -> str:
    with store.write() as connection:
        new = NewRun("train", "nano", Config(then="x" * 7_000), dataset_key="d-1")
        run_id = query.enqueue(connection, new)
        query.claim(connection, worker="w", lease=LEASE, run_id=run_id)
        some = {n: {"loss": 1.0 / n, "learning_rate": 0.5} for n in range(1, STEPS + 1)}
        query.put_metrics(connection, run_id, some)
        query.finish(connection, run_id, 1, status="completed")
    return run_id


def test_tensorboard_reads_every_number(
    store: Store, settings: Settings, run_id: str, tmp_path: Path
) -> None:
    needs("tensorboard", extra="exports")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    session = Session(settings)
    told = ["export", run_id, "--tensorboard", str(tmp_path / "tb"), "--json"]
    done = CliRunner().invoke(app, told, obj=session)

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["numbers"] == 2 * STEPS
    read = EventAccumulator(str(tmp_path / "tb"), size_guidance={"scalars": 0})
    read.Reload()
    losses = read.Scalars("loss")
    assert [event.step for event in losses] == list(range(1, STEPS + 1))
    assert losses[3].value == pytest.approx(0.25)
    (config,) = read.Tensors("config/text_summary")
    assert b"    to: 3" in config.tensor_proto.string_val[0]
    session.store.close()


@ON_ONE
def test_a_disk_that_fills_up_ends_the_export(store: Store, run_id: str, tmp_path: Path) -> None:
    needs("tensorboardX", extra="track")
    with store.read() as connection:
        row = query_read.get(connection, run_id)
    tracking.to_tensorboard(store, row, tmp_path / "whole")  # from now on all is loaded
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, limits[1]))
    try:
        with pytest.raises(Broken, match="could not be written: File too large"):
            tracking.to_tensorboard(store, row, tmp_path / "cut")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of its own use of SQLAlchemy
@ON_ONE
def test_mlflow_holds_the_run_once(store: Store, run_id: str, tmp_path: Path) -> None:
    needs("mlflow", extra="track")
    from mlflow import MlflowClient

    tracker = f"sqlite:///{tmp_path}/m.db"
    with store.read() as connection:
        row = query_read.get(connection, run_id)

    there = tracking.to_mlflow(store, row, tracker, "reasoning")

    client = MlflowClient(tracker)
    found = client.get_run(there)
    assert (found.info.status, found.info.run_name) == ("FINISHED", "nano")
    assert found.data.tags["tunix_rt.dataset"] == "d-1"
    assert found.data.params["to"] == "3"
    assert len(client.get_metric_history(there, "loss")) == STEPS
    with pytest.raises(Conflict, match=there):
        tracking.to_mlflow(store, row, tracker, "reasoning")

    client.update_run(there, status="RUNNING")  # as one that was cut short
    again = tracking.to_mlflow(store, row, tracker, "reasoning")
    assert len(client.get_metric_history(again, "loss")) == STEPS
    place = client.get_experiment_by_name("reasoning")
    assert [one.info.run_id for one in client.search_runs([place.experiment_id])] == [again]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_tracker_that_is_none_and_a_run_that_works_are_refused(
    store: Store,
    settings: Settings,
    run_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    needs("mlflow", extra="track")
    with store.read() as connection:
        row = query_read.get(connection, run_id)
    with pytest.raises(BadInput, match="MLflow refused the run"):
        tracking.to_mlflow(store, row, "nosuch://place", "reasoning")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(BadInput, match=r"http://127\.0\.0\.1:9/api") as unreachable:
        tracking.to_mlflow(store, row, "http://me:secret@127.0.0.1:9", "reasoning")
    assert "secret" not in str(unreachable.value)
    (tmp_path / "file").write_text("")
    with pytest.raises(Exception, match="could not be written"):
        tracking.to_tensorboard(store, row, tmp_path / "file" / "folder")
    with store.write() as connection:
        waiting = query.enqueue(connection, NewRun("train", "w", Config()))
        pending = query_read.get(connection, waiting)
    with pytest.raises(Conflict, match="is pending"):
        tracking.to_mlflow(store, pending, f"sqlite:///{tmp_path}/m.db", "reasoning")
    session = Session(settings)
    done = CliRunner().invoke(app, ["export", run_id], obj=session)
    assert isinstance(done.exception, BadInput)
    session.store.close()
