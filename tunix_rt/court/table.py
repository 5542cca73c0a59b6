"""One row per case of a court, one per ruling of a person."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant

case = Table(
    "court_case",
    metadata,
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("trace_id", Id, ForeignKey("trace.id", ondelete="CASCADE"), primary_key=True),
    Column("first", String(10), nullable=False),
    Column("second", String(10), nullable=False),
    Column("first_reason", Text),
    Column("second_reason", Text),
    Column("first_step", Integer),
    Column("second_step", Integer),
    Index("ix_court_case_words", "run_id", "first", "second", "trace_id"),
)
"""What two witnesses said of one trace; where they agree, the reasons are left out."""

ruling = Table(
    "ruling",
    metadata,
    Column("id", Id, primary_key=True),
    Column("trace_id", Id, ForeignKey("trace.id", ondelete="CASCADE"), nullable=False),
    Column("subject", String(10), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("note", Text, nullable=False),
    Column("author", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_ruling_trace_id", "trace_id", "subject", "id"),
)
"""What a person says is the truth. Nothing is overwritten: the newest one counts."""
