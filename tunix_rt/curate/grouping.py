"""Rows gathered by group, of any number: beyond 200,000 they wait in files.

A row is 36 bytes: its group, its rank, the key that decides between equal ranks, its place, and
one number more. In memory there are never more than `SPILL` of them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHUNK = 20_000
SPILL = 200_000
PARTS = 64
"""Files that rows are divided into, by the first bits of their group."""

_FIELDS = [("group", "<u8"), ("rank", "<u8"), ("key", "<u8"), ("place", "<u4"), ("extra", "<u8")]
Row = tuple[int, int, int, int, int]


class Groups:
    """What was added, group by group in the order of their numbers, the best row first."""

    def __init__(self, folder: Path, name: str, *, spill: int = SPILL) -> None:
        self._files = [folder / f"{name}.{part:02d}" for part in range(PARTS)]
        self._rows: list[Row] = []
        self._chunks: list[Any] = []
        self._kept = 0
        self._spill = spill
        self._spilled = False

    def add(self, group: int, rank: int, key: int, place: int, extra: int = 0) -> None:
        """Add one row; numbers have 64 bits and no sign, places 32."""
        self._rows.append((group, rank, key, place, extra))
        if len(self._rows) >= CHUNK:
            self._pack()

    def groups(self, least: int = 1) -> Iterator[Any]:
        """Arrays with the fields group, rank, key, place, extra; groups of at least so many."""
        import numpy as np

        self._pack()
        if self._spilled:
            self._write()
        for rows in self._parts():
            order = np.lexsort((rows["key"], rows["rank"], rows["group"]))
            rows = rows[order]
            starts = np.flatnonzero(np.diff(rows["group"], prepend=rows["group"][0] ^ 1))
            ends: Any = np.append(starts[1:], len(rows))
            enough = np.flatnonzero(ends - starts >= least)
            for start, end in zip(starts[enough].tolist(), ends[enough].tolist(), strict=True):
                yield rows[start:end]

    def _parts(self) -> Iterator[Any]:
        import numpy as np

        if not self._spilled:
            if self._chunks:
                whole, self._chunks = np.concatenate(self._chunks), []
                yield whole
            return
        for file in self._files:
            if file.exists():
                yield np.fromfile(file, _FIELDS)
                file.unlink()

    def _pack(self) -> None:
        import numpy as np

        if self._rows:
            self._chunks.append(np.array(self._rows, _FIELDS))
            self._kept += len(self._rows)
            self._rows = []
        if self._kept > self._spill:
            self._write()

    def _write(self) -> None:
        """Divide what is in memory into the files."""
        import numpy as np

        self._spilled = True
        for chunk in self._chunks:
            part = (chunk["group"] >> np.uint64(58)).astype(np.int64)
            order = np.argsort(part, kind="stable")
            ends: Any = np.searchsorted(part[order], np.arange(PARTS + 1))
            for number in np.unique(part).tolist():
                with self._files[number].open("ab") as file:
                    chunk[order[ends[number] : ends[number + 1]]].tofile(file)
        self._chunks, self._kept = [], 0
