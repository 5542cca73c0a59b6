"""The traces of one run by their places: what is small in memory, the rest in a file.

In memory a trace takes 14 bytes: a key of 8, a weight of 4, whether it is alive, its part. In the
file it takes 48: its id and its content hash.
"""

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

WIDTH = 48


class Entry(NamedTuple):
    """A trace of a run."""

    place: int
    id: str
    content_hash: bytes


class Roll:
    """Everything that is known of every trace of a run."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "roll").open("w+b")
        self.keys = array("Q")
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
            self.keys.append(int.from_bytes(digest[:8], "big"))
            self.weights.append(1.0)
            self.alive.append(1)
            self.parts.append(0)

    def living(self, size: int) -> Iterator[list[Entry]]:
        """Traces that are alive, by place, at most `size` at a time."""
        for start in range(0, len(self), size):
            end = min(start + size, len(self))
            alive = [place for place in range(start, end) if self.alive[place]]
            if alive:
                yield self.entries(alive)

    def entries(self, places: Iterable[int]) -> list[Entry]:
        """Traces by their places."""
        return [self._read(place) for place in places]

    def order(self, seed: int) -> Any:
        """The places of who is alive: part by part, inside a part as the seed has it."""
        import numpy as np

        from tunix_rt.curate.wording import chances

        places: Any = np.flatnonzero(np.frombuffer(self.alive, np.uint8)).astype(np.uint32)
        lots = chances(np.frombuffer(self.keys, np.uint64)[places], seed) >> np.uint64(7)
        lots |= np.frombuffer(self.parts, np.uint8)[places].astype(np.uint64) << np.uint64(57)
        return places[np.argsort(lots, kind="stable")]

    def lots(self, places: Any, seed: int) -> Any:
        """The lot of each of some places, whatever their part."""
        import numpy as np

        from tunix_rt.curate.wording import chances

        return chances(np.frombuffer(self.keys, np.uint64)[places], seed)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self, place: int) -> Entry:
        self._file.seek(place * WIDTH)
        found = self._file.read(WIDTH)
        return Entry(place, str(UUID(bytes=found[:16])), found[16:])
