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
        "model",
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("task_type", sa.String(length=64), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
        sa.UniqueConstraint("name", name=op.f("uq_model_name")),
    )
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
        "suite",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("origin", Json, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_suite")),
    )
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
        "evaluation",
        sa.Column("id", Id(), nullable=False),
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("subject_run_id", Id(), nullable=True),
        sa.Column("model_id", sa.String(length=256), nullable=False),
        sa.Column("model_folder", sa.Text(), nullable=True),
        sa.Column("suite", sa.String(length=128), nullable=False),
        sa.Column("dataset_key", sa.String(length=256), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("n_items", sa.Integer(), nullable=False),
        sa.Column("n_correct", sa.Integer(), nullable=False),
        sa.Column("n_undecided", sa.Integer(), nullable=False),
        sa.Column("n_missing", sa.Integer(), nullable=False),
        sa.Column("accuracy", sa.Float(), nullable=False),
        sa.Column("ci_low", sa.Float(), nullable=False),
        sa.Column("ci_high", sa.Float(), nullable=False),
        sa.Column("families", Json, nullable=False),
        sa.Column("config", Json, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_evaluation_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("run_id", name=op.f("uq_evaluation_run_id")),
    )
    op.create_index("ix_evaluation_accuracy", "evaluation", ["status", "accuracy"], unique=False)
    op.create_index("ix_evaluation_subject_run_id", "evaluation", ["subject_run_id"], unique=False)
    op.create_table(
        "model_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("model_id", Id(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("source_run_id", Id(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("metrics", Json, nullable=False),
        sa.Column("config", Json, nullable=False),
        sa.Column("provenance", Json, nullable=False),
        sa.Column("storage_uri", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_version_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_version")),
        sa.UniqueConstraint("model_id", "sha256", name=op.f("uq_model_version_model_id_sha256")),
        sa.UniqueConstraint("model_id", "version", name=op.f("uq_model_version_model_id_version")),
    )
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
        "suite_item",
        sa.Column("suite", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=40), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["suite"], ["suite.name"], name=op.f("fk_suite_item_suite"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("suite", "position", name=op.f("pk_suite_item")),
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
    op.create_table(
        "verdict",
        sa.Column("trace_id", Id(), nullable=False),
        sa.Column("verifier", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("label", sa.Boolean(), nullable=True),
        sa.Column("detail", Json, nullable=True),
        sa.Column("run_id", Id(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trace_id"], ["trace.id"], name=op.f("fk_verdict_trace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("trace_id", "verifier", name=op.f("pk_verdict")),
    )
    op.create_table(
        "evaluation_item",
        sa.Column("evaluation_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sample", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("output", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("finish", sa.String(length=10), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluation.id"],
            name=op.f("fk_evaluation_item_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "evaluation_id", "position", "sample", name=op.f("pk_evaluation_item")
        ),
    )


def downgrade() -> None:
    op.drop_table("evaluation_item")
    op.drop_table("verdict")
    op.drop_table("trace_body")
    op.drop_table("suite_item")
    op.drop_table("run_metric")
    op.drop_table("run_log")
    op.drop_table("model_version")
    op.drop_index("ix_evaluation_subject_run_id", table_name="evaluation")
    op.drop_index("ix_evaluation_accuracy", table_name="evaluation")
    op.drop_table("evaluation")
    op.drop_index("ix_trace_verdict", table_name="trace")
    op.drop_index("ix_trace_source", table_name="trace")
    op.drop_index("ix_trace_model", table_name="trace")
    op.drop_index("ix_trace_content_hash", table_name="trace")
    op.drop_table("trace")
    op.drop_table("suite")
    op.drop_index("ix_run_status", table_name="run")
    op.drop_index("ix_run_kind", table_name="run")
    op.drop_table("run")
    op.drop_table("model")
    op.drop_index("ix_lineage_to", table_name="lineage")
    op.drop_table("lineage")
    op.drop_index("ix_dataset_created_at", table_name="dataset")
    op.drop_table("dataset")
