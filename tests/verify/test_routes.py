"""The HTTP door of verifying."""

from fastapi.testclient import TestClient

from tests.verify.test_jobs import judge
from tests.verify.traces import stored, trace
from tunix_rt.kit.ids import new_id
from tunix_rt.store import Store
from tunix_rt.verify import query


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


def test_what_the_detectors_found_is_stored_and_shown(api: TestClient, store: Store) -> None:
    [id_] = stored(store, trace("99", "So 40 - 4 = 36.", "Check: all good."))
    judge(store)

    steps = api.get(f"/api/traces/{id_}/verdicts").json()["steps"]

    assert (steps["outcome"], steps["first_error"]) == ("right", None)
    shown = {(w["kind"], w["step"], w["start"], w["end"]) for w in steps["warnings"]}
    assert shown == {
        ("provenance", 0, 3, 5),
        ("provenance", 0, 8, 9),
        ("final_unsupported", None, None, None),
        ("ritual", 1, None, None),
    }


def test_a_verdict_of_before_there_were_warnings_is_shown(api: TestClient, store: Store) -> None:
    [id_] = stored(store, trace("4", "2 + 2 = 4"))
    old: dict[str, object] = {"first_error": None, "claims": [], "claim_count": 0}
    row = {"verifier": "arithmetic", "subject": "steps", "outcome": "right", "version": "1"}
    made = {"trace_id": id_, "reason": "", "label": None, "run_id": None, "detail": old}
    with store.write() as connection:
        query.put(connection, [row | made])

    assert api.get(f"/api/traces/{id_}/verdicts").json()["steps"]["warnings"] == []
    assert judge(store)["judged"] == 1


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


def test_a_query_chooses_what_is_judged_and_counted(api: TestClient, store: Store) -> None:
    stored(store, trace("18", expected_answer="18"), source="here")
    stored(store, trace("19", expected_answer="18"), source="there")

    queued = api.post("/api/verify", json={"filter": "source:here"})
    run = api.get(f"/api/runs/{queued.json()['run_id']}").json()
    counted = api.get("/api/verify/summary", params={"query": "source:there"}).json()
    refused = api.post("/api/verify", json={"filter": "sauce:here"})

    assert (queued.status_code, run["config"]["filter"]["source"]) == (201, "here")
    assert [group["source"] for group in counted["groups"]] == ["there"]
    assert refused.status_code == 422
    assert "at character 1" in refused.json()["detail"]


def test_every_verifier_and_detector_is_listed_with_its_version(api: TestClient) -> None:
    known = api.get("/api/verify/verifiers").json()["data"]

    assert {one["subject"] for one in known} == {"answer", "steps", "warning"}
    assert {"number", "claims", "provenance"} <= {one["name"] for one in known}
    assert all(one["version"] and one["summary"] for one in known)
