"""The HTTP door of the court."""

from fastapi.testclient import TestClient

from tests.court.sitting import hold
from tests.verify.traces import stored, trace
from tunix_rt.kit.ids import new_id
from tunix_rt.store import Store


def test_a_court_is_queued_and_its_report_read(api: TestClient, store: Store) -> None:
    stored(store, trace("$18", expected_answer="18"))

    queued = api.post("/api/court", json={"first": "exact", "second": "number"})
    waiting = api.get(f"/api/court/{queued.json()['run_id']}").json()
    found = hold(store, first="exact", second="number")
    report = api.get(f"/api/court/{found.run_id}").json()

    assert queued.status_code == 201
    assert (waiting["status"], waiting["cases"]) == ("pending", 0)
    assert (report["status"], report["cases"], report["disagreements"]) == ("completed", 1, 1)
    assert report["impact"] is None
    assert [one["name"] for one in report["witnesses"]] == ["exact", "number"]
    assert [one["run_id"] for one in api.get("/api/court").json()["data"]] == [
        found.run_id,
        queued.json()["run_id"],
    ]


def test_a_person_rules_on_a_case_and_it_leaves_the_queue(api: TestClient, store: Store) -> None:
    [id_] = stored(store, trace("$18", expected_answer="18"))
    found = hold(store, first="exact", second="number")

    [case] = api.get(f"/api/court/{found.run_id}/cases").json()["data"]
    ruled = api.post(f"/api/traces/{id_}/rulings", json={"outcome": "right", "author": "ann"})
    left = api.get(f"/api/court/{found.run_id}/cases").json()
    report = api.get(f"/api/court/{found.run_id}").json()

    assert case["first"]["reason"] == "'$18' was given, '18' is expected."
    assert (ruled.status_code, ruled.json()["author"]) == (201, "ann")
    assert left == {"data": [], "next_cursor": None}
    assert report["witnesses"][0]["false_negative"]["estimate"] == 1.0
    assert api.get(f"/api/traces/{id_}/rulings").json()["rulings"] == [ruled.json()]


def test_what_makes_no_sense_is_refused(api: TestClient, store: Store) -> None:
    same = api.post("/api/court", json={"first": "number", "second": "number"})
    nobody = api.post("/api/court", json={"first": "magic", "second": "number"})
    no_impact = api.post("/api/court", json={"first": "exact", "second": "number", "impact": True})
    verify = api.post("/api/verify").json()["run_id"]
    plain = hold(store, first="exact", second="number").run_id
    waits = api.post("/api/court", json={"impact": True}).json()["run_id"]

    assert [same.status_code, nobody.status_code, no_impact.status_code] == [422, 422, 422]
    assert "Known: stored, current, label" in nobody.json()["hint"]
    assert api.get(f"/api/court/{verify}").status_code == 404
    assert api.get(f"/api/court/{new_id()}").status_code == 404
    assert api.post(f"/api/court/{plain}/adopt").status_code == 409
    assert api.post(f"/api/court/{waits}/adopt").status_code == 409
    ruling = {"outcome": "right"}
    assert api.post(f"/api/traces/{new_id()}/rulings", json=ruling).status_code == 404
    assert api.get(f"/api/traces/{new_id()}/rulings").status_code == 404
    assert api.get(f"/api/court/{plain}/cases?cursor=x").status_code == 422


def test_everybody_who_can_be_heard_is_listed(api: TestClient) -> None:
    answer = api.get("/api/court/witnesses").json()["data"]
    steps = api.get("/api/court/witnesses?subject=steps").json()["data"]

    assert {"stored", "current", "label", "number"} <= {one["name"] for one in answer}
    assert {"stored", "current", "claims"} <= {one["name"] for one in steps}
    assert "label" not in {one["name"] for one in steps}
    assert all(one["summary"] for one in answer + steps)


def test_a_regrade_can_be_adopted(api: TestClient, store: Store) -> None:
    stored(store, trace("18", expected_answer="18"))
    found = hold(store, impact=True)

    adopted = api.post(f"/api/court/{found.run_id}/adopt")

    assert adopted.status_code == 201
    assert api.get(f"/api/runs/{adopted.json()['run_id']}").json()["kind"] == "adopt"


def test_a_query_chooses_the_traces_that_are_heard(api: TestClient) -> None:
    court = api.post("/api/court", json={"filter": "source:here steps:>2"}).json()
    refused = api.post("/api/court", json={"filter": "steps:many"})

    chosen = api.get(f"/api/runs/{court['run_id']}").json()["config"]["filter"]
    assert (chosen["source"], chosen["steps_min"]) == ("here", 3)
    assert refused.status_code == 422
