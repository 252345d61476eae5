"""Read what is due: fetch, read, judge and code an article, keep it, and queue what is to be told."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from extractors.articles import NotAnArticle
from extractors.feeds import TOMORROW
from extractors.model import Article, Assessment, FetchedPage, Grade
from extractors.publishers import one_name
from extractors.urls import Seen, next_recheck, stem
from flows import following, health
from flows.alerts import wording
from flows.alerts.routing import GIVE_UP_AFTER
from flows.desk import Desk
from flows.fetching import Fault, FetchError, NotModified, redacted
from flows.judging import BESIDE, Coded, beside, code, grade, soon
from flows.runs import NO_TIME, Match, RunReport, merged
from flows.sandbox import Refused, SandboxError, Trouble
from flows.steps import queueing
from flows.steps.feeds import BASELINE, remember_hold
from flows.steps.queueing import LATE
from flows.steps.together import all_or_none
from flows.surviving import survived
from storage import queries
from storage.archive import Archive, Claimed, Rejected, opened, sampled, unchanged
from storage.engine import is_fault, reading, require_current

log = logging.getLogger("depesche.steps")

LEASE = timedelta(minutes=10)
"""How long entries are a worker's own: fifty pages, many of one host, take minutes. A killed worker's are not freed before: a
service that is killed again and again would give up within a minute what it was reading."""

MOST_ATTEMPTS = 8

WHOLE_ATTEMPTS = 3
"""Attempts that insist on a page's end; after that what came is read: some servers never send it."""

SAME_TEXT = 5
"""So many addresses of a publisher with one text are no articles: a consent wall, a maintenance page."""

TOGETHER = 16
"""So many articles that no dossier takes are kept in one transaction: each would take as long as all of them."""

TOGETHER_SECONDS = 5.0
"""So long they wait for each other; who is killed meanwhile reads them again."""

IN_A_ROW = 16
"""So many articles are judged in a row while more are being read: where reading and judging take turns at each article,
neither finds the processor's caches as it left them, and a page costs up to a twelfth more."""

ELSEWHERE = "another address of an article that was read"

QUARANTINED = "quarantined: the text of other pages"


async def read_entries(
    desk: Desk, *, limit: int = 1000, since: datetime | None = None, until: datetime | None = None
) -> RunReport:
    """Work on what is due until nothing is, or `limit` entries are done, or it is `until`: what is left is given back.

    Every entry ends with exactly one outcome.
    """
    started = desk.now()
    reports: list[RunReport] = []
    left = limit
    while left > 0 and not desk.is_over(until):
        with opened(desk.engine) as archive:
            claimed = archive.claim_entries(desk.worker, min(left, 50), desk.now(), lease=LEASE)
        if not claimed:
            break
        left -= len(claimed)
        reports.extend(await _by_host(desk, claimed, since, until))
    return merged([RunReport(kind="ingest", started_at=started, finished_at=desk.now()), *reports])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An entry whose page is here and is to be read."""

    claimed: Claimed
    page: FetchedPage
    started: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Fetched):
    """Its article was read and is to be judged."""

    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Draft):
    """It was judged at `at` and is to be kept."""

    coded: Coded
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
    """Articles lie here until some are judged in a row, and those that no dossier takes until some are kept together."""

    desk: Desk
    reading: int = 0
    """pages that the sandbox has"""
    drafts: list[Draft] = field(default_factory=list)
    waiting: list[Judged] = field(default_factory=list)
    reports: list[RunReport] = field(default_factory=list)

    async def read(self, fetched: Fetched) -> None:
        """Read a page; judge what was read when it is enough, or when nothing more is coming."""
        self.reading += 1
        try:
            done = await extract_entry(self.desk, fetched)
        finally:
            self.reading -= 1
        if isinstance(done, RunReport):
            self.take(done)
        else:
            self.drafts.append(done)
        if len(self.drafts) >= IN_A_ROW or not self.reading:
            drafts, self.drafts = self.drafts, []
            for draft in drafts:  # while the coder has one, other pages are fetched and read
                self.take(await judge_entry(self.desk, draft))

    def take(self, done: RunReport | Judged) -> None:
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
        while entries:
            one = entries.pop(0)
            if desk.is_over(until):
                tray.take(_postponed(desk, one, NO_TIME, desk.now(), counts=False))
                continue
            done = await fetch_entry(desk, one, since=since, until=until)
            if isinstance(done, RunReport):
                tray.take(done)
            else:
                await tray.read(done)

    try:
        await all_or_none(map(walk, hosts.values()))
    except asyncio.CancelledError:
        tray.empty()
        _give_back(desk, [one for left in hosts.values() for one in left])
        raise
    tray.empty()
    return tray.reports


def _give_back(desk: Desk, left: Sequence[Claimed]) -> None:
    """Make what nobody has begun with due again at once: after a restart it would wait for the end of its lease."""
    now = desk.now()
    with opened(desk.engine) as archive:
        for one in left:
            archive.postpone_entry(one, one.why, now, counts=False)


async def fetch_entry(
    desk: Desk, claimed: Claimed, *, since: datetime | None = None, until: datetime | None = None
) -> RunReport | Fetched:
    """Fetch the page of one entry; its fault is its own and becomes its outcome, here and in the two steps that follow.

    One whose turn at its host comes after `until` is given back.
    """
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
            until=until,
        )
    except FetchError as error:
        if error.kind is Fault.LATE:
            return _postponed(desk, claimed, NO_TIME, started, counts=False)
        return _not_fetched(desk, claimed, error, started)
    if isinstance(answer, NotModified):
        with opened(desk.engine) as archive:
            archive.leave_entry(claimed, "not modified", desk.now(), recheck_at=_recheck(claimed, desk.now()))
        return _account(claimed, "unchanged", started, desk.now())
    if _read_elsewhere(desk, claimed, answer):
        return _ended(desk, claimed, ELSEWHERE, started)
    return Fetched(claimed=claimed, page=answer, started=started)


async def extract_entry(desk: Desk, fetched: Fetched) -> RunReport | Draft:
    """Read the article out of the page of one entry."""
    claimed, page, started = fetched.claimed, fetched.page, fetched.started
    try:
        article = await desk.sandbox.extract_article(page)
    except NotAnArticle as error:
        return _ended(desk, claimed, error.reason, started, page=page)
    except SandboxError as error:
        fresh = error.kind is Trouble.MACHINE and desk.now() - claimed.first_seen < GIVE_UP_AFTER
        if fresh or (error.kind in (Trouble.WALL, Trouble.MACHINE) and claimed.attempts < MOST_ATTEMPTS):
            # It did not use up its time, it did not get any: that may be the machine, and not the page.
            return _postponed(desk, claimed, f"unreadable: {error.kind}", started)
        return _ended(desk, claimed, f"unreadable: {error.kind}", started, page=page)
    except Refused as error:
        return _ended(desk, claimed, f"unreadable: {error.name}", started, page=page)
    return Draft(claimed=claimed, page=page, article=article, started=started)


async def judge_entry(desk: Desk, draft: Draft) -> RunReport | Judged:
    """Judge and code the article of one entry."""
    claimed, page, started = draft.claimed, draft.page, draft.started
    try:
        article = _announced(draft.article, claimed, desk.now())
        coded = await _judged(desk, claimed, article)
    except Exception as error:  # noqa: BLE001  an article that breaks a rule of ours costs only itself
        return _broken(desk, claimed, page, error, started)
    return Judged(claimed=claimed, page=page, article=article, coded=coded, started=started, at=desk.now())


def _announced(article: Article, claimed: Claimed, now: datetime) -> Article:
    """The article with its house's name as its feed has it, without times that lie ahead, and with the feed's where the page
    states none: days are told from them.
    """
    stated, stand, fed = (
        when if when is not None and when <= now + TOMORROW else None
        for when in (article.published_at, article.stand, claimed.published_at)
    )
    publisher = one_name(claimed.publisher, article.publisher)
    return replace(article, publisher=publisher, published_at=stated or fed, stand=stand)


async def _judged(desk: Desk, claimed: Claimed, article: Article) -> Coded:
    if unchanged(claimed, article) or beside(article, desk.dossiers):
        # Most name nothing of any matter; and of what has not changed nothing is kept but that.
        return BESIDE
    before = partial(_assessed_before, desk, claimed)
    # To another thread goes only what takes long: to hand over costs more than to see that there is nothing to code.
    if soon(article):
        graded = grade(article, desk.dossiers, before)
    else:
        graded = await asyncio.to_thread(grade, article, desk.dossiers, before)
    if graded.grade is not Grade.CORE:
        return graded
    with survived(desk.engine, claimed.key, article, desk.now()):
        return await asyncio.to_thread(code, article, graded, desk.holders)


def _assessed_before(desk: Desk, claimed: Claimed) -> tuple[Assessment, ...]:
    """How an earlier version was graded, if there is one."""
    if not claimed.versions:
        return ()
    with reading(desk.engine) as connection:
        return queries.assessments(connection, claimed.article_id)


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
        return archive.kept_page(claimed.article_id)


def _broken(desk: Desk, claimed: Claimed, page: FetchedPage, error: Exception, started: datetime) -> RunReport:
    """Our own mistake met this article: keep its page to learn from, and go on.

    Raises SchemaError where the archive was upgraded meanwhile: then the mistake is none, and the pass is over.
    """
    require_current(desk.engine)
    log.error("article %s", claimed.url, exc_info=error)
    now, name = desk.now(), type(error).__name__
    with opened(desk.engine) as archive:
        archive.fail_entry(claimed, f"broken: {name}", now, page=page)
        health.loud(desk, archive, "article broken", name, f"{claimed.url}: {error}"[:500], now)
    return _account(claimed, f"broken: {name}", started, now)


def _kept_together(desk: Desk, waiting: Sequence[Judged]) -> list[RunReport]:
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


def _rejected(judged: Judged) -> Rejected:
    return Rejected(
        claimed=judged.claimed,
        article=judged.article,
        at=judged.at,
        page=judged.page,
        assessments=judged.coded.assessments,
        recheck_at=_recheck(judged.claimed, judged.at),
    )


def _kept_alone(desk: Desk, judged: Judged) -> RunReport:
    try:
        return _kept(desk, judged)
    except Exception as error:  # an article that breaks a rule of ours costs only itself
        if is_fault(error):
            raise
        return _broken(desk, judged.claimed, judged.page, error, judged.started)


def _crowded(archive: Archive, waiting: Sequence[Judged]) -> set[str]:
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


def _kept(desk: Desk, judged: Judged) -> RunReport:
    """Article, assessments, events, acts, meetings, demands, story and alerts: all of it, or none."""
    claimed, page, article, coded, now = judged.claimed, judged.page, judged.article, judged.coded, desk.now()
    with opened(desk.engine) as archive:
        if _is_same_text(desk, archive, claimed, article):
            archive.drop_entry(claimed, QUARANTINED, now, page=page)
            return _account(claimed, QUARANTINED, judged.started, now)
        recheck = _recheck(claimed, now)
        put = partial(archive.keep_article, claimed, article, now=now, page=page, coder=coded.coder, recheck_at=recheck)
        told_at = claimed.published_at or claimed.first_seen
        came_to = following.follow(archive, article, coded, put, now, key=claimed.key, told_at=told_at)
        alerts = queueing.queue(desk, archive, claimed, article, coded, came_to)
    kept = came_to.kept
    return RunReport(
        kind="ingest",
        started_at=judged.started,
        finished_at=desk.now(),
        taken=1,
        outcomes={kept.outcome if kept.outcome != "lost" else "taken over by another worker": 1},
        matches=(_match(article, coded),) if coded.grade > Grade.NOT and kept.stored else (),
        events=kept.events,
        new_acts=len(came_to.followed.fresh) if kept.stored else 0,
        alerts_queued=alerts,
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
        remember_hold(archive, claimed.url, error, now)
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
