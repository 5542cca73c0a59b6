"""What became of one version in another: rows added, removed, or held differently."""

from collections.abc import Sequence
from typing import Any

from tunix_rt.datasets import reading
from tunix_rt.datasets.schema_proof import Changed, Difference
from tunix_rt.datasets.shards import fingerprint
from tunix_rt.kit.collecting import seldom
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.store import Store

NOTED = (
    *("split", "weight", "part", "source", "model"),
    *("verdict", "first_error", "step_verdicts"),
)
"""What may be held differently of the same trace: all that the hash of its line is over."""


def diff(store: Store, before: str, after: str, *, limit: int = 20) -> Difference:
    """Compare by content: the same trace under another id is the same row.

    Sixteen bytes a row are in memory. `limit` rows of each kind are shown.
    """
    import numpy as np

    with seldom():
        old, new = _noted(store, before), _noted(store, after)
    _, kept_old, kept_new = np.intersect1d(old[0], new[0], assume_unique=True, return_indices=True)
    torn = old[1][kept_old] != new[1][kept_new]
    changed_old, changed_new = kept_old[torn], kept_new[torn]
    order = np.argsort(changed_new)
    added = np.setdiff1d(np.arange(len(new[0])), kept_new, assume_unique=True)
    removed = np.setdiff1d(np.arange(len(old[0])), kept_old, assume_unique=True)
    return Difference(
        before=before,
        after=after,
        same=len(kept_old) - len(changed_old),
        added=len(added),
        removed=len(removed),
        changed=len(changed_old),
        rows=[
            *(_alone("added", row) for row in _at(store, after, added[:limit])),
            *(_alone("removed", row) for row in _at(store, before, removed[:limit])),
            *(
                _both(was, now)
                for was, now in zip(
                    _at(store, before, changed_old[order][:limit]),
                    _at(store, after, changed_new[order][:limit]),
                    strict=True,
                )
            ),
        ],
    )


def _noted(store: Store, key: str) -> tuple[Any, Any]:
    """For every row eight bytes of its content, and of what was noted of it."""
    from array import array

    import numpy as np

    contents, notes = array("Q"), array("q")
    for row in reading.rows(store, key):
        contents.append(int.from_bytes(fingerprint(row)[:8], "big"))
        notes.append(hash(tuple(map(repr, map(row.__getattribute__, NOTED)))))
    return np.frombuffer(contents, np.uint64), np.frombuffer(notes, np.int64)


def _at(store: Store, key: str, places: Sequence[int]) -> list[TraceRow]:
    return [next(reading.rows(store, key, start=int(place))) for place in places]


def _alone(kind: Any, row: TraceRow) -> Changed:
    return Changed(
        kind=kind,
        trace_id=row.id,
        prompt=row.prompt[: reading.SHOWN],
        final_answer=row.final_answer[: reading.SHOWN],
        changes={},
    )


def _both(was: TraceRow, now: TraceRow) -> Changed:
    pairs = {name: (getattr(was, name), getattr(now, name)) for name in NOTED}
    changes = {name: (_said(a), _said(b)) for name, (a, b) in pairs.items() if a != b}
    return _alone("changed", now).model_copy(update={"changes": changes})


def _said(value: object) -> str | None:
    return None if value is None else str(value)
