"""The rows that verdicts and people's rulings are stored in."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant, Json

verdict = Table(
    "verdict",
    metadata,
    Column("trace_id", Id, ForeignKey("trace.id", ondelete="CASCADE"), primary_key=True),
    Column("verifier", String(40), primary_key=True),
    Column("subject", String(10), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("version", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("label", Boolean),
    Column("detail", Json),
    Column("run_id", Id),
    Column("created_at", Instant, nullable=False),
)
"""What one verifier says of the answer or of the steps of one trace.

`label` is what the trace's source says of its answer, so that agreement is a count.
`detail` of steps holds the first error and the claims.
"""

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
