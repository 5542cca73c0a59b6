"""/api/tuning: jobs that try recipes, and their trials."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AfterValidator

from tunix_rt.kit.http import Limit, Offset, Reading, ReadSettings, Writing, path_id, problems
from tunix_rt.tune import query, starting
from tunix_rt.tune.schema import Answer, Job, NewJob

router = APIRouter(prefix="/tuning/jobs", tags=["tuning"])

JobId = Annotated[str, Path(), AfterValidator(path_id("tuning job"))]


@router.post("", status_code=201, response_model=Job, responses=problems(422))
def create_job(connection: Writing, new: NewJob) -> Job:
    """Keep a tuning job; it is not started."""
    return query.shown(connection, query.get(connection, starting.create(connection, new)))


@router.get("", response_model=list[Job], responses=problems(422))
def list_jobs(connection: Reading, limit: Limit = 20, offset: Offset = 0) -> list[Job]:
    """Tuning jobs, newest first, without their trials."""
    rows = query.page(connection, limit=limit, offset=offset)
    return [query.shown(connection, row) for row in rows]


@router.get("/{job_id}", response_model=Job, responses=problems(404, 422))
def get_job(connection: Reading, job_id: JobId) -> Job:
    """One tuning job with its trials."""
    return query.shown(connection, query.get(connection, job_id), with_trials=True)


@router.post("/{job_id}/start", response_model=Answer, responses=problems(400, 403, 404, 422, 501))
def start_job(connection: Writing, settings: ReadSettings, job_id: JobId) -> Answer:
    """Queue a job that was created; workers do its trials."""
    run_id = starting.start(connection, job_id, settings)
    return Answer(job_id=job_id, status="running", message=f"Tuning started as run {run_id}")


@router.post("/{job_id}/cancel", response_model=Answer, responses=problems(400, 404, 422))
def cancel_job(connection: Writing, job_id: JobId) -> Answer:
    """Stop a job and its open trials; what has ended is kept."""
    starting.cancel(connection, job_id)
    return Answer(job_id=job_id, status="cancelled", message="Job cancelled")
