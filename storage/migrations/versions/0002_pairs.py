"""Dyads and places quick to ask, answers that teach, rejected articles to look at; fingerprints once for each article."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.tables import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "pairs",
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("event_id", BIG, autoincrement=False, nullable=False),
        sa.Column("way", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("type", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("act_id", BIG, nullable=True),
        sa.Column("copied", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_pairs_event_id")),
        sa.PrimaryKeyConstraint("one", "other", "event_id", name=op.f("pk_pairs")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "samples",
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("dossier", sa.Text(), nullable=False),
        sa.Column("article_id", BIG, autoincrement=False, nullable=False),
        sa.Column("put_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_samples_article_id")),
        sa.PrimaryKeyConstraint("week", "dossier", "article_id", name=op.f("pk_samples")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "refits",
        sa.Column("id", BIG, nullable=False),
        sa.Column("dossier", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("promoted", sa.Boolean(), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refits")),
    )
    op.create_index(op.f("ix_refits_dossier_id"), "refits", ["dossier", "id"], unique=False)
    op.add_column("versions", sa.Column("marks", sa.LargeBinary(), nullable=True))
    op.add_column("acts", sa.Column("memory", sa.LargeBinary(), nullable=True))
    for name in ("place", "country"):
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_events_{name}", "events", [name], sqlite_where=there, postgresql_where=there)
    # Nobody asks for the names of an article.
    op.drop_index("ix_aliases_article_id", "aliases")
    gone = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_acts_merged_into", "acts", ["merged_into"], sqlite_where=gone, postgresql_where=gone)
    if op.get_bind().dialect.name == "sqlite":
        # An acknowledgement was once kept as text, which nobody could read back.
        op.execute(
            "UPDATE alerts SET acknowledged_at = CAST(strftime('%s', acknowledged_at) AS INTEGER) * 1000000"
            " WHERE typeof(acknowledged_at) = 'text'"
        )
    # The rows of pairs are made by the next migration, which gives the table its present columns.


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: a downgrade would forget what the new columns hold")
