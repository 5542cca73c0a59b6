"""Small traces to judge."""

from typing import Any

from tunix_rt.store import Store
from tunix_rt.traces import query, query_write
from tunix_rt.traces.schema import ReasoningTrace, TraceFilter


def trace(
    answer: str, *steps: str, source_label: bool | None = None, **meta: Any
) -> ReasoningTrace:
    """A trace that says `answer` after `steps`; the first step's i is 1, not 0."""
    if source_label is not None:
        meta["label"] = source_label
    return ReasoningTrace.model_validate(
        {
            "trace_version": "1.0",
            "prompt": f"How many? {len(steps)}",
            "final_answer": answer,
            "steps": [
                {"i": i, "type": "step", "content": text}
                for i, text in enumerate(steps or ("I think.",), start=1)
            ],
            "meta": meta or None,
        }
    )


def stored(store: Store, *traces: ReasoningTrace, source: str = "test") -> list[str]:
    """The ids of the traces, in order, after they were stored."""
    with store.write() as connection:
        added = query_write.add(connection, [query_write.prepare(one, source) for one in traces])
    return [id_ for id_, _ in added]


def marks(store: Store) -> dict[str, tuple[str | None, int | None]]:
    """What the list of traces shows: the verdict, and the i of the first wrong step."""
    with store.read() as connection:
        rows = query.page(connection, TraceFilter(), limit=10_000).rows
    return {row.id: (row.verdict, row.first_error_step) for row in rows}
