"""JSON that is not one record per line: an array, or documents that go over several lines.

Elements are found one at a time and handed on as the bytes they stand in; the file is never
read whole. An element that is malformed ends the reading, since nobody knows where the next begins.
"""

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from tunix_rt.kit.lines import MAX_LINE
from tunix_rt.traces.schema_record import Record

CHUNK = 1 << 18

_decoder = json.JSONDecoder(parse_int=len, parse_float=len, parse_constant=len)
_SPACE = re.compile(r"[ \t\r\n]*")


def is_array(head: bytes) -> bool:
    """Whether a file that begins like this is an array of objects."""
    return re.match(rb"\s*\[\s*[{\]]", head) is not None


def spans_lines(head: bytes) -> bool:
    """Whether a file that begins like this has a document that goes over several lines.

    A line that was cut off is none: what follows it begins with a `{` of its own.
    """
    first, newline, rest = head.lstrip().partition(b"\n")
    first = first.rstrip()
    return (
        first.startswith(b"{")
        and bool(newline)
        and first.endswith((b"{", b"[", b","))
        and not rest.startswith(b"{")
    )


def documents(file: BinaryIO) -> Iterator[Record]:
    """Each element of an array, or each document of those that follow one another.

    Several arrays may follow one another too, as in files that were joined.
    """
    window = _Window(file)
    array = window.take("[")
    number = 0
    while window.ahead():
        if array and window.take("]"):
            if window.ahead() and not window.take("["):
                yield Record(number + 1, b"", "what stands behind the array is not read")
                return
            continue
        number += 1
        try:
            raw = window.document()
        except ValueError as error:
            yield Record(number, b"", f"{error}; nothing after it can be read")
            return
        yield Record(number, raw)
        if array:
            window.take(",")


class _Window:
    """The part of a file that is looked at; grows only as far as one element is long."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._over = False
        self._tail = b""
        self._more(CHUNK)
        self._text = self._text.removeprefix("\ufeff")

    def ahead(self) -> bool:
        """Whether anything but white space is to come."""
        while True:
            self._at = self._skip()
            if self._at < len(self._text):
                return True
            if self._over:
                return False
            self._more(CHUNK)

    def take(self, mark: str) -> bool:
        """Step over a mark, if it is what comes next."""
        if self.ahead() and self._text.startswith(mark, self._at):
            self._at += 1
            return True
        return False

    def document(self) -> bytes:
        """The bytes of the next element; `ValueError` says why it is none."""
        size = CHUNK
        while True:
            end = _ends(self._text, self._at)
            if end and (end < len(self._text) or self._over):
                raw = self._text[self._at : end].encode("utf-8", "surrogateescape")
                self._at = end
                return raw
            if self._over:
                raise ValueError("JSON is malformed or cut off")
            if len(self._text) - self._at > MAX_LINE:
                raise ValueError(f"malformed, or a document of more than {MAX_LINE:,} characters")
            self._more(size)
            size *= 2

    def _skip(self) -> int:
        found = _SPACE.match(self._text, self._at)
        return found.end() if found else self._at

    def _more(self, size: int) -> None:
        """Read on, letting go of what was handed out; half a character waits for its rest."""
        data = self._file.read(size)
        self._over = len(data) < size
        data = self._tail + data
        keep = 0 if self._over else _half(data)
        self._tail = data[len(data) - keep :]
        self._text = self._text[self._at :] + data[: len(data) - keep].decode(
            "utf-8", "surrogateescape"
        )
        self._at = 0


def _half(data: bytes) -> int:
    """How many bytes at the end begin a character that is not whole."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if needed > back else 0
        if byte < 0x80:
            return 0
    return 0


def _ends(text: str, at: int) -> int:
    """Where the JSON value at `at` ends; 0 if it does not."""
    try:
        return int(_decoder.raw_decode(text, at)[1])
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError:
        return 0
