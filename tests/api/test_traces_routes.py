import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.talking import talk
from tests.making import trace
from tunix_rt.api.app import create_app
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store
from tunix_rt.traces import query_facets, query_write
from tunix_rt.traces.schema import TRACE, TraceFilter


def made(api: TestClient, count: int) -> list[str]:
    answer = api.post("/api/traces/batch", json=[trace(i) for i in range(count)])
    assert answer.status_code == 201
    return [one["id"] for one in answer.json()["traces"]]


def test_a_trace_comes_back_as_it_was_sent(api: TestClient) -> None:
    created = api.post("/api/traces", json={**trace(3), "unknown": 1})

    assert created.status_code == 201
    assert set(created.json()) == {"id", "created_at", "trace_version"}
    assert created.json()["created_at"].endswith("Z")
    found = api.get(f"/api/traces/{created.json()['id']}").json()
    assert found["payload"] == trace(3)
    assert found["source"] == "api"


def test_the_same_trace_can_be_created_twice(api: TestClient) -> None:
    ids = {api.post("/api/traces", json=trace(1)).json()["id"] for _ in range(2)}

    assert len(ids) == 2


def test_pages_are_newest_first_by_offset_and_by_cursor(api: TestClient) -> None:
    newest = made(api, 25)[::-1]

    first = api.get("/api/traces?limit=10").json()
    by_offset = api.get("/api/traces?limit=10&offset=10").json()
    by_cursor = api.get(f"/api/traces?limit=10&cursor={first['pagination']['next_cursor']}").json()
    last = api.get("/api/traces?limit=10&offset=20").json()

    assert [row["id"] for row in first["data"]] == newest[:10]
    assert first["pagination"]["next_offset"] == 10
    assert [row["id"] for row in by_offset["data"]] == newest[10:20]
    assert by_cursor["data"] == by_offset["data"]
    assert last["pagination"] == {
        "limit": 10,
        "offset": 20,
        "next_offset": None,
        "next_cursor": None,
    }


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "offset=-1", "cursor=x", "verdict=maybe", "limit=a"]
)
def test_a_page_nobody_can_give_is_refused(api: TestClient, query: str) -> None:
    answer = api.get(f"/api/traces?{query}")

    assert answer.status_code == 422
    assert set(answer.json()["detail"][0]) == {"type", "loc", "msg", "input"}


def test_a_batch_is_stored_whole_or_not_at_all(api: TestClient) -> None:
    answer = api.post("/api/traces/batch", json=[trace(1), trace(2, steps=[]), trace(3)])

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", 1, "steps"]
    assert api.get("/api/traces").json()["data"] == []


@pytest.mark.parametrize("count", [0, 1001])
def test_a_batch_of_none_or_too_many_is_refused(api: TestClient, count: int) -> None:
    small = trace(steps=[{"i": 0, "type": "t", "content": "c"}], meta=None)

    assert api.post("/api/traces/batch", json=[small] * count).status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[1, 2]", 422),
        (b'{"prompt": NaN}', 422),
        (json.dumps(trace()).replace("What", "\\ud800").encode(), 422),  # a lone surrogate
        (json.dumps(trace()).encode().replace(b"What", b"\xff\xfe"), 400),  # not UTF-8
        (json.dumps(trace()).encode().replace(b"What", b"\x00"), 422),  # a raw NUL
        (b'{"meta": ' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"}", 422),
    ],
)
def test_a_body_that_is_no_trace_is_refused(api: TestClient, body: bytes, status: int) -> None:
    answer = api.post("/api/traces", content=body)

    assert answer.status_code == status
    assert answer.json()["detail"]
    assert api.get("/api/traces").json()["data"] == []


def test_a_body_over_the_limit_is_refused_with_and_without_its_length(api: TestClient) -> None:
    large = json.dumps(trace(meta={"x": "y" * 1_100_000})).encode()

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(large), 65_536):
            yield large[start : start + 65_536]

    assert api.post("/api/traces", content=large).status_code == 413
    assert api.post("/api/traces", content=chunks()).status_code == 413
    assert api.get("/api/traces").json()["data"] == []


def test_two_traces_are_compared_with_their_scores(api: TestClient) -> None:
    base, other = made(api, 2)

    found = api.get(f"/api/traces/compare?base={base}&other={other}").json()

    assert found["base"]["payload"] == trace(0)
    assert set(found["other"]) == {"id", "created_at", "score", "trace_version", "payload"}


def test_a_missing_trace_is_named(api: TestClient) -> None:
    [known] = made(api, 1)
    gone = new_id()

    for path, said in (
        (f"/api/traces/{gone}", f"Trace {gone} not found"),
        (f"/api/traces/compare?base={gone}&other={known}", f"Base trace {gone} not found"),
        (f"/api/traces/compare?base={known}&other={gone}", f"Other trace {gone} not found"),
    ):
        answer = api.get(path)
        assert (answer.status_code, answer.json()["detail"]) == (404, said)
    assert api.get("/api/traces/not-an-id").status_code == 422


def test_the_baseline_score_is_the_contracts(api: TestClient) -> None:
    [known] = made(api, 1)

    scored = api.post(f"/api/traces/{known}/score", json={"criteria": "baseline"})
    plain = api.post(f"/api/traces/{known}/score")

    assert scored.status_code == plain.status_code == 201
    assert scored.json()["score"] == 5.9
    assert scored.json()["details"]["step_count"] == 1
    assert api.post(f"/api/traces/{known}/score", json={"criteria": "x"}).status_code == 422


@pytest.mark.parametrize("batch", [False, True])
def test_a_slow_sender_keeps_no_other_writer_waiting(
    store: Store, settings: Settings, batch: bool
) -> None:
    body = json.dumps([trace(1)] if batch else trace(1)).encode()

    def write() -> None:
        with store.write() as connection:
            query_write.add(
                connection, [query_write.prepare(TRACE.validate_python(trace(2)), "made")]
            )

    async def parts() -> AsyncIterator[bytes]:
        yield body[:10]
        await asyncio.wait_for(asyncio.to_thread(write), 5)
        yield body[10:]

    path = "/api/traces/batch" if batch else "/api/traces"
    answer = asyncio.run(talk(create_app(store, settings), "POST", path, parts()))

    assert answer.status == 201
    with store.read() as connection:
        assert query_facets.count(connection, TraceFilter()) == 2


def test_an_answer_on_its_way_holds_no_connection(store: Store, settings: Settings) -> None:
    held: list[int] = []

    def count() -> None:
        held.append(store.engine.pool.checkedout())  # type: ignore[attr-defined]

    answer = asyncio.run(talk(create_app(store, settings), "GET", "/api/traces", on_start=count))

    assert (answer.status, held) == (200, [0])


def test_a_batch_of_empty_steps_is_refused_at_the_first_one(api: TestClient) -> None:
    empty = b'{"steps":[' + b",".join([b"{}"] * 1000) + b"]}"

    answer = api.post("/api/traces/batch", content=b"[" + b",".join([empty] * 200) + b"]")

    assert answer.status_code == 422
    assert len(answer.json()["detail"]) < 10


@pytest.mark.parametrize("shape", ["urn:uuid:{}", "{{{}}}", "0123_567-0123-7123-8123-0123456789ab"])
def test_an_id_in_a_spelling_no_column_stores_is_refused(api: TestClient, shape: str) -> None:
    [known] = made(api, 1)

    assert api.get(f"/api/traces/{shape.format(known)}").status_code == 422
    assert api.get(f"/api/traces?cursor={shape.format(known)}").status_code == 422
    assert api.get(f"/api/traces/{known.replace('-', '').upper()}").json()["id"] == known


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"trace_version": "1\0"}, "trace_version"),
        ({"prompt": "a\0b"}, "prompt"),
        ({"meta": {"deep": [{"model": "m\0"}]}}, "meta.deep.0.model"),
        ({"meta": {"k\0": 1}}, "a key of meta"),
        ({"meta": {"k" * 513: 1}}, "meta holds a key of over 512"),
        ({"steps": [{"i": 0, "type": "t", "content": "\0"}]}, "steps.0.content"),
    ],
)
def test_text_no_database_can_hold_is_refused_with_its_place(
    api: TestClient, changes: dict[str, Any], place: str
) -> None:
    answer = api.post("/api/traces", json=trace(**changes))

    assert answer.status_code == 422
    assert place in answer.json()["detail"][0]["msg"]


def test_a_trace_keeps_the_source_its_sender_names(api: TestClient) -> None:
    api.post("/api/traces", json=trace(1, meta={"source": "ungar"}))
    api.post("/api/traces/batch", json=[trace(2, meta={"source": "ungar"}), trace(3)])

    assert len(api.get("/api/traces?source=ungar").json()["data"]) == 2
    built = api.post(
        "/api/datasets/build",
        json={"dataset_name": "d", "dataset_version": "1", "filters": {"source": "ungar"}},
    )
    assert built.json()["trace_count"] == 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("since=0001-01-01T00:00:00Z", 1),
        ("since=0001-01-01T00:00:00%2B14:00", 1),
        ("until=9999-12-31T23:59:59.999999Z", 1),
        ("until=9999-12-31T23:59:59.999999-14:00", 1),
        ("until=0001-01-01T00:00:00Z", 0),
        ("since=9999-12-31T23:59:59.999999Z", 0),
    ],
)
def test_the_first_and_the_last_moment_there_is_can_be_asked_for(
    api: TestClient, query: str, count: int
) -> None:
    api.post("/api/traces", json=trace())

    answer = api.get(f"/api/traces?{query}")

    assert answer.status_code == 200
    assert len(answer.json()["data"]) == count
