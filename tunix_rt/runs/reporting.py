"""What a job uses to speak: log, metric, progress, and whether it should stop.

Numbers are written at most every `INTERVAL` seconds, so that a fast loop costs one
small transaction a second; the last ones are written when the job ends.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import Cancelled
from tunix_rt.runs import query
from tunix_rt.store import Connection, Store

LEASE = timedelta(seconds=30)
"""How long a run stays with a worker whose heart has stopped."""

INTERVAL = 1.0
"""Seconds between two writes of metrics and progress."""


class Reporter:
    """The `Run` a job is handed inside its own process."""

    def __init__(self, store: Store, run_id: str, attempt: int, folder: Path) -> None:
        self.id = run_id
        self.attempt = attempt
        self.store = store
        self.folder = folder
        self.stopping = False
        self._points: dict[int, dict[str, float]] = {}
        self._progress: dict[str, Any] | None = None
        self._written = 0.0

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that commits only while the run is ours."""
        with self.store.write() as connection:
            query.hold(connection, self.id, self.attempt)
            yield connection

    def log(self, text: str) -> None:
        """Add one line to the run's log: the worker reads this process's output."""
        print(text.replace("\n", " "), flush=True)  # noqa: T201

    def metric(self, step: int, values: dict[str, float]) -> None:
        """Record the finite ones of some numbers; a repeated step replaces its point."""
        finite = {name: value for name, value in values.items() if math.isfinite(value)}
        if finite:
            self._points[step] = finite
        self._write_now_and_then()

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        """Say how far the work is; also beats the heart and checks for a cancel."""
        self._progress = {"done": done, "total": total, "text": text}
        self._write_now_and_then()
        if self.stopping:
            raise Cancelled("The run was cancelled.")

    def check_cancelled(self) -> None:
        """Raise `Cancelled` when somebody asked this run to stop."""
        self._write_now_and_then()
        if self.stopping:
            raise Cancelled("The run was cancelled.")

    def result(self, values: dict[str, Any]) -> None:
        """Keep what the run found on its row."""
        self._write(result=values)

    def flush(self) -> None:
        """Write what is still held back."""
        self._write()

    def _write_now_and_then(self) -> None:
        if time.monotonic() - self._written >= INTERVAL:
            self._write()

    def _write(self, **values: Any) -> None:
        if self._progress is not None:
            values["progress"] = self._progress
        if self._points:
            values["last_metrics"] = self._points[max(self._points)]
        with self.store.write() as connection:
            status = query.beat(connection, self.id, self.attempt, lease=LEASE, **values)
            if self._points:
                query.put_metrics(connection, self.id, self._points)
        self._points = {}
        self._written = time.monotonic()
        self.stopping = self.stopping or status == "cancel_requested"
