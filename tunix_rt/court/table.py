"""One row per case of a court."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id

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
