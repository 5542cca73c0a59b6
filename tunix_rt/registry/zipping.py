"""A registered version as a zip, written as it is sent."""

from collections.abc import Iterator
from pathlib import Path

from tunix_rt.kit.zipping import zipped

CHUNK = 1 << 20


def stream(folder: Path) -> Iterator[bytes]:
    """The zip of every file under `folder`; weights do not shrink, so nothing is compressed."""
    found = sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    return zipped((path.relative_to(folder).as_posix(), _chunks(path)) for path in found)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
