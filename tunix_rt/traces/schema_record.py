"""A record of a file, what a format makes of it, and what an import reports."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, Protocol, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict, ValidationError

from tunix_rt.kit.lines import decode_line
from tunix_rt.traces.schema import STORED, ReasoningTrace

T = TypeVar("T")


class Record(msgspec.Struct, frozen=True, gc=False):
    """One record as a format is handed it: a line, a row of a table, a sample of an archive."""

    number: int
    """Its place in the file, from 1."""

    raw: bytes
    """The record as it stood there; a row of a table is a JSON object."""

    broken: str = ""
    """Why it could not be taken out of the file, if it could not."""

    def decode(self, type: type[T]) -> T:
        """The record's JSON as a `type`; `ValueError` says in one sentence why it is none."""
        if self.broken:
            raise ValueError(self.broken)
        return decode_line(self.raw, type)


class Part(NamedTuple):
    """A trace of a record that holds many, with the part of it that is kept as its original."""

    original: bytes
    found: ReasoningTrace


class Kept(Protocol):
    """A stored body, and the record it was read from."""

    @property
    def body(self) -> bytes:
        """The trace as canonical JSON."""

    def record(self, format: str | None) -> bytes | None:
        """The original record, byte for byte."""


class Written:
    """A stored trace on its way out; what a format does not ask for is not made."""

    def __init__(self, id: str, kept: Kept, format: str | None) -> None:
        self.id = id
        self.format = format
        """The format of the record it was read from."""
        self._kept = kept

    @property
    def original(self) -> bytes | None:
        """The record it was read from, byte for byte."""
        return self._kept.record(self.format)

    @property
    def body(self) -> bytes:
        """The trace as canonical JSON."""
        return self._kept.body

    @cached_property
    def trace(self) -> ReasoningTrace:
        """The trace itself."""
        return ReasoningTrace.model_validate_json(self.body, context=STORED)


class FormatInfo(BaseModel):
    """One format that can be read."""

    name: str
    writes: bool
    summary: str


class Rejected(BaseModel):
    """A record that is not a trace, and why. `line` counts from 1."""

    model_config = ConfigDict(frozen=True)

    line: int
    reason: str


class ImportReport(BaseModel):
    """What happened to the records of an imported file."""

    source: str
    format: str
    records: int
    added: int
    known: int
    rejected: int
    examples: list[Rejected]
    """The first rejected records; all of them are in the run's or the command's log."""
    seconds: float


class RowProblem(BaseModel):
    """What is wrong with a row, counted from 1, and in which of its columns, if that is known."""

    row: int | None
    """None where it is the file as a whole."""
    column: str | None
    reason: str


class PreviewRow(BaseModel):
    """A trace as it would be stored, and the row it comes from."""

    row: int
    trace: ReasoningTrace


class Preview(BaseModel):
    """What an import would do."""

    format: str | None
    """None where no format recognises the records: their columns can be mapped."""
    columns: list[str]
    """Columns of the first records, those inside of objects with dots."""
    records: int
    traces: int
    rejected: int
    rows: list[PreviewRow]
    """The first traces."""
    problems: list[RowProblem]
    """The first thousand of those that were rejected."""


def each(record: Record, parts: Iterable[tuple[str, Callable[[], T]]]) -> Iterator[T | Rejected]:
    """What each part of a record makes; one that makes nothing is named, and the rest goes on."""
    for place, make in parts:
        try:
            yield make()
        except ValidationError as error:
            reason = explain(record.number, error).reason
        except ValueError as error:
            reason = str(error)
        else:
            continue
        named = reason.startswith((f"{place}:", f"{place}."))
        yield Rejected(line=record.number, reason=reason if named else f"{place}: {reason}")


def explain(line: int, error: ValidationError) -> Rejected:
    """The first thing wrong with a record, in one sentence."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    return Rejected(line=line, reason=f"{field}: {reason}" if field else reason)
