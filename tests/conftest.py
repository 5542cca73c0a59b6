"""Shared fixtures: a real store on disk, a real API on top of it, real data if it is here."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from tunix_rt.api.app import create_app
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store

ROOT = Path(__file__).parents[1]
POSTGRES = os.environ.get("TUNIX_RT_TEST_POSTGRES", "")
"""A database a test may fill: postgresql://user@host/name; each test gets its own schema."""


ONE_THREAD = {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""Tests run side by side: threads of one that wait for each other would wait for the other's."""

COMPILED = {
    "JAX_COMPILATION_CACHE_DIR": str(ROOT / ".pytest_cache" / "compiled"),
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_COMPILATION_CACHE_MAX_SIZE": str(2**30),
}
"""What one test compiled, and the processes it starts, is not compiled again by the next."""

for name, value in (ONE_THREAD | COMPILED).items():
    os.environ.setdefault(name, value)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell starts what runs behind it so
    signal.signal(signal.SIGINT, signal.default_int_handler)  # and every child would be deaf too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser first, which takes longest; then the laws, whose failures are read first."""
    order = {"browser": 0, "laws": 1}
    items.sort(key=lambda item: min(order.get(part, 2) for part in item.path.parts))


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
"""The databases everything runs on, as parameters of a fixture."""


@pytest.fixture(params=BOTH)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh installation, on SQLite and on PostgreSQL."""
    with fresh(request.param, tmp_path) as found:
        yield found


@contextmanager
def fresh(database: str, folder: Path) -> Iterator[Settings]:
    """Settings of a fresh installation on one of the databases."""
    if database == "sqlite":
        yield Settings(home=folder / "home", database="")
        return
    if not POSTGRES:
        assert not os.environ.get("CI"), "CI must set TUNIX_RT_TEST_POSTGRES"
        pytest.skip("TUNIX_RT_TEST_POSTGRES is not set")
    import psycopg

    schema = f"t{uuid4().hex}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        url = f"{POSTGRES}?options=-csearch_path%3D{schema}"
        yield Settings(home=folder / "home", database=url)
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.close()


@pytest.fixture
def api(store: Store, settings: Settings) -> TestClient:
    return TestClient(
        create_app(store, settings), base_url="http://localhost", raise_server_exceptions=False
    )


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data sets; where it is absent, the tests that need it say so."""
    folder = Path(os.environ.get("TUNIX_RT_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        assert not os.environ.get("CI"), f"CI needs the data sets under {folder}"
        pytest.skip(f"no data sets under {folder}; set TUNIX_RT_TEST_DATA")
    return folder
