"""Writing files and folders so that they appear whole or not at all."""

import os
import shutil
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


def write_folder(folder: Path, files: Iterable[tuple[str, Iterable[bytes]]]) -> int:
    """Write files, each by its path inside, to a new folder; how many chunks.

    The folder is made beside its place and renamed at the end. One that is there already is
    refused unless it is empty; a path that leads out of it, or comes twice, is refused.
    """
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    count = 0
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInput(f"{folder} exists already.", hint="Name a folder that is new or empty.")
        part.mkdir()
        for name, chunks in files:
            place = (part / name).resolve()
            if not place.is_relative_to(part.resolve()):
                raise BadInput(f"{name!r} lies outside of {folder}.")
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as out:
                for chunk in chunks:
                    out.write(chunk)
                    count += 1
        part.replace(folder)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return count
