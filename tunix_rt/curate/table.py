"""The decisions of curations: one row for each trace that a run looked at."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Json

decision = Table(
    "curate_decision",
    metadata,
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("trace_id", Id, ForeignKey("trace.id", ondelete="CASCADE"), primary_key=True),
    Column("place", BigInteger),
    Column("weight", Float),
    Column("part", Integer),
    Column("stage", Integer),
    Column("reason", String(60)),
    Column("twin_id", Id),
    Column("evidence", Json),
    Index("ix_curate_decision_place", "run_id", "place"),
    Index("ix_curate_decision_reason", "run_id", "stage", "reason", "trace_id"),
    Index("ix_curate_decision_twin", "run_id", "twin_id", "trace_id"),
    Index("ix_curate_decision_trace", "trace_id"),
)
"""A kept trace has its place in the selection, a weight and a part; a dropped one the stage that
dropped it, the reason, what shows it, and the trace that was kept in its stead if there is one."""
