"""/api/curations and /api/curate/stages: pipelines over traces, and why each was taken or not."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator

from tunix_rt.curate import reading, staging
from tunix_rt.curate.pipeline import require
from tunix_rt.curate.schema import CurateConfig
from tunix_rt.curate.schema_report import (
    ClusterPage,
    Curation,
    CurationPage,
    DecisionPage,
    HitPage,
    KnownStages,
    TraceCurations,
)
from tunix_rt.curate.staging import confined_pipeline
from tunix_rt.kit.http import Limit, Reading, ReadSettings, Writing, path_id, problems
from tunix_rt.kit.settings import Settings
from tunix_rt.runs.queueing import queue
from tunix_rt.runs.schema import Queued
from tunix_rt.traces import query as traces

router = APIRouter(tags=["curate"])

RunId = Annotated[str, Path(), AfterValidator(path_id("curation"))]
TraceId = Annotated[str, Path(), AfterValidator(path_id("trace"))]
Cursor = Annotated[str | None, Query(max_length=100)]
Word = Annotated[str | None, Query(min_length=1, max_length=64)]


@router.get("/curate/stages", response_model=KnownStages)
def list_stages() -> KnownStages:
    """Every stage with what it takes, as JSON Schema with defaults."""
    return KnownStages(data=staging.known())


@router.post(
    "/curations", status_code=202, response_model=Queued, responses=problems(403, 404, 422)
)
def start_curation(connection: Writing, settings: ReadSettings, config: CurateConfig) -> Queued:
    """Queue a run of a pipeline; a dry run decides the same, and nothing is frozen from it."""
    require(connection, config.pipeline)
    return queue(connection, reading.new(_confined(config, settings)))


@router.get("/curations", response_model=CurationPage, responses=problems(422))
def list_curations(connection: Reading, cursor: Cursor = None, limit: Limit = 50) -> CurationPage:
    """Curations, newest first."""
    return reading.curations(connection, limit=limit, cursor=cursor)


@router.get("/curations/{run_id}", response_model=Curation, responses=problems(404, 422))
def get_curation(connection: Reading, run_id: RunId) -> Curation:
    """The funnel: what came to each stage, what it dropped and why, with examples."""
    return reading.curation(connection, run_id)


@router.get(
    "/curations/{run_id}/decisions", response_model=DecisionPage, responses=problems(404, 422)
)
def list_decisions(
    connection: Reading,
    run_id: RunId,
    kept: bool | None = None,
    stage: Word = None,
    reason: Word = None,
    twin: Cursor = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DecisionPage:
    """What was said of each trace; `twin` is the trace that others were dropped for."""
    return reading.decisions(
        connection,
        run_id,
        kept=kept,
        stage=stage,
        reason=reason,
        twin=twin,
        cursor=cursor,
        limit=limit,
    )


@router.get(
    "/curations/{run_id}/clusters", response_model=ClusterPage, responses=problems(404, 422)
)
def list_clusters(
    connection: Reading, run_id: RunId, cursor: Cursor = None, limit: Limit = 20
) -> ClusterPage:
    """Kept traces with the duplicates that were dropped for them, the largest clusters first."""
    return reading.clusters(connection, run_id, cursor=cursor, limit=limit)


@router.get("/curations/{run_id}/hits", response_model=HitPage, responses=problems(404, 422))
def list_hits(
    connection: Reading, run_id: RunId, cursor: Cursor = None, limit: Limit = 20
) -> HitPage:
    """Traces that hold an item of an eval set: both texts, and the characters they share."""
    return reading.hits(connection, run_id, cursor=cursor, limit=limit)


@router.get(
    "/traces/{trace_id}/curations", response_model=TraceCurations, responses=problems(404, 422)
)
def list_curations_of_trace(connection: Reading, trace_id: TraceId) -> TraceCurations:
    """What the newest 50 curations said of one trace."""
    traces.get(connection, trace_id)
    return reading.of_trace(connection, trace_id)


def _confined(config: CurateConfig, settings: Settings) -> CurateConfig:
    pipeline = confined_pipeline(config.pipeline, settings)
    return config.model_copy(update={"pipeline": pipeline})
