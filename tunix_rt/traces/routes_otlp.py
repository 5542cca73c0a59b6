"""POST /v1/traces: where an OpenTelemetry exporter sends its spans, as OTLP over HTTP has it."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from tunix_rt.kit.errors import BadRequest, TooLarge
from tunix_rt.kit.http import OpenStore
from tunix_rt.store import Store
from tunix_rt.traces import telemetry

router = APIRouter(tags=["traces"])

JSON, PROTOBUF = "application/json", "application/x-protobuf"
INVALID_ARGUMENT = 3
"""What gRPC calls a request that makes no sense."""

_STATUS = {
    "content": {
        JSON: {
            "schema": {
                "type": "object",
                "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
            }
        },
        PROTOBUF: {},
    }
}


@router.post(
    "/v1/traces",
    response_class=Response,
    responses={
        200: {
            "content": {JSON: {"schema": {"type": "object"}}, PROTOBUF: {}},
            "description": "Taken; `partialSuccess` says how many spans could not be.",
        },
        400: {**_STATUS, "description": "The body is no export request."},
        413: {**_STATUS, "description": "The body is too large."},
        415: {**_STATUS, "description": "The body is neither JSON nor protobuf, plain or gzip."},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": {"type": "object"}},
                PROTOBUF: {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
async def take_spans(request: Request, store: OpenStore) -> Response:
    """Store each call of a model among the spans of an export request as a trace.

    The source of the traces is `otel:` and the `service.name`. Other spans are not kept.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    packing = request.headers.get("content-encoding", "identity").strip().lower()
    protobuf = kind == PROTOBUF
    if kind not in (JSON, PROTOBUF) or packing not in ("identity", "gzip", ""):
        return _refusal(415, "Send JSON or protobuf, plain or gzip.", protobuf=protobuf)
    try:
        body = await _body(request)
        return await run_in_threadpool(_take, store, body, protobuf, packing == "gzip")
    except (BadRequest, TooLarge) as error:
        return _refusal(error.status, error.message, protobuf=protobuf)


def _take(store: Store, body: bytes, protobuf: bool, packed: bool) -> Response:
    plain = telemetry.unzipped(body) if packed else body
    read = telemetry.from_protobuf if protobuf else telemetry.from_json
    taken = telemetry.take(store, read(plain))
    content = telemetry.answer(taken, protobuf=protobuf)
    return Response(content, media_type=PROTOBUF if protobuf else JSON)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > telemetry.MAX_BODY:
            raise telemetry.too_large
    return bytes(body)


def _refusal(status: int, message: str, *, protobuf: bool) -> Response:
    """A `google.rpc.Status`, which is what exporters read."""
    content = telemetry.status(INVALID_ARGUMENT, message, protobuf=protobuf)
    return Response(content, status_code=status, media_type=PROTOBUF if protobuf else JSON)
