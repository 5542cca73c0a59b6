"""Files that appear and files that grow, imported as they do.

A file of lines is read on from where it was; any other is read as a whole, once it has stopped
changing. How far a file was read is kept after its traces are stored: whoever is killed in between
reads some of them twice, and what is stored already is not stored again.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from tunix_rt.kit.errors import TunixError
from tunix_rt.kit.lines import MAX_LINE
from tunix_rt.store import Store
from tunix_rt.traces import importing, query_watched
from tunix_rt.traces.intake import Intake
from tunix_rt.traces.mapping import MAPPED, Mapped
from tunix_rt.traces.opening import LOOKED_AT, Records, grows
from tunix_rt.traces.schema_record import ImportReport, Record, Rejected
from tunix_rt.traces.schema_watched import Watched

PAUSE = 1.0
"""Seconds between two looks."""

MOST_FILES = 100_000
HEAD, TAIL = 4_096, 256
"""Bytes at the beginning, and before the place that was read to, by which a file is known."""

UNFINISHED = (".tmp", ".part", ".partial", ".swp", ".lock", "~")

Found = Iterator[tuple[str, ImportReport]]


class Watch:
    """Some places, looked at again and again."""

    def __init__(
        self,
        store: Store,
        places: list[Path],
        *,
        format: str = "auto",
        mapped: Mapped | None = None,
        source: str | None = None,
        on_rejected: Callable[[str, Rejected], None] = lambda name, rejected: None,
        on_unreadable: Callable[[str, str], None] = lambda name, reason: None,
    ) -> None:
        if format != "auto":
            importing.formats.load(format)
        self._store = store
        self._places = places
        self._format = MAPPED if mapped else format
        self._mapped = mapped
        self._source = source
        self._on_rejected = on_rejected
        self._on_unreadable = on_unreadable
        self._before: dict[Path, str] = {}
        self._done: dict[Path, str] = {}

    def look(self, *, whole: bool = False) -> Found:
        """Import what is new; `whole` says that nobody writes any more, and nothing has to wait."""
        for path in islice(self._files(), MOST_FILES):
            try:
                stamp = _stamp(path)
                if self._done.get(path) == stamp:
                    continue
                report = self._take(path, stamp, whole=whole)
            except TunixError as error:
                self._done[path] = stamp
                self._on_unreadable(path.name, error.message)
            except FileNotFoundError:
                continue  # gone since the folder was listed
            except OSError as error:
                self._on_unreadable(path.name, f"it cannot be read: {error.strerror}")
            else:
                if report is not None and report.records:
                    yield path.name, report

    def _files(self) -> Iterator[Path]:
        """Every file in the places, those in folders by name."""
        for place in self._places:
            if not place.is_dir():
                yield place
                continue
            for folder, folders, names in os.walk(place):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    path = Path(folder, name)
                    if not name.startswith(".") and not name.endswith(UNFINISHED):
                        if path.is_file() and not path.is_symlink():
                            yield path

    def _take(self, path: Path, stamp: str, *, whole: bool) -> ImportReport | None:
        """What is new in one file."""
        settled, self._before[path] = whole or self._before.get(path) == stamp, stamp
        with self._store.read() as connection:
            known = query_watched.get(connection, str(path))
        if known is not None and self._format not in ("auto", known.format):
            known = None
        with path.open("rb") as file:
            if grows(file, path):
                report = self._read_on(file, path, known, whole=whole)
                self._done[path] = stamp
                return report
        if not settled or (known is not None and known.stamp == stamp):
            return None
        report = importing.import_file(
            self._store,
            path,
            format=self._format if self._mapped is None else "auto",
            mapped=self._mapped,
            source=self._source,
            on_rejected=lambda rejected: self._on_rejected(path.name, rejected),
        )
        self._keep(Watched(str(path), report.format, 0, 0, b"", stamp))
        self._done[path] = stamp
        return report

    def _read_on(
        self, file: BinaryIO, path: Path, known: Watched | None, *, whole: bool
    ) -> ImportReport | None:
        """The lines of a file that were not read yet."""
        size = os.fstat(file.fileno()).st_size
        if known is None or known.position > size or known.mark != _mark(file, known.position):
            known = Watched(str(path), self._format, 0, 0, _mark(file, 0), "")
        name = known.format if known.format != "auto" else self._detected(file, path, whole=whole)
        if name is None:
            return None
        how = self._mapped or importing.formats.load(name)
        intake = Intake(
            self._store,
            self._source or path.name,
            name,
            on_rejected=lambda rejected: self._on_rejected(path.name, rejected),
        )
        place = known
        for record, end in _lines(file, known.position, known.number, whole=whole):
            for _, found in importing.read_all(how, [record], path.name):
                intake.take(record, found)
            if end is not None:
                place = place._replace(format=name, position=end, number=record.number)
            if intake.is_full:
                intake.flush()
                self._keep(place._replace(mark=_mark(file, place.position)))
                file.seek(place.position)
        intake.flush()
        if place != known:
            self._keep(place._replace(mark=_mark(file, place.position)))
        return intake.report

    def _detected(self, file: BinaryIO, path: Path, *, whole: bool) -> str | None:
        """The format of a file that grows; None while there is no line to find it out by."""
        first = [record for record, _ in islice(_lines(file, 0, 0, whole=whole), LOOKED_AT)]
        if not first:
            return None
        return importing.detect(Records(path.name, 0, iter(first), lambda: 0))

    def _keep(self, watched: Watched) -> None:
        with self._store.write() as connection:
            query_watched.keep(connection, watched)


def _lines(
    file: BinaryIO, position: int, number: int, *, whole: bool
) -> Iterator[tuple[Record, int | None]]:
    """Lines that have an end, and where that is; with `whole` also a last one without, and None."""
    file.seek(position)
    while line := file.readline(MAX_LINE):
        position += len(line)
        ended = line.endswith(b"\n")
        while not ended and (rest := file.readline(MAX_LINE)):
            position += len(rest)
            ended = rest.endswith(b"\n")
        if not ended and not whole:
            return
        number += 1
        if line.strip():
            raw = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            yield Record(number, raw), position if ended else None


def _mark(file: BinaryIO, position: int) -> bytes:
    """The hash by which a file that was read to a place is known again."""
    digest = hashlib.sha256()
    for start, end in ((0, min(HEAD, position)), (max(position - TAIL, 0), position)):
        file.seek(start)
        digest.update(file.read(end - start))
    return digest.digest()


def _stamp(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ino}"
