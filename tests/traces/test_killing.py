import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, needs_postgres
from tests.making import trace, write_lines
from tunix_rt.kit.errors import Broken
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store, open_store
from tunix_rt.traces import importing, indexing, query, query_facets
from tunix_rt.traces.schema import TraceFilter

PROGRAM = Path(__file__).parent / "killed_import.py"
BATCH = 200


def killed(settings: Settings, file: Path, acknowledged: int) -> int:
    """Import until some more batches are acknowledged, then kill -9; the last number said."""
    here = {"TUNIX_RT_HOME": str(settings.home), "DATABASE_URL": settings.database}
    root = str(PROGRAM.parents[2])
    program = subprocess.Popen(
        [sys.executable, PROGRAM, file],
        stdout=subprocess.PIPE,
        env=os.environ | here | {"PYTHONPATH": root},
    )
    said = 0
    with program:
        assert program.stdout is not None
        for line in program.stdout:
            said = int(line)
            if said >= acknowledged:
                program.kill()
    return said


def counts(store: Store) -> tuple[int, int, int]:
    """Traces by the tally, by their rows, and by their bodies."""
    with store.read() as connection:
        tallied = query_facets.count(connection, TraceFilter())
        rows = query_facets.count(connection, TraceFilter(chars_min=0))
        bodies = len(query.bodies(connection, TraceFilter(), after=None, limit=1_000_000))
    return tallied, rows, bodies


@pytest.mark.slow
def test_twenty_kills_in_the_middle_of_an_import_lose_and_halve_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    file = write_lines(tmp_path / "many.jsonl", [trace(i) for i in range(30_000)])
    open_store(settings).close()
    dice = random.Random(7)
    kills, reached = 20 if settings.database == "" else 5, 0

    for _ in range(kills):
        said = killed(settings, file, reached + BATCH * dice.randint(1, 4))
        store = open_store(settings)
        tallied, rows, bodies = counts(store)
        store.close()
        assert said <= tallied == rows == bodies  # nothing acknowledged is lost
        assert rows % BATCH == 0  # nor is half a batch there
        reached = rows

    store = open_store(settings)
    report = importing.import_file(store, file)
    indexing.catch_up(store)
    assert (report.added, report.known) == (30_000 - reached, reached)
    assert counts(store) == (30_000, 30_000, 30_000)
    with store.read() as connection:
        found = query.page(connection, TraceFilter(q='"29999 + 1"'), limit=10)
    assert len(found.rows) == 1
    store.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """The address of a PostgreSQL server of this test's own, and the command that restarts it."""
    needs_postgres()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="tunix-rt-restart-")
    own = {"TUNIX_RT_POSTGRES_FOLDER": f"{folder}/data", "TUNIX_RT_POSTGRES_PORT": str(port)}
    os.chmod(folder, 0o755)  # noqa: PTH101  (the server runs as another user)
    start = [str(ROOT / ".ci" / "postgres")]
    url = subprocess.check_output(start, env=os.environ | own, text=True, cwd="/").strip()
    control = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]
    as_owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    restart = [*as_owner, str(control), "-D", f"{folder}/data", "-w", "-m", "immediate", "restart"]
    yield url, [*restart, "-l", f"{folder}/data/log"]
    subprocess.run([*start, "stop"], env=os.environ | own, check=True, cwd="/")
    shutil.rmtree(folder)


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of the lost link
def test_a_server_that_restarts_in_the_middle_of_an_import_costs_nothing(
    own_server: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, restart = own_server
    file = write_lines(tmp_path / "many.jsonl", [trace(i) for i in range(30_000)])
    store = open_store(Settings(home=tmp_path / "home", database=url))
    restarts: list[threading.Thread] = []

    def restart_once(_report: object, _offset: int) -> None:
        if not restarts:
            quietly = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
            restarts.append(
                threading.Thread(target=lambda: subprocess.run(restart, check=True, **quietly))  # type: ignore[call-overload]
            )
            restarts[0].start()

    with pytest.raises(Broken):  # the connection breaks under a batch, which is said in a sentence
        importing.import_file(store, file, on_batch=restart_once)
    restarts[0].join()
    tallied, rows, bodies = counts(store)
    again = importing.import_file(store, file)

    assert tallied == rows == bodies < 30_000
    assert (again.added, again.known) == (30_000 - rows, rows)
    assert counts(store) == (30_000, 30_000, 30_000)
    store.close()
