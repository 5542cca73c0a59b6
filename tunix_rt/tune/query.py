"""Every SQL statement about tuning jobs and their trials."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from tunix_rt.kit.errors import NotFound
from tunix_rt.kit.ids import iso, new_id, now
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import TERMINAL
from tunix_rt.store import Connection, Row
from tunix_rt.tune.schema import Job, NewJob, Params, Status, Trial
from tunix_rt.tune.table import job, trial


def create(connection: Connection, new: NewJob) -> str:
    """Keep a job, not started; its id."""
    id_ = new_id()
    values = new.model_dump(mode="json")
    connection.execute(insert(job).values(id=id_, status="created", created_at=now(), **values))
    return id_


def get(connection: Connection, job_id: str) -> Row[Any]:
    """One job, or `NotFound`."""
    found = connection.execute(select(job).where(job.c.id == job_id)).one_or_none()
    if found is None:
        raise NotFound("Job not found", hint="The jobs: tunix-rt tune list")
    return found


def page(connection: Connection, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """Jobs, newest first."""
    rows = select(job).order_by(job.c.id.desc()).limit(limit).offset(offset)
    return connection.execute(rows).all()


def move(connection: Connection, job_id: str, *, before: Status, **values: Any) -> bool:
    """Write `values` on a job that is in the state `before`; say whether it was."""
    mine = update(job).where(job.c.id == job_id, job.c.status == before)
    return connection.execute(mine.values(**values)).rowcount > 0


def trials(connection: Connection, job_id: str) -> Sequence[Row[Any]]:
    """The trials of a job, in their order."""
    rows = select(trial).where(trial.c.job_id == job_id).order_by(trial.c.number)
    return connection.execute(rows).all()


def add_trial(connection: Connection, job_id: str, number: int, params: Params) -> str:
    """Record a trial that is now open; a job has one of each number."""
    id_ = new_id()
    connection.execute(
        insert(trial).values(
            id=id_,
            job_id=job_id,
            number=number,
            params=params,
            status="running",
            created_at=now(),
        )
    )
    return id_


def set_trial(connection: Connection, trial_id: str, **values: Any) -> None:
    """Write what became of a trial that is open; one that has ended stays as it is."""
    if values.get("status") is not None:
        values["completed_at"] = now()
    mine = update(trial).where(trial.c.id == trial_id, trial.c.status == "running")
    connection.execute(mine.values(**values))


def shown(connection: Connection, row: Row[Any], *, with_trials: bool = False) -> Job:
    """A job as it looks from outside."""
    same = {
        name: getattr(row, name)
        for name in Job.model_fields
        if name in row._fields and not name.endswith("_at") and name != "status"
    }
    tried = [_trial(one) for one in trials(connection, row.id)] if with_trials else None
    return Job(
        **same,
        status=status(connection, row),
        mode="local",
        search_space_json=row.search_space,
        best_params_json=row.best_params,
        created_at=iso(row.created_at),
        started_at=iso(row.started_at) if row.started_at else None,
        completed_at=iso(row.completed_at) if row.completed_at else None,
        trials=tried,
    )


def status(connection: Connection, row: Row[Any]) -> Status:
    """A job's state; one whose run could not say how it ended is as far as its run."""
    known: Status = row.status
    if known != "running":
        return known
    run = query_read.get(connection, row.run_id)
    if run.status not in TERMINAL:
        return "running"
    return "cancelled" if run.status == "cancelled" else "failed"


def _trial(row: Row[Any]) -> Trial:
    return Trial(
        id=row.id,
        tuning_job_id=row.job_id,
        number=row.number,
        run_id=row.run_id,
        evaluation_run_id=row.evaluation_run_id,
        params_json=row.params,
        metric_value=row.value,
        status=row.status,
        error=row.error,
        created_at=iso(row.created_at),
        completed_at=iso(row.completed_at) if row.completed_at else None,
    )
