"""Every SQL statement about traces."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import zstandard
from sqlalchemy import ColumnElement, Row, Select, func, insert, select, text, update
from sqlalchemy import bindparam as bind

from tunix_rt.kit.errors import Broken, NotFound
from tunix_rt.kit.ids import iso, new_id, now
from tunix_rt.kit.words import no_nul
from tunix_rt.store import Connection
from tunix_rt.traces.schema import (
    Count,
    Facets,
    ReasoningTrace,
    TraceFilter,
    TraceSummary,
    content_hash,
)
from tunix_rt.traces.table import ANSWER_SHOWN, PROMPT_SHOWN, ZSTD, trace, trace_body

IMPORT_LOCK = 7_411_002
"""PostgreSQL advisory lock: two imports decide one after another what is known."""

MAX_BODY = 128 * 1024 * 1024
_compressor = zstandard.ZstdCompressor(level=3)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A trace, ready to be written: hashing and compressing is done outside the lock."""

    digest: bytes
    row: dict[str, Any]
    body: bytes


def prepare(new: ReasoningTrace, source: str) -> Prepared:
    """Everything about `new` that can be computed without the database."""
    meta = new.meta or {}  # the body keeps every character; the columns hold no NUL
    body = new.body()
    digest = content_hash(body)
    row = {
        "trace_version": new.trace_version,
        "source": no_nul(source)[:200],
        "model": _label(meta.get("model")),
        "task": _label(meta.get("task")),
        "prompt": no_nul(new.prompt[:PROMPT_SHOWN]),
        "final_answer": no_nul(new.final_answer[:ANSWER_SHOWN]),
        "step_count": len(new.steps),
        "total_chars": sum(len(step.content) for step in new.steps),
        "content_hash": digest,
    }
    return Prepared(digest, row, _compressor.compress(body))


def named_source(new: ReasoningTrace) -> str | None:
    """Where a trace says it came from, which is what old clients filter by."""
    return _label((new.meta or {}).get("source"))


def add(connection: Connection, traces: Sequence[Prepared]) -> list[tuple[str, datetime]]:
    """Store every trace as a new one, in one statement per table; (id, created_at) of each."""
    if not traces:
        return []
    moment = now()
    ids = [new_id() for _ in traces]
    connection.execute(
        insert(trace),
        [
            {"id": id_, "created_at": moment, **new.row}
            for id_, new in zip(ids, traces, strict=True)
        ],
    )
    connection.execute(
        insert(trace_body),
        [
            {"id": id_, "codec": ZSTD, "body": new.body}
            for id_, new in zip(ids, traces, strict=True)
        ],
    )
    return [(id_, moment) for id_ in ids]


def add_once(connection: Connection, traces: Sequence[Prepared]) -> list[str]:
    """Store those whose content is not known yet, each once; the ids of the new ones."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({IMPORT_LOCK})"))
    fresh = {new.digest: new for new in traces}
    digests = list(fresh)
    for start in range(0, len(digests), 500):
        some = digests[start : start + 500]
        known = select(trace.c.content_hash).where(trace.c.content_hash.in_(some))
        for (digest,) in connection.execute(known):
            fresh.pop(bytes(digest), None)
    return [id_ for id_, _ in add(connection, list(fresh.values()))]


def get(connection: Connection, trace_id: str, *, called: str = "Trace") -> Row[Any]:
    """The row and body of one trace, or `NotFound`."""
    found = connection.execute(_whole().where(trace.c.id == trace_id)).one_or_none()
    if found is None:
        raise NotFound(f"{called} {trace_id} not found")
    return found


def payload(row: Row[Any]) -> ReasoningTrace:
    """The whole trace of a row that carries its body."""
    return ReasoningTrace.model_validate_json(raw(row))


def raw(row: Row[Any]) -> bytes:
    """The canonical JSON of a row that carries its body."""
    try:
        return zstandard.ZstdDecompressor().decompress(row.body, max_output_size=MAX_BODY)
    except zstandard.ZstdError:
        raise Broken(f"The body of trace {row.id} is damaged.", hint="Restore a backup.") from None


def page(
    connection: Connection,
    wanted: TraceFilter,
    *,
    limit: int,
    before: str | None = None,
    offset: int = 0,
) -> Sequence[Row[Any]]:
    """Up to `limit` narrow rows, newest first."""
    rows = select(trace).where(*matches(wanted)).order_by(trace.c.id.desc())
    if before is not None:
        rows = rows.where(trace.c.id < before)
    return connection.execute(rows.limit(limit).offset(offset)).all()


def batch(
    connection: Connection, wanted: TraceFilter, *, after: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Up to `limit` rows with their bodies, oldest first, behind the id `after`."""
    rows = _whole().where(*matches(wanted)).order_by(trace.c.id).limit(limit)
    if after is not None:
        rows = rows.where(trace.c.id > after)
    return connection.execute(rows).all()


def by_ids(connection: Connection, ids: Sequence[str]) -> Iterator[Row[Any]]:
    """Rows with bodies in the order of `ids`; an id that nobody has is left out."""
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        found = {row.id: row for row in connection.execute(_whole().where(trace.c.id.in_(some)))}
        yield from (found[id_] for id_ in some if id_ in found)


def ids_by_digest(connection: Connection, digests: Sequence[bytes]) -> list[str]:
    """The id of each content, in the order of `digests`; the oldest where two are the same."""
    ids: list[str] = []
    for start in range(0, len(digests), 500):
        some = digests[start : start + 500]
        oldest = select(trace.c.content_hash, trace.c.id).where(trace.c.content_hash.in_(some))
        rows = connection.execute(oldest.order_by(trace.c.id.desc()))
        found = {bytes(digest): id_ for digest, id_ in rows}
        ids += [found[digest] for digest in some if digest in found]
    return ids


def select_ids(
    connection: Connection, wanted: TraceFilter, *, limit: int | None = None
) -> list[str]:
    """The ids of matching traces, newest first."""
    ids = select(trace.c.id).where(*matches(wanted)).order_by(trace.c.id.desc())
    return list(connection.scalars(ids.limit(limit) if limit is not None else ids))


def count(connection: Connection, wanted: TraceFilter) -> int:
    """How many traces match."""
    return connection.execute(
        select(func.count()).select_from(trace).where(*matches(wanted))
    ).scalar_one()


def facets(connection: Connection, wanted: TraceFilter, most: int = 50) -> Facets:
    """How the matching traces divide by source, model and verdict."""

    def divide(column: ColumnElement[Any]) -> list[Count]:
        number = func.count().label("number")
        groups = select(column, number).where(*matches(wanted)).group_by(column)
        rows = connection.execute(groups.order_by(number.desc(), column).limit(most))
        return [Count(value=value, count=n) for value, n in rows]

    return Facets(
        total=count(connection, wanted),
        sources=divide(trace.c.source),
        models=divide(trace.c.model),
        verdicts=divide(trace.c.verdict),
    )


def mark_verdicts(
    connection: Connection, marks: Iterable[tuple[str, str | None, int | None]]
) -> None:
    """Write what verification says onto the rows: (id, verdict, place of the first wrong step)."""
    rows = [{"b_id": id_, "b_verdict": word, "b_step": step} for id_, word, step in marks]
    if rows:
        connection.execute(
            update(trace)
            .where(trace.c.id == bind("b_id"))
            .values(verdict=bind("b_verdict"), first_error_step=bind("b_step")),
            rows,
        )


def matches(wanted: TraceFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on the narrow row."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.source is not None:
        conditions.append(trace.c.source == wanted.source)
    if wanted.model is not None:
        conditions.append(trace.c.model == wanted.model)
    if wanted.verdict == "none":
        conditions.append(trace.c.verdict.is_(None))
    elif wanted.verdict is not None:
        conditions.append(trace.c.verdict == wanted.verdict)
    if wanted.q:
        conditions.append(trace.c.prompt.icontains(wanted.q, autoescape=True))
    return conditions


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
    )


def _whole() -> Select[Any]:
    joined = trace.join(trace_body, trace_body.c.id == trace.c.id)
    return cast("Select[Any]", select(trace, trace_body.c.body).select_from(joined))


def _label(value: Any) -> str | None:
    """A meta value as a column to filter by: text and numbers, not documents."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return no_nul(str(value))[:200] or None
    return None
