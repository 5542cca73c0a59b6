"""CSV and TSV: rows as JSON objects of texts, named by the first row."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import MAX_LINE
from tunix_rt.traces.schema_record import Record

SUFFIXES = {".csv": ",", ".tsv": "\t"}
MAX_COLUMNS = 1_000


def rows(file: BinaryIO, name: str, delimiter: str) -> Iterator[Record]:
    """Each row after the first; what is wrong with the quotes ends the reading."""
    csv.field_size_limit(MAX_LINE)
    lines = _Lines(file)
    found = csv.reader(lines, delimiter=delimiter, strict=True)
    names = _names(found, name)
    number = 0
    while True:
        number += 1
        lines.taken = 0
        try:
            row = next(found, None)
        except (csv.Error, UnicodeDecodeError) as error:
            yield Record(number, b"", f"{_why(error)}; nothing after it can be read")
            return
        if row is None:
            return
        if len(row) > len(names):
            yield Record(number, b"", f"{len(row)} values under {len(names)} columns")
        elif row:
            raw = msgspec.json.encode(dict(zip(names, row, strict=False)))
            yield (
                Record(number, raw)
                if len(raw) <= MAX_LINE
                else Record(number, b"", f"a row of more than {MAX_LINE:,} bytes")
            )


def _names(found: Iterator[list[str]], file: str) -> list[str]:
    try:
        names = [name.strip() for name in next(found, [])]
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: the first row cannot be read: {_why(error)}.") from None
    if len(names) > MAX_COLUMNS or len(set(names)) < len(names) or "" in names:
        raise BadInput(
            f"{file}: the first row must name up to {MAX_COLUMNS:,} columns, each differently."
        )
    return names


class _Lines:
    """Lines of a bounded length; a row may have several, as many as its quotes hold."""

    def __init__(self, file: BinaryIO) -> None:
        self.taken = 0
        """Bytes of the row that is being read."""
        self._file = file
        self._first = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_LINE)
        self.taken += len(line)
        if not line:
            raise StopIteration
        if self.taken > 2 * MAX_LINE:
            raise csv.Error(f"a row of more than {2 * MAX_LINE:,} bytes")
        line, self._first = line.removeprefix(b"\xef\xbb\xbf") if self._first else line, False
        return line.decode()


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8: bad byte at offset {error.start} of its line"
    return str(error)
