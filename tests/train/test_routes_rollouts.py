"""Rollouts and the run doctor over HTTP, while a training goes on."""

from fastapi.testclient import TestClient

from tests.train.rollouts import begun, keep, made, mixed
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store


def test_the_newest_round_comes_first_and_pages_go_on(
    api: TestClient, store: Store, settings: Settings
) -> None:
    run = begun(store, settings)
    keep(run, [mixed(), mixed()])
    where = f"/api/tunix/runs/{run.id}/rollouts"

    first = api.get(f"{where}?limit=20").json()
    second = api.get(f"{where}?limit=20&offset=20").json()

    places = [(one["round"], one["place"]) for one in first["data"] + second["data"]]
    assert places == [(number, place) for number in (1, 0) for place in range(12)]
    assert first["total"] == 24
    assert (first["pagination"]["next_offset"], second["pagination"]["next_offset"]) == (20, None)
    assert first["data"][0]["rewards"] == {"right": 1.0, "answer": 1.0}
    trace = api.get(f"/api/traces/{first['data'][0]['trace_id']}").json()
    assert trace["payload"]["meta"]["run"] == run.id


def test_one_round_and_one_group_can_be_asked_for(
    api: TestClient, store: Store, settings: Settings
) -> None:
    run = begun(store, settings)
    keep(run, [mixed(), mixed()])

    found = api.get(f"/api/tunix/runs/{run.id}/rollouts?round=0&slot=2").json()["data"]

    assert [(one["round"], one["place"]) for one in found] == [(0, n) for n in range(8, 12)]
    assert len({one["problem"] for one in found}) == 1


def test_the_doctor_answers_with_findings(
    api: TestClient, store: Store, settings: Settings
) -> None:
    run = begun(store, settings)
    keep(run, [[made(place, advantage=0.0) for place in range(12)]] * 4)

    found = api.get(f"/api/tunix/runs/{run.id}/doctor").json()

    assert {one["sign"] for one in found["findings"]} == {"flat_groups", "trained_share"}
    assert len(found["findings"][0]["trace_ids"]) == 10


def test_a_run_that_is_none_is_not_found(api: TestClient) -> None:
    for what in ("rollouts", "doctor"):
        assert api.get(f"/api/tunix/runs/{new_id()}/{what}").status_code == 404
        assert api.get(f"/api/tunix/runs/nonsense/{what}").status_code in (404, 422)
