"""/api/traces."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator

from tunix_rt.kit.errors import BadRequest
from tunix_rt.kit.http import (
    Limit,
    LimitedBody,
    Offset,
    OpenStore,
    Reading,
    body_schema,
    json_response,
    parse_body,
    path_id,
    problems,
)
from tunix_rt.kit.ids import iso
from tunix_rt.traces import query
from tunix_rt.traces.schema import (
    MAX_BATCH,
    TRACE,
    TRACES,
    ComparedTrace,
    Comparison,
    Created,
    CreatedMany,
    Facets,
    FilterQuery,
    Pagination,
    ReasoningTrace,
    Score,
    ScoreRequest,
    Trace,
    TracePage,
)
from tunix_rt.traces.scoring import baseline

router = APIRouter(prefix="/traces", tags=["traces"])

TraceId = Annotated[str, Path(), AfterValidator(path_id("trace"))]
QueryId = Annotated[str, Query(), AfterValidator(path_id("trace"))]


Wanted = Annotated[FilterQuery, Depends()]


@router.post(
    "",
    status_code=201,
    response_model=Created,
    responses=problems(400, 413, 422),
    openapi_extra=body_schema(ReasoningTrace),
)
def create_trace(store: OpenStore, body: LimitedBody) -> Created:
    """Store one trace."""
    new = parse_body(TRACE, body)
    ready = _prepared(new)
    with store.write() as connection:  # not before: a slow sender must not keep others waiting
        [(id_, moment)] = query.add(connection, [ready])
    return Created(id=id_, created_at=iso(moment), trace_version=new.trace_version)


@router.post(
    "/batch",
    status_code=201,
    response_model=CreatedMany,
    responses=problems(400, 413, 422),
    openapi_extra=body_schema(TRACES),
)
def create_traces(store: OpenStore, body: LimitedBody) -> CreatedMany:
    """Store 1 to 1000 traces in one transaction: all of them or none."""
    try:
        new = parse_body(TRACES, body)
    except RequestValidationError as invalid:
        wrong = next((e["type"] for e in invalid.errors() if e["loc"] == ("body",)), "")
        if wrong == "too_short":
            raise BadRequest("The batch is empty.") from None
        if wrong == "too_long":
            raise BadRequest(f"The batch holds more than {MAX_BATCH} traces.") from None
        raise
    ready = [_prepared(one) for one in new]
    with store.write() as connection:
        created = query.add(connection, ready)
    return CreatedMany(
        created_count=len(created),
        traces=[
            Created(id=id_, created_at=iso(moment), trace_version=one.trace_version)
            for one, (id_, moment) in zip(new, created, strict=True)
        ],
    )


@router.get("", response_model=TracePage, responses=problems(422))
def list_traces(
    connection: Reading,
    wanted: Wanted,
    limit: Limit = 20,
    offset: Offset = 0,
    cursor: Annotated[str | None, Query(), AfterValidator(path_id("cursor"))] = None,
) -> Response:
    """Traces, newest first. Follow `next_cursor`; `offset` is for old clients."""
    rows = query.page(connection, wanted, limit=limit + 1, before=cursor, offset=offset)
    more = len(rows) > limit
    page = TracePage(
        data=[query.summary(row) for row in rows[:limit]],
        pagination=Pagination(
            limit=limit,
            offset=offset,
            next_offset=offset + limit if more else None,
            next_cursor=rows[limit - 1].id if more else None,
        ),
    )
    return json_response(page.model_dump_json().encode())


@router.get("/facets", response_model=Facets, responses=problems(422))
def get_facets(connection: Reading, wanted: Wanted) -> Facets:
    """How many traces match, by source, model and verdict."""
    return query.facets(connection, wanted)


@router.get("/compare", response_model=Comparison, responses=problems(404, 422))
def compare_traces(connection: Reading, base: QueryId, other: QueryId) -> Comparison:
    """Two traces side by side, each with its baseline score."""
    return Comparison(
        base=_compared(connection, base, "Base trace"),
        other=_compared(connection, other, "Other trace"),
    )


@router.get("/{trace_id}", response_model=Trace, responses=problems(404, 422))
def get_trace(connection: Reading, trace_id: TraceId) -> Trace:
    """One trace."""
    row = query.get(connection, trace_id)
    return Trace(
        id=row.id,
        created_at=iso(row.created_at),
        trace_version=row.trace_version,
        source=row.source,
        model=row.model,
        content_hash=bytes(row.content_hash).hex(),
        verdict=row.verdict,
        first_error_step=row.first_error_step,
        payload=query.payload(row),
    )


@router.post(
    "/{trace_id}/score", status_code=201, response_model=Score, responses=problems(404, 422)
)
def score_trace(
    connection: Reading, trace_id: TraceId, request: ScoreRequest | None = None
) -> Score:
    """The baseline score: it measures shape, not quality."""
    return baseline(trace_id, query.payload(query.get(connection, trace_id)))


def _prepared(new: ReasoningTrace) -> query.Prepared:
    return query.prepare(new, query.named_source(new) or "api")


def _compared(connection: Reading, trace_id: str, called: str) -> ComparedTrace:
    row = query.get(connection, trace_id, called=called)
    trace = query.payload(row)
    return ComparedTrace(
        id=row.id,
        created_at=iso(row.created_at),
        score=baseline(row.id, trace).score,
        trace_version=row.trace_version,
        payload=trace,
    )
