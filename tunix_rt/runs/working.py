"""The worker: claim a run, give it a process, keep its heart beating, record its end.

A worker is a thread: it only waits, reads pipes and beats. The work is done by one
child process per run, so a crash, a leak or a kill in there takes nothing else down.
"""

import logging
import os
import queue
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Literal

from tunix_rt.kit.errors import TunixError
from tunix_rt.kit.ids import new_id
from tunix_rt.runs import query, query_read
from tunix_rt.runs.reporting import LEASE
from tunix_rt.runs.schema import TERMINAL
from tunix_rt.store import Store

log = logging.getLogger(__name__)

Spawn = Callable[[str, int], Sequence[str]]
"""(run id, attempt) to the argument list of the process that does the run."""

BEAT_SECONDS = LEASE.total_seconds() / 3
LOOK_SECONDS = 1.0
"""How soon a cancel is seen."""

FLUSH_SECONDS = 0.25
LINE_LIMIT = 8_000
"""Characters of one log line that are kept."""

LOG_LIMIT = 200_000
"""Lines of one run's log that are kept; a run that prints for ever fills no disk."""


@dataclass
class Worker:
    """Does runs one after another until it is told to stop."""

    store: Store
    spawn: Spawn
    environment: dict[str, str]
    poll_seconds: float = 0.5
    grace_seconds: float = 20.0
    on_line: Callable[[str, str], None] | None = None
    name: str = field(default_factory=lambda: _name())
    stop: threading.Event = field(default_factory=threading.Event)

    def forever(self) -> None:
        """Claim and do runs until `stop` is set."""
        while not self.stop.is_set():
            try:
                if not self.once():
                    self.stop.wait(self.poll_seconds)
            except TunixError as error:
                log.error("worker %s: %s", self.name, error)
                self.stop.wait(5)
            except Exception:  # a worker that dies silently leaves every run waiting
                log.exception("worker %s met a bug", self.name)
                self.stop.wait(5)

    def once(self, run_id: str | None = None) -> bool:
        """Do one run, or just `run_id`; say whether there was one to do."""
        with self.store.write() as connection:
            claimed = query.claim(connection, worker=self.name, lease=LEASE, run_id=run_id)
        if claimed is None:
            return False
        self.supervise(claimed.id, claimed.attempt)
        return True

    def supervise(self, run_id: str, attempt: int) -> None:
        """Do one claimed run to its end."""
        process = subprocess.Popen(
            list(self.spawn(run_id, attempt)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            start_new_session=True,
        )
        lines = _Lines(process)
        try:
            lost = self._watch(process, run_id, attempt, lines)
        finally:
            if process.poll() is None:
                _signal(process, signal.SIGKILL)
            code = process.wait()
        self._keep(run_id, lines.rest())
        if not lost:
            self._record(run_id, attempt, code)

    def _watch(
        self, process: subprocess.Popen[bytes], run_id: str, attempt: int, lines: "_Lines"
    ) -> bool:
        """Beat and collect lines until the process ends; say whether the run was lost."""
        next_look, next_beat, kill_at = 0.0, 0.0, float("inf")
        while process.poll() is None:
            self._keep(run_id, lines.take(FLUSH_SECONDS))
            clock = time.monotonic()
            if clock >= kill_at:
                _signal(process, signal.SIGKILL)
            if clock < next_look:
                continue
            next_look = clock + LOOK_SECONDS
            state = self._look(run_id, attempt, beat=clock >= next_beat)
            if clock >= next_beat:
                next_beat = clock + BEAT_SECONDS
            if state == "lost":
                return True
            if state == "ask to stop" and kill_at == float("inf"):
                kill_at = clock + self.grace_seconds
                _signal(process, signal.SIGTERM)
            if state == "ended" and kill_at == float("inf"):
                kill_at = clock + self.grace_seconds
        return False

    def _look(
        self, run_id: str, attempt: int, *, beat: bool
    ) -> Literal["work on", "ask to stop", "ended", "lost"]:
        with self.store.read() as connection:
            row = query_read.get(connection, run_id)
        if row.attempt != attempt or row.status == "pending":
            return "lost"
        if row.status in TERMINAL:
            return "ended"
        if beat:
            with self.store.write() as connection:
                query.beat(connection, run_id, attempt, lease=LEASE)
        stopping = self.stop.is_set() or row.status == "cancel_requested"
        return "ask to stop" if stopping else "work on"

    def _keep(self, run_id: str, lines: list[tuple[str, str]]) -> None:
        if not lines:
            return
        if self.on_line is not None:
            for stream, text in lines:
                self.on_line(stream, text)
        with self.store.write() as connection:
            query.add_log(connection, run_id, lines)

    def _record(self, run_id: str, attempt: int, code: int) -> None:
        """Say how the process ended, if it could not say so itself."""
        with self.store.write() as connection:
            if query_read.get(connection, run_id).status == "pending":
                return  # the process let go of the run itself
            if code >= 0:
                error = f"The run's process ended with code {code} and said nothing."
                query.finish(
                    connection, run_id, attempt, status="failed", error=error, exit_code=code
                )
            elif (after := query.put_back(connection, run_id, attempt, died=True)) is not None:
                text = f"The run's process was killed ({signal.Signals(-code).name}): {after}."
                query.add_log(connection, run_id, [("worker", text)])


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{new_id()[-4:]}"[-120:]


class _Lines:
    """The output of a process, read by two threads so that neither pipe can fill up."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._queue: queue.Queue[tuple[str, str]] = queue.Queue(maxsize=10_000)
        self._kept = 0
        self._readers = [
            threading.Thread(target=self._read, args=(name, pipe), daemon=True)
            for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr))
            if pipe is not None
        ]
        for reader in self._readers:
            reader.start()

    def take(self, seconds: float) -> list[tuple[str, str]]:
        """Whatever was said, after waiting up to `seconds` for something."""
        lines = []
        try:
            lines.append(self._queue.get(timeout=seconds))
            while len(lines) < 1000:
                lines.append(self._queue.get_nowait())
        except queue.Empty:
            pass
        return lines

    def rest(self) -> list[tuple[str, str]]:
        """What is still unread once the process has ended."""
        for reader in self._readers:
            reader.join(timeout=5)
        lines = []
        while not self._queue.empty():
            lines.append(self._queue.get_nowait())
        return lines

    def _read(self, name: str, pipe: IO[bytes]) -> None:
        with pipe:
            while raw := pipe.readline(LINE_LIMIT):
                self._kept += 1
                if self._kept > LOG_LIMIT:
                    continue
                text = raw.decode(errors="replace").rstrip("\r\n").replace("\0", "\ufffd")
                if self._kept == LOG_LIMIT:
                    text = f"(the log is full: only its first {LOG_LIMIT:,} lines are kept)"
                self._queue.put((name, text))


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the run's process and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
