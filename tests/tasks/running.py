"""A run of the job `tasks`, done in the process of the test."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from tunix_rt.runs import query, query_read
from tunix_rt.runs.reporting import Reporter
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.tasks.jobs import make
from tunix_rt.tasks.schema import MakeTasks


def begin(store: Store, config: MakeTasks, kind: type[Reporter] = Reporter) -> Reporter:
    """A claimed run, ready to be worked on."""
    with store.write() as connection:
        run_id = query.enqueue(connection, NewRun(kind="tasks", name="t", config=config))
        lease = timedelta(minutes=1)
        claimed = query.claim(connection, worker="test", lease=lease, run_id=run_id)
    assert claimed is not None
    return kind(store, run_id, claimed.attempt, Path())


def made(store: Store, **config: Any) -> dict[str, Any]:
    """Do one run and return what it found."""
    chosen = MakeTasks(**config)
    run = begin(store, chosen)
    make(run, chosen)
    run.flush()
    with store.read() as connection:
        found: dict[str, Any] = query_read.get(connection, run.id).result
    return found
