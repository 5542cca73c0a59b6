"""Every SQL statement about people's rulings."""

from typing import Any

from sqlalchemy import Subquery, and_, exists, insert, select

from tunix_rt.kit.ids import iso, new_id, now
from tunix_rt.store import Connection, Row
from tunix_rt.verify.schema import Subject
from tunix_rt.verify.schema_rulings import NewRuling, Ruling
from tunix_rt.verify.table import ruling


def rule(connection: Connection, trace_id: str, new: NewRuling) -> Ruling:
    """Record what a person says is true."""
    row = connection.execute(
        insert(ruling)
        .values(id=new_id(), trace_id=trace_id, created_at=now(), **new.model_dump())
        .returning(ruling)
    ).one()
    return _ruling(row)


def rulings(connection: Connection, trace_id: str) -> list[Ruling]:
    """Every ruling on a trace, newest first."""
    rows = select(ruling).where(ruling.c.trace_id == trace_id).order_by(ruling.c.id.desc())
    return [_ruling(row) for row in connection.execute(rows)]


def newest(subject: Subject) -> Subquery:
    """The newest ruling of each trace on a subject."""
    newer = ruling.alias()
    later = and_(
        newer.c.trace_id == ruling.c.trace_id,
        newer.c.subject == ruling.c.subject,
        newer.c.id > ruling.c.id,
    )
    rows = select(ruling.c.trace_id, ruling.c.outcome)
    return rows.where(ruling.c.subject == subject, ~exists().where(later)).subquery("newest")


def _ruling(row: Row[Any]) -> Ruling:
    return Ruling(**{**row._mapping, "created_at": iso(row.created_at)})


def newest_of(connection: Connection, trace_ids: list[str], subject: Subject) -> dict[str, str]:
    """The ruling that counts on each of some traces, by trace."""
    ruled = newest(subject)
    rows = select(ruled.c.trace_id, ruled.c.outcome).where(ruled.c.trace_id.in_(trace_ids))
    return {trace_id: outcome for trace_id, outcome in connection.execute(rows)}
