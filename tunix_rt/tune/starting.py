"""Create a tuning job, start it, cancel it."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tunix_rt.datasets import query as datasets
from tunix_rt.kit.errors import BadRequest, MissingExtra, NotFound
from tunix_rt.kit.ids import now
from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import TERMINAL, NewRun
from tunix_rt.store import Connection, Row
from tunix_rt.tasks import query as tasks
from tunix_rt.train import contract
from tunix_rt.tune import query, searching, space, trialing
from tunix_rt.tune.schema import NewJob, TuneConfig

METRICS = (*trialing.MEASURED, *trialing.TRAINING)


def create(connection: Connection, new: NewJob) -> str:
    """Keep a job whose search space makes sense; its id."""
    space.check(new.search_space, new.base_model_id)
    return query.create(connection, new)


def start(connection: Connection, job_id: str, settings: Settings) -> str:
    """Queue the run that drives a job; its id."""
    new = ready(connection, job_id, settings)
    run_id = runs.enqueue(connection, new)
    started(connection, job_id, run_id)
    return run_id


def ready(connection: Connection, job_id: str, settings: Settings) -> NewRun:
    """The run that would drive a job; what keeps the job from starting is said here."""
    job = query.get(connection, job_id)
    if job.status != "created":
        raise _not_startable(query.status(connection, job))
    if job.metric_name not in METRICS:
        near = get_close_matches(job.metric_name, METRICS, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(METRICS)}."
        raise BadRequest(f"There is no metric {job.metric_name!r} to tune for.", hint=hint)
    _look_at_dataset(connection, job)
    if job.metric_name in trialing.MEASURED:
        _suite(connection, job)
    model = _model(job.base_model_id, settings)
    searching.require()
    if not contract.status().available:
        raise MissingExtra(
            "The Tunix runtime is not installed.", hint="pip install 'tunix-rt[tunix]'"
        )
    return NewRun(
        kind="tune",
        name=job.name,
        config=TuneConfig(job_id=job.id, model=model),
        dataset_key=job.dataset_key,
        model_id=job.base_model_id,
    )


def started(connection: Connection, job_id: str, run_id: str) -> None:
    """Mark a job as driven by a run, and fix the suite its trials are measured on."""
    job = query.get(connection, job_id)
    suite = _suite(connection, job) if job.metric_name in trialing.MEASURED else job.suite
    values = {"status": "running", "run_id": run_id, "suite": suite, "started_at": now()}
    if not query.move(connection, job_id, before="created", **values):
        raise _not_startable(query.get(connection, job_id).status)


def cancel(connection: Connection, job_id: str) -> None:
    """Cancel a job: its run, and every trial that has not ended."""
    ended = {"status": "cancelled", "completed_at": now()}
    if query.move(connection, job_id, before="created", **ended):
        return
    job = query.get(connection, job_id)
    if job.run_id is None:
        raise BadRequest(f"Job is already in terminal state: {job.status}")
    driven = query_read.get(connection, job.run_id).status not in TERMINAL
    if driven:
        runs.cancel(connection, job.run_id)  # first: from here on its driver begins nothing
    if not trialing.cancel_open(connection, job_id) and not driven:
        raise BadRequest(f"Job is already in terminal state: {query.status(connection, job)}")
    query.move(connection, job_id, before="running", **ended)


def _look_at_dataset(connection: Connection, job: Row[Any]) -> None:
    try:
        datasets.get(connection, job.dataset_key)
    except NotFound as missing:
        raise BadRequest(missing.message, hint="The datasets: tunix-rt datasets list") from None


def _suite(connection: Connection, job: Row[Any]) -> str:
    """The suite the job names, or else the newest."""
    if job.suite is not None:
        try:
            return str(tasks.get(connection, job.suite).name)
        except NotFound as missing:
            raise BadRequest(missing.message, hint=missing.hint) from None
    newest = tasks.page(connection, limit=1)
    if not newest:
        raise BadRequest(
            f"There is no suite to measure {job.metric_name!r} on.",
            hint="Make one: tunix-rt tasks suite, or tasks import.",
        )
    return str(newest[0].name)


def _model(base_model_id: str, settings: Settings) -> str | None:
    """The checked folder of the base model, or null for the nano preset."""
    if base_model_id == space.NANO:
        return None
    folder: Path = confined(base_model_id, settings)
    if not folder.is_dir():
        raise BadRequest(
            f"There is no model folder {base_model_id!r}.", hint="Name one, or use 'nano'."
        )
    return str(folder)


def _not_startable(status: str) -> BadRequest:
    return BadRequest(f"The job is {status}; only one that is created can be started.")
