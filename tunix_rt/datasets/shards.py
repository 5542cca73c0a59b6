"""Parquet shards: rows in, files with hashes out, and rows again, with a memory that does not grow.

A shard holds what rows say. Which traces of this store they were stands in a second
file, row by row, so that the same rows are the same bytes on any machine.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import accumulate, chain, pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from msgspec.structs import astuple

from tunix_rt.datasets.schema import Shard
from tunix_rt.kit.errors import Broken
from tunix_rt.rendering.schema import StepRow, TraceRow
from tunix_rt.store.blobs import Blobs, full
from tunix_rt.traces.schema import QuickTrace, content_hash

SHARD_CHARS = 256 * 1024 * 1024
GROUP_ROWS = 2_500
GROUP_CHARS = 8 * 1024 * 1024
"""After which a file, and a row group in it, ends. The hashes of a version depend on them."""

READ_AT_ONCE = 1_000
LEVEL = 3

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


class _Open:
    """A shard that is being written, by a thread of its own."""

    def __init__(self, place: Path) -> None:
        from pyarrow.parquet import ParquetWriter

        self._place = place
        told: dict[str, Any] = {"compression": "zstd", "compression_level": LEVEL}
        try:
            self._data = ParquetWriter(rows_file(place), _schema(), use_dictionary=_WORDS, **told)
            self._ids = ParquetWriter(ids_file(place), _ids_schema(), use_dictionary=False, **told)
        except OSError as error:
            raise full(place.parent, error) from error
        self._thread = ThreadPoolExecutor(1)
        self._pending: Future[None] | None = None

    def write(self, rows: Sequence[TraceRow], prints: Sequence[bytes]) -> None:
        data, ids = _table(rows, prints), _ids_table(rows)
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


class Reader:
    """The rows of one shard, in order."""

    def __init__(self, blobs: Blobs, shard: Shard) -> None:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile

        self._shard = shard
        self._broken = (ArrowException, OSError, ValueError, KeyError)
        self._files: list[Any] = []
        with ExitStack() as opened:
            try:
                for sha256 in (shard.sha256, shard.ids_sha256):
                    file = opened.enter_context(blobs.open(sha256))
                    self._files.append(ParquetFile(file, pre_buffer=False))
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
                for row in _rows(some, keys):
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


def _schema() -> Any:
    import pyarrow as pa

    step = pa.struct([("i", pa.int32()), ("type", pa.string()), ("content", pa.string())])
    return pa.schema(
        [
            ("prompt", pa.string()),
            ("final_answer", pa.string()),
            ("steps", pa.list_(step)),
            ("trace_version", pa.string()),
            ("meta", pa.string()),
            ("source", pa.string()),
            ("model", pa.string()),
            ("group", pa.string()),
            ("split", pa.string()),
            ("weight", pa.float64()),
            ("part", pa.string()),
            ("verdict", pa.string()),
            ("first_error", pa.int32()),
            ("step_verdicts", pa.list_(pa.string())),
            ("expected_answer", pa.string()),
            ("verifier", pa.string()),
            ("sha256", pa.binary(32)),
        ]
    )


_WORDS = ["trace_version", "source", "model", "group", "split", "part", "verdict", "verifier"]
"""Columns of few different values."""


def _ids_schema() -> Any:
    import pyarrow as pa

    return pa.schema([("id", pa.string()), ("created_at", pa.string())])


_PLAIN = (
    "prompt",
    "final_answer",
    "trace_version",
    "source",
    "model",
    "group",
    "split",
    "weight",
    "part",
    "verdict",
    "first_error",
    "step_verdicts",
    "expected_answer",
    "verifier",
)


def _table(rows: Sequence[TraceRow], prints: Sequence[bytes]) -> Any:
    import pyarrow as pa

    schema = _schema()
    given = dict(
        zip(TraceRow.__struct_fields__, zip(*map(astuple, rows), strict=True), strict=True)
    )
    columns = {name: pa.array(given[name], schema.field(name).type) for name in _PLAIN}
    steps = list(chain.from_iterable(given["steps"]))
    fields = [
        pa.array([step.i for step in steps], pa.int32()),
        pa.array([step.type for step in steps], pa.string()),
        pa.array([step.content for step in steps], pa.string()),
    ]
    ends = [0, *accumulate(map(len, given["steps"]))]
    kind = schema.field("steps").type
    flat = pa.StructArray.from_arrays(fields, fields=list(kind.value_type))
    columns["steps"] = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), flat, type=kind)
    metas = [None if meta is None else _json.encode(meta).decode() for meta in given["meta"]]
    columns["meta"] = pa.array(metas, pa.string())
    columns["sha256"] = pa.array(prints, pa.binary(32))
    return pa.Table.from_arrays([columns[name] for name in schema.names], schema=schema)


def _ids_table(rows: Sequence[TraceRow]) -> Any:
    import pyarrow as pa

    columns = [[row.id for row in rows], [row.created_at for row in rows]]
    return pa.Table.from_arrays([pa.array(c, pa.string()) for c in columns], schema=_ids_schema())


_metas = msgspec.json.Decoder(dict[str, Any])


def _rows(batch: Any, ids: Any) -> Iterator[TraceRow]:
    plain = {name: batch.column(name).to_pylist() for name in _PLAIN}
    nested = batch.column("steps")
    ends = [0, *accumulate(nested.value_lengths().to_pylist())]
    flat = nested.flatten()
    steps = list(map(StepRow, *(field.to_pylist() for field in flat.flatten())))
    texts = batch.column("meta").to_pylist()
    metas = [None if text is None else _metas.decode(text) for text in texts]
    own = [steps[start:stop] for start, stop in pairwise(ends)]
    return map(
        TraceRow,
        ids.column("id").to_pylist(),
        ids.column("created_at").to_pylist(),
        plain["trace_version"],
        plain["prompt"],
        plain["final_answer"],
        own,
        metas,
        plain["source"],
        plain["model"],
        plain["group"],
        plain["split"],
        plain["weight"],
        plain["part"],
        plain["verdict"],
        plain["first_error"],
        plain["step_verdicts"],
        plain["expected_answer"],
        plain["verifier"],
    )


def rows_of(blobs: Blobs, shards: Iterable[Shard], start: int = 0) -> Iterator[TraceRow]:
    """The rows of some shards, from row `start` of all of them together."""
    for shard in shards:
        if start >= shard.rows:
            start -= shard.rows
            continue
        with Reader(blobs, shard) as reader:
            yield from reader.rows(start)
        start = 0


def ids_of(blobs: Blobs, shards: Iterable[Shard]) -> Iterator[list[str]]:
    """The ids of the traces that the rows of some shards were, a batch at a time."""
    for shard in shards:
        with Reader(blobs, shard) as reader:
            for ids in reader.column("id"):
                yield ids.to_pylist()
