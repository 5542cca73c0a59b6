"""The rows of a run: its state, its log, its numbers, what went in and out."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant, Json

run = Table(
    "run",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("name", String(512), nullable=False),
    Column("status", String(20), nullable=False),
    Column("config", Json, nullable=False),
    Column("dataset_key", String(256)),
    Column("model_id", String(256)),
    Column("output_dir", Text),
    Column("progress", Json),
    Column("last_metrics", Json),
    Column("result", Json),
    Column("error", Text),
    Column("exit_code", Integer),
    Column("attempt", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("worker", String(120)),
    Column("lease_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("completed_at", Instant),
    Index("ix_run_status", "status", "id"),
    Index("ix_run_kind", "kind", "id"),
)
"""One piece of long work. `query.py` alone changes its status."""

run_log = Table(
    "run_log",
    metadata,
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("stream", String(8), nullable=False),
    Column("chunk", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

run_metric = Table(
    "run_metric",
    metadata,
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("numbers", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
)

lineage = Table(
    "lineage",
    metadata,
    Column("from_kind", String(20), primary_key=True),
    Column("from_id", String(256), primary_key=True),
    Column("to_kind", String(20), primary_key=True),
    Column("to_id", String(256), primary_key=True),
    Column("relation", String(40), primary_key=True),
    Column("from_label", Text, nullable=False),
    Column("to_label", Text, nullable=False),
    Index("ix_lineage_to", "to_kind", "to_id"),
)
"""`from` went into `to`."""
