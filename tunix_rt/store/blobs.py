"""Files by content hash: written once, never changed, the name proves the content."""

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, cast

from tunix_rt.kit.errors import Broken, NotFound


class Blobs:
    """A folder of immutable files, each named by the sha256 of its bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """Store the bytes unless they are here already; return (sha256, size in bytes).

        The file appears whole or not at all, whatever happens in between.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")
        digest, size = hashlib.sha256(), 0
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    size += file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            target = self.path(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
            if not target.exists():
                Path(name).chmod(0o444)
                Path(name).rename(target)
        except OSError as error:
            raise full(self.folder, error) from error
        finally:
            Path(name).unlink(missing_ok=True)
        return digest.hexdigest(), size

    def keep(self, file: Path, sha256: str) -> None:
        """Move a finished file in, whose bytes have this hash."""
        target = self.path(sha256)
        try:
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                file.chmod(0o444)
                file.rename(target)
        except OSError as error:
            raise full(self.folder, error) from error

    def open(self, sha256: str) -> BinaryIO:
        """The file with these bytes, for reading."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound(
                f"The blob {sha256[:12]} is missing from {self.folder}.",
                hint="Restore the blobs folder from a backup.",
            ) from None

    def sha256(self, sha256: str) -> str:
        """The hash that the bytes of a file have now; its name, unless the file was changed."""
        with self.open(sha256) as file:
            return hashlib.file_digest(cast("io.BufferedReader", file), "sha256").hexdigest()

    def path(self, sha256: str) -> Path:
        """Where a blob lies: two levels, so that no folder grows too large."""
        return self.folder / sha256[:2] / sha256[2:]


def full(folder: Path, error: OSError) -> Broken:
    """What is said when a file cannot be written."""
    return Broken(
        f"A file could not be stored under {folder}: {error.strerror or error}.",
        hint="Free space there and repeat.",
    )
