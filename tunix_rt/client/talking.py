"""One connection to a server: requests, retries, answers that are streamed.

A request is sent again when that can do no harm: it only reads, or the server recognises it, or it
never reached the server. Between two tries there is a pause that grows and is partly chance, so
that many clients do not come back at once.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, TypeAdapter

from tunix_rt.client import failing
from tunix_rt.client.failing import RequestFailed
from tunix_rt.kit.files import write_whole
from tunix_rt.kit.settings import web_address

Shape = TypeVar("Shape", bound=BaseModel)
T = TypeVar("T")
Params = Mapping[str, Any]
Next = tuple[list[T], str | None]
"""What a page holds, and the cursor of the next one."""

AGAIN = frozenset({502, 503, 504})
"""Somebody on the way, or the server itself, cannot at the moment."""

BUSY = 429
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
HOPELESS = (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError)
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
PIECE = 256 * 1024
PAGE = 100
"""The longest page a server gives."""


class Talk:
    """Requests to one server."""

    def __init__(self, url: str, *, timeout: float, patience: float) -> None:
        try:
            self.url = web_address(url)
        except ValueError as error:
            raise RequestFailed(0, f"{url!r}: {error}.") from None
        self.patience = patience
        self._http = httpx2.Client(
            base_url=self.url,
            timeout=httpx2.Timeout(timeout, connect=min(timeout, 10.0)),
            headers={"Accept-Encoding": "identity"},
        )

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def get(self, path: str, shape: type[Shape], **params: Any) -> Shape:
        """Read one thing."""
        answer = self.ask("GET", path, params=params, again=True)
        return shape.model_validate_json(answer.content)

    def get_list(self, path: str, shape: type[Shape], **params: Any) -> list[Shape]:
        """Read some things."""
        answer = self.ask("GET", path, params=params, again=True)
        return TypeAdapter(list[shape]).validate_json(answer.content)  # type: ignore[valid-type]

    def post(
        self,
        path: str,
        body: BaseModel | None,
        shape: type[Shape],
        *,
        again: bool = False,
        seconds: float | None = None,
        **params: Any,
    ) -> Shape:
        """Send one thing; `again` says that sending it twice is as good as once."""
        content = None if body is None else body.model_dump_json(exclude_unset=True).encode()
        answer = self.ask(
            "POST", path, params=params, content=content, again=again, seconds=seconds
        )
        return shape.model_validate_json(answer.content)

    def ask(
        self,
        method: str,
        path: str,
        *,
        again: bool,
        params: Params | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> httpx2.Response:
        """The whole answer to a request."""

        def once() -> httpx2.Response:
            with self.open(
                method, path, params=params, content=content, headers=headers, seconds=seconds
            ) as answer:
                answer.read()
                return answer

        return self.until_done(once, again=again)

    @contextmanager
    def open(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        content: bytes | Iterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Iterator[httpx2.Response]:
        """One try of one request, its answer to be read while it comes; only a success is given."""
        head = {"Content-Type": "application/json"} if content is not None else {}
        with self._http.stream(
            method,
            path,
            params=_given(params or {}),
            content=content,
            headers={**head, **(headers or {})},
            timeout=httpx2.USE_CLIENT_DEFAULT if seconds is None else httpx2.Timeout(seconds),
        ) as answer:
            if not answer.is_success:
                answer.read()
                raise _Answered(answer)
            yield answer

    def until_done(self, once: Callable[[], T], *, again: bool | Callable[[], bool]) -> T:
        """Try until it works, or until another try would do harm or come too late."""
        end = time.monotonic() + self.patience
        pause = FIRST_PAUSE
        while True:
            try:
                return once()
            except _Answered as answered:
                status = answered.answer.status_code
                failed = failing.of(answered.answer)
                harmless = status == BUSY or (status in AGAIN and _may(again))
                least = _asked_for(answered.answer)
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                failed, least = failing.unreachable(self.url, error), 0.0
                harmless = not isinstance(error, HOPELESS) and (
                    isinstance(error, NEVER_SENT) or _may(again)
                )
            wait = max(least, pause * random.uniform(0.5, 1.0))
            if not harmless or time.monotonic() + wait > end:
                raise failed
            time.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)

    def download(
        self, path: str, file: Path | str, *, content: bytes | None = None, **params: Any
    ) -> Path:
        """Write an answer to a file, which appears whole or not at all."""
        target = Path(file)
        method = "GET" if content is None else "POST"

        def once() -> None:
            with self.open(method, path, params=params, content=content) as answer:
                write_whole(target, answer.iter_bytes(PIECE))

        self.until_done(once, again=True)
        return target

    def offsets(
        self, read: Callable[[int], Sequence[T]], *, limit: int | None = None
    ) -> Iterator[T]:
        """The things of every page of a list that is told where to begin."""
        offset = 0
        while limit is None or offset < limit:
            found = read(offset)
            yield from found[: None if limit is None else limit - offset]
            offset += len(found)
            if len(found) < PAGE:
                return


class _Answered(Exception):
    """An answer that is no success."""

    def __init__(self, answer: httpx2.Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


def _may(again: bool | Callable[[], bool]) -> bool:
    return again() if callable(again) else again


def _given(params: Params) -> dict[str, Any]:
    """The parameters that were given, as an address has them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in params.items()
        if value is not None
    }


def _asked_for(answer: httpx2.Response) -> float:
    """Seconds the server asks to wait, in the one spelling that is common."""
    said = answer.headers.get("retry-after", "")
    return min(float(said), 60.0) if said.isdecimal() else 0.0


def part(name: str) -> str:
    """A name as one part of an address, whatever it holds."""
    return quote(name, safe="")


def pages(page: Callable[[str | None], Next[T]]) -> Iterator[T]:
    """Everything that the pages of a list hold, one after the other."""
    cursor: str | None = None
    while True:
        found, cursor = page(cursor)
        yield from found
        if cursor is None:
            return
