"""A server with OpenAI's chat completions and RediAI's /generate that judges by a rule."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Bench(ThreadingHTTPServer):
    """Says what `say(prompt, seed)` says, and counts how often it was asked."""

    daemon_threads = True

    def __init__(self, say: Callable[[str, int], str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.say = say
        self.prompts: list[str] = []
        self.fail_after: int | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Bench

    def do_POST(self) -> None:
        here = self.server
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if here.fail_after is not None and len(here.prompts) >= here.fail_after:
            self._send(500, {})
            return
        if self.path == "/generate":
            here.prompts.append(asked["prompt"])
            self._send(200, {"text": here.say(asked["prompt"], 0)})
            return
        prompt = asked["messages"][-1]["content"]
        here.prompts.append(prompt)
        text = here.say(prompt, asked["seed"])
        self._send(200, {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]})

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _send(self, status: int, body: dict[str, Any]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


@contextmanager
def bench(say: Callable[[str, int], str]) -> Iterator[Bench]:
    with Bench(say) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def adds_up(prompt: str, seed: int) -> str:
    """A judge that can add two numbers: it looks at `a + b = c` in the steps."""
    for place, a, b, c in re.findall(r"\[(\d+)\] (\d+) \+ (\d+) = (\d+)", prompt):
        if int(a) + int(b) != int(c):
            return json.dumps({"verdict": "wrong", "first_wrong_step": int(place), "reason": "No."})
    return 'I looked. {"verdict": "right", "first_wrong_step": null, "reason": "It adds up."}'
