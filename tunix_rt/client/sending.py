"""Traces in: one, many in batches, or a stream of any length in constant memory."""

import json
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from tunix_rt.client.failing import RequestFailed
from tunix_rt.client.talking import PIECE, Talk
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import new_id
from tunix_rt.traces.schema import MAX_BATCH, Created, CreatedMany, ReasoningTrace
from tunix_rt.traces.schema_record import ImportReport, Preview

AnyForm = ReasoningTrace | Mapping[str, Any]
"""A trace as a model or as what its JSON holds."""

BATCH_BYTES = 1_000_000
"""Bytes of one batch: below what a server takes unless it was told otherwise."""

IN_MEMORY = 1024 * 1024
TOO_LARGE = 413
NDJSON = {"Content-Type": "application/x-ndjson"}


class Result(msgspec.Struct, frozen=True):
    """What became of one line of a stream."""

    line: int
    id: str | None = None
    known: bool = False
    """It was there before, or stood in the stream twice; a stream sent again finds its own."""
    error: str | None = None


class Streamed:
    """A stream that was taken: its report, and what became of each line."""

    def __init__(self, answer: IO[bytes], report: ImportReport) -> None:
        self.report = report
        self._answer = answer
        weakref.finalize(self, answer.close)

    def __iter__(self) -> Iterator[Result]:
        """What became of each line, in order of their storing; read from the disk."""
        self._answer.seek(0)
        for line in self._answer:
            result = msgspec.json.decode(line, type=dict[str, Any])
            if "line" in result:
                yield msgspec.convert(result, Result)


class Sending:
    """The calls that store traces."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def post(self, trace: AnyForm, *, key: str | None = None, once: bool = False) -> Created:
        """Store one trace; `once` gives the one back that is there already with this content.

        A repeated request stores nothing twice: each has an Idempotency-Key, `key` or a new one,
        which the server knows for a day.
        """
        answer = self._send("/api/traces", _json(trace), key or new_id(), once)
        return Created.model_validate_json(answer)

    def post_many(
        self,
        traces: Iterable[AnyForm],
        *,
        key: str | None = None,
        once: bool = False,
        on_batch: Callable[[int], None] = lambda stored: None,
    ) -> list[Created]:
        """Store traces in batches, each of them whole or not at all; their identities in order.

        With a `key` of your own the same call can be repeated within a day, also by another
        process, and goes on where it ended. `on_batch` is told how many are stored so far.
        """
        name, created = key or new_id(), []
        for number, batch in enumerate(_batches(traces)):
            created += self._batch(batch, f"{name}-{number}", once)
            on_batch(len(created))
        return created

    def stream(
        self,
        records: Path | str | Iterable[AnyForm | bytes],
        *,
        source: str = "stream",
        format: str = "jsonl",
        map: Sequence[str] = (),
    ) -> Streamed:
        """Store records of any number, each content once, in constant memory.

        `records` is a file of JSON lines, or anything that yields traces, records of another
        `format`, or whole lines as bytes. Records of no format are read by a `map` of columns:
        `["prompt=question", "answer=final"]`. A file or a list that breaks off is sent again;
        what an iterator yielded is gone, so then the error is yours to handle.
        """
        flow = _Flow(records)

        def once() -> Streamed:
            params: dict[str, Any] = {"source": source}
            params |= {"map": list(map)} if map else {"format": format}
            with self._talk.open(
                "POST", "/api/traces/stream", params=params, content=iter(flow), headers=NDJSON
            ) as answer:
                return _kept(answer.iter_bytes(PIECE))

        return self._talk.until_done(once, again=lambda: flow.is_whole)

    def preview(
        self, file: Path | str, *, format: str = "auto", map: Sequence[str] = ()
    ) -> Preview:
        """What an import of a file would do, judged by its first bytes; nothing is stored."""
        path = Path(file)
        try:
            with path.open("rb") as opened:
                body = opened.read(BATCH_BYTES)
                more = bool(opened.read(1))
        except OSError as error:
            raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
        return Preview.model_validate_json(
            self._talk.ask(
                "POST",
                "/api/traces/preview",
                params={
                    "name": path.name[-255:],
                    "format": format,
                    "map": list(map) or None,
                    "cut": more,
                },
                content=body,
                headers={"Content-Type": "application/octet-stream"},
                again=True,
            ).content
        )

    def _batch(self, batch: Sequence[bytes], key: str, once: bool) -> list[Created]:
        body = b"[" + b",".join(batch) + b"]"
        try:
            answer = self._send("/api/traces/batch", body, key, once)
        except RequestFailed as failed:
            if failed.status != TOO_LARGE or len(batch) == 1:
                raise
            half = len(batch) // 2  # this server takes less than most
            first = self._batch(batch[:half], f"{key}a", once)
            return first + self._batch(batch[half:], f"{key}b", once)
        return CreatedMany.model_validate_json(answer).traces

    def _send(self, path: str, body: bytes, key: str, once: bool) -> bytes:
        return self._talk.ask(
            "POST",
            path,
            params={"once": once or None},
            content=body,
            headers={"Idempotency-Key": key},
            again=True,
        ).content


class _Flow:
    """The lines of a stream, in pieces; begun anew for each try, as long as that is possible."""

    def __init__(self, records: Path | str | Iterable[AnyForm | bytes]) -> None:
        self._file = Path(records) if isinstance(records, Path | str) else None
        self._records: Iterable[AnyForm | bytes] = () if self._file else records  # type: ignore[assignment]
        if self._file is not None and not self._file.is_file():
            raise BadInput(f"{self._file} is not a file.")
        self._passes = isinstance(self._records, Iterator)
        self._begun = False

    @property
    def is_whole(self) -> bool:
        """Whether everything can be sent (again): nothing of what passes only once is gone."""
        return not (self._passes and self._begun)

    def __iter__(self) -> Iterator[bytes]:
        self._begun = True
        if self._file is None:
            yield from self._pieces()
            return
        with self._file.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def _pieces(self) -> Iterator[bytes]:
        gathered = bytearray()
        for record in self._records:
            line = record if isinstance(record, bytes) else _json(record)
            gathered += line
            if line and not line.endswith(b"\n"):
                gathered += b"\n"
            if len(gathered) >= PIECE:
                yield bytes(gathered)
                gathered.clear()
        yield bytes(gathered)


def _kept(chunks: Iterable[bytes]) -> Streamed:
    """The answer to a stream, on the disk if it is long; its last line is the report."""
    answer = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (as long as the result)
    last = bytearray()
    try:
        for chunk in chunks:
            answer.write(chunk)
            last += chunk
            end = last.rstrip(b"\n").rfind(b"\n") + 1
            del last[:end]
        return Streamed(answer, ImportReport.model_validate_json(bytes(last)))
    except BaseException:
        answer.close()
        raise


def _batches(traces: Iterable[AnyForm]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 2
    for trace in traces:
        body = _json(trace)
        if batch and (len(batch) == MAX_BATCH or size + len(body) + 1 > BATCH_BYTES):
            yield batch
            batch, size = [], 2
        batch.append(body)
        size += len(body) + 1
    if batch:
        yield batch


def _json(trace: AnyForm) -> bytes:
    if isinstance(trace, ReasoningTrace):
        return trace.body()
    try:  # and not msgspec, which would write NaN as null and say nothing
        text = json.dumps(dict(trace), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise BadInput(f"A trace that JSON cannot hold: {error}.") from None
