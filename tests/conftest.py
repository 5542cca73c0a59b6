"""Shared fixtures: a real store on disk, a real API on top of it, real data if it is here."""

import atexit
import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from tunix_rt.api.app import create_app
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store

ROOT = Path(__file__).parents[1]
POSTGRES = os.environ.get("TUNIX_RT_TEST_POSTGRES", "")
"""postgresql://user@host/name of a server where tests may make databases of their own."""


ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Tests run side by side: threads of one that wait for each other would wait for the other's."""

XLA = {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"
    " --xla_backend_optimization_level=1"
    " --xla_cpu_use_fusion_emitters=false"
    " --xla_cpu_parallel_codegen_split_count=1"
}
"""Programs are compiled in less time: tests compile hundreds, and each computes little. Level 0
would take less still, and computes sums that are too far from torch's.

What XLA does not know as a flag ends the process with its name; what is none ends the flags.
"""

COMPILED = {
    "JAX_COMPILATION_CACHE_DIR": str(ROOT / ".pytest_cache" / "compiled"),
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
}
"""What one test compiled, and the processes it starts, is not compiled again by the next."""

for name, value in (ONE_THREAD | XLA | COMPILED).items():
    os.environ.setdefault(name, value)

gc.set_threshold(100_000, 50, 100)  # a process has every library, and looks through all of them

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell starts what runs behind it so
    signal.signal(signal.SIGINT, signal.default_int_handler)  # and every child would be deaf too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no process is left alone with one in the end.

    Behind the browser, which is the longest, come the laws, whose failures are read first.
    """
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: min(order.get(part, len(order)) for part in item.path.parts))


LONGEST = ("browser", "laws", "train", "cli", "docs", "tune")
"""Folders of tests, those that take longest first."""


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
"""The databases everything runs on, as parameters of a fixture."""

ON_ONE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""For tests that take long and ask the database nothing that others do not ask both."""


@pytest.fixture(params=BOTH)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh installation, on SQLite and on PostgreSQL."""
    with fresh(request.param, tmp_path) as found:
        yield found


@contextmanager
def fresh(database: str, folder: Path) -> Iterator[Settings]:
    """Settings of an installation on one of the databases, opened once and empty."""
    home = folder / "home"
    if database == "sqlite":
        shutil.copytree(opened_home(), home, dirs_exist_ok=True)
        yield Settings(home=home, database="")
        return
    needs_postgres()
    url = opened_database()
    yield Settings(home=home, database=url)
    emptied(url)


def needs_postgres() -> None:
    """Leave a test out where there is no server; in CI that is a failure."""
    if not POSTGRES:
        assert not os.environ.get("CI"), "CI must set TUNIX_RT_TEST_POSTGRES"
        pytest.skip("TUNIX_RT_TEST_POSTGRES is not set")


@cache
def opened_home() -> Path:
    """The data folder of an installation that was opened and closed again."""
    folder = tempfile.TemporaryDirectory(prefix="tunix-rt-home-")
    atexit.register(folder.cleanup)
    home = Path(folder.name) / "home"
    open_store(Settings(home=home, database="")).close()
    return home


@cache
def opened_database() -> str:
    """The address of a PostgreSQL database with every table, which this process's tests share."""
    database = own_database()
    url = database.__enter__()
    atexit.register(database.__exit__, None, None, None)
    with tempfile.TemporaryDirectory() as folder:
        open_store(Settings(home=Path(folder), database=url)).close()
    return url


def emptied(url: str) -> None:
    """Take every row out of a database, and whoever still holds it."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(EMPTY)


EMPTY = """DO $$ DECLARE one text; full_ text[] := '{}'; found bool; BEGIN
    FOR one IN SELECT quote_ident(tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || one || ')' INTO found;
        IF found THEN full_ := full_ || one; END IF;
    END LOOP;
    IF full_ <> '{}' THEN
        EXECUTE 'TRUNCATE ' || array_to_string(full_, ', ') || ' RESTART IDENTITY CASCADE';
    END IF;
END $$"""


@contextmanager
def own_database() -> Iterator[str]:
    """The address of a new PostgreSQL database, which is dropped in the end."""
    import psycopg

    name = f"tunix_rt_{uuid4().hex}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
