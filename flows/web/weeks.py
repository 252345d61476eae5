"""What the events of some days come to together: the Lage of a week, the mode meter, the barometer. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from extractors.model import BERLIN, Event
from extractors.stories import dyads, voices
from extractors.stories.states import State
from flows.web.pages import MeetingLine, lead
from storage.queries import Gap, StoredEvent
from storage.room_queries import ActLine
from storage.tracking import Meeting


class Counted(Protocol):
    """What is counted of an event: of a `StoredEvent`, or of its `Gist`."""

    @property
    def row(self) -> int: ...
    @property
    def uid(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def day(self) -> date | None: ...
    @property
    def event(self) -> Event: ...
    @property
    def article_id(self) -> int: ...
    @property
    def published_at(self) -> datetime | None: ...
    @property
    def stand(self) -> datetime | None: ...
    @property
    def copied(self) -> bool: ...
    @property
    def reviewed(self) -> bool: ...


C = TypeVar("C", bound=Counted)


def as_told(found: Sequence[Counted]) -> tuple[dyads.Told, ...]:
    """Events for the Lage: copies corroborate nothing and are left out."""
    return tuple(
        dyads.Told(act=each.act or each.uid, event=each.event, day=each.day, reviewed=each.reviewed)
        for each in found
        if each.day is not None and not each.copied
    )


def as_voiced(found: Sequence[Counted]) -> tuple[voices.Voiced, ...]:
    return tuple(
        voices.Voiced(
            event=each.event,
            act=each.act or each.uid,
            day=_said_on(each.day, each),
            article=str(each.article_id),
        )
        for each in found
        if each.day is not None
    )


def _said_on(day: date, stored: Counted) -> date:
    """The day for which an event counts as something said: who speaks on the 12th of talks on the 20th speaks before them."""
    told = stored.stand or stored.published_at
    return day if told is None else min(day, told.astimezone(BERLIN).date())


def as_gaps(gaps: Sequence[Gap]) -> tuple[dyads.Gap, ...]:
    return tuple(dyads.Gap(first=gap.first, last=gap.last) for gap in gaps)


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
    more: int = 0
    """dyads that something happened in, and that are not shown"""

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
    more: int = 0,
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
        more=more,
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


def counting(found: Sequence[C]) -> list[C]:
    """What the Lage counts: what no copy tells, and what has two sides."""
    return [each for each in found if not each.copied and dyads.dyads_of(each.event)]


def sure_ones(found: Sequence[C], least: float, first: date, last: date) -> tuple[list[C], int]:
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


def voice_lines(found: Sequence[Counted], *, contested: bool = False) -> tuple[VoiceLine, ...]:
    """Acts with more than one voice or sentence, contested ones first, then those with most voices."""
    lines = []
    by_act: dict[str, list[Counted]] = {}
    for each in found:
        by_act.setdefault(each.act or each.uid, []).append(each)
    for row in voices.mode_meter(as_voiced(found)):
        if contested and not row.contested:
            continue
        said = map(_voiced, row.sentences)
        told = tuple({(each.article, each.quote, voice): (each, voice, grade) for each, voice, grade in said}.values())
        if len(told) < 2:
            continue
        lines.append(VoiceLine(row=row, event=lead(by_act[row.act]).event, sentences=told))
    return tuple(sorted(lines, key=lambda line: (not line.row.contested, -len(line.row.voices), -len(line.sentences))))


def unsure_lines(
    found: Sequence[Counted], sure: Sequence[Counted], lines: Sequence[VoiceLine], *, contested: bool
) -> int:
    """How many acts more there would be in the mode meter, whose `lines` are of the sure ones, if all counted."""
    certain, shown = {each.row for each in sure}, {line.row.act for line in lines}
    acts = {each.act or each.uid for each in found if each.row not in certain} - shown
    return len(voice_lines([each for each in found if (each.act or each.uid) in acts], contested=contested))


def loudest(lines: Sequence[VoiceLine]) -> tuple[str, ...]:
    """The voices that speak in most of these acts, the newsroom ("") first: the columns of the meter."""
    heard = Counter(voice for line in lines for voice, _ in line.row.voices if voice)
    return ("", *(voice for voice, _ in heard.most_common(5)))


def _voiced(sentence: voices.Sentence) -> tuple[voices.Sentence, str, voices.Commitment]:
    event = sentence.told
    return sentence, event.speaker.code if event.speaker else "", voices.commitment(event)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarometerLine:
    meeting: Meeting
    before: tuple[voices.Reading, ...]
    after: tuple[voices.Reading, ...]
    divergence: float


def expecting(found: Sequence[Counted]) -> dict[int, voices.Statement]:
    """What these events say of talks, by their rows."""
    dated = [each for each in found if each.day is not None]
    said = zip(dated, map(voices.statement, as_voiced(dated)), strict=True)
    return {each.row: one for each, one in said if one is not None}


def said_once(said: Iterable[voices.Statement]) -> tuple[voices.Statement, ...]:
    """Each sentence of a side once, as it was first said, however many events are read in it and houses print it."""
    seen: dict[tuple[str, str], voices.Statement] = {}
    for one in sorted(said, key=lambda one: one.sentence.day):
        seen.setdefault((one.side, one.sentence.quote), one)
    return voices.in_order(seen.values())


def barometer_lines(meetings: Sequence[MeetingLine], said: Sequence[voices.Statement]) -> tuple[BarometerLine, ...]:
    """Meetings around which a side of theirs hoped or dampened hopes, the latest first."""
    lines = []
    for line in meetings:
        if line.meeting.day_first is None:
            continue
        told = voices.barometer(said, line.meeting.day_first, sides=frozenset(line.meeting.parties))
        if line.meeting.state == State.CANCELLED:  # what was said later was of other talks
            told = replace(told, after=())
        if told.before or told.after:
            lines.append(
                BarometerLine(meeting=line.meeting, before=told.before, after=told.after, divergence=told.divergence)
            )
    return tuple(sorted(lines, key=lambda line: line.meeting.day_first or date.min, reverse=True))


def barometer_lately(said: Sequence[voices.Statement], day: date) -> tuple[voices.Reading, ...]:
    """How every side talked of late, whatever of: those with most statements first."""
    told = voices.barometer(said, day + timedelta(days=1), days=30)
    return tuple(sorted(told.before, key=lambda reading: -reading.count))


def statements(lines: Sequence[BarometerLine], lately: Sequence[voices.Reading]) -> frozenset[tuple[str, str]]:
    """What the barometer counts, as (side, sentence)."""
    readings = (*lately, *(reading for line in lines for reading in (*line.before, *line.after)))
    return frozenset((reading.side, sentence.quote) for reading in readings for sentence in reading.sentences)
