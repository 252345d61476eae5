"""What stands on each page: answers of the archive laid out for reading. Pure; dates and sides are decided here."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Protocol, TypeVar

from extractors.model import Article, Assessment, Event, PartKind
from extractors.ontology import EventType, Status
from extractors.stories.meetings import ASIDES
from extractors.stories.outcomes import OUTCOME
from extractors.stories.revisions import Revised, differences
from extractors.stories.states import AWAITED, State
from flows.web.marking import Paragraph, Segment, paragraphs
from flows.web.wording import HAPPENED
from storage import deeds, room_queries
from storage.queries import Act, Hit, StoredArticle, StoredEvent, Version
from storage.room_queries import ActLine
from storage.tracking import Change, Demand, Meeting

AHEAD = timedelta(days=21)
"""How far the overview looks into the calendar."""


def today(now: date, latest: date | None) -> date:
    """The last day of the room's periods: today, or the archive's last day where nothing came in for a fortnight.

    An article that is dated tomorrow does not make it tomorrow.

    >>> today(date(2026, 5, 1), date(2022, 1, 14)), today(date(2026, 5, 1), date(2026, 4, 30))
    (datetime.date(2022, 1, 14), datetime.date(2026, 5, 1))
    """
    if latest is None or -room_queries.STRAY <= now - latest <= timedelta(days=14):
        return now
    return latest


@dataclass(frozen=True, slots=True, kw_only=True)
class ActGroup:
    """Acts told by one sentence, shown as one line: the surest one, and what else the sentence tells."""

    line: ActLine
    also: tuple[ActLine, ...] = ()
    less: tuple[ActLine, ...] = ()
    """other readings of the sentence that are less certain than what is asked for"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActGroups:
    """Acts by the sentences that tell them, and how many acts are left out because no reading of theirs is sure enough."""

    groups: tuple[ActGroup, ...]
    unsure: int = 0


def newest(lines: Sequence[ActLine], most: int, least: float = 0.0) -> ActGroups:
    """Those of the acts last learned of that were told last, by the publishers' own clocks: a first pass reads old news too.

    Left out, and counted, are those between the ones shown of which nothing is as sure as `least`.
    """
    ordered = sorted(lines, key=lambda line: (line.told_at or line.updated_at, line.updated_at), reverse=True)
    shown: list[ActGroup] = []
    unsure = 0
    for group in grouped(ordered, least):
        if len(shown) == most:
            break
        if group.line.surer_than(least):
            shown.append(group)
        else:
            unsure += 1 + len(group.less)
    return ActGroups(groups=tuple(shown), unsure=unsure)


def grouped(lines: Sequence[ActLine], least: float = 0.0) -> tuple[ActGroup, ...]:
    """Acts by their sentences, in the order of the first of each; a sentence's surest reading leads."""
    by_quote: dict[str, list[ActLine]] = {}
    for line in lines:
        by_quote.setdefault(line.quote, []).append(line)
    return tuple(_group(told, least) for told in by_quote.values())


def _group(told: Sequence[ActLine], least: float) -> ActGroup:
    first, *others = sorted(told, key=lambda line: (not line.reviewed, -line.confidence))
    return ActGroup(
        line=first,
        also=tuple(line for line in others if line.surer_than(least)),
        less=tuple(line for line in others if not line.surer_than(least)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article's word on an act: its events, and the paragraphs with the evidence where they are shown."""

    events: tuple[StoredEvent, ...]
    paragraphs: tuple[Paragraph, ...]
    gone: bool = False
    """the text is not kept any more"""

    @property
    def stored(self) -> StoredEvent:
        """The first event, for what all of them share: publisher, headline, address, stand."""
        return self.events[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    act: Act
    lead: StoredEvent
    """the surest report, by whose coding the act is shown"""
    dated: StoredEvent
    """the report that tells its day"""
    own: tuple[Report, ...]
    copies: tuple[Report, ...]

    @property
    def fallen(self) -> bool:
        """No report tells it any more: a version left it out, a reviewer rejected it, or today's rules read otherwise."""
        return self.lead.known_to is not None

    @property
    def restates(self) -> str:
        """The act that it only says again; empty for none."""
        return str(self.act.detail.get("restates", ""))

    @property
    def since(self) -> date | None:
        """The day on which that was told first."""
        return date.fromisoformat(self.act.detail["since"]) if self.restates else None

    @property
    def houses(self) -> tuple[str, ...]:
        """Publishers with a report of their own, in order of telling."""
        return tuple(dict.fromkeys(report.stored.publisher for report in self.own))


def act_page(act: Act, told: Sequence[StoredEvent], versions: Mapping[int, Article | None]) -> ActPage:
    """`versions` are the articles by version, None where the text is gone; of others only the evidence is shown."""
    by_version: dict[int, list[StoredEvent]] = {}
    for stored in told:
        by_version.setdefault(stored.version_id, []).append(stored)
    reports = tuple(
        replace(report(each, versions.get(version)), gone=versions.get(version, ...) is None)
        for version, each in by_version.items()
    )
    return ActPage(
        act=act,
        lead=lead(told),
        dated=dated(told),
        own=tuple(each for each in reports if not each.stored.copied),
        copies=tuple(each for each in reports if each.stored.copied),
    )


class Reported(Protocol):
    """What is asked of a report to choose among those of an act."""

    @property
    def event(self) -> Event: ...
    @property
    def reviewed(self) -> bool: ...


R = TypeVar("R", bound=Reported)


def lead(told: Sequence[R]) -> R:
    """The report that an act is shown by: a reviewer's word, else the surest, the first of equals."""
    return max(told, key=lambda each: (each.reviewed, each.event.confidence))


def dated(told: Sequence[StoredEvent]) -> StoredEvent:
    """The report that an act's day is taken from: of a deed the one on whose day it counts, so that no figure contradicts the page.

    Where that one names no time, the surest that does (an announcement, say).
    """
    counted = deeds.dating(told)
    if counted is not None and counted.event.when is not None:
        return counted
    naming = [each for each in told if each.event.when is not None]
    return lead(naming) if naming else counted or lead(told)


_COPIED = re.compile(r"(?<=the text is that of )[0-9a-f]{32}")
"""An article's stable key, in the reason why a report counts as a copy."""


def originals(told: Sequence[StoredEvent]) -> frozenset[str]:
    """The keys of the articles that reports are said to copy."""
    return frozenset(key for each in told for key in _COPIED.findall(each.act_reasons))


def with_originals(told: Sequence[StoredEvent], names: Mapping[str, str]) -> tuple[StoredEvent, ...]:
    """The reports with the articles they copy by name: a key says nothing to a reader."""
    return tuple(
        replace(each, act_reasons=_COPIED.sub(lambda key: names.get(key[0], key[0]), each.act_reasons)) for each in told
    )


def report(events: Sequence[StoredEvent], article: Article | None) -> Report:
    """What one version says, in the paragraphs that its evidence touches."""
    shown = paragraphs(article, events, touched=True) if article is not None else ()
    return Report(events=tuple(events), paragraphs=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """A version as it is shown: marked text, its events numbered."""

    version: Version
    headline: Paragraph | None
    paragraphs: tuple[Paragraph, ...]
    events: tuple[StoredEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    article: StoredArticle
    shown: VersionPage | None
    changes: tuple[tuple[Version, Revised], ...]
    """each later version with what changed in it, newest first"""

    def deciding(self, assessment: Assessment) -> tuple[str, ...]:
        """The sentences that decided, where the version is shown that was judged and its text is still kept."""
        kept = self.shown.version.article if self.shown and self.shown.version == self.article.current else None
        return tuple(kept.text[start:end] for start, end in assessment.sentences) if kept else ()


def article_page(article: StoredArticle, number: int | None = None) -> ArticlePage:
    """The article with one version shown: what the publisher has now, or the one with this number."""
    versions = article.versions
    changes = tuple((new, _revised(old, new)) for old, new in itertools.pairwise(versions))
    chosen = next((each for each in versions if each.number == number), article.current or (versions or (None,))[-1])
    return ArticlePage(
        article=article,
        shown=None if chosen is None else _version_page(chosen),
        changes=tuple(reversed(changes)),
    )


def _revised(old: Version, new: Version) -> Revised:
    before, after = ([each.event for each in version.events] for version in (old, new))
    was, now = (version.article.text if version.article else "" for version in (old, new))
    return differences(before, after, was=was, now=now)


def _version_page(version: Version) -> VersionPage:
    events = tuple(sorted(version.events, key=lambda each: (each.event.evidence.start, each.row)))
    shown = paragraphs(version.article, events, version.quotes) if version.article is not None else ()
    return VersionPage(
        version=version,
        headline=next((part for part in shown if part.kind == PartKind.HEADLINE), None),
        paragraphs=tuple(part for part in shown if part.kind != PartKind.HEADLINE),
        events=events,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What is followed, by its steps."""

    changes: tuple[Change, ...]
    surety: float
    """of the surest step"""
    sure: Mapping[str, float]
    """how sure the events behind the steps are"""

    def of(self, change: Change) -> float:
        """How sure a step is; one without an event is."""
        return self.sure.get(change.event, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine(_Line):
    meeting: Meeting

    @property
    def last(self) -> Change | None:
        """The last step that has a sentence, and not one that only speaks of the meeting, or tells what came of it, if there is
        another."""
        told = [change for change in self.changes if change.quote]
        own = [change for change in told if change.reason not in ASIDES and not change.reason.startswith(OUTCOME)]
        return next(reversed(own or told), None)

    @property
    def steps(self) -> tuple[tuple[Change, bool], ...]:
        """Each step, and whether it tells another day or town than those before it. A sentence that is read twice is one."""
        told: dict[tuple[object, ...], tuple[Change, bool]] = {}
        day, place = None, ""
        for change in self.changes:
            new = (change.day_first or day, change.place or place) != (day, place)
            told.setdefault((change.article_id, change.state, change.quote, new), (change, new))
            day, place = change.day_first or day, change.place or place
        return tuple(told.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    coming: tuple[MeetingLine, ...]
    overdue: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]
    undated: tuple[MeetingLine, ...]
    unsure: int = 0
    """meetings left out because no step of theirs is sure enough"""


def meeting_lines(
    told: Sequence[tuple[Meeting, tuple[Change, ...]]], sure: Mapping[str, float]
) -> tuple[MeetingLine, ...]:
    """`sure` is how sure the events behind the steps are."""
    return tuple(
        MeetingLine(meeting=meeting, changes=changes, surety=surety(changes, sure), sure=sure)
        for meeting, changes in told
    )


def calendar_page(
    told: Sequence[tuple[Meeting, tuple[Change, ...]]],
    day: date,
    *,
    sure: Mapping[str, float] = MappingProxyType({}),
    least: float = 0.0,
) -> CalendarPage:
    """Coming ones by day, overdue and past ones latest first, and of those without a day first what was heard of last.

    `sure` is how sure the events behind the steps are; a step without one counts as sure.
    """
    every = meeting_lines(told, sure)
    lines = [line for line in every if line.surety >= least]
    dated = [line for line in lines if line.meeting.day_last is not None]
    return CalendarPage(
        coming=tuple(line for line in dated if _last(line) >= day and line.meeting.state != State.OVERDUE),
        overdue=tuple(reversed([line for line in dated if line.meeting.state == State.OVERDUE])),
        past=tuple(reversed([line for line in dated if _last(line) < day and line.meeting.state != State.OVERDUE])),
        undated=tuple(sorted((line for line in lines if line.meeting.day_last is None), key=_heard, reverse=True)),
        unsure=len(every) - len(lines),
    )


def surety(changes: Sequence[Change], sure: Mapping[str, float]) -> float:
    """How sure the surest sentence of a meeting or a demand is."""
    return max((sure.get(change.event, 1.0) for change in changes if change.quote), default=1.0)


def _heard(line: MeetingLine) -> datetime:
    return max((change.at for change in line.changes), default=datetime.min.replace(tzinfo=UTC))


def _last(line: MeetingLine) -> date:
    assert line.meeting.day_last is not None
    return line.meeting.day_last


def due_next(page: CalendarPage, day: date) -> tuple[MeetingLine, ...]:
    """What someone still waits for: what comes within three weeks, then what was overdue last, for no longer than that."""
    coming = [
        line
        for line in page.coming
        if line.meeting.state in AWAITED and line.meeting.day_first and line.meeting.day_first <= day + AHEAD
    ]
    missed = [line for line in page.overdue if _last(line) >= day - AHEAD]
    return (*coming[: 8 - min(len(missed), 3)], *missed[:3])


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandLine(_Line):
    demand: Demand

    @property
    def steps(self) -> tuple[tuple[Change, tuple[Change, ...]], ...]:
        """Each step once, with those that say the same in the same words: an agency's sentence stands in many papers."""
        told: dict[tuple[str, str, str], list[Change]] = {}
        for change in self.changes:
            told.setdefault((change.state, change.by, change.quote), []).append(change)
        return tuple((first, tuple(_elsewhere(first, others))) for first, *others in told.values())


def _elsewhere(first: Change, others: Sequence[Change]) -> Iterable[Change]:
    """One change of each further article."""
    articles = {each.article_id: each for each in reversed(others) if each.article_id != first.article_id}
    return reversed(articles.values())


def demand_lines(
    told: Sequence[tuple[Demand, tuple[Change, ...]]], sure: Mapping[str, float]
) -> tuple[DemandLine, ...]:
    """`sure` is how sure the events behind the steps are."""
    return tuple(
        DemandLine(demand=demand, changes=changes, surety=surety(changes, sure), sure=sure) for demand, changes in told
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HitLine:
    hit: Hit
    snippet: tuple[Segment, ...]
    events: tuple[StoredEvent, ...] = ()
    """those for which it was found, where events were asked for"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Links to the neighbouring pages of a list; empty where there is none."""

    newer: str = ""
    older: str = ""
    first: str = ""
    """to the beginning, from a page past the end"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a filter form offers."""

    types: tuple[EventType, ...] = tuple(EventType)
    statuses: tuple[str, ...] = (HAPPENED, *Status)
    publishers: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A filter form as it was filled in; values are kept as given, so that the form shows them again."""

    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")
