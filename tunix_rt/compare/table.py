"""One row per baseline: a name for a run, a metric and its direction."""

from sqlalchemy import Boolean, Column, ForeignKey, String, Table

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant

baseline = Table(
    "regression_baseline",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(256), nullable=False, unique=True),
    Column("run_id", Id, ForeignKey("run.id"), nullable=False),
    Column("metric", String(256), nullable=False),
    Column("lower_is_better", Boolean, nullable=False),
    Column("eval_set", String(256)),
    Column("dataset_key", String(256)),
    Column("created_at", Instant, nullable=False),
)
