"""Whom articles introduce into an office and no table has, and what operators say of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "introductions",
        sa.Column("article_id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("house", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_introductions_article_id")),
        sa.PrimaryKeyConstraint("article_id", "name", name=op.f("pk_introductions")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_introductions_name_day"), "introductions", ["name", "day"])
    op.create_table(
        "holders",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holders")),
    )


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: a downgrade would forget what the new columns hold")
