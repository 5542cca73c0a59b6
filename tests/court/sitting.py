"""Courts held in a test: the real job on the real store."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from tunix_rt.court import reading
from tunix_rt.court.jobs import court
from tunix_rt.court.schema import CourtConfig, CourtReport
from tunix_rt.runs import query as runs
from tunix_rt.runs.reporting import Reporter
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store


def begin(store: Store, new: NewRun, kind: type[Reporter] = Reporter) -> Reporter:
    """A run that this process has claimed."""
    with store.write() as connection:
        run_id = runs.enqueue(connection, new)
        lease = timedelta(minutes=1)
        claimed = runs.claim(connection, worker="test", lease=lease, run_id=run_id)
    assert claimed is not None
    return kind(store, run_id, claimed.attempt, Path())


def finish(store: Store, run: Reporter) -> None:
    """Record that the run is done."""
    run.flush()
    with store.write() as connection:
        runs.finish(connection, run.id, run.attempt, status="completed")


def hold(store: Store, **config: Any) -> CourtReport:
    """Hold a court to its end and return its report."""
    chosen = CourtConfig(**config)
    run = begin(store, reading.new(chosen))
    court(run, chosen)
    finish(store, run)
    with store.read() as connection:
        return reading.report(connection, run.id)
