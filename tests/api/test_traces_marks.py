from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.making import stored, trace
from tunix_rt.kit.ids import new_id
from tunix_rt.store import Store
from tunix_rt.traces import indexing


def made(api: TestClient, count: int) -> list[str]:
    answer = api.post("/api/traces/batch", json=[trace(i) for i in range(count)])
    return [one["id"] for one in answer.json()["traces"]]


def listed(api: TestClient, query: str) -> list[str]:
    answer = api.get("/api/traces", params={"query": query})
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["data"]]


def test_what_is_said_of_a_trace_has_an_author_and_a_history(api: TestClient) -> None:
    [one] = made(api, 1)
    notes = f"/api/traces/{one}/annotations"

    good = api.post(notes, json={"kind": "label", "name": "good", "author": "anna"})
    api.post(notes, json={"kind": "label", "name": "bad", "author": "ben"})
    api.post(notes, json={"kind": "note", "text": "<b>look</b>", "step": 0})
    said = api.get(notes).json()

    assert good.status_code == 201
    assert [(a["kind"], a["author"]) for a in said["current"]] == [
        ("label", "ben"),
        ("note", "local"),
    ]
    assert [a["id"] for a in said["history"]] == [good.json()["id"]]
    assert api.get(f"/api/traces/{one}").json()["label"] == "bad"
    ended = api.delete(f"{notes}/{said['current'][0]['id']}")
    assert ended.json() == {"changed": 1}
    assert api.get(f"/api/traces/{one}").json()["label"] is None
    assert api.delete(f"{notes}/{said['current'][0]['id']}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "label", "name": "great"}, 422),
        ({"kind": "score"}, 422),
        ({"kind": "note", "text": "x", "step": 1}, 404),  # there is only step 0
        ({"kind": "note", "text": "x", "author": "\0"}, 422),
        ({"kind": "smell", "name": "x"}, 422),
    ],
)
def test_what_says_nothing_is_refused(
    api: TestClient, body: dict[str, object], status: int
) -> None:
    [one] = made(api, 1)

    assert api.post(f"/api/traces/{one}/annotations", json=body).status_code == status
    assert api.get(f"/api/traces/{one}/annotations").json()["current"] == []


def test_many_are_marked_at_once_and_found_by_it(api: TestClient) -> None:
    ids = made(api, 3)
    mark = {"kind": "tag", "name": "hard"}

    marked = api.post("/api/traces/mark", json={"trace_ids": [*ids[:2], new_id()], "mark": mark})
    api.post("/api/traces/mark", json={"trace_ids": ids[:1], "mark": mark, "remove": True})

    assert marked.json() == {"changed": 2}
    assert listed(api, "tag:hard") == [ids[1]]


def test_deleted_traces_are_gone_until_they_are_restored(api: TestClient) -> None:
    one, two = made(api, 2)

    gone = api.post("/api/traces/delete", json={"trace_ids": [one]})
    missing = api.get(f"/api/traces/{one}")
    kept = api.get(f"/api/traces/{one}?deleted=true").json()
    compared = api.get(f"/api/traces/compare?base={one}&other={two}")
    back = api.post("/api/traces/restore", json={"trace_ids": [one]})

    assert gone.json() == back.json() == {"changed": 1}
    assert (missing.status_code, missing.json()["detail"]) == (404, f"Trace {one} not found")
    assert "restored" in missing.json()["hint"]
    assert kept["deleted_at"].endswith("Z")
    assert compared.json()["detail"] == f"Base trace {one} not found"
    assert api.get(f"/api/traces/{one}").status_code == 200


def test_purging_frees_the_bytes_and_names_the_datasets(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    big = [trace(i, prompt=f"{i} elephant " + str(hash(i)) * 2000) for i in range(60)]
    stored(store, tmp_path, big, "big")
    built = api.post("/api/datasets/build", json={"dataset_name": "d", "dataset_version": "1"})
    assert built.status_code == 201
    indexing.catch_up(store)
    ids = listed(api, "source:big elephant") + listed(api, "source:big steps:1")
    ids = sorted(set(ids))

    refused = api.post("/api/traces/purge", json={"trace_ids": ids}).json()
    api.post("/api/traces/delete", json={"trace_ids": ids})
    purged = api.post("/api/traces/purge", json={"trace_ids": ids}).json()

    assert refused["purged"] == 0  # they were not deleted first
    assert purged["purged"] == len(ids) == 20
    assert purged["datasets"] == {"d-1": 20}
    assert listed(api, "is:deleted") == []
    assert api.get(f"/api/traces/{ids[0]}?deleted=true").status_code == 404


def test_a_trace_names_its_group_and_the_datasets_that_hold_it(
    api: TestClient, store: Store
) -> None:
    first = api.post("/api/traces", json=trace(1)).json()["id"]
    second = api.post("/api/traces", json=trace(1, final_answer="other")).json()["id"]
    api.post("/api/traces", json=trace(2))
    api.post("/api/datasets/build", json={"dataset_name": "d", "dataset_version": "1", "limit": 1})

    found = api.get(f"/api/traces/{first}").json()
    indexing.catch_up(store)

    assert listed(api, f"group:{found['group']}") == [second, first]
    assert found["datasets"] == []
    assert len(listed(api, "dataset:d-1")) == 1


def test_the_original_record_comes_back_byte_for_byte(
    api: TestClient, store: Store, tmp_path: Path
) -> None:
    record = '{"question":"1+1?",   "answer":"1+1=2\\n#### 2", "odd": "\\u00e9"}'
    stored_file = tmp_path / "p.jsonl"
    stored_file.write_text(record + "\r\n")
    from tunix_rt.traces import importing

    importing.import_file(store, stored_file)
    [id_] = listed(api, "source:p.jsonl")

    answer = api.get(f"/api/traces/{id_}/original")

    assert answer.content == record.encode()
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert api.get(f"/api/traces/{id_}").json()["format"] == "gsm8k"
    sent = api.post("/api/traces", json=trace(1)).json()["id"]
    assert api.get(f"/api/traces/{sent}/original").status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("verdct:wrong", "'verdct' is no field (at character 1)"),
        ('a "open', "A quote is not closed (at character 3)"),
        ("%%", "The search holds no word."),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_with_its_place(
    api: TestClient, query: str, said: str
) -> None:
    answer = api.get("/api/traces", params={"query": query})

    assert (answer.status_code, answer.json()["detail"]) == (422, said)


def test_query_fields_and_meta_stand_beside_each_other(api: TestClient, store: Store) -> None:
    made(api, 3)
    indexing.catch_up(store)

    found = api.get(
        "/api/traces?query=source:api&steps_min=1&meta=number%3D1&meta=model%3Dm&since=2020-01-01T00:00:00Z"
    ).json()
    refused = [
        api.get(f"/api/traces?{bad}").status_code
        for bad in ("meta=novalue", "since=2020-01-01", "steps_min=-1", "group=x", "score_min=nan")
    ]

    assert [row["prompt"] for row in found["data"]] == ["What is 1 + 1?"]
    assert refused == [422] * 5
