"""/api/traces/stream in, /api/traces/export out: as many traces as there are, in little memory."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.requests import ClientDisconnect

from tunix_rt.kit.http import LimitedBody, OpenStore, problems
from tunix_rt.kit.words import Text
from tunix_rt.traces import exporting, importing, previewing
from tunix_rt.traces.intake import PATIENCE
from tunix_rt.traces.mapping import MOST, Mapped
from tunix_rt.traces.routes_wanted import Wanted
from tunix_rt.traces.schema_record import FormatInfo, Preview
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


ColumnMap = Annotated[list[Annotated[Text, Field(max_length=500)]] | None, Query(max_length=MOST)]
"""`part=column` pairs: prompt, response, steps, answer or meta.NAME, and a column's name."""


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
    map: ColumnMap = None,
) -> StreamingResponse:
    """Store a stream of records, a JSON object a line, each content once; any number of bytes.

    The answer has a line for each: `{line, id, known}`, or `{line, error}`; its last line is
    the report. If the stream breaks off, whole batches are stored: send it again.
    """
    mapped = Mapped(map) if map else None
    inflow = await run_in_threadpool(Inflow, store, source, format, mapped)
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


@router.post(
    "/preview",
    response_model=Preview,
    responses=problems(404, 413, 422),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string"}}},
        }
    },
)
def preview_traces(
    body: LimitedBody,
    name: Annotated[Text, Query(max_length=255)] = "",
    format: Annotated[str, Query(max_length=40)] = "auto",
    map: ColumnMap = None,
    cut: bool = False,
) -> Preview:
    """What an import of these first bytes of a file would do; nothing is stored.

    `cut` says that the file goes on after them: what they end in the middle of is left out.
    """
    mapped = Mapped(map) if map else None
    return previewing.preview_bytes(body, name, format=format, mapped=mapped, cut=cut)


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
