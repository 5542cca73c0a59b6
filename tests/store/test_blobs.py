import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tunix_rt.kit.errors import NotFound
from tunix_rt.store.blobs import Blobs


def test_a_blob_is_named_by_its_content_and_stored_once(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")

    first = blobs.put([b"a", b"b"])
    second = blobs.put([b"ab"])

    assert first == second == (hashlib.sha256(b"ab").hexdigest(), 2)
    with blobs.open(first[0]) as file:
        assert file.read() == b"ab"
    assert len([path for path in blobs.folder.rglob("*") if path.is_file()]) == 1


def test_a_writer_that_fails_leaves_no_file(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        blobs.put(broken())

    assert [path for path in blobs.folder.rglob("*") if path.is_file()] == []


def test_a_missing_blob_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is missing"):
        Blobs(tmp_path).open("0" * 64)
