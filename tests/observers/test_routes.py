from fastapi.testclient import TestClient

from tests.observers.test_examining import examine, ranked
from tests.observers.watching import fit, store_some
from tunix_rt.store import Store


def test_an_observer_its_exams_and_its_ranking_are_shown(api: TestClient, store: Store) -> None:
    store_some(store, 120)
    fit(store)
    ranked(store)
    store_some(store, 200, first=1000)

    unlicensed = api.get("/api/observers/o/labels.jsonl")
    examine(store, coverage=0.3, precision=0.8)
    [listed] = api.get("/api/observers").json()["data"]
    page = api.get("/api/observers/o/ranking?limit=20").json()
    rest = api.get(f"/api/observers/o/ranking?cursor={page['next_cursor']}").json()
    labels = api.get("/api/observers/o/labels.jsonl")

    assert unlicensed.status_code == 409
    assert listed == api.get("/api/observers/o").json()
    assert listed["licence"]["passed"] is True
    assert listed["ranked"] == 120
    assert not {one["trace_id"] for one in page["data"]} & {r["trace_id"] for r in rest["data"]}
    assert labels.status_code == 200
    assert labels.text.count("\n") > 10


def test_work_is_queued(api: TestClient, store: Store) -> None:
    store_some(store, 120)
    fit(store)

    answers = [
        api.post("/api/observers", json={"name": "p", "truth": "label"}),
        api.post("/api/observers/o/exams", json={"coverage": 0.2, "precision": 0.8}),
        api.post("/api/observers/o/ranking", json={}),
    ]

    assert [one.status_code for one in answers] == [201, 201, 201]
    kinds = [api.get(f"/api/runs/{one.json()['run_id']}").json()["kind"] for one in answers]
    assert kinds == ["observer", "observer-exam", "observer-rank"]


def test_what_makes_no_sense_is_refused(api: TestClient, store: Store) -> None:
    store_some(store, 120)
    fit(store)

    assert api.post("/api/observers", json={"name": "o"}).status_code == 409
    assert api.post("/api/observers", json={"name": "a/b"}).status_code == 422
    assert api.post("/api/observers/o/exams", json={"coverage": 0}).status_code == 422
    for path in ("", "/ranking", "/labels.jsonl"):
        assert api.get(f"/api/observers/none{path}").status_code == 404
    assert api.post("/api/observers/none/exams", json={}).status_code == 404
    assert api.post("/api/observers/none/ranking", json={}).status_code == 404
    assert api.get("/api/observers/o/ranking?cursor=x").status_code == 422
