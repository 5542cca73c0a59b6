from fastapi.testclient import TestClient

from tests.exams.papers import make, store_eggs
from tests.exams.test_scoring import score
from tunix_rt.store import Store


def test_exams_their_items_and_scores_are_shown(api: TestClient, store: Store) -> None:
    store_eggs(store, 6)
    make(store, kinds=("result",), count=5)
    score(store)

    [listed] = api.get("/api/exams").json()["data"]
    page = api.get("/api/exams/e/items?limit=3").json()
    rest = api.get(f"/api/exams/e/items?limit=3&cursor={page['next_cursor']}").json()
    export = api.get("/api/exams/e/export.jsonl?format=pairs")

    assert listed == api.get("/api/exams/e").json()
    assert listed["items"] == 5
    assert [item["position"] for item in page["data"] + rest["data"]] == list(range(5))
    assert rest["next_cursor"] is None
    item = page["data"][0]
    assert item["steps"][item["step"]]["content"][item["start"] : item["end"]] == item["after"]
    assert item["before"] in item["clean"]["steps"][item["step"]]["content"]
    assert len(export.text.splitlines()) == 5
    assert api.get("/api/exams/e/scores").json()["data"][0]["exact"]["share"] == 1.0


def test_making_and_sitting_are_queued(api: TestClient, store: Store) -> None:
    store_eggs(store, 2)
    make(store, count=2)

    made = api.post("/api/exams", json={"name": "f", "count": 3, "kinds": ["sign"]})
    sat = api.post("/api/exams/e/scores", json={})

    assert (made.status_code, sat.status_code) == (201, 201)
    assert api.get(f"/api/runs/{made.json()['run_id']}").json()["kind"] == "exam"
    assert api.get(f"/api/runs/{sat.json()['run_id']}").json()["name"].endswith(" on e")


def test_the_traces_of_an_exam_may_be_named_by_a_query(api: TestClient) -> None:
    made = api.post("/api/exams", json={"name": "f", "filter": "source:eggs steps:>2"})
    wrong = api.post("/api/exams", json={"name": "g", "filter": "sauce:eggs"})

    config = api.get(f"/api/runs/{made.json()['run_id']}").json()["config"]
    assert (config["filter"]["source"], config["filter"]["steps_min"]) == ("eggs", 3)
    assert wrong.status_code == 422
    assert wrong.json()["hint"] == "Did you mean source?"


def test_what_makes_no_sense_is_refused(api: TestClient, store: Store) -> None:
    store_eggs(store, 2)
    make(store, count=2)

    taken = api.post("/api/exams", json={"name": "e"})
    unnamed = api.post("/api/exams", json={"name": "../x"})
    unknown = api.post("/api/exams", json={"name": "g", "kinds": ["typo"]})

    assert [taken.status_code, unnamed.status_code, unknown.status_code] == [409, 422, 422]
    assert api.get("/api/exams/none").status_code == 404
    assert api.get("/api/exams/none/items").status_code == 404
    assert api.get("/api/exams/none/export.jsonl").status_code == 404
    assert api.post("/api/exams/none/scores", json={}).status_code == 404
    assert api.post("/api/exams/e/scores", json={"verifier": "magic"}).status_code == 404
    assert api.get("/api/exams/e/items?cursor=x").status_code == 422
