"""Every SQL statement about datasets."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.exc import IntegrityError

from tunix_rt.datasets.schema import Version
from tunix_rt.datasets.table import dataset
from tunix_rt.kit.errors import Conflict, NotFound
from tunix_rt.kit.ids import now
from tunix_rt.store import Connection
from tunix_rt.traces.query import batch as trace_batch
from tunix_rt.traces.schema import TraceFilter

BATCH = 2_000


def add(connection: Connection, frozen: Version, manifest_sha256: str) -> None:
    """Record a frozen version; `Conflict` if its key is taken."""
    try:
        connection.execute(
            insert(dataset).values(
                key=frozen.dataset_key,
                build_id=frozen.build_id,
                name=frozen.dataset_name,
                version=frozen.dataset_version,
                trace_count=frozen.trace_count,
                content_sha256=frozen.content_sha256,
                file_sha256=frozen.file_sha256,
                summary=frozen.model_dump(mode="json"),
                manifest_sha256=manifest_sha256,
                created_at=now(),
            )
        )
    except IntegrityError:
        raise taken(frozen.dataset_key) from None


def taken(key: str) -> Conflict:
    """The refusal to overwrite a version."""
    return Conflict(
        f"The dataset {key} exists already; a version is never overwritten.",
        hint="Choose another version.",
    )


def build_of(connection: Connection, key: str) -> str | None:
    """The build that froze the version with this key; None where there is none."""
    return connection.scalar(select(dataset.c.build_id).where(dataset.c.key == key))


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
