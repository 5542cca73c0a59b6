"""The narrow row of a trace, its compressed body, and what people say of it."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant

PROMPT_SHOWN = 90
ANSWER_SHOWN = 80
"""Characters of the prompt and the answer that the list shows."""


def _live(name: str, *columns: str, where: str = "") -> Index:
    """An index over the traces that are not deleted."""
    condition = text(" AND ".join(["deleted_at IS NULL", *([where] if where else [])]))
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


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
    Column("step_types", BigInteger),
    Column("content_hash", LargeBinary(32), nullable=False),
    Column("content_key", BigInteger),
    Column("prompt_group", BigInteger),
    Column("verdict", String(10)),
    Column("first_error_step", Integer),
    Column("label", String(10)),
    Column("score", Float),
    Column("deleted_at", Instant),
    Index("ix_trace_content_key", "content_key"),
    _live("ix_trace_source", "source", "id"),
    _live("ix_trace_model", "model", "id", where="model IS NOT NULL"),
    _live("ix_trace_verdict", "verdict", "id", where="verdict IS NOT NULL"),
    _live("ix_trace_label", "label", "id", where="label IS NOT NULL"),
    _live("ix_trace_score", "score", "id", where="score IS NOT NULL"),
    Index(
        "ix_trace_deleted_at",
        "deleted_at",
        sqlite_where=text("deleted_at IS NOT NULL"),
        postgresql_where=text("deleted_at IS NOT NULL"),
    ),
)
"""One reasoning trace. Written once; only what is said of it may change: verdict, label, score.

`content_key` and `prompt_group` are the first eight bytes of sha256 over the body and over the
prompt. Only the first has an index here, for random keys cost a write more than all the others:
groups are found by the full-text index. `step_types` is a set in `step_type`.
"""

trace_body = Table(
    "trace_body",
    metadata,
    Column("id", Id, ForeignKey("trace.id", ondelete="CASCADE"), primary_key=True),
    Column("codec", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("format", String(40)),
)
"""The whole trace as canonical JSON with the record it was read from; see `table_body`."""

trace_dictionary = Table(
    "trace_dictionary",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)
"""What zstd learnt from the first traces of this store; a body names the one it needs."""

step_type = Table(
    "step_type",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("set_id", BigInteger, primary_key=True, autoincrement=False),
)
"""Which step types a set holds; a trace names its set, so that a million traces share a few."""

trace_tally = Table(
    "trace_tally",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", String(200), nullable=False),
    Column("model", String(200)),
    Column("verdict", String(10)),
    Column("label", String(10)),
    Column("step_types", BigInteger),
    Column("number", BigInteger, nullable=False),
)
"""How many live traces share these values: a sum of rows, for writers append what they changed."""

trace_dataset = Table(
    "trace_dataset",
    metadata,
    Column("dataset_key", String(256), primary_key=True),
    Column("trace_id", Id, ForeignKey("trace.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_trace_dataset_trace", "trace_id"),
)
"""Which frozen datasets hold a trace."""

annotation = Table(
    "annotation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("trace_id", Id, ForeignKey("trace.id", ondelete="CASCADE"), nullable=False),
    Column("step", Integer),
    Column("kind", String(10), nullable=False),
    Column("name", String(64), nullable=False),
    Column("value", Float),
    Column("text", Text),
    Column("author", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_annotation_trace", "trace_id", "id"),
    Index(
        "ix_annotation_name",
        "kind",
        "name",
        "trace_id",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)
"""A label, tag, note or score of a trace or of one step of it. Never edited: ended, replaced."""

search_batch = Table(
    "search_batch",
    metadata,
    Column("id", Id, primary_key=True),
    Column("first", Id, nullable=False),
    Column("last", Id, nullable=False),
    Column("number", Integer, nullable=False),
)
"""Traces that were written and are not in the full-text index yet: a range of ids a row."""

request_once = Table(
    "request_once",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("answer", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_request_once_created_at", "created_at"),
)
"""What a request with an Idempotency-Key was answered."""

watched_file = Table(
    "watched_file",
    metadata,
    Column("path", Text, primary_key=True),
    Column("format", String(40), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    Column("stamp", String(100), nullable=False),
)
"""How far a watched file was read, and by what it is known to be the same one still."""
