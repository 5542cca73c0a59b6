import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi.testclient import TestClient

from tests.api.talking import talk
from tests.making import trace
from tunix_rt.api.app import create_app
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store
from tunix_rt.traces import query_facets
from tunix_rt.traces.intake import BATCH
from tunix_rt.traces.schema import TraceFilter


def count(store: Store) -> int:
    with store.read() as connection:
        return query_facets.count(connection, TraceFilter())


def lines(*records: Any) -> bytes:
    return b"".join(
        (one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in records
    )


def test_a_stream_adds_each_content_once_and_says_what_was_known(api: TestClient) -> None:
    known = api.post("/api/traces", json=trace(1)).json()["id"]

    answer = api.post(
        "/api/traces/stream?source=trainer",
        content=lines(trace(1), trace(2), b"{", b"", trace(2), trace(3)),
    )

    assert answer.status_code == 200
    *said, report = [json.loads(line) for line in answer.text.splitlines()]
    by_line = {one["line"]: one for one in said}
    assert by_line[1] == {"line": 1, "id": known, "known": True}
    assert by_line[2]["known"] is False
    assert by_line[5] == {"line": 5, "id": by_line[2]["id"], "known": True}
    assert set(by_line[3]) == {"line", "error"}
    assert (report["records"], report["added"], report["known"], report["rejected"]) == (5, 2, 2, 1)
    assert len(api.get("/api/traces?source=trainer").json()["data"]) == 2


def test_a_stream_may_be_longer_than_any_body_and_come_in_any_pieces(
    store: Store, settings: Settings
) -> None:
    body = lines(*(trace(i, prompt="x" * 20_000) for i in range(300)))
    assert len(body) > settings.trace_max_bytes * 5
    pieces = [body[at : at + 7_777] for at in range(0, len(body), 7_777)]

    answer = asyncio.run(talk(create_app(store, settings), "POST", "/api/traces/stream", pieces))

    assert answer.status == 200
    assert json.loads(answer.body.splitlines()[-1])["added"] == 300
    assert count(store) == 300


def test_a_stream_in_another_format_is_read_by_it(api: TestClient) -> None:
    problem = {"question": "1+1?", "answer": "1+1=2\n#### 2"}

    answer = api.post("/api/traces/stream?format=gsm8k", content=lines(problem))

    assert json.loads(answer.text.splitlines()[-1])["added"] == 1
    assert api.post("/api/traces/stream?format=xml", content=b"").status_code == 404


def test_a_stream_that_breaks_off_keeps_whole_batches_and_can_be_sent_again(
    store: Store, settings: Settings
) -> None:
    number = BATCH + 1000
    body = lines(*(trace(i, prompt=f"{i} " + "x" * 1000) for i in range(number)))

    broken = [body[: len(body) - 100_000], None]

    asyncio.run(talk(create_app(store, settings), "POST", "/api/traces/stream", broken))
    left = count(store)
    again = asyncio.run(talk(create_app(store, settings), "POST", "/api/traces/stream", [body]))

    assert left in range(BATCH, number)
    report = json.loads(again.body.splitlines()[-1])
    assert (report["added"], report["known"]) == (number - left, left)


def test_a_repeated_request_with_its_key_stores_nothing_twice(
    api: TestClient, store: Store
) -> None:
    key = {"Idempotency-Key": "one"}
    batch = [trace(1), trace(1), trace(2)]

    first = api.post("/api/traces/batch", json=batch, headers=key)
    again = api.post("/api/traces/batch", json=batch, headers=key)
    other = api.post("/api/traces/batch", json=[trace(9)], headers=key)
    single = [
        api.post("/api/traces", json=trace(5), headers={"Idempotency-Key": "two"}).json()
        for _ in range(2)
    ]

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert other.status_code == 409
    assert single[0] == single[1]
    assert count(store) == 4


def test_once_adds_what_is_new_and_names_what_is_known(api: TestClient, store: Store) -> None:
    known = api.post("/api/traces", json=trace(1)).json()

    again = api.post("/api/traces?once=true", json=trace(1))
    both = api.post("/api/traces/batch?once=true", json=[trace(2), trace(1), trace(2)]).json()

    assert again.status_code == 201
    assert again.json() == known
    assert both["traces"][1]["id"] == known["id"]
    assert both["traces"][0] == both["traces"][2]
    assert count(store) == 2


def test_many_clients_at_once_are_each_answered_with_their_own_trace(
    api: TestClient, store: Store
) -> None:
    def post(number: int) -> bool:
        created = api.post("/api/traces", json=trace(number)).json()["id"]
        payload = api.get(f"/api/traces/{created}").json()["payload"]
        return bool(payload["meta"]["number"] == number)

    with ThreadPoolExecutor(16) as clients:
        right = list(clients.map(post, range(200)))

    assert all(right)
    assert count(store) == 200


def test_one_bad_order_of_a_commit_does_not_take_the_others_with_it(
    api: TestClient, store: Store
) -> None:
    api.post("/api/traces", json=trace(0), headers={"Idempotency-Key": "k"})

    def post(number: int) -> int:
        headers = {"Idempotency-Key": "k"} if number % 5 == 0 else {}
        return api.post("/api/traces", json=trace(number + 1), headers=headers).status_code

    with ThreadPoolExecutor(16) as clients:
        statuses = list(clients.map(post, range(50)))

    assert statuses.count(409) == 10
    assert statuses.count(201) == 40
    assert count(store) == 41


def test_an_export_is_the_bytes_of_a_file(api: TestClient) -> None:
    api.post("/api/traces/batch", json=[trace(i) for i in range(3)])

    answer = api.get("/api/traces/export?query=source:api")

    assert [json.loads(line) for line in answer.text.splitlines()] == [trace(i) for i in range(3)]
    assert "traces.jsonl" in answer.headers["content-disposition"]
    assert api.get("/api/traces/export?format=gsm8k").status_code == 422


def test_the_formats_are_listed(api: TestClient) -> None:
    known = {one["name"]: one["writes"] for one in api.get("/api/traces/formats").json()}

    assert known["jsonl"]
    assert not known["gsm8k"]


def test_a_line_that_is_too_long_is_refused_and_never_stored_with_a_hole(
    store: Store, settings: Settings
) -> None:
    steps = [{"i": i, "type": "t", "content": "x" * 19_000} for i in range(950)]
    long, short = lines(trace(1, steps=steps)), lines(trace(2))
    body = b"\xef\xbb\xbf" + lines(trace(0)) + long + short
    assert len(long) > 17 * 1024 * 1024
    pieces = [body[at : at + 9_000] for at in range(0, len(body), 9_000)]

    answer = asyncio.run(talk(create_app(store, settings), "POST", "/api/traces/stream", pieces))

    *said, report = [json.loads(line) for line in answer.body.splitlines()]
    assert sorted(one["line"] for one in said if "id" in one) == [1, 3]
    assert [one["line"] for one in said if "error" in one] == [2]
    assert (report["added"], report["rejected"]) == (2, 1)
