"""What stands on each page: answers of the archive laid out for reading. Pure; dates and sides are decided here."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from markupsafe import Markup

from extractors.model import Article, Event, PartKind
from extractors.ontology import EventType, Status
from extractors.stories import dyads, matters, voices
from flows.web import charts
from flows.web.marking import Paragraph, Segment, paragraphs
from flows.web.revisions import Revision, differences
from flows.web.wording import Words
from storage import room_queries
from storage.queries import Act, Gap, Hit, Point, StoredArticle, StoredEvent, Version
from storage.room_queries import ActLine, StoryMember, Tension
from storage.tracking import Change, Demand, Meeting, Story

AHEAD = timedelta(days=21)
"""How far the overview looks into the calendar."""
MOVING = ("announced", "confirmed", "moved", "overdue")
"""States of meetings that somebody still waits for."""


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
class Chart:
    """A drawing, and the same figures as rows of a table: (label, link, values)."""

    title: str
    drawn: Markup
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    keys: tuple[tuple[str, str], ...] = ()
    """(tone, name) of each series, for the legend"""
    gaps: bool = False


def tension_chart(
    days: Sequence[Tension], silent: frozenset[date], w: Words, *, party: str = "", unsure: bool = False
) -> Chart:
    """Cooperation above, conflict below, a stack for each day; days on which a feed was silent are hatched.

    `unsure` says that less certain acts are counted too: links then lead to them.
    """
    more = (f"&party={party}" if party else "") + ("&unsure=1" if unsure else "")
    links = [f"/acts?since={day.day}&until={day.day}&deeds=1{more}" if day.acts else "" for day in days]

    def bars(of: str) -> tuple[charts.Bar, ...]:
        return tuple(
            charts.Bar(
                value=round(getattr(day, of), 2),
                told=f"{w.day(day.day, weekday=True)}: {w.signed(getattr(day, of))} ({_acts(day.acts, w)})",
                href=link,
            )
            for day, link in zip(days, links, strict=True)
        )

    drawn = charts.bars(
        [w.short_day(day.day) for day in days],
        [
            charts.Series(name=w("Zusammenarbeit"), tone="cooperation", bars=bars("cooperation")),
            charts.Series(name=w("Konflikt"), tone="conflict", bars=bars("conflict")),
        ],
        title=w("Spannung nach Tagen"),
        gaps=[place for place, day in enumerate(days) if day.day in silent],
        point=w.point,
    )
    rows = tuple(
        (
            w.day(day.day, weekday=True) + (f" ({w('Lücke')})" if day.day in silent else ""),
            link,
            (w.number(day.acts), w.signed(day.cooperation), w.signed(day.conflict)),
        )
        for day, link in zip(days, links, strict=True)
        if day.acts or day.day in silent
    )
    return Chart(
        title=w("Spannung nach Tagen"),
        drawn=drawn,
        heads=(w("Tag"), w("Vorgänge"), w("Zusammenarbeit"), w("Konflikt")),
        rows=rows,
        keys=(("cooperation", w("Zusammenarbeit")), ("conflict", w("Konflikt"))),
        gaps=bool(silent),
    )


def _acts(count: int, w: Words) -> str:
    return f"{w.number(count)} {w('Vorgang') if count == 1 else w('Vorgänge')}"


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
    own: tuple[Report, ...]
    copies: tuple[Report, ...]

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
        own=tuple(each for each in reports if not each.stored.copied),
        copies=tuple(each for each in reports if each.stored.copied),
    )


def lead(told: Sequence[StoredEvent]) -> StoredEvent:
    """The report that an act is shown by: a reviewer's word, else the surest, the first of equals."""
    return max(told, key=lambda each: (each.reviewed, each.event.confidence))


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
    """A version as it is shown: marked text, its events numbered, and what changed against the one before."""

    version: Version
    headline: Paragraph | None
    paragraphs: tuple[Paragraph, ...]
    events: tuple[StoredEvent, ...]
    revisions: tuple[Revision, ...] | None
    """None for the first version"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    article: StoredArticle
    shown: VersionPage | None
    changes: tuple[tuple[Version, tuple[Revision, ...]], ...]
    """each later version with what changed in it, newest first"""


def article_page(article: StoredArticle, number: int | None = None) -> ArticlePage:
    """The article with one version shown: what the publisher has now, or the one with this number."""
    versions = article.versions
    changes = tuple(
        (new, differences([each.event for each in old.events], [each.event for each in new.events]))
        for old, new in itertools.pairwise(versions)
    )
    chosen = next((each for each in versions if each.number == number), article.current or (versions or (None,))[-1])
    return ArticlePage(
        article=article,
        shown=None if chosen is None else _version_page(chosen, {new.number: told for new, told in changes}),
        changes=tuple(reversed(changes)),
    )


def _version_page(version: Version, changes: Mapping[int, tuple[Revision, ...]]) -> VersionPage:
    events = tuple(sorted(version.events, key=lambda each: (each.event.evidence.start, each.row)))
    shown = paragraphs(version.article, events, version.quotes) if version.article is not None else ()
    return VersionPage(
        version=version,
        headline=next((part for part in shown if part.kind == PartKind.HEADLINE), None),
        paragraphs=tuple(part for part in shown if part.kind != PartKind.HEADLINE),
        events=events,
        revisions=changes.get(version.number),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    meeting: Meeting
    changes: tuple[Change, ...]
    surety: float = 1.0
    """of the surest step"""

    @property
    def last(self) -> Change | None:
        """The last step that has a sentence."""
        return next((change for change in reversed(self.changes) if change.quote), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    coming: tuple[MeetingLine, ...]
    overdue: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]
    undated: tuple[MeetingLine, ...]
    unsure: int = 0
    """meetings left out because no step of theirs is sure enough"""


def calendar_page(
    told: Sequence[tuple[Meeting, tuple[Change, ...]]],
    day: date,
    *,
    sure: Mapping[str, float] = MappingProxyType({}),
    least: float = 0.0,
) -> CalendarPage:
    """Coming ones by day, overdue and past ones latest first, and those without a day.

    `sure` is how sure the events behind the steps are; a step without one counts as sure.
    """
    every = [MeetingLine(meeting=meeting, changes=changes, surety=surety(changes, sure)) for meeting, changes in told]
    lines = [line for line in every if line.surety >= least]
    dated = [line for line in lines if line.meeting.day_last is not None]
    return CalendarPage(
        coming=tuple(line for line in dated if _last(line) >= day and line.meeting.state != "overdue"),
        overdue=tuple(reversed([line for line in dated if line.meeting.state == "overdue"])),
        past=tuple(reversed([line for line in dated if _last(line) < day and line.meeting.state != "overdue"])),
        undated=tuple(line for line in lines if line.meeting.day_last is None),
        unsure=len(every) - len(lines),
    )


def surety(changes: Sequence[Change], sure: Mapping[str, float]) -> float:
    """How sure the surest sentence of a meeting or a demand is."""
    return max((sure.get(change.event, 1.0) for change in changes if change.quote), default=1.0)


def _last(line: MeetingLine) -> date:
    assert line.meeting.day_last is not None
    return line.meeting.day_last


def due_next(page: CalendarPage, day: date, *, most: int = 8) -> tuple[MeetingLine, ...]:
    """What someone still waits for: what comes within three weeks, then what was overdue last, for no longer than that."""
    coming = [
        line
        for line in page.coming
        if line.meeting.state in MOVING and line.meeting.day_first and line.meeting.day_first <= day + AHEAD
    ]
    missed = [line for line in page.overdue if _last(line) >= day - AHEAD]
    return (*coming[: most - min(len(missed), 3)], *missed[:3])


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandLine:
    demand: Demand
    changes: tuple[Change, ...]
    surety: float
    """of the surest step"""


def demand_lines(
    told: Sequence[tuple[Demand, tuple[Change, ...]]], sure: Mapping[str, float]
) -> tuple[DemandLine, ...]:
    """`sure` is how sure the events behind the steps are."""
    return tuple(DemandLine(demand=demand, changes=changes, surety=surety(changes, sure)) for demand, changes in told)


# Dyads


@dataclass(frozen=True, slots=True, kw_only=True)
class DyadPage:
    one: str
    other: str
    step: str
    since: date
    until: date
    counts: Chart
    scores: Chart
    unsure: int
    """acts in these days that are not counted because no report is sure enough"""


def dyad_page(
    one: str,
    other: str,
    *,
    step: str,
    since: date,
    until: date,
    by_status: Sequence[tuple[str, str, Sequence[Point]]],
    by_direction: Sequence[tuple[str, str, Sequence[Point]]],
    unsure: int = 0,
    more: str = "",
    w: Words,
) -> DyadPage:
    """`by_status` and `by_direction` are (name, tone, points) over the same stretches; `more` goes into the links."""
    return DyadPage(
        one=one,
        other=other,
        step=step,
        since=since,
        until=until,
        counts=_count_chart(_Behind(one=one, other=other, more=more), step, by_status, w),
        scores=_score_chart(_Behind(one=one, other=other, more=more), step, by_direction, w),
        unsure=unsure,
    )


def _label(point: Point, step: str, w: Words) -> str:
    if step == "month":
        return f"{point.first:%m.%Y}"
    return w.short_day(point.first)


def _told(point: Point, w: Words) -> str:
    return w.days(point.first, point.last) + (f" ({w('Lücke')})" if point.gap else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Behind:
    """Leads to the acts behind a figure of a dyad."""

    one: str
    other: str
    more: str

    def __call__(self, point: Point) -> str:
        return f"/acts?party={self.one}&other={self.other}&since={point.first}&until={point.last}{self.more}"


def _count_chart(behind: _Behind, step: str, rows: Sequence[tuple[str, str, Sequence[Point]]], w: Words) -> Chart:
    points = rows[0][2]
    series = [
        charts.Series(
            name=name,
            tone=tone,
            bars=tuple(
                charts.Bar(
                    value=point.acts,
                    told=f"{_told(point, w)}: {w.number(point.acts)} {name}",
                    href=behind(point) if point.acts else "",
                )
                for point in told
            ),
        )
        for name, tone, told in rows
    ]
    title = w("Vorgänge nach Status")
    return Chart(
        title=title,
        drawn=charts.bars(
            [_label(point, step, w) for point in points],
            series,
            title=title,
            gaps=[place for place, point in enumerate(points) if point.gap],
            point=w.point,
        ),
        heads=(w("Zeitraum"), *(name for name, _, _ in rows)),
        rows=tuple(
            (_told(point, w), behind(point), tuple(w.number(told[place].acts) for _, _, told in rows))
            for place, point in enumerate(points)
            if point.gap or any(told[place].acts for _, _, told in rows)
        ),
        keys=tuple((tone, name) for name, tone, _ in rows),
        gaps=any(point.gap for point in points),
    )


def _score_chart(behind: _Behind, step: str, rows: Sequence[tuple[str, str, Sequence[Point]]], w: Words) -> Chart:
    points = rows[0][2]
    series = [
        charts.Series(
            name=name,
            tone=tone,
            bars=tuple(
                charts.Bar(
                    value=point.plover,
                    told=f"{_told(point, w)}: {w.signed(point.plover)}, {name}",
                    href=behind(point),
                )
                for point in told
            ),
        )
        for name, tone, told in rows
    ]
    title = w("Mittlerer PLOVER-Wert")
    return Chart(
        title=title,
        drawn=charts.lines([_label(point, step, w) for point in points], series, title=title, point=w.point),
        heads=(w("Zeitraum"), *(name for name, _, _ in rows), w("Goldstein-Wert")),
        rows=tuple(
            (
                _told(point, w),
                behind(point),
                (*(w.signed(told[place].plover) for _, _, told in rows), w.signed(point.goldstein)),
            )
            for place, point in enumerate(points)
            if any(told[place].acts for _, _, told in rows)
        ),
        keys=tuple((tone, name) for name, tone, _ in rows),
    )


# Stories


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEntry:
    """An article in a story's timeline, with the acts that no article before it told."""

    member: StoryMember
    fresh: tuple[ActLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """A running matter as a timeline, the latest day first. With `since` only what is new from then on."""

    story: Story
    since: date | None
    days: tuple[tuple[date | None, tuple[StoryEntry, ...]], ...]
    articles: int
    copies: int
    houses: int
    acts: int
    left_out: int
    """articles since then that bring nothing new"""


def story_page(
    story: Story,
    members: Sequence[StoryMember],
    acts: Mapping[str, ActLine],
    *,
    since: date | None = None,
    w: Words,
) -> StoryPage:
    """`members` in the order of telling; `acts` are the lines of theirs."""
    begun = _begun(since, w)
    lately = [member for member in members if begun is None or (member.told_at is not None and member.told_at >= begun)]
    shown = lately if begun is None else _new_since(story, lately, members, begun)
    fresh = _first_told(members)
    entries = [
        StoryEntry(member=member, fresh=tuple(acts[uid] for uid in sorted(fresh[member.article.id]) if uid in acts))
        for member in reversed(shown)
    ]
    by_day = itertools.groupby(entries, key=lambda entry: _day_of(entry.member, w))
    return StoryPage(
        story=story,
        since=since,
        days=tuple((day, tuple(told)) for day, told in by_day),
        articles=len(members),
        copies=sum(member.copy for member in members),
        houses=len({member.article.publisher for member in members if not member.copy}),
        acts=len(frozenset[str]().union(*(member.acts for member in members))),
        left_out=len(lately) - len(shown),
    )


def _begun(since: date | None, w: Words) -> datetime | None:
    return None if since is None else datetime.combine(since, time(), w.zone)


def _new_since(
    story: Story, lately: Sequence[StoryMember], members: Sequence[StoryMember], begun: datetime
) -> list[StoryMember]:
    """Those of late that are no copies and tell what none told before."""
    known = matters.Story(
        id=story.uid,
        title=story.title,
        words=(),
        parties=frozenset(),
        members=tuple(_as_member(member) for member in members if member.told_at is not None),
    )
    # "Since" is from the day's first moment on, and `new_since` is after a moment.
    new = {member.article for member in matters.new_since(known, begun - timedelta(microseconds=1))}
    return [member for member in lately if str(member.article.id) in new]


def _as_member(member: StoryMember) -> matters.Member:
    assert member.told_at is not None
    return matters.Member(
        article=f"{member.article.id}",
        publisher=member.article.publisher,
        told_at=member.told_at,
        title=member.article.headline,
        reason=member.reason,
        acts=member.acts,
        copy_of="another" if member.copy else "",
    )


def _first_told(members: Sequence[StoryMember]) -> dict[int, frozenset[str]]:
    """By article the acts that it was the first to tell."""
    known: set[str] = set()
    found = {}
    for member in members:
        found[member.article.id] = member.acts - known
        known |= member.acts
    return found


def _day_of(member: StoryMember, w: Words) -> date | None:
    return None if member.told_at is None else member.told_at.astimezone(w.zone).date()


# The week, the voices


def as_told(found: Sequence[StoredEvent]) -> tuple[dyads.Told, ...]:
    """Events for the Lage: copies corroborate nothing and are left out."""
    return tuple(
        dyads.Told(act=each.act or each.uid, event=each.event, day=each.day)
        for each in found
        if each.day is not None and not each.copied
    )


def as_voiced(found: Sequence[StoredEvent]) -> tuple[voices.Voiced, ...]:
    return tuple(
        voices.Voiced(
            event=each.event,
            act=each.act or each.uid,
            day=each.day,
            article=str(each.article_id),
            publisher=each.publisher,
        )
        for each in found
        if each.day is not None
    )


def as_gaps(gaps: Sequence[Gap]) -> tuple[dyads.Gap, ...]:
    return tuple(dyads.Gap(first=gap.first, last=gap.last, what=gap.feed) for gap in gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationLine:
    situation: dyads.Situation
    acts: tuple[ActLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPage:
    first: date
    last: date
    lines: tuple[SituationLine, ...]
    due: tuple[MeetingLine, ...]
    unsure: int = 0
    """acts of the week that are not counted because no report is sure enough"""

    @property
    def moved(self) -> tuple[SituationLine, ...]:
        """Where something happened in the week, or nobody listened."""
        return tuple(line for line in self.lines if line.situation.arrow is not dyads.Arrow.QUIET)

    @property
    def quiet(self) -> tuple[SituationLine, ...]:
        return tuple(line for line in self.lines if line.situation.arrow is dyads.Arrow.QUIET)


def week_page(
    first: date,
    situations: Sequence[dyads.Situation],
    acts: Mapping[str, ActLine],
    due: Sequence[MeetingLine],
    unsure: int = 0,
) -> WeekPage:
    """Situations with the acts behind them; dyads that were quiet both weeks say nothing and are left out."""
    last = first + timedelta(days=6)
    return WeekPage(
        first=first,
        last=last,
        lines=tuple(
            SituationLine(situation=each, acts=_told_once([acts[uid] for uid in each.acts if uid in acts]))
            for each in situations
        ),
        due=_begin_between(due, last + timedelta(days=1), last + timedelta(days=7)),
        unsure=unsure,
    )


def _begin_between(meetings: Sequence[MeetingLine], first: date, last: date) -> tuple[MeetingLine, ...]:
    """Those that begin on one of these days, in their order, whatever became of them."""
    dated = [(line.meeting.day_first, line) for line in meetings if line.meeting.day_first is not None]
    return tuple(line for day, line in sorted(dated, key=lambda pair: pair[0]) if first <= day <= last)


def as_counted(lines: Sequence[ActLine], found: Sequence[StoredEvent]) -> dict[str, ActLine]:
    """Acts by id, each as the surest of these events tells it: the surest report of all may be of another week."""
    told: dict[str, list[StoredEvent]] = {}
    for each in found:
        if not each.copied:
            told.setdefault(each.act, []).append(each)
    return {line.uid: _as_told_by(lead(told[line.uid]), line) for line in lines if line.uid in told}


def _as_told_by(stored: StoredEvent, line: ActLine) -> ActLine:
    event = stored.event
    return replace(
        line,
        type=event.type,
        mode=event.mode,
        status=event.status,
        day=stored.day,
        day_last=event.when.last if event.when else stored.day,
        event=stored.uid,
        quote=event.evidence.quote,
        confidence=event.confidence,
        reviewed=stored.reviewed,
        article_id=stored.article_id,
        publisher=stored.publisher,
    )


def sure_ones(found: Sequence[StoredEvent], least: float, first: date, last: date) -> tuple[list[StoredEvent], int]:
    """The events that are sure enough, and how many acts of these days have none."""
    kept = [each for each in found if each.reviewed or each.event.confidence >= least]
    certain = {each.act or each.uid for each in kept}
    of_days = {each.act or each.uid for each in found if each.day is not None and first <= each.day <= last}
    return kept, len(of_days - certain)


def _told_once(lines: Sequence[ActLine]) -> tuple[ActLine, ...]:
    """One sentence often holds several acts; it is shown once."""
    return tuple({line.quote: line for line in reversed(lines)}.values())[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLine:
    """An act in the mode meter: who says it how, with the sentences."""

    row: voices.MeterRow
    event: Event
    sentences: tuple[tuple[voices.Sentence, str, voices.Commitment], ...]
    """each with its voice and how firmly it says so"""


def voice_lines(found: Sequence[StoredEvent], *, contested: bool = False) -> tuple[VoiceLine, ...]:
    """Acts with more than one voice or sentence, contested ones first, then those with most voices."""
    by_event = {(str(each.article_id), each.event.id): each.event for each in found}
    lines = []
    for row in voices.mode_meter(as_voiced(found)):
        if contested and not row.contested:
            continue
        said = [_voiced(sentence, by_event[sentence.article, sentence.event]) for sentence in row.sentences]
        told = tuple({(each.article, each.quote, voice): (each, voice, grade) for each, voice, grade in said}.values())
        if len(told) < 2:
            continue
        first = row.sentences[0]
        lines.append(VoiceLine(row=row, event=by_event[first.article, first.event], sentences=told))
    return tuple(sorted(lines, key=lambda line: (not line.row.contested, -len(line.row.voices), -len(line.sentences))))


def loudest(lines: Sequence[VoiceLine], most: int = 5) -> tuple[str, ...]:
    """The voices that speak in most of these acts, the newsroom ("") first: the columns of the meter."""
    heard = Counter(voice for line in lines for voice, _ in line.row.voices if voice)
    return ("", *(voice for voice, _ in heard.most_common(most)))


def _voiced(sentence: voices.Sentence, event: Event) -> tuple[voices.Sentence, str, voices.Commitment]:
    return sentence, event.speaker.code if event.speaker else "", voices.commitment(event)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarometerLine:
    meeting: Meeting
    before: tuple[voices.Reading, ...]
    after: tuple[voices.Reading, ...]
    divergence: float


def barometer_lines(meetings: Sequence[MeetingLine], found: Sequence[StoredEvent]) -> tuple[BarometerLine, ...]:
    """Meetings around which a side of theirs hoped or dampened hopes, the latest first."""
    voiced = _once(as_voiced(found))
    lines = []
    for line in meetings:
        if line.meeting.day_first is None:
            continue
        told = voices.barometer(voiced, line.meeting.day_first, sides=frozenset(line.meeting.parties))
        if told.before or told.after:
            lines.append(
                BarometerLine(meeting=line.meeting, before=told.before, after=told.after, divergence=told.divergence)
            )
    return tuple(sorted(lines, key=lambda line: line.meeting.day_first or date.min, reverse=True))


def barometer_lately(found: Sequence[StoredEvent], day: date, *, days: int = 30) -> tuple[voices.Reading, ...]:
    """How every side talked of late, whatever of: those with most statements first."""
    told = voices.barometer(_once(as_voiced(found)), day + timedelta(days=1), days=days)
    return tuple(sorted(told.before, key=lambda reading: -reading.count))


def _once(voiced: Sequence[voices.Voiced]) -> tuple[voices.Voiced, ...]:
    """Each sentence of a side once, however many events are read in it and however many houses print it."""
    seen: dict[tuple[str, str], voices.Voiced] = {}
    for one in voiced:
        side = one.event.speaker or (one.event.actors[0] if len(one.event.actors) == 1 else None)
        seen.setdefault((side.code if side else "", one.event.evidence.quote), one)
    return tuple(seen.values())


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a filter form offers."""

    types: tuple[EventType, ...] = tuple(EventType)
    statuses: tuple[Status, ...] = tuple(Status)
    publishers: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A filter form as it was filled in; values are kept as given, so that the form shows them again."""

    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")
