"""Meetings with a memory: announced → confirmed → moved → held → outcome, or cancelled, or overdue without report.

A pure state machine. `advance` takes a meeting and an event that means it (`meant.py`) and gives the meeting as it stands
then, with one step more in its history if anything is new; what came of it adds `outcomes.py`. Nothing is forgotten and
nothing is guessed: a meeting whose last day passed without a report is overdue, not held.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from extractors.model import BERLIN, Event, Precision, When
from extractors.ontology import EventType, Status
from extractors.places import holds
from extractors.stories.acts import ArticleRef
from extractors.stories.moving import says_moved
from extractors.stories.states import AWAITED, State
from extractors.stories.stems import stems

GRACE = timedelta(days=2)
"""after a meeting's last day, until it is overdue: reports of a late evening come the next day, or the day after"""
HELD_SURE = 0.5
"""how sure a report must be that brings a meeting back that was called off, or is known by its day alone"""
AFTERWARDS, POSSIBLE = "spoken of after it was called off", "spoken of as possible"
ASIDES = frozenset({AFTERWARDS, POSSIBLE})
"""reasons of steps that say nothing of how the meeting stands"""
_ROUGHLY = 1
"""days by which an exact day may lie beside rough ones of the same meeting"""
LASTING = frozenset({"lasting", "day-range", "day-range-over-months", "weekday-range", "today-and-tomorrow"})
"""rules of times that name the first and the last day: "am Dienstag und Mittwoch" """


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that became known about a meeting: when, from which event, in which words."""

    at: datetime
    state: State
    event: str = ""
    article: str = ""
    publisher: str = ""
    quote: str = ""
    when: When | None = None
    place: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting as it stands. `sequence` counts what a calendar must learn, as iCalendar's SEQUENCE does."""

    uid: str
    state: State
    parties: frozenset[str]
    when: When | None = None
    place: str = ""
    mode: str = ""
    words: frozenset[str] = frozenset()
    outcome: str = ""
    sequence: int = 0
    history: tuple[Step, ...] = ()

    @property
    def last_day(self) -> date | None:
        return self.when.last if self.when else None


def announce(event: Event, article: ArticleRef, at: datetime) -> Meeting:
    """A meeting that is told of for the first time. Raises ValueError if the event is no meeting."""
    if event.type is not EventType.CONSULT:
        raise ValueError(f"a meeting is a CONSULT, not {event.type}")
    meeting = Meeting(
        uid=_uid(event, article),
        state=State.HELD if is_over(event, event.when, article) else State.ANNOUNCED,
        parties=event.parties,
        when=event.when,
        place=town(event),
        mode=event.mode,
        words=stems(event.evidence.quote),
    )
    if _is_off(event):
        meeting = replace(meeting, state=State.CANCELLED)
    return with_step(meeting, event, article, at, "first told")


def begins(event: Event) -> bool:
    """Whether an event of no known meeting puts one into the calendar: what is announced, or denied for a day. That there was no
    meeting is told of any two; without a day it would stand there for ever."""
    if event.type is not EventType.CONSULT or not event.parties:
        return False
    return event.status is Status.PLANNED or (event.status is Status.NEGATED and event.when is not None)


def _uid(event: Event, article: ArticleRef) -> str:
    parts = (article.article, *sorted(event.parties), event.evidence.quote)
    return "meeting_" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def telling(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events of an article that may speak of meetings, in their order.

    Who says that a meeting is called off names it, and a sentence that is read both ways only calls it off: "Moskau hat die
    für Donnerstag geplanten Gespräche abgesagt" announces nothing. Another day in the same sentence is another meeting.
    """
    told = [event for event in events if event.type is EventType.CONSULT or event.mode == "meet"]
    off = [event for event in told if _is_off(event) and not _is_moved(event, told)]
    return tuple(
        event
        for event in told
        if event in off or not (_is_off(event) or any(_of_one_meeting(event, other) for other in off))
    )


def _is_moved(event: Event, told: Iterable[Event]) -> bool:
    """Whether a sentence that calls a meeting off says when or where it will be instead."""
    if says_moved(event) is None:
        return False
    return any(other.status is Status.PLANNED and _of_one_sentence(event, other) for other in told)


def _of_one_meeting(event: Event, other: Event) -> bool:
    """Whether two readings of a sentence are of one meeting."""
    return _of_one_sentence(event, other) and not days_apart(event.when, other.when)


def _of_one_sentence(event: Event, other: Event) -> bool:
    """Whether two events are read in one sentence of the same party."""
    return event.evidence.quote == other.evidence.quote and bool(event.parties & other.parties)


# --- what an event says of a meeting ----------------------------------------------------------------------------------


def is_over(event: Event, when: When | None, article: ArticleRef) -> bool:
    """Whether a report tells that a meeting took place or has begun: "sie haben sich auf den 27. verständigt" does not."""
    if event.status not in (Status.PAST, Status.ONGOING, Status.HISTORICAL):
        return False
    return when is None or when.first <= article.told_at.astimezone(BERLIN).date()


_PLANNED = re.compile(r"\b(?:das|dem|des|beim|vom|zum|die|der|den) [^.,;]*\bgeplante[nrs]?\b", re.IGNORECASE)


def points_at(meeting: Meeting, event: Event) -> bool:
    """Whether a sentence points at the meeting that is known for that day and town ("das für Montag geplante Treffen in Oslo"):
    who speaks of it may be taken for those who meet. One party in common is enough."""
    if event.when is None or meeting.when is None or event.when.precision is not Precision.DAY:
        return False
    its_day_and_town = event.when.first == meeting.when.first and is_there(meeting, event)
    return its_day_and_town and bool(event.parties & meeting.parties) and bool(_PLANNED.search(event.evidence.quote))


def cancels(event: Event) -> bool:
    return event.type is EventType.REJECT and event.mode == "meet"


def _is_off(event: Event) -> bool:
    """Whether a sentence calls a meeting off. One that puts it off to the very day that was read of it gives it a new day."""
    return cancels(event) or (event.status is Status.NEGATED and not _is_put_off(event))


def _is_put_off(event: Event) -> bool:
    words = event.when.words if event.when else ""
    to_that_day = re.search(rf"\bauf (?:\w+ )?{re.escape(words)}\b", event.evidence.quote) if words else None
    return to_that_day is not None and says_moved(event) is not None


def days_apart(one: When | None, other: When | None) -> int | None:
    """Days between two times, 0 if they touch; None unless both are known."""
    if one is None or other is None:
        return None
    return max(0, (one.first - other.last).days, (other.first - one.last).days)


def town(event: Event) -> str:
    return event.place.name if event.place else ""


def is_there(meeting: Meeting, event: Event) -> bool:
    """Whether an event names the meeting's town."""
    return event.place is not None and event.place.name.casefold() == meeting.place.casefold()


def is_elsewhere(one: str, other: str) -> bool:
    """Whether two towns are known and are not one; a country, or Europe, is not elsewhere than a town in it."""
    return bool(one and other) and one.casefold() != other.casefold() and not (holds(one, other) or holds(other, one))


def _more_exact(one: str, other: str) -> str:
    """The first of two places, if it is known and not a country, or Europe, that holds the second."""
    return other if not one or (other and holds(one, other)) else one


# --- how it goes on ---------------------------------------------------------------------------------------------------


def advance(meeting: Meeting, event: Event, article: ArticleRef, at: datetime) -> Meeting:
    """The meeting after an event that means it. The same report again changes nothing.

    A held meeting stays held whatever is still announced of it; a cancelled one lives on only if it is announced anew
    or reported as held by a sentence that is more likely read right than wrong and names all who were to meet, or the
    town: most of what is still said of it looks back on how it was called off, or is of others on its day. A report that is
    older than what is known moves nothing and calls nothing off: what it says of days and plans was so before.
    """
    this = event.id
    if any(step.event == this and step.article == article.article for step in meeting.history):
        return meeting
    late = _came_late(meeting, article) or (_is_off(event) and _had_once(meeting, event))
    state, reason = _next(meeting, event, article, late=late)
    when = _when_then(meeting, event, state, late=late)
    stays_off = meeting.state is State.CANCELLED and state is State.CANCELLED
    settled = meeting.state is State.HELD or stays_off or (late and meeting.place)
    changed = replace(
        meeting,
        state=state,
        when=when,
        place=meeting.place if settled else _more_exact(town(event), meeting.place),
        # What is still said of one that is off may be of another: it tells neither who would have met nor in which words.
        parties=meeting.parties if stays_off else _who_then(meeting, event),
        words=meeting.words if stays_off else meeting.words | stems(event.evidence.quote),
        mode=meeting.mode or event.mode,
    )
    news = _told(changed) != _told(meeting)
    return with_step(replace(changed, sequence=meeting.sequence + news), event, article, at, reason)


def _who_then(meeting: Meeting, event: Event) -> frozenset[str]:
    """Those who meet, as far as is known then. The state where a body meets is not its guest."""
    if cancels(event) or points_at(meeting, event):
        return meeting.parties
    host = event.place.country if event.place and len(meeting.parties) == 1 else ""
    return meeting.parties | (event.parties - {host})


def _came_late(meeting: Meeting, article: ArticleRef) -> bool:
    """Whether a later report is known already, as of a first pass, which reads a feed from its newest entry, or a recode."""
    return any(article.told_at < step.at for step in meeting.history if step.article)


def _next(meeting: Meeting, event: Event, article: ArticleRef, *, late: bool) -> tuple[State, str]:
    if _is_off(event):
        if meeting.state is State.HELD:
            return State.HELD, "denied after it was held"
        if _had_once(meeting, event):
            return meeting.state, "called off for a day that it no longer has"
        if late and meeting.state is not State.CANCELLED:
            return meeting.state, "called off in a report that came late"
        return State.CANCELLED, "called off"
    if is_over(event, event.when or meeting.when, article):
        if meeting.state is State.CANCELLED and not _held_after_all(meeting, event):
            return State.CANCELLED, AFTERWARDS
        return State.HELD, "reported as held" if event.status is not Status.ONGOING else "reported as under way"
    if meeting.state is State.HELD:
        return State.HELD, "announced in a report that came late"
    if _days_changed(meeting, event):
        if late:
            return meeting.state, "another day in a report that came late"
        return State.MOVED, "another day than before"
    if is_elsewhere(meeting.place, town(event)) and says_moved(event) and not late:
        return State.MOVED, "another town than before"
    return _confirmed(meeting, event, article, late=late)


def _held_after_all(meeting: Meeting, event: Event) -> bool:
    """Whether a report of what happened is of a meeting that was called off, and not of who else met on its day."""
    return event.confidence >= HELD_SURE and (is_there(meeting, event) or meeting.parties <= event.parties)


def _confirmed(meeting: Meeting, event: Event, article: ArticleRef, *, late: bool) -> tuple[State, str]:
    """A second house, or a party that says so itself, confirms; a conditional says nothing new."""
    if event.status is Status.HYPOTHETICAL:
        return meeting.state, POSSIBLE
    if meeting.state in (State.CANCELLED, State.OVERDUE):
        return (meeting.state, "announced in a report that came late") if late else (State.ANNOUNCED, "announced anew")
    others = {step.publisher for step in meeting.history} - {article.publisher}
    if event.speaker and event.speaker.code in meeting.parties:
        return State.CONFIRMED, f"confirmed by {event.speaker.code}"
    if others and not article.agencies:
        return State.CONFIRMED, f"told by {article.publisher} too"
    return meeting.state, "told again"


def _had_once(meeting: Meeting, event: Event) -> bool:
    """Whether an event is of a day for which the meeting was planned before it got another one."""
    return _days_changed(meeting, event) and any(days_apart(step.when, event.when) == 0 for step in meeting.history)


def _days_changed(meeting: Meeting, event: Event) -> bool:
    """Whether an event is of other days than the meeting. "Ende der Woche" and then "am Donnerstag" only became exact."""
    apart = days_apart(event.when, meeting.when) or 0
    rough = any(when is not None and not _exactness(when) for when in (event.when, meeting.when))
    return apart > 0 and not (rough and apart <= _ROUGHLY and says_moved(event) is None)


def _when_then(meeting: Meeting, event: Event, state: State, *, late: bool) -> When | None:
    if event.when is None or (late and _days_changed(meeting, event)):
        return meeting.when
    if meeting.when is None:
        return event.when
    if not _days_changed(meeting, event):
        # "Im April sprachen beide" says less than the day that is known, and one of its days less than that it lasts for two.
        return event.when if _exactness(event.when) > _exactness(meeting.when) else meeting.when
    again = state is State.MOVED or meeting.state in (State.CANCELLED, State.OVERDUE)
    return event.when if again else meeting.when


def _exactness(when: When) -> int:
    """How well days are known: by their first and last, by one of them, or hardly."""
    return 2 if when.rule in LASTING else int(when.precision is Precision.DAY)


def _told(meeting: Meeting) -> tuple[object, ...]:
    when = (meeting.when.first, meeting.when.last) if meeting.when else None
    return (meeting.state, when, meeting.place, meeting.outcome)


def with_step(meeting: Meeting, event: Event, article: ArticleRef, at: datetime, reason: str) -> Meeting:
    """The meeting with one step more in its history: how it stands now, and what of an event says so."""
    step = Step(
        at=at,
        state=meeting.state,
        event=event.id,
        article=article.article,
        publisher=article.publisher,
        quote=event.evidence.quote,
        when=event.when,
        place=town(event),
        reason=reason,
    )
    return replace(meeting, history=(*meeting.history, step))


def upset(before: Meeting, after: Meeting) -> State | None:
    """What those who rely on the plan must hear of: that a meeting was moved or called off, or is on again; None if nothing."""
    if after.state is State.CANCELLED:
        return None if before.state is State.CANCELLED else State.CANCELLED
    if after.state is State.MOVED and _told(before) != _told(after):
        return State.MOVED
    return State.ANNOUNCED if (before.state, after.state) == (State.CANCELLED, State.ANNOUNCED) else None


def late(state: str, last: date | None, now: datetime) -> bool:
    """Whether a meeting in this state, with this last day (UTC), is overdue at `now` and nobody has said so yet."""
    if last is None or state not in AWAITED:
        return False
    return now >= datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1) + GRACE


def due(meeting: Meeting, now: datetime) -> Meeting:
    """The meeting at `now`: overdue if its last day is over for two days and nobody told that it took place."""
    last = meeting.last_day
    if last is None or not late(meeting.state, last, now):
        return meeting
    step = Step(at=now, state=State.OVERDUE, reason=f"no report since {last.isoformat()}")
    return replace(meeting, state=State.OVERDUE, sequence=meeting.sequence + 1, history=(*meeting.history, step))


def twins(known: Iterable[Meeting]) -> tuple[tuple[Meeting, Meeting], ...]:
    """Meetings that are one, as (older, younger): the same who meet, on the same day, nothing against it; each once."""
    found: list[tuple[Meeting, Meeting]] = []
    first: dict[tuple[object, ...], list[Meeting]] = {}
    for meeting in sorted((each for each in known if each.history), key=lambda each: (each.history[0].at, each.uid)):
        if meeting.when is None or meeting.when.precision is not Precision.DAY or len(meeting.parties) < 2:
            continue
        same = first.setdefault((meeting.parties, meeting.when.first, meeting.when.last), [])
        older = next((each for each in same if not is_elsewhere(each.place, meeting.place)), None)
        if older is None:
            same.append(meeting)
        else:
            found.append((older, meeting))
    return tuple(found)


_FIRMNESS = (State.ANNOUNCED, State.OVERDUE, State.CONFIRMED, State.MOVED, State.CANCELLED, State.HELD)


def merge(older: Meeting, younger: Meeting) -> Meeting:
    """Two meetings as one, under the older one's uid, with the steps of both in the order in which they became known."""
    history = tuple(sorted({*older.history, *younger.history}, key=lambda step: (step.at, step.event)))
    return replace(
        older,
        state=max(older.state, younger.state, key=_FIRMNESS.index),
        place=_more_exact(older.place, younger.place),
        mode=older.mode or younger.mode,
        words=older.words | younger.words,
        outcome=older.outcome or younger.outcome,
        sequence=max(older.sequence, younger.sequence) + 1,
        history=history,
    )
