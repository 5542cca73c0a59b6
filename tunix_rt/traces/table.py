"""The narrow row of a trace, and its compressed body beside it."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant

PROMPT_SHOWN = 160
ANSWER_SHOWN = 80
"""Characters of the prompt and the answer that the list shows and `q` searches."""

trace = Table(
    "trace",
    metadata,
    Column("id", Id, primary_key=True),
    Column("created_at", Instant, nullable=False),
    Column("trace_version", String(64), nullable=False),
    Column("source", String(200), nullable=False),
    Column("model", String(200)),
    Column("task", String(200)),
    Column("prompt", Text, nullable=False),
    Column("final_answer", Text, nullable=False),
    Column("step_count", Integer, nullable=False),
    Column("total_chars", Integer, nullable=False),
    Column("content_hash", LargeBinary(32), nullable=False),
    Column("verdict", String(10)),
    Column("first_error_step", Integer),
    Index("ix_trace_content_hash", "content_hash"),
    Index("ix_trace_source", "source", "id"),
    Index("ix_trace_model", "model", "id"),
    Index("ix_trace_verdict", "verdict", "id"),
)
"""One reasoning trace. Written once; only what verification says of it may change."""

trace_body = Table(
    "trace_body",
    metadata,
    Column("id", Id, ForeignKey("trace.id", ondelete="CASCADE"), primary_key=True),
    Column("codec", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""The whole trace as canonical JSON. Codec 1 is zstd."""

ZSTD = 1
