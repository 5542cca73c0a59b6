"""The FastAPI application: every slice's router, errors as JSON, the web at the root."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from tunix_rt import __version__
from tunix_rt.api import web
from tunix_rt.api.guarding import Guard
from tunix_rt.api.metrics import PATH as METRICS_PATH
from tunix_rt.api.metrics import Measured, Metrics
from tunix_rt.floorplan import doors
from tunix_rt.kit.errors import TunixError
from tunix_rt.kit.http import OpenStore, Problem, Unexpected, problems
from tunix_rt.kit.settings import Settings
from tunix_rt.store import Store

LEAST_LIMIT = 1_048_576
"""Bytes of a body that every route takes, however small TRACE_MAX_BYTES is."""

ROUTES = (
    *("routes_stream", "routes_marks", "routes_xray", "routes_export", "routes_rollouts"),
    *("routes_checkpoints", "routes"),
)
"""Rooms that hold routes, those with fixed paths before those that take an id."""

OUTSIDE = ("routes_otlp",)
"""Rooms whose routes stand at the root, where the programs that call them expect them."""

ANYWHERE: dict[str, tuple[str, type[BaseModel]]] = {
    "400": ("The address or the body makes no sense.", Problem),
    "403": ("The request comes from another site, or asks for another host.", Problem),
    "413": ("The body is too large.", Problem),
    "500": ("A bug; the server's log has it under the id.", Unexpected),
    "503": ("The disk or the database refuses.", Problem),
}
"""What the guard and the error handlers may answer to any request."""


class Health(BaseModel):
    """Whether the server can work."""

    status: str


class Version(BaseModel):
    """Which version answers."""

    version: str


def create_app(store: Store, settings: Settings, *, hosts: frozenset[str] | None = None) -> FastAPI:
    """Build the application around an open store; `hosts` are the Host names it answers to."""
    app = FastAPI(
        title="Tunix RT",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.store = store
    app.state.settings = settings
    app.add_exception_handler(TunixError, _explain)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_api_route(
        "/api/health", _health, response_model=Health, responses=problems(503), tags=["server"]
    )
    app.add_api_route("/api/version", _version, response_model=Version, tags=["server"])
    metrics = Metrics(store)
    app.add_api_route(
        METRICS_PATH,
        metrics.page,
        response_class=PlainTextResponse,
        name="get_metrics_page",
        tags=["server"],
    )
    for room in ROUTES:
        for router in doors(room, "router"):
            app.include_router(router, prefix="/api")
    for room in OUTSIDE:
        for router in doors(room, "router"):
            app.include_router(router)
    app.router.default = web.site()  # not a mount: a mount would hide every 405
    most_bytes = max(settings.trace_max_bytes, LEAST_LIMIT)
    app.add_middleware(Guard, hosts=hosts, most_bytes=most_bytes)
    app.add_middleware(Measured, metrics=metrics)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _health(store: OpenStore) -> Any:
    """Whether the database answers."""
    try:
        with store.read() as connection:
            connection.exec_driver_sql("SELECT 1")
    except Exception as error:  # whatever it is, the answer is that we cannot work
        said = Problem(detail=f"The database cannot be reached: {error}", hint=None)
        return JSONResponse(said.model_dump(), status_code=503)
    return Health(status="healthy")


def _version() -> Version:
    """Which version answers."""
    return Version(version=__version__)


def _explain(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TunixError)
    said = Problem(detail=error.message, hint=error.hint)
    return JSONResponse(said.model_dump(), status_code=error.status)


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    shown = [
        {
            "type": one["type"],
            "loc": list(one["loc"]),
            "msg": one["msg"],
            "input": _short(one.get("input")),
        }
        for one in error.errors()[:50]
    ]
    return JSONResponse({"detail": jsonable_encoder(shown)}, status_code=422)


def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    said = Problem(detail=str(error.detail), hint=None)
    return JSONResponse(said.model_dump(), status_code=error.status_code, headers=error.headers)


def _short(value: Any) -> Any:
    """What was sent, if it is small: an error must not echo a megabyte or break JSON."""
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= 200 else text[:200] + "…"


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with what any route may answer and raw-body routes refer to."""
    if app.openapi_schema is None:
        from tunix_rt.traces.schema import TRACES

        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        known = document["components"]["schemas"]
        defs = TRACES.json_schema(ref_template="#/components/schemas/{model}")["$defs"]
        for name, schema in {**defs, "Unexpected": Unexpected.model_json_schema()}.items():
            known.setdefault(name, schema)
        for operation in (one for path in document["paths"].values() for one in path.values()):
            for status, (description, model) in ANYWHERE.items():
                schema = {"$ref": f"#/components/schemas/{model.__name__}"}
                content = {"application/json": {"schema": schema}}
                answer = {"description": description, "content": content}
                operation["responses"].setdefault(status, answer)
        app.openapi_schema = document
    return app.openapi_schema
