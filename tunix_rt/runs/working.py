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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Any, Literal

from tunix_rt.kit.errors import Lost, TunixError
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.words import no_nul
from tunix_rt.runs import accelerators, query, query_read
from tunix_rt.runs.reporting import LEASE
from tunix_rt.runs.schema import TERMINAL
from tunix_rt.store import Connection, Row, Store

log = logging.getLogger(__name__)

Spawn = Callable[[str, int], Sequence[str]]
"""(run id, attempt) to the argument list of the process that does the run."""

State = Literal["work on", "ask to stop", "ended", "lost"]

BEAT_SECONDS = LEASE.total_seconds() / 3
LOOK_SECONDS = 1.0
"""How soon a cancel is seen."""

FLUSH_SECONDS = 0.25
BATCH = 1000
"""Log lines stored at once."""

LINE_LIMIT = 8_000
"""Bytes of one log line that are kept."""

LOG_LIMIT = 16_000_000
"""Characters of one run's log that are kept; a run that prints for ever fills no disk."""

KILLED = (
    " If nobody killed it, the machine's memory may have run out (its kernel log says so): let the "
    "run do less at once, of a training with a smaller batch_size or more accumulate."
)
"""What may be behind a SIGKILL that was not ours."""

ROW_COST = 50
"""Characters that a line counts for beside its own: an empty line is a row too."""


@dataclass
class Worker:
    """Does runs one after another until it is told to stop."""

    store: Store
    spawn: Spawn
    environment: dict[str, str]
    poll_seconds: float = 0.5
    grace_seconds: float = 60.0
    """What a process that shall stop may take to keep where it is."""

    limit_seconds: float = 0
    """Longest time one attempt may take; 0 sets no limit."""

    log_limit: int = LOG_LIMIT
    on_line: Callable[[str, str], None] | None = None
    name: str = field(default_factory=lambda: _name())
    stop: threading.Event = field(default_factory=threading.Event)
    accelerator: str | None = field(default_factory=accelerators.here)
    """The kind that this machine has."""

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
            claimed = self.claim(connection, run_id)
        if claimed is None:
            return False
        self.supervise(claimed.id, claimed.attempt)
        return True

    def claim(self, connection: Connection, run_id: str | None = None) -> Row[Any] | None:
        """Take a run that waits, or just `run_id`, if this machine can do it now."""
        return query.claim(
            connection, worker=self.name, lease=LEASE, run_id=run_id, accelerator=self.accelerator
        )

    def supervise(self, run_id: str, attempt: int) -> None:
        """Do one claimed run to its end."""
        patience = _Patience()
        left = self.log_limit if attempt == 1 else self._log_left(run_id)
        process = subprocess.Popen(
            list(self.spawn(run_id, attempt)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            start_new_session=True,
        )
        lines = _Lines(process, left)
        try:
            lost = self._watch(process, run_id, attempt, lines, patience)
        finally:
            if process.poll() is None:
                _signal(process, signal.SIGKILL)
            code = process.wait()
        lines.rest()
        patience.insist(lambda: self._keep(run_id, lines))
        if not lost:
            patience.insist(lambda: self._record(run_id, attempt, code))

    def _watch(
        self,
        process: subprocess.Popen[bytes],
        run_id: str,
        attempt: int,
        lines: "_Lines",
        patience: "_Patience",
    ) -> bool:
        """Beat and collect lines until the process ends; say whether the run was lost."""
        next_look, next_beat, kill_at = 0.0, 0.0, float("inf")
        late_at = time.monotonic() + (self.limit_seconds or float("inf"))
        state: State = "work on"
        while process.poll() is None:
            lines.take(FLUSH_SECONDS)
            clock = time.monotonic()
            if clock >= kill_at:
                _signal(process, signal.SIGKILL)
            with patience.bears():
                self._keep(run_id, lines)
                if clock < next_look:
                    continue
                next_look = clock + LOOK_SECONDS
                if clock >= late_at:
                    self._time_out(run_id, attempt)
                    late_at = float("inf")
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

    def _look(self, run_id: str, attempt: int, *, beat: bool) -> State:
        with self.store.read() as connection:
            row = query_read.get(connection, run_id)
        if row.attempt != attempt or row.status == "pending":
            return "lost"
        if row.status in TERMINAL:
            return "ended"
        if beat:
            try:
                with self.store.write() as connection:
                    query.beat(connection, run_id, attempt, lease=LEASE)
            except Lost:
                return "ended"  # between the two looks
        stopping = self.stop.is_set() or row.status == "cancel_requested"
        return "ask to stop" if stopping else "work on"

    def _time_out(self, run_id: str, attempt: int) -> None:
        """Ask a run that takes too long to stop, with the grace that a cancelled one has."""
        error = f"The run took longer than {self.limit_seconds:g} seconds (TUNIX_RT_RUN_SECONDS)."
        with self.store.write() as connection:
            query.time_out(connection, run_id, attempt, error=error)

    def _keep(self, run_id: str, lines: "_Lines") -> None:
        """Store what was said; what could not be stored is there the next time."""
        if lines.taken:
            with self.store.write() as connection:
                query.add_log(connection, run_id, lines.taken)
        said, lines.taken = lines.taken, []
        if self.on_line is not None:
            for stream, text in said:
                self.on_line(stream, text)

    def _log_left(self, run_id: str) -> int:
        """Room in the log of a run that was begun before."""
        with self.store.read() as connection:
            lines, characters = query_read.log_size(connection, run_id)
        return self.log_limit - characters - ROW_COST * lines

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
                return
            died = not self.stop.is_set()  # else it was stopped, by us
            why = KILLED if died and code == -signal.SIGKILL else ""
            after = query.put_back(connection, run_id, attempt, died=died, why=why)
            if after is not None:
                text = f"The run's process was killed ({signal.Signals(-code).name}): {after}."
                text += why if after == query.AGAIN else ""
                query.add_log(connection, run_id, [("worker", text)])


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{new_id()[-4:]}"[-120:]


class _Patience:
    """Bears a database that does not answer for as long as a lease lasts: the run works on."""

    def __init__(self) -> None:
        self._failing_since: float | None = None

    @contextmanager
    def bears(self) -> Iterator[None]:
        """Let an error pass; but not when nothing else came for too long."""
        try:
            yield
        except Exception as error:  # of the driver too, and no driver is known here
            clock = time.monotonic()
            if self._failing_since is None:
                self._failing_since = clock
                log.warning("a run works on unwatched, until this passes: %s", error)
            if clock - self._failing_since > LEASE.total_seconds():
                raise
        else:
            self._failing_since = None

    def insist(self, act: Callable[[], None]) -> None:
        """Do `act`, again and again until it is done or patience ends."""
        done = False
        while not done:
            with self.bears():
                act()
                done = True
            if not done:
                time.sleep(FLUSH_SECONDS)


class _Lines:
    """The output of a process, read by two threads so that neither pipe can fill up."""

    def __init__(self, process: subprocess.Popen[bytes], left: int) -> None:
        self.taken: list[tuple[str, str]] = []
        """What is not stored yet."""
        self._queue: queue.Queue[tuple[str, str] | None] = queue.Queue(maxsize=10_000)
        """Lines, and `None` where a pipe ends."""
        self._process, self._left, self._counting = process, left, threading.Lock()
        self._readers = [
            threading.Thread(target=self._read, args=(name, pipe), daemon=True)
            for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr))
            if pipe is not None
        ]
        self._open = len(self._readers)
        for reader in self._readers:
            reader.start()

    def take(self, seconds: float) -> None:
        """Take whatever was said, after waiting up to `seconds` for something or the end."""
        if len(self.taken) >= BATCH:  # the database takes nothing: let the process wait
            time.sleep(seconds)
            return
        if not self._open:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
            return
        with suppress(queue.Empty):
            self._took(self._queue.get(timeout=seconds))
            while len(self.taken) < BATCH:
                self._took(self._queue.get_nowait())

    def rest(self) -> None:
        """Take what is still unread once the process has ended."""
        end = time.monotonic() + 5  # what it started may hold the pipes open
        while any(reader.is_alive() for reader in self._readers) and time.monotonic() < end:
            self._drain()
            time.sleep(0.01)
        self._drain()

    def _drain(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._took(self._queue.get_nowait())

    def _took(self, said: tuple[str, str] | None) -> None:
        if said is None:
            self._open -= 1
        else:
            self.taken.append(said)

    def _read(self, name: str, pipe: IO[bytes]) -> None:
        with pipe:
            while raw := pipe.readline(LINE_LIMIT):
                text = no_nul(raw.decode(errors="replace").rstrip("\r\n"))
                with self._counting:
                    before, self._left = self._left, self._left - len(text) - ROW_COST
                if self._left >= 0:
                    self._queue.put((name, text))
                elif before >= 0:
                    full = "(the log is full: what follows is not kept)"
                    self._queue.put(("worker", full))
        self._queue.put(None)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the run's process and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
