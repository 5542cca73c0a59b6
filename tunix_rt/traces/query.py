"""The statements that find and read traces."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

import zstandard
from sqlalchemy import ColumnElement, Row, Select, column, func, select, table, text
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects.postgresql import TSQUERY

from tunix_rt.kit.errors import BadInput, Broken, NotFound
from tunix_rt.kit.ids import first_id, is_id, iso
from tunix_rt.store import Connection
from tunix_rt.traces import query_found, table_body
from tunix_rt.traces.query_search import found_by
from tunix_rt.traces.query_write import know_dictionaries
from tunix_rt.traces.schema import (
    STORED,
    AnyTrace,
    Order,
    ReasoningTrace,
    Trace,
    TraceFilter,
    TraceSummary,
)
from tunix_rt.traces.schema_search import asked
from tunix_rt.traces.table import annotation, step_type, trace, trace_body, trace_dataset

MOST_RANKED = 1_000
"""Traces that can be paged through by rank."""

CLOCKS_APART = timedelta(minutes=1)
"""How far the time in an id may be from `created_at`."""

_doc = table("doc", column("rowid"), column("id"), schema="search")
_words = table("words", column("rowid"), column("words"), column("rank"), schema="search")


class Bodied(Protocol):
    """A row that carries its body."""

    @property
    def id(self) -> str:
        """Of the trace."""
        ...

    @property
    def codec(self) -> int:
        """How the body is kept."""
        ...

    @property
    def body(self) -> bytes:
        """The trace, and the record it was read from."""
        ...

    @property
    def format(self) -> str | None:
        """Of the record it was read from; None for a trace that a client sent."""
        ...


def get(
    connection: Connection, trace_id: str, *, called: str = "Trace", deleted: bool = False
) -> Row[Any]:
    """The row and body of one trace, or `NotFound`; a deleted one only if it is asked for."""
    found = connection.execute(whole().where(trace.c.id == trace_id)).one_or_none()
    if found is None:
        raise NotFound(f"{called} {trace_id} not found")
    if found.deleted_at is not None and not deleted:
        hint = f"It was deleted at {iso(found.deleted_at)}; until it is purged it can be restored."
        raise NotFound(f"{called} {trace_id} not found", hint=hint)
    know_bodies(connection, [found])
    return found


def payload(row: Bodied) -> ReasoningTrace:
    """The whole trace of a row that carries its body."""
    return ReasoningTrace.model_validate_json(raw(row), context=STORED)


def parsed(row: Bodied) -> AnyTrace:
    """The same trace by the quicker reader: what walks through many wants."""
    return unpacked(row).trace


def raw(row: Bodied) -> bytes:
    """The canonical JSON of a row that carries its body."""
    return unpacked(row).body


def original(row: Bodied) -> bytes | None:
    """The record a trace was read from, byte for byte; None for one that a client sent."""
    return unpacked(row).record(row.format)


def unpacked(row: Bodied) -> table_body.Unpacked:
    """The body and the original of a row that carries them."""
    try:
        return table_body.unpack(row.body, row.codec)
    except (zstandard.ZstdError, KeyError):
        raise Broken(f"The body of trace {row.id} is damaged.", hint="Restore a backup.") from None


def know_bodies(connection: Connection, rows: Sequence[Bodied]) -> None:
    """Fetch what the bodies of these rows need to be read, if this process has not met it yet."""
    try:
        know_dictionaries(connection, {table_body.dictionary_of(row.body) for row in rows})
    except zstandard.ZstdError:
        return  # reading that body says which one is damaged


@dataclass(frozen=True, slots=True)
class Page:
    """Narrow rows, and the cursor of the next page."""

    rows: Sequence[Row[Any]]
    next_cursor: str | None


def page(
    connection: Connection,
    wanted: TraceFilter,
    *,
    limit: int,
    cursor: str | None = None,
    offset: int = 0,
    order: Order = "newest",
) -> Page:
    """Up to `limit` narrow rows, newest first, or those first that answer `q` best."""
    search = asked(wanted)
    if search is None:
        place: Any = trace.c.id
        rows = select(trace).where(*matches(wanted)).order_by(trace.c.id.desc())
        if cursor is not None:
            rows = rows.where(trace.c.id < _id_cursor(cursor))
    elif order == "rank":
        return _ranked(connection, wanted, limit, cursor)
    elif connection.dialect.name == "postgresql":
        before = None if cursor is None else _id_cursor(cursor)
        found = query_found.newest(connection, search, conditions(wanted), before, limit, offset)
        more = len(found) > limit
        return Page(found[:limit], found[limit - 1].id if more else None)
    else:
        place = _words.c.rowid
        rows = _searched(wanted, search.fts5).add_columns(place.label("place"))
        rows = rows.order_by(place.desc())
        if cursor is not None:
            rows = rows.where(place < _number_cursor(cursor, "w"))
    found = connection.execute(rows.limit(limit + 1).offset(offset)).all()
    more = len(found) > limit
    last = found[limit - 1] if more else None
    if last is None:
        return Page(found, None)
    return Page(found[:limit], last.id if place is trace.c.id else f"w{last.place}")


def span(
    connection: Connection, first: str, last: str, *, after: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Rows with bodies from id `first` to `last`, behind `after`; deleted ones as well."""
    rows = whole().where(trace.c.id >= first, trace.c.id <= last)
    if after is not None:
        rows = rows.where(trace.c.id > after)
    found = connection.execute(rows.order_by(trace.c.id).limit(limit)).all()
    know_bodies(connection, found)
    return found


def batch(
    connection: Connection, wanted: TraceFilter, *, after: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Up to `limit` rows with their bodies, oldest first, behind the id `after`."""
    rows = whole().where(*matches(wanted)).order_by(trace.c.id).limit(limit)
    if after is not None:
        rows = rows.where(trace.c.id > after)
    found = connection.execute(rows).all()
    know_bodies(connection, found)
    return found


def bodies(
    connection: Connection, wanted: TraceFilter, *, after: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Up to `limit` bodies, oldest first, behind the id `after`: what an export needs."""
    joined = trace_body.join(trace, trace.c.id == trace_body.c.id)
    rows = select(trace_body).select_from(joined).where(*matches(wanted))
    if after is not None:
        rows = rows.where(trace.c.id > after)
    found = connection.execute(rows.order_by(trace.c.id).limit(limit)).all()
    know_bodies(connection, found)
    return found


def by_ids(connection: Connection, ids: Sequence[str]) -> Iterator[Row[Any]]:
    """Rows with bodies in the order of `ids`; an id that nobody has is left out."""
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        live = whole().where(trace.c.id.in_(some), trace.c.deleted_at.is_(None))
        rows = connection.execute(live).all()
        know_bodies(connection, rows)
        found = {row.id: row for row in rows}
        yield from (found[id_] for id_ in some if id_ in found)


def deleted_bodies(connection: Connection, ids: Sequence[str]) -> Sequence[Row[Any]]:
    """Rows with bodies of deleted traces."""
    rows = whole().where(trace.c.id.in_(ids), trace.c.deleted_at.is_not(None))
    found = connection.execute(rows).all()
    know_bodies(connection, found)
    return found


def select_ids(
    connection: Connection, wanted: TraceFilter, *, limit: int | None = None
) -> list[str]:
    """The ids of matching traces, newest first."""
    ids = select(trace.c.id).where(*matches(wanted)).order_by(trace.c.id.desc())
    return list(connection.scalars(ids.limit(limit) if limit is not None else ids))


def datasets_of(connection: Connection, trace_id: str) -> list[str]:
    """The frozen datasets that hold a trace."""
    keys = select(trace_dataset.c.dataset_key).where(trace_dataset.c.trace_id == trace_id)
    return list(connection.scalars(keys.order_by(trace_dataset.c.dataset_key)))


def matches(wanted: TraceFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on the narrow row."""
    search = asked(wanted)
    found = conditions(wanted)
    return found if search is None else [*found, found_by(search)]


def conditions(wanted: TraceFilter) -> list[ColumnElement[bool]]:
    """The conditions that need no full-text index."""
    gone = trace.c.deleted_at.is_not(None) if wanted.deleted else trace.c.deleted_at.is_(None)
    return [gone, *_values(wanted), *_ranges(wanted), *_memberships(wanted)]


def _values(wanted: TraceFilter) -> Iterator[ColumnElement[bool]]:
    for name in ("source", "model", "verdict", "label"):
        if (value := getattr(wanted, name)) is None:
            continue
        nobody_said = value == "none" and name in ("verdict", "label")
        yield trace.c[name].is_(None) if nobody_said else trace.c[name] == value


def _ranges(wanted: TraceFilter) -> Iterator[ColumnElement[bool]]:
    for name, field in (("step_count", "steps"), ("total_chars", "chars"), ("score", "score")):
        if (least := getattr(wanted, f"{field}_min")) is not None:
            yield trace.c[name] >= least
        if (most := getattr(wanted, f"{field}_max")) is not None:
            yield trace.c[name] <= most
    if wanted.since is not None:  # the id, which has an index, narrows the search
        yield trace.c.created_at >= wanted.since
        yield trace.c.id >= first_id(_moved(wanted.since, -CLOCKS_APART))
    if wanted.until is not None:
        yield trace.c.created_at < wanted.until
        yield trace.c.id < first_id(_moved(wanted.until, CLOCKS_APART))


def _moved(moment: datetime, by: timedelta) -> datetime:
    """A moment earlier or later, as far as there are any."""
    try:
        return moment + by
    except OverflowError:
        return moment


def _memberships(wanted: TraceFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.type is not None:
        sets = select(step_type.c.set_id).where(step_type.c.name == wanted.type)
        yield trace.c.step_types.in_(sets)
    if wanted.dataset is not None:
        held = select(trace_dataset.c.trace_id)
        yield trace.c.id.in_(held.where(trace_dataset.c.dataset_key == wanted.dataset))
    if wanted.tag is not None:
        here = (annotation.c.kind == "tag", annotation.c.name == wanted.tag)
        tagged = select(annotation.c.trace_id).where(*here, annotation.c.ended_at.is_(None))
        yield trace.c.id.in_(tagged)


def summary(row: Row[Any]) -> TraceSummary:
    """A narrow row as the list shows it."""
    return TraceSummary(
        id=row.id,
        created_at=iso(row.created_at),
        trace_version=row.trace_version,
        source=row.source,
        model=row.model,
        prompt=row.prompt,
        final_answer=row.final_answer,
        step_count=row.step_count,
        total_chars=row.total_chars,
        verdict=row.verdict,
        first_error_step=row.first_error_step,
        task=row.task,
        label=row.label,
        score=row.score,
        group=group_of(row),
        deleted_at=None if row.deleted_at is None else iso(row.deleted_at),
    )


def shown(connection: Connection, row: Row[Any]) -> Trace:
    """A trace as the API and the terminal show it, of a row that carries its body."""
    return Trace(
        id=row.id,
        created_at=iso(row.created_at),
        trace_version=row.trace_version,
        source=row.source,
        model=row.model,
        content_hash=bytes(row.content_hash).hex(),
        group=group_of(row),
        verdict=row.verdict,
        first_error_step=row.first_error_step,
        label=row.label,
        score=row.score,
        deleted_at=None if row.deleted_at is None else iso(row.deleted_at),
        format=row.format,
        datasets=datasets_of(connection, row.id),
        payload=payload(row),
    )


def group_of(row: Row[Any]) -> str | None:
    """The prompt group of a row, as it is shown and asked for."""
    key = row.prompt_group
    return None if key is None else int(key).to_bytes(8, "big", signed=True).hex()


def whole() -> Select[Any]:
    """Rows with their bodies."""
    joined = trace.join(trace_body, trace_body.c.id == trace.c.id)
    body = (trace_body.c.codec, trace_body.c.body, trace_body.c.format)
    return cast("Select[Any]", select(trace, *body).select_from(joined))


def _searched(wanted: TraceFilter, fts5: str) -> Select[Any]:
    """SQLite: what the index finds first, then the rows."""
    joined = _words.join(_doc, _doc.c.rowid == _words.c.rowid).join(trace, trace.c.id == _doc.c.id)
    found = text("words MATCH :fts5").bindparams(fts5=fts5)
    return cast("Select[Any]", select(trace).select_from(joined).where(found, *conditions(wanted)))


def _ranked(connection: Connection, wanted: TraceFilter, limit: int, cursor: str | None) -> Page:
    """Best answers first; the cursor is a place in that order."""
    search = asked(wanted)
    assert search is not None
    start = 0 if cursor is None else _number_cursor(cursor, "r")
    if start >= MOST_RANKED:
        raise BadInput(
            "Only the first 1,000 traces can be read by rank.", hint="Narrow the search."
        )
    if connection.dialect.name == "postgresql":
        vectors = table("trace_words", column("id"), column("words"))
        query = cast_to(search.tsquery, TSQUERY)
        rows = (
            select(trace)
            .select_from(vectors.join(trace, trace.c.id == vectors.c.id))
            .where(vectors.c.words.op("@@")(query), *conditions(wanted))
            .order_by(func.ts_rank(vectors.c.words, query).desc(), trace.c.id.desc())
        )
    else:
        rows = _searched(wanted, search.fts5).order_by(_words.c.rank, _words.c.rowid.desc())
    found = connection.execute(rows.limit(limit + 1).offset(start)).all()
    more = len(found) > limit
    return Page(found[:limit], f"r{start + limit}" if more else None)


def _id_cursor(cursor: str) -> str:
    if not is_id(cursor):
        raise BadInput("The cursor is none of this list.")
    return cursor


def _number_cursor(cursor: str, kind: str) -> int:
    number = cursor.removeprefix(kind)
    if number == cursor or not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise BadInput("The cursor is none of this list.")
    return int(number)
