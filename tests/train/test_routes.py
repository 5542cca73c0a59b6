import asyncio
from pathlib import Path

import msgspec
import pytest
from fastapi.testclient import TestClient

from tests.api.talking import talk
from tests.making import stored, trace
from tunix_rt.api.app import create_app
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query, query_read
from tunix_rt.runs.reporting import LEASE
from tunix_rt.store import Store


@pytest.fixture
def dataset(store: Store, tmp_path: Path) -> str:
    stored(store, tmp_path, [trace(i) for i in range(4)])
    return freezing.freeze(store, Build(dataset_name="d", dataset_version="1")).dataset_key


def start(api: TestClient, dataset: str, mode: str = "sync", **more: object) -> dict[str, object]:
    body = {"dataset_key": dataset, "model_id": "nano", **more}
    answer = api.post(f"/api/tunix/run?mode={mode}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_a_dry_run_checks_and_completes(api: TestClient, dataset: str) -> None:
    run = start(api, dataset)

    assert (run["status"], run["exit_code"], run["mode"]) == ("completed", 0, "dry-run")
    for name, status in (("%2e%2e%2fsecret", 403), ("model.bin", 404)):
        artifact = f"/api/tunix/runs/{run['run_id']}/artifacts/{name}/download"
        assert api.get(artifact).status_code == status
    assert run["message"] == "Dry-run validation successful"
    assert api.get(f"/api/tunix/runs/{run['run_id']}").json() == run


def test_a_dry_run_without_its_dataset_fails_with_200(api: TestClient) -> None:
    run = start(api, "gone-1")

    assert (run["status"], run["message"]) == ("failed", "Dry-run failed: dataset not found")


def test_a_queued_training_can_be_watched_and_cancelled(api: TestClient, dataset: str) -> None:
    run_id = start(api, dataset, mode="async", dry_run=False)["run_id"]

    status = api.get(f"/api/tunix/runs/{run_id}/status").json()
    listed = api.get("/api/tunix/runs?mode=local").json()["data"]
    cancelled = api.post(f"/api/tunix/runs/{run_id}/cancel")
    again = api.post(f"/api/tunix/runs/{run_id}/cancel")

    assert (status["status"], status["started_at"]) == ("pending", None)
    assert [row["run_id"] for row in listed] == [run_id]
    assert cancelled.json() == {"message": "Run cancellation requested"}
    assert again.status_code == 400
    assert again.json()["detail"] == "Run is already in terminal state: cancelled"


@pytest.mark.parametrize(
    "output_dir", ["/etc/x", "../../x", "blobs", "runs/x/model", "models", "tunix-rt.db", "."]
)
def test_an_output_outside_the_roots_is_refused(
    api: TestClient, dataset: str, output_dir: str
) -> None:
    body = {"dataset_key": dataset, "model_id": "nano", "output_dir": output_dir}

    assert api.post("/api/tunix/run", json=body).status_code == 403


@pytest.mark.parametrize("model_id", ["/etc", "../elsewhere", "link/model"])
def test_a_model_folder_outside_the_roots_is_refused(
    api: TestClient, settings: Settings, dataset: str, tmp_path: Path, model_id: str
) -> None:
    (settings.home / "link").symlink_to(tmp_path)

    answer = api.post("/api/tunix/run", json={"dataset_key": dataset, "model_id": model_id})

    assert answer.status_code == 403


def test_an_output_that_holds_something_is_refused(
    api: TestClient, store: Store, dataset: str
) -> None:
    (store.home / "out").mkdir()
    (store.home / "out" / "mine.txt").write_text("keep me")

    body = {"dataset_key": dataset, "model_id": "nano", "output_dir": "out"}

    assert api.post("/api/tunix/run", json=body).status_code == 422


@pytest.mark.parametrize("model", ["/etc", "../../../../etc", "a/../../../../etc"])
def test_a_model_outside_the_roots_is_refused(api: TestClient, dataset: str, model: str) -> None:
    body = {"dataset_key": dataset, "model_id": model, "dry_run": False}

    assert api.post("/api/tunix/run?mode=async", json=body).status_code == 403


def test_a_dry_run_notices_that_the_datasets_file_is_gone(
    api: TestClient, store: Store, dataset: str
) -> None:
    for path in (store.home / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()

    run = start(api, dataset)

    assert run["status"] == "failed"
    assert "is missing" in str(run["message"])


@pytest.mark.parametrize(
    "knobs", [{"learning_rate": 0}, {"batch_size": 513}, {"max_seq_length": 64}, {"device": "x"}]
)
def test_knobs_out_of_range_are_refused(
    api: TestClient, dataset: str, knobs: dict[str, object]
) -> None:
    body = {"dataset_key": dataset, "model_id": "nano", "hyperparameters": knobs}

    assert api.post("/api/tunix/run", json=body).status_code == 422


def test_a_run_nobody_started_is_named(api: TestClient) -> None:
    gone = new_id()

    for path in ("", "/status", "/metrics", "/artifacts"):
        answer = api.get(f"/api/tunix/runs/{gone}{path}")
        assert (answer.status_code, answer.json()["detail"]) == (
            404,
            f"Tunix run not found: {gone}",
        )


STRAY = (
    ("link", 403),
    ("%2e%2e%2fsecret", 403),
    ("adapter/%2e%2e/identity.json", 403),
    ("gone", 404),
    ("adapter", 404),
    ("adapter/gone", 404),
)


def test_files_of_a_run_are_listed_and_confined(
    api: TestClient, store: Store, dataset: str, tmp_path: Path
) -> None:
    run_id = str(start(api, dataset, mode="async", dry_run=False)["run_id"])
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    with store.write() as connection:
        query.begin(connection, run_id)
        query.beat(connection, run_id, 0, lease=LEASE, result={"model_folder": str(folder)})

    adapter = store.home / "runs" / run_id / "adapter"
    adapter.mkdir(parents=True)
    (adapter / "adapter_config.json").write_text("[]")
    (adapter.parent / "identity.json").write_text("secret")

    listed = api.get(f"/api/tunix/runs/{run_id}/artifacts").json()["artifacts"]
    small = api.get(f"/api/tunix/runs/{run_id}/artifacts/adapter%2Fadapter_config.json/download")
    file = api.get(f"/api/tunix/runs/{run_id}/artifacts/config.json/download")

    assert [one["name"] for one in listed] == ["adapter/adapter_config.json", "config.json", "link"]
    assert small.text == "[]"
    assert (file.text, "config.json" in file.headers["content-disposition"]) == ("{}", True)
    for name, status in STRAY:
        answer = api.get(f"/api/tunix/runs/{run_id}/artifacts/{name}/download")
        assert answer.status_code == status, name


def test_the_status_says_whether_trainings_can_run(api: TestClient) -> None:
    assert set(api.get("/api/tunix/status").json()) == {
        "available",
        "version",
        "runtime_required",
        "message",
    }


def test_calls_that_wait_for_their_training_hold_no_thread(
    store: Store, settings: Settings, dataset: str
) -> None:
    """More of them than there are threads: the server answers others meanwhile."""
    app = create_app(store, settings)
    body = msgspec.json.encode({"dataset_key": dataset, "model_id": "nano", "dry_run": False})
    headers = {"content-type": "application/json"}

    def pending() -> list[str]:
        with store.read() as connection:
            return [row.id for row in query_read.page(connection, limit=99, status="pending")]

    async def crowd() -> list[int]:
        waiting = [
            asyncio.create_task(talk(app, "POST", "/api/tunix/run", [body], headers=headers))
            for _ in range(60)
        ]
        while len(pending()) < len(waiting):
            await asyncio.sleep(0.05)
        assert (await talk(app, "GET", "/api/health")).status == 200
        for run_id in pending():
            await talk(app, "POST", f"/api/tunix/runs/{run_id}/cancel")
        return [answer.status for answer in await asyncio.gather(*waiting)]

    assert asyncio.run(crowd()) == [200] * 60
