"""What time does to the archive: texts expire, a better coder reads again, old logs go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, or_, select, true, update

from extractors.model import BERLIN, Article, Assessment, Event, Introduction, Quote
from extractors.urls import TOO_OLD
from storage import coding, packing, pairs, queries, search
from storage.keeping import Kept
from storage.people import People
from storage.polling import CLOCK_STEP
from storage.reviewing import Review
from storage.statements import locked
from storage.tables import (
    AlertRow,
    ArticleRow,
    AssessmentRow,
    ChannelRow,
    CoderRow,
    DeliveryRow,
    EventRow,
    FeedRow,
    IncidentRow,
    PageRow,
    RunRow,
    VersionRow,
)
from storage.tracking import Link, Tracking

LONGEST_WAIT = timedelta(days=2)
"""Nothing is put off for longer: a host may ask for a day, and quiet hours end within one."""

LATELY = 50_000
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A version that another coder read last. `told_at` is the article's time, or else when a feed or we first had it."""

    version_id: int
    article_id: int
    article: Article
    coder: str
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoding:
    """How far a recode is: versions still to be read, read by this coder, and past reading as their text expired."""

    stale: int
    done: int
    expired: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Replaced:
    """What a new reading did to a version's events: their rows by event id, and the rows that it made and ended."""

    rows: Mapping[str, int]
    made: frozenset[int]
    gone: Sequence[int]

    @property
    def as_before(self) -> frozenset[str]:
        """The events that say what was read before, whatever the grounds."""
        return frozenset(uid for uid, row in self.rows.items() if row not in self.made)


class Upkeep:
    """The verbs about retention and recoding; reached as `archive.upkeep`."""

    def __init__(self, connection: Connection, tracking: Tracking) -> None:
        self.connection = connection
        self.tracking = tracking

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
        for age, grade in ((policy.text, ArticleRow.grade < 2), (policy.core_text, ArticleRow.grade >= 2)):
            if age is not None:
                ages.append(and_(grade, VersionRow.kept_at < now - age))
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
            .where(DeliveryRow.state.in_(("pending", "inflight")), ChannelRow.parked_at.is_(None))
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
        """Let nothing wait for a time that a clock which was ahead wrote down; returns how much did.

        Of what was first seen days ahead, what seemed "too old" then and is not older than `max_age` is read after all.

        When feeds and hosts are asked next they see for themselves (`storage.polling`). What is taken too early by this costs one try more.
        """
        wrong = now + CLOCK_STEP
        read = ArticleRow.outcome == "pending", ArticleRow.due_at > now
        sent = DeliveryRow.state == "pending", DeliveryRow.next_at > now
        # Lately, for nothing finds them by when they were seen.
        lately = ArticleRow.id > select(func.max(ArticleRow.id) - LATELY).scalar_subquery()
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

    # Recode

    def stale_versions(
        self, coder: str, batch: int, *, after: int = 0, until: int | None = None, since: datetime | None = None
    ) -> tuple[Stale, ...]:
        """Current versions with text that another coder read last, in order; ids above `after` and up to `until`.

        `since` leaves out what was kept before.
        """
        found = []
        for row in self.connection.execute(_stale(coder, batch, after, until, since)).all():
            article = queries.version_article(self.connection, row.id)
            if article is not None:
                found.append(_stale_one(row, article, row.name or ""))
        return tuple(found)

    def stale_ids(self, coder: str, batch: int, *, after: int = 0, since: datetime | None = None) -> tuple[int, ...]:
        """The version ids of `stale_versions`, without reading the texts."""
        return tuple(row.id for row in self.connection.execute(_stale(coder, batch, after, None, since)))

    def recoding(self, coder: str, *, since: datetime | None = None) -> Recoding:
        """How far the archive is with this coder; `since` counts only what was kept since then."""
        ours = CoderRow.name == coder
        kept = VersionRow.text.is_not(None)
        row = self.connection.execute(
            select(
                func.count().filter(kept, CoderRow.name.is_distinct_from(coder)).label("stale"),
                func.count().filter(ours).label("done"),
                func.count().filter(VersionRow.text.is_(None), CoderRow.name.is_distinct_from(coder)).label("expired"),
            )
            .select_from(VersionRow)
            .join(ArticleRow, ArticleRow.version_id == VersionRow.id)
            .join(CoderRow, CoderRow.id == VersionRow.coder_id, isouter=True)
            .where(*([VersionRow.kept_at >= since] if since is not None else []))
        ).one()
        return Recoding(stale=row.stale, done=row.done, expired=row.expired)

    def replace_coding(
        self,
        version_id: int,
        coder: str,
        now: datetime,
        *,
        assessments: Sequence[Assessment] = (),
        events: Sequence[Event] = (),
        quotes: Sequence[Quote] = (),
        links: Sequence[Link] = (),
        introduced: Sequence[Introduction] = (),
        marks: Sequence[int] = (),
        again: bool = False,
    ) -> Kept:
        """Put a new reading of a version in place of the old, whose events stay on record as believed until now.

        What reads the same keeps its row, its act and its history. Links to acts carry over where the text is the
        same; corrections attach again. "lost" if the version is this coder's already, but for `again`, or is not its
        article's newest any more: doing it twice does nothing. `marks` are kept where there are some.
        """
        of = select(VersionRow.article_id).where(VersionRow.id == version_id)
        article_id = self.connection.execute(of).scalar_one()
        Review(self.connection).alone_with(article_id)
        if not self._code_by(coder, version_id, again=again):
            return Kept(
                outcome="lost", article_id=article_id, reason="it is read by this coder, or has a newer version"
            )
        url, dated = self._address_and_time(version_id)
        coding.keep_assessments(self.connection, article_id, assessments)
        grade = max((int(assessment.grade) for assessment in assessments), default=0)
        self.connection.execute(update(ArticleRow).where(ArticleRow.id == article_id).values(grade=grade))
        coding.keep_quotes(self.connection, version_id, quotes)
        day = min(dated, now).astimezone(BERLIN).date()
        People(self.connection).keep(article_id, introduced, url=url, day=day)
        replaced = self._replace_events(article_id, version_id, events, dated, now)
        self.tracking.link(links, replaced.rows, events, now)
        Review(self.connection).reattach(article_id, now, made=replaced.made, gone=replaced.gone)
        pairs.renew(self.connection, article_id)
        if marks:
            self.tracking.keep_marks(article_id, marks)
        return Kept(
            outcome="stored",
            article_id=article_id,
            version_id=version_id,
            events=len(replaced.rows),
            as_before=replaced.as_before,
        )

    def _address_and_time(self, version_id: int) -> tuple[str, datetime]:
        """The address of a version's article, and when it says that it was told."""
        dated = func.coalesce(VersionRow.stand, VersionRow.published_at, ArticleRow.published_at, ArticleRow.first_seen)
        asked = select(ArticleRow.url, dated).join(VersionRow, VersionRow.article_id == ArticleRow.id)
        url, at = self.connection.execute(asked.where(VersionRow.id == version_id)).one()
        return url, at

    def _code_by(self, coder: str, version_id: int, *, again: bool) -> bool:
        """Note that a version is this coder's; False if it was already, but for `again`, or is not its article's newest."""
        coder_id = coding.coder_id(self.connection, coder)
        newest = select(ArticleRow.version_id).where(ArticleRow.id == VersionRow.article_id).correlate(VersionRow)
        mine = self.connection.execute(
            update(VersionRow)
            .where(
                VersionRow.id == version_id,
                true() if again else VersionRow.coder_id.is_distinct_from(coder_id),
                VersionRow.id == newest.scalar_subquery(),
            )
            .values(coder_id=coder_id)
        )
        return mine.rowcount > 0

    def outdated(
        self, coders: Mapping[str, str], batch: int, *, since: datetime | None = None, before: int | None = None
    ) -> tuple[Stale, ...]:
        """Current versions with text that a dossier graded by another coder than the one told for it; newest first.

        `coders` is by dossier; `since` leaves out what was kept before, `before` what has this version id or above.
        """
        graded = or_(
            *(
                and_(AssessmentRow.dossier == dossier, CoderRow.name.is_distinct_from(coder))
                for dossier, coder in coders.items()
            )
        )
        asked = (
            select(VersionRow.id, VersionRow.article_id, ArticleRow.published_at, ArticleRow.first_seen)
            .join(ArticleRow, ArticleRow.version_id == VersionRow.id)
            .join(AssessmentRow, AssessmentRow.article_id == VersionRow.article_id)
            .join(CoderRow, CoderRow.id == AssessmentRow.coder_id, isouter=True)
            .where(VersionRow.text.is_not(None), graded)
            .distinct()
            .order_by(VersionRow.id.desc())
            .limit(batch)
        )
        if since is not None:
            asked = asked.where(VersionRow.kept_at >= since)
        if before is not None:
            asked = asked.where(VersionRow.id < before)
        found = []
        for row in self.connection.execute(asked).all():
            article = queries.version_article(self.connection, row.id)
            if article is not None:
                found.append(_stale_one(row, article, ""))
        return tuple(found)

    def reassess(self, stale: Stale, assessments: Sequence[Assessment]) -> bool:
        """Put new scores and reasons in place of the old where grade and events stay; False if there is a newer version."""
        newest = select(ArticleRow.version_id).where(ArticleRow.id == stale.article_id)
        if self.connection.scalar(locked(self.connection, newest)) != stale.version_id:
            return False
        coding.keep_assessments(self.connection, stale.article_id, assessments)
        return True

    def _replace_events(
        self, article_id: int, version_id: int, events: Sequence[Event], dated: datetime, now: datetime
    ) -> _Replaced:
        machine = select(EventRow.__table__).where(EventRow.version_id == version_id, EventRow.known_to.is_(None))
        old = {row.uid: row for row in self.connection.execute(machine)}
        reported = dated.astimezone(BERLIN).date()
        wanted = {event.id: event for event in events}
        # A reviewer's word does not end because a machine reads the text again.
        alike = self._alike(old, wanted, reported)
        gone = [row for uid, row in old.items() if uid not in alike and row.correction_id is None]
        for row in gone:
            self.connection.execute(
                update(EventRow).where(EventRow.id == row.id).values(known_to=now, ended_by="recode")
            )
        for uid, row_id in alike.items():
            self._confirm(row_id, wanted[uid])
        new = [event for uid, event in wanted.items() if uid not in alike]
        made = coding.insert_events(
            self.connection,
            new,
            article_id=article_id,
            version_id=version_id,
            reported=reported,
            now=now,
            extra={event.id: _inherited(event, gone) for event in new},
        )
        return _Replaced(rows=made | alike, made=frozenset(made.values()), gone=tuple(row.id for row in gone))

    def _alike(self, old: Mapping[str, Any], wanted: Mapping[str, Event], reported: date) -> dict[str, int]:
        """The rows that say what is wanted, by event id, and those of which a reviewer said what they say.

        The id alone does not tell: it is the same when another day or place is read in the same sentence.
        """
        both = {uid: row for uid, row in old.items() if uid in wanted}
        roles = coding.roles_of(self.connection, [row.id for row in both.values()])
        return {
            uid: row.id
            for uid, row in both.items()
            if row.correction_id is not None or coding.says(row, roles[row.id], wanted[uid], reported=reported)
        }

    def _confirm(self, row_id: int, event: Event) -> None:
        """Who reads it so today, how sure, and by which rule."""
        told = {"coder_id": coding.coder_id(self.connection, event.coder), **coding.grounds(event)}
        self.connection.execute(update(EventRow).where(EventRow.id == row_id).values(**told))


def _stale_one(row: Any, article: Article, coder: str) -> Stale:
    told_at = article.dated or row.published_at or row.first_seen
    return Stale(version_id=row.id, article_id=row.article_id, article=article, coder=coder, told_at=told_at)


def _ended_unread(since: datetime) -> tuple[Any, ...]:
    return ArticleRow.fetched_at >= since, ArticleRow.text_digest.is_(None), ArticleRow.due_at.is_(None)


def _page_kept() -> Any:
    return select(PageRow.id).where(PageRow.article_id == ArticleRow.id).exists()


def _stale(
    coder: str, batch: int, after: int, until: int | None, since: datetime | None
) -> Select[int, int, str, datetime | None, datetime]:
    asked = (
        select(VersionRow.id, VersionRow.article_id, CoderRow.name, ArticleRow.published_at, ArticleRow.first_seen)
        .join(ArticleRow, ArticleRow.version_id == VersionRow.id)
        .join(CoderRow, CoderRow.id == VersionRow.coder_id, isouter=True)
        .where(VersionRow.text.is_not(None), VersionRow.id > after, CoderRow.name.is_distinct_from(coder))
        .order_by(VersionRow.id)
        .limit(batch)
    )
    if since is not None:
        asked = asked.where(VersionRow.kept_at >= since)
    return asked if until is None else asked.where(VersionRow.id <= until)


def _inherited(event: Event, gone: Sequence[Any]) -> dict[str, Any]:
    """The act of the event that this one replaces: it rests on the same stretch of text."""
    for row in gone:
        common = min(row.end, event.evidence.end) - max(row.start, event.evidence.start)
        if common > 0 and row.act_id is not None:
            return {"act_id": row.act_id, "act_reasons": row.act_reasons, "copied": row.copied}
    return {}
