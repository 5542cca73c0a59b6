"""Wait for a run to end, without holding a thread or a database connection meanwhile."""

import time
from typing import Any

from anyio import sleep
from anyio.to_thread import run_sync

from tunix_rt.kit.errors import Broken
from tunix_rt.runs import query_read
from tunix_rt.runs.schema import TERMINAL
from tunix_rt.store import Row, Store

POLL_SECONDS = 0.3


async def ended(store: Store, run_id: str, *, seconds: float) -> Row[Any]:
    """The run's row once it has ended; `Broken` when it has not after `seconds`."""
    until = time.monotonic() + seconds
    while True:
        row = await run_sync(_read, store, run_id)
        if row.status in TERMINAL:
            return row
        if time.monotonic() >= until:
            raise Broken(
                f"The run {run_id} is {row.status} after {seconds:g} seconds; it goes on.",
                hint=f"Ask again later: /api/runs/{run_id}",
            )
        await sleep(POLL_SECONDS)


def _read(store: Store, run_id: str) -> Row[Any]:
    with store.read() as connection:
        return query_read.get(connection, run_id)
