"""A registered version as a zip, written as it is sent: the same bytes every time."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

CHUNK = 1 << 20
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""A copy's dates say nothing about the model, and zip knows none earlier."""


def stream(folder: Path) -> Iterator[bytes]:
    """The zip of every file under `folder`; weights do not shrink, so nothing is compressed."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), LONG_AGO)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.file_size = path.stat().st_size  # decides whether 64 bits are needed
            with path.open("rb") as file, archive.open(entry, "w") as place:
                while chunk := file.read(CHUNK):
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
