"""Parquet in and out: rows as JSON objects, with a memory that does not grow with the file."""

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import MAX_LINE

READ_AT_ONCE = 64
WRITTEN_AT_ONCE = 1_000
WRITTEN_GROUP = 16 * 1024**2
"""Bytes of a row group that is written: a file is told of each of its groups at the end."""

MAX_GROUP = 4 * 1024**3
"""Bytes that one row group may unpack to."""


class Rows:
    """The rows of a parquet file; each is the bytes of a JSON object, or the reason it is none."""

    def __init__(self, path: Path) -> None:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile, read_metadata

        self._broken = (ArrowException, OSError, MemoryError)
        try:
            texts = _texts(read_metadata(path).schema)
            self._file = ParquetFile(path, read_dictionary=texts, pre_buffer=False)
        except self._broken as error:
            raise BadInput(f"{path.name} is no readable parquet file: {_first(error)}") from None
        meta = self._file.metadata
        for group in range(meta.num_row_groups):
            if meta.row_group(group).total_byte_size > MAX_GROUP:
                raise BadInput(
                    f"{path.name}: a row group unpacks to more than {MAX_GROUP:,} bytes."
                )
        self.name = path.name
        self.total: int = meta.num_rows
        self.read = 0

    def __iter__(self) -> Iterator[bytes | str]:
        """Every row in order; a file that is damaged further on ends with an error."""
        try:
            for batch in self._file.iter_batches(batch_size=READ_AT_ONCE, use_threads=False):
                for index in range(batch.num_rows):
                    self.read += 1
                    yield _row(batch.slice(index, 1))
        except self._broken as error:
            raise BadInput(
                f"{self.name} is damaged after row {self.read:,}: {_first(error)}"
            ) from None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def parquet(rows: Iterable[dict[str, Any]], schema: Any = None) -> Iterator[bytes]:
    """The bytes of a parquet file; without a `schema` the first rows say which columns it has."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    ahead = iter(rows)
    out = _Chunks()
    ready = [pyarrow.Table.from_pylist(list(islice(ahead, WRITTEN_AT_ONCE)), schema=schema)]
    schema = ready[0].schema
    with ParquetWriter(out, schema, compression="zstd") as writer:
        while more := list(islice(ahead, WRITTEN_AT_ONCE)):
            if sum(table.nbytes for table in ready) > WRITTEN_GROUP:
                writer.write_table(pyarrow.concat_tables(ready))
                ready = []
                yield out.taken()
            try:
                ready.append(pyarrow.Table.from_pylist(more, schema=schema))
            except pyarrow.ArrowException as error:
                raise BadInput(
                    f"These traces do not fit into one table: {_first(error)}",
                    hint="Export them by source, one file each.",
                ) from None
        writer.write_table(pyarrow.concat_tables(ready))
    yield out.taken()


class _Chunks:
    """A file that is only written, and taken away as it grows."""

    closed = False

    def __init__(self) -> None:
        self._ready: list[bytes] = []
        self._written = 0

    def write(self, data: bytes) -> int:
        self._ready.append(bytes(data))
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        """What was written since the last time."""
        ready, self._ready = b"".join(self._ready), []
        return ready


def _texts(schema: Any) -> list[str]:
    """Columns of texts: read as numbers and a dictionary, so that a text repeated stands once."""
    columns = [schema.column(index) for index in range(len(schema.names))]
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _row(batch: Any) -> bytes | str:
    """One row as JSON: bytes are text if they are UTF-8, else base64; NaN is null."""
    try:
        [row] = batch.to_pylist(maps_as_pydicts="lossy")
        raw = msgspec.json.encode(_plain(row), enc_hook=str)
    except (ValueError, OverflowError, TypeError, KeyError, RecursionError) as error:
        return f"the row cannot be read: {_first(error)}"
    return raw if len(raw) <= MAX_LINE else f"a row of more than {MAX_LINE:,} bytes"


def _plain(value: Any) -> Any:
    """A value that JSON can say."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _first(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
