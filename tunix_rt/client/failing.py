"""The one exception of the client: what a server refused, or that it cannot be reached."""

from typing import Any, NamedTuple

import httpx2
import msgspec

from tunix_rt.kit.errors import TunixError


class Field(NamedTuple):
    """One thing wrong with what was sent (422): where, and what."""

    where: str
    message: str


class RequestFailed(TunixError):
    """A request that has failed for good; `status` is 0 when there was no answer at all."""

    def __init__(
        self, status: int, detail: str, *, hint: str | None = None, fields: tuple[Field, ...] = ()
    ) -> None:
        super().__init__(detail, hint=hint)
        self.status = status
        self.fields = fields

    @property
    def detail(self) -> str:
        """What the server said, in one sentence."""
        return self.message


def unreachable(url: str, error: Exception) -> RequestFailed:
    """Nobody answers, or the answer breaks off."""
    said = " ".join(str(error).split())[:200] or type(error).__name__
    return RequestFailed(
        0,
        f"No answer from {url}: {said}.",
        hint="Is the server running? `tunix-rt serve` starts one.",
    )


def refused(status: int, body: bytes) -> RequestFailed:
    """What an answer that is no success says; it may come from a proxy, and say nothing."""
    try:
        said = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return RequestFailed(status, f"The server answered {status}.")
    detail, hint = said.get("detail"), said.get("hint")
    fields = tuple(_field(one) for one in detail) if isinstance(detail, list) else ()
    if fields:
        detail = "; ".join(f"{one.where}: {one.message}" for one in fields[:3])
    if said.get("error_id"):
        hint = f"The server's log has it under {said['error_id']}."
    words = detail if isinstance(detail, str) else f"The server answered {status}."
    return RequestFailed(status, words, hint=hint if isinstance(hint, str) else None, fields=fields)


def of(answer: httpx2.Response) -> RequestFailed:
    """What an answer that was read says."""
    return refused(answer.status_code, answer.content)


def _field(one: Any) -> Field:
    if not isinstance(one, dict):
        return Field("", str(one))
    where = ".".join(str(part) for part in one.get("loc", ()) if part != "body")
    return Field(where, str(one.get("msg", "")).removeprefix("Value error, "))
