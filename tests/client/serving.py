"""A server as its own process, killed and started again at the same address; and one that fails."""

import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.cli.running import PROGRAM, Home


class Served:
    """`tunix-rt serve` at one address, as often as it is started."""

    def __init__(self, home: Home, *, workers: int = 1, **environment: str) -> None:
        self._workers = workers
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = home.environment(PATH="/nonexistent", **environment)
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and return once it answers."""
        self._process = subprocess.Popen(
            [
                *PROGRAM,
                "serve",
                "--no-open",
                "--port",
                str(self.port),
                "--workers",
                str(self._workers),
            ],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("Tunix RT is at")

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.communicate(timeout=30)
            self._process = None


@contextmanager
def served(home: Home, *, workers: int = 1, **environment: str) -> Iterator[Served]:
    """A server that is up."""
    server = Served(home, workers=workers, **environment)
    server.start()
    try:
        yield server
    finally:
        server.kill()


Answer = tuple[int, dict[str, str], bytes]


class Scripted:
    """A server that gives prepared answers, the last one for ever, and notes what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        left = list(answers)
        noted, lock = self.asked, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                with lock:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    noted.append((self.command, self.path, headers))
                    status, head, body = left.pop(0) if len(left) > 1 else left[0]
                if status == 0:  # hang up without a word
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in {"content-length": str(len(body)), **head}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = "content-length" in head  # it says more than there is

            do_GET = do_POST = do_DELETE = handle_one  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> "Scripted":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
