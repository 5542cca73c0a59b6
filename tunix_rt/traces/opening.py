"""A file, opened as the records it is made of, with a memory that does not grow with it.

What it is is found in its bytes, not in its name: gzip or zstd, then parquet, an archive of
Inspect, a JSON array, JSON documents that go over several lines, or JSON lines. A file that begins
with something else and is called `.txt` or `.md` is one record, `{"text": ...}`; one called `.csv`
or `.tsv` has a record a row.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

import msgspec

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import MAX_LINE, numbered
from tunix_rt.traces.opening_csv import SUFFIXES, rows
from tunix_rt.traces.opening_json import documents, is_array, spans_lines
from tunix_rt.traces.opening_packed import PACKED, unpacked
from tunix_rt.traces.opening_zip import MAGIC, samples
from tunix_rt.traces.reading.tabling import Rows
from tunix_rt.traces.schema_record import Record

LOOKED_AT = 100
LOOKED_BYTES = 4 * 1024 * 1024
"""Records that are looked at to find out which format a file is of, and how much of them."""

TEXTS = {".txt", ".md", ".text"}


class Records:
    """The records of one file, in order; the first ones can be looked at beforehand."""

    def __init__(
        self, name: str, size: int, records: Iterator[Record], offset: Callable[[], int]
    ) -> None:
        self.name = name
        self.size = size
        self._records = records
        self._offset = offset

    def __iter__(self) -> Iterator[Record]:
        """Every record that is left."""
        return self._records

    def peek(self) -> list[Record]:
        """The first records; they are still to come."""
        first: list[Record] = []
        size = 0
        for record in islice(self._records, LOOKED_AT):
            first.append(record)
            size += len(record.raw)
            if size > LOOKED_BYTES:
                break
        self._records = chain(first, self._records)
        return first

    @property
    def offset(self) -> int:
        """Bytes of the file that were read."""
        return self._offset()


def must_be_file(path: Path) -> None:
    """Refuse what has no beginning and no end, and say what to name instead."""
    if path.is_dir():
        raise BadInput(
            f"{path} is a folder.",
            hint=f"Name its files, or take them all: tunix-rt traces watch {path} --once",
        )
    if not path.is_file():
        raise BadInput(f"{path} is not a file.")


@contextmanager
def open_records(path: Path) -> Iterator[Records]:
    """The records of `path`, whatever they are packed in."""
    try:
        file = path.open("rb", buffering=1 << 18)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        size = path.stat().st_size
        magic = file.read(4)
        file.seek(0)
        if magic == b"PAR1":
            table = Rows(path)
            try:
                yield Records(path.name, size, _table(table), lambda: _share(table, size))
            finally:
                table.close()
            return
        if magic == MAGIC:
            yield Records(path.name, size, samples(file, path.name, size), file.tell)
            return
        with unpacked(file, path.name, size) as plain:
            yield Records(path.name, size, _records(plain, path), file.tell)


def grows(file: BinaryIO, path: Path) -> bool:
    """Whether a file is plain JSON lines, which can be read on when more are written to it."""
    head = file.read(4096).removeprefix(b"\xef\xbb\xbf")
    file.seek(0)
    if head.startswith((b"PAR1", MAGIC, *PACKED)) or is_array(head) or spans_lines(head):
        return False
    names = {suffix.lower() for suffix in path.suffixes}
    return not (TEXTS | SUFFIXES.keys()) & names


def _records(file: BinaryIO, path: Path) -> Iterator[Record]:
    """The records of a file that is packed no more."""
    head = _head(file)
    if is_array(head) or spans_lines(head):
        return documents(file)
    names = {suffix.lower() for suffix in path.suffixes}
    if TEXTS & names and not head.lstrip().startswith((b"{", b"[")):
        return _text(file)
    for suffix in SUFFIXES.keys() & names:
        return rows(file, path.name, SUFFIXES[suffix])
    return (Record(number, line) for number, line in numbered(file) if line.strip())


def _head(file: BinaryIO) -> bytes:
    """The first bytes, which are still to come."""
    peek: Callable[[int], bytes] = file.peek  # type: ignore[attr-defined]
    return peek(4096).removeprefix(b"\xef\xbb\xbf")


def _text(file: BinaryIO) -> Iterator[Record]:
    """A whole text as one record."""
    raw = file.read(MAX_LINE + 1).removeprefix(b"\xef\xbb\xbf")
    if len(raw) > MAX_LINE:
        yield Record(1, b"", f"a text of more than {MAX_LINE:,} bytes")
        return
    try:
        yield Record(1, msgspec.json.encode({"text": raw.decode()}))
    except UnicodeDecodeError as error:
        yield Record(1, b"", f"not UTF-8: bad byte at offset {error.start}")


def _table(rows: Rows) -> Iterator[Record]:
    for number, row in enumerate(rows, 1):
        yield Record(number, b"", row) if isinstance(row, str) else Record(number, row)


def _share(rows: Rows, size: int) -> int:
    """How far a table is read, as bytes of its file."""
    return size * rows.read // max(rows.total, 1)
