"""/api/traces/stream in, /api/traces/export out: as many traces as there are, in little memory."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from tunix_rt.kit.http import OpenStore, problems
from tunix_rt.kit.words import Text
from tunix_rt.traces import exporting, importing
from tunix_rt.traces.intake import PATIENCE
from tunix_rt.traces.routes_wanted import Wanted
from tunix_rt.traces.schema_record import FormatInfo
from tunix_rt.traces.streaming import Inflow

router = APIRouter(prefix="/traces", tags=["traces"])

NDJSON = "application/x-ndjson"
FEED_BYTES = 1024 * 1024
"""Bytes that are gathered before a thread reads their lines."""

ndjson_body = {
    "requestBody": {"required": True, "content": {NDJSON: {"schema": {"type": "string"}}}}
}
ndjson_answer: dict[int | str, dict[str, Any]] = {
    200: {"content": {NDJSON: {}}, "description": "A JSON object a line."}
}


@router.post(
    "/stream",
    response_class=StreamingResponse,
    responses={**ndjson_answer, **problems(404, 422)},
    openapi_extra=ndjson_body,
)
async def stream_traces(
    request: Request,
    store: OpenStore,
    source: Annotated[Text, Query(min_length=1, max_length=200)] = "stream",
    format: Annotated[str, Query(max_length=40)] = "jsonl",
) -> StreamingResponse:
    """Store a stream of records, a JSON object a line, each content once; any number of bytes.

    The answer has a line for each: `{line, id, known}`, or `{line, error}`; its last line is
    the report. If the stream breaks off, whole batches are stored: send it again.
    """
    inflow = await run_in_threadpool(Inflow, store, source, format)
    try:
        gathered, fed = bytearray(), time.monotonic()
        async for chunk in request.stream():
            gathered += chunk
            if len(gathered) >= FEED_BYTES or time.monotonic() - fed > PATIENCE:
                await run_in_threadpool(inflow.feed, bytes(gathered))
                gathered.clear()
                fed = time.monotonic()
        await run_in_threadpool(inflow.feed, bytes(gathered))
        await run_in_threadpool(inflow.end)
    except ClientDisconnect:  # nobody is left to answer; whole batches are stored
        await run_in_threadpool(inflow.close)
        return StreamingResponse(iter(()), status_code=400)
    except BaseException:
        inflow.close(wait=False)
        raise
    return StreamingResponse(inflow.answer(), media_type=NDJSON)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/octet-stream": {}}, "description": "A file of the format."},
        **problems(404, 422),
    },
)
def export_traces(
    store: OpenStore, wanted: Wanted, format: Annotated[str, Query(max_length=40)] = "jsonl"
) -> StreamingResponse:
    """Matching traces as a file, oldest first."""
    chunks = exporting.export(store, wanted, format=format)
    return StreamingResponse(
        chunks,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="traces.{format}"'},
    )


@router.get("/formats", response_model=list[FormatInfo])
def list_formats() -> list[FormatInfo]:
    """The formats that can be read, and which can be written."""
    return importing.known_formats()
