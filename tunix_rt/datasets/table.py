"""One row per frozen version."""

from sqlalchemy import Column, Index, Integer, String, Table

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant, Json

dataset = Table(
    "dataset",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("build_id", Id, nullable=False),
    Column("name", String(128), nullable=False),
    Column("version", String(64), nullable=False),
    Column("trace_count", Integer, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("summary", Json, nullable=False),
    Column("manifest_sha256", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_dataset_created_at", "created_at"),
)
"""A frozen version: its rows and its manifest are blobs, named here by their hashes."""
