"""Tuning jobs in a real store, and workers that do them with quick trainings."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.evaluate.test_evaluating import ITEMS
from tests.making import stored, trace, write_lines
from tests.tune.quick_jobs import spawn
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import NewRun
from tunix_rt.runs.spawning import environment
from tunix_rt.runs.working import Worker
from tunix_rt.store import Row, Store
from tunix_rt.tasks import suites
from tunix_rt.tune import query, starting
from tunix_rt.tune.schema import Job, NewJob, TuneConfig

RATE = {"type": "loguniform", "min": 1e-4, "max": 1.0}


def body(**changes: Any) -> dict[str, Any]:
    """What a client sends to create a job."""
    return {
        "name": "rates",
        "dataset_key": "d-1",
        "base_model_id": "nano",
        "metric_name": "loss",
        "metric_mode": "min",
        "num_samples": 3,
        "search_space": {"learning_rate": RATE},
        **changes,
    }


def lasting(tenths: int, **more: Any) -> dict[str, Any]:
    """A search space whose trainings take a while."""
    return {"learning_rate": RATE, "log_every": {"type": "choice", "values": [tenths]}, **more}


def add_data(store: Store, folder: Path, *, suite: bool = True) -> None:
    """The dataset d-1, and the suite `sums` of 20 items."""
    stored(store, folder, [trace(i) for i in range(4)])
    freezing.freeze(store, Build(dataset_name="d", dataset_version="1"))
    if suite:
        suites.from_file(store, "sums", write_lines(folder / "s.jsonl", ITEMS))


def begun(store: Store, **changes: Any) -> str:
    """A job that is started, whether or not the Tunix runtime is here; its id."""
    with store.write() as connection:
        job_id = starting.create(connection, NewJob.model_validate(body(**changes)))
        config = TuneConfig(job_id=job_id, model=None)
        run_id = runs.enqueue(connection, NewRun(kind="tune", name="rates", config=config))
        starting.started(connection, job_id, run_id)
    return job_id


def worker(store: Store, settings: Settings) -> Worker:
    return Worker(
        store, spawn, environment(settings, dict(os.environ)), poll_seconds=0.1, grace_seconds=20
    )


@contextmanager
def workers(store: Store, settings: Settings, count: int) -> Iterator[list[Worker]]:
    """Workers that work until this ends."""
    staff = [worker(store, settings) for _ in range(count)]
    threads = [threading.Thread(target=one.forever, daemon=True) for one in staff]
    for thread in threads:
        thread.start()
    try:
        yield staff
    finally:
        for one in staff:
            one.stop.set()
        for thread in threads:
            thread.join(30)


def job(store: Store, job_id: str) -> Job:
    with store.read() as connection:
        return query.shown(connection, query.get(connection, job_id), with_trials=True)


def run(store: Store, run_id: str | None) -> Row[Any]:
    assert run_id is not None
    with store.read() as connection:
        return query_read.get(connection, run_id)


def trainings(store: Store) -> list[Row[Any]]:
    with store.read() as connection:
        return list(query_read.page(connection, limit=100, kind="train"))


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
