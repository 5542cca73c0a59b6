"""One trace walks through the whole house: read this test first.

Real files, a real database (both kinds), a real worker whose runs are real processes. Only
the model is missing: what it would have said is recorded in a file.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.making import trace, write_lines
from tunix_rt.datasets import freezing, reading
from tunix_rt.datasets.schema import Build
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query, query_read
from tunix_rt.runs.schema import NewRun
from tunix_rt.runs.spawning import command, environment
from tunix_rt.runs.working import Worker
from tunix_rt.store import Row, Store
from tunix_rt.tasks import suites
from tunix_rt.traces import importing
from tunix_rt.traces import query as traces
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.verify.schema import VerifyConfig


@pytest.fixture
def worker(store: Store, settings: Settings) -> Worker:
    return Worker(store, command, environment(settings, dict(os.environ)))


def done(worker: Worker, kind: str, config: Any, **about: Any) -> Row[Any]:
    """Queue a run, let the worker do it, and return how it ended."""
    with worker.store.write() as connection:
        run_id = query.enqueue(connection, NewRun(kind=kind, name="walk", config=config, **about))
    assert worker.once()
    with worker.store.read() as connection:
        row = query_read.get(connection, run_id)
        log = [line.chunk for line in query_read.log_since(connection, run_id, 0)]
    assert row.status == "completed", (row.error, log)
    return row


def test_one_trace_walks_through_the_whole_house(
    store: Store, worker: Worker, api: TestClient, tmp_path: Path
) -> None:
    # collect: a file with two good traces, one of them wrong, and a line that is none
    wrong = trace(2, final_answer="4", steps=[{"i": 0, "type": "sum", "content": "2 + 1 = 4"}])
    file = write_lines(tmp_path / "walk.jsonl", [trace(1), wrong, "not a trace"])
    report = importing.import_file(store, file, source="walk")
    again = importing.import_file(store, file, source="walk")
    assert (report.added, report.rejected, report.examples[0].line) == (2, 1, 3)
    assert (again.added, again.known) == (0, 2)

    # verify: a run in a process of its own judges answers and steps
    verified = done(worker, "verify", VerifyConfig(filter=TraceFilter(source="walk")))
    assert verified.result["answers"] == {"right": 1, "wrong": 1, "undecided": 0}
    with store.read() as connection:
        rows = {row.verdict: row for row in traces.page(connection, TraceFilter(), limit=10).rows}
    said = api.get(f"/api/traces/{rows['wrong'].id}/verdicts").json()
    assert (rows["right"].first_error_step, rows["wrong"].first_error_step) == (None, 0)
    assert (said["steps"]["first_error"]["start"], said["steps"]["first_error"]["end"]) == (0, 9)

    # freeze: only what is right, for ever
    manifest = freezing.freeze(
        store,
        Build(dataset_name="walk", dataset_version="v1", filters={"verdict": "right"}),
    )
    key = manifest.dataset_key
    assert [row.id for row in reading.rows(store, key)] == [rows["right"].id]
    exported = api.get(f"/api/datasets/{key}/export.jsonl", params={"format": "tunix_sft"}).text
    assert "1 + 1 = 2" in json.loads(exported)["prompts"]

    # evaluate: what a model said about three held-out items, one of them not at all
    items = [
        {"id": f"i{n}", "prompt": f"{n}+{n}", "expected_answer": str(2 * n)} for n in (1, 2, 3)
    ]
    suites.from_file(store, "walk-suite", write_lines(tmp_path / "suite.jsonl", items))
    answers = [{"id": "i1", "prediction": "2"}, {"id": "i2", "prediction": "5"}]
    predictions, _ = store.blobs.put([json.dumps(one).encode() + b"\n" for one in answers])
    config = EvaluateConfig(
        suite="walk-suite", model_id="recorded", predictions=predictions, dataset_key=key
    )
    evaluated = done(worker, "evaluate", config, dataset_key=key, model_id="recorded")
    evaluation_id = evaluated.result["evaluation_id"]
    shown = api.get(f"/api/evaluations/{evaluation_id}/items").json()["data"]
    assert {one["item"]: one["outcome"] for one in shown} == {
        "i1": "right",
        "i2": "wrong",
        "i3": "missing",
    }
    (leader,) = api.get("/api/tunix/evaluations").json()["data"]
    assert (leader["model_id"], leader["primary_score"]) == ("recorded", pytest.approx(1 / 3))

    # lineage: from the number back, and from the trace's source forward
    back = api.get(f"/api/lineage/evaluation/{evaluation_id}").json()
    assert {(node["kind"], node["id"]) for node in back["inputs"]} >= {
        ("suite", "walk-suite"),
        ("run", evaluated.id),
    }
    ahead = api.get(f"/api/lineage/dataset/{key}").json()
    assert [(node["kind"], node["id"]) for node in ahead["inputs"]] == [("trace", "source:walk")]
