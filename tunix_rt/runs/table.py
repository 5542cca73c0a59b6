"""The rows of a run: its state, its log, its numbers, what went in and out."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
)

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant, Json

RARE = text("rare")
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
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("device", String(64)),
    Column("progress", Json),
    Column("last_metrics", Json),
    Column("points", Integer, nullable=False, server_default="0"),
    Column("result", Json),
    Column("error", Text),
    Column("exit_code", Integer),
    Column("attempt", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("worker", String(120)),
    Column("host", String(120)),
    Column("lease_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("completed_at", Instant),
    Index("ix_run_status", "status", "id"),
    Index("ix_run_kind", "kind", "id"),
)
"""One piece of long work. `query.py` alone changes its status.

Of the runs that share a device, one at a time is held on a host: whoever claims sees to it.
"""

run_after = Table(
    "run_after",
    metadata,
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("after_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_run_after_after", "after_id"),
)
"""`run_id` begins once `after_id` is completed."""

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
    Column("rare", Boolean, nullable=False, server_default=false()),
    # Whether it says something that the point before does not: a measurement now and then.
    Index("ix_run_metric_rare", "run_id", "step", sqlite_where=RARE, postgresql_where=RARE),
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
