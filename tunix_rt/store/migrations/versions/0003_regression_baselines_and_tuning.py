"""regression baselines and tuning."""

import sqlalchemy as sa
from alembic import op

from tunix_rt.store.columns import Id, Instant, Json

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "regression_baseline",
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("metric", sa.String(length=256), nullable=False),
        sa.Column("lower_is_better", sa.Boolean(), nullable=False),
        sa.Column("eval_set", sa.String(length=256), nullable=True),
        sa.Column("dataset_key", sa.String(length=256), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_regression_baseline_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regression_baseline")),
        sa.UniqueConstraint("name", name=op.f("uq_regression_baseline_name")),
    )
    op.create_table(
        "tuning_job",
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("run_id", Id(), nullable=True),
        sa.Column("dataset_key", sa.String(length=256), nullable=False),
        sa.Column("base_model_id", sa.String(length=256), nullable=False),
        sa.Column("suite", sa.String(length=128), nullable=True),
        sa.Column("metric_name", sa.String(length=256), nullable=False),
        sa.Column("metric_mode", sa.String(length=3), nullable=False),
        sa.Column("num_samples", sa.Integer(), nullable=False),
        sa.Column("max_concurrent_trials", sa.Integer(), nullable=False),
        sa.Column("search_space", Json, nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("best_run_id", Id(), nullable=True),
        sa.Column("best_params", Json, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["best_run_id"], ["run.id"], name=op.f("fk_tuning_job_best_run_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_tuning_job_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tuning_job")),
    )
    op.create_table(
        "tuning_trial",
        sa.Column("id", Id(), nullable=False),
        sa.Column("job_id", Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("run_id", Id(), nullable=True),
        sa.Column("evaluation_run_id", Id(), nullable=True),
        sa.Column("params", Json, nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["evaluation_run_id"], ["run.id"], name=op.f("fk_tuning_trial_evaluation_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["tuning_job.id"], name=op.f("fk_tuning_trial_job_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_tuning_trial_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tuning_trial")),
        sa.UniqueConstraint("job_id", "number", name=op.f("uq_tuning_trial_job_id_number")),
    )


def downgrade() -> None:
    op.drop_table("tuning_trial")
    op.drop_table("tuning_job")
    op.drop_table("regression_baseline")
