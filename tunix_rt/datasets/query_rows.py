"""The statements that find a dataset's rows and what is known of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import LargeBinary, Select, Text, and_, cast, delete, literal, select, type_coerce

from tunix_rt.datasets.table import dataset
from tunix_rt.rendering.schema import Outcome
from tunix_rt.store import Connection, among, upsert
from tunix_rt.traces.query import know_bodies, matches
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.traces.table import trace, trace_body, trace_dataset
from tunix_rt.verify.table import ruling, verdict

FETCHED = 5_000


class Stored(NamedTuple):
    """A trace and what is known of it, in the order of `_wanted`; a `Row` is ten times slower."""

    id: str
    created_at: datetime
    source: str
    model: str | None
    total_chars: int
    content_hash: bytes
    verdict: Outcome | None
    first_error_step: int | None
    codec: int
    body: bytes
    format: str | None
    answer_verifier: str | None
    answer_version: str | None
    steps_verifier: str | None
    steps_version: str | None
    steps_detail: str | None
    ruled: Outcome | None


def packed(
    connection: Connection, wanted: TraceFilter, limit: int | None
) -> Iterator[Sequence[bytes]]:
    """The 16 bytes of the ids of matching traces, newest first, in lists."""
    asked = select(_packed_id(connection)).where(*matches(wanted))
    rows = asked.order_by(trace.c.id.desc()).limit(limit)
    found = connection.execution_options(yield_per=FETCHED).scalars(rows)
    for some in found.partitions():
        yield _packed_ids(connection, some)


def contents(
    connection: Connection, wanted: TraceFilter
) -> Iterator[tuple[Sequence[bytes], Sequence[bytes]]]:
    """The same in any order, each list with another of the content hashes."""
    rows = select(_packed_id(connection), trace.c.content_hash).where(*matches(wanted))
    found = connection.execution_options(yield_per=FETCHED).execute(rows)
    for some in found.partitions():
        ids, hashes = zip(*some, strict=True)
        yield _packed_ids(connection, ids), hashes


def _packed_id(connection: Connection) -> Any:
    native = connection.dialect.name == "postgresql"
    return trace.c.id if native else type_coerce(trace.c.id, LargeBinary)


def _packed_ids(connection: Connection, found: Sequence[Any]) -> Sequence[bytes]:
    native = connection.dialect.name == "postgresql"
    return [UUID(key).bytes for key in found] if native else found


def rows(connection: Connection, ids: Sequence[str]) -> list[Stored]:
    """What a row is made of, in the order of `ids`; a trace that is gone is left out.

    A trace has at most one verdict of a subject; of rulings the newest counts.
    """
    asked = _wanted.where(among(connection, trace.c.id, ids))
    some = list(map(Stored._make, connection.execute(asked)))
    know_bodies(connection, some)
    found = {row.id: row for row in some}
    return [found[id_] for id_ in ids if id_ in found]


def hold(connection: Connection, key: str, ids: Sequence[str]) -> None:
    """Note that a frozen dataset holds some traces; said again, it changes nothing."""
    known = select(literal(key), trace.c.id).where(among(connection, trace.c.id, ids))
    new = upsert(connection, trace_dataset).from_select(["dataset_key", "trace_id"], known)
    connection.execute(new.on_conflict_do_nothing())


def let_go(connection: Connection, key: str, *, whole: bool = False) -> None:
    """Take back what was noted for a version that does not exist; with `whole`, for any."""
    frozen = select(dataset.c.key).where(dataset.c.key == key)
    mine = delete(trace_dataset).where(trace_dataset.c.dataset_key == key)
    connection.execute(mine if whole else mine.where(~frozen.exists()))


_answer = verdict.alias("answer")
_steps = verdict.alias("steps")


def _judged(said: Any, subject: str) -> Any:
    return and_(said.c.trace_id == trace.c.id, said.c.subject == subject)


_ruled = (
    select(ruling.c.outcome)
    .where(ruling.c.trace_id == trace.c.id, ruling.c.subject == "answer")
    .order_by(ruling.c.id.desc())
    .limit(1)
    .scalar_subquery()
)

_wanted: Select[Any] = (
    select(
        trace.c.id,
        trace.c.created_at,
        trace.c.source,
        trace.c.model,
        trace.c.total_chars,
        trace.c.content_hash,
        trace.c.verdict,
        trace.c.first_error_step,
        trace_body.c.codec,
        trace_body.c.body,
        trace_body.c.format,
        _answer.c.verifier.label("answer_verifier"),
        _answer.c.version.label("answer_version"),
        _steps.c.verifier.label("steps_verifier"),
        _steps.c.version.label("steps_version"),
        cast(_steps.c.detail, Text).label("steps_detail"),
        _ruled.label("ruled"),
    )
    .select_from(
        trace.join(trace_body, trace_body.c.id == trace.c.id)
        .outerjoin(_answer, _judged(_answer, "answer"))
        .outerjoin(_steps, _judged(_steps, "steps"))
    )
    .where(trace.c.deleted_at.is_(None))
)
