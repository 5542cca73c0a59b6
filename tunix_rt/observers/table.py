"""One row per observer, per exam it sat, per trace it ranked."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, String, Table

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant, Json

observer = Table(
    "observer",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("config", Json, nullable=False),
    Column("model", Json, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("quality", Json, nullable=False),
    Column("run_id", Id),
    Column("created_at", Instant, nullable=False),
)
"""A fitted observer: its model is numbers in JSON, named by their hash."""

observer_group = Table(
    "observer_group",
    metadata,
    Column(
        "observer", String(100), ForeignKey("observer.name", ondelete="CASCADE"), primary_key=True
    ),
    Column("prompt_group", String(16), primary_key=True),
)
"""The problems an observer learned from: no exam asks them again."""

observer_exam = Table(
    "observer_exam",
    metadata,
    Column("id", Id, primary_key=True),
    Column(
        "observer", String(100), ForeignKey("observer.name", ondelete="CASCADE"), nullable=False
    ),
    Column("passed", Boolean, nullable=False),
    Column("result", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_observer_exam_observer", "observer", "id"),
)

observer_score = Table(
    "observer_score",
    metadata,
    Column(
        "observer", String(100), ForeignKey("observer.name", ondelete="CASCADE"), primary_key=True
    ),
    Column("trace_id", Id, ForeignKey("trace.id", ondelete="CASCADE"), primary_key=True),
    Column("probability", Float, nullable=False),
    Index("ix_observer_score_probability", "observer", "probability", "trace_id"),
)
"""How likely an observer calls a trace wrong. It is no verdict, and stands apart from them."""
