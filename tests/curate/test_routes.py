"""The HTTP door of curation."""

from pathlib import Path

from fastapi.testclient import TestClient

from tests.curate.curating import curate, verified
from tests.making import stored, trace
from tunix_rt.kit.ids import new_id
from tunix_rt.store import Store
from tunix_rt.tasks import suites
from tunix_rt.tasks.schema import Item

LONG = "A farmer has seven fields and sows a different kind of grain in each one of them"


def test_a_curation_is_queued_and_its_report_read(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(1), trace(2, final_answer="9")])
    verified(store)

    asked = {"pipeline": {"name": "n", "filter": "steps:>0", "stages": [{"stage": "verified"}]}}
    queued = api.post("/api/curations", json=asked)
    waiting = api.get(f"/api/curations/{queued.json()['run_id']}").json()
    found = curate(store, tmp_path, "verified")
    report = api.get(f"/api/curations/{found.run_id}").json()

    assert queued.status_code == 202
    assert (waiting["status"], waiting["looked_at"], waiting["funnel"]) == ("pending", 0, [])
    assert waiting["pipeline"]["filter"]["steps_min"] == 1
    assert (report["status"], report["looked_at"], report["kept"]) == ("completed", 2, 1)
    [reason] = report["funnel"][0]["reasons"]
    assert (reason["reason"], reason["traces"], len(reason["examples"])) == ("answer wrong", 1, 1)
    first = api.get("/api/curations?limit=1").json()
    second = api.get(f"/api/curations?limit=1&cursor={first['next_cursor']}").json()
    assert [one["run_id"] for one in first["data"] + second["data"]] == [
        found.run_id,
        queued.json()["run_id"],
    ]
    assert second["next_cursor"] is None


def test_decisions_are_filtered_and_paged(api: TestClient, store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(n, prompt=f"{n % 2}?") for n in range(6)])
    found = curate(store, tmp_path, {"stage": "exact-dedup", "of": "prompt"})

    def get(**asked: object) -> list[dict[str, object]]:
        answer = api.get(f"/api/curations/{found.run_id}/decisions", params=asked)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        data: list[dict[str, object]] = answer.json()["data"]
        return data

    kept, dropped = get(kept=True), get(kept=False)
    assert (len(kept), len(dropped)) == (2, 4)
    assert get(stage="exact-dedup") == get(stage="0") == get(reason="same prompt") == dropped
    twins = get(twin=str(kept[0]["trace_id"]))
    assert len(twins) == 2
    assert {one["twin_id"] for one in twins} == {kept[0]["trace_id"]}
    assert get(stage="limit") == []
    page = api.get(f"/api/curations/{found.run_id}/decisions?limit=4").json()
    rest = api.get(
        f"/api/curations/{found.run_id}/decisions?limit=4&cursor={page['next_cursor']}"
    ).json()
    assert len({one["trace_id"] for one in page["data"] + rest["data"]}) == 6
    clusters = api.get(f"/api/curations/{found.run_id}/clusters").json()["data"]
    assert [one["size"] for one in clusters] == [3, 3]


def test_hits_are_shown_text_against_text(api: TestClient, store: Store, tmp_path: Path) -> None:
    with store.write() as connection:
        suites.freeze(connection, "s", {}, [Item("k", "f", "", f"{LONG}?", "7", None)])
    stored(store, tmp_path, [trace(1, prompt=f"Say: {LONG}!")])
    found = curate(store, tmp_path, {"stage": "decontaminate", "suites": ["s"]})

    [hit] = api.get(f"/api/curations/{found.run_id}/hits").json()["data"]

    shown = hit["trace"]["text"][hit["trace"]["start"] : hit["trace"]["end"]]
    assert shown == LONG
    assert hit["original"]["text"] == f"{LONG}?"
    said = api.get(f"/api/traces/{hit['trace_id']}/curations").json()["data"]
    assert [one["decision"]["reason"] for one in said] == ["contaminated"]


def test_every_stage_is_listed_with_what_a_form_needs(api: TestClient) -> None:
    stages = {one["name"]: one for one in api.get("/api/curate/stages").json()["data"]}

    assert len(stages) == 15
    length = stages["length"]["options"]["properties"]["tokens_max"]
    assert length["default"] is None
    assert "without those of a template" in length["description"]
    assert all(one["summary"] and one["version"] for one in stages.values())


def test_what_makes_no_sense_is_refused(api: TestClient, store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(1)])
    run_id = curate(store, tmp_path, "verified").run_id
    other = api.post("/api/verify").json()["run_id"]

    def post(*stages: object, **more: object) -> tuple[int, str]:
        answer = api.post("/api/curations", json={"pipeline": {"stages": stages}, **more})
        return answer.status_code, answer.text

    assert post({"stage": "verify"}) == (
        422,
        '{"detail":"Stage 1: there is no stage \'verify\'.","hint":"Did you mean verified?"}',
    )
    assert post({"stage": "length", "options": {"steps": 1}})[0] == 422
    assert post({"stage": "length", "options": {"tokenizer": "/etc", "steps_min": 1}})[0] == 403
    assert post({"stage": "decontaminate", "options": {"suites": ["no"]}})[0] == 404
    assert post({"stage": "decontaminate", "options": {"suites": ["a\0"]}})[0] == 422
    assert post({"stage": "ledger", "options": {"evaluations": ["no"]}})[0] == 404
    assert post(sample=5)[0] == 422
    for path in (other, new_id()):
        for rest in ("", "/decisions", "/clusters", "/hits"):
            assert api.get(f"/api/curations/{path}{rest}").status_code == 404
    for rest in ("decisions?cursor=x", "decisions?stage=y", "clusters?cursor=3-x", "hits?cursor=x"):
        assert api.get(f"/api/curations/{run_id}/{rest}").status_code == 422
    assert api.get("/api/curations?cursor=x").status_code == 422
    assert api.get(f"/api/traces/{new_id()}/curations").status_code == 404
