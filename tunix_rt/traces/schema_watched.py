"""What is kept of a file that is watched."""

from typing import NamedTuple


class Watched(NamedTuple):
    """How far a file was read, and by what it is known to be the same file still."""

    path: str
    format: str
    position: int
    """Bytes of it that were read, to the end of a line."""
    number: int
    """Lines that were read."""
    mark: bytes
    """The hash of its beginning, and of what stands before `position`."""
    stamp: str
    """Size and time of a file that is read as a whole; empty for one that grows."""
