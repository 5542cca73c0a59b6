"""A real HTTP server that answers what a test wants, and remembers what it was asked."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Serving(ThreadingHTTPServer):
    """Answers with `status` and `body`; after `statuses` is used up, that is."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.body = 200, b'{"text": "four"}'
        self.statuses: list[int] = []
        self.drip_seconds = 0.0
        """Send the body byte by byte, with so long between two."""
        self.asked: list[tuple[str, str, Any]] = []
        self.headers: list[dict[str, str]] = []
        """Of each request, the names in small letters."""
        self.open = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Serving

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        self._answer(json.loads(self.rfile.read(length)))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, body: Any) -> None:
        here = self.server
        here.asked.append((self.command, self.path, body))
        here.headers.append({name.lower(): value for name, value in self.headers.items()})
        try:
            self.send_response(here.statuses.pop(0) if here.statuses else here.status)
            self.send_header("location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            if not here.drip_seconds:
                self.wfile.write(here.body)
            while here.drip_seconds and here.open:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(here.drip_seconds)
        except OSError:
            pass  # who asked has gone


@contextmanager
def serving() -> Iterator[Serving]:
    with Serving() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.open = False
        server.shutdown()
        thread.join()


def closed_port() -> int:
    """A port where nobody listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        return int(server.server_address[1])
