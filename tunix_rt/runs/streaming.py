"""Follow a run's log as server-sent events, from any line on, until the run ends."""

import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from anyio import sleep
from anyio.to_thread import run_sync

from tunix_rt.kit.errors import NotFound
from tunix_rt.kit.ids import iso
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import TERMINAL
from tunix_rt.store import Store

POLL_SECONDS = 0.15
HEARTBEAT_SECONDS = 15.0
LINGER_SECONDS = 0.5
"""How long nothing more may have come of a run that ended before the end is said."""

PAGE = 1000


async def events(store: Store, run_id: str, since: int) -> AsyncIterator[bytes]:
    """`log`, `heartbeat`, at the end `status`; `error` when there is no such run.

    A run ends before its worker has stored its last lines, so the end is said once it was
    seen and nothing more came for a while.
    """
    seq, spoken, still = since, time.monotonic(), 0
    while True:
        try:
            lines, status = await run_sync(_read, store, run_id, seq)
        except NotFound as error:
            yield _event("error", {"error": error.message})
            return
        for line in lines:
            seq = line["seq"]
            yield _event("log", line, seq)
        if lines:
            spoken = time.monotonic()
        elif still * POLL_SECONDS > LINGER_SECONDS:
            yield _event("status", {"status": status})
            return
        elif time.monotonic() - spoken > HEARTBEAT_SECONDS:
            spoken = time.monotonic()
            yield _event("heartbeat", {"seq": seq})
        still = 0 if lines or status not in TERMINAL else still + 1
        if len(lines) < PAGE:
            await sleep(POLL_SECONDS)


def _read(store: Store, run_id: str, seq: int) -> tuple[list[dict[str, Any]], str]:
    with store.read() as connection:
        status = query_read.get(connection, run_id).status
        rows = query_read.log_since(connection, run_id, seq, PAGE)
    lines = [
        {
            "seq": row.seq,
            "stream": row.stream,
            "chunk": row.chunk,
            "created_at": iso(row.created_at),
        }
        for row in rows
    ]
    return lines, status


def _event(name: str, data: dict[str, Any], seq: int | None = None) -> bytes:
    head = f"id: {seq}\n" if seq is not None else ""
    return f"{head}event: {name}\ndata: ".encode() + msgspec.json.encode(data) + b"\n\n"
