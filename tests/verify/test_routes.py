"""The HTTP door of verifying."""

from fastapi.testclient import TestClient

from tests.verify.test_jobs import judge
from tests.verify.traces import stored, trace
from tunix_rt.kit.ids import new_id
from tunix_rt.store import Store


def test_a_trace_shows_what_was_said_of_it(api: TestClient, store: Store) -> None:
    [id_] = stored(store, trace("18", "9 * 2 = 19", expected_answer="18", source_label=True))

    before = api.get(f"/api/traces/{id_}/verdicts").json()
    judge(store)
    after = api.get(f"/api/traces/{id_}/verdicts").json()

    assert before == {"trace_id": id_, "answer": None, "steps": None}
    assert after["answer"]["outcome"] == "right"
    assert after["answer"]["method"] == "number"
    assert after["answer"]["label"] is True
    assert after["answer"]["judged_at"].endswith("Z")
    assert after["steps"]["outcome"] == "wrong"
    assert after["steps"]["claims"] == [after["steps"]["first_error"]]
    assert after["steps"]["first_error"]["start"] == 0
    assert after["steps"]["first_error"]["end"] == len("9 * 2 = 19")


def test_an_unknown_trace_is_not_found(api: TestClient) -> None:
    id_ = new_id()

    answer = api.get(f"/api/traces/{id_}/verdicts")

    assert (answer.status_code, answer.json()["detail"]) == (404, f"Trace {id_} not found")
    assert api.get("/api/traces/none/verdicts").status_code == 422


def test_a_verify_run_is_queued(api: TestClient) -> None:
    plain = api.post("/api/verify")
    chosen = api.post("/api/verify", json={"filter": {"model": "m"}, "again": True, "batch": 10})

    assert plain.status_code == chosen.status_code == 201
    assert chosen.json()["status"] == "pending"
    run = api.get(f"/api/runs/{chosen.json()['run_id']}").json()
    assert (run["kind"], run["name"]) == ("verify", "verify model m")
    assert run["config"]["again"] is True


def test_a_config_that_makes_no_sense_is_refused(api: TestClient) -> None:
    nothing = api.post("/api/verify", json={"answers": False, "steps": False})
    unknown = api.post("/api/verify", json={"colour": "blue"})
    huge = api.post("/api/verify", json={"batch": 100_000})

    assert [nothing.status_code, unknown.status_code, huge.status_code] == [422, 422, 422]


def test_the_summary_counts_by_source_and_model(api: TestClient, store: Store) -> None:
    stored(store, trace("18", "1+1=2", expected_answer="18", model="a", source_label=True))
    stored(store, trace("17", "1+1=3", expected_answer="18", model="b", source_label=True))
    judge(store)

    everything = api.get("/api/verify/summary").json()
    only_b = api.get("/api/verify/summary", params={"model": "b"}).json()

    assert everything["total"]["traces"] == 2
    assert everything["total"]["answers"] == {"right": 1, "wrong": 1, "undecided": 0}
    assert everything["total"]["labels"] == {"agree": 1, "labelled": 2}
    assert {group["model"] for group in everything["groups"]} == {"a", "b"}
    assert only_b["groups"][0]["steps"] == {"right": 0, "wrong": 1, "undecided": 0}


def test_the_summary_of_an_empty_store_is_zero(api: TestClient) -> None:
    found = api.get("/api/verify/summary").json()

    assert found["total"]["traces"] == 0
    assert found["groups"] == []
