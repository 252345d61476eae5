"""Poll feeds: ask, keep what their windows list, and say aloud what goes wrong with them."""

from __future__ import annotations

import asyncio
import logging
import random
import time as clock
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
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
    told = await asyncio.gather(*(_poll(desk, by_url[state.url], state, last) for state in due))
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


async def _poll(desk: Desk, feed: Feed, state: FeedState, until: datetime) -> FeedReport:
    began = clock.monotonic()
    try:
        report = await _read_feed(desk, feed, state, until)
    except FetchError as error:
        unasked = error.kind in (Fault.HELD, Fault.LATE)
        report = _not_asked(desk, feed, error) if unasked else _feed_failed(desk, feed, state, error.kind, error)
    except (FeedError, SandboxError, Refused) as error:
        report = _feed_failed(desk, feed, state, "unreadable", error)
    except Exception as error:  # a feed that breaks a rule of ours must not take the others with it
        if is_fault(error):
            raise
        log.exception("feed %s", feed.id)
        report = _feed_failed(desk, feed, state, f"broken: {type(error).__name__}", error)
    log.info("feed %s: %s, %d new", feed.id, report.outcome, report.new)
    return replace(report, seconds=clock.monotonic() - began)


async def _read_feed(desk: Desk, feed: Feed, state: FeedState, until: datetime) -> FeedReport:
    conditional = polling.conditional(state.unconditional_at, desk.now())
    answer = await desk.fetcher.fetch(
        _address(feed, state),
        kind="feed",
        etag=state.etag if conditional else None,
        last_modified=state.last_modified if conditional else None,
        until=until,
    )
    if isinstance(answer, NotModified):
        return _same(desk, feed, state, answer)
    if bytes.fromhex(answer.digest) == state.body_digest:
        return _same(desk, feed, state, answer, unconditional=not conditional)
    parsed = await desk.sandbox.parse_feed(
        feed.url, answer.body, content_type=answer.content_type, zone=feed.zone, now=desk.now(), base=answer.url
    )
    return _window(desk, feed, state, answer, parsed, unconditional=not conditional)


def _address(feed: Feed, state: FeedState) -> str:
    """Where the feed lives now; the old address again when the new one has failed three times."""
    return state.moved_to if state.moved_to and state.failures < polling.MOVED_TIMES else feed.url


def _window(
    desk: Desk, feed: Feed, state: FeedState, page: FetchedPage, parsed: ParsedFeed, *, unconditional: bool
) -> FeedReport:
    """Every entry of the window and the feed's validators, in one transaction."""
    now, first = desk.now(), state.ok_at is None
    pace = polling.rhythm(entry.published_at for entry in parsed.entries)
    validators = Validators(etag=page.etag, last_modified=page.last_modified, body_digest=bytes.fromhex(page.digest))
    with opened(desk.engine) as archive:
        archive.wait_for_windows()
        window = archive.add_window(
            feed.url, _sightings(desk, archive, feed, parsed.entries, first=first), now, validators=validators
        )
        left_out = dict(parsed.dropped).get(TOO_MANY, 0)
        _watch_gap(desk, archive, feed, state, rolled_over=window.rolled_over, left_out=left_out, now=now)
        _fine(
            desk,
            archive,
            feed,
            state,
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


TOO_MANY = "too many"
"""Why entries are left out of a window that is longer than what is read of one."""


def _watch_gap(
    desk: Desk, archive: Archive, feed: Feed, state: FeedState, *, rolled_over: bool, left_out: int, now: datetime
) -> None:
    """A window of which nothing was known may have pushed others out: charts show a gap, operators hear of it.

    They also hear of one that is longer than what is read: where it is in no order of time, new ones are never seen.
    """
    if left_out:
        told = f"lists {left_out} entries more than are read of a feed: new ones may be among them"
        health.loud(desk, archive, "feed gap", feed.url, told, now)
    if not rolled_over:
        if not left_out:
            archive.log.close_event("feed gap", feed.url, now)
        return
    since = state.ok_at or now
    if now - since <= polling.silent_after(_least(desk, feed)):  # a longer silence is noted as a gap anyway
        archive.feeds.add_gap(feed.url, since, now, "the window rolled over")
    told = f"no entry of the window was known: some may be missed since {since:%Y-%m-%d %H:%M} UTC"
    health.loud(desk, archive, "feed gap", feed.url, told, now)


def _same(
    desk: Desk, feed: Feed, state: FeedState, answer: FetchedPage | NotModified, *, unconditional: bool = False
) -> FeedReport:
    pace = timedelta(seconds=state.rhythm) if state.rhythm else None
    with opened(desk.engine) as archive:
        _fine(
            desk,
            archive,
            feed,
            state,
            answer,
            outcome="unchanged",
            rhythm=pace,
            unconditional=unconditional,
            empty=state.error == EMPTY,
        )
    size = 0 if isinstance(answer, NotModified) else len(answer.body)
    return FeedReport(name=feed.id, url=feed.url, outcome="unchanged", size=size)


EMPTY = "empty"
"""Stands as a feed's error while it answers without entries."""


def _fine(
    desk: Desk,
    archive: Archive,
    feed: Feed,
    state: FeedState,
    answer: FetchedPage | NotModified,
    *,
    outcome: str,
    rhythm: timedelta | None,
    unconditional: bool,
    empty: bool,
) -> None:
    now = desk.now()
    wait = polling.interval(_least(desk, feed), rhythm=rhythm, max_age=answer.max_age)
    poll = Poll(
        outcome=outcome,
        error=EMPTY if empty and state.new_at is not None else "",
        next_due=polling.next_due(now, wait, jitter=random.random()),
        unconditional=unconditional,
        rhythm=rhythm.total_seconds() if rhythm else None,
        moved_to=_moved(desk, archive, feed, state, answer.moved_to, now),
        silent_after=polling.silent_after(_least(desk, feed)),
    )
    archive.feeds.polled(feed.url, poll, now)
    archive.log.close_event("feed dead", feed.url, now)
    # A new feed may well begin empty.
    if state.error == EMPTY or (empty and state.new_at is not None):
        _watch_empty(desk, archive, feed, empty=empty, now=now)


def _moved(desk: Desk, archive: Archive, feed: Feed, state: FeedState, target: str, now: datetime) -> str | None:
    """The feed's new address when its permanent redirect is to be believed; until then the sighting is noted."""
    if not target:
        back = state.moved_to and _address(feed, state) == feed.url
        return "" if back else None
    name = f"moved {feed.url}"
    seen = archive.notes.seen(name)
    if seen and state.ok_at is not None and seen[-1][0] < state.ok_at:
        seen = ()  # it answered in between without a redirect
        archive.notes.forget(name)
    if not polling.moved(seen, target, now):
        archive.notes.see(name, target, now)
        return None
    archive.notes.forget(name)
    health.loud(desk, archive, "feed moved", feed.url, f"lives at {target} now; {_what_to_do(desk, feed, target)}", now)
    return target


def _what_to_do(desk: Desk, feed: Feed, target: str) -> str:
    """With a row of the list: the list itself refuses two of one address, and cannot know where a feed moves."""
    there = next((one.id for one in desk.feeds if one.url != feed.url and stem(one.url) == stem(target)), "")
    return f"{there} is there, too: take one of them out of the list" if there else "change it in the list of feeds"


def _watch_empty(desk: Desk, archive: Archive, feed: Feed, *, empty: bool, now: datetime) -> None:
    name = f"empty {feed.url}"
    if not empty:
        archive.notes.forget(name)
        archive.log.close_event("feed empty", feed.url, now)
        return
    archive.notes.see(name, EMPTY, now)
    times = len(archive.notes.seen(name))
    if times >= EMPTY_TIMES:
        health.loud(desk, archive, "feed empty", feed.url, f"answers without entries, {times} times in a row", now)


def _least(desk: Desk, feed: Feed) -> timedelta:
    return max(desk.feed_interval, timedelta(minutes=feed.interval_minutes))


def _not_asked(desk: Desk, feed: Feed, error: FetchError) -> FeedReport:
    """Its turn came too late; or its host wants to be left alone, because of another feed or article of it."""
    late = error.kind == Fault.LATE
    wait = timedelta() if late else timedelta(seconds=error.retry_after or 60.0)
    with opened(desk.engine) as archive:
        archive.feeds.put_off(feed.url, desk.now() + wait)
    return FeedReport(name=feed.id, url=feed.url, outcome=NO_TIME if late else "held", message=str(error))


def _feed_failed(desk: Desk, feed: Feed, state: FeedState, kind: str, error: Exception) -> FeedReport:
    """Note the failure, wait longer each time, and say so aloud after the sixth."""
    now, failures, message = desk.now(), state.failures + 1, str(error)
    wait = polling.interval(_least(desk, feed), failures=failures, reached=kind not in UNREACHED)
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    due = polling.next_due(now, wait, retry_after=retry_after, jitter=random.random())
    with opened(desk.engine) as archive:
        if isinstance(error, FetchError):
            remember_hold(archive, _address(feed, state), error, now)
        gone = _gone(archive, feed, state, kind, now)
        due = now + polling.GONE_WAIT if gone else due
        archive.feeds.polled(feed.url, Poll(outcome="gone" if gone else "failed", next_due=due, error=message), now)
        if gone or failures >= LOUD_AFTER:
            told = "asked once a week only: it is gone; " if gone else ""
            health.loud(
                desk, archive, "feed dead", feed.url, f"{told}{failures} failures in a row; last: {message}", now
            )
    return FeedReport(name=feed.id, url=feed.url, outcome=kind, message=message)


def _gone(archive: Archive, feed: Feed, state: FeedState, kind: str, now: datetime) -> bool:
    """Whether a 410 is to be believed: the third in a row over a day, no other answer in between."""
    name = f"gone {feed.url}"
    if kind != Fault.GONE:
        archive.notes.forget(name)
        return False
    times = [at for at, _ in archive.notes.seen(name) if state.ok_at is None or at > state.ok_at]
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
