"""Every call of the REST contract is in openapi.json, with every status it can answer."""

import json
import re
from typing import Any

import pytest

from tests.conftest import ROOT

CONTRACT = """
GET  /api/health 200 503
GET  /api/redi/health 200
GET  /metrics 200
POST /api/traces 201 400 413 422
GET  /api/traces 200 422
POST /api/traces/batch 201 400 413 422
GET  /api/traces/compare 200 404 422
GET  /api/traces/{} 200 404 422
POST /api/traces/{}/score 201 404 422
GET  /api/ungar/status 200
POST /api/ungar/high-card-duel/generate 201 422 501
GET  /api/ungar/high-card-duel/export.jsonl 200 422
POST /api/datasets/build 201 409 422
POST /api/datasets/ingest 201 400 403 422
GET  /api/datasets/{}/export.jsonl 200 404 422
GET  /api/tunix/status 200
POST /api/tunix/sft/export 200 400 404 422
POST /api/tunix/sft/manifest 201 404 422
POST /api/tunix/run 200 403 422 501
GET  /api/tunix/runs 200 422
GET  /api/tunix/runs/{} 200 404
GET  /api/tunix/runs/{}/status 200 404
POST /api/tunix/runs/{}/cancel 200 400 404
GET  /api/tunix/runs/{}/logs 200 422
GET  /api/tunix/runs/{}/artifacts 200 404
GET  /api/tunix/runs/{}/artifacts/{}/download 200 403 404
GET  /api/tunix/runs/{}/metrics 200 404
POST /api/tunix/runs/{}/evaluate 201 400 404
GET  /api/tunix/runs/{}/evaluation 200 404
GET  /api/tunix/evaluations 200 422
POST /api/regression/baselines 201 400 422
POST /api/regression/check 200 400 404
POST /api/tuning/jobs 201 422
GET  /api/tuning/jobs 200
GET  /api/tuning/jobs/{} 200 404
POST /api/tuning/jobs/{}/start 200 400 404 501
POST /api/models 201 409 422
GET  /api/models 200
GET  /api/models/{} 200 404
POST /api/models/{}/versions/promote 200 400 404 409
GET  /api/models/versions/{} 200 404
GET  /api/models/versions/{}/download 200 404
"""

PATHS: dict[str, dict[str, Any]] = {
    re.sub(r"\{[^}]*\}", "{}", path): methods
    for path, methods in json.loads((ROOT / "openapi.json").read_text("utf-8"))["paths"].items()
}


@pytest.mark.parametrize("line", CONTRACT.strip().splitlines())
def test_a_call_of_the_contract_is_there_with_every_status(line: str) -> None:
    method, path, *statuses = line.split()
    operation = PATHS[path][method.lower()]

    assert set(statuses) <= set(operation["responses"]), sorted(operation["responses"])
    successes = {status for status in operation["responses"] if status.startswith("2")}
    assert successes == {statuses[0]}


def test_every_failure_says_which_shape_it_has() -> None:
    bare = [
        (method, path, status)
        for path, methods in PATHS.items()
        for method, operation in methods.items()
        for status, answer in operation["responses"].items()
        if status >= "400" and "application/json" not in answer.get("content", {})
    ]
    assert bare == []
