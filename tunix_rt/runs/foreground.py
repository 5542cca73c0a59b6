"""A run done here and now, for the terminal: same queue, same process, shown as it goes."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from tunix_rt.kit.errors import BadRequest, Broken, Conflict, TunixError
from tunix_rt.kit.ids import now
from tunix_rt.kit.terminal import hanging_up, hearing, plain, progress, say
from tunix_rt.runs import query, query_read
from tunix_rt.runs.schema import HELD, TERMINAL, NewRun
from tunix_rt.runs.spawning import command, environment
from tunix_rt.runs.working import Worker
from tunix_rt.store import Connection, Row
from tunix_rt.store.session import Session

WAITING_SECONDS = 0.5


class RunFailed(TunixError):
    """A run that was waited for did not complete."""


def do_now(
    session: Session,
    new: NewRun,
    *,
    quiet: bool = False,
    queued: Callable[[Connection, str], None] = lambda connection, run_id: None,
) -> Row[Any]:
    """Queue `new`, do it in a process of its own, wait, and return its row.

    Ctrl-C cancels it, and so do SIGTERM and a terminal that closes. If the process is killed, it is
    started again and goes on.
    `queued` is told the run's id, in the transaction that queues it.
    """

    def queue(connection: Connection) -> str:
        run_id = query.enqueue(connection, new)
        queued(connection, run_id)
        return run_id

    return _do(session, queue, new.name, quiet)


def do_again(session: Session, run_id: str, name: str, *, quiet: bool = False) -> Row[Any]:
    """The same with a run that stopped early: it goes on from what it left behind."""

    def queue(connection: Connection) -> str:
        go_on(connection, run_id)
        return run_id

    return _do(session, queue, name, quiet)


def go_on(connection: Connection, run_id: str) -> None:
    """Queue a run that stopped early, unless it waits in the queue already."""
    if query_read.get(connection, run_id).status != "pending":
        query.requeue(connection, run_id)


def let_go(session: Session, run_id: str) -> None:
    """Wait until nobody can be at work on a run any more; `Conflict` as soon as somebody is.

    Who was killed can no longer say so: a run counts as running until its lease is over,
    which who works on it renews several times.
    """
    first = None
    while True:
        with session.store.read() as connection:
            row = query_read.get(connection, run_id)
        if row.status not in HELD or row.lease_until < now():
            return
        if first is None:
            first = row.lease_until
            say(f"{run_id} counts as running; is somebody at work on it?")
        elif row.lease_until != first:
            raise Conflict(
                f"The run {run_id} is at work, as {row.worker}; only one that stopped can go on.",
                hint=f"tunix-rt runs cancel {run_id}",
            )
        time.sleep(WAITING_SECONDS)


def _do(session: Session, queue: Callable[[Connection], str], name: str, quiet: bool) -> Row[Any]:
    store = session.store
    settings = session.settings
    worker = Worker(store, command, environment(settings, dict(os.environ)))
    worker.limit_seconds, worker.grace_seconds = settings.run_seconds, settings.grace_seconds
    if not quiet:
        worker.on_line = lambda _stream, text: say(f"  {plain(text)}")
    with _stopped() as stopped, hanging_up(stopped.set):
        with store.write() as connection:
            run_id = queue(connection)
            claimed = worker.claim(connection, run_id)
        if claimed is None:
            say(f"{run_id} waits for its device, or for runs that it comes after")
        attempt = None if claimed is None else claimed.attempt
        _watch(session, worker, run_id, attempt, name, stopped)
    return _ended(session, run_id)


def _watch(
    session: Session,
    worker: Worker,
    run_id: str,
    attempt: int | None,
    name: str,
    stopped: threading.Event,
) -> None:
    """Let the worker do a run to its end, show how far it is, and cancel it once it is stopped."""
    done = threading.Event()
    broken: list[Exception] = []

    def work() -> None:
        try:
            if attempt is not None:
                worker.supervise(run_id, attempt)
            while worker.once(run_id) or _is_pending(session, run_id):
                time.sleep(WAITING_SECONDS)
        except Exception as error:  # this thread has nobody to tell; the caller says it
            broken.append(error)
        finally:
            done.set()

    threading.Thread(target=work, daemon=True).start()
    cancelled = False
    with progress(name, None) as advance:
        while not done.wait(WAITING_SECONDS):
            if stopped.is_set() and not cancelled:
                say("cancelling ...")
                cancelled = True
            with suppress(Broken):
                if cancelled:
                    _cancel(session, run_id)
                with session.store.read() as connection:
                    row = query_read.get(connection, run_id)
                if row.progress:
                    advance(row.progress["done"], row.progress["text"], row.progress["total"])
    if broken:
        raise broken[0]


def _ended(session: Session, run_id: str) -> Row[Any]:
    """The row of a run that completed; `RunFailed` says what became of any other."""
    with session.store.read() as connection:
        row = query_read.get(connection, run_id)
    if row.status not in TERMINAL:
        raise RunFailed(f"The run {run_id} was left {row.status}.", hint="tunix-rt work")
    if row.status != "completed":
        ended = "timed out" if row.status == "timeout" else row.status
        raise RunFailed(
            f"The run {ended}: {row.error or 'no reason was given'}",
            hint=f"Its log: tunix-rt runs log {run_id}",
        )
    return row


def _is_pending(session: Session, run_id: str) -> bool:
    """Whether a run still waits, for its device or for other runs."""
    with session.store.read() as connection:
        return bool(query_read.get(connection, run_id).status == "pending")


def _cancel(session: Session, run_id: str) -> None:
    """Ask a run to stop, unless it ended while we asked."""
    with suppress(BadRequest), session.store.write() as connection:
        query.cancel(connection, run_id)


@contextmanager
def _stopped() -> Iterator[threading.Event]:
    """Set by the first Ctrl-C or SIGTERM inside; the second one interrupts."""
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    with hearing(stop, signal.SIGINT, signal.SIGTERM):
        yield stopped
