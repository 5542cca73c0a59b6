"""A frozen version as exports read it: its rows by split, as often as they are needed."""

from collections.abc import Iterator
from functools import cached_property

from tunix_rt.datasets import describing, reading
from tunix_rt.datasets.schema import TRAIN
from tunix_rt.rendering.exporting import checked_splits, module_name
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_export import About
from tunix_rt.store import Store


class Export:
    """One version; `NotFound` if there is none of this key."""

    def __init__(self, store: Store, key: str) -> None:
        self._store = store
        self._frozen = reading.version(store, key)

    @cached_property
    def about(self) -> About:
        """What it is; a version of schema 2 has one split."""
        frozen = self._frozen
        splits = {one.name: one.rows for one in frozen.splits} or {TRAIN: frozen.trace_count}
        return About(
            key=frozen.dataset_key,
            name=module_name(frozen.dataset_key),
            sha256=frozen.content_sha256,
            created_at=frozen.created_at,
            splits=checked_splits(splits),
            card=describing.card(frozen),
        )

    def rows(self, split: str | None) -> Iterator[TraceRow]:
        """The rows of one split, or of all, in manifest order."""
        return reading.rows(self._store, self._frozen.dataset_key, split=split)
