"""Families of models, and their versions."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, Text, UniqueConstraint

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant, Json

model = Table(
    "model",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(256), nullable=False, unique=True),
    Column("description", Text),
    Column("task_type", String(64)),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

model_version = Table(
    "model_version",
    metadata,
    Column("id", Id, primary_key=True),
    Column("model_id", Id, ForeignKey("model.id"), nullable=False),
    Column("version", String(64), nullable=False),
    Column("source_run_id", Id, nullable=False),
    Column("description", Text),
    Column("metrics", Json, nullable=False),
    Column("config", Json, nullable=False),
    Column("provenance", Json, nullable=False),
    Column("storage_uri", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("model_id", "version"),
    UniqueConstraint("model_id", "sha256"),
)
