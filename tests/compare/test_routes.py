"""The regression gate as an earlier client uses it."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.compare.measuring import add_suites, measured
from tests.evaluate.test_asking import trained
from tunix_rt.kit.ids import new_id
from tunix_rt.store import Store


@pytest.fixture(autouse=True)
def two_suites(store: Store, tmp_path: Path) -> None:
    add_suites(store, tmp_path)


def keep(api: TestClient, run_id: str, **more: Any) -> Any:
    return api.post("/api/regression/baselines", json={"name": "main", "run_id": run_id, **more})


def check(api: TestClient, run_id: str, name: str = "main") -> Any:
    return api.post("/api/regression/check", json={"run_id": run_id, "baseline_name": name})


def test_a_baseline_is_kept_listed_and_moved_by_its_name(api: TestClient, store: Store) -> None:
    first, second = measured(store, 20), measured(store, 18)

    made = keep(api, first, dataset_key="d-v1")
    moved = keep(api, second, metric="score", lower_is_better=True, eval_set="sums")

    assert (made.status_code, moved.status_code) == (201, 201)
    was, is_ = made.json(), moved.json()
    assert {**was, "created_at": ""} == {
        "id": was["id"],
        "name": "main",
        "run_id": first,
        "metric": "primary_score",
        "lower_is_better": False,
        "eval_set": None,
        "dataset_key": "d-v1",
        "created_at": "",
    }
    assert (is_["id"], is_["run_id"], is_["metric"]) == (was["id"], second, "score")
    assert (is_["lower_is_better"], is_["eval_set"], is_["dataset_key"]) == (True, "sums", None)
    assert api.get("/api/regression/baselines").json() == [is_]
    assert api.get("/api/regression/baselines?offset=1").json() == []


def test_a_run_passes_until_it_is_more_than_five_percent_worse(
    api: TestClient, store: Store
) -> None:
    base = measured(store, 20)
    keep(api, base)
    slightly, clearly = measured(store, 19), measured(store, 18)

    passed, failed = check(api, slightly).json(), check(api, clearly).json()

    assert (passed["verdict"], failed["verdict"]) == ("pass", "fail")
    assert failed == {
        "run_id": clearly,
        "baseline_name": "main",
        "baseline_run_id": base,
        "metric_name": "primary_score",
        "baseline_value": 1.0,
        "current_value": 0.9,
        "delta": pytest.approx(-0.1),
        "delta_percent": pytest.approx(-10),
        "verdict": "fail",
        "details": "primary_score went from 1 to 0.9, worse by 10 %; higher is better, "
        "up to 5% worse passes.",
    }


def test_the_newest_finished_evaluation_counts(api: TestClient, store: Store) -> None:
    keep(api, measured(store, 20))
    run_id = measured(store, 10)
    measured(store, 20, run_id=run_id)

    assert check(api, run_id).json()["current_value"] == 1.0


def test_a_baseline_of_a_suite_ignores_other_suites(api: TestClient, store: Store) -> None:
    keep(api, measured(store, 20), eval_set="sums")
    run_id = measured(store, 10)
    measured(store, 20, "other", run_id)

    assert check(api, run_id).json()["current_value"] == 0.5
    assert check(api, measured(store, 20, "other")).status_code == 400
    assert keep(api, run_id, eval_set="nosuch").status_code == 400
    assert keep(api, run_id, dataset_key="nosuch").status_code == 400


def test_a_comparison_across_suites_says_so(api: TestClient, store: Store) -> None:
    keep(api, measured(store, 20))

    details = check(api, measured(store, 20, "other")).json()["details"]

    assert details.endswith("Mind the suites: sums, then other.")


def test_what_cannot_be_compared_is_refused(api: TestClient, store: Store) -> None:
    run_id, bare = measured(store, 20), trained(store)
    keep(api, run_id)

    assert keep(api, bare).status_code == 400
    assert keep(api, new_id()).status_code == 400
    unknown = keep(api, run_id, metric="scores")
    assert (unknown.status_code, unknown.json()["hint"]) == (400, "Did you mean 'score'?")
    assert check(api, bare).status_code == 400
    assert check(api, new_id()).status_code == 404
    gone = check(api, run_id, "gone")
    assert (gone.status_code, gone.json()["detail"]) == (404, "There is no baseline 'gone'.")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "a\0b"},
        {"name": "x" * 257},
        {"run_id": "no uuid"},
        {"run_id": None},
        {"metric": ""},
        {"metric": "\ud800"},
        {"lower_is_better": "perhaps"},
        {"eval_set": "\0"},
    ],
)
def test_a_malformed_baseline_is_answered_with_422(api: TestClient, change: dict[str, Any]) -> None:
    body = {"name": "main", "run_id": new_id(), **change}

    headers = {"content-type": "application/json"}
    answer = api.post("/api/regression/baselines", content=json.dumps(body), headers=headers)

    assert answer.status_code == 422, answer.text
    assert next(iter(change)) in str(answer.json()["detail"])


def test_a_malformed_check_is_answered_with_422(api: TestClient) -> None:
    assert check(api, "no uuid").status_code == 422
    assert check(api, new_id(), "a\0b").status_code == 422
    assert api.post("/api/regression/check", json={}).status_code == 422
    assert api.get("/api/regression/baselines?limit=0").status_code == 422
