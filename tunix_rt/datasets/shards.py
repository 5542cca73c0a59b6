"""Parquet shards: rows in, files with hashes out, and rows again, with a memory that does not grow.

A shard holds what rows say. Which traces of this store they were stands in a second
file, row by row, so that the same rows are the same bytes on any machine.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import msgspec

from tunix_rt.datasets import columns
from tunix_rt.datasets.schema import Shard
from tunix_rt.kit.errors import Broken
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.store.blobs import Blobs, full
from tunix_rt.traces.schema import QuickTrace, content_hash

SHARD_CHARS = 256 * 1024 * 1024
GROUP_ROWS = 2_500
GROUP_CHARS = 8 * 1024 * 1024
"""After which a file, and a row group in it, ends. The hashes of a version depend on them."""

READ_AT_ONCE = 1_000
LEVEL = 1

_json = msgspec.json.Encoder(order="sorted")


def fingerprint(row: TraceRow) -> bytes:
    """sha256 over the canonical trace: the content hash that the store knows it by."""
    trace = QuickTrace(row.trace_version, row.prompt, row.final_answer, row.steps, row.meta)
    return content_hash(trace.body())


def line(row: TraceRow, fingerprint: bytes) -> bytes:
    """What the hash of a split is over: the trace, and everything that was known of it."""
    return _json.encode(
        (
            fingerprint.hex(),
            row.split,
            row.weight,
            row.part,
            row.source,
            row.model,
            row.verdict,
            row.first_error,
            row.step_verdicts,
        )
    )


class Writer:
    """The shards of one split of a slab: one, or more where the texts are long."""

    def __init__(self, place: Path, split: str) -> None:
        self._place, self.split = place, split
        self._content = hashlib.sha256()
        self._rows: list[TraceRow] = []
        self._prints: list[bytes] = []
        self._chars = self._shard_rows = self._shard_chars = 0
        self._open: _Open | None = None
        self._shards: list[Shard] = []

    def add(self, row: TraceRow, fingerprint: bytes, chars: int) -> None:
        """Take one row; `chars` is about how much text it holds."""
        self._content.update(line(row, fingerprint) + b"\n")
        self._rows.append(row)
        self._prints.append(fingerprint)
        self._chars += chars
        if len(self._rows) >= GROUP_ROWS or self._chars >= GROUP_CHARS:
            self._flush()

    def close(self) -> list[Shard]:
        """Finish the last shard; all of them, each named by its file's place."""
        self._flush()
        self._end_shard()
        return self._shards

    def abandon(self) -> None:
        """Let go of a file that is half written."""
        if self._open is not None:
            self._open.abandon()

    def _flush(self) -> None:
        if not self._rows:
            return
        if self._open is None:
            self._open = _Open(self._place.with_name(f"{self._place.name}-{len(self._shards)}"))
        self._open.write(self._rows, self._prints)
        self._shard_rows += len(self._rows)
        self._shard_chars += self._chars
        self._rows, self._prints, self._chars = [], [], 0
        if self._shard_chars >= SHARD_CHARS:
            self._end_shard()

    def _end_shard(self) -> None:
        if self._open is None:
            return
        place = self._open.close()
        size, sha256 = _written(rows_file(place))
        self._shards.append(
            Shard(
                name=str(place),
                split=self.split,
                rows=self._shard_rows,
                size_bytes=size,
                sha256=sha256,
                ids_sha256=_written(ids_file(place))[1],
                content_sha256=self._content.hexdigest(),
            )
        )
        self._open, self._shard_rows, self._shard_chars = None, 0, 0
        self._content = hashlib.sha256()


def rows_file(place: Path) -> Path:
    """Where the rows of a shard are written."""
    return place.with_name(f"{place.name}.rows")


def ids_file(place: Path) -> Path:
    """Where the ids of its traces are written."""
    return place.with_name(f"{place.name}.ids")


def _written(file: Path) -> tuple[int, str]:
    """Size and hash of a finished file, once the disk has it."""
    try:
        with file.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
            os.fsync(opened.fileno())
        return file.stat().st_size, sha256
    except OSError as error:
        raise full(file.parent, error) from error


def save_memory() -> None:
    """Let Arrow give back at once what it no longer needs: in this process, from here on."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


class _Open:
    """A shard that is being written, by a thread of its own."""

    def __init__(self, place: Path) -> None:
        from pyarrow.parquet import ParquetWriter

        self._place = place
        told: dict[str, Any] = {
            "compression": "zstd",
            "compression_level": LEVEL,
            "write_page_checksum": True,
            "write_statistics": False,
        }
        try:
            self._data = ParquetWriter(
                rows_file(place), columns.schema(), use_dictionary=columns.WORDS, **told
            )
            self._ids = ParquetWriter(
                ids_file(place), columns.ids_schema(), use_dictionary=False, **told
            )
        except OSError as error:
            raise full(place.parent, error) from error
        self._thread = ThreadPoolExecutor(1)
        self._pending: Future[None] | None = None

    def write(self, rows: Sequence[TraceRow], prints: Sequence[bytes]) -> None:
        data, ids = columns.table(rows, prints), columns.ids_table(rows)
        self._wait()
        self._pending = self._thread.submit(self._write, data, ids)

    def close(self) -> Path:
        self._wait()
        self._thread.shutdown()
        try:
            self._data.close()
            self._ids.close()
        except OSError as error:
            raise full(self._place.parent, error) from error
        return self._place

    def abandon(self) -> None:
        self._thread.shutdown(cancel_futures=True)

    def _write(self, data: Any, ids: Any) -> None:
        self._data.write_table(data)
        self._ids.write_table(ids)

    def _wait(self) -> None:
        try:
            if self._pending is not None:
                self._pending.result()
        except OSError as error:
            raise full(self._place.parent, error) from error


Files = Callable[[Shard], Iterable[BinaryIO]]
"""Opens the rows and the ids of a shard."""


def frozen(blobs: Blobs) -> Files:
    """The files of shards that are blobs."""
    return lambda shard: (blobs.open(sha256) for sha256 in (shard.sha256, shard.ids_sha256))


def unfrozen(shard: Shard) -> Iterator[BinaryIO]:
    """The files of a shard that is still where it was written."""
    place = Path(shard.name)
    yield rows_file(place).open("rb")
    yield ids_file(place).open("rb")


class Reader:
    """The rows of one shard, in order."""

    def __init__(self, files: Files, shard: Shard) -> None:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile

        self._shard = shard
        self._broken = (ArrowException, OSError, ValueError, KeyError)
        self._files: list[Any] = []
        with ExitStack() as opened:
            try:
                for one in files(shard):
                    file = opened.enter_context(one)
                    self._files.append(
                        ParquetFile(file, pre_buffer=False, page_checksum_verification=True)
                    )
            except self._broken as error:
                raise self._damaged() from error
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        """Use it, then close it."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close both files."""
        self._opened.close()

    def rows(self, start: int = 0) -> Iterator[TraceRow]:
        """Every row from `start` on."""
        data, ids = self._files
        passed = 0
        groups = []
        for group in range(data.metadata.num_row_groups):
            number = data.metadata.row_group(group).num_rows
            if passed + number > start:
                groups.append(group)
            else:
                passed += number
        count = passed
        try:
            told = {"batch_size": READ_AT_ONCE, "row_groups": groups, "use_threads": False}
            for some, keys in zip(data.iter_batches(**told), ids.iter_batches(**told), strict=True):
                for row in columns.rows(some, keys):
                    if count >= start:
                        yield row
                    count += 1
        except self._broken as error:
            raise self._damaged() from error
        if count != self._shard.rows:
            raise self._damaged()

    def column(self, name: str) -> Iterator[Any]:
        """The values of one column, a batch at a time."""
        try:
            for batch in self._files[name == "id"].iter_batches(columns=[name], use_threads=False):
                yield batch.column(0)
        except self._broken as error:
            raise self._damaged() from error

    def _damaged(self) -> Broken:
        return Broken(
            f"The shard {self._shard.name} is damaged.",
            hint=f"Restore the blob {self._shard.sha256} from a backup.",
        )


def rows_of(files: Files, shards: Iterable[Shard], start: int = 0) -> Iterator[TraceRow]:
    """The rows of some shards, from row `start` of all of them together."""
    for shard in shards:
        if start >= shard.rows:
            start -= shard.rows
            continue
        with Reader(files, shard) as reader:
            yield from reader.rows(start)
        start = 0


def ids_of(files: Files, shards: Iterable[Shard]) -> Iterator[list[str]]:
    """The ids of the traces that the rows of some shards were, a batch at a time."""
    for shard in shards:
        with Reader(files, shard) as reader:
            for ids in reader.column("id"):
                yield ids.to_pylist()
