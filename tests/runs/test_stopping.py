"""How a run is stopped: asked first, killed after the grace."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

from tests.runs.conftest import JOBS
from tests.runs.test_working import log, queued, row, until
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import child, query
from tunix_rt.runs.reporting import LEASE
from tunix_rt.runs.spawning import environment
from tunix_rt.runs.working import Worker
from tunix_rt.store import Store


def test_a_process_that_the_worker_had_to_kill_did_not_die(store: Store, worker: Worker) -> None:
    run_id = queued(store, to=2, seconds=100)  # it hears nothing while it sleeps
    worker.grace_seconds = 0.2
    working = threading.Thread(target=worker.forever)
    working.start()
    until(lambda: bool(log(store, run_id)))

    worker.stop.set()
    working.join(30)

    left = row(store, run_id)
    assert (left.status, left.deaths) == ("pending", 0)
    assert "SIGKILL" in log(store, run_id)[-1]
    assert "memory" not in log(store, run_id)[-1]


def test_a_run_that_takes_too_long_ends_as_timeout_with_its_process(
    store: Store, worker: Worker
) -> None:
    run_id = queued(store, to=1000, seconds=0.1)
    worker.limit_seconds = 2.0

    worker.once()

    done = row(store, run_id)
    assert (done.status, done.exit_code) == ("timeout", 124)
    assert done.error == "The run took longer than 2 seconds (TUNIX_RT_RUN_SECONDS)."
    memory = store.home / "runs" / run_id / "count"
    counted = memory.read_text()
    time.sleep(0.5)
    assert memory.read_text() == counted
    assert not any("killed" in line for line in log(store, run_id)), "it was asked, and stopped"
    assert not worker.once()


def test_a_run_that_takes_too_long_and_hears_nothing_is_killed_after_the_grace(
    store: Store, worker: Worker
) -> None:
    run_id = queued(store, to=2, seconds=100)
    worker.limit_seconds, worker.grace_seconds = 2.0, 1.0

    worker.once()

    done = row(store, run_id)
    assert (done.status, done.exit_code) == ("timeout", 124)
    assert log(store, run_id)[-1].endswith("killed (SIGKILL): it took too long.")
    assert not worker.once()


def test_a_run_that_takes_too_long_and_then_loses_its_worker_has_timed_out(store: Store) -> None:
    run_id = queued(store)
    with store.write() as connection:
        query.claim(connection, worker="gone", lease=timedelta(seconds=-1))
        query.time_out(connection, run_id, 1, error="too long")
        assert query.claim(connection, worker="next", lease=LEASE) is None

    done = row(store, run_id)
    assert (done.status, done.error, done.exit_code) == ("timeout", "too long", 124)


def test_who_was_asked_to_stop_before_it_took_too_long_was_cancelled(store: Store) -> None:
    run_id = queued(store)
    with store.write() as connection:
        query.claim(connection, worker="here", lease=LEASE)
        query.cancel(connection, run_id)
        query.time_out(connection, run_id, 1, error="too long")
        query.put_back(connection, run_id, 1, died=False)

    assert row(store, run_id).status == "cancelled"


def test_the_grace_of_the_settings_is_what_a_runs_own_process_has_too() -> None:
    told = environment(Settings(grace_seconds=7), {"TUNIX_RT_GRACE_SECONDS": "3"})

    assert told["TUNIX_RT_GRACE_SECONDS"] == "7"


def test_a_process_whose_run_is_somebody_elses_ends_and_says_nothing_of_it(
    store: Store, settings: Settings
) -> None:
    run_id = queued(store, to=1000, seconds=0.1)
    with store.write() as connection:
        query.claim(connection, worker="here", lease=LEASE)
    at_work = subprocess.Popen(
        [sys.executable, JOBS, run_id, "1"],
        env=environment(settings, dict(os.environ)),
        stdout=subprocess.DEVNULL,
    )
    until(lambda: bool(row(store, run_id).progress))

    with store.write() as connection:
        query.put_back(connection, run_id, 1, died=False)

    assert at_work.wait(30) == child.LOST
    left = row(store, run_id)
    assert (left.status, left.error, left.deaths) == ("pending", None, 0)
