"""/api/runs: every kind of long work, and what went in and out of it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator

from tunix_rt.kit.http import (
    Limit,
    OpenStore,
    Reading,
    ReadSettings,
    Writing,
    event_stream,
    json_response,
    path_id,
    problems,
)
from tunix_rt.runs import accelerators, query, query_read
from tunix_rt.runs.jobs import export_of, exports_of
from tunix_rt.runs.queueing import queue
from tunix_rt.runs.schema import (
    CancelAnswer,
    Lineage,
    MetricSeries,
    Queued,
    RunDetail,
    RunPage,
    Status,
)
from tunix_rt.runs.schema_export import NewRunExport, RunExports
from tunix_rt.runs.streaming import events

router = APIRouter(tags=["runs"])

RunId = Annotated[str, Path(), AfterValidator(path_id("run"))]
LAST_LINE = 2**31
"""No log is longer, and no database column here holds more."""

Kind = Literal["trace", "dataset", "run", "evaluation", "model"]


@router.get("/runs", response_model=RunPage, responses=problems(422))
def list_runs(
    connection: Reading,
    limit: Limit = 20,
    cursor: Annotated[str | None, Query(), AfterValidator(path_id("cursor"))] = None,
    kind: str | None = None,
    status: Status | None = None,
) -> RunPage:
    """Runs of every kind, newest first."""
    rows = query_read.page(connection, limit=limit + 1, before=cursor, kind=kind, status=status)
    more = len(rows) > limit
    return RunPage(
        data=[query_read.summary(row) for row in rows[:limit]],
        pagination=RunPage.Pagination(
            limit=limit, next_cursor=rows[limit - 1].id if more else None
        ),
    )


@router.get("/runs/{run_id}", response_model=RunDetail, responses=problems(404, 422))
def get_run(connection: Reading, store: OpenStore, run_id: RunId) -> RunDetail:
    """One run: its config, state, result and lineage."""
    row = query_read.get(connection, run_id)
    folder = str(store.home / "runs" / row.id)
    return query_read.detail(connection, row, folder, accelerators.here())


@router.post(
    "/runs/{run_id}/cancel", response_model=CancelAnswer, responses=problems(400, 404, 422)
)
def cancel_run(connection: Writing, run_id: RunId) -> CancelAnswer:
    """Stop a run: at once if it waits, at its next safe place if it works."""
    query.cancel(connection, run_id)
    return CancelAnswer(message="Run cancellation requested")


@router.post("/runs/{run_id}/retry", response_model=Queued, responses=problems(404, 409, 422))
def retry_run(connection: Writing, run_id: RunId) -> Queued:
    """Queue a run again that ended early: it goes on from what it left."""
    query.requeue(connection, run_id)
    return Queued(run_id=run_id, status="pending")


@router.get("/runs/{run_id}/export", response_model=RunExports, responses=problems(404, 422))
def get_exports(connection: Reading, settings: ReadSettings, run_id: RunId) -> RunExports:
    """Where a run can go now: to MLflow once it has ended, if the server has a tracker."""
    return exports_of(query_read.get(connection, run_id), settings)


@router.post(
    "/runs/{run_id}/export",
    status_code=202,
    response_model=Queued,
    responses=problems(404, 409, 422),
)
def export_run(
    connection: Writing, settings: ReadSettings, run_id: RunId, wanted: NewRunExport
) -> Queued:
    """Hand a run to TensorBoard, as a file that the new run leaves behind, or to MLflow."""
    row = query_read.get(connection, run_id)
    return queue(connection, export_of(row, wanted, settings))


@router.get("/runs/{run_id}/metrics", response_model=MetricSeries, responses=problems(404, 422))
def get_metrics(
    connection: Reading, run_id: RunId, points: Annotated[int, Query(ge=2, le=10_000)] = 2000
) -> Response:
    """The run's numbers step by step, thinned to about `points`."""
    query_read.get(connection, run_id)
    return json_response(query_read.metrics_json(connection, run_id, points))


@router.get(
    "/runs/{run_id}/logs",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}, **problems(422)},
)
def follow_log(
    store: OpenStore,
    run_id: RunId,
    since_seq: Annotated[int, Query(ge=0, le=LAST_LINE)] = 0,
    last_event_id: Annotated[int | None, Header(ge=0, le=LAST_LINE)] = None,
) -> StreamingResponse:
    """The run's log as server-sent events, from the line after `since_seq` on."""
    return event_stream(events(store, run_id, max(since_seq, last_event_id or 0)))


@router.get("/lineage/{kind}/{id_:path}", response_model=Lineage, responses=problems(404, 422))
def get_lineage(connection: Reading, kind: Kind, id_: str) -> Lineage:
    """What went into a thing and what came out of it."""
    return query_read.lineage_of(connection, kind, id_)
