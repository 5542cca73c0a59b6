from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.cli.running import Home
from tests.generate.serving import Serving, closed_port, serving
from tunix_rt.api.app import create_app
from tunix_rt.generate.health import check
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store


@pytest.fixture
def server() -> Iterator[Serving]:
    with serving() as found:
        yield found


def client(store: Store, settings: Settings, url: str, seconds: int = 30) -> TestClient:
    changed = {"rediai_mode": "real", "rediai_url": url, "rediai_health_seconds": seconds}
    return TestClient(
        create_app(store, settings.model_copy(update=changed)), base_url="http://localhost"
    )


def test_a_mock_is_healthy(api: TestClient) -> None:
    answer = api.get("/api/redi/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "healthy"})


def test_health_is_asked_once_for_as_long_as_it_is_kept(
    store: Store, settings: Settings, server: Serving
) -> None:
    api = client(store, settings, server.url)

    answers = [api.get("/api/redi/health").json() for _ in range(3)]

    assert answers == [{"status": "healthy"}] * 3
    assert [(method, path) for method, path, _ in server.asked] == [("GET", "/health")]


def test_health_that_is_not_kept_is_asked_each_time(
    store: Store, settings: Settings, server: Serving
) -> None:
    api = client(store, settings, server.url, seconds=0)
    server.status = 204
    assert api.get("/api/redi/health").json() == {"status": "healthy"}
    server.status = 503

    answer = api.get("/api/redi/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "down", "error": "HTTP 503"})


def test_a_redirect_is_not_healthy(store: Store, settings: Settings, server: Serving) -> None:
    server.status = 302

    answer = client(store, settings, server.url).get("/api/redi/health")

    assert answer.json() == {"status": "down", "error": "HTTP 302"}


def test_a_server_that_is_not_there_is_down(store: Store, settings: Settings) -> None:
    found = client(store, settings, f"http://127.0.0.1:{closed_port()}").get("/api/redi/health")

    assert found.json()["status"] == "down"
    assert found.json()["error"].startswith("Connection refused: ")


def test_a_server_that_does_not_end_its_answer_is_down_after_five_seconds(
    server: Serving, tmp_path: Path
) -> None:
    server.drip_seconds = 0.2

    found = check(Settings(home=tmp_path, rediai_mode="real", rediai_url=server.url))

    assert (found.status, found.error) == ("down", "Timeout after 5s")


def test_the_command_says_so_and_exits_with_one(server: Serving, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    real = {"REDIAI_MODE": "real", "REDIAI_BASE_URL": server.url, "REDIAI_HEALTH_PATH": "/up"}

    up = home.run("generate", "health", "--json", **real)
    asked = home.run("generate", "ask", "rediai", "2+2", **real)
    server.status = 500
    down = home.run("generate", "health", **real)
    refused = home.run("generate", "ask", "rediai", "2+2")

    assert (up.returncode, up.stdout) == (0, '{"mode":"real","status":"healthy"}\n')
    assert server.asked[0][1] == "/up"
    assert (asked.returncode, asked.stdout) == (0, "four\n")
    assert (down.returncode, "HTTP 500" in down.stdout) == (1, True)
    assert (refused.returncode, "mock mode" in refused.stderr) == (1, True)
