"""What time does to the archive: texts expire, old logs go, and what could not be read, or was put off too far, is due again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from extractors.model import Grade
from extractors.urls import TOO_OLD
from storage import packing, search
from storage.channels import OPEN
from storage.polling import CLOCK_STEP
from storage.tables import (
    AlertRow,
    ArticleRow,
    ChannelRow,
    DeliveryRow,
    FeedRow,
    IncidentRow,
    PageRow,
    RunRow,
    VersionRow,
)

LONGEST_WAIT = timedelta(days=2)
"""Nothing is put off for longer: a host may ask for a day, and quiet hours end within one."""

MISDATED_AMONG = 50_000
"""So many of the newest entries are looked at for what a clock that was ahead made of them."""

LONGEST_LEASE = timedelta(hours=1)

AT_ONCE = 1000
"""So many texts, pages or alerts go in one transaction, for which writers wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things stay; None for ever. Metadata, events and their evidence always stay."""

    text: timedelta | None = timedelta(days=30)
    core_text: timedelta | None = timedelta(days=30)
    """texts that a dossier graded as core"""
    pages: timedelta | None = timedelta(days=14)
    """raw pages, kept because they could not be read"""
    runs: timedelta | None = timedelta(days=90)
    incidents: timedelta | None = timedelta(days=365)
    alerts: timedelta | None = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """How much went."""

    texts: int = 0
    pages: int = 0
    runs: int = 0
    incidents: int = 0
    alerts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An entry that ended at `at` for a `reason` without having been read, while its page is kept."""

    article_id: int
    url: str
    reason: str
    at: datetime


class Upkeep:
    """The verbs about what expires and what is due again; reached as `archive.upkeep`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def expire(self, now: datetime, policy: Retention) -> Expired:
        """Let go what is older than the policy says, at most AT_ONCE texts and pages; call again until nothing goes."""
        return Expired(
            texts=self._expire_texts(now, policy),
            pages=self._expire_pages(now, policy),
            runs=self._delete(RunRow, RunRow.started_at, now, policy.runs),
            incidents=self._delete(IncidentRow, IncidentRow.closed_at, now, policy.incidents),
            alerts=self._expire_alerts(now, policy),
        )

    def _expire_texts(self, now: datetime, policy: Retention) -> int:
        ages = []
        core = ArticleRow.grade >= int(Grade.CORE)
        for age, graded in ((policy.text, ~core), (policy.core_text, core)):
            if age is not None:
                ages.append(and_(graded, VersionRow.kept_at < now - age))
        if not ages:
            return 0
        rows = self.connection.execute(
            select(VersionRow.id, VersionRow.text, ArticleRow.version_id.label("current"))
            .join(ArticleRow, ArticleRow.id == VersionRow.article_id)
            .where(VersionRow.text.is_not(None), or_(*ages))
            .order_by(VersionRow.kept_at)
            .limit(AT_ONCE)
        ).all()
        for row in rows:
            if row.current == row.id and row.text is not None:
                search.unindex(self.connection, row.id, search.stems(packing.unpack(row.text)))
            self.connection.execute(update(VersionRow).where(VersionRow.id == row.id).values(text=None))
        return len(rows)

    def _expire_pages(self, now: datetime, policy: Retention) -> int:
        if policy.pages is None:
            return 0
        ids = list(
            self.connection.scalars(select(PageRow.id).where(PageRow.fetched_at < now - policy.pages).limit(AT_ONCE))
        )
        self.connection.execute(delete(PageRow).where(PageRow.id.in_(ids)))
        return len(ids)

    def _expire_alerts(self, now: datetime, policy: Retention) -> int:
        """Alerts that no channel will take any more; their keys go with them, so they must be older than any retry.

        Nor will one that is parked for so long, as where it was taken out of the settings.
        """
        if policy.alerts is None:
            return 0
        busy = (
            select(DeliveryRow.alert_id)
            .join(ChannelRow, ChannelRow.name == DeliveryRow.channel, isouter=True)
            .where(DeliveryRow.state.in_(OPEN), ChannelRow.parked_at.is_(None))
        )
        old = select(AlertRow.id).where(AlertRow.created_at < now - policy.alerts, AlertRow.id.not_in(busy))
        ids = list(self.connection.scalars(old.limit(AT_ONCE)))
        self.connection.execute(delete(DeliveryRow).where(DeliveryRow.alert_id.in_(ids)))
        self.connection.execute(delete(AlertRow).where(AlertRow.id.in_(ids)))
        return len(ids)

    def _delete(self, table: type[RunRow | IncidentRow], column: Any, now: datetime, age: timedelta | None) -> int:
        if age is None:
            return 0
        return self.connection.execute(delete(table).where(column < now - age)).rowcount

    def unread(self, since: datetime) -> tuple[Unread, ...]:
        """Entries whose pages were kept after `since` because they could not be read, and of which nothing is due."""
        asked = select(ArticleRow.id, ArticleRow.url, ArticleRow.reason, ArticleRow.fetched_at)
        rows = self.connection.execute(asked.where(*_ended_unread(since), _page_kept()).order_by(ArticleRow.id))
        return tuple(Unread(article_id=row.id, url=row.url, reason=row.reason or "", at=row.fetched_at) for row in rows)

    def reopen(self, reasons: Sequence[str], since: datetime, now: datetime, *, reason: str) -> int:
        """Make entries due again that were read after `since` and whose page was kept unread, or that ended for one of the
        reasons (SQL patterns)."""
        ended = or_(_page_kept(), *(ArticleRow.reason.like(one) for one in reasons))
        again = update(ArticleRow).where(*_ended_unread(since), ended)
        return self.connection.execute(again.values(due_at=now, due_reason=reason)).rowcount

    def reopen_one(self, unread: Unread, now: datetime, *, reason: str) -> bool:
        """Make one of the `unread` due again; False if something is due already, or it was read meanwhile."""
        again = update(ArticleRow).where(ArticleRow.id == unread.article_id, *_ended_unread(unread.at))
        return self.connection.execute(again.values(due_at=now, due_reason=reason)).rowcount == 1

    def after_clock_step(self, now: datetime, *, max_age: timedelta = timedelta(days=14)) -> int:
        """Put right the times that a clock which was ahead wrote down; returns how many rows had one.

        Articles that such a clock dropped as "too old" are due again, unless they are older than `max_age` now. Feeds and
        hosts need nothing: `storage.polling` sees for itself. What becomes due too early by this costs one more try.
        """
        wrong = now + CLOCK_STEP
        read = ArticleRow.outcome == "pending", ArticleRow.due_at > now
        sent = DeliveryRow.state == "pending", DeliveryRow.next_at > now
        # Lately, for nothing finds them by when they were seen.
        lately = ArticleRow.id > select(func.max(ArticleRow.id) - MISDATED_AMONG).scalar_subquery()
        far = lately, ArticleRow.first_seen > now + LONGEST_WAIT
        young = ArticleRow.reason == TOO_OLD, ArticleRow.published_at >= now - max_age
        righted = (
            update(ArticleRow)
            .where(*far, ArticleRow.outcome == "dropped", *young)
            .values(outcome="pending", reason=None, due_at=now, due_reason="new"),
            update(ArticleRow)
            .where(*read, or_(ArticleRow.first_seen > wrong, ArticleRow.due_at > now + LONGEST_WAIT))
            .values(due_at=now),
            # Or what cannot be read would count as new, and be tried, until then.
            update(ArticleRow).where(*far).values(first_seen=now),
            update(DeliveryRow)
            .where(*sent, or_(DeliveryRow.queued_at > wrong, DeliveryRow.next_at > now + LONGEST_WAIT))
            .values(next_at=now, queued_at=now),
            # Or one that goes silent would be missed when that time has come.
            update(FeedRow).where(FeedRow.new_at > wrong).values(new_at=now),
            *(
                update(row).where(row.lease_until > now + LONGEST_LEASE).values(lease_until=now)
                for row in (ArticleRow, FeedRow, DeliveryRow)
            ),
        )
        return sum(self.connection.execute(statement).rowcount for statement in righted)


def _ended_unread(since: datetime) -> tuple[Any, ...]:
    return ArticleRow.fetched_at >= since, ArticleRow.text_digest.is_(None), ArticleRow.due_at.is_(None)


def _page_kept() -> Any:
    return select(PageRow.id).where(PageRow.article_id == ArticleRow.id).exists()
