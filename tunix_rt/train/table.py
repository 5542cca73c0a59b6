"""One row per rollout: where it stands in its run, its rewards, and the trace it is."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Json

rollout = Table(
    "train_rollout",
    metadata,
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("slot", Integer, nullable=False),
    Column("trace_id", Id, ForeignKey("trace.id", ondelete="CASCADE"), nullable=False),
    Column("problem", String(200), nullable=False),
    Column("answer", String(200), nullable=False),
    Column("is_right", Boolean, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("logp", Float, nullable=False),
    Column("reward", Float, nullable=False),
    Column("rewards", Json, nullable=False),
    Column("advantage", Float, nullable=False),
    Index("ix_train_rollout_trace_id", "trace_id"),
)
