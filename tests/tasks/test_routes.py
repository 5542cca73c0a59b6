"""The HTTP door of tasks and suites."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.making import write_lines
from tests.tasks.running import made
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store

LINE = {"prompt": "1 + 1?", "expected_answer": "2", "split": "train", "steps": ["1 + 1 = 2"]}
WANTED = {"generator": "arithmetic", "count": 3, "into": "suite", "name": "s"}


def preview(api: TestClient, generator: str, config: Any = None, **query: Any) -> Any:
    chosen = {"generator": generator, "config": json.dumps(config or {}), **query}
    return api.get("/api/tasks/preview", params=chosen)


def test_the_generators_say_what_they_take_and_what_they_offer(api: TestClient) -> None:
    said = {one["name"]: one for one in api.get("/api/tasks/generators").json()["data"]}

    assert {"arithmetic", "cards", "file", "openspiel", "reasoning-gym"} <= set(said)
    gym = said["reasoning-gym"]
    assert gym["install"] == "pip install 'tunix-rt[tasks]'"
    assert {"name": "gcd", "worked": True} in gym["families"]
    assert {"name": "survo", "worked": False} in gym["families"]
    assert "families" in gym["config_schema"]["properties"]
    assert (said["cards"]["available"], said["cards"]["install"]) == (True, None)


def test_a_preview_shows_three_tasks_with_steps_and_stores_nothing(api: TestClient) -> None:
    answer = preview(api, "reasoning-gym", {"families": ["gcd"]}, seed=4, split="test")

    tasks = answer.json()["data"]
    assert (answer.status_code, len(tasks)) == (200, 3)
    assert all(task["family"] == "gcd" and task["steps"] for task in tasks)
    assert preview(api, "reasoning-gym", {"families": ["gcd"]}, seed=4, split="test").json() == {
        "data": tasks
    }
    assert api.get("/api/traces").json()["data"] == []
    assert len(preview(api, "cards").json()["data"]) == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"generator": "astrology"}, 404),
        ({"generator": "arithmetic", "config": "{"}, 422),
        ({"generator": "arithmetic", "config": "[]"}, 422),
        ({"generator": "arithmetic", "config": "[" * 19_000}, 422),
        ({"generator": "arithmetic", "config": '{"digits": 99}'}, 422),
        ({"generator": "arithmetic", "config": '{"digits": "\\u0000"}'}, 422),
        ({"generator": "arithmetic", "config": '{"\\ud800": 1}'}, 422),
        ({"generator": "arithmetic", "seed": "-1"}, 422),
        ({"generator": "arithmetic", "split": "dev"}, 422),
        ({"generator": "file", "config": '{"path": "/etc/passwd"}'}, 403),
        ({"generator": "file", "config": '{"path": "\\u0000"}'}, 422),
        ({"generator": "file"}, 422),
    ],
)
def test_a_preview_of_nonsense_is_refused(
    api: TestClient, query: dict[str, str], status: int
) -> None:
    answer = api.get("/api/tasks/preview", params=query)

    assert (answer.status_code, answer.text.count("Traceback")) == (status, 0)


def test_making_tasks_is_a_run(api: TestClient) -> None:
    answer = api.post("/api/tasks/generate", json={**WANTED, "config": {"digits": 2}, "seed": 5})

    assert (answer.status_code, answer.json()["status"]) == (201, "pending")
    run = api.get(f"/api/runs/{answer.json()['run_id']}").json()
    assert (run["kind"], run["name"]) == ("tasks", "3 arithmetic tasks as s")
    assert run["config"]["config"] == {"digits": 2}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"generator": "astrology"}, 404),
        ({"config": {"digits": 99}}, 422),
        ({"config": {"a": "\0"}}, 422),
        ({"count": 0}, 422),
        ({"count": 10**7}, 422),
        ({"into": "bed"}, 422),
        ({"name": ""}, 422),
        ({"name": "a\nb"}, 422),
        ({"colour": "blue"}, 422),
        ({"generator": "file", "config": {"path": "/etc/passwd"}}, 403),
        ({"generator": "file", "config": {"path": "../../x"}}, 403),
        ({"generator": "file", "config": {"path": 3}}, 422),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_at_once(
    api: TestClient, change: dict[str, Any], status: int
) -> None:
    answer = api.post("/api/tasks/generate", json={**WANTED, **change})

    assert answer.status_code == status, answer.text
    assert api.get("/api/runs").json()["data"] == []


def test_a_file_under_the_allowed_folders_is_taken(api: TestClient, settings: Settings) -> None:
    file = write_lines(Path(settings.home) / "own.jsonl", [LINE])

    shown = preview(api, "file", {"path": "own.jsonl"}).json()["data"]
    queued = api.post(
        "/api/tasks/generate",
        json={**WANTED, "generator": "file", "config": {"path": "own.jsonl"}},
    )

    assert [task["prompt"] for task in shown] == ["1 + 1?"]
    run = api.get(f"/api/runs/{queued.json()['run_id']}").json()
    assert run["config"]["config"] == {"path": str(file.resolve())}


def test_a_suite_shows_what_its_verifier_is_told(api: TestClient, store: Store) -> None:
    config = {"families": ["gcd"]}
    made(store, generator="reasoning-gym", config=config, count=2, into="suite", name="a/b")

    items = api.get("/api/suites/a/b/items").json()["data"]

    assert len(items) == 2
    assert {item["data"]["dataset"] for item in items} == {"gcd"}
