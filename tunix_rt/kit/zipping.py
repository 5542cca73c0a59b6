"""A zip that is written as it is sent: the same bytes every time, nothing held back."""

import io
import zipfile
from collections.abc import Iterable, Iterator

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""Dates say nothing about what is sent, and zip knows none earlier."""


def zipped(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """The zip of these files, each by its path and its bytes; nothing is compressed."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, chunks in files:
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as place:
                for chunk in chunks:
                    place.write(chunk)
                    yield pipe.taken()
    yield pipe.taken()


class _Pipe(io.RawIOBase):
    """What `ZipFile` writes into: it cannot seek, and forgets what was taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(part))
        return len(part)

    def taken(self) -> bytes:
        """Everything written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
