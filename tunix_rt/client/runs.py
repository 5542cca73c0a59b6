"""Runs: long work of every kind, watched to its end."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import islice
from typing import Literal

import httpx2
import msgspec

from tunix_rt.client.failing import RequestFailed
from tunix_rt.client.talking import PAGE, Talk
from tunix_rt.runs.schema import (
    CancelAnswer,
    Lineage,
    MetricSeries,
    Queued,
    RunDetail,
    RunPage,
    RunSummary,
    Status,
)
from tunix_rt.runs.schema_export import NewRunExport, RunExports

HERE = "/api/runs"
SILENCE = 45.0
"""Seconds without a word after which a log is asked for anew: a server speaks every 15."""

QUIET = 2.0
"""Seconds without a line after which a log is read as far as it goes."""

AGAIN_SECONDS = 0.2
MOST_IN_VAIN = 50
"""Connections in a row that break off soon and bring no line."""

NOT_FOUND = 404


class LogLine(msgspec.Struct, frozen=True):
    """One line of a run's log."""

    seq: int
    stream: str
    chunk: str
    created_at: str


class Runs:
    """Every kind of long work."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def list(
        self, *, kind: str | None = None, status: Status | None = None, limit: int | None = None
    ) -> Iterator[RunSummary]:
        """Runs, newest first; pages are read as they are needed."""
        return islice(self._listed(kind, status, min(limit or PAGE, PAGE)), limit)

    def get(self, run_id: str) -> RunDetail:
        """One run: its config, state, result and lineage."""
        return self._talk.get(f"{HERE}/{run_id}", RunDetail)

    def cancel(self, run_id: str) -> CancelAnswer:
        """Stop a run: at once if it waits, at its next safe place if it works."""
        return self._talk.post(f"{HERE}/{run_id}/cancel", None, CancelAnswer)

    def retry(self, run_id: str) -> Queued:
        """Queue a run again that failed, was cancelled or took too long."""
        return self._talk.post(f"{HERE}/{run_id}/retry", None, Queued)

    def exports(self, run_id: str) -> RunExports:
        """Where a run can go now: to TensorBoard, and to MLflow if the server has a tracker."""
        return self._talk.get(f"{HERE}/{run_id}/export", RunExports)

    def export(self, run_id: str, wanted: NewRunExport) -> Queued:
        """Hand a run to TensorBoard, as a file of the run that is queued, or to MLflow."""
        return self._talk.post(f"{HERE}/{run_id}/export", wanted, Queued)

    def metrics(self, run_id: str, *, points: int = 2000) -> MetricSeries:
        """The run's numbers step by step, thinned to about `points`."""
        return self._talk.get(f"{HERE}/{run_id}/metrics", MetricSeries, points=points)

    def lineage(
        self, kind: Literal["trace", "dataset", "run", "evaluation", "model"], id: str
    ) -> Lineage:
        """What went into a thing and what came out of it."""
        return self._talk.get(f"/api/lineage/{kind}/{id}", Lineage)

    def follow(self, run_id: str, *, since: int = 0) -> Iterator[LogLine]:
        """The lines of a run's log behind `since`, each once, until the run ends.

        A connection that breaks off is made anew, and goes on behind the last line that came.
        """
        return self._heard(run_id, since, None)

    def log(self, run_id: str) -> Iterator[LogLine]:
        """The lines there are now; those that come later are left to `follow`."""
        with ExitStack() as stack, suppress(httpx2.ReadTimeout):
            answer = self._listen(stack, run_id, 0, time.monotonic() + QUIET)
            yield from _lines(answer)

    def wait(
        self,
        run_id: str,
        *,
        on_log: Callable[[LogLine], None] = lambda line: None,
        seconds: float | None = None,
    ) -> RunDetail:
        """The run once it has ended, however it ended; after `seconds` as it is then."""
        end = None if seconds is None else time.monotonic() + seconds
        for line in self._heard(run_id, 0, end):
            on_log(line)
        return self.get(run_id)

    def _heard(self, run_id: str, seq: int, end: float | None) -> Iterator[LogLine]:
        vain = 0
        while end is None or time.monotonic() < end:
            began = time.monotonic()
            with ExitStack() as stack, suppress(httpx2.TransportError):
                for line in _lines(self._listen(stack, run_id, seq, end)):
                    seq, vain = line.seq, 0
                    yield line
                return
            vain = 0 if time.monotonic() - began > SILENCE / 3 else vain + 1
            if vain > MOST_IN_VAIN:
                raise RequestFailed(0, f"The log of run {run_id} breaks off again and again.")
            time.sleep(AGAIN_SECONDS)

    def _listen(
        self, stack: ExitStack, run_id: str, seq: int, end: float | None
    ) -> httpx2.Response:
        """The log from the line behind `seq` on."""
        left = SILENCE if end is None else max(0.1, min(SILENCE, end - time.monotonic()))
        return self._talk.until_done(
            lambda: stack.enter_context(
                self._talk.open(
                    "GET",
                    f"{HERE}/{run_id}/logs",
                    headers={"Last-Event-ID": str(seq)},
                    seconds=left,
                )
            ),
            again=True,
        )

    def _listed(self, kind: str | None, status: Status | None, size: int) -> Iterator[RunSummary]:
        cursor = None
        while True:
            page = self._talk.get(
                HERE, RunPage, kind=kind, status=status, limit=size, cursor=cursor
            )
            yield from page.data
            cursor = page.pagination.next_cursor
            if cursor is None:
                return


def _lines(answer: httpx2.Response) -> Iterator[LogLine]:
    """The lines of a log until its run has ended; a log that only stops is a broken one."""
    for event in httpx2.EventSource(answer):
        if event.event == "log":
            yield msgspec.json.decode(event.data, type=LogLine)
        elif event.event == "status":
            return
        elif event.event == "error":
            said = msgspec.json.decode(event.data, type=dict[str, str])
            raise RequestFailed(NOT_FOUND, said["error"])
    raise httpx2.RemoteProtocolError("the log ended before its run")
