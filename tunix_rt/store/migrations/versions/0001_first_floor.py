"""first floor."""

import sqlalchemy as sa
from alembic import op

from tunix_rt.store.columns import Id, Instant, Json

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "dataset",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("build_id", Id(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("trace_count", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_dataset")),
    )
    op.create_index("ix_dataset_created_at", "dataset", ["created_at"], unique=False)
    op.create_table(
        "lineage",
        sa.Column("from_kind", sa.String(length=20), nullable=False),
        sa.Column("from_id", sa.String(length=256), nullable=False),
        sa.Column("to_kind", sa.String(length=20), nullable=False),
        sa.Column("to_id", sa.String(length=256), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("from_label", sa.Text(), nullable=False),
        sa.Column("to_label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "from_kind", "from_id", "to_kind", "to_id", "relation", name=op.f("pk_lineage")
        ),
    )
    op.create_index("ix_lineage_to", "lineage", ["to_kind", "to_id"], unique=False)
    op.create_table(
        "run",
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("config", Json, nullable=False),
        sa.Column("dataset_key", sa.String(length=256), nullable=True),
        sa.Column("model_id", sa.String(length=256), nullable=True),
        sa.Column("output_dir", sa.Text(), nullable=True),
        sa.Column("progress", Json, nullable=True),
        sa.Column("last_metrics", Json, nullable=True),
        sa.Column("result", Json, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=120), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index("ix_run_kind", "run", ["kind", "id"], unique=False)
    op.create_index("ix_run_status", "run", ["status", "id"], unique=False)
    op.create_table(
        "trace",
        sa.Column("id", Id(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("trace_version", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=True),
        sa.Column("task", sa.String(length=200), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("final_answer", sa.Text(), nullable=False),
        sa.Column("step_count", sa.Integer(), nullable=False),
        sa.Column("total_chars", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("first_error_step", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace")),
    )
    op.create_index("ix_trace_content_hash", "trace", ["content_hash"], unique=False)
    op.create_index("ix_trace_model", "trace", ["model", "id"], unique=False)
    op.create_index("ix_trace_source", "trace", ["source", "id"], unique=False)
    op.create_index("ix_trace_verdict", "trace", ["verdict", "id"], unique=False)
    op.create_table(
        "run_log",
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.String(length=8), nullable=False),
        sa.Column("chunk", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_run_log_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_run_log")),
    )
    op.create_table(
        "run_metric",
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("numbers", Json, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_run_metric_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "step", name=op.f("pk_run_metric")),
    )
    op.create_table(
        "trace_body",
        sa.Column("id", Id(), nullable=False),
        sa.Column("codec", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["trace.id"], name=op.f("fk_trace_body_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_body")),
    )


def downgrade() -> None:
    op.drop_table("trace_body")
    op.drop_table("run_metric")
    op.drop_table("run_log")
    op.drop_index("ix_trace_verdict", table_name="trace")
    op.drop_index("ix_trace_source", table_name="trace")
    op.drop_index("ix_trace_model", table_name="trace")
    op.drop_index("ix_trace_content_hash", table_name="trace")
    op.drop_table("trace")
    op.drop_index("ix_run_status", table_name="run")
    op.drop_index("ix_run_kind", table_name="run")
    op.drop_table("run")
    op.drop_index("ix_lineage_to", table_name="lineage")
    op.drop_table("lineage")
    op.drop_index("ix_dataset_created_at", table_name="dataset")
    op.drop_table("dataset")
