"""/api/exams: planted errors, to test checkers with and to train on."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from tunix_rt.exams import exporting, query, reading
from tunix_rt.exams.jobs import ScoreConfig
from tunix_rt.exams.schema import (
    ErrorKind,
    Exam,
    ExamConfig,
    Exams,
    Format,
    ItemPage,
    NewScore,
    Scores,
)
from tunix_rt.kit.http import Limit, OpenStore, Reading, Writing, json_lines, problems
from tunix_rt.runs.queueing import queue
from tunix_rt.runs.schema import NewRun, Queued
from tunix_rt.verify.checking import step_verifier

router = APIRouter(prefix="/exams", tags=["exams"])

ExamName = Annotated[str, Path(max_length=100)]


@router.get("", response_model=Exams, responses=problems(422))
def list_exams(connection: Reading, limit: Limit = 50) -> Exams:
    """Exams, newest first."""
    return Exams(data=query.page(connection, limit))


@router.post("", status_code=201, response_model=Queued, responses=problems(409, 422))
def make_exam(connection: Writing, config: ExamConfig) -> Queued:
    """Queue a run that plants one known error in each of so many verified traces."""
    if query.exists(connection, config.name):
        raise query.taken(config.name)
    new = NewRun(kind="exam", name=f"exam {config.name}", config=config)
    return queue(connection, new)


@router.get("/{name}", response_model=Exam, responses=problems(404, 422))
def get_exam(connection: Reading, name: ExamName) -> Exam:
    """One exam, and what it is made of."""
    return query.get(connection, name)


@router.get("/{name}/items", response_model=ItemPage, responses=problems(404, 422))
def list_exam_items(
    connection: Reading,
    name: ExamName,
    kind: ErrorKind | None = None,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
    limit: Limit = 20,
) -> ItemPage:
    """Items of an exam: the changed traces, and where they were changed."""
    query.get(connection, name)
    rows, following = query.items(connection, name, limit=limit, cursor=cursor, kind=kind)
    return ItemPage(data=[query.shown(row) for row in rows], next_cursor=following)


@router.get("/{name}/scores", response_model=Scores, responses=problems(404, 422))
def list_scores(connection: Reading, name: ExamName) -> Scores:
    """How step verifiers did on this exam, newest first."""
    query.get(connection, name)
    return Scores(data=reading.scores(connection, name))


@router.post("/{name}/scores", status_code=201, response_model=Queued, responses=problems(404, 422))
def sit_exam(connection: Writing, name: ExamName, wanted: NewScore) -> Queued:
    """Queue a run in which a step verifier sits this exam."""
    query.get(connection, name)
    step_verifier(wanted.verifier)
    config = ScoreConfig(exam=name, verifier=wanted.verifier)
    new = NewRun(kind="exam-score", name=f"{wanted.verifier} on {name}", config=config)
    return queue(connection, new)


@router.get(
    "/{name}/export.jsonl",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}}, **problems(404, 422)},
)
def export_exam(
    store: OpenStore, name: ExamName, format: Format = "processbench"
) -> StreamingResponse:
    """An exam as ProcessBench, PRM800K or TRL stepwise rows, preference pairs, or traces."""
    return json_lines(exporting.lines(store, name, format))
