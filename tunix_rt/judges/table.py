"""One row per judge, one per vote."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant, Json

judge = Table(
    "judge",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("subject", String(10), nullable=False),
    Column("config", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
)
"""Who judges: its id holds the hash of the rubric, the model and the sampling in `config`."""

judgement = Table(
    "judgement",
    metadata,
    Column("judge", String(60), ForeignKey("judge.id", ondelete="CASCADE"), primary_key=True),
    Column("trace_id", Id, ForeignKey("trace.id", ondelete="CASCADE"), primary_key=True),
    Column("vote", Integer, primary_key=True, autoincrement=False),
    Column("outcome", String(10), nullable=False),
    Column("step", Integer),
    Column("reason", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_judgement_trace_id", "trace_id"),
)
"""What a judge said of a trace when it was asked for the nth time: asked once, and kept."""
