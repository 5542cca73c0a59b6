"""gzip and zstd, unpacked as they are read; what unpacks to far too much is refused."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import zstandard

from tunix_rt.kit.errors import BadInput, TooLarge

MAX_RATIO = 200
"""How many times its size a file may unpack to; JSON packs to a tenth, seldom to a fiftieth."""

ALWAYS = 256 * 1024**2
"""Bytes that any file may unpack to."""

FED = 2_048
"""Packed bytes that are unpacked at once: a zstd block of 4 bytes may hold 128 KiB."""

MAX_WINDOW = 128 * 1024**2
"""Memory that a zstd frame may ask for."""

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
PACKED = (GZIP, ZSTD)
"""How packed files begin."""


@contextmanager
def unpacked(file: BinaryIO, name: str, size: int) -> Iterator[BinaryIO]:
    """The file itself, or what is packed in it."""
    magic = file.read(4)
    file.seek(0)
    read: Callable[[int], bytes]
    if magic.startswith(GZIP):
        read = gzip.GzipFile(fileobj=file).read1  # what stands before a cut is read too
    elif magic.startswith(ZSTD):
        read = _Frames(file).read
    else:
        yield file
        return
    with io.BufferedReader(_Bounded(read, name, size), 1 << 18) as plain:
        yield cast(BinaryIO, plain)


class _Frames:
    """The frames of a zstd file; its own reader does not see that an end is missing."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._unpacker = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
        self._frame = self._unpacker.decompressobj()
        self._packed = b""
        self._ready = memoryview(b"")
        self._begun = False

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end of the last frame."""
        while not self._ready:
            packed = self._packed or self._file.read(FED)
            if not packed:
                if self._begun:
                    raise EOFError("the last frame has no end")
                return b""
            if not self._begun:
                self._frame, self._begun = self._unpacker.decompressobj(), True
            self._ready = memoryview(self._frame.decompress(packed))
            self._packed = self._frame.unused_data if self._frame.eof else b""
            self._begun = not self._frame.eof
        data, self._ready = self._ready[:size], self._ready[size:]
        return bytes(data)


class _Bounded(io.RawIOBase):
    """What comes out of a packed file, counted."""

    def __init__(self, read: Callable[[int], bytes], name: str, size: int) -> None:
        self._read = read
        self._name = name
        self._left = max(ALWAYS, MAX_RATIO * size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer; says in a sentence why it cannot."""
        try:
            data = self._read(min(len(buffer), 1 << 16))
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
