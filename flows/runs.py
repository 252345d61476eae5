"""What a run did, as facts that add up, and its story for people: in the terminal, in a log line, in Prefect's artifact."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from storage.archive import Archive
from storage.runs import Accounts

SLOW_SECONDS = 5.0

KEPT = ("stored", "unchanged", "read again")
"""Outcomes that are not a loss."""

NO_TIME = "no time left in this pass"
NOT_ASKED = ("not due", "held", NO_TIME)
"""Outcomes of feeds that nobody asked; held: their host wants to be left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """One poll of one feed. `outcome`: read, unchanged, trouble, or why it was not asked (NOT_ASKED)."""

    name: str
    url: str
    outcome: str
    entries: int = 0
    new: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    """of the new entries, those not worth fetching, by reason"""
    first: bool = False
    """polled for the first time: all that it held is baseline"""
    seconds: float = 0.0
    size: int = 0
    """bytes of the answer; 0 where the server said only that nothing is new (304)"""
    message: str = ""
    due: datetime | None = None
    """when it is to be asked next"""

    @property
    def asked(self) -> bool:
        return self.outcome not in NOT_ASKED

    @property
    def failed(self) -> bool:
        return self.asked and self.outcome not in ("read", "unchanged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article that belongs to a dossier, and the acts that it tells."""

    headline: str
    url: str
    publisher: str
    grade: int
    score: float
    events: int
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """A whole run. `taken` entries were claimed; `outcomes` says what became of each of them, by reason."""

    kind: str
    started_at: datetime
    finished_at: datetime
    feeds: tuple[FeedReport, ...] = ()
    taken: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    matches: tuple[Match, ...] = ()
    events: int = 0
    new_acts: int = 0
    alerts_queued: int = 0
    delivered: int = 0
    delivery_trouble: int = 0
    notes: tuple[str, ...] = ()

    @property
    def accounts(self) -> Accounts:
        """What the archive's logbook checks: in = out + dropped by reason."""
        dropped = {reason: n for reason, n in self.outcomes.items() if reason not in KEPT}
        return Accounts(
            entries=self.taken,
            out={reason: n for reason, n in self.outcomes.items() if reason in KEPT},
            dropped=dropped,
            more={"events": self.events, "matches": len(self.matches), "alerts": self.alerts_queued},
        )

    @property
    def state(self) -> str:
        """completed, degraded (some feeds failed) or failed (all that were asked failed)."""
        asked = [feed for feed in self.feeds if feed.asked]
        bad = [feed for feed in asked if feed.failed]
        if bad and len(bad) == len(asked):
            return "failed"
        return "degraded" if bad or self.delivery_trouble else "completed"

    @property
    def sentence(self) -> str:
        """The run in one line. Feeds are those that were asked: of sixty that are listed six may have been due.

        >>> from datetime import UTC, datetime as dt
        >>> RunReport(kind="ingest", started_at=dt(2028, 1, 1, tzinfo=UTC), finished_at=dt(2028, 1, 1, tzinfo=UTC)).sentence
        '0 feeds, 0 articles; 0 matches, 0 events, 0 new acts, 0 alerts queued, 0 delivered'
        """
        asked, trouble = sum(feed.asked for feed in self.feeds), sum(feed.failed for feed in self.feeds)
        feeds = counted(asked, "feed") + (f" ({trouble} failed)" if trouble else "")
        by = ", ".join(f"{count} {reason}" for reason, count in Counter(self.outcomes).most_common())
        return (
            f"{feeds}, {counted(self.taken, 'article')}{f' ({by})' if by else ''}; {counted(len(self.matches), 'match', 'matches')}, "
            f"{counted(self.events, 'event')}, {counted(self.new_acts, 'new act')}, "
            f"{counted(self.alerts_queued, 'alert')} queued, {self.delivered} delivered"
        )


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "match", "matches"), counted(2, "event")
    ('1 match', '2 events')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def keep(archive: Archive, report: RunReport) -> None:
    """Put a run into the logbook. Raises Unaccounted where it does not add up."""
    log, times = archive.log, (report.started_at, report.finished_at)
    log.keep_run(report.kind, report.accounts, *times, state=report.state, note=report.sentence)


def merged(reports: Sequence[RunReport]) -> RunReport:
    """Several parts of one run as one."""
    outcomes: Counter[str] = Counter()
    for report in reports:
        outcomes.update(report.outcomes)
    return RunReport(
        kind=reports[0].kind,
        started_at=min(report.started_at for report in reports),
        finished_at=max(report.finished_at for report in reports),
        feeds=tuple(feed for report in reports for feed in report.feeds),
        taken=sum(report.taken for report in reports),
        outcomes=dict(outcomes),
        matches=tuple(match for report in reports for match in report.matches),
        events=sum(report.events for report in reports),
        new_acts=sum(report.new_acts for report in reports),
        alerts_queued=sum(report.alerts_queued for report in reports),
        delivered=sum(report.delivered for report in reports),
        delivery_trouble=sum(report.delivery_trouble for report in reports),
        notes=tuple(note for report in reports for note in report.notes),
    )


def markdown(report: RunReport) -> str:
    """The run's story for Prefect's artifact. Other people's text is escaped."""
    seconds = (report.finished_at - report.started_at).total_seconds()
    parts = [
        f"# {report.kind} {report.started_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {report.state}",
        f"{report.sentence} ({seconds:.1f} s).",
        _matches(report.matches),
        _accounts(report),
        _sent(report.feeds),
        _trouble(report.feeds),
    ]
    if report.notes:
        parts.append("## Notes\n\n" + "\n".join(f"- {escaped(note)}" for note in report.notes))
    return "\n\n".join(part for part in parts if part)


MOST_ACTS = 8


def _matches(matches: Sequence[Match]) -> str:
    """A list, not a table: the UI does not break the lines of a table, and cuts off what is to the right of it."""
    if not matches:
        return ""
    return "\n".join(["## Matches", "", *(line for match in matches for line in _match(match))])


def _match(match: Match) -> list[str]:
    told = f"grade {match.grade} ({match.score:.0%}), {counted(match.events, 'event')}"
    acts = [f"    - {escaped(act)}" for act in match.acts[:MOST_ACTS]]
    more = [f"    - and {len(match.acts) - MOST_ACTS} more"] if len(match.acts) > MOST_ACTS else []
    return [f"- {link(match.headline, match.url)} · {escaped(match.publisher)} · {told}", *acts, *more]


def _accounts(report: RunReport) -> str:
    rows = [f"| {escaped(reason)} | {count} |" for reason, count in Counter(report.outcomes).most_common()]
    if not rows:
        return ""
    return "\n".join(
        [
            "## What became of each entry",
            "",
            "| outcome | entries |",
            "|---|---|",
            *rows,
            f"| **in all** | **{report.taken}** |",
        ]
    )


def _sent(feeds: Sequence[FeedReport]) -> str:
    """What conditional requests spared: how many feeds sent nothing, and what the others sent."""
    well = [feed for feed in feeds if feed.asked and not feed.failed]
    if not well:
        return ""
    spared = sum(not feed.size for feed in well)
    sent = sum(feed.size for feed in well)
    return f"{spared} of {counted(len(well), 'feed')} sent nothing, as nothing was new (304); the others sent {sent / 1000:.1f} kB."


def _trouble(feeds: Sequence[FeedReport]) -> str:
    odd = [feed for feed in feeds if feed.failed or feed.seconds > SLOW_SECONDS]
    if not odd:
        return ""
    rows = [
        f"| {escaped(feed.name)} | {escaped(feed.outcome)} | {feed.seconds:.1f} s | {escaped(feed.message)} |"
        for feed in odd
    ]
    return "\n".join(
        ["## Feeds in trouble or slow", "", "| feed | outcome | time | what was said |", "|---|---|---|---|", *rows]
    )


def feed_rows(feeds: Sequence[FeedReport]) -> list[dict[str, object]]:
    """The feed-health table of one run."""
    return [
        {
            "feed": escaped(feed.name),
            "outcome": feed.outcome,
            "entries": feed.entries,
            "new": feed.new,
            "seconds": round(feed.seconds, 2),
            "kB": f"{feed.size / 1000:.1f}",
            "due": f"{feed.due.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if feed.due else "",
            "message": escaped(feed.message),
        }
        for feed in feeds
    ]


def escaped(text: str) -> str:
    """Other people's text for Markdown that may be rendered as HTML: nothing of it is markup.

    >>> escaped("[x](javascript:y) <b> | `a`")
    '\\\\[x\\\\]\\\\(javascript:y\\\\) &lt;b&gt; \\\\| \\\\`a\\\\`'
    """
    plain = "".join(c for c in " ".join(text.split()) if c.isprintable())
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()#!|~])", r"\\\1", plain)


def link(text: str, url: str) -> str:
    """A Markdown link; an address that is not plain http(s) is not linked."""
    safe = re.fullmatch(r"https?://[^\s<>()\[\]|\\`\"]+", url)
    return f"[{escaped(text)}]({url})" if safe else escaped(text)
