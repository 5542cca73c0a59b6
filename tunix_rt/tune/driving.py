"""The long work of tuning: keep trials going until all of them are done.

The driver holds a worker's place in the queue, and works in it: while it waits, it does
the runs of its own trials one after another, as a worker does, each in its own process.
So one worker is enough, and further workers take further trials from the queue.

Everything it knows is in the database. Killed and started again, it finds its trials by
their rows; a trial's row and its training are queued in one transaction.
"""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Self

from pydantic import TypeAdapter

from tunix_rt.kit.errors import BadRequest, Cancelled, TunixError
from tunix_rt.kit.ids import now
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import TERMINAL, Run
from tunix_rt.runs.working import Spawn, Worker
from tunix_rt.store import Connection, Row
from tunix_rt.tune import query, trialing
from tunix_rt.tune.schema import Space, TuneConfig
from tunix_rt.tune.searching import Tried, suggest

POLL_SECONDS = 0.3
GRACE_SECONDS = 10.0
"""How long a trial may take to stop; less than the driver's own worker gives to both."""

SPACE = TypeAdapter[Space](Space)


class NothingWorked(TunixError):
    """Every trial of a job failed."""


def drive(
    run: Run, config: TuneConfig, spawn: Spawn, *, grace_seconds: float = GRACE_SECONDS
) -> None:
    """Do the trials of a job; `spawn` says which process does a run."""
    with run.store.read() as connection:
        status = query.get(connection, config.job_id).status
    if status == "completed":
        return  # a driver before this one was killed after its last word
    if status != "running":
        raise BadRequest(f"The job is {status}.")
    with _Place(run, spawn, grace_seconds) as place:
        try:
            place.take_back(config.job_id)
            while _step(run, config, place):
                run.check_cancelled()
                time.sleep(POLL_SECONDS)
            _conclude(run, config.job_id)
        except Cancelled:
            _obey(run, config.job_id)
            raise


def _step(run: Run, config: TuneConfig, place: "_Place") -> bool:
    """Take in what has ended, or begin what there is room for; say whether there is more to do."""
    with run.store.read() as connection:
        job = query.get(connection, config.job_id)
        trials = query.trials(connection, job.id)
        opened = [one for one in trials if one.status == "running"]
        waited_for = [query_read.get(connection, trialing.current(one)) for one in opened]
    if any(one.status in TERMINAL for one in waited_for):
        with _going(run, job.id) as connection:
            for trial in opened:
                trialing.settle(connection, job, trial)
            _keep_best(connection, job)
        _report(run, job)
    elif len(trials) < job.num_samples and len(opened) < job.max_concurrent_trials:
        params = suggest(
            SPACE.validate_python(job.search_space),
            [Tried(one.params, one.value, open=one.status == "running") for one in trials],
            mode=job.metric_mode,
            seed=job.seed,
        )
        with _going(run, job.id) as connection:
            trialing.begin(connection, job, len(trials), params, model=config.model)
        run.log(f"trial {len(trials)}: {params}")
    else:
        place.work_on(waited_for)
        return bool(opened)
    return True


@contextmanager
def _going(run: Run, job_id: str) -> Iterator[Connection]:
    """One transaction that commits only while this driver has the job, and the job goes on."""
    with run.write() as connection:
        if query.get(connection, job_id).status != "running":
            raise Cancelled("The job was cancelled.")
        yield connection


def _keep_best(connection: Connection, job: Row[Any]) -> None:
    best = trialing.best(query.trials(connection, job.id), job.metric_mode)
    if best is not None:
        values = {"best_run_id": best.run_id, "best_params": best.params}
        query.move(connection, job.id, before="running", **values)


def _report(run: Run, job: Row[Any]) -> None:
    """Show what each trial reached, and the best so far, as the metrics of the run."""
    with run.store.read() as connection:
        trials = query.trials(connection, job.id)
    better = max if job.metric_mode == "max" else min
    values: list[float] = []
    for one in trials:
        if one.status == "completed":
            values.append(one.value)
            run.metric(one.number, {job.metric_name: one.value, "best": better(values)})
    ended = sum(one.status != "running" for one in trials)
    words = f"best {job.metric_name} {better(values):.6g}" if values else "nothing worked yet"
    run.log(f"{ended} of {job.num_samples} trials have ended, {words}")
    run.progress(ended, job.num_samples, words)


def _conclude(run: Run, job_id: str) -> None:
    """Say how the job ended; it fails only if all of its trials did."""
    with run.store.read() as connection:
        job = query.get(connection, job_id)
        trials = query.trials(connection, job_id)
    best = trialing.best(trials, job.metric_mode)
    if best is not None:
        run.result(
            {
                "best_run_id": best.run_id,
                "best_params": best.params,
                job.metric_name: best.value,
                "completed": sum(one.status == "completed" for one in trials),
                "trials": len(trials),
            }
        )
    with _going(run, job_id) as connection:
        status = "failed" if best is None else "completed"
        query.move(connection, job_id, before="running", status=status, completed_at=now())
    if best is None:
        raise NothingWorked(f"All {len(trials)} trials failed; the first: {trials[0].error}")


def _obey(run: Run, job_id: str) -> None:
    """Cancel what is open if the run was asked to stop; a driver that is only moved leaves it."""
    with run.write() as connection:
        if query_read.get(connection, run.id).status == "cancel_requested":
            trialing.cancel_open(connection, job_id)
            ended = {"status": "cancelled", "completed_at": now()}
            query.move(connection, job_id, before="running", **ended)


class _Place:
    """The driver's place in the queue: here it does the runs its trials wait for."""

    def __init__(self, run: Run, spawn: Spawn, grace_seconds: float) -> None:
        self._run = run
        self._worker = Worker(
            run.store,
            spawn,
            dict(os.environ),  # a run's own process has the store named in it
            grace_seconds=grace_seconds,
            name=f"tune:{run.id}",
        )
        self._pool = ThreadPoolExecutor(1)
        self._doing: Future[bool] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.stop.set()
        self._pool.shutdown()

    def work_on(self, waited_for: Sequence[Row[Any]]) -> None:
        """Do the first of these runs that nobody does, unless one is being done here."""
        if self._doing is not None:
            if not self._doing.done():
                return
            self._doing.result()  # raises what went wrong there
            self._doing = None
        for one in waited_for:
            lapsed = one.lease_until is not None and one.lease_until < now()
            if one.status == "pending" or lapsed:
                self._doing = self._pool.submit(self._worker.once, one.id)
                return

    def take_back(self, job_id: str) -> None:
        """Queue again what a killed driver of this run was doing: it died with the driver."""
        with self._run.write() as connection:
            for trial in query.trials(connection, job_id):
                if trial.status == "running":
                    row = query_read.get(connection, trialing.current(trial))
                    if row.worker == self._worker.name:
                        runs.put_back(connection, row.id, row.attempt, died=False)
