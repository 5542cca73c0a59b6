"""One row per evaluation, one per item and sample."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant, Json

evaluation = Table(
    "evaluation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("run_id", Id, ForeignKey("run.id"), nullable=False, unique=True),
    Column("subject_run_id", Id),
    Column("model_id", String(256), nullable=False),
    Column("model_folder", Text),
    Column("suite", String(128), nullable=False),
    Column("dataset_key", String(256)),
    Column("status", String(20), nullable=False),
    Column("n_items", Integer, nullable=False),
    Column("n_correct", Integer, nullable=False),
    Column("n_undecided", Integer, nullable=False),
    Column("n_missing", Integer, nullable=False),
    Column("accuracy", Float, nullable=False),
    Column("ci_low", Float, nullable=False),
    Column("ci_high", Float, nullable=False),
    Column("families", Json, nullable=False),
    Column("config", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("completed_at", Instant),
    Index("ix_evaluation_accuracy", "status", "accuracy"),
    Index("ix_evaluation_subject_run_id", "subject_run_id"),
)

evaluation_item = Table(
    "evaluation_item",
    metadata,
    Column("evaluation_id", Id, ForeignKey("evaluation.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("sample", Integer, primary_key=True, autoincrement=False),
    Column("item", String(200), nullable=False),
    Column("family", String(64), nullable=False),
    Column("prompt", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("output", Text, nullable=False),
    Column("answer", Text),
    Column("outcome", String(10), nullable=False),
    Column("method", String(40), nullable=False),
    Column("version", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("finish", String(10), nullable=False),
    Column("tokens", Integer),
)
