"""Who may talk to the server, how much, and what a bug looks like from outside.

A browser tab of a stranger's page can reach a server on this machine. Two checks keep
it out: the Host must be a name this server was started for (DNS rebinding), and a
request that changes something must come from a page of this server (Origin).
"""

import logging
from ipaddress import ip_address
from typing import NamedTuple

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tunix_rt.kit.ids import new_id

log = logging.getLogger(__name__)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STREAMED = frozenset({"/api/traces/stream", "/v1/traces"})
"""Paths that take their body piece by piece and limit it, or each line of it, themselves."""


class _Refusal(NamedTuple):
    status: int
    detail: str
    hint: str | None = None


class _Swollen(Exception):
    """The body went over the limit while somebody read it."""


class Guard:
    """Pure ASGI, so that streams pass through untouched."""

    def __init__(
        self, app: ASGIApp, hosts: frozenset[str] | None = None, *, most_bytes: int
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.most_bytes = most_bytes
        self.too_large = _Refusal(
            413,
            f"The body is larger than {most_bytes} bytes.",
            "Send less at a time, or raise TRACE_MAX_BYTES.",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a stranger, then pass on; an error nobody explained gets an id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most_bytes = None if scope["path"] in STREAMED else self.most_bytes
        exchange = _Exchange(receive, send, most_bytes)
        if refusal := self._refusal(scope):
            await exchange.refuse(refusal)
            return
        try:
            await self.app(scope, exchange.receive, exchange.send)
        except Exception:  # the last boundary: a bug is logged under the id the client gets
            if exchange.started or not exchange.swollen:
                error_id = new_id()
                log.exception("error %s: %s %s", error_id, scope["method"], scope["path"])
                if exchange.started:
                    raise
                detail = "The server met an error it did not expect; its log has it under this id."
                await exchange.answer(500, {"detail": detail, "error_id": error_id})
        if exchange.swollen and not exchange.started:
            await exchange.refuse(self.too_large)

    def _refusal(self, scope: Scope) -> _Refusal | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self.hosts is not None and not (_name(host) in self.hosts or _is_address(host)):
            return _Refusal(403, f"This server does not answer to the name {_name(host)!r}.")
        origin = headers.get("origin")
        if scope["method"] not in SAFE and origin is not None:
            own = origin.partition("://")[2]
            if not own or own != host:
                return _Refusal(403, "A page of another site may not change anything here.")
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return _Refusal(400, "A NUL character cannot stand in an address.")
        declared = headers.get("content-length", "0")
        if scope["path"] in STREAMED:
            return None
        if declared.isdecimal() and int(declared[:20]) > self.most_bytes:
            return self.too_large
        return None


class _Exchange:
    """One request and its answer: the body is counted, the answer gets its headers."""

    def __init__(self, receive: Receive, send: Send, most_bytes: int | None) -> None:
        self._receive = receive
        self._send = send
        self._left = most_bytes
        self.started = False
        self.swollen = False

    async def receive(self) -> Message:
        """The next part of the request, until there are too many bytes of it."""
        message = await self._receive()
        if self._left is not None:
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.swollen = True
                raise _Swollen
        return message

    async def send(self, message: Message) -> None:
        """A part of the answer; what is said of a body that was too large is not heard."""
        if self.started or not self.swollen:
            await self._emit(message)

    async def refuse(self, refusal: _Refusal) -> None:
        """Say why this request goes no further."""
        await self.answer(refusal.status, {"detail": refusal.detail, "hint": refusal.hint})

    async def answer(self, status: int, body: dict[str, str | None]) -> None:
        """An answer of the guard itself."""
        content = msgspec.json.encode(body)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(content)),
        ]
        await self._emit({"type": "http.response.start", "status": status, "headers": headers})
        await self._emit({"type": "http.response.body", "body": content})

    async def _emit(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            headers.setdefault("x-content-type-options", "nosniff")
            headers.setdefault("referrer-policy", "no-referrer")
        await self._send(message)


def _is_address(host: str) -> bool:
    """Whether a Host is an IP address: a stranger can rebind a name, never an address."""
    try:
        ip_address(_name(host).strip("[]"))
    except ValueError:
        return False
    return True


def _name(host: str) -> str:
    """The name in a Host header, in lower case and without its port."""
    return (
        host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    ).lower()
