"""A frozen dataset in any format that others read: lines, files and folders, streamed.

Every format writes the rows of one split as the bytes of one file. What is a folder has more files
around those.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple, Protocol, get_args

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.files import write_folder, write_whole
from tunix_rt.rendering import policing
from tunix_rt.rendering.schema import ExportFormat, TraceRow
from tunix_rt.rendering.schema_export import About, ExportInfo, Kind
from tunix_rt.rendering.schema_options import MaskPolicy

EACH = "each"
"""In place of a split: every split, a file for each."""

CONTRACT: tuple[str, ...] = get_args(ExportFormat)
"""The formats that never part the splits, as earlier clients have them."""


class Export(Protocol):
    """What a module in `exports/` provides.

    One that teaches says in `TAUGHT` what: `"whole"` traces, or `"parts"` of them; then its
    `export` takes a mask policy too, and `MASKS` is the one it has where none is given.
    One that is a folder may also have `around(About)`, further files by path and bytes, and
    `FILE_ROWS`, the most rows of one file: those of a longer split come in parts.
    """

    KIND: Kind
    FILE: str
    """The name of a split's file, with `{split}`, `{name}` and `{part}` in it."""

    READ_BY: str

    def export(self, rows: Iterable[TraceRow]) -> Iterator[bytes]:
        """The file of these rows."""


class Frozen(Protocol):
    """A frozen version that can be read more than once."""

    @property
    def about(self) -> About:
        """What it is, with the rows of each split."""

    def rows(self, split: str | None) -> Iterator[TraceRow]:
        """The rows of one split, or of all, in their order."""


File = tuple[str, Iterator[bytes]]
"""The path of a file inside what is written, and its bytes."""


class Written(NamedTuple):
    """What an export left behind: how many rows went in, how many records came out."""

    rows: int
    records: int | None
    """Null where the format has no lines to count."""


_catalog = Catalog[Export]("tunix_rt.rendering.exports", kind="export format")


def names() -> list[str]:
    """Every format, those of the contract in its spelling."""
    spelled = {name.replace("_", "-"): name for name in CONTRACT}
    return [spelled.get(name, name) for name in _catalog.names()]


def load(name: str) -> Export:
    """The format of this name; `NotFound` names the others."""
    return _catalog.load(name.replace("_", "-"))


def listed() -> list[ExportInfo]:
    """Every format, and what it is."""
    return [
        ExportInfo(
            name=name,
            kind=load(name).KIND,
            file=load(name).FILE,
            description=_catalog.summary(name.replace("_", "-")),
            read_by=load(name).READ_BY,
            policy=policing.keys(load(name)),
        )
        for name in names()
    ]


def many(name: str, split: str | None) -> bool:
    """Whether an export is more than one file."""
    return load(name).KIND == "folder" or split == EACH


def policy(name: str, pairs: Sequence[str]) -> MaskPolicy | None:
    """The mask policy that `KEY=VALUE` pairs mean to a format (`BadInput` if it cannot obey)."""
    return policing.checked(name, load(name), pairs)


def content(
    name: str, rows: Iterable[TraceRow], masks: MaskPolicy | None = None
) -> Iterator[bytes]:
    """The file of some rows."""
    return policing.written(load(name), rows, masks)


def checked(name: str, frozen: Frozen, split: str | None) -> None:
    """Refuse a split that is not there, and one file that would mix the splits (`BadInput`)."""
    if split == EACH or (split is None and (name in CONTRACT or many(name, split))):
        return
    splits = list(frozen.about.splits)
    if split is not None and split not in splits:
        raise BadInput(
            f"The dataset has no split {split[:64]!r}.", hint=f"It has: {', '.join(splits)}."
        )
    if split is None and len(splits) > 1:
        raise BadInput(
            f"One file would mix the splits {', '.join(splits)}.",
            hint=f"Choose one of them as the split, or {EACH!r} for a file for each.",
        )


def files(
    name: str, frozen: Frozen, split: str | None, masks: MaskPolicy | None = None
) -> Iterator[File]:
    """Each file of an export that is more than one."""
    export, about = load(name), frozen.about
    chosen = [split] if split not in (None, EACH) else list(about.splits)
    about = about._replace(splits={one: about.splits[one] for one in chosen})
    for one in chosen:
        for part, rows in enumerate(parts(frozen.rows(one), getattr(export, "FILE_ROWS", None))):
            place = export.FILE.format(split=one, name=about.name, part=f"{part:05}")
            yield place, content(name, rows, masks)
    around: Callable[[About], Iterator[tuple[str, bytes]]] | None = getattr(export, "around", None)
    if around is not None:
        yield from ((path, iter([content])) for path, content in around(about))


def write(
    name: str, frozen: Frozen, target: Path, split: str | None, masks: MaskPolicy | None = None
) -> Written:
    """Write a version to a file, or to a new folder; it appears whole or not at all."""
    counted = _Counted(frozen)
    checked(name, frozen, split)
    if many(name, split):
        chunks = write_folder(target, files(name, counted, split, masks))
    else:
        chunks = write_whole(target, content(name, counted.rows(split), masks))
    return Written(counted.read, chunks if load(name).KIND == "lines" else None)


def parts(rows: Iterator[TraceRow], most: int | None) -> Iterator[Iterator[TraceRow]]:
    """The rows in parts of at most so many, each to be read to its end before the next."""
    if most is None:
        yield rows
        return
    yield islice(rows, most)
    for first in rows:
        yield chain([first], islice(rows, most - 1))


def module_name(key: str) -> str:
    """A dataset's key as the name of a Python module."""
    name = re.sub(r"[^a-z0-9]+", "_", key.lower()).strip("_")
    return name if name[:1].isalpha() else f"data_{name}"


def checked_splits(splits: Mapping[str, int]) -> dict[str, int]:
    """Splits whose names may be names of files."""
    for split in splits:
        if not re.fullmatch(r"[A-Za-z0-9_]{1,64}", split) or split == EACH:
            raise BadInput(
                f"The split {split[:64]!r} cannot be the name of a file.",
                hint="Call splits by letters, digits and underscores.",
            )
    return dict(splits)


class _Counted:
    """A version whose rows are counted as they are read."""

    def __init__(self, frozen: Frozen) -> None:
        self._frozen = frozen
        self.read = 0

    @property
    def about(self) -> About:
        return self._frozen.about

    def rows(self, split: str | None) -> Iterator[TraceRow]:
        for row in self._frozen.rows(split):
            self.read += 1
            yield row
