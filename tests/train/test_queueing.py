"""A training by a recipe, queued with the evaluation of the model it will make."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from tests.evaluate.test_evaluating import ITEMS
from tests.making import stored, trace, write_lines
from tests.train.jobs import RECIPE
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.evaluate.evaluating import evaluate
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.kit.errors import BadInput, BadRequest
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query, query_read
from tunix_rt.runs.reporting import LEASE, Reporter
from tunix_rt.store import Store
from tunix_rt.store.session import Session
from tunix_rt.tasks import suites
from tunix_rt.train.commands import app


@pytest.fixture
def dataset(store: Store, tmp_path: Path) -> str:
    stored(store, tmp_path, [trace(i) for i in range(4)])
    suites.from_file(store, "sums", write_lines(tmp_path / "s.jsonl", ITEMS))
    return freezing.freeze(store, Build(dataset_name="d", dataset_version="1")).dataset_key


def test_the_evaluation_waits_for_the_model_and_finds_it(
    api: TestClient, store: Store, dataset: str
) -> None:
    asked = {"recipe": RECIPE, "dataset_key": dataset, "evaluate": "sums", "priority": 3}
    queued = api.post("/api/tunix/train", json=asked)

    assert queued.status_code == 202, queued.text
    training, measuring = queued.json()["run_id"], queued.json()["evaluation_run_id"]
    shown = api.get(f"/api/runs/{measuring}").json()
    assert (shown["after"], shown["priority"]) == ([training], 3)
    config = EvaluateConfig.model_validate(shown["config"])
    assert (config.model_folder, config.template) == (None, RECIPE.get("template", "think"))

    with store.write() as connection:
        query.claim(connection, worker="w", lease=LEASE, run_id=training)
    Reporter(store, training, 1, store.home).result({"model_folder": "/is/not/there"})
    with store.write() as connection:
        query.finish(connection, training, 1, status="completed")
        query.claim(connection, worker="w", lease=LEASE)
    with pytest.raises(BadInput, match="'there' is not a model checkpoint"):
        evaluate(Reporter(store, measuring, 1, store.home), config)


def test_a_model_that_was_not_made_is_said(store: Store, dataset: str, api: TestClient) -> None:
    asked = {"recipe": RECIPE, "dataset_key": dataset, "evaluate": "sums"}
    queued = api.post("/api/tunix/train", json=asked).json()
    with store.write() as connection:
        query.claim(connection, worker="w", lease=LEASE, run_id=queued["run_id"])
        query.finish(connection, queued["run_id"], 1, status="completed")
        found = query.claim(connection, worker="w", lease=LEASE)
    assert found is not None

    with pytest.raises(BadRequest, match="left no model behind"):
        evaluate(
            Reporter(store, found.id, 1, store.home), EvaluateConfig.model_validate(found.config)
        )


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"dataset_key": "gone-1"}, 404, "gone-1"),
        ({"evaluate": "nosuch"}, 404, "nosuch"),
        ({"recipe": {"stepz": 3}}, 422, "no key 'stepz'"),
        ({"recipe": {"model": {"path": "/etc"}, "tokenizer": {"source": "model"}}}, 403, ""),
        ({"after": ["no id"]}, 422, ""),
        ({"stepz": 3}, 422, ""),
    ],
)
def test_bad_input_queues_nothing(
    api: TestClient, store: Store, dataset: str, changed: dict[str, object], status: int, said: str
) -> None:
    answer = api.post(
        "/api/tunix/train", json={"recipe": RECIPE, "dataset_key": dataset, **changed}
    )

    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    with store.read() as connection:
        assert not query_read.page(connection, limit=5, kind="train")


def practising(path: str, model: str) -> dict[str, object]:
    tasks = {"generator": "file", "config": {"path": path}}
    return {
        "method": "grpo",
        "steps": 2,
        "model": {"path": model},
        "tokenizer": {"source": "model"},
        "grpo": {"tasks": tasks},
    }


@pytest.mark.parametrize("place", ["/etc/passwd", "../../x", "link/x"])
def test_no_file_is_read_outside_the_roots(
    api: TestClient, settings: Settings, dataset: str, tmp_path: Path, place: str
) -> None:
    (settings.home / "link").symlink_to(tmp_path)

    for recipe in (practising(place, "m"), practising("t.jsonl", place)):
        answer = api.post("/api/tunix/train", json={"recipe": recipe, "dataset_key": dataset})
        assert (answer.status_code, "lies outside" in answer.text) == (403, True)


def test_a_worker_anywhere_opens_the_files_that_were_meant(
    api: TestClient, settings: Settings, store: Store, dataset: str, tmp_path: Path
) -> None:
    recipe = practising("some/t.jsonl", "models/of/m")
    sent = api.post("/api/tunix/train", json={"recipe": recipe, "dataset_key": dataset})
    (tmp_path / "r.json").write_text(json.dumps(recipe))
    session, here = Session(settings), Path.cwd()
    told = ["run", str(tmp_path / "r.json"), "--dataset", dataset, "--queue"]
    typed = CliRunner().invoke(app, told, obj=session)
    session.store.close()

    for answer, folder in ((sent.text, settings.home.resolve()), (typed.stdout, here)):
        kept = api.get(f"/api/runs/{json.loads(answer)['run_id']}").json()["config"]["recipe"]
        assert kept["model"]["path"] == str(folder / "models" / "of" / "m")
        assert kept["grpo"]["tasks"]["config"]["path"] == str(folder / "some" / "t.jsonl")


def test_the_command_queues_behind_other_runs(
    store: Store, settings: Settings, dataset: str, tmp_path: Path
) -> None:
    session = Session(settings)
    file = tmp_path / "r.json"
    file.write_text(json.dumps(RECIPE))

    def run(*words: str) -> dict[str, str]:
        told = ["run", str(file), "--dataset", dataset, "--queue", *words]
        done = CliRunner().invoke(app, told, obj=session)
        assert done.exit_code == 0, done.output
        answer: dict[str, str] = json.loads(done.stdout)
        return answer

    first = run("--evaluate", "sums")
    second = run("--after", first["evaluation_run_id"], "--priority", "7")

    with store.read() as connection:
        row = query_read.detail(connection, query_read.get(connection, second["run_id"]), "", None)
    assert (row.after, row.priority) == ([first["evaluation_run_id"]], 7)
    told = ["run", str(file), "--dataset", dataset, "--evaluate", "sums"]
    assert "--queue" in str(CliRunner().invoke(app, told, obj=session).exception)
    session.store.close()


def test_the_schema_of_a_recipe_is_served(api: TestClient) -> None:
    assert "optimizer" in api.get("/api/tunix/recipe-schema").json()["properties"]


@pytest.mark.parametrize(
    ("device", "mesh", "alone"),
    [
        ("auto", {}, "auto"),
        ("auto", {"fsdp": 2}, "auto:0-1"),
        ("cpu:1", {}, None),
        ("gpu", {}, "gpu:0"),
        ("tpu:3", {}, "tpu:3"),
        ("gpu", {"fsdp": 4}, "gpu:0-3"),
        ("gpu:4", {"fsdp": 2, "tp": 2}, "gpu:4-7"),
    ],
)
def test_an_accelerator_is_one_trainings_at_a_time(
    api: TestClient, dataset: str, device: str, mesh: dict[str, int], alone: str | None
) -> None:
    asked = {"recipe": RECIPE | {"device": device, "mesh": mesh}, "dataset_key": dataset}
    run_id = api.post("/api/tunix/train", json=asked).json()["run_id"]

    assert api.get(f"/api/runs/{run_id}").json()["device"] == alone


def test_the_contracts_device_is_the_recipes(api: TestClient, dataset: str) -> None:
    knobs = {"device": "cuda"}
    body = {"dataset_key": dataset, "model_id": "nano", "dry_run": False, "hyperparameters": knobs}
    run_id = api.post("/api/tunix/run?mode=async", json=body).json()["run_id"]

    found = api.get(f"/api/runs/{run_id}").json()
    assert (found["device"], found["config"]["recipe"]["device"]) == ("gpu:0", "gpu")
