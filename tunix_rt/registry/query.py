"""Every SQL statement about models and versions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from tunix_rt.kit.errors import Conflict, NotFound
from tunix_rt.kit.ids import iso, new_id, now
from tunix_rt.registry.schema import Model, ModelDetail, NewModel, Version
from tunix_rt.registry.table import model, model_version
from tunix_rt.store import Connection, Row


def create(connection: Connection, new: NewModel) -> str:
    """Create a family and return its id."""
    id_, moment = new_id(), now()
    try:
        connection.execute(
            insert(model).values(id=id_, created_at=moment, updated_at=moment, **new.model_dump())
        )
    except IntegrityError:
        raise Conflict(f"A model is called {new.name!r} already.") from None
    return id_


def by_name(connection: Connection, name: str) -> Row[Any] | None:
    """The family of this name, if there is one."""
    return connection.execute(select(model).where(model.c.name == name)).one_or_none()


def hold(connection: Connection, model_id: str) -> None:
    """Make other promotions into this family wait until this transaction ends."""
    connection.execute(select(model.c.id).where(model.c.id == model_id).with_for_update())


def get(connection: Connection, model_id: str) -> Row[Any]:
    """One family, or `NotFound`."""
    found = connection.execute(select(model).where(model.c.id == model_id)).one_or_none()
    if found is None:
        raise NotFound("Artifact not found")
    return found


def page(connection: Connection, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """Families, newest first."""
    rows = select(model).order_by(model.c.id.desc())
    return connection.execute(rows.limit(limit).offset(offset)).all()


def versions(connection: Connection, model_id: str) -> Sequence[Row[Any]]:
    """The versions of a family, newest first."""
    rows = select(model_version).where(model_version.c.model_id == model_id)
    return connection.execute(rows.order_by(model_version.c.id.desc())).all()


def version(connection: Connection, version_id: str) -> Row[Any]:
    """One version, or `NotFound`."""
    found = connection.execute(
        select(model_version).where(model_version.c.id == version_id)
    ).one_or_none()
    if found is None:
        raise NotFound("Version not found")
    return found


def version_named(connection: Connection, name: str, label: str | None) -> Row[Any]:
    """The version of a family with this label, or its newest; `NotFound` says what is missing."""
    family = by_name(connection, name)
    if family is None:
        raise NotFound(f"No model is called {name!r}.", hint="tunix-rt registry list")
    known = versions(connection, family.id)
    found = next((one for one in known if label in (None, one.version)), None)
    if found is None:
        raise NotFound(f"{name} has no version {label or 'yet'}.", hint="tunix-rt registry show")
    return found


def add_version(connection: Connection, values: dict[str, Any]) -> Row[Any]:
    """Record a version of a family that is held, and return it."""
    moment = now()
    row = connection.execute(
        insert(model_version)
        .values(id=new_id(), created_at=moment, **values)
        .returning(model_version)
    ).one()
    connection.execute(
        update(model).where(model.c.id == values["model_id"]).values(updated_at=moment)
    )
    return row


def shown(connection: Connection, row: Row[Any]) -> Model:
    """A family as the contract shows it."""
    return Model(**_fields(row, versions(connection, row.id)))


def detail(connection: Connection, row: Row[Any]) -> ModelDetail:
    """A family with its versions."""
    found = versions(connection, row.id)
    return ModelDetail(**_fields(row, found), versions=[version_shown(v) for v in found])


def version_shown(row: Row[Any]) -> Version:
    """A version as the contract shows it."""
    return Version(
        id=row.id,
        artifact_id=row.model_id,
        version=row.version,
        source_run_id=row.source_run_id,
        status="available",
        metrics_json=row.metrics,
        config_json=row.config,
        provenance_json=row.provenance,
        storage_uri=row.storage_uri,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        created_at=iso(row.created_at),
    )


def _fields(row: Row[Any], found: Sequence[Row[Any]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "task_type": row.task_type,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.updated_at),
        "latest_version": found[0].version if found else None,
    }
