"""The statements that store traces: all of them, or only those that are not known yet."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    any_,
    delete,
    func,
    insert,
    literal,
    select,
    text,
)

from tunix_rt.kit.ids import new_id, now
from tunix_rt.kit.words import no_nul
from tunix_rt.store import Connection, alike, upsert
from tunix_rt.store.columns import microseconds
from tunix_rt.traces import table_body
from tunix_rt.traces.schema import AnyTrace, key_of
from tunix_rt.traces.table import (
    ANSWER_SHOWN,
    PROMPT_SHOWN,
    search_batch,
    step_type,
    trace,
    trace_body,
    trace_dictionary,
    trace_tally,
)

IMPORT_LOCK = 7_411_002
"""PostgreSQL advisory lock: two imports decide one after another what is known."""

COPY_FROM = 50
"""Rows from which on PostgreSQL's COPY is quicker than INSERT."""

Values = tuple[Any, ...]
ROW = (
    "id, created_at, trace_version, source, model, task, prompt, final_answer, step_count, "
    "total_chars, step_types, content_key, prompt_group, score, content_hash"
)
ROW_TYPES = (
    "uuid", "timestamptz", "text", "text", "text", "text", "text", "text", "int4",
    "int4", "int8", "int8", "int8", "float8", "bytea",
)  # fmt: skip
BODY = "id, codec, body, format"
BODY_TYPES = ("uuid", "int4", "bytea", "text")
SQLITE_ROWS = f"""
    INSERT INTO trace ({ROW})
    SELECT substr(:ids, key * 16 + 1, 16), :moment,
        {", ".join(f"value ->> {place}" for place in range(12))},
        substr(:digests, key * 32 + 1, 32)
    FROM json_each(:rows)
"""  # noqa: S608
SQLITE_BODIES = f"""
    INSERT INTO trace_body ({BODY})
    SELECT substr(:ids, key * 16 + 1, 16), value ->> 12,
        substr(:bodies, value ->> 13, value ->> 14), value ->> 15
    FROM json_each(:rows)
"""  # noqa: S608


class Prepared:
    """A trace, ready to be written: parsing and hashing is done outside the lock."""

    __slots__ = ("blob", "codec", "digest", "format", "frame", "row", "types")

    def __init__(
        self, new: AnyTrace, source: str, original: bytes | None, format: str | None
    ) -> None:
        meta = new.meta or {}
        body = new.body()
        self.digest = digest = sha256(body).digest()
        self.codec, self.frame = table_body.frame(body, original, format)
        self.blob: bytes | None = None
        self.format = format
        names, chars = set(), 0
        for step in new.steps:
            names.add(step.type)
            chars += len(step.content)
        self.types, key = _types(frozenset(names))
        self.row: Values = (
            new.trace_version,
            source,
            _label(meta.get("model")),
            _label(meta.get("task")),
            new.prompt[:PROMPT_SHOWN],
            new.final_answer[:ANSWER_SHOWN],
            len(new.steps),
            chars,
            key,
            key_of(digest),
            key_of(sha256(new.prompt.strip().encode()).digest()),
            _score(meta),
        )


def prepare(
    new: AnyTrace, source: str, *, original: bytes | None = None, format: str | None = None
) -> Prepared:
    """Everything about `new` that can be computed without the database."""
    return Prepared(new, no_nul(source)[:200], original, format)


def pack(traces: Sequence[Prepared], dictionary: int) -> None:
    """Compress before the transaction what `add` would compress in it; the dictionary is stored."""
    blobs = table_body.compress([new.frame for new in traces], dictionary)
    for new, blob in zip(traces, blobs, strict=True):
        new.blob = blob


def named_source(new: AnyTrace) -> str | None:
    """Where a trace says it came from, which is what old clients filter by."""
    return _label((new.meta or {}).get("source"))


def add(connection: Connection, traces: Sequence[Prepared]) -> list[tuple[str, datetime]]:
    """Store every trace as a new one; (id, created_at) of each, in their order."""
    if not traces:
        return []
    moment = now()
    ids = [uuid_utils.uuid7() for _ in traces]
    loose = [new.frame for new in traces if new.blob is None]
    packed = iter(table_body.compress(loose, _dictionary(connection, loose)) if loose else ())
    blobs = [next(packed) if new.blob is None else new.blob for new in traces]
    if connection.dialect.name == "postgresql":
        _insert_postgres(connection, traces, ids, blobs, moment)
    else:
        _insert_sqlite(connection, traces, ids, blobs, moment)
    types = {(name, new.row[8]) for new in traces for name in new.types}
    connection.execute(
        upsert(connection, step_type).on_conflict_do_nothing(),
        [{"name": name, "set_id": key} for name, key in sorted(types)],
    )
    count(connection, Counter((new.row[1], new.row[2], None, None, new.row[8]) for new in traces))
    names = [str(id_) for id_ in ids]
    connection.execute(
        insert(search_batch).values(id=new_id(), first=names[0], last=names[-1], number=len(names))
    )
    return [(name, moment) for name in names]


def decide_alone(connection: Connection) -> None:
    """Until this transaction ends nobody else decides what is known."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({IMPORT_LOCK})"))


def add_once(connection: Connection, traces: Sequence[Prepared]) -> dict[bytes, tuple[str, bool]]:
    """Store those whose content is not known yet, each once; digest -> (id, whether it is new)."""
    decide_alone(connection)
    fresh = {new.digest: new for new in traces}
    found: dict[bytes, tuple[str, bool]] = {}
    known = select(trace.c.id, trace.c.content_hash).where(
        _among(connection, trace.c.content_key, [key_of(digest) for digest in fresh])
    )
    for id_, digest in connection.execute(known):
        if fresh.pop(bytes(digest), None) is not None:
            found[bytes(digest)] = (id_, False)
    created = add(connection, list(fresh.values()))
    for digest, (id_, _) in zip(fresh, created, strict=True):
        found[digest] = (id_, True)
    return found


def moments(connection: Connection, ids: Sequence[str]) -> dict[str, datetime]:
    """When some traces were stored."""
    found: dict[str, datetime] = {}
    for start in range(0, len(ids), 500):
        some = trace.c.id.in_(ids[start : start + 500])
        rows = connection.execute(select(trace.c.id, trace.c.created_at).where(some))
        found.update({id_: moment for id_, moment in rows})
    return found


def count(connection: Connection, changes: Counter[Values]) -> None:
    """Note how many traces more or fewer share (source, model, verdict, label, step types)."""
    names = ("source", "model", "verdict", "label", "step_types")
    rows = [
        {"id": new_id(), "number": number, **dict(zip(names, values, strict=True))}
        for values, number in changes.items()
        if number
    ]
    if rows:
        connection.execute(insert(trace_tally), rows)


def tallied(connection: Connection, ids: Sequence[str]) -> Counter[Values]:
    """The values by which live traces are counted, for some of them."""
    found: Counter[Values] = Counter()
    by = (trace.c.source, trace.c.model, trace.c.verdict, trace.c.label, trace.c.step_types)
    for start in range(0, len(ids), 500):
        some = trace.c.id.in_(ids[start : start + 500])
        rows = select(*by, func.count()).where(some, trace.c.deleted_at.is_(None)).group_by(*by)
        for *values, number in connection.execute(rows):
            found[tuple(values)] += number
    return found


def settle_tally(connection: Connection, above: int = 500) -> None:
    """Make one row of the rows that count the same traces, once there are many of these."""
    rows = connection.scalar(select(func.count()).select_from(trace_tally)) or 0
    if rows <= above:
        return
    columns = [column for column in trace_tally.c if column.name not in ("id", "number")]
    kinds = select(func.count()).select_from(select(*columns).distinct().subquery())
    if rows < 2 * (connection.scalar(kinds) or 0):
        return
    gone = connection.execute(delete(trace_tally).returning(*columns, trace_tally.c.number))
    total: Counter[Values] = Counter()
    for *values, number in gone:
        total[tuple(values)] += number
    count(connection, total)


def dictionary(connection: Connection) -> int | None:
    """The dictionary of this store, if it has learnt one."""
    newest = select(trace_dictionary.c.id).order_by(trace_dictionary.c.created_at.desc()).limit(1)
    number: int | None = connection.scalar(newest)
    if number is not None:
        know_dictionaries(connection, {number})
    return number


def learn_dictionary(connection: Connection, frames: Sequence[bytes]) -> int | None:
    """Learn the dictionary of this store from its first traces, if they are enough."""
    if len(frames) < table_body.SAMPLES:
        return None
    learnt = table_body.learn(frames[: table_body.SAMPLES])
    if learnt is None:
        return None
    number, content = learnt
    connection.execute(
        insert(trace_dictionary).values(id=number, content=content, created_at=now())
    )
    know_dictionaries(connection, {number})
    return number


def _dictionary(connection: Connection, frames: Sequence[bytes]) -> int | None:
    return dictionary(connection) or learn_dictionary(connection, frames)


def know_dictionaries(connection: Connection, needed: Iterable[int]) -> None:
    """Fetch the dictionaries that this process has not met yet."""
    missing = [number for number in needed if not table_body.knows(number)]
    if missing:
        rows = select(trace_dictionary.c.id, trace_dictionary.c.content)
        for number, content in connection.execute(rows.where(trace_dictionary.c.id.in_(missing))):
            table_body.remember(number, bytes(content))


def _insert_sqlite(
    connection: Connection,
    traces: Sequence[Prepared],
    ids: Sequence[Any],
    blobs: Sequence[bytes],
    moment: datetime,
) -> None:
    """One statement a table: SQLite runs it while other threads of this process work on.

    What is bytes comes as one value, from which each row cuts its own; the rest comes as JSON.
    """
    starts = accumulate((len(blob) for blob in blobs), initial=1)
    rows = [
        (*new.row, new.codec, start, len(blob), new.format)
        for new, start, blob in zip(traces, starts, blobs, strict=False)
    ]
    given = {
        "ids": b"".join(id_.bytes for id_ in ids),
        "moment": microseconds(moment),
        "digests": b"".join(new.digest for new in traces),
        "bodies": b"".join(blobs),
        "rows": msgspec.json.encode(rows).decode(),
    }
    for statement in (SQLITE_ROWS, SQLITE_BODIES):
        connection.exec_driver_sql(statement, given)


def _insert_postgres(
    connection: Connection,
    traces: Sequence[Prepared],
    ids: Sequence[Any],
    blobs: Sequence[bytes],
    moment: datetime,
) -> None:
    both = list(zip([UUID(bytes=id_.bytes) for id_ in ids], traces, blobs, strict=True))
    rows = [(id_, moment, *new.row, new.digest) for id_, new, _ in both]
    bodies = [(id_, new.codec, blob, new.format) for id_, new, blob in both]
    if len(rows) < COPY_FROM:
        for table, columns, values in ((trace, ROW, rows), (trace_body, BODY, bodies)):
            named = columns.split(", ")
            rows_of = [dict(zip(named, (str(id_), *rest), strict=True)) for id_, *rest in values]
            connection.execute(insert(table), rows_of)
        return
    raw: Any = connection.connection.dbapi_connection
    for into, columns, types, values in (
        ("trace", ROW, ROW_TYPES, rows),
        ("trace_body", BODY, BODY_TYPES, bodies),
    ):
        with alike(connection), raw.cursor() as cursor:
            statement = f"COPY {into} ({columns}) FROM STDIN (FORMAT BINARY)"
            with cursor.copy(statement) as copy:
                copy.set_types(types)
                for one in values:
                    copy.write_row(one)


def _among(connection: Connection, place: Column[Any], keys: list[int]) -> ColumnElement[bool]:
    """Whether a column holds one of many numbers, which are one parameter."""
    if connection.dialect.name == "postgresql":
        return place == any_(literal(keys, ARRAY(BigInteger)))
    given = func.json_each(msgspec.json.encode(keys).decode()).table_valued("value")
    return place.in_(select(given.c.value))


@lru_cache(maxsize=4096)
def _types(names: frozenset[str]) -> tuple[tuple[str, ...], int]:
    """Step types as stored, and the key of their set."""
    kept = tuple(sorted(names))
    return kept, key_of(sha256("\0".join(kept).encode()).digest())


def _score(meta: dict[str, Any]) -> float | None:
    """What the trace's source scored it, if it says so."""
    for name in ("score", "reward"):
        value = meta.get(name)
        if type(value) in (int, float):
            try:
                number = float(value)  # type: ignore[arg-type]
            except OverflowError:
                continue
            if math.isfinite(number):
                return number
    return None


def _label(value: Any) -> str | None:
    """A meta value as a column to filter by: text and numbers, not documents."""
    if type(value) in (str, int, float):
        return str(value)[:200] or None
    return None
