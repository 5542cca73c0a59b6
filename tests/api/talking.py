"""One request, part by part, to an application without a socket between."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def talk(
    app: ASGIApp,
    method: str,
    path: str,
    parts: Iterable[bytes | None] | AsyncIterator[bytes | None] = (),
    *,
    on_start: Callable[[], None] = lambda: None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Send `parts` as the application asks for them, and hang up at one that is None.

    `on_start` is called when it answers.
    """
    answer = Answer()
    bodies = _all(parts)

    ended = False

    async def receive() -> Message:
        nonlocal ended
        if ended:  # whoever asks now waits for us to hang up, which we do not
            await asyncio.Event().wait()
        try:
            part = await anext(bodies)
            if part is None:
                ended = True
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": part, "more_body": True}
        except StopAsyncIteration:
            ended = True
            return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            on_start()
        else:
            answer.body += message.get("body", b"")

    sent = {"host": "localhost", **(headers or {})}
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in sent.items()],
    }
    await app(scope, receive, send)
    return answer


async def _all(
    parts: Iterable[bytes | None] | AsyncIterator[bytes | None],
) -> AsyncIterator[bytes | None]:
    if isinstance(parts, AsyncIterator):
        async for part in parts:
            yield part
    else:
        for part in parts:
            yield part
