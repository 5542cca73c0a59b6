"""Every SQL statement about datasets."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.exc import IntegrityError

from tunix_rt.datasets.schema import Manifest
from tunix_rt.datasets.table import dataset
from tunix_rt.kit.errors import Conflict, NotFound
from tunix_rt.store import Connection
from tunix_rt.traces.query import batch as trace_batch
from tunix_rt.traces.schema import TraceFilter

BATCH = 2_000


def add(connection: Connection, manifest: Manifest, manifest_sha256: str, moment: datetime) -> None:
    """Record a frozen version; `Conflict` if its key is taken."""
    try:
        connection.execute(
            insert(dataset).values(
                key=manifest.dataset_key,
                build_id=manifest.build_id,
                name=manifest.dataset_name,
                version=manifest.dataset_version,
                trace_count=manifest.trace_count,
                content_sha256=manifest.content_sha256,
                file_sha256=manifest.file_sha256,
                summary=manifest.model_dump(mode="json", exclude={"trace_ids"}),
                manifest_sha256=manifest_sha256,
                created_at=moment,
            )
        )
    except IntegrityError:
        raise taken(manifest.dataset_key) from None


def taken(key: str) -> Conflict:
    """The refusal to overwrite a version."""
    return Conflict(
        f"The dataset {key} exists already; a version is never overwritten.",
        hint="Choose another version.",
    )


def exists(connection: Connection, key: str) -> bool:
    """Whether a version with this key was frozen."""
    return connection.scalar(select(dataset.c.key).where(dataset.c.key == key)) is not None


def get(connection: Connection, key: str) -> Row[Any]:
    """One frozen version, or `NotFound`."""
    found = connection.execute(select(dataset).where(dataset.c.key == key)).one_or_none()
    if found is None:
        raise NotFound(f"Dataset not found: {key}", hint="tunix-rt datasets list")
    return found


def page(connection: Connection, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """Frozen versions, newest first."""
    rows = select(dataset).order_by(dataset.c.created_at.desc(), dataset.c.key)
    return connection.execute(rows.limit(limit).offset(offset)).all()


def matching(connection: Connection, wanted: TraceFilter) -> Iterator[Row[Any]]:
    """Every matching trace with its body, oldest first, in one consistent view."""
    after: str | None = None
    while rows := trace_batch(connection, wanted, after=after, limit=BATCH):
        yield from rows
        after = rows[-1].id
