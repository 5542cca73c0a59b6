"""Writing files so that they appear whole or not at all."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tunix_rt.kit.errors import BadInput


def write_whole(file: Path, chunks: Iterable[bytes]) -> int:
    """Write `chunks` to `file` through a neighbour that is renamed at the end; how many."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    count = 0
    try:
        with part.open("wb") as out:
            for chunk in chunks:
                out.write(chunk)
                count += 1
        part.replace(file)
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        with suppress(OSError):  # where nothing could be written, nothing can be left
            part.unlink()
    return count
