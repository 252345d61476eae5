"""All views as they are written today, for that of dyads changed once more under 0004; no column that nobody fills."""

from __future__ import annotations

from alembic import op

from storage import views

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    views.create(op.get_bind())
    op.drop_column("story_articles", "copy_of")


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
