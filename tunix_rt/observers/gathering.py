"""Traces from the store as features, with a known truth where one is asked for."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.observers.features import features
from tunix_rt.observers.fitting import Known
from tunix_rt.observers.schema import Truth
from tunix_rt.runs.schema import Run
from tunix_rt.store import Connection, Row
from tunix_rt.traces import query as traces
from tunix_rt.traces import walking
from tunix_rt.traces.schema import TraceFilter, group_of
from tunix_rt.verify import judging, query_rulings

BATCH = 500


def known(
    run: Run, wanted: TraceFilter, truth: Truth, limit: int, without: frozenset[str] = frozenset()
) -> tuple[Known, int]:
    """The features of traces whose truth is known, and how many were left out by their problem."""
    found, left_out = Known([], [], []), 0
    for row, wrong in islice(_judged(run, wanted, truth), limit):
        trace = traces.payload(row)
        group = group_of(trace.prompt)
        if group in without:
            left_out += 1
            continue
        found.values.append(features(trace))
        found.wrong.append(wrong)
        found.groups.append(group)
    if not found.wrong:
        raise BadInput(
            f"No trace that matches has a {truth} that tells whether its answer is right"
            + (", and a problem it did not learn from." if without else "."),
            hint="tunix-rt verify run judges answers.",
        )
    return found, left_out


def rows(run: Run, wanted: TraceFilter) -> Iterator[Sequence[Row[Any]]]:
    """Every matching trace with its body, batch by batch, with progress."""
    total, done = walking.length(run.store, wanted), 0
    for found in walking.batches(run.store, wanted, size=BATCH):
        yield found
        done += len(found)
        run.progress(done, max(total, done), f"{done:,} traces read")


def _judged(run: Run, wanted: TraceFilter, truth: Truth) -> Iterator[tuple[Row[Any], bool]]:
    for batch in rows(run, wanted):
        with run.store.read() as connection:
            told = _told(connection, batch, truth)
        for row in batch:
            if (word := told.get(row.id)) in ("right", "wrong"):
                yield row, word == "wrong"


def _told(connection: Connection, batch: Sequence[Row[Any]], truth: Truth) -> dict[str, str]:
    """What is true of each trace, by the chosen authority."""
    if truth == "ruling":
        return query_rulings.newest_of(connection, [row.id for row in batch], "answer")
    if truth == "verdict":
        return {row.id: row.verdict for row in batch if row.verdict}
    labels = {row.id: judging.label_of(traces.payload(row)) for row in batch}
    return {
        id_: "right" if label else "wrong" for id_, label in labels.items() if label is not None
    }
