import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from tests.making import stored, trace
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.ids import new_id
from tunix_rt.store import Store


@pytest.fixture
def dataset(store: Store, tmp_path: Path) -> str:
    stored(store, tmp_path, [trace(i) for i in range(4)])
    return freezing.freeze(store, Build(dataset_name="d", dataset_version="1")).dataset_key


def render(api: TestClient, **changes: Any) -> Any:
    body = {"dataset_key": "d-1", "model_id": "nano", "output_dir": "out", **changes}
    return api.post("/api/tunix/sft/manifest", json=body)


def test_a_manifest_is_yaml_that_says_what_a_run_would_do(api: TestClient, dataset: str) -> None:
    knobs = {"learning_rate": 0.001, "num_epochs": 2, "batch_size": 4}

    answer = render(api, hyperparameters=knobs)

    said = answer.json()
    content = yaml.safe_load(said["manifest_yaml"])
    assert answer.status_code == 201
    assert (said["dataset_key"], said["model_id"], said["format"]) == (dataset, "nano", "tunix_sft")
    assert content["training"]["learning_rate"] == 0.001
    assert content["output"] == {"output_dir": "out"}
    body = {"dataset_key": dataset, "model_id": "nano", "hyperparameters": knobs}
    run = api.post("/api/tunix/run", json=body).json()
    config = api.get(f"/api/runs/{run['run_id']}").json()["config"]
    assert content["recipe"] == config["recipe"]
    assert content["training"] == config["request"]["hyperparameters"]
    exported = api.get(content["dataset"]["path"])
    assert (exported.status_code, exported.text.count("\n")) == (200, 4)


@pytest.mark.parametrize("text", ["a: b", "- x", "'\"\n...\n", "\u2028", "null", "*a"])
def test_no_name_can_break_out_of_the_yaml(api: TestClient, dataset: str, text: str) -> None:
    content = yaml.safe_load(render(api, model_id=text, output_dir=text).json()["manifest_yaml"])

    assert (content["model"]["model_id"], content["output"]["output_dir"]) == (text, text)


def test_what_cannot_be_rendered_is_refused(api: TestClient, dataset: str) -> None:
    missing = render(api, dataset_key="gone-1")
    assert (missing.status_code, missing.json()["detail"]) == (404, "Dataset not found: gone-1")
    for wrong in ({"output_dir": ""}, {"model_id": "a\0b"}, {"hyperparameters": {"batch_size": 0}}):
        assert render(api, **wrong).status_code == 422


def export(api: TestClient, **body: Any) -> Any:
    return api.post("/api/tunix/sft/export", json=body)


def test_named_traces_are_exported_in_their_order_and_unknown_ones_left_out(
    api: TestClient, dataset: str
) -> None:
    ids = [row["id"] for row in api.get("/api/traces").json()["data"]]
    wanted = [ids[2], new_id(), ids[0].upper()]

    answer = export(api, trace_ids=wanted)

    records = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert [record["id"] for record in records] == [ids[2], ids[0]]
    frozen = api.get(f"/api/datasets/{dataset}/export.jsonl?format=tunix_sft").text
    assert set(answer.text.splitlines()) <= set(frozen.splitlines())


def test_a_dataset_is_exported_up_to_a_limit(api: TestClient, dataset: str) -> None:
    whole = api.get(f"/api/datasets/{dataset}/export.jsonl?format=tunix_sft").text

    assert export(api, dataset_key=dataset).text == whole
    assert export(api, dataset_key=dataset, limit=2).text == "".join(
        whole.splitlines(keepends=True)[:2]
    )


def test_what_names_nothing_to_export_is_refused(api: TestClient, dataset: str) -> None:
    assert export(api).status_code == export(api, trace_ids=[]).status_code == 400
    malformed = export(api, trace_ids=["x"])
    assert (malformed.status_code, "'x' is not the id" in malformed.json()["detail"]) == (400, True)
    assert export(api, dataset_key="gone-1").status_code == 404
    for limit in (0, 10_001):
        assert export(api, dataset_key=dataset, limit=limit).status_code == 422
