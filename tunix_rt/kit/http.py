"""What the HTTP doors share: the store, limited bodies, and the shape of a failure."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import chain
from typing import Annotated, Any, TypeVar
from uuid import UUID

from anyio import Semaphore
from anyio.lowlevel import RunVar
from fastapi import Depends, Query, Request, Response
from fastapi.concurrency import contextmanager_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import Connection

from tunix_rt.kit.errors import BadRequest, TooLarge
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.settings import Settings

T = TypeVar("T")


class Problem(BaseModel):
    """How an explained failure looks on the wire."""

    detail: str
    hint: str | None


class Unexpected(BaseModel):
    """How a bug looks on the wire: the server's log has it under this id."""

    detail: str
    error_id: str


class InvalidField(BaseModel):
    """One thing wrong with a request: where, what, and what was sent."""

    type: str
    loc: list[str | int]
    msg: str
    input: Any


class Invalid(BaseModel):
    """How a request that does not validate is answered (422)."""

    detail: list[InvalidField] | str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The failures a route declares, for OpenAPI."""
    return {status: {"model": Invalid if status == 422 else Problem} for status in sorted(statuses)}


# These two are coroutines because FastAPI gives every plain function a thread.


async def _store(request: Request) -> Any:
    return request.app.state.store


async def _settings(request: Request) -> Settings:
    return _settings_of(request)


def _settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


MOST_AT_ONCE = 30
"""Requests that have a connection at once: fewer than there are threads, of which each needs one
more, to go on, once it has its connection. Were there more, all threads could wait for it."""

_turns: RunVar[Semaphore] = RunVar("tunix_rt_turns")


def _turn(request: Request) -> Semaphore:
    """Who has it may take a connection; one is left for those who need no second thread."""
    found = _turns.get(None)
    if found is None:
        settings = _settings_of(request)
        connections = settings.pool_size + settings.max_overflow
        found = Semaphore(max(1, min(connections - 1, MOST_AT_ONCE)))
        _turns.set(found)
    return found


async def _reading(request: Request) -> AsyncIterator[Connection]:
    reading = contextmanager_in_threadpool(request.app.state.store.read())
    async with _turn(request), reading as connection:
        yield connection


async def _writing(request: Request) -> AsyncIterator[Connection]:
    writing = contextmanager_in_threadpool(request.app.state.store.write())
    async with _turn(request), writing as connection:
        yield connection


Reading = Annotated[Connection, Depends(_reading, scope="function")]
"""A route that only reads: one consistent view, given back before the answer leaves."""

Writing = Annotated[Connection, Depends(_writing, scope="function")]
"""A route that writes: committed before the answer leaves, or rolled back."""

OpenStore = Annotated[Any, Depends(_store)]
"""The `Store` itself, for what outlives a request: streams, blobs."""

ReadSettings = Annotated[Settings, Depends(_settings)]

Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=2**31)]


async def _limited_body(request: Request) -> bytes:
    """The request's body, refused as soon as it is too large, chunked or not."""
    limit = _settings_of(request).trace_max_bytes
    declared = request.headers.get("content-length", "0")
    too_large = TooLarge(
        f"The body is larger than {limit} bytes.",
        hint="Send fewer traces at a time, or raise TRACE_MAX_BYTES.",
    )
    if declared.isdigit() and int(declared) > limit:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise too_large
    return bytes(body)


LimitedBody = Annotated[bytes, Depends(_limited_body)]


def parse_body(parse: Callable[[bytes], T], body: bytes) -> T:
    """A JSON body as `parse` has it; what is wrong with it is answered as FastAPI would (422)."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(
            f"The body is not UTF-8: bad byte at offset {error.start}.",
            hint="Encode the JSON as UTF-8.",
        ) from None
    try:
        return parse(body)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_context=False)
        raise RequestValidationError(
            [{**error, "loc": ("body", *error["loc"])} for error in errors]
        ) from None


def body_schema(model: type[BaseModel] | TypeAdapter[Any]) -> dict[str, Any]:
    """`openapi_extra` of a route that reads its body through `LimitedBody`."""
    adapter = model if isinstance(model, TypeAdapter) else TypeAdapter(model)
    schema = adapter.json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def path_id(kind: str) -> Callable[[str], str]:
    """A check for path parameters that hold an id."""

    def check(value: str) -> str:
        if not is_id(value):
            raise ValueError(f"not the id of a {kind}: a UUID is expected")
        return str(UUID(value))

    return check


def json_lines(blocks: Iterator[bytes]) -> StreamingResponse:
    """Lines of JSON as they are made; what prevents the first is answered before the 200 is."""
    first = next(blocks, b"")
    return StreamingResponse(chain([first], blocks), media_type="application/x-ndjson")


def event_stream(events: AsyncIterator[bytes]) -> StreamingResponse:
    """Server-sent events that no proxy holds back."""
    return StreamingResponse(
        events,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


def json_response(body: bytes, status: int = 200) -> Response:
    """An answer that is encoded already."""
    return Response(body, status_code=status, media_type="application/json")
