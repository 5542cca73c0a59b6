"""The tuning calls as an earlier client uses them."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.evaluate.test_evaluating import ITEMS
from tests.extras import needs
from tests.making import write_lines
from tests.tune.working import RATE, add_data, begun, body, job, run, trainings
from tunix_rt.kit.ids import new_id
from tunix_rt.runs import query as runs
from tunix_rt.store import Store
from tunix_rt.tasks import suites
from tunix_rt.tune import query, trialing

JSON = {"content-type": "application/json"}


@pytest.fixture
def runtime() -> None:
    """What trains is installed; the lightest part of its extra says so."""
    needs("tokenizers", extra="tunix")


@pytest.fixture
def data(store: Store, tmp_path: Path) -> None:
    add_data(store, tmp_path)


def created(api: TestClient, **changes: Any) -> str:
    answer = api.post("/api/tuning/jobs", json=body(**changes))
    assert answer.status_code == 201, answer.text
    job_id: str = answer.json()["id"]
    return job_id


def start(api: TestClient, job_id: str) -> Any:
    return api.post(f"/api/tuning/jobs/{job_id}/start")


def cancel(api: TestClient, job_id: str) -> Any:
    return api.post(f"/api/tuning/jobs/{job_id}/cancel")


def test_a_job_is_created_listed_and_shown(api: TestClient) -> None:
    space = {
        "learning_rate": RATE,
        "num_epochs": {"type": "randint", "min": 1, "max": 4},
        "weight_decay": {"type": "uniform", "min": 0.0, "max": 0.5},
        "batch_size": {"type": "choice", "values": [8, 16]},
    }
    sent = body(search_space=space, unknown="an earlier client's")
    answer = api.post("/api/tuning/jobs", json=sent)
    made = answer.json()
    later = created(api, name="later")

    assert answer.status_code == 201
    assert {**made, "id": "", "created_at": ""} == {
        "id": "",
        "name": "rates",
        "status": "created",
        "dataset_key": "d-1",
        "base_model_id": "nano",
        "mode": "local",
        "suite": None,
        "metric_name": "loss",
        "metric_mode": "min",
        "num_samples": 3,
        "max_concurrent_trials": 1,
        "search_space_json": space,
        "seed": 0,
        "run_id": None,
        "best_run_id": None,
        "best_params_json": None,
        "created_at": "",
        "started_at": None,
        "completed_at": None,
        "trials": None,
    }
    listed = api.get("/api/tuning/jobs").json()
    assert [one["id"] for one in listed] == [later, made["id"]]
    assert listed[1] == made
    assert api.get("/api/tuning/jobs?limit=1&offset=1").json() == [made]
    assert api.get(f"/api/tuning/jobs/{made['id']}").json() == {**made, "trials": []}


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 257},
        {"name": "a\0"},
        {"dataset_key": "\ud800"},
        {"base_model_id": ""},
        {"metric_name": None},
        {"metric_mode": "best"},
        {"num_samples": 0},
        {"num_samples": 101},
        {"max_concurrent_trials": 0},
        {"max_concurrent_trials": 11},
        {"search_space": {}},
        {"search_space": {"learning_rate": {"type": "loguniform", "min": 0, "max": 1}}},
        {"search_space": {"learning_rate": {"type": "choice", "values": []}}},
        {"search_space": {"learning_rate": {"type": "uniform", "min": 0.1, "max": float("inf")}}},
        {"search_space": {"learning_rat": RATE}},
        {"search_space": {"\ud800": RATE}},
        {"seed": -1},
    ],
)
def test_a_malformed_job_is_answered_with_422(api: TestClient, change: dict[str, Any]) -> None:
    sent = json.dumps(body(**change))
    answer = api.post("/api/tuning/jobs", content=sent, headers=JSON)

    assert answer.status_code == 422, answer.text
    place = next(iter(change))
    assert place in str(answer.json()["detail"]), answer.text
    assert api.get("/api/tuning/jobs").json() == []


def test_an_unknown_parameter_names_the_nearest(api: TestClient) -> None:
    answer = api.post("/api/tuning/jobs", json=body(search_space={"learning_rat": RATE}))

    assert answer.json() == {
        "detail": "search_space: there is no parameter 'learning_rat'.",
        "hint": "Did you mean 'learning_rate'?",
    }


@pytest.mark.usefixtures("runtime")
def test_a_job_is_started_once(api: TestClient, store: Store, data: None) -> None:
    job_id = created(api)

    answer = start(api, job_id)
    again = start(api, job_id)

    run_id = job(store, job_id).run_id
    assert (answer.status_code, answer.json()) == (
        200,
        {"job_id": job_id, "status": "running", "message": f"Tuning started as run {run_id}"},
    )
    assert (run(store, run_id).kind, run(store, run_id).status) == ("tune", "pending")
    assert again.status_code == 400
    assert again.json()["detail"] == "The job is running; only one that is created can be started."
    assert job(store, job_id).started_at is not None


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"metric_name": "los"}, 400, "no metric 'los'"),
        ({"dataset_key": "gone-1"}, 400, "Dataset not found: gone-1"),
        ({"metric_name": "score", "suite": "gone"}, 400, "no suite 'gone'"),
        ({"base_model_id": "gone"}, 400, "no model folder 'gone'"),
        ({"base_model_id": "/etc"}, 403, "outside the folders"),
    ],
)
def test_what_a_job_needs_is_looked_for_when_it_starts(
    api: TestClient, data: None, change: dict[str, Any], status: int, words: str
) -> None:
    answer = start(api, created(api, **change))

    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text


@pytest.mark.usefixtures("runtime")
def test_a_metric_of_evaluations_needs_a_suite(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    add_data(store, tmp_path, suite=False)
    job_id = created(api, metric_name="primary_score")

    without = start(api, job_id)
    suites.from_file(store, "sums", write_lines(tmp_path / "s.jsonl", ITEMS))
    answer = start(api, job_id)

    assert (without.status_code, "There is no suite" in without.json()["detail"]) == (400, True)
    assert answer.status_code == 200
    assert job(store, job_id).suite == "sums"


@pytest.mark.parametrize("missing", ["optuna", "tunix"])
def test_without_its_libraries_a_job_is_answered_with_501(
    api: TestClient, data: None, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = created(api)
    monkeypatch.setitem(sys.modules, missing, None)

    answer = start(api, job_id)

    assert (answer.status_code, "pip install" in answer.json()["hint"]) == (501, True)
    assert api.get(f"/api/tuning/jobs/{job_id}").json()["status"] == "created"


def test_what_is_no_job_is_named(api: TestClient) -> None:
    gone = f"/api/tuning/jobs/{new_id()}"

    answers = [api.get(gone), api.post(f"{gone}/start"), api.post(f"{gone}/cancel")]
    assert [(a.status_code, a.json()["detail"]) for a in answers] == [(404, "Job not found")] * 3
    bad = "/api/tuning/jobs/no-uuid"
    assert api.get(bad).status_code == 422
    assert api.post(f"{bad}/start").status_code == 422
    assert api.post(f"{bad}/cancel").status_code == 422
    assert api.get("/api/tuning/jobs?limit=101").status_code == 422


def test_a_job_is_cancelled_before_it_starts_and_while_it_waits(
    api: TestClient, store: Store, data: None
) -> None:
    new, waiting = created(api), begun(store)

    for job_id in (new, waiting):
        answer = cancel(api, job_id)
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        assert job(store, job_id).completed_at is not None
        again = cancel(api, job_id)
        assert again.status_code == 400
        assert again.json()["detail"] == "Job is already in terminal state: cancelled"
    assert run(store, job(store, waiting).run_id).status == "cancelled"
    assert start(api, new).status_code == 400


def test_a_job_whose_driver_is_dead_has_failed_and_its_trials_can_be_cancelled(
    api: TestClient, store: Store, data: None
) -> None:
    job_id = begun(store)
    with store.write() as connection:
        row = query.get(connection, job_id)
        trialing.begin(connection, row, 0, {"learning_rate": 0.1}, model=None)
        runs.finish(connection, row.run_id, 0, status="failed", error="died 3 times")

    before = api.get(f"/api/tuning/jobs/{job_id}").json()
    answer = cancel(api, job_id)

    assert (before["status"], before["trials"][0]["status"]) == ("failed", "running")
    assert answer.status_code == 200
    [trial] = api.get(f"/api/tuning/jobs/{job_id}").json()["trials"]
    assert (trial["status"], trial["error"]) == ("cancelled", "The job was cancelled.")
    assert trial["params_json"] == {"learning_rate": 0.1}
    assert [one.status for one in trainings(store)] == ["cancelled"]
