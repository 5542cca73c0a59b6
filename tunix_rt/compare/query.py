"""Every SQL statement about baselines."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from tunix_rt.compare.schema import Baseline
from tunix_rt.compare.table import baseline
from tunix_rt.kit.errors import NotFound
from tunix_rt.kit.ids import iso, new_id, now
from tunix_rt.store import Connection, Row, upsert


def put(connection: Connection, name: str, **values: Any) -> Row[Any]:
    """Set the baseline of this name; one that is there is replaced and keeps its id."""
    values["created_at"] = now()
    new = upsert(connection, baseline).values(id=new_id(), name=name, **values)
    return connection.execute(
        new.on_conflict_do_update(index_elements=["name"], set_=values).returning(baseline)
    ).one()


def get(connection: Connection, name: str) -> Row[Any]:
    """The baseline of this name, or `NotFound`."""
    found = connection.execute(select(baseline).where(baseline.c.name == name)).one_or_none()
    if found is None:
        raise NotFound(
            f"There is no baseline {name!r}.", hint="The baselines: tunix-rt compare list"
        )
    return found


def page(connection: Connection, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """Baselines, the one set last first."""
    rows = select(baseline).order_by(baseline.c.created_at.desc(), baseline.c.id.desc())
    return connection.execute(rows.limit(limit).offset(offset)).all()


def shown(row: Row[Any]) -> Baseline:
    """A baseline as it looks from outside."""
    same = {name: getattr(row, name) for name in Baseline.model_fields if name != "created_at"}
    return Baseline(**same, created_at=iso(row.created_at))
