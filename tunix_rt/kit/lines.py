"""Lines of files from strangers: read with a bounded memory, decoded or refused in a sentence."""

from collections.abc import Iterator
from typing import BinaryIO, TypeVar

import msgspec

T = TypeVar("T")

MAX_LINE = 16 * 1024 * 1024
"""Bytes of one record; what is longer is cut, and so does not parse."""

Line = tuple[int, bytes]
"""A line number, counted from 1, and the line."""


def numbered(file: BinaryIO) -> Iterator[Line]:
    """Lines with their numbers; one that is too long arrives cut, and so does not parse."""
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        whole = line.endswith(b"\n")
        while not whole and (rest := file.readline(MAX_LINE)):
            whole = rest.endswith(b"\n")
        yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def decode_line(line: bytes | msgspec.Raw, type: type[T]) -> T:
    """The JSON of one line as a `type`; `ValueError` says in one sentence why it is none."""
    try:
        return msgspec.json.decode(line, type=type)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: bad byte at offset {error.start}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None
