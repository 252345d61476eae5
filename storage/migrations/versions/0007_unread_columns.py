"""No column that nobody reads: whose page a version was, that a kept page could not be read, when a sample was put up."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("versions", "page_id")
    op.drop_column("pages", "failed")
    op.drop_column("samples", "put_at")


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: the columns are not filled any more")
