"""The labels of an observer that passed its exam; without a licence there are none."""

from collections.abc import Iterator

import msgspec

from tunix_rt.kit.errors import Conflict
from tunix_rt.observers import query
from tunix_rt.store import Store

PAGE = 500


def lines(store: Store, name: str) -> Iterator[bytes]:
    """JSONL: what the observer marks, by the threshold of its licence. `Conflict` without one."""
    with store.read() as connection:
        found = query.get(connection, name)
    exam = found.licence
    if exam is None:
        raise Conflict(
            f"The observer {name} has no licence: its newest exam is not passed.",
            hint=f"tunix-rt observers exam {name}",
        )
    return _lines(store, name, exam.threshold, exam.low)


def _lines(store: Store, name: str, threshold: float, low: float) -> Iterator[bytes]:
    cursor: str | None = None
    while True:
        with store.read() as connection:
            page = query.ranked(connection, name, limit=PAGE, cursor=cursor, at_least=threshold)
        for one in page.data:
            label = {
                "trace_id": one.trace_id,
                "label": "suspect",
                "probability": one.probability,
                "observer": name,
                "precision_at_least": low,
            }
            yield msgspec.json.encode(label) + b"\n"
        cursor = page.next_cursor
        if cursor is None:
            return
