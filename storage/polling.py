"""Feeds as the archive knows them: when each is due, how it answers, where it went silent; and manners by host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from extractors.model import BERLIN
from storage.statements import in_pieces, locked, prepared, record, table, upsert
from storage.tables import FeedRow, GapRow, HostRow, IntakeRow

GAP = timedelta(hours=6)
"""Not heard of for longer than this, a feed has a gap: by far longer than any rhythm that news feeds are polled at."""


CLOCK_STEP = timedelta(minutes=5)
"""A time further ahead than this was written by a clock that was wrong, not by another worker."""

FARTHEST = timedelta(days=8)
"""No feed is due later: it is left alone for a week at most, and a tenth more, by its row in the list or because it is gone."""

CROWD = 60
"""Workers that wait for one host at a time, at most: each waits for a page of it before it asks for the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What to send with the next conditional request for a feed."""

    etag: str | None = None
    last_modified: str | None = None
    body_digest: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is known of a feed; of one never polled, hardly anything. `rhythm` is seconds between new entries."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_digest: bytes | None = None
    next_due: datetime | None = None
    rhythm: float | None = None
    polled_at: datetime | None = None
    ok_at: datetime | None = None
    new_at: datetime | None = None
    unconditional_at: datetime | None = None
    outcome: str = ""
    failures: int = 0
    error: str = ""
    moved_to: str | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """How a poll of a feed went: `outcome` is new, unchanged, failed or gone."""

    outcome: str
    next_due: datetime
    error: str = ""
    unconditional: bool = False
    """the request carried no validators and was answered in full"""
    moved_to: str | None = None
    """set when the server says for good (301, 308) that the feed lives elsewhere; empty: it is back where it was"""
    rhythm: float | None = None
    silent_after: timedelta = GAP
    """not heard of for longer than this, the feed has a gap: more than GAP for a feed that is asked less often"""


class Polling:
    """The verbs about feeds and hosts; reached as `archive.feeds`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def id_of(self, url: str) -> int:
        """The feed's number; it is given one when it is new."""
        return self.numbered(url)[0]

    def numbered(self, url: str) -> tuple[int, datetime | None]:
        """The feed's number, as `id_of` says, and when an entry of it was last new to us."""
        asked, of = _numbered(self.connection), {"address": url}
        found = self.connection.execute(asked, of).one_or_none()
        if found is None:
            self.connection.execute(upsert(self.connection, FeedRow).values(url=url).on_conflict_do_nothing())
            found = self.connection.execute(asked, of).one()
        return found.id, found.new_at

    def state(self, url: str) -> FeedState:
        """What is known of a feed; an empty state for one that was never polled."""
        row = self.connection.execute(_state_of(self.connection), {"address": url}).one_or_none()
        return FeedState(url=url) if row is None else feed_state(row)

    def due(self, urls: Sequence[str], worker: str, now: datetime, *, lease: timedelta) -> tuple[FeedState, ...]:
        """Take the due ones among these feeds, longest due first; no other worker gets them until `now + lease`.

        `polled` gives a feed back.
        """
        known: set[str] = set()
        for some in in_pieces(urls):
            known.update(self.connection.scalars(select(FeedRow.url).where(FeedRow.url.in_(some))))
        for url in sorted(set(urls) - known):
            self.id_of(url)
        wanted = set(urls)
        free = or_(FeedRow.lease_until.is_(None), FeedRow.lease_until <= now)
        # A poll in the future: the clock was ahead then, and what it said of the next one is as wrong. Of one that it only put
        # off that alone is known.
        ahead = or_(FeedRow.polled_at > now + CLOCK_STEP, FeedRow.next_due > now + FARTHEST)
        due = or_(FeedRow.next_due.is_(None), FeedRow.next_due <= now, ahead)
        asked = select(FeedRow.__table__).where(free, due)
        asked = asked.order_by(FeedRow.next_due.asc().nulls_first(), FeedRow.id)
        rows = [r for r in self.connection.execute(locked(self.connection, asked, skip=True)) if r.url in wanted]
        for ids in in_pieces([row.id for row in rows]):
            taken = update(FeedRow).where(FeedRow.id.in_(ids))
            self.connection.execute(taken.values(lease_owner=worker, lease_until=now + lease))
        return tuple(feed_state(row) for row in rows)

    def take_back(self, ended: Callable[[str], bool], now: datetime) -> int:
        """Free the feeds of workers that have ended, as `ended` says of their names; returns how many."""
        held = select(FeedRow.lease_owner).where(FeedRow.lease_until > now).distinct()
        gone = [worker for worker in self.connection.scalars(held) if worker is not None and ended(worker)]
        if not gone:
            return 0
        freed = update(FeedRow).where(FeedRow.lease_owner.in_(gone)).values(lease_owner=None, lease_until=None)
        return self.connection.execute(freed).rowcount

    def in_turn(self, urls: Sequence[str]) -> list[str]:
        """These feeds in the order in which they are due; first those that nobody has polled."""
        known = self.due_at(urls)
        return sorted(urls, key=lambda url: (url in known, known.get(url)))

    def due_at(self, urls: Sequence[str]) -> dict[str, datetime]:
        """When each of these feeds is to be asked next; of those that nobody has polled nothing is known."""
        due: dict[str, datetime | None] = {}
        for some in in_pieces(urls):
            asked = select(FeedRow.url, FeedRow.next_due).where(FeedRow.url.in_(some))
            due.update((row.url, row.next_due) for row in self.connection.execute(asked))
        return {url: when for url, when in due.items() if when is not None}

    def polled(self, url: str, poll: Poll, now: datetime) -> FeedState:
        """Note how a poll went and give the feed back; returns the feed's new state.

        When an answer comes after more than `poll.silent_after` without one, the time between is kept as a gap.
        """
        asked, of = _state_of(self.connection), {"address": url}
        row = self.connection.execute(asked, of).one_or_none()
        if row is None:
            self.id_of(url)
            row = self.connection.execute(asked, of).one()
        fine = poll.outcome in ("new", "unchanged")
        changes: dict[str, Any] = {
            "polled_at": now,
            "outcome": poll.outcome,
            "next_due": poll.next_due,
            "error": poll.error,
            "gone_at": now if poll.outcome == "gone" else None,
            "failures": 0 if fine else row.failures + 1,
        }
        if fine:
            changes["ok_at"] = now
            if row.ok_at is not None and now - row.ok_at > poll.silent_after:
                why = "the feed did not answer" if row.failures else "nobody asked"
                self.add_gap(url, row.ok_at, now, why)
        if poll.unconditional:
            changes["unconditional_at"] = now
        if poll.moved_to is not None:
            changes["moved_to"] = poll.moved_to
        if poll.rhythm is not None:
            changes["rhythm"] = poll.rhythm
        given_back = {"lease_owner": None, "lease_until": None}
        self.connection.execute(_changed(self.connection), {"which": row.id, **changes, **given_back})
        return replace(feed_state(row), **changes)

    def put_off(self, url: str, until: datetime | None) -> None:
        """Give a feed back that nobody asked: it is due again then, or still is (None)."""
        changes = {} if until is None else {"next_due": until}
        self.connection.execute(
            update(FeedRow).where(FeedRow.url == url).values(lease_owner=None, lease_until=None, **changes)
        )

    def remember(self, feed_id: int, validators: Validators | None, now: datetime, *, new: int) -> None:
        """Keep the validators of a window that is stored in the same transaction."""
        changes: dict[str, Any] = {}
        if validators is not None:
            changes |= {
                "etag": validators.etag,
                "last_modified": validators.last_modified,
                "body_digest": validators.body_digest,
            }
        if new:
            changes["new_at"] = now
            self._count(feed_id, now, new)
        if changes:
            self.connection.execute(_changed(self.connection), {"which": feed_id, **changes})

    def _count(self, feed_id: int, now: datetime, new: int) -> None:
        day = now.astimezone(BERLIN).date()
        self.connection.execute(_counted(self.connection), {"feed_id": feed_id, "day": day, "new": new})

    def add_gap(self, url: str, since: datetime, until: datetime, reason: str) -> None:
        """Note that a feed may have told us less than it published; charts show it as a gap, not as a zero."""
        self.connection.execute(insert(GapRow).values(feed_id=self.id_of(url), since=since, until=until, reason=reason))

    def host_slot(self, host: str, now: datetime, *, spacing: timedelta, within: timedelta | None = None) -> datetime:
        """When this worker may ask the host for a page: now, or later if it was promised to others before.

        A turn that comes later than `within` is not taken: whoever comes next has it.
        A turn further ahead than CROWD workers can have taken was promised by a clock that was ahead: it is void.
        """
        self.connection.execute(_host_known(self.connection), {"host": host, "next_at": now})
        free: datetime = self.connection.execute(_host_free(self.connection), {"name": host}).scalar_one()
        slot = max(now, free) if free - now <= CLOCK_STEP + CROWD * spacing else now
        if within is None or slot - now <= within:
            self.connection.execute(_host_promised(self.connection), {"name": host, "next_at": slot + spacing})
        return slot


# Statements that every poll and every page costs


@prepared
def _numbered(_: Connection) -> Any:
    feeds = table(FeedRow)
    return select(feeds.c.id, feeds.c.new_at).where(feeds.c.url == bindparam("address"))


@prepared
def _state_of(_: Connection) -> Any:
    feeds = table(FeedRow)
    return select(feeds).where(feeds.c.url == bindparam("address"))


@prepared
def _changed(_: Connection) -> Any:
    feeds = table(FeedRow)
    return update(feeds).where(feeds.c.id == bindparam("which"))


@prepared
def _counted(connection: Connection) -> Any:
    intake = table(IntakeRow)
    told = upsert(connection, intake)
    more = {"new": intake.c.new + told.excluded.new}
    return told.on_conflict_do_update(index_elements=["feed_id", "day"], set_=more)


@prepared
def _host_known(connection: Connection) -> Any:
    return upsert(connection, table(HostRow)).on_conflict_do_nothing()


@prepared
def _host_free(connection: Connection) -> Any:
    hosts = table(HostRow)
    return locked(connection, select(hosts.c.next_at).where(hosts.c.host == bindparam("name")))


@prepared
def _host_promised(_: Connection) -> Any:
    hosts = table(HostRow)
    return update(hosts).where(hosts.c.host == bindparam("name"))


def feed_state(row: Any) -> FeedState:
    return record(FeedState, row)
