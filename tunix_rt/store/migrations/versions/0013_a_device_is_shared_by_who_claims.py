"""a device is shared by who claims."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

HELD = sa.text("status IN ('running', 'cancel_requested')")


def upgrade() -> None:
    op.drop_index("ux_run_device", table_name="run")


def downgrade() -> None:
    op.create_index(
        "ux_run_device",
        "run",
        ["host", "device"],
        unique=True,
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
