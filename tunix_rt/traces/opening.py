"""A file, opened as the records it is made of, with a memory that does not grow with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import numbered
from tunix_rt.traces.schema_record import Record

LOOKED_AT = 100
"""Records that are looked at to find out which format a file is of."""


class Records:
    """The records of one file, in order; the first ones can be looked at beforehand."""

    def __init__(self, name: str, size: int, records: Iterator[Record], file: BinaryIO) -> None:
        self.name = name
        self.size = size
        self._records = records
        self._file = file

    def __iter__(self) -> Iterator[Record]:
        """Every record that is left."""
        return self._records

    def peek(self) -> list[Record]:
        """The first records; they are still to come."""
        first = list(islice(self._records, LOOKED_AT))
        self._records = chain(first, self._records)
        return first

    @property
    def offset(self) -> int:
        """Bytes of the file that were read."""
        return self._file.tell()


@contextmanager
def open_records(path: Path) -> Iterator[Records]:
    """The records of `path`, whatever they are packed in."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        lines = (Record(number, line) for number, line in numbered(file) if line.strip())
        yield Records(path.name, path.stat().st_size, lines, file)
