"""Ask another server over HTTP: bounded in time and in size, and every failure in a few words."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyio import fail_after, run

from tunix_rt.kit.errors import Unreachable

MOST_BYTES = 8 * 1024 * 1024
"""No answer we wait for is larger."""

NO_CONNECTION = "Connection refused"
TRIES = 3
AGAIN = frozenset({429, 502, 503, 504})
"""Answers after which the same question may be asked again."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


def ask(
    method: str,
    url: str,
    *,
    seconds: float,
    json: Any = None,
    most_bytes: int = MOST_BYTES,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The answer to one request, whole within `seconds`; `Unreachable` says why there is none.

    The limit is on the whole exchange: a server that sends a byte now and then does not
    stretch it. Redirects are not followed.
    """
    return run(_ask, method, url, seconds, json, most_bytes, headers)


def ask_again(
    method: str,
    url: str,
    *,
    seconds: float,
    pause: float,
    json: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The same, asked up to three times of a server that is busy, or not there for a moment.

    Between two times it waits `pause` seconds, then twice as long.
    """
    for attempt in range(1, TRIES + 1):
        try:
            answer = ask(method, url, seconds=seconds, json=json, headers=headers)
        except Unreachable as error:
            if attempt == TRIES or not error.message.startswith(NO_CONNECTION):
                raise
        else:
            if attempt == TRIES or answer.status not in AGAIN:
                return answer
        time.sleep(pause * attempt)
    raise AssertionError("the last try returns or raises")


async def _ask(
    method: str,
    url: str,
    seconds: float,
    json: Any,
    most_bytes: int,
    headers: Mapping[str, str] | None,
) -> Answer:
    import httpx2

    body = bytearray()
    try:
        with fail_after(seconds):
            async with (
                httpx2.AsyncClient(timeout=None) as client,
                client.stream(method, url, json=json, headers=headers) as answer,
            ):
                async for chunk in answer.aiter_bytes(65_536):
                    body += chunk
                    if len(body) > most_bytes:
                        raise Unreachable(f"The answer is larger than {most_bytes} bytes")
    except TimeoutError:
        raise Unreachable(f"Timeout after {seconds:g}s") from None
    except httpx2.ConnectError as error:
        raise Unreachable(f"{NO_CONNECTION}: {_said(error)}") from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise Unreachable(f"No answer in HTTP: {_said(error)}") from None
    return Answer(answer.status_code, bytes(body))


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
