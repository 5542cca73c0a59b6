"""/api/observers: small models that say which traces to look at first."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from tunix_rt.kit.http import Limit, OpenStore, Reading, Writing, json_lines, problems
from tunix_rt.observers import exporting, query
from tunix_rt.observers.schema import (
    ExamineConfig,
    FitConfig,
    NewExam,
    NewRanking,
    Observer,
    Observers,
    RankConfig,
    RankedPage,
)
from tunix_rt.runs.queueing import queue
from tunix_rt.runs.schema import NewRun, Queued

router = APIRouter(prefix="/observers", tags=["observers"])

ObserverName = Annotated[str, Path(max_length=100)]


@router.get("", response_model=Observers, responses=problems(422))
def list_observers(connection: Reading, limit: Limit = 50) -> Observers:
    """Observers, newest first."""
    return Observers(data=query.page(connection, limit))


@router.post("", status_code=201, response_model=Queued, responses=problems(409, 422))
def fit_observer(connection: Writing, config: FitConfig) -> Queued:
    """Queue a run that fits an observer on traces whose truth is known."""
    if query.exists(connection, config.name):
        raise query.taken(config.name)
    return queue(connection, NewRun("observer", f"observer {config.name}", config))


@router.get("/{name}", response_model=Observer, responses=problems(404, 422))
def get_observer(connection: Reading, name: ObserverName) -> Observer:
    """One observer: what counts, how good it is, the exams it sat."""
    return query.get(connection, name)


@router.post("/{name}/exams", status_code=201, response_model=Queued, responses=problems(404, 422))
def examine_observer(connection: Writing, name: ObserverName, wanted: NewExam) -> Queued:
    """Queue an exam; passed, it is the licence to export labels."""
    query.get(connection, name)
    config = ExamineConfig(observer=name, **wanted.model_dump())
    return queue(connection, NewRun("observer-exam", f"exam of {name}", config))


@router.post(
    "/{name}/ranking", status_code=201, response_model=Queued, responses=problems(404, 422)
)
def rank_traces(connection: Writing, name: ObserverName, wanted: NewRanking) -> Queued:
    """Queue a run that says of every matching trace how likely it is wrong."""
    query.get(connection, name)
    config = RankConfig(observer=name, filter=wanted.filter)
    return queue(connection, NewRun("observer-rank", f"rank by {name}", config))


@router.get("/{name}/ranking", response_model=RankedPage, responses=problems(404, 422))
def list_ranked(
    connection: Reading,
    name: ObserverName,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 50,
) -> RankedPage:
    """Ranked traces, the likeliest wrong first: a queue for review, not verdicts."""
    query.get(connection, name)
    return query.ranked(connection, name, limit=limit, cursor=cursor)


@router.get(
    "/{name}/labels.jsonl",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}}, **problems(404, 409, 422)},
)
def export_labels(store: OpenStore, name: ObserverName) -> StreamingResponse:
    """What a licensed observer marks; 409 without a passed exam."""
    return json_lines(exporting.lines(store, name))
