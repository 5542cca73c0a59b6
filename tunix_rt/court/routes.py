"""/api/court: two verifiers on the same traces, people's rulings, and what would change."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator

from tunix_rt.court import reading
from tunix_rt.court.schema import (
    AdoptConfig,
    CasePage,
    CourtConfig,
    CourtReport,
    Courts,
    KnownWitnesses,
    Which,
    Word,
)
from tunix_rt.court.witnesses import known, witness
from tunix_rt.kit.http import Limit, Reading, Writing, path_id, problems
from tunix_rt.runs.queueing import queue
from tunix_rt.runs.schema import NewRun, Queued
from tunix_rt.verify.schema import Subject

router = APIRouter(tags=["court"])

RunId = Annotated[str, Path(), AfterValidator(path_id("court"))]


@router.get("/court", response_model=Courts, responses=problems(422))
def list_courts(connection: Reading, limit: Limit = 50) -> Courts:
    """Courts, newest first."""
    return Courts(data=reading.courts(connection, limit))


@router.post("/court", status_code=201, response_model=Queued, responses=problems(422))
def hold_court(connection: Writing, config: CourtConfig) -> Queued:
    """Queue a run that hears two witnesses on every trace of a selection."""
    for name in (config.first, config.second):
        witness(connection, name, config.subject)
    return queue(connection, reading.new(config))


@router.get("/court/witnesses", response_model=KnownWitnesses, responses=problems(422))
def list_witnesses(connection: Reading, subject: Subject = "answer") -> KnownWitnesses:
    """Everybody who can be heard on a subject."""
    return KnownWitnesses(data=known(connection, subject))


@router.get("/court/{run_id}", response_model=CourtReport, responses=problems(404, 422))
def get_court(connection: Reading, run_id: RunId) -> CourtReport:
    """The confusion of the two, their error rates against people's rulings, and the impact."""
    return reading.report(connection, run_id)


@router.get("/court/{run_id}/cases", response_model=CasePage, responses=problems(404, 422))
def list_cases(
    connection: Reading,
    run_id: RunId,
    which: Which = "disagreements",
    first: Word | None = None,
    second: Word | None = None,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 20,
) -> CasePage:
    """Cases of a court; disagreements and audits are those that nobody has ruled on."""
    return reading.cases(
        connection,
        run_id,
        which=which,
        first=first,
        second=second,
        cursor=cursor,
        limit=limit,
    )


@router.post(
    "/court/{run_id}/adopt",
    status_code=201,
    response_model=Queued,
    responses=problems(404, 409, 422),
)
def adopt_court(connection: Writing, run_id: RunId) -> Queued:
    """Queue a run that writes down what the verifiers say now: of traces, of evaluations."""
    reading.adoptable(connection, run_id)
    wanted = NewRun(kind="adopt", name="adopt the verifiers", config=AdoptConfig(court_id=run_id))
    return queue(connection, wanted)
