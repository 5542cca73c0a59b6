import asyncio
import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.api.talking import Answer, talk
from tests.conftest import ROOT
from tests.making import trace
from tunix_rt.api.app import create_app
from tunix_rt.api.openapi import document
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store


def test_a_healthy_server_says_so(api: TestClient) -> None:
    answer = api.get("/api/health")

    assert answer.json() == {"status": "healthy"}
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_server_without_its_database_says_so(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database="")
    store = open_store(settings)
    store.close()
    (tmp_path / "tunix-rt.db").write_bytes(b"damaged" * 10_000)
    api = TestClient(create_app(store, settings), base_url="http://localhost")

    answer = api.get("/api/health")

    assert answer.status_code == 503
    assert "cannot be reached" in answer.json()["detail"]


def test_a_path_nobody_serves_is_a_json_404(api: TestClient) -> None:
    answer = api.get("/api/nothing")

    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_a_bug_answers_with_an_id_and_no_traceback(store: Store, settings: Settings) -> None:
    app = create_app(store, settings)

    @app.get("/boom")
    def boom() -> None:
        raise ValueError("secret words")

    app.router.routes.insert(0, app.router.routes.pop())
    answer = TestClient(app, base_url="http://localhost").get("/boom")

    assert answer.status_code == 500
    assert set(answer.json()) == {"detail", "error_id"}
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),  # a name that was pointed at this machine
        ({"Host": "LocalHost:8000"}, 200),
        ({"Host": "192.0.2.7:8000"}, 200),  # an address cannot be rebound
        ({"Host": "192.0.2.7.evil.example"}, 403),
        ({"Host": "127.0.0.1"}, 200),
        ({"Host": "[::1]:8000"}, 200),
    ],
)
def test_only_names_of_this_machine_are_answered(
    store: Store, settings: Settings, headers: dict[str, str], status: int
) -> None:
    hosts = frozenset({"localhost", "127.0.0.1", "[::1]"})
    api = TestClient(create_app(store, settings, hosts=hosts))

    assert api.get("/api/health", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("origin", "status"), [("http://evil.example", 403), ("http://localhost", 422), (None, 422)]
)
def test_a_page_of_another_site_changes_nothing(
    api: TestClient, origin: str | None, status: int
) -> None:
    headers = {"Origin": origin} if origin else {}

    assert api.post("/api/traces", content=b"{}", headers=headers).status_code == status


def test_openapi_json_is_current() -> None:
    assert (ROOT / "openapi.json").read_text("utf-8") == document(), "run: make openapi"


def test_every_route_declares_what_it_can_answer() -> None:
    described = json.loads(document())

    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            takes = "parameters" in operation or "requestBody" in operation
            if path == "/v1/traces":  # OTLP knows 400 for whatever is malformed
                continue
            assert not takes or "422" in operation["responses"], f"{method} {path}"


def test_a_method_a_route_does_not_have_is_a_405(api: TestClient) -> None:
    answer = api.delete("/api/traces")

    assert (answer.status_code, "POST" in answer.headers["allow"]) == (405, True)
    assert answer.json()["detail"]


def test_more_requests_at_once_than_there_are_threads_and_connections_are_all_answered(
    api: TestClient, store: Store, settings: Settings
) -> None:
    known = api.post("/api/traces", json=trace()).json()["id"]
    mark = {"trace_ids": [known], "mark": {"kind": "tag", "name": "hard"}}
    app = create_app(store, settings)

    def sent(path: str, body: object) -> asyncio.Future[Answer]:
        parts, headers = [json.dumps(body).encode()], {"content-type": "application/json"}
        return asyncio.ensure_future(talk(app, "POST", path, parts, headers=headers))

    async def all_at_once() -> list[Answer]:
        return await asyncio.gather(
            *(talk(app, "GET", "/api/traces") for _ in range(60)),
            *(sent("/api/traces/mark", mark) for _ in range(60)),
            *(sent("/api/traces/batch", [trace(n)]) for n in range(60)),
        )

    assert {answer.status for answer in asyncio.run(all_at_once())} == {200, 201}
