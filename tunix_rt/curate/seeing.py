"""Stored traces as stages see them."""

from collections.abc import Sequence
from typing import Any

from tunix_rt.curate.schema import Seen
from tunix_rt.store import Connection, Row
from tunix_rt.traces import query as traces
from tunix_rt.traces.schema import group_of, parse_stored
from tunix_rt.verify import query as verdicts
from tunix_rt.verify import query_rulings

SIGN = 2**64 - 1
"""What makes a stored number of 64 bits one without a sign."""


def seen(
    connection: Connection, rows: Sequence[tuple[int, Row[Any]]], needs: frozenset[str]
) -> list[Seen]:
    """Places and rows with bodies as traces, with as much of the verdicts as stages need."""
    ids = [row.id for _, row in rows]
    steps = verdicts.stored(connection, ids, "steps") if "steps" in needs else {}
    ruled = query_rulings.newest_of(connection, ids, "answer") if "rulings" in needs else {}
    found = []
    for place, row in rows:
        one = _plain(place, row)
        one.ruling = ruled.get(row.id)
        if (said := steps.get(row.id)) is not None:
            _judge(one, said)
        found.append(one)
    return found


def key_of(row: Row[Any]) -> int:
    """The first eight bytes of its content hash."""
    return int.from_bytes(row.content_hash[:8], "big")


def _plain(place: int, row: Row[Any]) -> Seen:
    body = parse_stored(traces.raw(row))
    group = row.prompt_group
    return Seen(
        place=place,
        key=key_of(row),
        prompt=body.prompt,
        answer=body.final_answer,
        steps=tuple(step.content for step in body.steps),
        types=tuple(step.type for step in body.steps),
        meta=body.meta or {},
        source=row.source,
        model=row.model,
        group=int(group_of(body.prompt), 16) if group is None else group & SIGN,
        verdict=row.verdict,
        label=row.label,
        first_error=row.first_error_step,
    )


def _judge(trace: Seen, said: Row[Any]) -> None:
    """Add what the step verifier and the detectors said."""
    detail = said.detail or {}
    kept = detail.get("claims", [])
    checked = [claim["step"] for claim in kept if claim["outcome"] != "undecided"]
    trace.step_verdict = said.outcome
    trace.claims = len(checked) + detail.get("claim_count", len(kept)) - len(kept)
    trace.coverage = len(set(checked)) / max(1, len(trace.steps))
    trace.warnings = tuple(one["kind"] for one in detail.get("warnings", []))
