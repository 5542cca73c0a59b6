"""One row per exam, one per item."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant, Json

exam = Table(
    "exam",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("config", Json, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("items", Integer, nullable=False),
    Column("run_id", Id),
    Column("created_at", Instant, nullable=False),
)

exam_item = Table(
    "exam_item",
    metadata,
    Column("exam", String(100), ForeignKey("exam.name", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("trace_id", Id, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("clean", Json, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("propagated", Boolean, nullable=False),
    Column("planted", Json, nullable=False),
)
"""A planted error and its clean twin: both are kept, so an exam outlives its traces."""
