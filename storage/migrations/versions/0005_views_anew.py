"""The view of dyads pairs as the exports do: who promises something is promised nothing; a page that could not be read is
found by its article, not by the address at which a redirect ended; no column that nobody fills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import views

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    views.create(op.get_bind(), revision)
    op.drop_column("story_articles", "copy_of")
    op.add_column("pages", sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    op.execute("UPDATE pages SET article_id = articles.id FROM articles WHERE articles.url = pages.url")
    op.create_index("ix_pages_article_id", "pages", ["article_id"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
