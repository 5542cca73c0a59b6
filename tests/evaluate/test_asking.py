"""POST /api/tunix/runs/{id}/evaluate, with a worker whose model's words are recorded."""

import threading
import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.evaluate.test_evaluating import ITEMS
from tests.making import write_lines
from tunix_rt.evaluate.asking import run_of
from tunix_rt.evaluate.jobs import measure
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.kit.ids import new_id
from tunix_rt.runs import query as runs
from tunix_rt.runs.reporting import LEASE, Reporter
from tunix_rt.runs.schema import NewRun, Status
from tunix_rt.store import Store
from tunix_rt.tasks import suites
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import TrainConfig


@pytest.fixture
def suite(store: Store, tmp_path: Any) -> str:
    for name in ("older", "newer"):
        suites.from_file(store, name, write_lines(tmp_path / "s.jsonl", ITEMS))
    return "newer"


def trained(
    store: Store, status: Status = "completed", *, dry_run: bool = False, model: bool = True
) -> str:
    """A training run as it stands when it has come this far."""
    recipe = read_recipe({"template": "gemma", "system": "Be brief."})
    config = TrainConfig(recipe=recipe, dataset_key="d-v1", dry_run=dry_run)
    new = NewRun(kind="train", name="t", config=config, dataset_key="d-v1", model_id="nano")
    with store.write() as connection:
        run_id = runs.enqueue(connection, new)
        if status == "pending":
            return run_id
        runs.claim(connection, worker="test", lease=LEASE, run_id=run_id)
    if model:
        Reporter(store, run_id, 1, store.home).result({"model_folder": "/the/model"})
    if status != "running":
        with store.write() as connection:
            runs.finish(connection, run_id, 1, status=status)
    return run_id


class Staff(threading.Thread):
    """Does one queued evaluation; what the model would say is recorded."""

    def __init__(self, store: Store, said: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.store, self.said, self.configs = store, said, list[EvaluateConfig]()

    def run(self) -> None:
        row = None
        while row is None:
            with self.store.write() as connection:
                row = runs.claim(connection, worker="test", lease=LEASE)
            time.sleep(0.05)
        config = EvaluateConfig.model_validate(row.config)
        self.configs.append(config)
        lines = [f'{{"id":"{key}","prediction":"{word}"}}\n' for key, word in self.said.items()]
        sha256, _ = self.store.blobs.put(line.encode() for line in lines)
        recorded = config.model_copy(update={"predictions": sha256 if self.said else "0" * 64})
        status: Status = "completed"
        try:
            measure(Reporter(self.store, row.id, 1, self.store.home), recorded)
        except Exception:
            status = "failed"
        with self.store.write() as connection:
            runs.finish(connection, row.id, 1, status=status, error=status)


def test_a_training_run_is_measured_on_the_newest_suite_while_the_caller_waits(
    api: TestClient, store: Store, suite: str
) -> None:
    run_id = trained(store)
    staff = Staff(store, {f"i{n}": str(2 * n) for n in range(15)})
    staff.start()

    answer = api.post(f"/api/tunix/runs/{run_id}/evaluate", json={})

    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert (said["run_id"], said["score"], said["verdict"]) == (run_id, 75.0, "pass")
    assert said["judge"] == {"name": "number", "version": "2"}
    assert api.get(f"/api/tunix/runs/{run_id}/evaluation").json() == said
    [config] = staff.configs
    assert (config.suite, config.model_folder, config.template) == (suite, "/the/model", "gemma")
    assert config.system == "Be brief."
    assert (config.subject_run_id, config.dataset_key) == (run_id, "d-v1")


def test_a_training_run_is_measured_again_on_the_same_suite(
    api: TestClient, store: Store, suite: str
) -> None:
    run_id = trained(store)
    earlier = EvaluateConfig(suite="older", model_id="m", subject_run_id=run_id, limit=3)
    with store.write() as connection:
        runs.enqueue(connection, NewRun(kind="evaluate", name="e", config=earlier))
    first = Staff(store, {"i0": "0"})
    first.start()
    first.join(20)
    again = Staff(store, {"i0": "0"})
    again.start()

    answer = api.post(f"/api/tunix/runs/{run_id}/evaluate")

    assert answer.status_code == 201, answer.text
    assert again.configs[0].suite == "older"


def test_an_evaluation_that_fails_is_answered_with_why(
    api: TestClient, store: Store, suite: str
) -> None:
    staff = Staff(store, {})
    staff.start()

    answer = api.post(f"/api/tunix/runs/{trained(store)}/evaluate")

    assert answer.status_code == 400
    assert answer.json()["detail"] == "The evaluation failed: failed"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"dry_run": True}, "A dry run makes no model"),
        ({"status": "pending"}, "The run is pending"),
        ({"status": "running"}, "The run is running"),
        ({"status": "failed", "model": False}, "has left no model behind"),
    ],
)
def test_a_run_without_a_model_is_refused(
    api: TestClient, store: Store, suite: str, state: dict[str, Any], words: str
) -> None:
    answer = api.post(f"/api/tunix/runs/{trained(store, **state)}/evaluate")

    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_what_is_not_there_is_named(api: TestClient, store: Store) -> None:
    run_id = trained(store)

    unknown = api.post(f"/api/tunix/runs/{new_id()}/evaluate")
    no_suite = api.post(f"/api/tunix/runs/{run_id}/evaluate")
    judge = api.post(f"/api/tunix/runs/{run_id}/evaluate", json={"judge_override": "mock"})

    assert [a.status_code for a in (unknown, no_suite, judge)] == [404, 400, 400]
    assert "no suite" in no_suite.json()["detail"]
    assert "no judge 'mock'" in judge.json()["detail"]


@pytest.mark.parametrize(
    ("told", "device"),
    [
        ({"model_folder": "/the/model"}, "auto"),
        ({"provider": "openai"}, None),
        ({"predictions": "0" * 64}, None),
    ],
)
def test_a_model_that_is_asked_here_has_its_accelerator_for_itself(
    told: dict[str, Any], device: str | None
) -> None:
    config = EvaluateConfig(suite="s", model_id="m", **told)

    assert run_of(config).device == device
