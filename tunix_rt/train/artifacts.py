"""The files that a run left behind: its model's, and what lies in some folders of its own."""

from collections.abc import Iterator
from pathlib import Path

from tunix_rt.kit.errors import Forbidden, NotFound
from tunix_rt.runs.schema_export import EVENTS
from tunix_rt.train.schema_contract import Artifact
from tunix_rt.train.schema_profile import PROFILE

ADAPTER = "adapter"
"""What LoRA learned, apart from the model: a folder of the run."""

OWN = (ADAPTER, PROFILE, EVENTS)
"""Folders of the run whose files are named with them."""


def listed(model: Path | None, folder: Path) -> list[Artifact]:
    """Every one, by name; `folder` is the run's own."""
    files = {file.name: file for file in _files(model)} | {
        file.relative_to(folder).as_posix(): file
        for own in OWN
        for file in (folder / own).rglob("*")
        if file.is_file()
    }
    return [
        Artifact(name=name, size=file.stat().st_size, path=str(file))
        for name, file in sorted(files.items())
    ]


def found(model: Path | None, folder: Path, name: str) -> Path:
    """One of them; `Forbidden` for a name that leads elsewhere."""
    missing = NotFound(f"Artifact not found: {name[:200]}")
    if "\0" in name:
        raise missing
    own, slash, _ = name.partition("/")
    base = folder if slash and own in OWN else model
    try:
        root = (base or folder).resolve()  # a name escapes without a model too
        file = (root / name).resolve()
        if not file.is_relative_to(root if base is model else root / own):
            raise Forbidden("An artifact lies in its run's folder, and nowhere else.")
        if base is None or not file.is_file():
            raise missing
    except OSError:  # a name that no file system takes
        raise missing from None
    return file


def _files(model: Path | None) -> Iterator[Path]:
    if model is not None and model.is_dir():
        yield from (file for file in model.iterdir() if file.is_file())
