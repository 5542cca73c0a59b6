from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.making import stored, trace
from tunix_rt.rendering.records import BLOCK, blocks
from tunix_rt.store import Store

BUILD = {"dataset_name": "d", "dataset_version": "1"}


def test_an_export_is_every_trace_in_manifest_order(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(i) for i in range(300)])
    built = api.post("/api/datasets/build", json={**BUILD, "limit": 300})

    answer = api.get("/api/datasets/d-1/export.jsonl")

    assert (built.status_code, answer.status_code) == (201, 200)
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.text.count("\n") == 300
    assert "What is 299 + 1?" in answer.text.partition("\n")[0]


def test_an_export_whose_file_is_gone_says_so_before_it_begins(
    api: TestClient, store: Store
) -> None:
    api.post("/api/traces", json=trace())
    api.post("/api/datasets/build", json=BUILD)
    sha256 = api.get("/api/datasets/d-1").json()["shards"][0]["sha256"]
    store.blobs.path(sha256).unlink()

    answer = api.get("/api/datasets/d-1/export.jsonl")

    assert answer.status_code == 404
    assert "is missing" in answer.json()["detail"]
    assert api.get("/api/datasets/none-1/export.jsonl").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"dataset_name": "a\0"},
        {"dataset_version": "a\0"},
        {"session_id": "a\0"},
        {"parent_dataset_id": "\0"},
        {"training_run_id": "\0"},
        {"provenance": {"a": {"b": "\0"}}},
        {"filters": {"source": "\0"}},
    ],
)
def test_text_no_database_can_hold_is_refused(api: TestClient, changes: dict[str, object]) -> None:
    api.post("/api/traces", json=trace())

    assert api.post("/api/datasets/build", json=BUILD | changes).status_code == 422


def test_a_key_that_is_none_is_refused_and_nothing_is_frozen(api: TestClient) -> None:
    api.post("/api/traces", json=trace())

    refused = api.post("/api/datasets/build", json=BUILD | {"pipelines": {"stages": []}})

    assert refused.status_code == 422
    assert refused.json()["detail"][0]["loc"] == ["body", "pipelines"]
    assert api.get("/api/datasets").json()["data"] == []


@pytest.mark.parametrize("value", ['"\\ud800"', "NaN", "1e999"])
def test_a_provenance_that_json_cannot_say_is_refused(api: TestClient, value: str) -> None:
    api.post("/api/traces", json=trace())
    body = '{"dataset_name": "d", "dataset_version": "1", "provenance": {"a": ' + value + "}}"

    answer = api.post(
        "/api/datasets/build", content=body, headers={"content-type": "application/json"}
    )

    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_lines_travel_in_blocks() -> None:
    line = b"x" * 999 + b"\n"

    found = list(blocks([line] * 200))

    assert b"".join(found) == line * 200
    assert all(len(block) >= BLOCK for block in found[:-1])
    assert list(blocks([])) == []


def test_a_version_is_looked_at_compared_and_described(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(i) for i in range(25)])
    api.post("/api/datasets/build", json={**BUILD, "limit": 25})
    api.post("/api/datasets/build", json={**BUILD, "dataset_version": "2", "limit": 5})

    version = api.get("/api/datasets/d-1/version").json()
    assert "trace_ids" not in version
    assert version["trace_count"] == 25
    assert len(api.get("/api/datasets/d-1").json()["trace_ids"]) == 25

    page = api.get("/api/datasets/d-1/rows", params={"start": 20, "limit": 10}).json()
    assert [row["place"] for row in page["data"]] == [20, 21, 22, 23, 24]
    assert page["pagination"]["next_start"] is None
    assert api.get("/api/datasets/d-1/rows", params={"split": "test"}).status_code == 404

    found = api.get("/api/datasets/d-1/diff/d-2").json()
    assert (found["same"], found["removed"], found["added"]) == (5, 20, 0)
    assert api.get("/api/datasets/d-1/diff/none-1").status_code == 404
    card = api.get("/api/datasets/d-1/card.md")
    assert card.headers["content-type"].startswith("text/markdown")
    assert version["content_sha256"] in card.text


def test_a_build_and_a_proof_are_queued(api: TestClient) -> None:
    api.post("/api/traces", json=trace())

    queued = api.post("/api/datasets/builds", json=BUILD)
    api.post("/api/datasets/build", json=BUILD)
    taken = api.post("/api/datasets/builds", json=BUILD)
    proof = api.post("/api/datasets/d-1/verify")

    assert (queued.status_code, taken.status_code, proof.status_code) == (202, 409, 202)
    kinds = {run["kind"] for run in api.get("/api/runs").json()["data"]}
    assert kinds == {"freeze", "prove"}
    assert api.post("/api/datasets/none-1/verify").status_code == 404
