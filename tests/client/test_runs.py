"""Long work, followed to its end, also when the server falls on the way."""

import threading
import time

import pytest

from tests.cli.running import Home
from tests.client.serving import Scripted, served
from tests.making import trace
from tunix_rt.client import Client, RequestFailed
from tunix_rt.client.runs import LogLine
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.ids import new_id
from tunix_rt.train.schema_contract import ManifestRequest, RunRequest
from tunix_rt.verify.schema import VerifyConfig


def test_a_run_is_waited_for_with_its_log(client: Client) -> None:
    client.traces.post_many(trace(n) for n in range(50))
    said: list[LogLine] = []

    queued = client.verify.start()
    done = client.runs.wait(queued.run_id, on_log=said.append)

    assert (done.status, done.result["judged"]) == ("completed", 50)
    assert said == list(client.runs.follow(queued.run_id))
    assert said == list(client.runs.log(queued.run_id))
    assert [one.id for one in client.runs.list(kind="verify")] == [queued.run_id]
    assert client.verify.summary().total.traces == 50


@pytest.mark.slow
def test_a_run_outlives_its_server_and_is_still_waited_for(home: Home) -> None:
    with served(home) as server, Client(server.url, patience=60) as client:
        client.traces.post_many(trace(n) for n in range(1_500))
        queued = client.verify.start(VerifyConfig(batch=2))
        said: list[LogLine] = []

        def fall() -> None:
            time.sleep(1)
            server.kill()
            server.start()

        falling = threading.Thread(target=fall)
        falling.start()
        done = client.runs.wait(queued.run_id, on_log=said.append)
        falling.join()

    assert done.status == "completed"
    assert [one.seq for one in said] == sorted({one.seq for one in said})


def test_a_log_that_breaks_off_goes_on_behind_its_last_line() -> None:
    def line(seq: int) -> bytes:
        head = f"id: {seq}\nevent: log\ndata: ".encode()
        return head + b'{"seq":%d,"stream":"stdout","chunk":"c","created_at":"t"}\n\n' % seq

    head = {"content-type": "text/event-stream"}
    end = b'event: heartbeat\ndata: {"seq":3}\n\nevent: status\ndata: {"status":"completed"}\n\n'
    with (
        Scripted(
            (200, head, line(1) + line(2)),
            (503, {}, b""),
            (200, {**head, "content-length": "900"}, line(3)),
            (200, head, end),
        ) as server,
        Client(server.url) as client,
    ):
        got = [one.seq for one in client.runs.follow(new_id())]

    assert got == [1, 2, 3]
    assert [asked["last-event-id"] for _, _, asked in server.asked] == ["0", "2", "2", "3"]


def test_waiting_ends_when_its_time_is_over(home: Home) -> None:
    with (
        served(home, workers=0) as server,
        Client(server.url) as client,
    ):
        queued = client.verify.start()

        assert client.runs.wait(queued.run_id, seconds=0.5).status == "pending"
        assert list(client.runs.log(queued.run_id)) == []
        client.runs.cancel(queued.run_id)
        assert client.runs.wait(queued.run_id).status == "cancelled"


def test_a_run_that_is_none_is_said(client: Client) -> None:
    with pytest.raises(RequestFailed, match="There is no run") as failed:
        list(client.runs.follow(new_id()))

    assert failed.value.status == 404


def test_a_training_is_checked_and_written_down(client: Client) -> None:
    client.traces.post_many(trace(n) for n in range(3))
    built = client.datasets.build(Build(dataset_name="d", dataset_version="1"))

    run = client.training.start(RunRequest(dataset_key=built.dataset_key, model_id="nano"))
    written = client.training.manifest(
        ManifestRequest(dataset_key=built.dataset_key, model_id="nano", output_dir="out")
    )

    assert (run.status, run.message) == ("completed", "Dry-run validation successful")
    assert [one.run_id for one in client.training.list(mode="dry-run")] == [run.run_id]
    assert client.training.state(run.run_id).exit_code == 0
    assert client.training.artifacts(run.run_id) == []
    assert client.training.metrics(run.run_id) == []
    assert "d-1" in written.manifest_yaml
    with pytest.raises(RequestFailed, match="already in terminal state"):
        client.training.cancel(run.run_id)
