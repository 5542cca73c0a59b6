"""The rows of one prompt together, whatever their number: sorted into files by a hash.

A file that is too large to be held is sorted again by the next bits of the hash. So groups come
in the order of their hashes, and only the content of the rows decides anything.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from heapq import heappush, heappushpop
from pathlib import Path

import msgspec

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.traces.schema import group_of

BITS = 6
HELD = 16 * 1024**2
"""Bytes of a file that are held at once, as JSON."""

DEEPEST = 4
"""So often is a file sorted again; what is still too large then is few prompts with many rows."""

MOST = 32
"""Rows of one kind that are kept of one prompt, of more those with the smallest hashes."""

KINDS = 8
"""Kinds of rows that are kept of one prompt, of more those that come first."""

Group = dict[str, list[TraceRow]]
"""The rows of one prompt by their kind, each by its content once, in the order of their hashes."""

_decode = msgspec.json.Decoder(TraceRow).decode


def groups(
    rows: Iterable[TraceRow],
    kind: Callable[[TraceRow], str | None],
    *,
    held: int = HELD,
    most: int = MOST,
) -> Iterator[Group]:
    """The rows by prompt and kind; a row of no kind is left out. Uses the disk in between."""
    encode = msgspec.json.Encoder().encode
    lines = (
        f"{group_of(row.prompt)} {_content(row)} {named} ".encode() + encode(row) + b"\n"
        for row in rows
        if (named := kind(row)) is not None
    )
    with tempfile.TemporaryDirectory(prefix="tunix-rt-") as folder:
        yield from _sorted(lines, Path(folder), 0, held, most)


def _sorted(
    lines: Iterable[bytes], folder: Path, depth: int, held: int, most: int
) -> Iterator[Group]:
    files = [folder / f"{place:02}" for place in range(1 << BITS)]
    with ExitStack() as opened:
        places = [opened.enter_context(file.open("wb")) for file in files]
        shift = 64 - BITS * (depth + 1)
        for line in lines:
            places[(int(line[:16], 16) >> shift) % (1 << BITS)].write(line)
    for file in files:
        if file.stat().st_size > held and depth < DEEPEST:
            below = folder / f"{file.name}-sorted"
            below.mkdir()
            with file.open("rb") as again:
                yield from _sorted(again, below, depth + 1, held, most)
            below.rmdir()
        else:
            yield from _read(file, most)
        file.unlink()


def _read(file: Path, most: int) -> Iterator[Group]:
    kept: dict[bytes, dict[str, _Least]] = {}
    with file.open("rb") as lines:
        for line in lines:
            group, content, name, row = line.split(b" ", 3)
            kinds, kind = kept.setdefault(group, {}), name.decode()
            if kind in kinds or len(kinds) < KINDS:
                kinds.setdefault(kind, _Least(most)).add(content, row)
    for group in sorted(kept):
        yield {kind: [_decode(row) for row in least] for kind, least in kept.pop(group).items()}


class _Least:
    """The rows with the smallest hashes, each hash once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[int, bytes]] = []
        self._there: set[bytes] = set()

    def add(self, content: bytes, row: bytes) -> None:
        if content in self._there:
            return
        one = (-int(content, 16), row)
        self._there.add(content)
        if len(self._heap) < self._most:
            heappush(self._heap, one)
        else:
            largest = heappushpop(self._heap, one)
            self._there.discard(b"%016x" % -largest[0])

    def __iter__(self) -> Iterator[bytes]:
        return (row for _, row in sorted(self._heap, reverse=True))


def _content(row: TraceRow) -> str:
    """A hash of what a row says, whoever said it and whenever."""
    said = (row.prompt, *(step.content for step in row.steps), row.final_answer)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]
