"""The archive: a block is a transaction, a method is a verb of the product.

    with opened(engine) as archive:            # all of this, or none of it
        window = archive.add_window(...)

An entry goes: announced (`add_window`, outcome pending) → claimed (a lease) → kept, dropped, failed or postponed.
A lease that ran out lets the next worker claim the entry; what the late worker then reports changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, func, or_, select, update

from extractors.model import BERLIN, Alert, Article, Assessment, Event, FeedEntry, FetchedPage, Grade, Quote
from extractors.urls import stem
from storage import coding, packing, pairs
from storage.notes import Notes
from storage.outbox import Outbox
from storage.polling import Polling, Validators
from storage.reviewing import Review
from storage.runs import Logbook
from storage.statements import Turn, alone, locked, prepared, table, upsert
from storage.tables import (
    AliasRow,
    ArticleRow,
    AssessmentRow,
    FeedRow,
    PageRow,
    SightingRow,
)
from storage.tracking import Link, Tracking
from storage.upkeep import Upkeep
from storage.versions import Versions

AHEAD = 2000
"""So many of the entries that have been due longest take turns by house."""

LATELY = 2000
"""So many of the newest entries are looked at for one text under many addresses."""

MADE_UP = 5
"""So many known entries with guids that are new, and half of them at least, are not renamed: the feed makes guids up."""


@contextmanager
def opened(engine: Engine) -> Iterator[Archive]:
    """The archive for one transaction: committed at the end of the block, rolled back if it raises."""
    with engine.begin() as connection:
        yield Archive(connection)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the archive knows of a stem, for deciding what to do about an entry of a feed."""

    article_id: int
    first_seen: datetime
    fetched_at: datetime | None
    updated_at: datetime | None
    """the newest `updated_at` that a feed gave"""
    headline: str
    """as its page has it; until that was read, as the feed had it"""
    outcome: str
    reason: str
    due_at: datetime | None
    attempts: int
    """in a row that brought nothing"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An entry of a feed with its identity and what was decided: fetch it (why), drop it (why), or neither."""

    stem: str
    entry: FeedEntry
    publisher: str = ""
    fetch: str = "new"
    drop: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The account of a feed's window: every entry is new, known or a duplicate within the window."""

    entries: int
    new: int
    known: int
    duplicates: int
    refetch: int = 0
    """of the known ones, those that will be fetched again"""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """of the new ones, those that were dropped at once, by reason"""
    rolled_over: bool = False
    """no entry was known although the feed was: it may have published more than its window holds"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An entry that one worker may work on until its lease ends. `attempts` counts this one."""

    article_id: int
    token: str
    key: str
    url: str
    publisher: str
    feed_url: str
    headline: str
    teaser: str
    published_at: datetime | None
    first_seen: datetime
    fetched_at: datetime | None
    etag: str | None
    last_modified: str | None
    versions: int
    outcome: str
    why: str
    attempts: int
    stand: datetime | None = None
    text_digest: bytes | None = None
    """of what was read of it last"""


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
    """What became of an article: stored, unchanged, or lost (another worker had taken it over; nothing changed)."""

    outcome: str
    article_id: int
    version_id: int | None = None
    version: int = 0
    events: int = 0
    alerts: int = 0
    reason: str = ""


class Archive:
    """Guards one transaction. Open it with `opened`; use its verbs inside the block only."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._looked_up: dict[bytes, Any] | None = None
        """what `seen` found, by key, once it is our turn at windows; None for what is unknown"""

    @cached_property
    def feeds(self) -> Polling:
        return Polling(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection)

    @cached_property
    def tracking(self) -> Tracking:
        return Tracking(self.connection)

    @cached_property
    def review(self) -> Review:
        return Review(self.connection)

    @cached_property
    def upkeep(self) -> Upkeep:
        return Upkeep(self.connection)

    @cached_property
    def versions(self) -> Versions:
        return Versions(self.connection)

    @cached_property
    def log(self) -> Logbook:
        return Logbook(self.connection)

    @cached_property
    def notes(self) -> Notes:
        return Notes(self.connection)

    # What feeds announce

    def wait_for_windows(self) -> None:
        """Wait for our turn at windows: what `seen` finds from now on need not be looked up again to add one."""
        # One window at a time: two feeds of a house list the same articles, each in its order, and would wait for each other.
        if self._looked_up is None:
            alone(self.connection, Turn.WINDOWS)
            self._looked_up = {}

    def seen(self, stems: Iterable[str]) -> dict[str, Seen]:
        """What is known of these stems, former and redirected ones included; unknown ones are left out."""
        by_key = {packing.digest(stem): stem for stem in stems}
        found = {}
        rows = self._known(list(by_key))
        if self._looked_up is not None:
            self._looked_up |= dict.fromkeys(by_key) | {row.asked: row for row in rows}
        for row in rows:
            found[by_key[row.asked]] = Seen(
                article_id=row.id,
                first_seen=row.first_seen,
                fetched_at=row.fetched_at,
                updated_at=row.updated_at,
                headline=row.headline,
                outcome=row.outcome,
                reason=row.reason or "",
                due_at=row.due_at,
                attempts=row.attempts,
            )
        return found

    def titled(self, titles: Iterable[tuple[int, str]]) -> frozenset[tuple[int, str]]:
        """Those of the pairs of article and headline under which the article was known before."""
        by_digest = {packing.digest(_title(*pair)): pair for pair in titles}
        found: set[tuple[int, str]] = set()
        digests = list(by_digest)
        for at in range(0, len(digests), 500):
            asked = select(AliasRow.digest).where(AliasRow.kind == "title", AliasRow.digest.in_(digests[at : at + 500]))
            found.update(by_digest[digest] for digest in self.connection.scalars(asked))
        return frozenset(found)

    def _known(self, keys: Sequence[bytes]) -> list[Any]:
        rows: list[Any] = []
        for at in range(0, len(keys), 500):
            some = {"those": list(keys[at : at + 500])}
            rows += self.connection.execute(_known_by_alias(self.connection), some)
            rows += self.connection.execute(_known_by_key(self.connection), some)
        return rows

    def add_window(
        self, feed_url: str, sightings: Sequence[Sighting], now: datetime, *, validators: Validators | None = None
    ) -> Window:
        """Store every entry of a feed's window and, in the same transaction, the feed's validators.

        New entries are due at once unless they say `drop`; known ones are due again where they say `fetch` a reason
        other than "new". An entry that is in work keeps its lease and its outcome.
        """
        self.wait_for_windows()
        feed_id, last_new = self.feeds.numbered(feed_url)
        firsts: dict[bytes, Sighting] = {}
        for sighting in sightings:
            firsts.setdefault(packing.digest(sighting.stem), sighting)
        known = self._found(list(firsts))
        refetch = sum(self._see_again(known[key], one, feed_id, now) for key, one in firsts.items() if key in known)
        self._remember_guids([(known[key].id, one.entry) for key, one in firsts.items() if key in known], now)
        announced = self._announce({key: one for key, one in firsts.items() if key not in known}, feed_id, now)
        new, dropped = len(announced), Counter(one.drop for one in announced if one.drop)
        self.feeds.remember(feed_id, validators, now, new=new)
        return Window(
            entries=len(sightings),
            new=new,
            known=len(firsts) - new,
            duplicates=len(sightings) - len(firsts),
            refetch=refetch,
            dropped=dropped,
            rolled_over=last_new is not None and new == len(firsts) > 0,
        )

    def _found(self, keys: Sequence[bytes]) -> dict[bytes, Any]:
        """The rows of those that are known. What was found before holds for this once: the window changes it."""
        before, self._looked_up = self._looked_up or {}, {}
        if all(key in before for key in keys):
            return {key: before[key] for key in keys if before[key] is not None}
        return {row.asked: row for row in self._known(keys)}

    def _announce(self, entries: Mapping[bytes, Sighting], feed_id: int, now: datetime) -> list[Sighting]:
        """Insert entries; returns them but for those with which another worker was faster."""
        if not entries:
            return []
        values = [_announcement(key, sighting, feed_id, now) for key, sighting in entries.items()]
        added = self.connection.execute(_announced(self.connection), values)
        ids = {row.key: row.id for row in added}
        self._keep_names("guid", [(article_id, entries[key].entry.guid) for key, article_id in ids.items()
                                  if _has_guid(entries[key].entry)], now)  # fmt: skip
        return [sighting for key, sighting in entries.items() if key in ids]

    def _see_again(self, row: Any, sighting: Sighting, feed_id: int, now: datetime) -> bool:
        """Note a known entry; True if it is to be fetched again."""
        entry = sighting.entry
        if row.feed_id != feed_id:
            self.connection.execute(
                upsert(self.connection, SightingRow)
                .values(article_id=row.id, feed_id=feed_id, first_seen=now)
                .on_conflict_do_nothing()
            )
        changes: dict[str, Any] = {}
        if entry.updated_at is not None and (row.updated_at is None or entry.updated_at > row.updated_at):
            changes["updated_at"] = entry.updated_at
        if row.published_at is None and entry.published_at is not None:
            changes["published_at"] = entry.published_at
        again = bool(sighting.fetch) and sighting.fetch != "new" and (row.due_at is None or row.due_at > now)
        if again:
            changes |= {"due_at": now, "due_reason": sighting.fetch}
        # The page is going to be read: the title that the feed has now is the reason for it only once.
        if (again or row.fetched_at is None) and entry.headline != row.headline:
            self.add_alias(row.id, "title", _title(row.id, entry.headline), now)
        if changes:
            self.connection.execute(update(ArticleRow).where(ArticleRow.id == row.id).values(**changes))
        return again

    def _remember_guids(self, seen: Sequence[tuple[int, FeedEntry]], now: datetime) -> None:
        """Remember the guids of known entries; none where most are new, for such a feed makes them up at each poll."""
        named = [(article_id, entry.guid) for article_id, entry in seen if _has_guid(entry)]
        digests = [packing.digest(guid) for _, guid in named]
        known: set[bytes] = set()
        for at in range(0, len(digests), 500):
            some = AliasRow.kind == "guid", AliasRow.digest.in_(digests[at : at + 500])
            known.update(self.connection.scalars(select(AliasRow.digest).where(*some)))
        new = [one for one, digest in zip(named, digests, strict=True) if digest not in known]
        if len(new) < max(MADE_UP, len(named) / 2):
            self._keep_names("guid", new, now)

    def _keep_names(self, kind: str, named: Sequence[tuple[int, str]], now: datetime) -> None:
        if named:
            self.connection.execute(_named(self.connection), [_name(kind, name, of, now) for of, name in named])

    def add_alias(self, article_id: int, kind: str, name: str, now: datetime) -> None:
        """Remember another name of an article.

        Kind "guid", "stem" for a former or redirected URL stem, or "title" for a headline that is not the page's now.
        """
        self.connection.execute(_named(self.connection), _name(kind, name, article_id, now))

    def _remember_address(self, claimed: Claimed, page: FetchedPage | None, now: datetime) -> None:
        """Where a redirect led to is another name of the article: feeds that list it there mean this one."""
        if page is None or page.url == claimed.url:
            return
        led = stem(page.url)
        if packing.digest(led).hex() != claimed.key:
            self.add_alias(claimed.article_id, "stem", led, now)

    def known_guid(self, guid: str) -> tuple[int, ...]:
        """The articles that a feed announced under this guid, oldest first; several if the guid was reused."""
        asked = select(AliasRow.article_id).where(AliasRow.kind == "guid", AliasRow.digest == packing.digest(guid))
        return tuple(self.connection.scalars(asked.order_by(AliasRow.first_seen, AliasRow.article_id)))

    # Work on entries

    def claim_entries(self, worker: str, limit: int, now: datetime, *, lease: timedelta) -> tuple[Claimed, ...]:
        """Take up to `limit` due entries, each house in its turn; nobody else gets them until `now + lease`.

        A house's pages are fetched one after the other, seconds apart: fifty of one would keep all others waiting.
        """
        asked = {"now": now, "most": limit}
        # Another worker may hold all of the first just now.
        ids = self._numbers(_due_in_turn, asked) or self._numbers(_due, asked)
        if not ids:
            return ()
        until = now + lease
        lent = {"lease_owner": f"{worker}/{until.isoformat()}", "lease_until": until}
        self.connection.execute(_lent(self.connection), {"those": ids, **lent})
        rows = self.connection.execute(_lent_out(self.connection), {"those": ids})
        return tuple(_claimed(row) for row in rows)

    def _numbers(self, which: Callable[[Connection], Any], asked: Mapping[str, Any]) -> Sequence[int]:
        return list(self.connection.scalars(which(self.connection), asked))

    def keep_article(
        self,
        claimed: Claimed,
        article: Article,
        now: datetime,
        *,
        page: FetchedPage | None = None,
        keep_page: bool = False,
        assessments: Sequence[Assessment] = (),
        events: Sequence[Event] = (),
        quotes: Sequence[Quote] = (),
        links: Sequence[Link] = (),
        marks: Sequence[int] = (),
        alerts: Sequence[Alert] = (),
        channels: Sequence[str] = (),
        coder: str = "",
        keep_text: bool | None = None,
        recheck_at: datetime | None = None,
    ) -> Kept:
        """Keep a read article with all that was made of it, its alerts queued, in this one transaction.

        The text is kept if a dossier grades it above NOT or kept an earlier version, or as `keep_text` says; of others only
        metadata and the text's digest stay, but for one of SAMPLED, which somebody may look at to see what is missed. The raw page is kept
        where `keep_page` says so. `coder` read it; without, whoever coded the events. `marks` are the text's fingerprint,
        by which copies of it are recognised. `recheck_at` makes the entry due again.
        Called again for the same claim, or after the lease went to another worker, it changes nothing ("lost").
        """
        row = self._still_mine(claimed)
        if row is None:
            return Kept(outcome="lost", article_id=claimed.article_id, reason="the lease went to another worker")
        self._remember_address(claimed, page, now)
        if unchanged(row, article):
            self._change(claimed.article_id, _ending(_after_a_look(row), recheck_at=recheck_at) | _answered(page))
            return _kept_before(row)
        grade = max((int(assessment.grade) for assessment in assessments), default=0)
        # A revision of what was kept is kept too: else nobody would know that it no longer says so.
        kept = keep_text if keep_text is not None else grade > 0 or row.version_id is not None or sampled(row.key)
        coders = [event.coder for event in events] + [assessment.coder for assessment in assessments]
        coder = coder or next(filter(None, coders), "")
        if kept or events:
            coding.meet_coders(self.connection, [coder, *coders])
        coding.keep_assessments(self.connection, row.id, assessments)
        version_id, number, rows = row.version_id, row.versions, {}
        if kept or events:
            page_id = self.keep_page(page, now) if page is not None and keep_page else None
            version_id, number, fresh = self.versions.add(row, claimed.url, article, page, page_id, coder, marks, now)
            rows = self._code(row, version_id, article, events, quotes, links, now, fresh=fresh)
        if _retitled(row, article):
            self.add_alias(row.id, "title", _title(row.id, row.headline), now)
        told = self.outbox.queue(alerts, channels, now, article_id=row.id)
        versions = max(number, row.versions)  # the publisher may have gone back to an earlier one
        changes = _stored(row, article, page, now, recheck_at, grade=grade, version_id=version_id, versions=versions)
        self._change(claimed.article_id, changes)
        return Kept(
            outcome="stored",
            article_id=row.id,
            version_id=version_id,
            version=number,
            events=len(rows),
            alerts=told,
        )

    def keep_rejected(self, read: Sequence[Rejected]) -> dict[int, Kept]:
        """Keep articles of which nothing but metadata stays, as `keep_article` would, several in one transaction.

        Returns what became of them by article. Those are left out, and nothing of them is changed, that are not ours
        any more, that have an earlier version (of them more stays), or that another transaction has its hands on: two that
        wait for each other's articles would wait for ever.
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
                    titles.append(_name("title", _title(row.id, row.headline), row.id, one.at))
                ending = _stored(row, one.article, one.page, one.at, one.recheck_at)
                done[row.id] = Kept(
                    outcome="stored", article_id=row.id, version_id=row.version_id, version=row.versions
                )
            changes.append({"which": row.id, **ending})
        coding.keep_assessments_of(self.connection, judged)
        if titles:
            self.connection.execute(_named(self.connection), titles)
        for alike in _alike_rows(changes):
            self.connection.execute(_changed(self.connection), alike)
        return done

    def with_same_text(self, claimed: Claimed, article: Article) -> list[int]:
        """Other entries of the publisher that lately had this very text."""
        asked = {
            "which": claimed.article_id,
            "one": claimed.publisher,
            "other": article.publisher,
            "digest": packing.digest(article.text),
        }
        return list(self.connection.scalars(_alike(self.connection), asked))

    def same_texts(self, articles: Iterable[Article]) -> Counter[str]:
        """How often the newest entries have the texts of these articles, whoever published them; texts nobody has are left out."""
        texts = {packing.digest(article.text): article.text for article in articles}
        found = self.connection.execute(_shared(self.connection), {"digests": list(texts)})
        return Counter({texts[row.text_digest]: row.times for row in found})

    def takers(self, keys: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The dossiers that take each of these articles, by their stable keys, as core."""
        found: dict[str, set[str]] = {key: set() for key in keys}
        those = [bytes.fromhex(key) for key in found]
        for at in range(0, len(those), 500):
            for row in self.connection.execute(_taken(self.connection), {"those": those[at : at + 500]}):
                found[row.key.hex()].add(row.dossier)
        return {key: frozenset(dossiers) for key, dossiers in found.items()}

    def _still_ours(self, claimed: Sequence[Claimed]) -> dict[int, Any]:
        """The rows of claims that are ours and that no other transaction holds, by article."""
        tokens = {one.article_id: one.token for one in claimed}
        rows = self.connection.execute(_held_together(self.connection), {"which": sorted(tokens)})
        return {row.id: row for row in rows if row.lease_owner == tokens[row.id]}

    def _still_mine(self, claimed: Claimed) -> Any | None:
        asked = {"which": claimed.article_id, "token": claimed.token}
        return self.connection.execute(_held(self.connection), asked).one_or_none()

    def _code(
        self,
        row: Any,
        version_id: int,
        article: Article,
        events: Sequence[Event],
        quotes: Sequence[Quote],
        links: Sequence[Link],
        now: datetime,
        *,
        fresh: bool,
    ) -> dict[str, int]:
        dated = article.dated or row.published_at or row.first_seen
        reported = dated.astimezone(BERLIN).date()
        rows = coding.insert_events(
            self.connection,
            events,
            article_id=row.id,
            version_id=version_id,
            reported=reported,
            now=now,
            extra=self.tracking.ties(links, events, reported, now),
        )
        if rows and row.version_id is not None:
            self.review.carry_over(row.id, now)
        coding.keep_quotes(self.connection, version_id, quotes, fresh=fresh)
        if rows or row.version_id is not None:  # a first version without events brings nobody together
            pairs.renew(self.connection, row.id, fresh=not row.versions)
        return rows

    def keep_page(self, page: FetchedPage, now: datetime, *, failed: bool = False) -> int:
        """Keep the raw bytes of a page, once for each content; returns their row."""
        key = bytes.fromhex(page.digest)
        self.connection.execute(
            upsert(self.connection, PageRow)
            .values(
                digest=key,
                url=page.url,
                content_type=page.content_type,
                size=len(page.body),
                body=packing.pack_page(page.body),
                fetched_at=page.fetched_at,
                failed=failed,
            )
            .on_conflict_do_nothing()
        )
        return int(self.connection.execute(select(PageRow.id).where(PageRow.digest == key)).scalar_one())

    def kept_page(self, url: str) -> FetchedPage | None:
        """The newest page that was kept of an address because it could not be read."""
        asked = select(PageRow.__table__).where(PageRow.url == url, PageRow.failed).order_by(PageRow.fetched_at.desc())
        row = self.connection.execute(asked.limit(1)).one_or_none()
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
            self.keep_page(page, now, failed=True)
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


def _announcement(key: bytes, sighting: Sighting, feed_id: int, now: datetime) -> dict[str, Any]:
    entry = sighting.entry
    return {
        "key": key,
        "url": entry.url,
        "publisher": sighting.publisher,
        "feed_id": feed_id,
        "headline": entry.headline,
        "teaser": (entry.teaser or None) if not sighting.drop else None,
        # Atom need not say when an entry appeared; when we first see it, the last change is what comes nearest.
        "published_at": entry.published_at or entry.updated_at,
        "updated_at": entry.updated_at,
        "first_seen": now,
        "outcome": "dropped" if sighting.drop else "pending",
        "reason": sighting.drop or None,
        "due_at": None if sighting.drop else now,
        "due_reason": None if sighting.drop else sighting.fetch or "new",
    }


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
        "teaser": None,
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


def _has_guid(entry: FeedEntry) -> bool:
    """Whether its guid says more than its address."""
    return bool(entry.guid) and entry.guid != entry.url


def _retitled(row: Any, article: Article) -> bool:
    return bool(row.headline and article.headline and article.headline != row.headline)


def _kept_before(row: Any) -> Kept:
    return Kept(
        outcome="unchanged", article_id=row.id, version_id=row.version_id, version=row.versions, reason="same text"
    )


def _name(kind: str, name: str, article_id: int, now: datetime) -> dict[str, Any]:
    return {"kind": kind, "digest": packing.digest(name), "article_id": article_id, "first_seen": now}


def _alike_rows(rows: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Those that change the same columns together: they go as one statement."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        alike[frozenset(row)].append(row)
    return alike.values()


# Statements that every page costs


@prepared
def _announced(connection: Connection) -> Any:
    entries = table(ArticleRow)
    return upsert(connection, entries).on_conflict_do_nothing().returning(entries.c.id, entries.c.key)


_LOOKED_UP = "id first_seen fetched_at published_at updated_at headline outcome reason due_at attempts feed_id".split()
"""what must be known of an entry that a feed tells again"""


@prepared
def _known_by_alias(_: Connection) -> Any:
    entries, names = table(ArticleRow), table(AliasRow)
    moved = names.join(entries, and_(names.c.article_id == entries.c.id, names.c.kind == "stem"))
    asked = select(names.c.digest.label("asked"), *(entries.c[name] for name in _LOOKED_UP)).select_from(moved)
    return asked.where(names.c.digest.in_(bindparam("those", expanding=True)))


@prepared
def _known_by_key(_: Connection) -> Any:
    entries = table(ArticleRow)
    asked = select(entries.c.key.label("asked"), *(entries.c[name] for name in _LOOKED_UP))
    return asked.where(entries.c.key.in_(bindparam("those", expanding=True)))


@prepared
def _named(connection: Connection) -> Any:
    return upsert(connection, table(AliasRow)).on_conflict_do_nothing()


def _free(entries: Any) -> Any:
    return and_(
        entries.c.due_at <= bindparam("now"),
        or_(entries.c.lease_until.is_(None), entries.c.lease_until <= bindparam("now")),
    )


@prepared
def _due(connection: Connection) -> Any:
    """What is due, longest due first."""
    entries = table(ArticleRow)
    asked = select(entries.c.id).where(_free(entries))
    asked = asked.order_by(entries.c.due_at, entries.c.id).limit(bindparam("most"))
    return locked(connection, asked, skip=True)


@prepared
def _due_in_turn(connection: Connection) -> Any:
    """Of what has been due longest the first of each house, then the second of each, and so on."""
    entries = table(ArticleRow)
    ahead = select(entries.c.id, entries.c.publisher, entries.c.due_at).where(_free(entries))
    longest = ahead.order_by(entries.c.due_at, entries.c.id).limit(AHEAD).subquery()
    turn = func.row_number().over(partition_by=longest.c.publisher, order_by=(longest.c.due_at, longest.c.id))
    ranked = select(longest.c.id, longest.c.due_at, turn.label("turn")).subquery()
    first = select(ranked.c.id).order_by(ranked.c.turn, ranked.c.due_at, ranked.c.id).limit(bindparam("most"))
    return locked(connection, select(entries.c.id).where(entries.c.id.in_(first), _free(entries)), skip=True)


@prepared
def _lent(_: Connection) -> Any:
    entries = table(ArticleRow)
    those = entries.c.id.in_(bindparam("those", expanding=True))
    return update(entries).where(those).values(attempts=entries.c.attempts + 1)


@prepared
def _lent_out(_: Connection) -> Any:
    entries, feeds = table(ArticleRow), table(FeedRow)
    announced = entries.join(feeds, feeds.c.id == entries.c.feed_id, isouter=True)
    asked = select(entries, feeds.c.url.label("feed_url")).select_from(announced)
    those = entries.c.id.in_(bindparam("those", expanding=True))
    return asked.where(those).order_by(entries.c.due_at, entries.c.id)


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


@prepared
def _alike(connection: Connection) -> Any:
    entries = table(ArticleRow)
    return select(entries.c.id).where(
        entries.c.id > _recent(),
        entries.c.id != bindparam("which"),
        entries.c.publisher.in_((bindparam("one"), bindparam("other"))),
        entries.c.text_digest == bindparam("digest"),
    )


@prepared
def _shared(_: Connection) -> Any:
    entries = table(ArticleRow)
    theirs = entries.c.text_digest.in_(bindparam("digests", expanding=True))
    asked = select(entries.c.text_digest, func.count().label("times")).where(entries.c.id > _recent(), theirs)
    return asked.group_by(entries.c.text_digest)


@prepared
def _taken(_: Connection) -> Any:
    entries, judged = table(ArticleRow), table(AssessmentRow)
    both = entries.join(judged, judged.c.article_id == entries.c.id)
    those = entries.c.key.in_(bindparam("those", expanding=True)), judged.c.grade == int(Grade.CORE)
    return select(entries.c.key, judged.c.dossier).select_from(both).where(*those)


def _recent() -> Any:
    entries = table(ArticleRow)
    return select(func.max(entries.c.id) - LATELY).scalar_subquery()


def _title(article_id: int, headline: str) -> str:
    return f"{article_id} {headline}"


SAMPLED = 256
"""Of so many rejected articles the text of one is kept, as long as other texts."""


def sampled(key: bytes) -> bool:
    """Whether an article is one of those, by its stable key: the same on every machine."""
    return int.from_bytes(key[:4]) % SAMPLED == 0


def _after_a_look(row: Any) -> str:
    """The outcome of an article that has not changed: one that was stored stays stored."""
    return "stored" if row.outcome == "stored" else "unchanged"


def _claimed(row: Any) -> Claimed:
    return Claimed(
        article_id=row.id,
        token=row.lease_owner,
        key=row.key.hex(),
        url=row.url,
        publisher=row.publisher,
        feed_url=row.feed_url or "",
        headline=row.headline,
        teaser=row.teaser or "",
        published_at=row.published_at,
        first_seen=row.first_seen,
        fetched_at=row.fetched_at,
        etag=row.etag,
        last_modified=row.last_modified,
        versions=row.versions,
        outcome=row.outcome,
        why=row.due_reason or "",
        attempts=row.attempts,
        stand=row.stand,
        text_digest=row.text_digest,
    )
