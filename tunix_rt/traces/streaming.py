"""Traces that arrive as a stream of lines, stored batch by batch while they arrive."""

import tempfile
from collections.abc import Iterator
from typing import IO

import msgspec

from tunix_rt.kit.lines import MAX_LINE
from tunix_rt.store import Store
from tunix_rt.traces.importing import formats, read_all
from tunix_rt.traces.intake import Intake, Stored
from tunix_rt.traces.mapping import MAPPED, Mapped
from tunix_rt.traces.schema_record import Record, Rejected

CHUNK = 64 * 1024
IN_MEMORY = 1024 * 1024
"""Bytes of the answer that are kept in memory; the rest waits on the disk."""


class Inflow:
    """Chunks of NDJSON in; out comes a line for each record, and the report at last."""

    def __init__(
        self, store: Store, source: str, format: str, mapped: Mapped | None = None
    ) -> None:
        self._format = mapped or formats.load(format)
        self._answer: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        self._encoder = msgspec.json.Encoder()
        self._intake = Intake(
            store,
            source,
            MAPPED if mapped else format,
            on_stored=self._say_stored,
            on_rejected=self._say_rejected,
        )
        self._source = source
        self._rest = bytearray()
        self._cut = False
        self._number = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the stream; whole lines of it are stored when they are many."""
        if self._cut:  # in the middle of a line that is too long: nothing of it comes after the cut
            ends = chunk.find(b"\n")
            if ends < 0:
                return
            chunk, self._cut = chunk[ends:], False
        self._rest += chunk
        end = self._rest.rfind(b"\n") + 1
        if end == 0:
            self._cut = len(self._rest) > MAX_LINE
            del self._rest[MAX_LINE:]  # too long a line is cut, and so does not parse
            return
        whole = bytes(self._rest[:end])
        del self._rest[:end]
        self._take(whole.split(b"\n")[:-1])

    def end(self) -> None:
        """There is no more: store what is left, and write the report."""
        if self._rest:
            self._take([bytes(self._rest)])
        self._intake.flush()
        self._intake.close()
        self._answer.write(self._intake.report.model_dump_json().encode() + b"\n")

    def answer(self) -> Iterator[bytes]:
        """Everything there is to say."""
        self._answer.seek(0)
        with self._answer:
            while chunk := self._answer.read(CHUNK):
                yield chunk

    def close(self, *, wait: bool = True) -> None:
        """Give up: the sender is gone. What was stored stays, and so does what is being stored."""
        self._intake.close(wait=wait)
        self._answer.close()

    def _take(self, lines: list[bytes]) -> None:
        for record, found in read_all(self._format, self._records(lines), self._source):
            self._intake.take(record, found)
            if self._intake.is_full:
                self._intake.send()

    def _records(self, lines: list[bytes]) -> Iterator[Record]:
        for line in lines:
            self._number += 1
            if line.strip():
                raw = line.removeprefix(b"\xef\xbb\xbf") if self._number == 1 else line
                yield Record(self._number, raw[:MAX_LINE])

    def _say_stored(self, stored: list[Stored]) -> None:
        said = [{"line": one.line, "id": one.id, "known": one.known} for one in stored]
        self._answer.write(self._encoder.encode_lines(said))

    def _say_rejected(self, rejected: Rejected) -> None:
        said = {"line": rejected.line, "error": rejected.reason}
        self._answer.write(self._encoder.encode(said) + b"\n")
