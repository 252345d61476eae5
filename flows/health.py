"""Loud silence: what would fail without a word becomes an incident in the archive and a message to the operators.

Each check is a row: what is wrong is decided by a pure function over what the archive and the machine say.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from extractors.articles.refusal import Reason
from extractors.model import Alert
from extractors.relevance import Dossier, assess, canary
from extractors.urls import redacted
from flows.alerts.wording import operator_message
from flows.fetching.faults import Fault
from flows.polling import silent
from flows.settings import OPERATORS
from storage import queries
from storage.archive import Archive, opened
from storage.polling import CLOCK_STEP
from storage.runs import Incident

if TYPE_CHECKING:
    from flows.desk import Desk

log = logging.getLogger("depesche.health")

EXTRACTION = "extraction"
STUCK_AFTER = timedelta(minutes=15)
NO_MATCH_AFTER = timedelta(hours=48)
LITTLE_DISK = 0.10
OVER_AFTER = timedelta(hours=24)
"""An incident that single articles raise, or that only other machines can see, ends unseen after so long."""

MONTH = timedelta(days=30)
LAST, SHORT, UNREAD = 10, 0.40, 3
"""Of a publisher's last ten pages: their median length against the month's, and how many may be empty."""
MOST_LOOKED_AT = 5000
"""the newest pages of a month"""
EMPTY_REASONS = frozenset({Reason.EMPTY, Reason.NO_TEXT, Reason.NO_HEADLINE, Reason.SCRIPT_SHELL})
"""Refusals that a changed layout brings; videos and paywalls say nothing about it."""

SHUT = "nothing read"
CLOSED = frozenset({Reason.CONSENT, Reason.PAYWALL, Reason.SOFT_404, Reason.INDEX, Fault.GONE, Fault.RESERVED})
"""What a house that shuts its door makes of each page; each alone is nothing to wake anybody for. Others, as a refusal or
robots.txt, are tried again and end as failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something an operator must know. `subject` tells two findings of one kind apart."""

    kind: str
    subject: str
    message: str


def loud(desk: Desk, archive: Archive, kind: str, subject: str, message: str, now: datetime) -> None:
    """Open an incident; when it is new, queue a message for the operators' channels in the same transaction.

    What befalls all feeds at once is one message, and not hundreds.
    """
    if not archive.log.raise_event(kind, subject, message, now):
        return
    shown, told = redacted(subject), redacted(message)  # a feed may be somebody's own, by a key in its address
    log.warning("%s: %s: %s", kind, shown, told)
    title, body = operator_message(kind, shown, told, language=desk.language)
    apart = "" if shown == subject else f"#{hashlib.sha256(subject.encode()).hexdigest()[:8]}"
    key = f"{OPERATORS}:{kind}:{shown}{apart}:{now:%Y%m%dT%H%M%S}"
    alert = Alert(key=key, watch=OPERATORS, title=title, body=body, type="INCIDENT")
    # A channel's own trouble is told on the others.
    others = [name for name in desk.operators if name != subject]
    archive.outbox.queue([alert], others, now, together="operators")


def check(desk: Desk) -> tuple[Finding, ...]:
    """Look at everything that can fail silently; open incidents for what is wrong, close those that are over."""
    now = desk.now()
    with opened(desk.engine) as archive:
        found = (
            *(_here(desk, finding) for finding in (*dead_canaries(desk.dossiers), *little_disk(desk))),
            *stuck(archive.outbox.oldest_pending(now), now),
            *undigested(archive.outbox.oldest_for_digest(), desk.digest_within, now),
            *silent_feeds(archive, now, [feed.url for feed in desk.feeds]),
            *broken_layouts(archive, now),
            *shut_houses(archive, now),
            *clock_steps(newest(archive), now),
            *nothing_matches(archive, now),
        )
        told = {(finding.kind, finding.subject) for finding in found}
        if ("clock step", "clock") in told:
            archive.upkeep.after_clock_step(now, max_age=desk.max_age)
        for finding in found:
            loud(desk, archive, finding.kind, finding.subject, finding.message, now)
        for incident in archive.log.incidents(limit=None):
            if (incident.kind, incident.subject) not in told and over(desk, archive, incident, now):
                archive.log.close_event(incident.kind, incident.subject, now)
    return found


CHECKED = ("canary", "outbox stuck", "feed silent", "nothing matches", "disk", EXTRACTION, SHUT, "clock step")
"""Kinds that `check` finds anew each time, and therefore closes when they are over."""


def _here(desk: Desk, finding: Finding) -> Finding:
    """With the machine in its subject: another may be well, and must not take this one's trouble for over."""
    return replace(finding, subject=f"{finding.subject} ({_machine(desk)})")


def _machine(desk: Desk) -> str:
    return desk.worker.rpartition("-")[0]


def _elsewhere(desk: Desk, incident: Incident) -> bool:
    """Whether it is about what this machine does not have: another's own, or taken out of the settings."""
    if incident.kind in ("canary", "disk"):
        return not incident.subject.endswith(f" ({_machine(desk)})")
    if incident.kind == "channel parked":
        return incident.subject not in desk.channels
    return incident.kind.startswith("feed ") and incident.subject not in {feed.url for feed in desk.feeds}


def over(desk: Desk, archive: Archive, incident: Incident, now: datetime) -> bool:
    """Whether an incident that was not found again has ended."""
    unseen = now - incident.seen_at >= OVER_AFTER
    if _elsewhere(desk, incident):
        return unseen
    match incident.kind:
        case kind if kind in CHECKED:
            return True
        case "dead letter":
            return not archive.outbox.dead_letters(channel=incident.subject, limit=1)
        case "channel parked":
            return archive.outbox.channel(incident.subject).parked_at is None
        case "same text" | "article broken":
            return unseen
    return False


def dead_canaries(dossiers: Sequence[Dossier]) -> tuple[Finding, ...]:
    """Each dossier has an article of ours that must match; if it does not, the matcher is broken."""
    return tuple(
        Finding(
            kind="canary",
            subject=dossier.name,
            message="the canary article no longer matches: rules or weights are broken",
        )
        for dossier in dossiers
        if not assess(canary(dossier), dossier).relevant
    )


def stuck(oldest: datetime | None, now: datetime) -> tuple[Finding, ...]:
    """An alert that has been due for too long."""
    if oldest is None or now - oldest < STUCK_AFTER:
        return ()
    minutes = (now - oldest).total_seconds() / 60
    return (
        Finding(
            kind="outbox stuck",
            subject="outbox",
            message=f"the oldest alert has been due for {minutes:.0f} minutes",
        ),
    )


def undigested(oldest: datetime | None, within: timedelta, now: datetime) -> tuple[Finding, ...]:
    """An alert for whose digest nobody comes, as where passes are started by hand or the flow is paused."""
    if oldest is None or now - oldest < within:
        return ()
    days = (now - oldest) // timedelta(days=1)
    return (
        Finding(
            kind="outbox stuck",
            subject="digest",
            message=f"the oldest alert has waited for the digest for {days} days",
        ),
    )


def silent_feeds(archive: Archive, now: datetime, urls: Sequence[str]) -> tuple[Finding, ...]:
    """Those of the feeds that answer and have brought nothing new for longer than they usually do."""
    ours = set(urls)
    return tuple(
        Finding(
            kind="feed silent",
            subject=feed.url,
            message=f"answers, and has had no new entry since {feed.new_at:%Y-%m-%d %H:%M} UTC",
        )
        for feed in queries.live_feeds(archive.connection, now - timedelta(hours=24))
        if feed.url in ours and silent(feed.new_at, timedelta(seconds=feed.rhythm) if feed.rhythm else None, now)
    )


def broken_layouts(archive: Archive, now: datetime) -> tuple[Finding, ...]:
    """Hosts whose last ten pages read much shorter than those of the month before, or not at all.

    Hosts, not publishers: pages that can be read may call their house otherwise than our list of feeds does.
    """
    lengths: dict[str, list[int]] = defaultdict(list)
    for look in queries.answered(archive.connection, now - MONTH, most=MOST_LOOKED_AT):
        if look.length or look.reason in EMPTY_REASONS:
            lengths[host_of(look.url)].append(look.length)
    return tuple(_layout_findings(lengths))


def _layout_findings(lengths: Mapping[str, Sequence[int]]) -> Iterator[Finding]:
    """`lengths` in characters by host, the newest first; 0: nothing could be read."""
    for host, found in lengths.items():
        last, before = found[:LAST], found[LAST:]
        if len(before) < LAST:
            continue
        usual = statistics.median(before)
        unread = last.count(0)
        if unread >= UNREAD and before.count(0) / len(before) < UNREAD / LAST / 2:
            told = f"{unread} of the last {LAST} pages have no text"
        elif statistics.median(last) < SHORT * usual:
            told = f"the last {LAST} articles have {statistics.median(last):.0f} characters in the middle, usual is {usual:.0f}"
        else:
            continue
        yield Finding(kind=EXTRACTION, subject=host, message=f"{told}: its layout may have changed")


def shut_houses(archive: Archive, now: datetime) -> tuple[Finding, ...]:
    """Hosts that let us read before and lately answer every page with a wall, a refusal or an error."""
    told: dict[str, list[str]] = defaultdict(list)
    for look in queries.read_or_refused(archive.connection, now - MONTH, CLOSED, most=MOST_LOOKED_AT):
        shut = look.outcome == "failed" or look.reason in CLOSED
        told[host_of(look.url)].append(look.reason if shut else "")
    return tuple(_shut_findings(told))


def _shut_findings(told: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """`told` by host, the newest first: why a page could not be read; empty: it was."""
    for host, reasons in told.items():
        last, before = reasons[:LAST], reasons[LAST:]
        if len(before) >= LAST and all(last) and before.count("") * 2 >= len(before):
            by = ", ".join(f"{count} {reason}" for reason, count in Counter(last).most_common())
            yield Finding(kind=SHUT, subject=host, message=f"none of the last {LAST} pages could be read: {by}")


def host_of(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")


def doubtful(archive: Archive, host: str) -> bool:
    """Whether the pages of a host read oddly at present."""
    return archive.log.is_open(EXTRACTION, host)


def newest(archive: Archive) -> datetime | None:
    """The last time that a pass wrote down: when one ended, or what it saw last before the clock was put back under it."""
    seen = queries.newest_seen(archive.connection)
    return max(filter(None, (archive.log.furthest_finished("ingest"), seen)), default=None)


def clock_steps(last: datetime | None, now: datetime) -> tuple[Finding, ...]:
    """A pass in the future: the clock was ahead then, or is behind now."""
    if last is None or last <= now + CLOCK_STEP:
        return ()
    return (
        Finding(
            kind="clock step",
            subject="clock",
            message=f"the last pass was at {last:%Y-%m-%d %H:%M} UTC, and now it is {now:%Y-%m-%d %H:%M}",
        ),
    )


def nothing_matches(archive: Archive, now: datetime) -> tuple[Finding, ...]:
    """Two days with intake and without a match: nothing happened, or the matcher is broken; the counts help to tell."""
    since, until = now - NO_MATCH_AFTER, now + CLOCK_STEP
    if queries.any_taken(archive.connection, since, until):
        return ()
    read = queries.texts_read(archive.connection, since, until)
    first = queries.oldest_seen(archive.connection)
    if not read or first is None or first > since:
        return ()
    return (
        Finding(
            kind="nothing matches",
            subject="dossiers",
            message=f"{read} articles read in 48 hours, none of them matches",
        ),
    )


def little_disk(desk: Desk) -> tuple[Finding, ...]:
    """Less than a tenth of the archive's disk is free."""
    path = desk.engine.url.database if desk.engine.dialect.name == "sqlite" else "."
    if path in (None, "", ":memory:"):
        return ()
    free = free_share(Path(str(path)).parent)
    if free >= LITTLE_DISK:
        return ()
    return (Finding(kind="disk", subject=str(path), message=f"{free:.1%} of the disk is free"),)


def free_share(folder: Path) -> float:
    """The share of a folder's disk that is free, of what this user can ever have of it.

    What the file system keeps for others (root's blocks, another's quota) is neither free nor used; `df` reckons so too.
    """
    usage = shutil.disk_usage(folder)
    had = usage.used + usage.free
    return usage.free / had if had else 1.0  # some file systems state no size
