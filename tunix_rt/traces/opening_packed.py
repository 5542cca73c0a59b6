"""gzip and zstd, unpacked as they are read; what unpacks to far too much is refused."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import zstandard

from tunix_rt.kit.errors import BadInput, TooLarge

MAX_RATIO = 200
"""How many times its size a file may unpack to; JSON packs to a tenth, seldom to a fiftieth."""

ALWAYS = 256 * 1024**2
"""Bytes that any file may unpack to."""

MAX_WINDOW = 128 * 1024**2
"""Memory that a zstd frame may ask for."""


@contextmanager
def unpacked(file: BinaryIO, name: str, size: int) -> Iterator[BinaryIO]:
    """The file itself, or what is packed in it."""
    magic = file.read(4)
    file.seek(0)
    if magic[:2] == b"\x1f\x8b":
        inner = cast(BinaryIO, gzip.GzipFile(fileobj=file))
    elif magic == b"\x28\xb5\x2f\xfd":
        reader = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
        inner = reader.stream_reader(file, read_across_frames=True, closefd=False)
    else:
        yield file
        return
    with io.BufferedReader(_Bounded(inner, name, size), 1 << 18) as plain:
        yield cast(BinaryIO, plain)


class _Bounded(io.RawIOBase):
    """What comes out of a packed file, counted."""

    def __init__(self, inner: BinaryIO, name: str, size: int) -> None:
        self._inner = inner
        self._name = name
        self._left = max(ALWAYS, MAX_RATIO * size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer; says in a sentence why it cannot."""
        try:
            data = self._inner.read(min(len(buffer), 1 << 16))
        except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise BadInput(f"{self._name} is cut off or damaged: {error}") from None
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge(
                f"{self._name} unpacks to more than {MAX_RATIO} times its size.",
                hint="Unpack it yourself if you trust it.",
            )
        buffer[: len(data)] = data
        return len(data)
