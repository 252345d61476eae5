"""The pipeline in plain Python: poll, fetch, read, judge, code, keep, tell.

Nothing here knows Prefect; the flow files add schedule, retries and a UI. Every step takes a `Desk`: the open handles and
the plain values of one pass. Truth lies in the archive; a step that is killed is taken up by the next pass.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import random
import time as clock
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import urlsplit

from extractors.articles import NotAnArticle, reader
from extractors.feeds import TOMORROW, Feed, FeedError, ParsedFeed, identity, unstamped
from extractors.model import Article, Event, FeedEntry, FetchedPage, Grade
from extractors.publishers import one_name
from extractors.urls import GIVE_UP, Fetch, Seen, decide, next_recheck, stem
from flows import following, health, learning, polling, recoding
from flows.alerts import wording
from flows.alerts.channels import Delivered, Failed, Message
from flows.alerts.routing import GIVE_UP_AFTER, Route, channels_for, park_reason, quiet_until, retry_at
from flows.alerts.watches import NewAct, alerts_for
from flows.desk import Desk
from flows.fetching import DAY, UNREACHED, Fault, FetchError, NotModified, redacted
from flows.judging import BESIDE, Coded, beside, code, grade, soon
from flows.runs import NO_TIME, FeedReport, Match, RunReport, counted, merged
from flows.sandbox import Refused, SandboxError, Trouble
from flows.surviving import survived
from storage.archive import Archive, Claimed, Kept, Rejected, Sighting, opened, sampled, unchanged
from storage.archive import Seen as Known
from storage.engine import is_fault
from storage.outbox import Message as Queued
from storage.polling import FeedState, Poll, Validators

log = logging.getLogger("depesche.steps")

LEASE = timedelta(minutes=10)
"""How long entries are a worker's own: fifty pages, many of one host, take minutes."""

FEED_LEASE = timedelta(minutes=3)
"""How long feeds are: a task's 25 of one host, five seconds apart, and one deadline take 155 s. What a killed worker
had taken is polled again after that and no sooner."""

MOST_ATTEMPTS = 8
HOUR = timedelta(hours=1)
WHOLE_ATTEMPTS = 3
"""Attempts that insist on a page's end; after that what came is read: some servers never send it."""

EMPTY_TIMES = 3
SAME_TEXT = 5
"""So many addresses of a publisher with one text are no articles: a consent wall, a maintenance page."""

TOGETHER = 16
"""So many articles that no dossier takes are kept in one transaction: each would take as long as all of them."""

TOGETHER_SECONDS = 5.0
"""So long they wait for each other; who is killed meanwhile reads them again."""

ELSEWHERE = "another address of an article that was read"

QUARANTINED = "quarantined: the text of other pages"

LOUD_AFTER = 6
"""Failures of a feed in a row after which operators hear of it."""

BASELINE = "baseline"
"""Why an entry is fetched that stood in a feed when we first looked: what it tells goes into one digest."""

NOT_SET = "no longer in the settings"
"""Why a channel is parked for which something waits; it works again as soon as the settings have it."""

LATE = "read late"
"""Why an entry is read again that an older reader of ours could not read, from the bytes that were kept of it."""


# Feeds


async def poll_feeds(desk: Desk, feeds: Sequence[Feed], *, until: datetime | None = None) -> tuple[FeedReport, ...]:
    """Poll those of the feeds that are due and free; each stands for itself, and none can hold up another.

    After `until` none is asked: they stay due, and in the next pass nobody is before them.
    """
    if _over(desk, until):
        return tuple(FeedReport(name=feed.id, url=feed.url, outcome=NO_TIME) for feed in feeds)
    by_url = {feed.url: feed for feed in feeds}
    with opened(desk.engine) as archive:
        _leave_alone(desk, archive)
        due = archive.feeds.due(list(by_url), desk.worker, desk.now(), lease=FEED_LEASE)
    told = await asyncio.gather(*(_poll(desk, by_url[state.url], state) for state in due))
    asked = {state.url for state in due}
    waiting = [FeedReport(name=feed.id, url=feed.url, outcome="not due") for feed in feeds if feed.url not in asked]
    return (*told, *waiting)


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


def _remember_hold(archive: Archive, url: str, error: FetchError, now: datetime) -> None:
    if error.kind == Fault.BUSY and error.retry_after:
        until = now + timedelta(seconds=error.retry_after)
        archive.notes.put(f"held {urlsplit(url).netloc}", until.isoformat(), now)


async def _poll(desk: Desk, feed: Feed, state: FeedState) -> FeedReport:
    began = clock.monotonic()
    try:
        report = await _read_feed(desk, feed, state)
    except FetchError as error:
        held = error.kind == Fault.HELD
        report = _feed_held(desk, feed, error) if held else _feed_failed(desk, feed, state, error.kind, error)
    except (FeedError, SandboxError, Refused) as error:
        report = _feed_failed(desk, feed, state, "unreadable", error)
    except Exception as error:  # a feed that breaks a rule of ours must not take the others with it
        if is_fault(error):
            raise
        log.exception("feed %s", feed.id)
        report = _feed_failed(desk, feed, state, f"broken: {type(error).__name__}", error)
    log.info("feed %s: %s, %d new", feed.id, report.outcome, report.new)
    return replace(report, seconds=clock.monotonic() - began)


async def _read_feed(desk: Desk, feed: Feed, state: FeedState) -> FeedReport:
    conditional = polling.conditional(state.unconditional_at, desk.now())
    answer = await desk.fetcher.fetch(
        _address(feed, state),
        kind="feed",
        etag=state.etag if conditional else None,
        last_modified=state.last_modified if conditional else None,
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
        window = archive.add_window(
            feed.url, _sightings(desk, archive, feed, parsed.entries, first=first), now, validators=validators
        )
        _watch_gap(desk, archive, feed, state, rolled_over=window.rolled_over, now=now)
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
        message="; ".join(notes[:3]),
    )


def _watch_gap(desk: Desk, archive: Archive, feed: Feed, state: FeedState, *, rolled_over: bool, now: datetime) -> None:
    """A window of which nothing was known may have pushed others out: charts show a gap, operators hear of it."""
    if not rolled_over:
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
    return FeedReport(name=feed.id, url=feed.url, outcome="unchanged")


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
    health.loud(desk, archive, "feed moved", feed.url, f"lives at {target} now; change it in the list of feeds", now)
    return target


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


def _feed_held(desk: Desk, feed: Feed, error: FetchError) -> FeedReport:
    """Nobody was asked: its host wants to be left alone, because of another feed or article of it."""
    with opened(desk.engine) as archive:
        archive.feeds.put_off(feed.url, desk.now() + timedelta(seconds=error.retry_after or 60.0))
    return FeedReport(name=feed.id, url=feed.url, outcome="held", message=str(error))


def _feed_failed(desk: Desk, feed: Feed, state: FeedState, kind: str, error: Exception) -> FeedReport:
    """Note the failure, wait longer each time, and say so aloud after the sixth."""
    now, failures, message = desk.now(), state.failures + 1, str(error)
    wait = polling.interval(_least(desk, feed), failures=failures, reached=kind not in UNREACHED)
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    due = polling.next_due(now, wait, retry_after=retry_after, jitter=random.random())
    with opened(desk.engine) as archive:
        if isinstance(error, FetchError):
            _remember_hold(archive, _address(feed, state), error, now)
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


# Articles


async def read_entries(
    desk: Desk, *, limit: int = 1000, since: datetime | None = None, until: datetime | None = None
) -> RunReport:
    """Work on what is due until nothing is, or `limit` entries are done, or it is `until`: what is left is given back.

    Every entry ends with exactly one outcome.
    """
    started = desk.now()
    reports: list[RunReport] = []
    left = limit
    while left > 0 and not _over(desk, until):
        with opened(desk.engine) as archive:
            claimed = archive.claim_entries(desk.worker, min(left, 50), desk.now(), lease=LEASE)
        if not claimed:
            break
        left -= len(claimed)
        reports.extend(await _by_host(desk, claimed, since, until))
    return merged([RunReport(kind="ingest", started_at=started, finished_at=desk.now()), *reports])


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An entry whose article was read and judged at `at`, and that is to be kept."""

    claimed: Claimed
    page: FetchedPage
    article: Article
    coded: Coded
    started: datetime
    at: datetime

    @property
    def urgent(self) -> bool:
        """Whether somebody may be waiting for it."""
        return self.coded.grade > Grade.NOT

    @property
    def bare(self) -> bool:
        """Whether nothing but metadata stays of it."""
        return not self.urgent and not sampled(bytes.fromhex(self.claimed.key))


@dataclass(slots=True, kw_only=True)
class Tray:
    """Articles that no dossier takes lie here until there are some, so that they are kept together."""

    desk: Desk
    waiting: list[Read] = field(default_factory=list)
    reports: list[RunReport] = field(default_factory=list)

    def take(self, done: RunReport | Read) -> None:
        """What became of an entry; what is ready to be kept is kept when it is its time."""
        if isinstance(done, RunReport):
            self.reports.append(done)
        elif done.urgent:
            self.reports.append(_kept_alone(self.desk, done))
        else:
            self.waiting.append(done)
        if self._full():
            self.empty()

    def _full(self) -> bool:
        if len(self.waiting) >= TOGETHER:
            return True
        return bool(self.waiting) and (self.desk.now() - self.waiting[0].at).total_seconds() >= TOGETHER_SECONDS

    def empty(self) -> None:
        waiting, self.waiting = self.waiting, []
        self.reports += _kept_together(self.desk, waiting)


async def _by_host(
    desk: Desk, claimed: Sequence[Claimed], since: datetime | None, until: datetime | None
) -> list[RunReport]:
    """Hosts in parallel, the pages of one host one after the other."""
    hosts: dict[str, list[Claimed]] = {}
    for one in claimed:
        hosts.setdefault(urlsplit(one.url).netloc, []).append(one)
    tray = Tray(desk=desk)

    async def walk(entries: list[Claimed]) -> None:
        for one in entries:
            if _over(desk, until):
                tray.take(_postponed(desk, one, NO_TIME, desk.now(), counts=False))
            else:
                tray.take(await read_entry(desk, one, since=since))

    try:
        await asyncio.gather(*map(walk, hosts.values()))
    except asyncio.CancelledError:
        tray.empty()
        raise
    tray.empty()
    return tray.reports


def _over(desk: Desk, until: datetime | None) -> bool:
    return until is not None and desk.now() >= until


async def read_entry(desk: Desk, claimed: Claimed, *, since: datetime | None = None) -> RunReport | Read:
    """Fetch, extract, judge and code one entry; its fault is its own and becomes its outcome."""
    started = desk.now()
    if since is not None and claimed.published_at is not None and claimed.published_at < since:
        return _ended(desk, claimed, "older than asked", started)
    try:
        answer = _kept_page(desk, claimed) or await desk.fetcher.fetch(
            claimed.url,
            etag=claimed.etag,
            last_modified=claimed.last_modified,
            kind="article",
            truncated_ok=claimed.attempts > WHOLE_ATTEMPTS,
        )
    except FetchError as error:
        return _not_fetched(desk, claimed, error, started)
    if isinstance(answer, NotModified):
        with opened(desk.engine) as archive:
            archive.leave_entry(claimed, "not modified", desk.now(), recheck_at=_recheck(claimed, desk.now()))
        return _account(claimed, "unchanged", started, desk.now())
    if _read_elsewhere(desk, claimed, answer):
        return _ended(desk, claimed, ELSEWHERE, started)
    try:
        article = await desk.sandbox.extract_article(answer)
    except NotAnArticle as error:
        return _ended(desk, claimed, error.reason, started, page=answer)
    except SandboxError as error:
        fresh = error.kind is Trouble.MACHINE and desk.now() - claimed.first_seen < GIVE_UP_AFTER
        if fresh or (error.kind in (Trouble.WALL, Trouble.MACHINE) and claimed.attempts < MOST_ATTEMPTS):
            # It did not use up its time, it did not get any: that may be the machine, and not the page.
            return _postponed(desk, claimed, f"unreadable: {error.kind}", started)
        return _ended(desk, claimed, f"unreadable: {error.kind}", started, page=answer)
    except Refused as error:
        return _ended(desk, claimed, f"unreadable: {error.name}", started, page=answer)
    try:
        article = replace(article, publisher=one_name(claimed.publisher, article.publisher))
        article = _timed(article, claimed, desk.now())
        coded = await _judged(desk, claimed, article)
    except Exception as error:  # noqa: BLE001  an article that breaks a rule of ours costs only itself
        return _broken(desk, claimed, answer, error, started)
    return Read(claimed=claimed, page=answer, article=article, coded=coded, started=started, at=desk.now())


def _timed(article: Article, claimed: Claimed, now: datetime) -> Article:
    """The article without times that lie ahead, and with the feed's where the page states none: days are told from them."""
    stated, stand, fed = (
        when if when is not None and when <= now + TOMORROW else None
        for when in (article.published_at, article.stand, claimed.published_at)
    )
    return replace(article, published_at=stated or fed, stand=stand)


async def _judged(desk: Desk, claimed: Claimed, article: Article) -> Coded:
    if unchanged(claimed, article) or beside(article, desk.dossiers):
        # Most name nothing of any matter; and of what has not changed nothing is kept but that.
        return BESIDE
    # To another thread goes only what takes long: to hand over costs more than to see that there is nothing to code.
    graded = grade(article, desk.dossiers) if soon(article) else await asyncio.to_thread(grade, article, desk.dossiers)
    if graded.grade is not Grade.CORE:
        return graded
    with survived(desk.engine, claimed.key, article, desk.now()):
        return await asyncio.to_thread(code, article, graded)


def _read_elsewhere(desk: Desk, claimed: Claimed, page: FetchedPage) -> bool:
    """Whether a redirect led to an article that was read under another entry, as short links and moved pages do."""
    if page.url == claimed.url:
        return False
    led = stem(page.url)
    with opened(desk.engine) as archive:
        found = archive.seen([led]).get(led)
    return found is not None and found.article_id != claimed.article_id and found.outcome in ("stored", "unchanged")


def _kept_page(desk: Desk, claimed: Claimed) -> FetchedPage | None:
    """The page as it was when it could not be read; None where it is to be fetched."""
    if claimed.why != LATE:
        return None
    with opened(desk.engine) as archive:
        return archive.kept_page(claimed.url)


def _broken(desk: Desk, claimed: Claimed, page: FetchedPage, error: Exception, started: datetime) -> RunReport:
    """Our own mistake met this article: keep its page to learn from, and go on."""
    log.error("article %s", claimed.url, exc_info=error)
    now, name = desk.now(), type(error).__name__
    with opened(desk.engine) as archive:
        archive.fail_entry(claimed, f"broken: {name}", now, page=page)
        health.loud(desk, archive, "article broken", name, f"{claimed.url}: {error}"[:500], now)
    return _account(claimed, f"broken: {name}", started, now)


def _kept_together(desk: Desk, waiting: Sequence[Read]) -> list[RunReport]:
    """Keep what no dossier takes in one transaction; what that does not do, or cannot, is kept one by one."""
    if len(waiting) < 2:
        return [_kept_alone(desk, one) for one in waiting]
    try:
        with opened(desk.engine) as archive:
            crowded = _crowded(archive, waiting)
            bare = [one for one in waiting if one.bare and one.article.text not in crowded]
            kept = archive.keep_rejected([_rejected(one) for one in bare])
    except Exception as error:  # one of them breaks a rule of ours; alone, it will cost only itself
        if is_fault(error):  # the pass ends, and the next one takes them up
            raise
        log.warning("%d articles are kept one by one", len(waiting), exc_info=error)
        kept = {}
    return [
        _one(kept[one.claimed.article_id].outcome, one.started, desk.now())
        if one.claimed.article_id in kept
        else _kept_alone(desk, one)
        for one in waiting
    ]


def _rejected(read: Read) -> Rejected:
    return Rejected(
        claimed=read.claimed,
        article=read.article,
        at=read.at,
        page=read.page,
        assessments=read.coded.assessments,
        recheck_at=_recheck(read.claimed, read.at),
    )


def _kept_alone(desk: Desk, read: Read) -> RunReport:
    try:
        return _kept(desk, read.claimed, read.page, read.article, read.coded, read.started)
    except Exception as error:  # an article that breaks a rule of ours costs only itself
        if is_fault(error):
            raise
        return _broken(desk, read.claimed, read.page, error, read.started)


def _crowded(archive: Archive, waiting: Sequence[Read]) -> set[str]:
    """Texts that, with those that wait, so many addresses have that each has to be looked at: see `_is_same_text`."""
    times = archive.same_texts(one.article for one in waiting)
    times.update(one.article.text for one in waiting)
    return {text for text, count in times.items() if count >= SAME_TEXT}


def _is_same_text(desk: Desk, archive: Archive, claimed: Claimed, article: Article) -> bool:
    """Whether other addresses of the publisher lately had this very text, too many for articles; says so aloud."""
    others = archive.with_same_text(claimed, article)
    if len(others) + 1 < SAME_TEXT:
        return False
    told = f"{len(others) + 1} addresses have one text, the last is {claimed.url}: a wall, or the layout changed"
    archive.outbox.calm(others)
    health.loud(desk, archive, "same text", claimed.publisher or urlsplit(claimed.url).netloc, told, desk.now())
    return True


def _kept(
    desk: Desk, claimed: Claimed, page: FetchedPage, article: Article, coded: Coded, started: datetime
) -> RunReport:
    """Article, assessments, events, acts, meetings, demands, story and alerts: all of it, or none."""
    now, story = desk.now(), ""
    with opened(desk.engine) as archive:
        if _is_same_text(desk, archive, claimed, article):
            archive.drop_entry(claimed, QUARANTINED, now, page=page)
            return _account(claimed, QUARANTINED, started, now)
        told_at = claimed.published_at or claimed.first_seen
        followed = following.follow_acts(archive, article, coded.events, key=claimed.key, told_at=told_at)
        kept = archive.keep_article(
            claimed,
            article,
            now,
            page=page,
            assessments=coded.assessments,
            events=coded.events,
            quotes=coded.quotes,
            links=followed.links,
            marks=followed.ref.fingerprint if coded.grade > Grade.NOT else (),
            coder=coded.coder,
            recheck_at=_recheck(claimed, now),
        )
        if kept.outcome == "stored" and coded.grade > Grade.NOT:
            story = following.keep(archive, article, followed, kept.article_id, now)
        alerts = _queue(desk, archive, claimed, article, coded, followed, kept, story)
    match = _match(article, coded) if coded.grade > Grade.NOT and kept.outcome == "stored" else None
    return RunReport(
        kind="ingest",
        started_at=started,
        finished_at=desk.now(),
        taken=1,
        outcomes={kept.outcome if kept.outcome != "lost" else "taken over by another worker": 1},
        matches=(match,) if match else (),
        events=kept.events,
        new_acts=len(followed.fresh) if kept.outcome == "stored" else 0,
        alerts_queued=alerts,
    )


def _new_acts(followed: following.Followed) -> list[NewAct]:
    """Each new act once, as its surest event tells it."""
    best: dict[str, Event] = {}
    act_of = followed.act_of
    for event in followed.events:
        act = act_of[event.id]
        if act in followed.fresh and (act not in best or event.confidence > best[act].confidence):
            best[act] = event
    return [NewAct(act=act, event=event) for act, event in best.items()]


def _queue(
    desk: Desk,
    archive: Archive,
    claimed: Claimed,
    article: Article,
    coded: Coded,
    followed: following.Followed,
    kept: Kept,
    story: str,
) -> int:
    """Queue alerts in the transaction that keeps the article. What a late worker finds again is not queued again."""
    if kept.outcome != "stored" or not followed.fresh:
        return 0
    # While a publisher's pages read oddly, what they seem to say waits in the digest for someone to look at it.
    late = claimed.why == LATE
    baseline = claimed.why == BASELINE or late or health.doubtful(archive, health.host_of(claimed.url))
    fresh = _new_acts(followed)
    alerts = [
        alert
        for assessment in coded.assessments
        for alert in alerts_for(
            article,
            assessment,
            fresh,
            desk.watches,
            story=story,
            baseline=baseline,
            late=late,
            language=desk.language,
        )
    ]
    alike = groupby(alerts, lambda alert: channels_for(alert, desk.routes))
    return sum(
        archive.outbox.queue(list(some), channels, desk.now(), article_id=kept.article_id) for channels, some in alike
    )


def _match(article: Article, coded: Coded) -> Match:
    best = max(coded.assessments, key=lambda a: (a.grade, a.score))
    lines = dict.fromkeys(wording.headline_of(event) for event in coded.events)
    return Match(
        headline=article.headline,
        url=article.url,
        publisher=article.publisher,
        grade=int(best.grade),
        score=best.score,
        events=len(coded.events),
        acts=tuple(lines),
    )


def _recheck(claimed: Claimed, now: datetime) -> datetime | None:
    return next_recheck(Seen(first_seen=claimed.first_seen, fetched_at=now))


def _not_fetched(desk: Desk, claimed: Claimed, error: FetchError, started: datetime) -> RunReport:
    """A refusal for good ends the entry; anything else gives it back for later, a few times.

    While its house is away that takes as long as with an alert: what was announced before a weekend's outage is read after it.
    """
    if error.permanent:
        return _ended(desk, claimed, error.kind, started)
    now, asked = desk.now(), error.kind not in (Fault.HELD, Fault.BUDGET)
    old = not error.away or now - claimed.first_seen >= GIVE_UP_AFTER
    if asked and old and claimed.attempts >= MOST_ATTEMPTS:
        with opened(desk.engine) as archive:
            archive.fail_entry(claimed, f"given up: {error.kind}", now)
        return _account(claimed, f"given up: {error.kind}", started, now)
    with opened(desk.engine) as archive:
        _remember_hold(archive, claimed.url, error, now)
    doublings = 6 if error.away else 8
    return _postponed(
        desk, claimed, error.kind, started, least=error.retry_after or 0.0, doublings=doublings, counts=asked
    )


def _postponed(
    desk: Desk,
    claimed: Claimed,
    reason: str,
    started: datetime,
    *,
    least: float = 0.0,
    doublings: int = 8,
    counts: bool = True,
) -> RunReport:
    """Give the entry back for later, each time for twice as long, up to so many times."""
    now = desk.now()
    wait = max(least, 60.0 * 2 ** min(claimed.attempts, doublings) * random.uniform(0.8, 1.2))
    why = claimed.why if claimed.why in (BASELINE, LATE) else reason
    with opened(desk.engine) as archive:
        archive.postpone_entry(claimed, why, now + timedelta(seconds=wait), counts=counts)
    return _account(claimed, f"postponed: {reason}", started, now)


def _ended(
    desk: Desk, claimed: Claimed, reason: str, started: datetime, *, page: FetchedPage | None = None
) -> RunReport:
    now = desk.now()
    with opened(desk.engine) as archive:
        archive.drop_entry(claimed, reason, now, page=page, fetched=page is not None)
    return _account(claimed, reason, started, now)


def _account(claimed: Claimed, outcome: str, started: datetime, now: datetime) -> RunReport:
    log.info("%s: %s", redacted(claimed.url), outcome)
    return _one(outcome, started, now)


def _one(outcome: str, started: datetime, now: datetime) -> RunReport:
    return RunReport(kind="ingest", started_at=started, finished_at=now, taken=1, outcomes={outcome: 1})


# Alerts


async def deliver(desk: Desk, *, limit: int = 200, digest: bool = False, until: datetime | None = None) -> RunReport:
    """Deliver what is due, a message at a time: a crash repeats at most the one under way. After `until` none is begun.

    A channel that failed is left alone for the rest of the run: each of its messages may cost a whole deadline, for which
    the messages of all others would wait.
    """
    started = desk.now()
    outcomes: Counter[str] = Counter()
    ours = set(desk.channels)
    _watch_channels(desk, digest=digest)
    for _ in range(limit):
        if _over(desk, until):
            break
        with opened(desk.engine) as archive:
            messages = archive.outbox.claim(
                desk.worker, 1, desk.now(), lease=timedelta(minutes=2), digest=digest, of=ours
            )
        if not messages:
            break
        outcome = await _deliver(desk, messages[0])
        outcomes[outcome] += 1
        if outcome in ("failed", "dead"):
            ours.discard(messages[0].channel)
    return RunReport(
        kind="notify",
        started_at=started,
        finished_at=desk.now(),
        delivered=outcomes["delivered"],
        delivery_trouble=outcomes["failed"],
        notes=tuple(f"{count} messages {what}" for what, count in outcomes.items() if what != "delivered"),
    )


def _watch_channels(desk: Desk, *, digest: bool) -> None:
    """Let channels work again that the settings have again; park, and tell about, those for which something waits in vain.

    Another machine may have them: that is no trouble before nobody has taken it for as long as makes an outbox stuck.
    """
    now = desk.now()
    with opened(desk.engine) as archive:
        for channel in archive.outbox.channels():
            if channel.parked_at is not None and channel.reason == NOT_SET and channel.name in desk.channels:
                archive.outbox.unpark_channel(channel.name, now)
        for name, since in archive.outbox.waiting(now, digest=digest).items():
            if name not in desk.channels and now - since >= health.STUCK_AFTER:
                archive.outbox.park_channel(name, NOT_SET, now)
                health.loud(desk, archive, "channel parked", name, NOT_SET, now)


async def _deliver(desk: Desk, queued: Queued) -> str:
    now = desk.now()
    route = next(route for route in desk.routes if route.channel == queued.channel)
    channel = desk.channels[queued.channel]
    until = quiet_until(now, route.quiet, desk.zone)
    if until is not None:
        with opened(desk.engine) as archive:
            # What was tried before may have arrived: only under its own key can the receiver tell.
            archive.outbox.defer(queued, until) if queued.attempts > 1 else archive.outbox.hold(queued, until)
        return "held"
    if _throttled(desk, queued, route):
        return "left for the digest"
    message = _message(desk, queued, channel.limit)
    try:
        outcome = await channel.send(message, now)
    except Exception as error:  # a channel that breaks must not hold up the others
        log.exception("channel %s", queued.channel)
        outcome = Failed(reason=f"broken: {type(error).__name__}")
    return _delivered(desk, queued, outcome)


def _message(desk: Desk, queued: Queued, limit: int) -> Message:
    """Its links are signed as of when it was queued: a message that is tried again says the same."""
    links = desk.links
    pages = {a.key: links.page(a, queued.channel, queued.queued_at) for a in queued.alerts} if links else {}
    each = {a.key: links.each(a, queued.channel, queued.queued_at) for a in queued.alerts} if links else {}
    title, body = wording.message(queued.alerts, language=desk.language, limit=limit, links=pages)
    return Message(key=queued.key, title=title, body=body, alerts=queued.alerts, links=each)


def _throttled(desk: Desk, queued: Queued, route: Route) -> bool:
    """Whether the channel had its messages for this hour: then this one waits for the digest.

    Digests, what quiet hours held, and what operators must know always go. A message that was tried before keeps its
    key, so it is left for later instead.
    """
    if not queued.bundle.startswith("group:"):
        return False
    now = desk.now()
    with opened(desk.engine) as archive:
        if archive.outbox.told_since(queued.channel, now - HOUR, but=queued.key) < route.per_hour:
            return False
        if queued.attempts > 1:
            archive.outbox.defer(queued, now + HOUR / route.per_hour)
        else:
            archive.outbox.to_digest(queued)
        return True


def _delivered(desk: Desk, queued: Queued, outcome: Delivered | Failed) -> str:
    now = desk.now()
    with opened(desk.engine) as archive:
        if isinstance(outcome, Delivered):
            archive.outbox.delivered(queued, now)
            return "delivered"
        again = retry_at(
            now, queued.queued_at, queued.attempts, retry_after=outcome.retry_after, spread=random.random()
        )
        if again is None:
            archive.outbox.dead(queued, outcome.reason, now)
            health.loud(desk, archive, "dead letter", queued.channel, outcome.reason, now)
            return "dead"
        asked = outcome.retry_after is not None
        archive.outbox.retry(queued, again, outcome.reason, now, gone=outcome.gone, asked=asked)
        state = archive.outbox.channel(queued.channel)
        reason = park_reason(gone=state.gone, failing_since=state.failing_since, now=now)
        if reason:
            archive.outbox.park_channel(queued.channel, reason, now)
            health.loud(desk, archive, "channel parked", queued.channel, reason, now)
        return "failed"


# The rest of a pass


async def one_pass(desk: Desk, *, feeds: Sequence[str] = (), limit: int = 1000) -> RunReport:
    """Poll, read, tell, and put the run into the logbook: what the flow does, without Prefect."""
    began = desk.now()
    polls = await poll_feeds(desk, desk.feeds_named(feeds))
    read = await read_entries(desk, limit=limit)
    report = merged([polled(desk, polls, began), read, await tell(desk, polls)])
    await finish(desk, report)
    return report


async def tell(desk: Desk, polls: Sequence[FeedReport], *, until: datetime | None = None) -> RunReport:
    """Deliver what is due; after a feed's first poll also the one digest of all that it already held."""
    told = await deliver(desk, until=until)
    if not any(feed.first for feed in polls):
        return told
    return merged([told, await deliver(desk, digest=True, until=until)])


async def finish(desk: Desk, report: RunReport) -> None:
    """Check that the run adds up and keep it. Raises Unaccounted where it does not."""
    _log_run(desk, report)
    health.check(desk)
    if report.state != "failed":
        await heartbeat(desk)


def _log_run(desk: Desk, report: RunReport) -> None:
    with opened(desk.engine) as archive:
        run = archive.log.start_run(report.kind, report.started_at)
        archive.log.finish_run(run, report.accounts, desk.now(), state=report.state, note=report.sentence)


async def heartbeat(desk: Desk) -> None:
    """Tell the outside monitor that a pass ended well; it is that monitor's task to miss us."""
    if not desk.heartbeat_url:
        return
    try:
        await desk.fetcher.fetch(desk.heartbeat_url, kind="robots")
    except FetchError as error:
        if not 200 <= error.status < 300:  # some thank with 202 or 204, which is no page
            log.warning("heartbeat: %s", error)


async def digest(desk: Desk, *, period: str = "day") -> RunReport:
    """Deliver what was held for the digest, as one message for each channel; for the week its Lage as well."""
    notes = [f"digest of the {period}"]
    queued = 0
    if period == "week":
        told = _queue_lage(desk)
        queued = 1 if told else 0
        notes.append(told or "the Lage of this day was told before, or no channel takes it")
    reports = [await deliver(desk, digest=True), *([await deliver(desk)] if queued else [])]
    kind = "lage" if period == "week" else "digest"
    return replace(merged(reports), kind=kind, alerts_queued=queued, notes=tuple(notes))


def _queue_lage(desk: Desk) -> str:
    """Queue the Lage for the channels that take it; returns its title, or nothing where it is known already."""
    # What reckons with the reading room's pages takes a moment to import, and only this needs it.
    from flows.lage import lage

    now = desk.now()
    with opened(desk.engine) as archive:
        alert = lage(
            archive.connection, now.astimezone(desk.zone).date(), language=desk.language, address=desk.room_url
        )
        channels = channels_for(alert, desk.routes)
        return alert.title if channels and archive.outbox.queue([alert], channels, now) else ""


# Upkeep


def _expire(desk: Desk, now: datetime) -> Counter[str]:
    """Let go all that is older than the settings say; each batch is a transaction, so that others write in between."""
    gone: Counter[str] = Counter()
    while True:
        with opened(desk.engine) as archive:
            batch = Counter(dataclasses.asdict(archive.upkeep.expire(now, desk.retention)))
        if not batch.total():
            return gone
        gone += batch


def _read_again(desk: Desk, archive: Archive) -> int:
    """After our reader of pages has changed: make due again what the one before could not read."""
    now, today = desk.now(), reader()
    if archive.notes.get("reader") == today:
        return 0
    archive.notes.put("reader", today, now)
    since = now - (desk.retention.failed_pages or timedelta(days=14))
    return archive.upkeep.reopen([*health.EMPTY_REASONS, "unreadable: %", "broken: %"], since, now, reason=LATE)


def _grade_again(desk: Desk) -> Counter[str]:
    """What other weights graded lately: after a refit, one that was forgotten, or a dossier that was edited."""
    dossiers = learning.taught(desk.engine, desk.shipped)
    return recoding.reassess(desk.engine, dossiers, desk.now, since=desk.now() - recoding.RECENT)


async def tend(desk: Desk) -> RunReport:
    """What time does: texts and pages expire as the settings say, and the health of everything is looked at."""
    started = desk.now()
    gone = await asyncio.to_thread(_expire, desk, started)
    with opened(desk.engine) as archive:
        late = following.overdue(archive, started)
        unread = _read_again(desk, archive)
        stories, meetings = following.merge_grown(archive, started)
        put = learning.put_up(archive, desk.dossiers, started)
    verdicts = await asyncio.to_thread(learning.refit, desk.engine, desk.shipped, started)
    graded = await asyncio.to_thread(_grade_again, desk)
    found = health.check(desk)
    notes = [f"{count} {what} expired" for what, count in gone.items()]
    notes += [f"{finding.kind}: {finding.subject}: {finding.message}" for finding in found]
    notes += [
        f"{count} {what} merged into others" for count, what in ((stories, "stories"), (meetings, "meetings")) if count
    ]
    notes += [f"{put} rejected articles put up for review"] if put else []
    notes += [verdict.sentence for verdict in verdicts]
    notes += [recoding.regraded(graded)] if graded else []
    if unread:
        notes.append(f"{unread} pages that an older reader could not read are read again")
    if late:
        notes.append(f"{late} announced meetings are overdue without a report")
    report = RunReport(kind="tend", started_at=started, finished_at=desk.now(), notes=tuple(notes))
    _log_run(desk, report)
    return report
