"""Meetings and demands worked out from the events at hand, for an archive that keeps none of its own yet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from extractors.model import When
from extractors.ontology import EventType
from extractors.stories import acts, demands, meetings
from storage.queries import StoredEvent
from storage.tracking import Change, Demand, Meeting


def reckoned_meetings(found: Iterable[StoredEvent], now: datetime) -> tuple[tuple[Meeting, tuple[Change, ...]], ...]:
    """The meetings that these events speak of, in the order of their days, as they stand at `now`."""
    standing: list[meetings.Meeting] = []
    numbers: dict[str, int] = {}
    for stored in sorted(found, key=_told):
        numbers[str(stored.article_id)] = stored.article_id
        _meet(standing, stored)
    told = [_meeting(meetings.due(each, now), numbers) for each in standing]
    return tuple(sorted(told, key=lambda pair: (pair[0].day_first is None, pair[0].day_first or now.date())))


def _meet(standing: list[meetings.Meeting], stored: StoredEvent) -> None:
    event, article, at = stored.event, _article(stored), stored.known_from
    for place, meeting in enumerate(standing):
        if meetings.means(meeting, event, article)[0]:
            standing[place] = meetings.advance(meeting, event, article, at)
            return
    if event.type is EventType.CONSULT:
        standing.append(meetings.announce(event, article, at))


def _meeting(meeting: meetings.Meeting, numbers: dict[str, int]) -> tuple[Meeting, tuple[Change, ...]]:
    first, last = _days(meeting.when)
    steps = tuple(
        Change(
            at=step.at,
            state=str(step.state),
            day_first=_days(step.when)[0],
            day_last=_days(step.when)[1],
            place=step.place,
            event=step.event,
            article_id=numbers.get(step.article),
            quote=step.quote,
            reason=step.reason,
        )
        for step in meeting.history
    )
    told = Meeting(
        uid=meeting.uid,
        state=str(meeting.state),
        parties=tuple(sorted(meeting.parties)),
        day_first=first,
        day_last=last,
        precision=str(meeting.when.precision) if meeting.when else "",
        place=meeting.place,
        outcome=meeting.outcome,
        sequence=meeting.sequence,
        created_at=meeting.history[0].at,
        updated_at=meeting.history[-1].at,
    )
    return told, steps


def _days(when: When | None) -> tuple[date | None, date | None]:
    return (when.first, when.last) if when else (None, None)


def reckoned_demands(found: Sequence[StoredEvent]) -> tuple[tuple[Demand, tuple[Change, ...]], ...]:
    """The ledger of demands that these events make up, the last changed first."""
    rows = demands.ledger((stored.event, _article(stored)) for stored in found)
    told = [_demand(row) for row in rows]
    return tuple(sorted(told, key=lambda pair: pair[1][-1].at, reverse=True))


def _demand(row: demands.Demand) -> tuple[Demand, tuple[Change, ...]]:
    steps = tuple(
        Change(
            at=entry.at,
            state=str(entry.answer),
            by=" ".join(sorted(entry.by)),
            event=entry.event,
            article_id=int(entry.article),
            quote=entry.quote,
            reason=entry.reason,
        )
        for entry in row.entries
    )
    told = Demand(
        uid=row.uid,
        state=str(row.answer),
        demanders=tuple(sorted(row.demanders)),
        addressees=tuple(sorted(row.addressees)),
        content=row.content,
        created_at=steps[0].at,
        updated_at=steps[-1].at,
    )
    return told, steps


def _article(stored: StoredEvent) -> acts.ArticleRef:
    return acts.ArticleRef(article=str(stored.article_id), publisher=stored.publisher, told_at=_told(stored))


def _told(stored: StoredEvent) -> datetime:
    return stored.stand or stored.published_at or stored.known_from
