"""An old client of /api/ungar. The engine is the installed one, or a double of its interface."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.cli.running import Home
from tests.games import engine
from tests.making import trace
from tunix_rt.games.duel import PROMPT
from tunix_rt.kit.ids import new_id

without_engine = pytest.mark.skipif(engine.INSTALLED, reason="the engine is installed")
GENERATE, EXPORT = "/api/ungar/high-card-duel/generate", "/api/ungar/high-card-duel/export.jsonl"


@pytest.fixture
def playing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    engine.provide(monkeypatch)
    yield
    engine.forget()


def play(api: TestClient, **body: Any) -> Any:
    return api.post(GENERATE, json={"count": 5, "seed": 100, **body})


def exported(api: TestClient, **query: Any) -> list[dict[str, Any]]:
    answer = api.get(EXPORT, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


@without_engine
def test_without_the_engine_the_status_says_so_and_playing_says_how_to_get_it(
    api: TestClient, tmp_path: Path
) -> None:
    status = api.get("/api/ungar/status")
    refused = play(api)

    assert status.json() == {"available": False, "version": None}
    assert refused.status_code == 501
    assert refused.json()["detail"] == "The UNGAR engine is not installed."
    assert "pip install" in refused.json()["hint"]
    home = Home(tmp_path / "cli")
    assert "not installed: pip install" in home.inside("games", "status").stdout
    done = home.run("games", "high-card-duel")
    assert (done.returncode, "hint: pip install" in done.stderr) == (1, True)


def test_games_become_traces_with_the_cards_that_were_dealt(api: TestClient, playing: None) -> None:
    assert api.get("/api/ungar/status").json()["available"] is True

    answer = play(api)

    said = answer.json()
    assert (answer.status_code, len(said["trace_ids"]), len(said["preview"])) == (201, 5, 3)
    for episode, id_ in enumerate(said["trace_ids"]):
        stored = api.get(f"/api/traces/{id_}").json()
        meta = stored["payload"]["meta"]
        assert (stored["source"], stored["payload"]["prompt"]) == ("ungar", PROMPT)
        assert (meta["episode_index"], meta["seed"]) == (episode, 100)
        assert meta["my_card"] != meta["opponent_card"]
    first = api.get(f"/api/traces/{said['trace_ids'][0]}").json()["payload"]["meta"]
    assert said["preview"][0] == {
        "trace_id": said["trace_ids"][0],
        "game": "high_card_duel",
        "result": first["result"],
        "my_card": first["my_card"],
    }


def test_the_deal_of_a_game_depends_on_seed_and_number_only(api: TestClient, playing: None) -> None:
    cards = [p["my_card"] for p in play(api, count=3).json()["preview"]]
    shifted = [p["my_card"] for p in play(api, count=2, seed=101).json()["preview"]]

    assert cards[1:] == shifted


def test_what_is_not_wanted_is_not_stored(api: TestClient, playing: None) -> None:
    said = play(api, persist=False).json()

    assert (said["trace_ids"], len(said["preview"])) == ([], 3)
    assert said["preview"][0]["trace_id"] is None
    assert api.get("/api/traces").json()["data"] == []


def test_only_games_are_exported_newest_first_or_as_named(api: TestClient, playing: None) -> None:
    ids = play(api).json()["trace_ids"]
    other = api.post("/api/traces", json=trace(1, meta={"source": "ungar"})).json()["id"]

    newest = exported(api)
    named = exported(api, trace_ids=f"{ids[3]}, {other},{new_id()},{ids[0]}")

    assert [record["id"] for record in newest] == ids[::-1]
    assert len(exported(api, limit=2)) == 2
    assert [record["id"] for record in named] == [ids[3], ids[0]]
    assert newest[0]["prompts"] == PROMPT
    assert newest[0]["metadata"]["game"] == "high_card_duel"


@pytest.mark.parametrize(
    "query", ["trace_ids=x", "trace_ids=", "trace_ids=,", "limit=0", "limit=10001", "limit=x"]
)
def test_an_export_of_nonsense_is_refused(api: TestClient, query: str) -> None:
    assert api.get(f"{EXPORT}?{query}").status_code == 422


@pytest.mark.parametrize("body", [{"count": 0}, {"count": 101}, {"seed": "x"}, {"seed": 2**70}])
def test_a_count_or_a_seed_out_of_range_is_refused(api: TestClient, body: dict[str, Any]) -> None:
    assert play(api, **body).status_code == 422


@without_engine
@pytest.mark.parametrize(("seed", "status", "said"), [(13, 501, "jokers"), (14, 502, "torn")])
def test_an_engine_that_plays_another_game_or_breaks_is_named(
    api: TestClient, playing: None, seed: int, status: int, said: str
) -> None:
    answer = play(api, seed=seed, count=1)

    assert (answer.status_code, said in answer.json()["detail"]) == (status, True)
    assert api.get("/api/traces").json()["data"] == []


def test_the_command_plays_too(tmp_path: Path, playing: None) -> None:
    home = Home(tmp_path / "cli")

    done = home.inside("games", "high-card-duel", "--count", "4", "--seed", "1", "--json")
    listed = home.inside("traces", "list", "--source", "ungar", "--json")

    assert len(json.loads(done.stdout)["trace_ids"]) == 4
    assert len(json.loads(listed.stdout)["data"]) == 4
