import asyncio
import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.api.talking import talk
from tests.making import trace
from tunix_rt.api.app import ANYWHERE, LEAST_LIMIT, create_app
from tunix_rt.api.guarding import Guard
from tunix_rt.api.openapi import document
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store


@pytest.mark.parametrize("origin", ["http://[x", "null", "", "localhost", "http://localhost:1"])
def test_an_origin_that_is_not_this_server_changes_nothing(api: TestClient, origin: str) -> None:
    answer = api.post("/api/traces", json=trace(), headers={"Origin": origin})

    assert answer.status_code == 403
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_origin_of_nobody_does_not_match_a_missing_host(
    store: Store, settings: Settings
) -> None:
    headers = {"Origin": "null", "Host": ""}

    answer = TestClient(create_app(store, settings)).post("/api/traces", json={}, headers=headers)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/api/traces?q=%00",
        "/api/traces?source=a%00b",
        "/api/datasets/%00",
        "/api/evaluate/suites/%00/items",
        "/api/lineage/run/%00",
        "/%00",
    ],
)
def test_a_nul_in_an_address_is_refused_before_any_database_sees_it(
    api: TestClient, path: str
) -> None:
    answer = api.get(path)

    assert answer.status_code == 400
    assert answer.json()["detail"] == "A NUL character cannot stand in an address."


@pytest.mark.parametrize("path", ["/api/datasets/build", "/api/verify", "/api/traces", "/x"])
def test_no_route_reads_a_body_over_the_limit(api: TestClient, path: str) -> None:
    large = json.dumps({"dataset_name": "n" * LEAST_LIMIT}).encode()

    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    declared, streamed = api.post(path, content=large), api.post(path, content=chunks())

    assert declared.status_code == 413
    assert declared.json()["hint"]
    assert streamed.status_code == (405 if path == "/x" else 413)


def test_reading_stops_where_the_limit_is(store: Store, settings: Settings) -> None:
    sent = 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        while sent < 100 * LEAST_LIMIT:
            sent += 65_536
            yield b" " * 65_536

    answer = asyncio.run(talk(create_app(store, settings), "POST", "/api/datasets/build", parts()))

    assert answer.status == 413
    assert sent <= LEAST_LIMIT + 65_536


def test_a_bug_answers_with_the_headers_of_every_answer() -> None:
    async def broken(*_: object) -> None:
        raise ValueError("secret words")

    answer = asyncio.run(talk(Guard(broken, most_bytes=1), "GET", "/"))

    assert answer.status == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert b"secret" not in answer.body


def test_the_contract_says_what_any_request_may_be_answered() -> None:
    for path, methods in json.loads(document())["paths"].items():
        for method, operation in methods.items():
            assert operation["responses"].keys() >= ANYWHERE.keys(), f"{method} {path}"
