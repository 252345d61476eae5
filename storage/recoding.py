"""Reading again what the archive has: what another coder read last, and a new reading in place of the old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select, true, update

from extractors.model import BERLIN, Article, Assessment, Event
from storage import coding, pairs, queries
from storage.keeping import Kept, Made
from storage.people import People
from storage.reviewing import Review
from storage.statements import locked
from storage.tables import ArticleRow, AssessmentRow, CoderRow, EventRow, VersionRow
from storage.tracking import Tracking


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A version that is to be read again. `told_at` is the article's time, or else when a feed or we first had it."""

    version_id: int
    article_id: int
    article: Article
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
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


class Recoding:
    """The verbs about reading again; reached as `archive.recoding`."""

    def __init__(self, connection: Connection, tracking: Tracking) -> None:
        self.connection = connection
        self.tracking = tracking

    def stale_versions(
        self, coder: str, batch: int, *, after: int = 0, until: int | None = None, since: datetime | None = None
    ) -> tuple[Stale, ...]:
        """Current versions with text that another coder read last, in order; ids above `after` and up to `until`.

        `since` leaves out what was kept before.
        """
        return tuple(self._with_texts(_stale(coder, batch, after, until, since)))

    def _with_texts(self, asked: Any) -> Iterator[Stale]:
        for row in self.connection.execute(asked).all():
            article = queries.version_article(self.connection, row.id)
            if article is not None:
                told_at = article.dated or row.published_at or row.first_seen
                yield Stale(version_id=row.id, article_id=row.article_id, article=article, told_at=told_at)

    def stale_ids(self, coder: str, batch: int, *, after: int = 0, since: datetime | None = None) -> tuple[int, ...]:
        """The version ids of `stale_versions`, without reading the texts."""
        return tuple(row.id for row in self.connection.execute(_stale(coder, batch, after, None, since)))

    def coverage(self, coder: str, *, since: datetime | None = None) -> Coverage:
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
        return Coverage(stale=row.stale, done=row.done, expired=row.expired)

    def replace_coding(
        self,
        version_id: int,
        made: Made,
        coder: str,
        now: datetime,
        *,
        again: bool = False,
    ) -> Kept:
        """Put a new reading of a version in place of the old, whose events stay on record as believed until now.

        What reads the same keeps its row, its act and its history. Links to acts carry over where the text is the
        same; corrections attach again. "lost" if the version is this coder's already, but for `again`, or is not its
        article's newest any more: doing it twice does nothing. The fingerprint is kept where there is one.
        """
        of = select(VersionRow.article_id).where(VersionRow.id == version_id)
        article_id = self.connection.execute(of).scalar_one()
        Review(self.connection).alone_with(article_id)
        if not self._code_by(coder, version_id, again=again):
            return Kept(
                outcome="lost", article_id=article_id, reason="it is read by this coder, or has a newer version"
            )
        url, dated = self._address_and_time(version_id)
        coding.keep_assessments(self.connection, article_id, made.assessments)
        self.connection.execute(update(ArticleRow).where(ArticleRow.id == article_id).values(grade=made.grade))
        coding.keep_quotes(self.connection, version_id, made.quotes)
        day = min(dated, now).astimezone(BERLIN).date()
        People(self.connection).keep(article_id, made.introduced, url=url, day=day)
        replaced = self._replace_events(article_id, version_id, made.events, dated, now)
        self.tracking.link(made.links, replaced.rows, made.events, now)
        Review(self.connection).reattach(article_id, now, made=replaced.made, gone=replaced.gone)
        pairs.renew(self.connection, article_id)
        if made.marks:
            self.tracking.keep_marks(article_id, made.marks)
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
        return tuple(self._with_texts(asked))

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


def _stale(
    coder: str, batch: int, after: int, until: int | None, since: datetime | None
) -> Select[int, int, datetime | None, datetime]:
    asked = (
        select(VersionRow.id, VersionRow.article_id, ArticleRow.published_at, ArticleRow.first_seen)
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
            return coding.tie_of(row)
    return {}
