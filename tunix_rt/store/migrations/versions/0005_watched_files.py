"""watched files."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "watched_file",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("stamp", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_watched_file")),
    )


def downgrade() -> None:
    op.drop_table("watched_file")
