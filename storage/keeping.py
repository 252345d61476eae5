"""What becomes of an entry that was claimed: kept, dropped, failed or postponed, and what stays of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from extractors.model import BERLIN, Article, Assessment, Event, FetchedPage, Introduction, Quote
from extractors.urls import stem
from storage import coding, packing, pairs
from storage.announcing import Announcing, alias_made, name_values, title_of
from storage.claiming import Claimed
from storage.outbox import Outbox
from storage.people import People
from storage.reviewing import Review
from storage.statements import locked, prepared, table, upsert
from storage.tables import ArticleRow, PageRow
from storage.teaching import Teaching
from storage.tracking import Link, Tracking
from storage.versions import Versions

SAMPLED = 256
"""Of so many rejected articles the text of one is kept, as long as other texts: somebody may look at what is missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An article that was read at `at` and that no dossier takes: for `keep_rejected`."""

    claimed: Claimed
    article: Article
    at: datetime
    page: FetchedPage | None = None
    assessments: tuple[Assessment, ...] = ()
    recheck_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of an article: stored, unchanged, or lost (another worker was faster; nothing changed)."""

    outcome: str
    article_id: int
    version_id: int | None = None
    version: int = 0
    events: int = 0
    reason: str = ""
    as_before: frozenset[str] = frozenset()
    """the events that the version before, or the reading before, said in the same sentences"""
    replaced: int | None = None
    """the version that was the article's until now"""

    @property
    def stored(self) -> bool:
        return self.outcome == "stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made of an article's text, as it is to be kept."""

    assessments: Sequence[Assessment] = ()
    events: Sequence[Event] = ()
    quotes: Sequence[Quote] = ()
    links: Sequence[Link] = ()
    """ties of the events to acts"""
    introduced: Sequence[Introduction] = ()
    """people in office whom no table has"""
    marks: Sequence[int] = ()
    """the text's fingerprint, by which copies of it are recognised"""

    @property
    def grade(self) -> int:
        """The highest that a dossier gives it."""
        return max((int(assessment.grade) for assessment in self.assessments), default=0)

    @property
    def coders(self) -> Sequence[str]:
        """Who made it; one name for each event and assessment."""
        return [event.coder for event in self.events] + [assessment.coder for assessment in self.assessments]


class Keeping(Announcing):
    """The verbs that end a look at an entry; `Archive` has them.

    With `reread` what is known of already does not become news: see `tracking.Followed`.
    """

    def __init__(self, connection: Connection, *, reread: bool = False) -> None:
        super().__init__(connection)
        self.reread = reread

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection)

    @cached_property
    def tracking(self) -> Tracking:
        return Tracking(self.connection, reread=self.reread)

    @cached_property
    def review(self) -> Review:
        return Review(self.connection)

    @cached_property
    def teaching(self) -> Teaching:
        return Teaching(self.connection)

    @cached_property
    def people(self) -> People:
        return People(self.connection)

    @cached_property
    def versions(self) -> Versions:
        return Versions(self.connection)

    def keep_article(
        self,
        claimed: Claimed,
        article: Article,
        made: Made,
        now: datetime,
        *,
        page: FetchedPage | None = None,
        coder: str = "",
        recheck_at: datetime | None = None,
    ) -> Kept:
        """Keep a read article with all that was made of it, in this one transaction.

        The text is kept if it tells events, if a dossier grades it above NOT, if an earlier version was kept, or if it
        is `sampled`; of all others only metadata and the text's digest stay. `coder` is who read it, else who coded its
        events. `recheck_at` makes the entry due again. Called again for the same claim, or after the lease went to
        another worker, it changes nothing ("lost").
        """
        row = self._still_mine(claimed)
        if row is None:
            return Kept(outcome="lost", article_id=claimed.article_id, reason="the lease went to another worker")
        self._remember_address(claimed, page, now)
        if unchanged(row, article):
            self._change(claimed.article_id, _ending(_after_a_look(row), recheck_at=recheck_at) | _answered(page))
            return _kept_before(row)
        # A revision of what was kept is kept too: else nobody would know that it no longer says so.
        kept = bool(made.events) or made.grade > 0 or row.version_id is not None or sampled(row.key)
        coder = coder or next(filter(None, made.coders), "")
        if kept:
            coding.meet_coders(self.connection, [coder, *made.coders])
        coding.keep_assessments(self.connection, row.id, made.assessments, fresh=claimed.fetched_at is None)
        version_id, number, rows = row.version_id, row.versions, {}
        said = coding.readings_in(self.connection, version_id) if made.events and version_id else frozenset()
        if kept:
            version_id, number, fresh = self.versions.add(row, claimed.url, article, page, coder, made.marks, now)
            rows = self._code(row, version_id, article, made, now, fresh=fresh)
            day = min(_dated(row, article), now.astimezone(BERLIN).date())
            self.people.keep(row.id, made.introduced, url=claimed.url, day=day, fresh=row.version_id is None)
        if _retitled(row, article):
            self.add_alias(row.id, "title", title_of(row.id, row.headline), now)
        versions = max(number, row.versions)  # the publisher may have gone back to an earlier one
        changes = _stored(
            row, article, page, now, recheck_at, grade=made.grade, version_id=version_id, versions=versions
        )
        self._change(claimed.article_id, changes)
        return Kept(
            outcome="stored",
            article_id=row.id,
            version_id=version_id,
            version=number,
            events=len(rows),
            as_before=frozenset(event.id for event in made.events if coding.reading_of(event) in said),
            replaced=row.version_id,
        )

    def keep_rejected(self, read: Sequence[Rejected]) -> dict[int, Kept]:
        """Keep articles of which nothing but metadata stays, as `keep_article` would, several in one transaction.

        Returns what became of each, by article. Left out, and not changed, are those that are not ours any more, those
        with an earlier version (more is kept of them), and those that another transaction has locked: two that wait for
        each other's articles would wait for ever.
        """
        held = self._still_ours([one.claimed for one in read])
        done: dict[int, Kept] = {}
        titles, changes, judged = [], [], []
        for one in read:
            row = held.pop(one.claimed.article_id, None)
            if row is None or (row.version_id is not None and not unchanged(row, one.article)):
                continue
            self._remember_address(one.claimed, one.page, one.at)
            if unchanged(row, one.article):
                ending = _ending(_after_a_look(row), recheck_at=one.recheck_at) | _answered(one.page)
                done[row.id] = _kept_before(row)
            else:
                judged += [(row.id, assessment) for assessment in one.assessments]
                if _retitled(row, one.article):
                    titles.append(name_values("title", title_of(row.id, row.headline), row.id, one.at))
                ending = _stored(row, one.article, one.page, one.at, one.recheck_at)
                done[row.id] = Kept(
                    outcome="stored", article_id=row.id, version_id=row.version_id, version=row.versions
                )
            changes.append({"which": row.id, **ending})
        coding.keep_assessments_of(self.connection, judged)
        if titles:
            self.connection.execute(alias_made(self.connection), titles)
        for alike in _alike_rows(changes):
            self.connection.execute(_changed(self.connection), alike)
        return done

    def _still_ours(self, claimed: Sequence[Claimed]) -> dict[int, Any]:
        """The rows of claims that are ours and that no other transaction holds, by article."""
        tokens = {one.article_id: one.token for one in claimed}
        rows = self.connection.execute(_held_together(self.connection), {"which": sorted(tokens)})
        return {row.id: row for row in rows if row.lease_owner == tokens[row.id]}

    def _still_mine(self, claimed: Claimed) -> Any | None:
        asked = {"which": claimed.article_id, "token": claimed.token}
        return self.connection.execute(_held(self.connection), asked).one_or_none()

    def _code(
        self, row: Any, version_id: int, article: Article, made: Made, now: datetime, *, fresh: bool
    ) -> dict[str, int]:
        reported = _dated(row, article)
        rows = coding.insert_events(
            self.connection,
            made.events,
            article_id=row.id,
            version_id=version_id,
            reported=reported,
            now=now,
            extra=self.tracking.ties(made.links, made.events, reported, now),
        )
        if rows and row.version_id is not None:
            self.review.carry_over(row.id, now)
        coding.keep_quotes(self.connection, version_id, made.quotes, fresh=fresh)
        if rows or row.version_id is not None:  # a first version without events brings nobody together
            pairs.renew(self.connection, row.id, fresh=not row.versions)
        return rows

    def _remember_address(self, claimed: Claimed, page: FetchedPage | None, now: datetime) -> None:
        """Where a redirect led to is another name of the article: feeds that list it there mean this one."""
        if page is None or page.url == claimed.url:
            return
        led = stem(page.url)
        if packing.digest(led).hex() != claimed.key:
            self.add_alias(claimed.article_id, "stem", led, now)

    def _keep_page(self, page: FetchedPage, article_id: int) -> None:
        """Keep the raw bytes of a page that could not be read, once for each content."""
        self.connection.execute(
            upsert(self.connection, PageRow)
            .values(
                digest=bytes.fromhex(page.digest),
                url=page.url,
                content_type=page.content_type,
                size=len(page.body),
                body=packing.pack_page(page.body),
                fetched_at=page.fetched_at,
                article_id=article_id,
            )
            .on_conflict_do_nothing()
        )

    def kept_page(self, article_id: int) -> FetchedPage | None:
        """The newest page that was kept of an article because it could not be read."""
        asked = select(PageRow.__table__).where(PageRow.article_id == article_id)
        row = self.connection.execute(asked.order_by(PageRow.fetched_at.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        return FetchedPage(
            url=row.url,
            body=packing.unpack_page(row.body),
            fetched_at=row.fetched_at,
            content_type=row.content_type,
        )

    def drop_entry(
        self, claimed: Claimed, reason: str, now: datetime, *, page: FetchedPage | None = None, fetched: bool = True
    ) -> bool:
        """End an entry as not worth keeping (no article, robots.txt, too old …); False if it is not ours any more.

        A `page` that could not be read is kept, for as long as retention says, to learn from it.
        """
        return self._end(claimed, "dropped", reason, now, page=page, fetched=fetched)

    def fail_entry(self, claimed: Claimed, reason: str, now: datetime, *, page: FetchedPage | None = None) -> bool:
        """End an entry as failed: it was worth keeping and we could not. False if it is not ours any more."""
        return self._end(claimed, "failed", reason, now, page=page, fetched=page is not None)

    def leave_entry(self, claimed: Claimed, reason: str, now: datetime, *, recheck_at: datetime | None = None) -> bool:
        """End a re-check that found nothing new (304, say) as unchanged; False if it is not ours any more."""
        row = self._still_mine(claimed)
        if row is None:
            return False
        ending = _ending(_after_a_look(row), reason, recheck_at=recheck_at)
        self._change(claimed.article_id, ending | {"fetched_at": now})
        return True

    def postpone_entry(self, claimed: Claimed, reason: str, until: datetime, *, counts: bool = True) -> bool:
        """Give an entry back, due again at `until`; its outcome stays as it was. False if it is not ours any more.

        Without `counts` it was no attempt: nobody was asked.
        """
        given = self.connection.execute(
            update(ArticleRow)
            .where(ArticleRow.id == claimed.article_id, ArticleRow.lease_owner == claimed.token)
            .values(
                due_at=until,
                due_reason=reason,
                lease_owner=None,
                lease_until=None,
                attempts=ArticleRow.attempts if counts else ArticleRow.attempts - 1,
            )
        )
        return given.rowcount == 1

    def _end(
        self, claimed: Claimed, outcome: str, reason: str, now: datetime, *, page: FetchedPage | None, fetched: bool
    ) -> bool:
        row = self._still_mine(claimed)
        if row is None:
            return False
        if page is not None:
            self._keep_page(page, row.id)
        if row.text_digest is not None:
            # What we have stays what it is: a re-check that went wrong does not undo an article that was read.
            # Its look is over all the same, or each poll of a feed that lists it would ask again.
            ending = _ending(row.outcome, f"re-check {outcome}: {reason}") | {"fetched_at": now}
        else:
            ending = _ending(outcome, reason) | ({"fetched_at": now} if fetched else {})
        self._change(claimed.article_id, ending)
        return True

    def _change(self, article_id: int, changes: Mapping[str, Any]) -> None:
        self.connection.execute(_changed(self.connection), {"which": article_id, **changes})


# What a look at an entry leaves in its row


def unchanged(known: Any, article: Article) -> bool:
    """Whether the article says what we have of it: `known` is its row, or the claim on it."""
    return (
        known.text_digest is not None
        and bool(known.stand == article.stand)
        and bool(known.text_digest == packing.digest(article.text))
    )


def _ending(outcome: str, reason: str | None = None, *, recheck_at: datetime | None = None) -> dict[str, Any]:
    """The end of a look: nothing to do before `recheck_at`, and the lease is over."""
    return {
        "outcome": outcome,
        "reason": reason,
        "due_at": recheck_at,
        "due_reason": "fresh stories change" if recheck_at else None,
        "lease_owner": None,
        "lease_until": None,
        "attempts": 0,
    }


def _answered(page: FetchedPage | None) -> dict[str, Any]:
    if page is None:
        return {}
    return {"etag": page.etag, "last_modified": page.last_modified, "fetched_at": page.fetched_at}


def _stored(
    row: Any, article: Article, page: FetchedPage | None, now: datetime, recheck_at: datetime | None, **more: Any
) -> dict[str, Any]:
    """What stays of an article whether it is taken or not; `more` is for one that is."""
    told = {
        "headline": article.headline or row.headline,
        "publisher": article.publisher or row.publisher,
        "published_at": article.published_at or row.published_at,
        "stand": article.stand,
        "text_digest": packing.digest(article.text),
        "length": len(article.text),
        "grade": 0,
        "fetched_at": page.fetched_at if page else now,
    }
    return _ending("stored", recheck_at=recheck_at) | _answered(page) | told | more


def _dated(row: Any, article: Article) -> date:
    """The day an article is of, or else the day of its entry."""
    return (article.dated or row.published_at or row.first_seen).astimezone(BERLIN).date()


def _retitled(row: Any, article: Article) -> bool:
    return bool(row.headline and article.headline and article.headline != row.headline)


def _kept_before(row: Any) -> Kept:
    return Kept(
        outcome="unchanged", article_id=row.id, version_id=row.version_id, version=row.versions, reason="same text"
    )


def _alike_rows(rows: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Those that change the same columns together: they go as one statement."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        alike[frozenset(row)].append(row)
    return alike.values()


def sampled(key: bytes) -> bool:
    """Whether the text of a rejected article is kept, by its stable key: the same on every machine."""
    return int.from_bytes(key[:4]) % SAMPLED == 0


def _after_a_look(row: Any) -> str:
    """The outcome of an article that has not changed: one that was stored stays stored."""
    return "stored" if row.outcome == "stored" else "unchanged"


# Statements that every page costs


@prepared
def _held(connection: Connection) -> Any:
    entries = table(ArticleRow)
    mine = entries.c.id == bindparam("which"), entries.c.lease_owner == bindparam("token")
    return locked(connection, select(*(entries.c[name] for name in _ASKED)).where(*mine))


_ASKED = (
    "id key publisher headline published_at first_seen stand text_digest outcome reason version_id versions"
).split()
"""what the end of a look at an entry depends on"""


@prepared
def _held_together(connection: Connection) -> Any:
    entries = table(ArticleRow)
    asked = select(entries.c.lease_owner, *(entries.c[name] for name in _ASKED))
    mine = entries.c.id.in_(bindparam("which", expanding=True))
    return locked(connection, asked.where(mine), skip=True)


@prepared
def _changed(connection: Connection) -> Any:
    entries = table(ArticleRow)
    return update(entries).where(entries.c.id == bindparam("which"))
