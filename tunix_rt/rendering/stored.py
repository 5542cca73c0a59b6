"""Chosen traces as export records, whether they were frozen or not."""

from collections.abc import Iterator, Sequence

from tunix_rt.kit.ids import iso
from tunix_rt.rendering import records
from tunix_rt.rendering.schema import ExportFormat, StepRow, TraceRow
from tunix_rt.store import Row, Store
from tunix_rt.traces import query

BATCH = 500


def by_ids(store: Store, ids: Sequence[str], format: ExportFormat) -> Iterator[bytes]:
    """One line per id that is known, in the order of `ids`, a batch at a time in memory."""
    return records.lines(traces(store, ids), format)


def traces(store: Store, ids: Sequence[str]) -> Iterator[TraceRow]:
    """The traces of these ids in this order; an id that nobody has is left out."""
    for start in range(0, len(ids), BATCH):
        with store.read() as connection:
            found = list(query.by_ids(connection, ids[start : start + BATCH]))
        yield from map(_flat, found)


def _flat(row: Row[object]) -> TraceRow:
    trace = query.payload(row)
    steps = [StepRow(step.i, step.type, step.content) for step in trace.steps]
    return TraceRow(
        row.id,
        iso(row.created_at),
        trace.trace_version,
        trace.prompt,
        trace.final_answer,
        steps,
        trace.meta,
        source=row.source,
        model=row.model,
        verdict=row.verdict,
    )
