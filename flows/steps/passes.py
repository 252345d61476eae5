"""Whole passes, digests and the night's upkeep, and how they end."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from extractors.articles import reader
from extractors.feeds import Feed
from extractors.urls import redacted
from flows import following, health, learning, recoding
from flows.alerts.routing import channels_for
from flows.desk import Desk
from flows.fetching import FetchError
from flows.runs import FeedReport, RunReport, keep, merged
from flows.steps.deliveries import deliver
from flows.steps.entries import read_entries
from flows.steps.feeds import poll_feeds, polled
from flows.steps.queueing import LATE
from storage.archive import Archive, opened

log = logging.getLogger("depesche.steps")


async def one_pass(
    desk: Desk, *, feeds: Sequence[Feed] | None = None, limit: int = 1000, since: datetime | None = None
) -> RunReport:
    """Poll, read, tell, and put the run into the logbook: what the flow does, without Prefect."""
    began = desk.now()
    polls = await poll_feeds(desk, desk.feeds if feeds is None else feeds)
    read = await read_entries(desk, limit=limit, since=since)
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
        keep(archive, report)


async def heartbeat(desk: Desk) -> None:
    """Tell the outside monitor that a pass ended well; it is that monitor's task to miss us."""
    if not desk.heartbeat_url:
        return
    try:
        await desk.fetcher.fetch(desk.heartbeat_url, kind="robots")
    except FetchError as error:
        if not 200 <= error.status < 300:  # some thank with 202 or 204, which is no page
            log.warning("heartbeat: %s", error)


async def digest(desk: Desk, *, period: str = "day", late: timedelta = timedelta(0)) -> RunReport:
    """Deliver what was held for the digest, as one message for each channel; for the week its Lage as well.

    `late` is how long ago that was due: on a Tuesday Monday's Lage is still that of the week before.
    """
    notes = [f"digest of the {period}"]
    queued = 0
    if period == "week":
        told = _queue_lage(desk, (desk.now() - late).astimezone(desk.zone).date())
        queued = 1 if told else 0
        notes.append(told or "the Lage of this day was told before, or no channel takes it")
    reports = [await deliver(desk, digest=True), *([await deliver(desk)] if queued else [])]
    kind = "lage" if period == "week" else "digest"
    return replace(merged(reports), kind=kind, alerts_queued=queued, notes=tuple(notes))


def _queue_lage(desk: Desk, day: date) -> str:
    """Queue the Lage of a day for the channels that take it; returns its title, or nothing where it is known already."""
    # What reckons with the reading room's pages takes a moment to import, and only this needs it.
    from flows.lage import lage

    with opened(desk.engine) as archive:
        alert = lage(archive.connection, day, language=desk.language, address=desk.room_url)
        channels = channels_for(alert, desk.routes)
        return alert.title if channels and archive.outbox.queue([alert], channels, desk.now()) else ""


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
    since = now - (desk.retention.pages or timedelta(days=14))
    return archive.upkeep.reopen([*health.EMPTY_REASONS, "unreadable: %", "broken: %"], since, now, reason=LATE)


def _leapt(desk: Desk, now: datetime) -> str:
    """What to say, aloud, where the clock may be ahead: what it let go and decided then would be so for good."""
    with opened(desk.engine) as archive:
        last = archive.notes.get("tended")
        archive.notes.put("tended", now.isoformat(), now)
        apart = now - datetime.fromisoformat(last) if last else timedelta(0)
        if apart < desk.night_within:
            return ""
        told = f"the last night was {apart.days} days ago, or the clock is ahead: nothing is let go before the next one"
        health.loud(desk, archive, "clock step", "night", told, now)
    return told


def _grade_again(desk: Desk) -> Counter[str]:
    """What other weights graded lately: after a refit, one that was forgotten, or a dossier that was edited."""
    dossiers = learning.taught(desk.engine, desk.shipped)
    return recoding.reassess(desk.engine, dossiers, desk.now, since=desk.now() - recoding.RECENT)


def _told(found: Sequence[health.Finding]) -> list[str]:
    return [f"{finding.kind}: {redacted(finding.subject)}: {finding.message}" for finding in found]


async def tend(desk: Desk) -> RunReport:
    """What time does: texts and pages expire as the settings say, and the health of everything is looked at."""
    started = desk.now()
    if leapt := _leapt(desk, started):
        return _tended(desk, started, [leapt, *_told(health.check(desk))])
    gone = await asyncio.to_thread(_expire, desk, started)
    with opened(desk.engine) as archive:
        late = following.overdue(archive, started)
        unread = _read_again(desk, archive)
        stories = following.merge_stories(archive, started)
        meetings = following.merge_meetings(archive, started)
        put = learning.put_up(archive, desk.dossiers, started)
    verdicts = await asyncio.to_thread(learning.refit, desk.engine, desk.shipped, started)
    graded = await asyncio.to_thread(_grade_again, desk)
    found = health.check(desk)
    counted = (
        (stories, "stories merged into others"),
        (meetings, "meetings merged into others"),
        (put, "rejected articles put up for review"),
    )
    notes = [f"{count} {what} expired" for what, count in gone.items()]
    notes += _told(found)
    notes += [f"{count} {what}" for count, what in counted if count]
    notes += [verdict.sentence for verdict in verdicts]
    notes += [recoding.regraded(graded)] if graded else []
    notes += [f"{unread} pages that an older reader could not read are read again"] if unread else []
    notes += [f"{late} announced meetings are overdue without a report"] if late else []
    return _tended(desk, started, notes)


def _tended(desk: Desk, started: datetime, notes: Sequence[str]) -> RunReport:
    report = RunReport(kind="tend", started_at=started, finished_at=desk.now(), notes=tuple(notes))
    _log_run(desk, report)
    return report
