"""Hear two witnesses on every trace of a selection; a court that was broken off goes on.

Each batch of cases is one transaction. Whatever a verifier does to itself with a trace is
a testimony of undecided, so one bad trace costs one case.
"""

import time
from collections.abc import Sequence
from typing import Any

from tunix_rt.court import query
from tunix_rt.court.schema import CourtConfig, Testimony
from tunix_rt.court.witnesses import witness
from tunix_rt.runs.schema import Run
from tunix_rt.store import Row
from tunix_rt.traces import walking

BATCH = 500


def hold(run: Run, config: CourtConfig, batch: int = BATCH) -> int:
    """Record every case, and return how many there are."""
    total = walking.length(run.store, config.filter, config.limit)
    with run.store.read() as connection:
        first = witness(connection, config.first, config.subject)
        second = witness(connection, config.second, config.subject)
        done, after = query.heard(connection, run.id)
    began, before = time.monotonic(), done
    run.progress(done, total, f"{total:,} traces to hear")
    for found in walking.batches(run.store, config.filter, size=batch, after=after):
        rows = found[: max(0, total - done)]
        with run.store.read() as connection:
            heard = [first(connection, rows), second(connection, rows)]
        run.check_cancelled()
        with run.write() as connection:
            query.add(connection, run.id, _cases(rows, *heard))
        done += len(rows)
        rate = (done - before) / max(time.monotonic() - began, 1e-9)
        run.progress(done, total, f"{done:,} heard, {rate:,.0f} traces/s")
        if done >= total:
            break
    return done


def _cases(
    rows: Sequence[Row[Any]], first: Sequence[Testimony], second: Sequence[Testimony]
) -> list[dict[str, Any]]:
    return [_case(row, a, b) for row, a, b in zip(rows, first, second, strict=True)]


def _case(row: Row[Any], first: Testimony, second: Testimony) -> dict[str, Any]:
    """The words of both, with their reasons where they differ."""
    differ = first.outcome != second.outcome
    return {
        "trace_id": row.id,
        "first": first.outcome,
        "second": second.outcome,
        "first_reason": first.reason if differ else None,
        "second_reason": second.reason if differ else None,
        "first_step": first.step,
        "second_step": second.step,
    }
