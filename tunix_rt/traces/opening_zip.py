"""The samples of an Inspect archive: a zip in which each sample is a JSON document.

Its entries are packed with deflate or, which Python's own reader does not know yet, zstd.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import zstandard

from tunix_rt.kit.errors import BadInput, TooLarge
from tunix_rt.kit.lines import MAX_LINE
from tunix_rt.traces.opening_packed import ALWAYS, MAX_RATIO, MAX_WINDOW
from tunix_rt.traces.schema_record import Record

MAGIC = b"PK\x03\x04"
ZSTD = 93
ENCRYPTED = 0x1
_LOCAL = struct.Struct("<4s22xHH")

_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, zstandard.ZstdError, EOFError, OSError),
    *(NotImplementedError, ValueError, struct.error),
)


def samples(file: BinaryIO, name: str, size: int) -> Iterator[Record]:
    """Each sample in the order of the archive; one that cannot be unpacked is a broken record."""
    try:
        archive = zipfile.ZipFile(file)
        entries = [entry for entry in archive.infolist() if _is_sample(entry.filename)]
    except _DAMAGED as error:
        raise BadInput(f"{name} is no readable archive: {error}") from None
    if not entries:
        raise BadInput(
            f"{name} is an archive without samples of Inspect.",
            hint="Unpack it, and import the files in it.",
        )
    left = max(ALWAYS, MAX_RATIO * size)
    for number, entry in enumerate(entries, 1):
        if entry.filename.count("/") > 1:
            yield Record(number, b"", f"{entry.filename}: a sample in several parts is not read")
            continue
        try:
            raw = _unpacked(file, archive, entry)
        except _DAMAGED as error:
            yield Record(number, b"", f"{entry.filename} cannot be unpacked: {error}")
            continue
        left -= len(raw)
        if left < 0:
            raise TooLarge(f"{name} unpacks to more than {MAX_RATIO} times its size.")
        if len(raw) > MAX_LINE:
            yield Record(number, b"", f"{entry.filename}: a sample of more than {MAX_LINE:,} bytes")
        else:
            yield Record(number, raw)


def _is_sample(name: str) -> bool:
    """A whole sample, or the part that stands for one that is kept in several."""
    folder, _, rest = name.partition("/")
    inner = rest.split("/")
    if folder != "samples" or not rest.endswith(".json"):
        return False
    return len(inner) == 1 or (len(inner) == 2 and inner[1] == "sample.json")


def _unpacked(file: BinaryIO, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """An entry, or one byte more of it than a record may have."""
    if entry.flag_bits & ENCRYPTED:
        raise ValueError("it is encrypted")
    if entry.compress_type != ZSTD:
        with archive.open(entry) as opened:
            return opened.read(MAX_LINE + 1)
    file.seek(entry.header_offset)
    magic, named, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    if magic != MAGIC:
        raise ValueError("its header is damaged")
    file.seek(named + extra, 1)
    packed = file.read(min(entry.compress_size, MAX_LINE + 1))
    unpacker = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
    with unpacker.stream_reader(packed, read_across_frames=True) as opened:
        raw = opened.read(MAX_LINE + 1)
    if len(raw) <= MAX_LINE and zlib.crc32(raw) != entry.CRC:
        raise ValueError("its checksum is another")
    return raw
