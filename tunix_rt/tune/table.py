"""One row per tuning job, one per trial of it."""

from sqlalchemy import Column, Float, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from tunix_rt.store import metadata
from tunix_rt.store.columns import Id, Instant, Json

job = Table(
    "tuning_job",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(256), nullable=False),
    Column("status", String(20), nullable=False),
    Column("run_id", Id, ForeignKey("run.id")),
    Column("dataset_key", String(256), nullable=False),
    Column("base_model_id", String(256), nullable=False),
    Column("suite", String(128)),
    Column("metric_name", String(256), nullable=False),
    Column("metric_mode", String(3), nullable=False),
    Column("num_samples", Integer, nullable=False),
    Column("max_concurrent_trials", Integer, nullable=False),
    Column("search_space", Json, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("best_run_id", Id, ForeignKey("run.id")),
    Column("best_params", Json),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("completed_at", Instant),
)
"""`run_id` is the run that drives the job, once it is started."""

trial = Table(
    "tuning_trial",
    metadata,
    Column("id", Id, primary_key=True),
    Column("job_id", Id, ForeignKey("tuning_job.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("run_id", Id, ForeignKey("run.id")),
    Column("evaluation_run_id", Id, ForeignKey("run.id")),
    Column("params", Json, nullable=False),
    Column("value", Float),
    Column("status", String(20), nullable=False),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("completed_at", Instant),
    UniqueConstraint("job_id", "number"),
)
"""`run_id` is its training; null when its values made no recipe."""
