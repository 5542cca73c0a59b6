"""prompt groups are found by the full-text index, which is made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

LIVE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_trace_prompt_group", table_name="trace")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("TRUNCATE trace_words")


def downgrade() -> None:
    op.create_index(
        "ix_trace_prompt_group",
        "trace",
        ["prompt_group", "id"],
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
