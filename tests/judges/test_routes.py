from fastapi.testclient import TestClient

from tests.judges.serving import adds_up, bench
from tests.judges.test_voting import ask
from tests.verify.traces import stored, trace
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store

RUBRIC = {"name": "plan", "subject": "steps", "question": "Is the plan sound?"}


def test_judges_and_what_they_said_are_shown(api: TestClient, store: Store) -> None:
    [id_] = stored(store, trace("5", "2 + 2 = 5"))
    with bench(adds_up) as server:
        judge = ask(store, server)

    [listed] = api.get("/api/judges").json()["data"]
    [judgement] = api.get(f"/api/traces/{id_}/judgements").json()["judgements"]

    assert listed == api.get(f"/api/judges/{judge}").json()
    assert listed["votes"] == {"right": 0, "wrong": 1, "undecided": 0}
    assert (judgement["judge"], judgement["outcome"], judgement["step"]) == (judge, "wrong", 0)


def test_a_run_is_queued_with_what_the_settings_say(api: TestClient) -> None:
    queued = api.post("/api/judges", json={"rubric": RUBRIC, "provider": "rediai"})

    assert queued.status_code == 201
    run = api.get(f"/api/runs/{queued.json()['run_id']}").json()
    assert (run["kind"], run["name"]) == ("judge", "judge by plan")
    assert run["config"]["provider_config"]["mode"] == "mock"
    assert queued.json()["judge"].startswith("plan@")


def test_what_makes_no_sense_is_refused(api: TestClient) -> None:
    one_vote = api.post("/api/judges", json={"rubric": RUBRIC, "votes": 3})
    nobody = api.post("/api/judges", json={"rubric": RUBRIC, "provider": "oracle"})
    unnamed = api.post("/api/judges", json={"rubric": {**RUBRIC, "name": "A B"}})

    assert [one_vote.status_code, nobody.status_code, unnamed.status_code] == [422, 404, 422]
    assert api.get("/api/judges/nobody").status_code == 404
    assert api.get(f"/api/traces/{new_id()}/judgements").status_code == 404


def test_a_model_folder_is_one_that_this_server_may_read(
    api: TestClient, settings: Settings
) -> None:
    asked = {"rubric": RUBRIC, "provider": "jax"}

    for outside in ("/etc", "../.."):
        answer = api.post("/api/judges", json=asked | {"provider_config": {"model": outside}})
        assert answer.status_code == 403
    queued = api.post("/api/judges", json=asked | {"provider_config": {"model": "models/m"}})

    run = api.get(f"/api/runs/{queued.json()['run_id']}").json()
    there = str((settings.home / "models" / "m").resolve())
    assert run["config"]["provider_config"]["model"] == there


def test_a_query_chooses_the_traces_a_judge_is_asked_about(api: TestClient) -> None:
    asked = {"rubric": RUBRIC, "provider": "rediai", "filter": "verdict:wrong"}

    queued = api.post("/api/judges", json=asked).json()

    run = api.get(f"/api/runs/{queued['run_id']}").json()
    assert run["config"]["filter"]["verdict"] == "wrong"
