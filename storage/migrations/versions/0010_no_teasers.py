"""Announced articles without the feed's teaser: nobody read it, and what it left behind when it went stayed empty in the file."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("articles", "teaser")


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: the column is not filled any more")
