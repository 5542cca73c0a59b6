"""The text files of a model folder: small, UTF-8, readable, or refused in a sentence."""

from pathlib import Path

from tunix_rt.kit.errors import BadInput


def read_text(folder: Path, name: str, largest: int) -> str | None:
    """The text of one file, or `None` where the folder has no such file."""
    path = folder / name
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > largest:
            raise BadInput(f"{name} in {folder.name!r} is larger than {largest} bytes.")
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadInput(f"{name} in {folder.name!r} is not UTF-8.") from None
    except OSError as error:
        raise BadInput(
            f"{name} in {folder.name[:200]!r} cannot be read: {error.strerror}."
        ) from None
