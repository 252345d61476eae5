"""The steps of meetings and demands are found by the event that they were told by, as an act's page and every list ask for them."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for steps in ("meeting_changes", "demand_changes"):
        op.create_index(f"ix_{steps}_event_uid", steps, ["event_uid"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
