"""/api/traces."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator

from tunix_rt.kit.errors import BadRequest, NotFound
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
from tunix_rt.traces import posting, query, query_facets, query_search, query_write
from tunix_rt.traces.routes_wanted import TraceId, Wanted
from tunix_rt.traces.schema import (
    MAX_BATCH,
    TRACES,
    AnyTrace,
    BaselineScore,
    ComparedTrace,
    Comparison,
    Created,
    CreatedMany,
    Facets,
    Order,
    Pagination,
    ReasoningTrace,
    ScoreRequest,
    Trace,
    TracePage,
    parse,
    parse_batch,
)
from tunix_rt.traces.scoring import baseline

router = APIRouter(prefix="/traces", tags=["traces"])

QueryId = Annotated[str, Query(), AfterValidator(path_id("trace"))]
Once = Annotated[bool, Query(description="Add what is known already not a second time.")]
IdempotencyKey = Annotated[
    str | None, Header(min_length=1, max_length=200, pattern=r"^[\x20-\x7e]+$")
]


QUICK = 64 * 1024
"""Bytes of a body that is read at once; a longer one is given a thread."""

CURSOR = r"^([0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}|[wr][0-9]{1,18})$"


@router.post(
    "",
    status_code=201,
    response_model=Created,
    responses=problems(400, 409, 413, 422),
    openapi_extra=body_schema(ReasoningTrace),
)
async def create_trace(
    store: OpenStore,
    body: LimitedBody,
    once: Once = False,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Store one trace; `once`, or a key, keeps a repeated request from storing it twice."""
    if len(body) > QUICK:
        new, order = await run_in_threadpool(_order, body, once, idempotency_key)
    else:
        new, order = _order(body, once, idempotency_key)
    [(id_, moment)] = await asyncio.shield(asyncio.wrap_future(posting.post(store, order)))
    created = Created(id=id_, created_at=iso(moment), trace_version=new.trace_version)
    return json_response(created.model_dump_json().encode(), 201)


@router.post(
    "/batch",
    status_code=201,
    response_model=CreatedMany,
    responses=problems(400, 409, 413, 422),
    openapi_extra=body_schema(TRACES),
)
async def create_traces(
    store: OpenStore,
    body: LimitedBody,
    once: Once = False,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Store 1 to 1000 traces in one transaction: all of them or none."""
    new, order = await run_in_threadpool(_orders, body, once, idempotency_key)
    created = await asyncio.shield(asyncio.wrap_future(posting.post(store, order)))
    said = {moment: iso(moment) for moment in {moment for _, moment in created}}
    traces = [  # as `Created` has it: a thousand models would cost as much as reading the batch
        {"id": id_, "created_at": said[moment], "trace_version": one.trace_version}
        for one, (id_, moment) in zip(new, created, strict=True)
    ]
    answer = {"created_count": len(created), "traces": traces}
    return json_response(msgspec.json.encode(answer), 201)


def _order(body: bytes, once: bool, key: str | None) -> tuple[AnyTrace, posting.Order]:
    new = parse_body(parse, body)
    order = posting.Order([_prepared(new)], once=once)
    if key is not None:
        order.keyed(key, body)
    return new, order


def _orders(body: bytes, once: bool, key: str | None) -> tuple[Sequence[AnyTrace], posting.Order]:
    new = _parsed(body)
    order = posting.Order([_prepared(one) for one in new], once=once)
    if key is not None:
        order.keyed(key, body)
    return new, order


def _parsed(body: bytes) -> Sequence[AnyTrace]:
    try:
        return parse_body(parse_batch, body)
    except RequestValidationError as invalid:
        wrong = next((e["type"] for e in invalid.errors() if e["loc"] == ("body",)), "")
        if wrong == "too_short":
            raise BadRequest("The batch is empty.") from None
        if wrong == "too_long":
            raise BadRequest(f"The batch holds more than {MAX_BATCH} traces.") from None
        raise


@router.get("", response_model=TracePage, responses=problems(422))
def list_traces(
    connection: Reading,
    wanted: Wanted,
    limit: Limit = 20,
    offset: Offset = 0,
    cursor: Annotated[str | None, Query(pattern=CURSOR)] = None,
    order: Order = "newest",
) -> Response:
    """Traces, newest first, or by rank those that answer `q` best.

    Follow `next_cursor`; `offset` is for old clients.
    """
    page = query.page(connection, wanted, limit=limit, cursor=cursor, offset=offset, order=order)
    answer = TracePage(
        data=[query.summary(row) for row in page.rows],
        pagination=Pagination(
            limit=limit,
            offset=offset,
            next_offset=offset + limit if page.next_cursor else None,
            next_cursor=page.next_cursor,
        ),
        unindexed=query_search.waiting(connection) if wanted.searches else 0,
    )
    return json_response(answer.model_dump_json().encode())


@router.get("/facets", response_model=Facets, responses=problems(422))
def get_facets(connection: Reading, wanted: Wanted) -> Facets:
    """How many traces match, by source, model, verdict, label and step type."""
    return query_facets.facets(connection, wanted)


@router.get("/compare", response_model=Comparison, responses=problems(404, 422))
def compare_traces(connection: Reading, base: QueryId, other: QueryId) -> Comparison:
    """Two traces side by side, each with its baseline score."""
    return Comparison(
        base=_compared(connection, base, "Base trace"),
        other=_compared(connection, other, "Other trace"),
    )


@router.get("/{trace_id}", response_model=Trace, responses=problems(404, 422))
def get_trace(connection: Reading, trace_id: TraceId, deleted: bool = False) -> Trace:
    """One trace; a deleted one only if it is asked for."""
    return query.shown(connection, query.get(connection, trace_id, deleted=deleted))


@router.get(
    "/{trace_id}/original",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, **problems(404, 422)},
)
def get_original(connection: Reading, trace_id: TraceId) -> Response:
    """The record a trace was read from, byte for byte, as plain text."""
    found = query.original(query.get(connection, trace_id))
    if found is None:
        raise NotFound("This trace was sent by a client; there is no other record of it.")
    return Response(found, media_type="text/plain; charset=utf-8")


@router.post(
    "/{trace_id}/score", status_code=201, response_model=BaselineScore, responses=problems(404, 422)
)
def score_trace(
    connection: Reading, trace_id: TraceId, request: ScoreRequest | None = None
) -> BaselineScore:
    """The baseline score: it measures shape, not quality."""
    return baseline(trace_id, query.payload(query.get(connection, trace_id)))


def _prepared(new: AnyTrace) -> query_write.Prepared:
    return query_write.prepare(new, query_write.named_source(new) or "api")


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
