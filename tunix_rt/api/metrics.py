"""GET /metrics: what this installation and this process do, for Prometheus.

Runs are counted in the database when somebody asks, so the numbers are true after a
restart and with several processes. Requests and write transactions are this process's own.
"""

import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tunix_rt.runs import query_measure
from tunix_rt.store import Store

if TYPE_CHECKING:
    from prometheus_client.core import Metric

PATH = "/metrics"
WRITE_MS = (1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 30_000)
ANSWER_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)

_request: ContextVar[Scope | None] = ContextVar("request", default=None)
"""The request this code works for; none in a worker."""


class Metrics:
    """The numbers of one application, in a registry of its own."""

    def __init__(self, store: Store) -> None:
        from prometheus_client import (
            CollectorRegistry,
            Counter,
            Histogram,
            PlatformCollector,
            ProcessCollector,
        )

        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.registry.register(_Runs(store))
        self._requests = Counter(
            "tunix_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "tunix_http_request_seconds",
            "Seconds until an answer began.",
            ("method", "route"),
            buckets=ANSWER_SECONDS,
            registry=self.registry,
        )
        self._writes = Histogram(
            "tunix_db_write_latency_ms",
            "Milliseconds of a write transaction, its waiting included.",
            ("operation",),
            buckets=WRITE_MS,
            registry=self.registry,
        )
        store.on_write = self._written

    def page(self, _: Request) -> Response:
        """Everything, as Prometheus reads it."""
        from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one answer."""
        method, route = _method(scope), _route(scope)
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def _written(self, seconds: float) -> None:
        scope = _request.get()
        operation = "background" if scope is None else _name(scope)
        self._writes.labels(operation).observe(seconds * 1000)


class Measured:
    """Pure ASGI around the application: times every answer, and says who a write is for."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and look at the clock when the answer begins."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.metrics.answered(scope, message["status"], time.perf_counter() - began)
            await send(message)

        _request.set(scope)
        await self.app(scope, receive, watch)


class _Runs:
    """What the table of runs says at the moment it is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> list[Any]:
        """Nothing: registering must not ask the database."""
        return []

    def collect(self) -> Iterator["Metric"]:
        """Trainings that have ended and how long they took; runs of every kind not yet ended."""
        from prometheus_client.core import (
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        with self._store.read() as connection:
            ended = query_measure.ended(connection)
            working = query_measure.open_runs(connection)
        total = CounterMetricFamily(
            "tunix_runs", "Training runs that have ended.", labels=("status", "mode")
        )
        took = HistogramMetricFamily(
            "tunix_runs_duration_seconds",
            "Seconds from a training run's start to its end.",
            labels=("mode", "status"),
        )
        for group in ended:
            total.add_metric((group.status, group.mode), group.count)
            buckets = [(f"{float(le):g}", n) for le, n in group.buckets]
            took.add_metric(
                (group.mode, group.status), [*buckets, ("+Inf", group.timed)], group.seconds
            )
        yield total
        yield took
        queue = GaugeMetricFamily(
            "tunix_runs_open", "Runs of any kind that have not ended.", labels=("kind", "status")
        )
        for kind, status, count in working:
            queue.add_metric((kind, status), count)
        yield queue


def _method(scope: Scope) -> str:
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return scope["method"] if scope["method"] in known else "other"


def _route(scope: Scope) -> str:
    """The route's pattern: what a client chose must not become a label."""
    path: str = getattr(scope.get("route"), "path", "other")
    outside = path.startswith("/api/") or not scope["path"].startswith("/api/")
    return path if outside else f"/api{path}"  # a route does not know where it was mounted


def _name(scope: Scope) -> str:
    name: str = getattr(scope.get("route"), "name", "other")
    return name
