"""Files that appear and files that grow, imported as they do.

A file of lines is read on from where it was; any other is read as a whole, once it has stopped
changing. How far a file was read is kept after its traces are stored: whoever is killed in between
reads some of them twice, and what is stored already is not stored again.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from tunix_rt.kit.errors import Broken, TunixError
from tunix_rt.kit.lines import MAX_LINE
from tunix_rt.store import Store
from tunix_rt.traces import importing, query_watched
from tunix_rt.traces.intake import Intake
from tunix_rt.traces.mapping import MAPPED, Mapped
from tunix_rt.traces.opening import Records, grows
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
        on_batch: Callable[[str, ImportReport], None] = lambda name, report: None,
    ) -> None:
        if format != "auto":
            importing.formats.load(format)
        self._store = store
        self._places = places
        self._format = format
        self._mapped = mapped
        self._source = source
        self._on_rejected = on_rejected
        self._on_unreadable = on_unreadable
        self._on_batch = on_batch
        self._before: dict[Path, str] = {}
        self._done: dict[Path, str] = {}
        self._told: dict[Path, str] = {}

    def look(self, *, whole: bool = False) -> Found:
        """Import what is new; `whole` says that nobody writes any more, and nothing has to wait.

        What is wrong with a file is told once, and the others go on; a database that refuses
        ends the look, and the next one begins where this one was.
        """
        for number, (path, name) in enumerate(self._files()):
            if number == MOST_FILES:
                self._tell(path, name, f"it and what follows is not watched: {number:,} files are")
                return
            try:
                stamp = _stamp(path)
                if self._done.get(path) == stamp:
                    continue
                report = self._take(path, name, stamp, whole=whole)
            except Broken:
                raise
            except TunixError as error:
                self._done[path] = stamp
                self._tell(path, name, error.message)
            except FileNotFoundError:
                continue  # gone since the folder was listed, or not there yet
            except OSError as error:
                self._tell(path, name, f"it cannot be read: {error.strerror}")
            else:
                self._told.pop(path, None)
                if report is not None and report.records:
                    yield name, report

    def _tell(self, path: Path, name: str, reason: str) -> None:
        if self._told.get(path) != reason:
            self._told[path] = reason
            self._on_unreadable(name, reason)

    def _files(self) -> Iterator[tuple[Path, str]]:
        """Every file in the places, and what to call it: in a folder, by its place there."""
        for place in self._places:
            if place.is_file():
                yield place, _legible(place.name)
            for folder, folders, names in os.walk(place):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    path = Path(folder, name)
                    if name.startswith(".") or name.endswith(UNFINISHED) or path.is_symlink():
                        continue
                    if path.is_file():
                        yield path, _legible(str(path.relative_to(place)))

    def _take(self, path: Path, name: str, stamp: str, *, whole: bool) -> ImportReport | None:
        """What is new in one file."""
        settled, self._before[path] = whole or self._before.get(path) == stamp, stamp
        with self._store.read() as connection:
            known = query_watched.get(connection, _legible(str(path)))
        if known is not None and not self._is_read_so(known):
            known = None
        with path.open("rb") as file:
            if grows(file, path):
                report = self._read_on(file, path, name, known, whole=whole)
                self._done[path] = stamp
                return report
        if known is not None and known.stamp == stamp:
            self._done[path] = stamp
            return None
        if not settled:
            return None
        report = importing.import_file(
            self._store,
            path,
            format=self._format,
            mapped=self._mapped,
            source=self._source or name,
            on_rejected=partial(self._on_rejected, name),
            on_batch=lambda report, _offset: self._on_batch(name, report),
        )
        self._keep(path, Watched("", self._mapped_or(report.format), 0, 0, b"", stamp))
        self._done[path] = stamp
        return report

    def _is_read_so(self, known: Watched) -> bool:
        """Whether what was read of a file was read as it shall be read now."""
        if self._mapped or self._format != "auto":
            return known.format == self._mapped_or(self._format)
        return known.format in importing.formats.names()

    def _mapped_or(self, format: str) -> str:
        """What is kept as the format: a mapping is known by its columns."""
        return self._mapped.key if self._mapped else format

    def _read_on(
        self, file: BinaryIO, path: Path, name: str, known: Watched | None, *, whole: bool
    ) -> ImportReport | None:
        """The lines of a file that were not read yet."""
        size = os.fstat(file.fileno()).st_size
        if known is None or known.position > size or known.mark != _mark(file, known.position):
            known = Watched("", self._format, 0, 0, b"", "")
        format: str | None = MAPPED if self._mapped else known.format
        if format == "auto":
            format = self._detected(file, name, whole=whole)
        if format is None:
            return None
        how = self._mapped or importing.formats.load(format)
        place = known._replace(format=self._mapped_or(format))
        told = partial(self._on_rejected, name)
        with Intake(self._store, self._source or name, format, on_rejected=told) as intake:
            for record, end in _lines(file, known.position, known.number, whole=whole):
                for own, found in importing.read_all(how, [record], name):
                    intake.take(own, found)
                if end is not None:
                    place = place._replace(position=end, number=record.number)
                if intake.is_full:
                    intake.flush()
                    self._keep(path, place._replace(mark=_mark(file, place.position)))
                    self._on_batch(name, intake.report)
            intake.flush()
        if place.position != known.position:
            self._keep(path, place._replace(mark=_mark(file, place.position)))
        return intake.report

    def _detected(self, file: BinaryIO, name: str, *, whole: bool) -> str | None:
        """The format of a file that grows; None while there is no line to find it out by."""
        lines = (record for record, _ in _lines(file, 0, 0, whole=whole))
        records = Records(name, 0, lines, lambda: 0)
        return importing.detect(records) if records.peek() else None

    def _keep(self, path: Path, watched: Watched) -> None:
        with self._store.write() as connection:
            query_watched.keep(connection, watched._replace(path=_legible(str(path))))


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
    digest, here = hashlib.sha256(), file.tell()
    for start, end in ((0, min(HEAD, position)), (max(position - TAIL, 0), position)):
        file.seek(start)
        digest.update(file.read(end - start))
    file.seek(here)
    return digest.digest()


def _legible(name: str) -> str:
    """A name that a database can hold; a file's may be no UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _stamp(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ino}"
