"""The traces of one run by their places: what is small in memory, the rest in a file.

In memory a trace takes 6 bytes: a weight of 4, whether it is alive, its part. In the file it takes
48: its id and its content hash.
"""

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from tunix_rt.curate.grouping import Groups
from tunix_rt.curate.wording import chance

WIDTH = 48
BLOCK = 2_000
"""Traces that are read from the file at a time."""


class Entry(NamedTuple):
    """A trace of a run."""

    place: int
    id: str
    content_hash: bytes


class Roll:
    """Everything that is known of every trace of a run."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "roll").open("w+b")
        self.weights = array("f")
        self.alive = bytearray()
        self.parts = bytearray()

    def __len__(self) -> int:
        return len(self.alive)

    def add(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Add traces by id and content hash; they are alive, of weight 1, and of no part."""
        self._file.seek(0, 2)
        for id_, digest in entries:
            self._file.write(bytes.fromhex(id_.replace("-", "")) + digest)
            self.weights.append(1.0)
            self.alive.append(1)
            self.parts.append(0)

    def living(self, size: int) -> Iterator[list[Entry]]:
        """Traces that are alive, by place, at most `size` at a time."""
        for start in range(0, len(self), size):
            end = min(start + size, len(self))
            alive = [place for place in range(start, end) if self.alive[place]]
            if alive:
                self._file.seek(start * WIDTH)
                block = self._file.read((end - start) * WIDTH)
                yield [_entry(place, block, (place - start) * WIDTH) for place in alive]

    def entries(self, places: Iterable[int]) -> list[Entry]:
        """Traces by their places."""
        return [self._read(place) for place in places]

    def order(self, seed: int, folder: Path) -> Iterator[int]:
        """The places of who is alive: part by part, inside a part as the seed has it."""
        for part in sorted(set(self.parts)):
            yield from self.drawn(seed, folder, part)

    def drawn(self, seed: int, folder: Path, part: int | None = None) -> Iterator[int]:
        """The places of who is alive in a part, or in any, in the order of their lots."""
        groups = Groups(folder, "lots")
        for entries in self.living(BLOCK):
            for entry in entries:
                if part is None or self.parts[entry.place] == part:
                    key = int.from_bytes(entry.content_hash[:8], "big")
                    groups.add(chance(key, seed), 0, key, entry.place)
        for rows in groups.groups():
            yield from rows["place"].tolist()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self, place: int) -> Entry:
        self._file.seek(place * WIDTH)
        return _entry(place, self._file.read(WIDTH), 0)


def _entry(place: int, block: bytes, at: int) -> Entry:
    id_ = str(UUID(bytes=block[at : at + 16]))
    return Entry(place, id_, block[at + 16 : at + WIDTH])
