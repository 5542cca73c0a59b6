import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.runs.slow_jobs import Config
from tunix_rt.kit.errors import BadRequest, Broken, Lost
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query, query_read
from tunix_rt.runs.reporting import LEASE, Reporter
from tunix_rt.runs.schema import NewRun
from tunix_rt.runs.spawning import environment
from tunix_rt.runs.table import run
from tunix_rt.runs.working import Worker
from tunix_rt.store import Connection, Row, Store


def queued(store: Store, kind: str = "count", **config: Any) -> str:
    with store.write() as connection:
        return query.enqueue(connection, NewRun(kind=kind, name="test", config=Config(**config)))


def row(store: Store, run_id: str) -> Row[Any]:
    with store.read() as connection:
        return query_read.get(connection, run_id)


def log(store: Store, run_id: str) -> list[str]:
    with store.read() as connection:
        return [line.chunk for line in query_read.log_since(connection, run_id, 0, 5000)]


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_a_run_leaves_its_result_log_and_numbers(store: Store, worker: Worker) -> None:
    run_id = queued(store, to=3)

    assert worker.once()

    done = row(store, run_id)
    assert (done.status, done.exit_code, done.result["counted"]) == ("completed", 0, 3)
    assert done.progress == {"done": 3, "total": 3, "text": "3 counted"}
    assert "from 0" in log(store, run_id)
    with store.read() as connection:
        series = query_read.metrics(connection, run_id, 100)
    assert [point.step for point in series.points] == [1, 2, 3]
    assert not worker.once()


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("fail", "The counting is not what was wanted. Count again."),
        ("bug", "ValueError: a bug"),
        ("read a config", "ValidationError: 1 validation error for Config"),
    ],
)
def test_a_failure_is_one_sentence_on_the_run(
    store: Store, worker: Worker, then: str, said: str
) -> None:
    run_id = queued(store, then=then)

    worker.once()

    failed = row(store, run_id)
    assert (failed.status, failed.exit_code) == ("failed", 1)
    assert failed.error.startswith(said)


def test_a_config_that_is_none_is_said_with_its_key(store: Store, worker: Worker) -> None:
    run_id = queued(store)
    with store.write() as connection:
        connection.execute(update(run).where(run.c.id == run_id).values(config={"to": "many"}))

    worker.once()

    assert str(row(store, run_id).error).startswith("The run's config is not valid at to: Input")


def test_a_kind_nobody_knows_fails_clearly(store: Store, worker: Worker) -> None:
    run_id = queued(store, kind="dance")

    worker.once()

    assert "does not know runs of the kind 'dance'" in row(store, run_id).error


def test_a_killed_process_is_started_again_and_goes_on(store: Store, worker: Worker) -> None:
    run_id = queued(store, to=4, then="die once")

    worker.once()
    assert row(store, run_id).status == "pending"
    worker.once()

    done = row(store, run_id)
    assert (done.status, done.attempt, done.result["attempt"]) == ("completed", 2, 2)
    assert "from 2" in log(store, run_id)
    assert any("SIGKILL" in line for line in log(store, run_id))


def test_a_run_that_dies_every_time_is_failed_in_the_end(store: Store, worker: Worker) -> None:
    run_id = queued(store, to=50, then="die always")

    while worker.once():
        pass

    failed = row(store, run_id)
    assert (failed.status, failed.attempt) == ("failed", query.MAX_DEATHS)
    assert "died 3 times in a row" in failed.error
    killed = [line for line in log(store, run_id) if "SIGKILL" in line]
    for said in (failed.error, *killed[:2]):
        assert "the machine's memory may have run out" in said
        assert "batch_size" in said


def test_a_run_that_goes_on_each_time_before_it_dies_is_done_in_the_end(
    store: Store, worker: Worker
) -> None:
    run_id = queued(store, to=5, then="die further on")

    while worker.once():
        pass

    done = row(store, run_id)
    assert (done.status, done.attempt, done.deaths) == ("completed", 5, 0)


def test_a_running_run_is_cancelled_at_its_next_safe_place(store: Store, worker: Worker) -> None:
    run_id = queued(store, to=1000, seconds=0.1)
    working = threading.Thread(target=worker.once)
    working.start()
    until(lambda: bool(row(store, run_id).progress))

    with store.write() as connection:
        query.cancel(connection, run_id)
    working.join(30)

    assert row(store, run_id).status == "cancelled"
    with store.write() as connection, pytest.raises(BadRequest, match="terminal state: cancelled"):
        query.cancel(connection, run_id)


def test_a_waiting_run_is_cancelled_at_once(store: Store, worker: Worker) -> None:
    run_id = queued(store)

    with store.write() as connection:
        query.cancel(connection, run_id)

    assert row(store, run_id).status == "cancelled"
    assert not worker.once()


def test_a_worker_that_stops_in_good_order_puts_its_run_back(store: Store, worker: Worker) -> None:
    run_id = queued(store, to=1000, seconds=0.1)
    working = threading.Thread(target=worker.forever)
    working.start()
    until(lambda: bool(row(store, run_id).progress))

    worker.stop.set()
    working.join(30)

    left = row(store, run_id)
    assert (left.status, left.deaths) == ("pending", 0)


class Away(Store):
    """A database that can be away for a while."""

    away = False

    @contextmanager
    def write(self) -> Iterator[Connection]:
        if self.away:
            raise Broken("The database does not answer.")
        with super().write() as connection:
            yield connection


def test_a_database_that_is_away_for_a_while_costs_neither_the_run_nor_a_line(
    store: Store, worker: Worker
) -> None:
    run_id = queued(store, to=6, seconds=0.2, then="talk")
    worker.store = away = Away(store.engine, store.home)
    working = threading.Thread(target=worker.once)
    working.start()
    until(lambda: bool(log(store, run_id)))

    away.away = True
    until(lambda: row(store, run_id).status == "completed")
    time.sleep(1)
    away.away = False
    working.join(30)

    done = row(store, run_id)
    assert (done.status, done.attempt, done.deaths) == ("completed", 1, 0)
    assert log(store, run_id)[1:] == [f"line {number}" for number in range(1000)]


def test_a_run_that_ends_between_two_looks_has_ended(store: Store, worker: Worker) -> None:
    run_id = queued(store)
    with store.write() as connection:
        query.claim(connection, worker=worker.name, lease=LEASE, run_id=run_id)

    class Ends(Store):
        @contextmanager
        def write(self) -> Iterator[Connection]:
            with super().write() as connection:
                query.finish(connection, run_id, 1, status="completed")
                yield connection

    worker.store = Ends(store.engine, store.home)

    assert worker._look(run_id, 1, beat=True) == "ended"


def test_a_log_that_never_ends_is_cut_over_all_attempts(store: Store, worker: Worker) -> None:
    run_id = queued(store, then="talk and fail")
    worker.log_limit = 5000

    worker.once()
    first = log(store, run_id)
    with store.write() as connection:
        query.requeue(connection, run_id)
    worker.once()

    assert 50 < len(first) < 150
    assert "the log is full" in first[-1]
    assert len(log(store, run_id)) <= len(first) + 1


def test_two_who_write_to_one_log_take_turns(store: Store) -> None:
    run_id = queued(store)

    def write(name: str) -> None:
        for number in range(30):
            with store.write() as connection:
                query.add_log(connection, run_id, [("stdout", f"{name} {number}")])

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(log(store, run_id)) == 120


def test_a_run_whose_worker_was_killed_is_taken_over(
    store: Store, settings: Settings, worker: Worker
) -> None:
    run_id = queued(store, to=8, seconds=0.3)
    script = (
        "import os, sys; from tests.runs.test_working import *\n"
        "from tunix_rt.store import open_store\n"
        "from tunix_rt.kit.settings import read_settings\n"
        "store = open_store(read_settings())\n"
        "from tests.runs.conftest import JOBS\n"
        "Worker(store, lambda r, a: [sys.executable, JOBS, r, str(a)], dict(os.environ)).once()"
    )
    lost = subprocess.Popen(
        [sys.executable, "-c", script],
        env=environment(settings, dict(os.environ)),
        cwd=Path(__file__).parents[2],
    )
    until(lambda: (row(store, run_id).progress or {}).get("done", 0) >= 2)
    lost.send_signal(signal.SIGKILL)
    lost.wait()
    stopped_at = row(store, run_id).progress["done"]

    with store.write() as connection:  # the lease of the dead worker runs out
        query.beat(connection, run_id, 1, lease=timedelta(seconds=-1))
    assert worker.once()

    done = row(store, run_id)
    assert (done.status, done.attempt) == ("completed", 2)
    assert stopped_at < 8
    second = next(line for line in reversed(log(store, run_id)) if line.startswith("from "))
    assert int(second.removeprefix("from ")) >= stopped_at


def test_whoever_lost_a_run_can_no_longer_write_to_it(store: Store) -> None:
    run_id = queued(store)
    with store.write() as connection:
        query.claim(connection, worker="first", lease=timedelta(seconds=-1))
        taken = query.claim(connection, worker="second", lease=LEASE)

    assert taken is not None
    with store.write() as connection, pytest.raises(Lost, match="taken this run over"):
        query.beat(connection, run_id, 1, lease=LEASE)
    lost = Reporter(store, run_id, 1, store.home)
    with pytest.raises(Lost, match="taken this run over"), lost.write() as connection:
        query.add_log(connection, run_id, [("stdout", "too late")])
    assert log(store, run_id) == []
    with store.write() as connection:
        assert not query.finish(connection, run_id, 1, status="completed")
    assert (row(store, run_id).status, row(store, run_id).worker) == ("running", "second")


def test_two_workers_never_do_the_same_run(store: Store) -> None:
    for _ in range(40):
        queued(store)
    taken: list[str] = []

    def claim_all(name: str) -> None:
        while True:
            with store.write() as connection:
                got = query.claim(connection, worker=name, lease=LEASE)
            if got is None:
                return
            taken.append(got.id)

    threads = [threading.Thread(target=claim_all, args=(f"w{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len(set(taken)) == 40


def test_a_number_that_is_none_is_left_out(store: Store) -> None:
    run_id = queued(store)
    with store.write() as connection:
        query.claim(connection, worker="test", lease=LEASE, run_id=run_id)
    report = Reporter(store, run_id, 1, store.home)

    report.metric(1, {"loss": 1.0, "gradient_norm": float("nan")})
    report.metric(2, {"loss": float("inf")})
    report.flush()

    with store.read() as connection:
        series = query_read.metrics(connection, run_id, 100)
    assert [(point.step, point.values) for point in series.points] == [(1, {"loss": 1.0})]


def test_metrics_are_thinned_and_a_repeated_step_is_not_doubled(store: Store) -> None:
    run_id = queued(store)
    with store.write() as connection:
        some = {step: {"loss": float(step)} for step in range(1, 1001)}
        query.put_metrics(connection, run_id, some)
        query.put_metrics(connection, run_id, {1000: {"loss": -1.0}})

    with store.read() as connection:
        series = query_read.metrics(connection, run_id, 100)

    assert series.total == 1000
    assert 90 <= len(series.points) <= 100
    steps = [point.step for point in series.points]
    assert steps == sorted(set(steps))
    assert max(after - before for before, after in pairwise(steps)) <= 11
    assert (series.points[0].step, series.points[-1].values) == (1, {"loss": -1.0})


def test_what_is_measured_now_and_then_is_thinned_last(store: Store) -> None:
    run_id = queued(store)
    rare = {step: {"loss": 1.0, "held_out_loss": 2.0} for step in range(37, 1001, 100)}
    some = {step: rare.get(step, {"loss": 1.0}) for step in range(1, 1001)}
    with store.write() as connection:
        query.put_metrics(connection, run_id, dict(list(some.items())[:500]))
        query.put_metrics(connection, run_id, dict(list(some.items())[500:]))
    often = queued(store)
    with store.write() as connection:
        every = {step: {"loss": 1.0} | ({"other": 1.0} if step % 2 else {}) for step in some}
        query.put_metrics(connection, often, every)

    with store.read() as connection:
        series = query_read.metrics(connection, run_id, 100)
        dense = query_read.metrics(connection, often, 100)

    measured = [point.step for point in series.points if "held_out_loss" in point.values]
    assert measured == list(rare)
    assert 75 <= len(series.points) <= 100
    assert len(dense.points) <= 100
    assert sum("other" in point.values for point in dense.points) >= 30
