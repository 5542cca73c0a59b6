"""tunix-rt serve: start the API, the web and the workers on this machine."""

import os
import signal
import socket
import sys
import threading
import webbrowser
from functools import partial
from types import FrameType

import click

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.terminal import hanging_up, say
from tunix_rt.store.session import Session, pass_session

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


BACKLOG = 2048
"""Connections that may wait; also before the server is ready, so none is refused."""


@click.command()
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option(
    "--allowed-host",
    "names",
    multiple=True,
    help="A name or address, besides --host and this machine's name, that the server answers to.",
)
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@click.option("--workers", default=1, type=click.IntRange(0, 64), help="Runs done at once.")
@pass_session
def serve(
    session: Session,
    host: str,
    port: int | None,
    names: tuple[str, ...],
    no_open: bool,
    workers: int,
) -> None:
    """Start the API, the web and the workers; Ctrl-C stops them and loses nothing.

    A run that is stopped with the server goes on from its last checkpoint at the next start.
    """
    import uvicorn

    from tunix_rt.api.app import create_app
    from tunix_rt.api.building import ensure_built

    listening = _listen(host, session.settings.port if port is None else port)
    address = f"http://{_shown(host)}:{listening.getsockname()[1]}"
    store, settings = session.store, session.settings
    ensure_built(say)
    if host not in LOOPBACK:
        say(f"warning: everybody who can reach {address} can read and change everything.")
    app = create_app(store, settings, hosts=_hosts(host, names))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3, lifespan="off")
    )
    staff = _Staff(session, workers)
    # uvicorn raises the signal again once it has stopped: it must not kill us before our own end
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    with hanging_up(partial(setattr, server, "should_exit", True)):
        try:
            staff.start()
            click.echo(f"Tunix RT is at {address}")
            if not no_open:
                threading.Timer(0.5, webbrowser.open, [address]).start()
            server.run(sockets=[listening])
        finally:
            staff.stop()
            store.close()


@click.command()
@click.option("--workers", default=1, type=click.IntRange(1, 64), help="Runs done at once.")
@pass_session
def work(session: Session, workers: int) -> None:
    """Do queued runs, without the API; Ctrl-C stops and loses nothing."""
    staff = _Staff(session, workers)
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with hanging_up(stopped.set):
        staff.start()
        click.echo(f"{workers} worker(s) at work")
        stopped.wait()
        staff.stop()


class _Staff:
    """Worker threads, and the one that keeps the search index, start and stop together."""

    def __init__(self, session: Session, count: int) -> None:
        from tunix_rt.runs.spawning import command, environment
        from tunix_rt.runs.working import Worker
        from tunix_rt.traces import indexing

        settings = session.settings
        self.workers = [
            Worker(
                session.store,
                command,
                environment(settings, dict(os.environ)),
                grace_seconds=settings.grace_seconds,
                limit_seconds=settings.run_seconds,
            )
            for _ in range(count)
        ]
        self.threads = [threading.Thread(target=w.forever, daemon=True) for w in self.workers]
        self.stopped = threading.Event()
        keeping = (session.store, self.stopped)
        self.keeper = threading.Thread(target=indexing.keep_up, args=keeping, daemon=True)

    def start(self) -> None:
        for thread in (self.keeper, *self.threads):
            thread.start()

    def stop(self) -> None:
        self.stopped.set()
        for worker in self.workers:
            worker.stop.set()
        for worker, thread in zip(self.workers, self.threads, strict=True):
            thread.join(worker.grace_seconds + 10)
        self.keeper.join(10)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else starts, so that a taken one is said at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise BadInput(
            f"Port {port} on {host} cannot be used: {(error.strerror or str(error)).lower()}.",
            hint="Choose another with --port, or --port 0 for any free one.",
        ) from None
    return listening


def _hosts(host: str, names: tuple[str, ...]) -> frozenset[str]:
    """The names in a Host header that are ours; another is a stranger's page (DNS rebinding)."""
    ours = {_bracketed(name).lower() for name in names}
    if host not in LOOPBACK:
        ours |= {_bracketed(host).lower(), socket.gethostname().lower()}
    return LOOPBACK | ours


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104  (shown, not bound)
        return socket.gethostname()
    return _bracketed(host)
