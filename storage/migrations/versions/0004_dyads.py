"""The view of dyads pairs those who act together with each other only where they are equals: who imposes sanctions beside
another does nothing to them."""

from __future__ import annotations

from alembic import op

from storage import views

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    views.create(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
