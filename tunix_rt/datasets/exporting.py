"""A frozen version as exports read it: its rows by split, as often as they are needed."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from tunix_rt.datasets import query, reading
from tunix_rt.kit.ids import iso
from tunix_rt.rendering.exporting import checked_splits, module_name
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_export import About
from tunix_rt.store import Store


class Version:
    """One version; `NotFound` if there is none of this key."""

    def __init__(self, store: Store, key: str) -> None:
        self._store = store
        self.key = key
        with store.read() as connection:
            self._row = query.get(connection, key)

    @cached_property
    def about(self) -> About:
        """What it is; the rows are read once to count those of each split."""
        splits = Counter(row.split for row in self.rows(None))
        return About(
            key=self.key,
            name=module_name(self.key),
            sha256=self._row.content_sha256,
            created_at=iso(self._row.created_at),
            splits=checked_splits(dict(sorted(splits.items()))),
        )

    def rows(self, split: str | None) -> Iterator[TraceRow]:
        """The rows of one split, or of all, in manifest order."""
        rows = reading.rows(self._store, self.key)
        return rows if split is None else (row for row in rows if row.split == split)
