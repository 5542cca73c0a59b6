"""ArrayRecord files for Grain: one JSON record per trace, any of them found at once."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from tunix_rt.kit.errors import MissingExtra
from tunix_rt.rendering.schema import TraceRow

KIND, FILE = "folder", "{split}-{part}.array_record"
READ_BY = "Grain's ArrayRecordDataSource; ask it for many records at a time"

ALONE = "group_size:1"
"""Each record is packed by itself: Grain asks in any order, and unpacks whole groups."""

FILE_ROWS = 1_000_000
"""Rows of one file: its writer holds the place of each until the end."""

CHUNK = 1 << 20


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """The bytes of the file, which the library writes to the disk first."""
    try:
        from array_record.python.array_record_module import ArrayRecordWriter
    except ImportError:
        raise MissingExtra(
            "array-record is not installed.", hint="pip install 'tunix-rt[grain]'"
        ) from None
    encode = msgspec.json.Encoder().encode
    with tempfile.TemporaryDirectory(prefix="tunix-rt-") as folder:
        path = Path(folder) / "rows.array_record"
        writer = ArrayRecordWriter(str(path), ALONE)
        for row in rows:
            writer.write(encode(row))
        writer.close()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
