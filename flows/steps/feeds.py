"""Poll feeds: ask, keep what their windows list, and say aloud what goes wrong with them."""

from __future__ import annotations

import logging
import random
import time as clock
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from extractors.feeds import Feed, FeedError, ParsedFeed, identity, unstamped
from extractors.model import FeedEntry, FetchedPage
from extractors.urls import GIVE_UP, Fetch, Seen, decide, stem
from flows import health, polling, processes
from flows.desk import Desk
from flows.fetching import DAY, UNREACHED, Fault, FetchError, NotModified
from flows.runs import NO_TIME, FeedReport, RunReport, counted
from flows.sandbox import Refused, SandboxError
from flows.steps.together import all_ended
from storage.archive import Archive, Sighting, opened
from storage.archive import Seen as Known
from storage.engine import is_fault, reading
from storage.polling import FeedState, Poll, Polling, Validators

log = logging.getLogger("depesche.steps")

FEED_LEASE = timedelta(minutes=3)
"""How long feeds are a worker's own. What one of another machine had taken when it was killed is polled again after that."""

PARSING = timedelta(seconds=10)
"""The longest that an answer takes to be read."""

EMPTY_TIMES = 3

EMPTY = "empty"
"""Stands as a feed's error while it answers without entries."""

TOO_MANY = "too many"
"""Why entries are left out of a window that is longer than what is read of one."""

LOUD_AFTER = 6
"""Failures of a feed in a row after which operators hear of it."""

BASELINE = "baseline"
"""Why an entry is fetched that stood in a feed when we first looked: what it tells goes into one digest."""


async def poll_feeds(desk: Desk, feeds: Sequence[Feed], *, until: datetime | None = None) -> tuple[FeedReport, ...]:
    """Poll those of the feeds that are due and free; each stands for itself, and none can hold up another.

    After `until` none is asked, and none whose answer could outlast the lease: a house that hangs takes a whole deadline
    for each of its feeds. They stay due, and in the next pass nobody is before them.
    """
    if desk.is_over(until):
        return tuple(FeedReport(name=feed.id, url=feed.url, outcome=NO_TIME) for feed in feeds)
    by_url = {feed.url: feed for feed in feeds}
    with opened(desk.engine) as archive:
        _leave_alone(desk, archive)
        now = desk.now()
        archive.feeds.take_back(processes.ended, now)
        due = archive.feeds.due(list(by_url), processes.lessee(desk.worker), now, lease=FEED_LEASE)
    last = now + FEED_LEASE - PARSING - desk.fetcher.deadline
    told = await all_ended(_Asking(desk=desk, feed=by_url[one.url], state=one).poll(last) for one in due)
    asked = {state.url for state in due}
    waiting = [FeedReport(name=feed.id, url=feed.url, outcome="not due") for feed in feeds if feed.url not in asked]
    with reading(desk.engine) as connection:
        again = Polling(connection).due_at(list(by_url))
    return tuple(replace(report, due=again.get(report.url)) for report in (*told, *waiting))


def in_turn(desk: Desk, feeds: Sequence[Feed]) -> tuple[Feed, ...]:
    """The feeds in the order in which they are due: what one pass has no time for is first in the next."""
    by_url = {feed.url: feed for feed in feeds}
    with opened(desk.engine) as archive:
        return tuple(by_url[url] for url in archive.feeds.in_turn(list(by_url)))


def _leave_alone(desk: Desk, archive: Archive) -> None:
    """Remind the fetcher of hosts that asked another worker, or this one before it was restarted, to be left alone."""
    now = desk.now()
    for host, until in archive.notes.all("held").items():
        left = (datetime.fromisoformat(until) - now).total_seconds()
        if not 0 < left <= DAY:  # a day is the longest that is heeded: of more a clock spoke that was ahead
            archive.notes.forget(f"held {host}")
            continue
        with suppress(FetchError):  # no address that we may ask at all
            desk.fetcher.hold(f"http://{host}/", left)


def remember_hold(archive: Archive, url: str, error: FetchError, now: datetime) -> None:
    if error.kind == Fault.BUSY and error.retry_after:
        until = now + timedelta(seconds=error.retry_after)
        archive.notes.put(f"held {urlsplit(url).netloc}", until.isoformat(), now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """One poll of a feed; `state` is what was known of it before."""

    desk: Desk
    feed: Feed
    state: FeedState

    async def poll(self, until: datetime) -> FeedReport:
        began = clock.monotonic()
        try:
            report = await self._read(until)
        except FetchError as error:
            unasked = error.kind in (Fault.HELD, Fault.LATE)
            report = self._not_asked(error) if unasked else self._failed(error.kind, error)
        except (FeedError, SandboxError, Refused) as error:
            report = self._failed("unreadable", error)
        except Exception as error:  # a feed that breaks a rule of ours must not take the others with it
            if is_fault(error):
                raise
            log.exception("feed %s", self.feed.id)
            report = self._failed(f"broken: {type(error).__name__}", error)
        log.info("feed %s: %s, %d new", self.feed.id, report.outcome, report.new)
        return replace(report, seconds=clock.monotonic() - began)

    async def _read(self, until: datetime) -> FeedReport:
        state = self.state
        conditional = polling.conditional(state.unconditional_at, self.desk.now())
        answer = await self.desk.fetcher.fetch(
            self._address,
            kind="feed",
            etag=state.etag if conditional else None,
            last_modified=state.last_modified if conditional else None,
            until=until,
        )
        if isinstance(answer, NotModified):
            return self._same(answer)
        if bytes.fromhex(answer.digest) == state.body_digest:
            return self._same(answer, unconditional=not conditional)
        parsed = await self.desk.sandbox.parse_feed(
            self.feed.url,
            answer.body,
            content_type=answer.content_type,
            zone=self.feed.zone,
            now=self.desk.now(),
            base=answer.url,
        )
        return self._window(answer, parsed, unconditional=not conditional)

    @property
    def _address(self) -> str:
        """Where the feed lives now; the old address again when the new one has failed three times."""
        moved_to = self.state.moved_to
        return moved_to if moved_to and self.state.failures < polling.MOVED_TIMES else self.feed.url

    @property
    def _least(self) -> timedelta:
        return max(self.desk.feed_interval, timedelta(minutes=self.feed.interval_minutes))

    # What it answered

    def _window(self, page: FetchedPage, parsed: ParsedFeed, *, unconditional: bool) -> FeedReport:
        """Every entry of the window and the feed's validators, in one transaction."""
        feed, now, first = self.feed, self.desk.now(), self.state.ok_at is None
        pace = polling.rhythm(entry.published_at for entry in parsed.entries)
        validators = Validators(
            etag=page.etag, last_modified=page.last_modified, body_digest=bytes.fromhex(page.digest)
        )
        with opened(self.desk.engine) as archive:
            archive.wait_for_windows()
            sightings = _sightings(self.desk, archive, feed, parsed.entries, first=first)
            window = archive.add_window(feed.url, sightings, now, validators=validators)
            left_out = dict(parsed.dropped).get(TOO_MANY, 0)
            self._watch_gap(archive, rolled_over=window.rolled_over, left_out=left_out, now=now)
            self._fine(
                archive,
                page,
                outcome="new" if window.new else "unchanged",
                rhythm=pace,
                unconditional=unconditional,
                empty=not window.entries,
            )
        notes = (*parsed.problems, *(f"{count} entries left out: {why}" for why, count in parsed.dropped))
        return FeedReport(
            name=feed.id,
            url=feed.url,
            outcome="read",
            entries=window.entries,
            new=window.new,
            dropped=dict(window.dropped),
            first=first,
            size=len(page.body),
            message="; ".join(notes[:3]),
        )

    def _same(self, answer: FetchedPage | NotModified, *, unconditional: bool = False) -> FeedReport:
        state = self.state
        pace = timedelta(seconds=state.rhythm) if state.rhythm else None
        with opened(self.desk.engine) as archive:
            self._fine(
                archive,
                answer,
                outcome="unchanged",
                rhythm=pace,
                unconditional=unconditional,
                empty=state.error == EMPTY,
            )
        size = 0 if isinstance(answer, NotModified) else len(answer.body)
        return FeedReport(name=self.feed.id, url=self.feed.url, outcome="unchanged", size=size)

    def _fine(
        self,
        archive: Archive,
        answer: FetchedPage | NotModified,
        *,
        outcome: str,
        rhythm: timedelta | None,
        unconditional: bool,
        empty: bool,
    ) -> None:
        now, url, state = self.desk.now(), self.feed.url, self.state
        wait = polling.interval(self._least, rhythm=rhythm, max_age=answer.max_age)
        poll = Poll(
            outcome=outcome,
            error=EMPTY if empty and state.new_at is not None else "",
            next_due=polling.next_due(now, wait, jitter=random.random()),
            unconditional=unconditional,
            rhythm=rhythm.total_seconds() if rhythm else None,
            moved_to=self._moved(archive, answer.moved_to, now),
            silent_after=polling.silent_after(self._least),
        )
        archive.feeds.polled(url, poll, now)
        archive.log.close_event("feed dead", url, now)
        # A new feed may well begin empty.
        if state.error == EMPTY or (empty and state.new_at is not None):
            self._watch_empty(archive, empty=empty, now=now)

    def _watch_gap(self, archive: Archive, *, rolled_over: bool, left_out: int, now: datetime) -> None:
        """A window of which nothing was known may have pushed others out: charts show a gap, operators hear of it.

        They also hear of one that is longer than what is read: where it is in no order of time, new ones are never seen.
        """
        url = self.feed.url
        if left_out:
            told = f"lists {left_out} entries more than are read of a feed: new ones may be among them"
            health.loud(self.desk, archive, "feed gap", url, told, now)
        if not rolled_over:
            if not left_out:
                archive.log.close_event("feed gap", url, now)
            return
        since = self.state.ok_at or now
        if now - since <= polling.silent_after(self._least):  # a longer silence is noted as a gap anyway
            archive.feeds.add_gap(url, since, now, "the window rolled over")
        told = f"no entry of the window was known: some may be missed since {since:%Y-%m-%d %H:%M} UTC"
        health.loud(self.desk, archive, "feed gap", url, told, now)

    def _watch_empty(self, archive: Archive, *, empty: bool, now: datetime) -> None:
        url = self.feed.url
        name = f"empty {url}"
        if not empty:
            archive.notes.forget(name)
            archive.log.close_event("feed empty", url, now)
            return
        archive.notes.see(name, EMPTY, now)
        times = len(archive.notes.seen(name))
        if times >= EMPTY_TIMES:
            told = f"answers without entries, {times} times in a row"
            health.loud(self.desk, archive, "feed empty", url, told, now)

    def _moved(self, archive: Archive, target: str, now: datetime) -> str | None:
        """The feed's new address when its permanent redirect is to be believed; until then the sighting is noted."""
        url, state = self.feed.url, self.state
        at_home = not target and self._address == url
        if at_home or target == url:  # it is sent on no more, or sent back from its new address
            archive.log.close_event("feed moved", url, now)
            return "" if state.moved_to else None
        if not target:
            return None
        name = f"moved {url}"
        seen = archive.notes.seen(name)
        if seen and state.ok_at is not None and seen[-1][0] < state.ok_at:
            seen = ()  # it answered in between without a redirect
            archive.notes.forget(name)
        if not polling.moved(seen, target, now):
            archive.notes.see(name, target, now)
            return None
        archive.notes.forget(name)
        health.loud(self.desk, archive, "feed moved", url, f"lives at {target} now; {self._what_to_do(target)}", now)
        return target

    def _what_to_do(self, target: str) -> str:
        """With a row of the list: the list itself refuses two of one address, and cannot know where a feed moves."""
        others = (one for one in self.desk.feeds if one.url != self.feed.url)
        there = next((one.id for one in others if stem(one.url) == stem(target)), "")
        return f"{there} is there, too: take one of them out of the list" if there else "change it in the list of feeds"

    # What it did not answer

    def _not_asked(self, error: FetchError) -> FeedReport:
        """Its turn came too late; or its host wants to be left alone, because of another feed or article of it."""
        late = error.kind == Fault.LATE
        until = None if late else self.desk.now() + timedelta(seconds=error.retry_after or 60.0)
        with opened(self.desk.engine) as archive:
            archive.feeds.put_off(self.feed.url, until)
        outcome = NO_TIME if late else "held"
        return FeedReport(name=self.feed.id, url=self.feed.url, outcome=outcome, message=str(error))

    def _failed(self, kind: str, error: Exception) -> FeedReport:
        """Note the failure, wait longer each time, and say so aloud after the sixth."""
        url, now, failures, message = self.feed.url, self.desk.now(), self.state.failures + 1, str(error)
        wait = polling.interval(self._least, failures=failures, reached=kind not in UNREACHED)
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        due = polling.next_due(now, wait, retry_after=retry_after, jitter=random.random())
        with opened(self.desk.engine) as archive:
            if isinstance(error, FetchError):
                remember_hold(archive, self._address, error, now)
            gone = self._gone(archive, kind, now)
            due = now + polling.GONE_WAIT if gone else due
            archive.feeds.polled(url, Poll(outcome="gone" if gone else "failed", next_due=due, error=message), now)
            if gone or failures >= LOUD_AFTER:
                told = "asked once a week only: it is gone; " if gone else ""
                told = f"{told}{failures} failures in a row; last: {message}"
                health.loud(self.desk, archive, "feed dead", url, told, now)
        return FeedReport(name=self.feed.id, url=url, outcome=kind, message=message)

    def _gone(self, archive: Archive, kind: str, now: datetime) -> bool:
        """Whether a 410 is to be believed: the third in a row over a day, no other answer in between."""
        name, ok_at = f"gone {self.feed.url}", self.state.ok_at
        if kind != Fault.GONE:
            archive.notes.forget(name)
            return False
        times = [at for at, _ in archive.notes.seen(name) if ok_at is None or at > ok_at]
        if not times:
            archive.notes.forget(name)
        archive.notes.see(name, kind, now)
        return polling.gone(times, now)


def _sightings(
    desk: Desk, archive: Archive, feed: Feed, entries: Sequence[FeedEntry], *, first: bool
) -> list[Sighting]:
    told = [(identity(entry), entry) for entry in unstamped(entries)]
    known = archive.seen(key for key, _ in told)
    titled = archive.titled(
        (known[key].article_id, entry.headline)
        for key, entry in told
        if key in known and entry.headline != known[key].headline
    )
    found = []
    for key, entry in told:
        seen = known.get(key)
        before = _before(seen, entry, titled=(seen.article_id, entry.headline) in titled) if seen else None
        verdict = decide(before, entry, desk.now(), max_age=desk.max_age)
        fetch = verdict.reason if isinstance(verdict, Fetch) else ""
        fetch = BASELINE if first and fetch == "new" else fetch
        drop = "" if isinstance(verdict, Fetch) or seen else verdict.reason
        found.append(Sighting(stem=key, entry=entry, publisher=feed.publisher, fetch=fetch, drop=drop))
    return found


def _before(seen: Known, entry: FeedEntry, *, titled: bool) -> Seen:
    """What `decide` must know of an article. `titled`: it was known under the entry's headline before."""
    pending = seen.outcome == "pending"
    return Seen(
        first_seen=seen.first_seen,
        fetched_at=seen.fetched_at,
        # Of an article that was never read: a change that the feed dates later than its word before is news.
        tried_at=max(seen.updated_at or seen.first_seen, seen.first_seen),
        headline=entry.headline if titled else seen.headline,
        failures=seen.attempts if pending else GIVE_UP,
        retry_at=seen.due_at if pending and seen.attempts else None,
        gone=seen.reason.endswith(Fault.GONE),
    )


def polled(desk: Desk, feeds: Sequence[FeedReport], began: datetime) -> RunReport:
    """The polls, the first of which went out at `began`, as part of a run, with the entries dropped at sight."""
    dropped: Counter[str] = Counter()
    for feed in feeds:
        dropped.update(feed.dropped)
    left = sum(feed.outcome == NO_TIME for feed in feeds)
    return RunReport(
        kind="ingest",
        started_at=began,
        finished_at=desk.now(),
        feeds=tuple(feeds),
        taken=dropped.total(),
        outcomes=dict(dropped),
        notes=(f"{counted(left, 'feed')} left for the next pass: {NO_TIME}",) if left else (),
    )
