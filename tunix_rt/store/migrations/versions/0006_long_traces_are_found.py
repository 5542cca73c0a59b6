"""words are cut and folded anew: PostgreSQL's index is emptied, and filled behind the start."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("TRUNCATE trace_words")


def downgrade() -> None:
    """The index is derived: there is nothing to take back."""
