"""How far the archive's articles reach, what they are called and who published them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, exists, func, select

from extractors.model import BERLIN
from storage.tables import ArticleRow, VersionRow

STRAY = timedelta(days=3)
"""An article that is by more than this the latest has a wrong date."""


def latest_day(connection: Connection) -> date | None:
    """The day from which the latest relevant articles are, None for an empty archive.

    Of many the latest that is no more than `STRAY` after the third latest: a page with a wrong date does not move what
    the room calls today, and the two articles of a quiet last day do.
    """
    dated = func.coalesce(ArticleRow.published_at, ArticleRow.first_seen)
    asked = select(dated).where(ArticleRow.grade > 0).order_by(ArticleRow.id.desc()).limit(200)
    days = sorted(found.astimezone(BERLIN).date() for found in connection.scalars(asked))
    return max((day for day in days if len(days) <= 10 or day - days[-3] <= STRAY), default=None)


def first_day(connection: Connection) -> date | None:
    """From when the archive listens: the third earliest day of its first relevant articles; None for an empty archive.

    Days before it are neither quiet nor gaps: nobody was there.
    """
    dated = func.coalesce(ArticleRow.published_at, ArticleRow.first_seen)
    asked = select(dated).where(ArticleRow.grade > 0).order_by(ArticleRow.id).limit(50)
    days = sorted(found.astimezone(BERLIN).date() for found in connection.scalars(asked))
    return days[2] if len(days) > 10 else days[0] if days else None


def named(connection: Connection, keys: Collection[str]) -> dict[str, tuple[str, datetime | None]]:
    """Whose article each of these stable keys is, and from when."""
    asked = select(ArticleRow.key, ArticleRow.publisher, ArticleRow.published_at).where(
        ArticleRow.key.in_([bytes.fromhex(key) for key in keys])
    )
    return {row.key.hex(): (row.publisher, row.published_at) for row in connection.execute(asked)}


def publishers(connection: Connection) -> tuple[str, ...]:
    """The houses of the articles of late, the ones that a feed leads to by the way included."""
    lately = select(ArticleRow.publisher).order_by(ArticleRow.id.desc()).limit(4000).subquery()
    found = connection.scalars(select(lately.c.publisher).where(lately.c.publisher != "").distinct())
    return tuple(sorted(found, key=str.casefold))


def is_publisher(connection: Connection, name: str) -> bool:
    """Whether a house has an article here, however old."""
    if name in publishers(connection):  # no index leads to the others
        return True
    return bool(connection.scalar(select(exists().where(ArticleRow.publisher == name))))


def superseded(connection: Connection, version_id: int) -> int | None:
    """The number of a version that is not what the article says now; None for the one that is."""
    asked = (
        select(VersionRow.number)
        .join(ArticleRow, ArticleRow.id == VersionRow.article_id)
        .where(VersionRow.id == version_id, VersionRow.id != ArticleRow.version_id)
    )
    return connection.scalar(asked)
