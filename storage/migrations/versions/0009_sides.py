"""Who takes part in an event stands beside it: a year of them is counted by parties without a look at the roles of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import sides

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("sides", "speaker"):
        op.add_column("events", sa.Column(name, sa.Text(), server_default="", nullable=False))
    sides.fill(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
