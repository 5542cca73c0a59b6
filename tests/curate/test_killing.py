"""A curation whose process is killed begins anew, and records nothing twice."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ON_ONE
from tests.curate.curating import curate, pipeline
from tests.making import stored, trace
from tunix_rt.curate import query, reading
from tunix_rt.curate.schema import CurateConfig
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.runs.spawning import environment
from tunix_rt.runs.working import Worker
from tunix_rt.store import Store

SAYS_WHO_IT_IS = """
import os, sys
from pathlib import Path
from tunix_rt.cli.child import main
Path(sys.argv[3]).write_text(str(os.getpid()))
sys.exit(main(*sys.argv[1:3]))
"""
STAGES = ({"stage": "sample", "share": 0.5}, "near-dedup", "exact-dedup", "curriculum")


def until(true: Callable[[], bool]) -> None:
    """Wait for something to happen."""
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends, "it did not happen in a minute"
        time.sleep(0.005)


@ON_ONE
def test_a_killed_curation_begins_anew_and_decides_the_same(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    stored(store, tmp_path, [trace(n) for n in range(6_000)])
    config = CurateConfig(pipeline=pipeline(*STAGES))
    with store.write() as connection:
        run_id = runs.enqueue(connection, reading.new(config))
    pid = tmp_path / "pid"

    def command(run_id: str, attempt: int) -> list[str]:
        return [sys.executable, "-c", SAYS_WHO_IT_IS, run_id, str(attempt), str(pid)]

    worker = Worker(store, command, environment(settings, dict(os.environ)))

    working = threading.Thread(target=worker.once)
    working.start()
    until(lambda: decided(store, run_id) > 0)
    os.kill(int(pid.read_text()), signal.SIGKILL)
    working.join(60)
    left = decided(store, run_id)
    worker.once()

    with store.read() as connection:
        again = reading.curation(connection, run_id)
        attempt = query_read.get(connection, run_id).attempt
    assert 0 < left <= 6_000
    assert (again.status, attempt) == ("completed", 2)
    assert decided(store, run_id) == 6_000
    assert again.selection_sha256 == curate(store, tmp_path, *STAGES).selection_sha256


def decided(store: Store, run_id: str) -> int:
    """How many decisions there are, up to a page more than there are traces."""
    with store.read() as connection:
        return len(query.page(connection, run_id, limit=10_000))
