"""How feeds and houses do: silence, gaps, outcomes, what waits."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from extractors.model import BERLIN, Grade
from storage.polling import FeedState, feed_state
from storage.tables import ArticleRow, FeedRow, GapRow, IntakeRow

NEWEST = 50_000
"""So many entries are looked at for what was read: to count all would take two seconds of each pass at a million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of time in which a feed was not heard of; its days are Berlin's, as those of events are."""

    feed: str
    since: datetime
    until: datetime
    reason: str

    @property
    def first(self) -> date:
        return self.since.astimezone(BERLIN).date()

    @property
    def last(self) -> date:
        return self.until.astimezone(BERLIN).date()


def gap_days(gaps: Iterable[Gap], since: date, until: date) -> frozenset[date]:
    """The days of a period on which some feed was not heard of."""
    days = set()
    for gap in gaps:
        day = max(gap.first, since)
        while day <= min(gap.last, until):
            days.add(day)
            day += timedelta(days=1)
    return frozenset(days)


def gaps(connection: Connection, first: date, last: date) -> tuple[Gap, ...]:
    """When feeds were not heard of on these days, oldest first."""
    begin, end = (datetime.combine(day, datetime.min.time(), BERLIN) for day in (first, last + timedelta(days=1)))
    return _gaps(connection, _GAPS.where(GapRow.until >= begin, GapRow.since < end).order_by(GapRow.since))


def latest_gaps(connection: Connection, most: int) -> tuple[Gap, ...]:
    """The last times at which feeds were heard of again, the latest first."""
    return _gaps(connection, _GAPS.order_by(GapRow.until.desc(), GapRow.id.desc()).limit(most))


_GAPS = select(GapRow.__table__, FeedRow.url).join(FeedRow, FeedRow.id == GapRow.feed_id)


def _gaps(connection: Connection, asked: Select[Any]) -> tuple[Gap, ...]:
    rows = connection.execute(asked)
    return tuple(Gap(feed=row.url, since=row.since, until=row.until, reason=row.reason) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """A feed and how much was new in it, today and on each of the seven days before (oldest first, today last)."""

    state: FeedState
    daily: tuple[int, ...]


def feed_health(connection: Connection, now: datetime) -> tuple[FeedHealth, ...]:
    today = now.astimezone(BERLIN).date()  # as the intake is counted
    days = [today - timedelta(days=back) for back in range(7, -1, -1)]
    counted: dict[int, dict[date, int]] = defaultdict(dict)
    for row in connection.execute(select(IntakeRow.__table__).where(IntakeRow.day >= days[0])):
        counted[row.feed_id][row.day] = row.new
    return tuple(
        FeedHealth(state=feed_state(row), daily=tuple(counted[row.id].get(day, 0) for day in days))
        for row in connection.execute(select(FeedRow.__table__).order_by(FeedRow.url))
    )


def live_feeds(connection: Connection, since: datetime) -> tuple[FeedState, ...]:
    """The feeds that have answered since then, but for those that are gone."""
    asked = select(FeedRow.__table__).where(FeedRow.ok_at > since, FeedRow.gone_at.is_(None))
    return tuple(feed_state(row) for row in connection.execute(asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherHealth:
    """How a publisher's pages read lately; lengths in characters."""

    publisher: str
    articles: int
    median_length: float | None
    unread_of_last_ten: int


def publisher_health(connection: Connection, now: datetime, *, most: int = 20_000) -> tuple[PublisherHealth, ...]:
    """Signs that a template changed, from the last `most` entries of at most thirty days."""
    rows = connection.execute(
        select(ArticleRow.publisher, ArticleRow.length)
        .where(ArticleRow.id > _last_before(connection, now - timedelta(days=30)), ArticleRow.fetched_at.is_not(None))
        .order_by(ArticleRow.id.desc())
        .limit(most)
    )
    by_house: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_house[row.publisher].append(row)
    return tuple(_publisher(house, rows) for house, rows in sorted(by_house.items()))


def _publisher(house: str, rows: Sequence[Any]) -> PublisherHealth:
    last = rows[:10]
    lengths = [row.length for row in rows if row.length]
    return PublisherHealth(
        publisher=house,
        articles=len(rows),
        median_length=statistics.median(lengths) if lengths else None,
        unread_of_last_ten=sum(not row.length for row in last),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of an article; `reason` says why it was not read, `length` is in characters and 0 where it was not."""

    url: str
    outcome: str
    reason: str
    length: int


def answered(connection: Connection, since: datetime, *, most: int) -> tuple[Look, ...]:
    """Articles first seen since then for which something came, the newest first."""
    return _looks(connection, since, ArticleRow.fetched_at.is_not(None), most)


def read_or_refused(
    connection: Connection, since: datetime, reasons: Collection[str], *, most: int
) -> tuple[Look, ...]:
    """Articles first seen since then that were read, that failed, or that ended for one of the reasons; the newest first."""
    ended = or_(
        ArticleRow.outcome == "failed", ArticleRow.text_digest.is_not(None), ArticleRow.reason.in_(sorted(reasons))
    )
    return _looks(connection, since, ended, most)


def _looks(connection: Connection, since: datetime, ended: Any, most: int) -> tuple[Look, ...]:
    asked = (
        select(ArticleRow.url, ArticleRow.outcome, ArticleRow.reason, ArticleRow.length)
        .where(ArticleRow.first_seen >= since, ended)
        .order_by(ArticleRow.id.desc())
        .limit(most)
    )
    return tuple(
        Look(url=row.url, outcome=row.outcome, reason=row.reason or "", length=row.length or 0)
        for row in connection.execute(asked)
    )


def newest_seen(connection: Connection) -> datetime | None:
    """When the newest entry was first seen; None for an archive that has none."""
    return connection.scalar(select(ArticleRow.first_seen).order_by(ArticleRow.id.desc()).limit(1))


def oldest_seen(connection: Connection) -> datetime | None:
    """When the oldest entry was first seen; None for an archive that has none."""
    return connection.scalar(select(ArticleRow.first_seen).order_by(ArticleRow.id).limit(1))


def any_taken(connection: Connection, since: datetime, until: datetime) -> bool:
    """Whether some dossier takes one of the articles that came in this time as core."""
    # The first condition says nothing new, and is the one by which their index is made.
    taken = ArticleRow.grade > 0, ArticleRow.grade >= int(Grade.CORE)
    return connection.scalar(select(ArticleRow.id).where(_came(since, until), *taken).limit(1)) is not None


def texts_read(connection: Connection, since: datetime, until: datetime) -> int:
    """How many of the NEWEST articles came in this time and were read.

    One that was read again without change counts too: its outcome says so, its text was read.
    """
    newest = ArticleRow.id > select(func.max(ArticleRow.id) - NEWEST).scalar_subquery()
    read = newest, _came(since, until), ArticleRow.text_digest.is_not(None)
    return connection.scalar(select(func.count()).where(*read).select_from(ArticleRow)) or 0


def _came(since: datetime, until: datetime) -> Any:
    return and_(ArticleRow.fetched_at > since, ArticleRow.fetched_at <= until)


def outcomes(connection: Connection, since: datetime | None = None) -> dict[str, int]:
    """Entries by outcome; of those first seen since then, or of all."""
    asked = select(ArticleRow.outcome, func.count()).group_by(ArticleRow.outcome)
    if since is not None:
        asked = asked.where(ArticleRow.id > _last_before(connection, since))
    return {row[0]: row[1] for row in connection.execute(asked)}


def outcomes_by_reason(connection: Connection) -> dict[str, int]:
    """Entries by outcome and the reason for it, as 'dropped: no text', the most first."""
    what = func.coalesce(ArticleRow.outcome + ": " + ArticleRow.reason, ArticleRow.outcome)
    asked = select(what, func.count()).group_by(what).order_by(func.count().desc(), what)
    return {row[0]: row[1] for row in connection.execute(asked)}


def _last_before(connection: Connection, at: datetime) -> int:
    """The last article that was first seen before then, found from the newest backwards: no index of times is needed."""
    asked = select(ArticleRow.id).where(ArticleRow.first_seen < at).order_by(ArticleRow.id.desc()).limit(1)
    return connection.scalar(asked) or 0
