"""A dyad's series from an index alone; how sure an event is stands beside the pair."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import pairs

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


COLUMNS = ["one", "other", "day", "act_id", "way", "status", "plover", "goldstein", "surety"]


def upgrade() -> None:
    # Derived rows: made anew, not carried over.
    if op.get_bind().dialect.name == "postgresql":
        # In its place: a table that is dropped takes along who may read it.
        op.execute("TRUNCATE pairs")
        op.drop_column("pairs", "score")
        for name in ("plover", "goldstein", "surety"):
            op.add_column("pairs", sa.Column(name, sa.SmallInteger(), nullable=False))
    else:
        _made_anew()
    pairs.renew_all(op.get_bind())
    op.create_index("ix_pairs_day", "pairs", COLUMNS)


def _made_anew() -> None:
    """SQLite adds no column without a default."""
    op.drop_table("pairs")
    op.create_table(
        "pairs",
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("event_id", BIG, autoincrement=False, nullable=False),
        sa.Column("way", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("type", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("plover", sa.SmallInteger(), nullable=False),
        sa.Column("goldstein", sa.SmallInteger(), nullable=False),
        sa.Column("surety", sa.SmallInteger(), nullable=False),
        sa.Column("act_id", BIG, nullable=True),
        sa.Column("copied", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_pairs_event_id")),
        sa.PrimaryKeyConstraint("one", "other", "event_id", name=op.f("pk_pairs")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: a downgrade would forget what the new columns hold")
