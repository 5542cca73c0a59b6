"""Who may talk to the server, and what a bug looks like from outside.

A browser tab of a stranger's page can reach a server on this machine. Two checks keep
it out: the Host must be a name this server was started for (DNS rebinding), and a
request that changes something must come from a page of this server (Origin).
"""

import logging
from urllib.parse import urlsplit

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tunix_rt.kit.ids import new_id

log = logging.getLogger(__name__)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Pure ASGI, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None = None) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a stranger, then pass on; an error nobody explained gets an id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if refusal := self._refusal(scope):
            await _answer(send, 403, {"detail": refusal, "hint": None})
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers.setdefault("x-content-type-options", "nosniff")
                headers.setdefault("referrer-policy", "no-referrer")
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception:  # the last boundary: a bug is logged under the id the client gets
            error_id = new_id()
            log.exception("error %s: %s %s", error_id, scope["method"], scope["path"])
            if started:
                raise
            detail = "The server met an error it did not expect; its log has it under this id."
            await _answer(send, 500, {"detail": detail, "error_id": error_id})

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self.hosts is not None and _name(host) not in self.hosts:
            return f"This server does not answer to the name {_name(host)!r}."
        origin = headers.get("origin")
        if scope["method"] not in SAFE and origin is not None and urlsplit(origin).netloc != host:
            return "A page of another site may not change anything here."
        return None


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


async def _answer(send: Send, status: int, body: dict[str, str | None]) -> None:
    content = msgspec.json.encode(body)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(content)),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
