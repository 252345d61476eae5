"""Deliver what is queued: at least once, within each channel's hours and measure."""

from __future__ import annotations

import logging
import random
from collections import Counter
from datetime import datetime, timedelta
from functools import partial

from flows import health
from flows.alerts import wording
from flows.alerts.channels import Delivered, Failed, Message
from flows.alerts.routing import Route, park_reason, quiet_until, retry_at
from flows.desk import Desk
from flows.runs import RunReport
from flows.steps import takebacks
from storage.archive import Archive, opened
from storage.engine import is_fault, reading
from storage.messages import Queued
from storage.notes import Notes
from storage.outbox import Outbox

log = logging.getLogger("depesche.steps")

LEASE = timedelta(minutes=5)
"""How long a message is a worker's own, counted anew from each of its recipients: more than one of them can cost, be it a
webhook (two minutes at most, `fetching.deadline_seconds`) or a mail server that takes its time over each of a dozen answers."""

HOUR = timedelta(hours=1)

BUSY = "busy"
"""The note of a channel that answered with Retry-After: until when it is sent nothing."""
LONGEST_BUSY = timedelta(days=1)

TAKEN = "taken"
"""The note of a message that some recipients of its channel took: they get it no more, also when it is replayed."""

NOT_SET = "no longer in the settings"
"""Why a channel is parked for which something waits; it works again as soon as the settings have it."""


async def deliver(desk: Desk, *, limit: int = 200, digest: bool = False, until: datetime | None = None) -> RunReport:
    """Deliver what is due, a message at a time: a crash repeats at most the one under way. After `until` none is begun, and
    one of several recipients goes to no more of them: the rest get it from the next run.

    A channel that failed is left alone for the rest of the run: each of its messages may cost a whole deadline, for which
    the messages of all others would wait.
    """
    started = desk.now()
    outcomes: Counter[str] = Counter()
    ours = set(desk.channels)
    _watch_channels(desk, digest=digest)
    takebacks.of_reviewers(desk)
    for _ in range(limit):
        if desk.is_over(until):
            break
        with opened(desk.engine) as archive:
            messages = archive.outbox.claim(desk.worker, 1, desk.now(), lease=LEASE, digest=digest, of=ours)
        if not messages:
            break
        outcome = await _deliver(desk, messages[0], until)
        outcomes[outcome] += 1
        if outcome in ("failed", "dead"):
            ours.discard(messages[0].channel)
    return RunReport(
        kind="notify",
        started_at=started,
        finished_at=desk.now(),
        delivered=outcomes["delivered"],
        delivery_trouble=outcomes["failed"] + outcomes["failed in part"],
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


async def _deliver(desk: Desk, queued: Queued, until: datetime | None) -> str:
    channel = desk.channels[queued.channel]
    later = _put_off(desk, queued)
    if later:
        return later
    queued = _without_rejected(desk, queued)
    if not queued.alerts:
        return "withdrawn: a reviewer called it wrong"
    message = _message(desk, queued, channel.limit, until)
    try:
        outcome = await channel.send(message, desk.now())
    except Exception as error:  # a channel that breaks must not hold up the others
        if is_fault(error):  # it is the archive, in which is kept who has the message
            raise
        log.exception("channel %s", queued.channel)
        outcome = Failed(reason=f"broken: {type(error).__name__}")
    return _delivered(desk, queued, message.taken, outcome, until)


def _put_off(desk: Desk, queued: Queued) -> str:
    """Leave the message for later if its channel is to have nothing now, and say so; empty: it is to go."""
    now = desk.now()
    route = next(route for route in desk.routes if route.channel == queued.channel)
    quiet = None if route.wakes(queued.alerts) else quiet_until(now, route.quiet, desk.zone)
    with opened(desk.engine) as archive:
        waits = quiet, _busy_until(archive, queued.channel, now)
        until = max((one for one in waits if one is not None), default=None)
        if until is not None:
            # What was tried before may have arrived: only under its own key can the receiver tell.
            archive.outbox.defer(queued, until) if queued.attempts > 1 else archive.outbox.hold(queued, until)
            return "held"
        return "left for the digest" if _throttled(archive, queued, route, now) else ""


def _without_rejected(desk: Desk, queued: Queued) -> Queued:
    """The message without acts that a reviewer rejected while they waited; one that was tried before says the same again."""
    if queued.attempts > 1:
        return queued
    with reading(desk.engine) as connection:
        keys = Outbox(connection).rejected(queued)
    if not keys:
        return queued
    with opened(desk.engine) as archive:
        return archive.outbox.withdraw(queued, keys, desk.now())


def _busy_until(archive: Archive, channel: str, now: datetime) -> datetime | None:
    """Until when a channel said that it wants nothing; a clock that was ahead may have noted what lies too far."""
    noted = archive.notes.get(f"{BUSY} {channel}")
    until = datetime.fromisoformat(noted) if noted else now
    return until if now < until <= now + LONGEST_BUSY else None


def _message(desk: Desk, queued: Queued, limit: int, until: datetime | None) -> Message:
    """Its links are signed as of when it was queued: a message that is tried again says the same."""
    links = desk.links
    pages = {a.key: links.page(a, queued.channel, queued.queued_at) for a in queued.alerts} if links else {}
    each = {a.key: links.each(a, queued.channel, queued.queued_at) for a in queued.alerts} if links else {}
    title, body = wording.message(queued.alerts, language=desk.language, limit=limit, links=pages)
    with reading(desk.engine) as connection:
        taken = frozenset(Notes(connection).get(f"{TAKEN} {queued.key}").split())
    return Message(
        key=queued.key,
        title=title,
        body=body,
        alerts=queued.alerts,
        links=each,
        taken=taken,
        keep=partial(_keep, desk, queued, until),
    )


def _keep(desk: Desk, queued: Queued, until: datetime | None, taken: frozenset[str]) -> bool:
    """Note which recipients have a message, and have it for another while. False: another worker has it by now, or the time
    of this run is over.
    """
    now, name = desk.now(), f"{TAKEN} {queued.key}"
    with opened(desk.engine) as archive:
        if not archive.outbox.extend(queued, now, lease=LEASE):
            return False
        if taken:
            archive.notes.put(name, " ".join(sorted(taken)), now)
    return not desk.is_over(until)


def _throttled(archive: Archive, queued: Queued, route: Route, now: datetime) -> bool:
    """Whether the channel had its messages for this hour: then this one waits for the digest.

    Digests, what was held, and what operators must know always go. A message that was tried before keeps its key, so it
    is left for later instead.
    """
    if not queued.of_group:
        return False
    if archive.outbox.told_since(queued.channel, now - HOUR, but=queued.key) < route.per_hour:
        return False
    if queued.attempts > 1:
        archive.outbox.defer(queued, now + HOUR / route.per_hour)
    else:
        archive.outbox.to_digest(queued)
    return True


def _delivered(
    desk: Desk, queued: Queued, taken: frozenset[str], outcome: Delivered | Failed, until: datetime | None
) -> str:
    """Keep what became of a message that `taken` of its recipients had before."""
    now = desk.now()
    with opened(desk.engine) as archive:
        if not archive.outbox.extend(queued, now, lease=LEASE):
            log.warning("message %s to %s took longer than it was ours: it may come twice", queued.key, queued.channel)
            return "taken over by another worker: they may come twice"
        if isinstance(outcome, Delivered):
            archive.outbox.delivered(queued, now)
            archive.notes.forget(f"{TAKEN} {queued.key}")
            return "delivered"
        again = retry_at(
            now, queued.queued_at, queued.attempts, retry_after=outcome.retry_after, spread=random.random()
        )
        if outcome.taken - taken:
            archive.notes.put(f"{TAKEN} {queued.key}", " ".join(sorted(outcome.taken)), now)
            archive.outbox.works(queued.channel, now)
            if desk.is_over(until):  # for the others there was no time
                archive.outbox.retry(queued, now, outcome.reason)
                return "begun: the other recipients get them from the next run"
        if again is None:
            archive.outbox.dead(queued, outcome.reason, now)
            health.loud(desk, archive, "dead letter", queued.channel, outcome.reason, now)
            return "dead"
        archive.outbox.retry(queued, again, outcome.reason)
        if outcome.taken:  # what one recipient refuses says nothing about the channel
            return "failed in part"
        _channel_failed(desk, archive, queued.channel, outcome, now)
        return "failed"


def _channel_failed(desk: Desk, archive: Archive, channel: str, outcome: Failed, now: datetime) -> None:
    """Count it; leave the channel alone for as long as it asked for, or for good if it fails for too long."""
    if outcome.retry_after:
        until = now + timedelta(seconds=outcome.retry_after)
        archive.notes.put(f"{BUSY} {channel}", until.isoformat(), now)
    state = archive.outbox.failed(channel, now, gone=outcome.gone)
    reason = park_reason(gone=state.gone, failing_since=state.failing_since, now=now)
    if reason:
        archive.outbox.park_channel(channel, reason, now)
        health.loud(desk, archive, "channel parked", channel, reason, now)
