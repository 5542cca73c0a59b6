"""One server for a module's tests, and a client of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Home
from tests.client.serving import Served, served
from tunix_rt.client import Client


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def server(home: Home) -> Iterator[Served]:
    with served(home) as server:
        yield server


@pytest.fixture
def client(server: Served) -> Iterator[Client]:
    with Client(server.url) as client:
        yield client
