"""Meetings with a memory: announced → confirmed → moved → held → outcome, or cancelled, or overdue without report.

A pure state machine. `advance` takes a meeting and an event that means it and gives the meeting as it stands then, with
one step more in its history if anything is new. Nothing is forgotten and nothing is guessed: a meeting whose last day
passed without a report is overdue, not held.
"""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from extractors.actors.bodies import BODIES, is_member
from extractors.model import BERLIN, Event, Precision, When
from extractors.ontology import EventType, Status
from extractors.stories.acts import ArticleRef
from extractors.stories.moving import says_moved
from extractors.stories.stems import stems

GRACE = timedelta(days=2)
"""after a meeting's last day, until it is overdue: reports of a late evening come the next day, or the day after"""
SAME_DAYS = 3
"""days by which two dates of one meeting may differ when nothing says that it was moved"""
NEAR = timedelta(days=21)
"""before a meeting's day: who speaks of one without its day speaks of it"""
UNDATED = timedelta(days=60)
"""so long after it was last told of a meeting without a day may be the one that is spoken of"""
OUTCOME_DAYS = 14
"""days after a meeting in which an agreement or a refusal of its parties may be its outcome"""
HELD_SURE = 0.5
"""how sure a report must be that brings a meeting back that was called off, or is known by its day alone"""
OUTCOME_SURE = 0.5
"""what is less certain is not put down as what came of a meeting: it would stand there as a fact"""
OUTCOMES = frozenset({EventType.AGREE, EventType.CONCEDE, EventType.REJECT, EventType.SUPPORT, EventType.STATE})


class State(enum.StrEnum):
    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    HELD = "held"
    CANCELLED = "cancelled"
    OVERDUE = "overdue"


AFTERWARDS, POSSIBLE = "spoken of after it was called off", "spoken of as possible"
ASIDES = frozenset({AFTERWARDS, POSSIBLE})
"""reasons of steps that say nothing of how the meeting stands"""
OUTCOME = "outcome: "
"""begins the reason of the step that tells what came of a meeting"""
ENDED = frozenset({State.HELD, State.CANCELLED})
LONGEST = 4
"""days after its first to which a meeting may last whose report need not name its day"""
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
        state=State.HELD if _is_over(event, event.when, article) else State.ANNOUNCED,
        parties=event.parties,
        when=event.when,
        place=event.place.name if event.place else "",
        mode=event.mode,
        words=stems(event.evidence.quote),
    )
    if _is_off(event):
        meeting = replace(meeting, state=State.CANCELLED)
    return replace(meeting, history=(_step(meeting, event, article, at, "first told"),))


def begins(event: Event) -> bool:
    """Whether an event of no known meeting puts one into the calendar: what is announced, or denied for a day. That there was no
    meeting is told of any two; without a day it would stand there for ever."""
    if event.type is not EventType.CONSULT or not event.parties:
        return False
    return event.status is Status.PLANNED or (event.status is Status.NEGATED and event.when is not None)


def _is_over(event: Event, when: When | None, article: ArticleRef) -> bool:
    """Whether a report tells that a meeting took place or has begun: "sie haben sich auf den 27. verständigt" does not."""
    if event.status not in (Status.PAST, Status.ONGOING, Status.HISTORICAL):
        return False
    return when is None or when.first <= article.told_at.astimezone(BERLIN).date()


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
    told = [event for event in told if event in off or not _is_off(event)]
    return tuple(event for event in told if event in off or not any(_of_one_meeting(event, other) for other in off))


def _is_moved(event: Event, told: Iterable[Event]) -> bool:
    """Whether a sentence that calls a meeting off says when or where it will be instead."""
    if says_moved(event) is None:
        return False
    planned = (
        other for other in told if other.status is Status.PLANNED and other.evidence.quote == event.evidence.quote
    )
    return any(event.parties & other.parties for other in planned)


def _of_one_meeting(event: Event, other: Event) -> bool:
    """Whether two readings of a sentence are of one meeting."""
    one_sentence = event.evidence.quote == other.evidence.quote and event.parties & other.parties
    return bool(one_sentence) and (event.when is None or other.when is None or _apart(event.when, other.when) == 0)


def means(meeting: Meeting, event: Event, article: ArticleRef) -> tuple[bool, str]:
    """Whether an event speaks of this meeting, and why or why not."""
    if event.type is not EventType.CONSULT and not _cancels(event):
        return False, f"{event.type} is no meeting"
    shared = event.parties & meeting.parties
    if _points_at(event, meeting):
        return True, f"{', '.join(sorted(shared))}; the planned one of that day and town"
    if len(shared) < min(2, len(meeting.parties), len(event.parties)):
        body = _of_one_body(event, meeting)
        return (True, f"{body}; its days and town") if body else (False, "too few parties in common")
    place = event.place.name if event.place else ""
    if (event.mode == "phone" != meeting.mode and meeting.place) or (meeting.mode == "phone" != event.mode and place):
        return False, f"who telephones is not in {meeting.place or place}"
    elsewhere = bool(place and meeting.place and place.casefold() != meeting.place.casefold())
    if event.when and meeting.when:
        apart = _apart(event.when, meeting.when)
        if apart == 0 and not elsewhere:
            return True, f"{', '.join(sorted(shared))}; the days meet"
        if apart <= SAME_DAYS and not elsewhere and _alike(event, meeting) >= 0.3:
            return True, f"{', '.join(sorted(shared))}; {apart} days apart, alike in words"
        return _moved_to(event, meeting, apart)
    if elsewhere:
        return _moved_elsewhere(event, meeting, article)
    return _undated(meeting, event, article)


def _of_one_body(event: Event, meeting: Meeting) -> str:
    """The body whose meeting both are, by its days and town, whichever of its members each names; "" where its guests differ."""
    if event.place is None or event.when is None or meeting.when is None or _apart(event.when, meeting.when):
        return ""
    for body in sorted(event.parties & meeting.parties & BODIES):
        mine, others = (_guests(body, parties, meeting.when.first) for parties in (event.parties, meeting.parties))
        if event.place.name.casefold() == meeting.place.casefold() and (mine <= others or others <= mine):
            return body
    return ""


def _guests(body: str, parties: frozenset[str], on: date) -> frozenset[str]:
    return frozenset(code for code in parties - {body} if not is_member(code, body, on))


_PLANNED = re.compile(r"\b(?:das|dem|des|beim|vom|zum|die|der|den) [^.,;]*\bgeplante[nrs]?\b", re.IGNORECASE)


def _points_at(event: Event, meeting: Meeting) -> bool:
    """Whether a sentence points at the meeting that is known for that day and town ("das für Montag geplante Treffen in Oslo"):
    who speaks of it may be taken for those who meet. One party in common is enough."""
    if event.place is None or event.when is None or meeting.when is None or not event.parties & meeting.parties:
        return False
    if event.place.name.casefold() != meeting.place.casefold() or _PLANNED.search(event.evidence.quote) is None:
        return False
    return _exact(event.when) and event.when.first == meeting.when.first


def _exact(when: When) -> bool:
    return when.precision is Precision.DAY


def _cancels(event: Event) -> bool:
    return event.type is EventType.REJECT and event.mode == "meet"


def _is_off(event: Event) -> bool:
    """Whether a sentence calls a meeting off. One that puts it off to the very day that was read of it gives it a new day."""
    return _cancels(event) or (event.status is Status.NEGATED and not _is_put_off(event))


def _is_put_off(event: Event) -> bool:
    words = event.when.words if event.when else ""
    to_that_day = re.search(rf"\bauf (?:\w+ )?{re.escape(words)}\b", event.evidence.quote) if words else None
    return to_that_day is not None and says_moved(event) is not None


def _moved_to(event: Event, meeting: Meeting, apart: int) -> tuple[bool, str]:
    row = says_moved(event)
    if row and apart <= 90 and meeting.state is not State.HELD and (not row.later or _puts_off(event, meeting)):
        return True, f"the sentence says that it was moved: {row.name} ({apart} days)"
    return False, f"{apart} days apart"


def _puts_off(event: Event, meeting: Meeting) -> bool:
    """Whether an event is of the same who meet, and of a later day."""
    if event.when is None or meeting.when is None:
        return False
    return event.parties == meeting.parties and event.when.first > meeting.when.last


def _moved_elsewhere(event: Event, meeting: Meeting, article: ArticleRef) -> tuple[bool, str]:
    """Of another town and no day: it must say that the meeting was moved, before it takes place."""
    assert event.place is not None
    row = says_moved(event)
    if row and not row.later and meeting.state not in ENDED and _is_near(meeting, article):
        return True, f"the sentence says that it was moved: {row.name} (to {event.place.name})"
    return False, f"{event.place.name} is not {meeting.place}"


def _undated(meeting: Meeting, event: Event, article: ArticleRef) -> tuple[bool, str]:
    """Without a day on one side, the report must come near the meeting and speak of it in like words, or on its days of those
    who meet as having met."""
    alike = _alike(event, meeting)
    if _is_near(meeting, article) and alike >= 0.3:
        return True, f"undated, alike in words ({alike:.2f})"
    if _told_on_its_days(meeting, event, article):
        return True, "undated, told on its days of all who meet"
    return False, "undated, and not alike enough"


def _is_near(meeting: Meeting, article: ArticleRef) -> bool:
    """Whether an article comes so near the meeting's days that it may speak of it; without a day, so soon after it was last told of."""
    day = article.told_at.date()
    if meeting.when is not None:
        return meeting.when.first - NEAR <= day <= meeting.when.last + GRACE
    return not meeting.history or abs(day - meeting.history[-1].at.date()) <= UNDATED


def _told_on_its_days(meeting: Meeting, event: Event, article: ArticleRef) -> bool:
    """Whether all who are to meet are told to have met, on one of the few days for which that was announced, or the next."""
    when, place = meeting.when, event.place.name if event.place else ""
    if when is None or (when.last - when.first).days > LONGEST:
        return False
    if len(meeting.parties) < 2 and not (place and place.casefold() == meeting.place.casefold()):
        return False  # a body meets every day
    if (
        event.type is not EventType.CONSULT
        or not _is_over(event, when, article)
        or not meeting.parties <= event.parties
    ):
        return False
    if event.confidence < HELD_SURE:
        return False
    # On such a day they may telephone as well.
    called = "phone" in (event.mode, meeting.mode) and event.mode != meeting.mode
    return not called and when.first <= article.told_at.astimezone(BERLIN).date() <= when.last + timedelta(days=1)


def _apart(one: When, other: When) -> int:
    """Days between two times, 0 if they touch."""
    return max(0, (one.first - other.last).days, (other.first - one.last).days)


def _alike(event: Event, meeting: Meeting) -> float:
    mine = stems(event.evidence.quote)
    return len(mine & meeting.words) / max(1, min(len(mine), len(meeting.words)))


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
    place = event.place.name if event.place and not settled else meeting.place
    changed = replace(
        meeting,
        state=state,
        when=when,
        place=place or meeting.place,
        # What is still said of one that is off may be of another: it tells neither who would have met nor in which words.
        parties=meeting.parties if stays_off else _who_then(meeting, event),
        words=meeting.words if stays_off else meeting.words | stems(event.evidence.quote),
        mode=meeting.mode or event.mode,
    )
    news = _told(changed) != _told(meeting)
    step = _step(changed, event, article, at, reason)
    return replace(changed, sequence=meeting.sequence + news, history=(*meeting.history, step))


def _who_then(meeting: Meeting, event: Event) -> frozenset[str]:
    """Those who meet, as far as is known then. The state where a body meets is not its guest."""
    if _cancels(event) or _points_at(event, meeting):
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
    if _is_over(event, event.when or meeting.when, article):
        if meeting.state is State.CANCELLED and not _held_after_all(meeting, event):
            return State.CANCELLED, AFTERWARDS
        return State.HELD, "reported as held" if event.status is not Status.ONGOING else "reported as under way"
    if meeting.state is State.HELD:
        return State.HELD, "announced in a report that came late"
    if _days_changed(meeting, event):
        if late:
            return meeting.state, "another day in a report that came late"
        return State.MOVED, "another day than before"
    if _place_changed(meeting, event) and says_moved(event) and not late:
        return State.MOVED, "another town than before"
    return _confirmed(meeting, event, article, late=late)


def _held_after_all(meeting: Meeting, event: Event) -> bool:
    """Whether a report of what happened is of a meeting that was called off, and not of who else met on its day."""
    there = event.place is not None and event.place.name.casefold() == meeting.place.casefold()
    return event.confidence >= HELD_SURE and (there or meeting.parties <= event.parties)


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
    days = (step.when for step in meeting.history if step.when is not None)
    return _days_changed(meeting, event) and any(_apart(day, event.when) == 0 for day in days)  # type: ignore[arg-type]


def _days_changed(meeting: Meeting, event: Event) -> bool:
    both = event.when is not None and meeting.when is not None
    return both and _apart(event.when, meeting.when) > 0  # type: ignore[arg-type]


def _place_changed(meeting: Meeting, event: Event) -> bool:
    return bool(event.place and meeting.place) and event.place.name.casefold() != meeting.place.casefold()  # type: ignore[union-attr]


def _when_then(meeting: Meeting, event: Event, state: State, *, late: bool) -> When | None:
    if event.when is None or (late and _days_changed(meeting, event)):
        return meeting.when
    if meeting.when is None:
        return event.when
    if _apart(event.when, meeting.when) == 0:
        # "Im April sprachen beide" says less than the day that is known, and one of its days less than that it lasts for two.
        first, then = _exactness(meeting.when), _exactness(event.when)
        return event.when if then > first else meeting.when
    again = state is State.MOVED or meeting.state in (State.CANCELLED, State.OVERDUE)
    return event.when if again else meeting.when


def _exactness(when: When) -> int:
    """How well days are known: by their first and last, by one of them, or hardly."""
    return 2 if when.rule in LASTING else int(_exact(when))


def _told(meeting: Meeting) -> tuple[object, ...]:
    when = (meeting.when.first, meeting.when.last) if meeting.when else None
    return (meeting.state, when, meeting.place, meeting.outcome)


def _step(meeting: Meeting, event: Event, article: ArticleRef, at: datetime, reason: str) -> Step:
    return Step(
        at=at,
        state=meeting.state,
        event=event.id,
        article=article.article,
        publisher=article.publisher,
        quote=event.evidence.quote,
        when=event.when,
        place=event.place.name if event.place else "",
        reason=reason,
    )


def upset(before: Meeting, after: Meeting) -> State | None:
    """What those who rely on the plan must hear of: that a meeting was moved or called off, or is on again; None if nothing."""
    if after.state is State.CANCELLED:
        return None if before.state is State.CANCELLED else State.CANCELLED
    if after.state is State.MOVED and _told(before) != _told(after):
        return State.MOVED
    return State.ANNOUNCED if (before.state, after.state) == (State.CANCELLED, State.ANNOUNCED) else None


def late(state: str, last: date | None, now: datetime) -> bool:
    """Whether a meeting in this state, with this last day (UTC), is overdue at `now` and nobody has said so yet."""
    if last is None or state in ENDED or state == State.OVERDUE:
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
        older = next((each for each in same if _one_place(each, meeting)), None)
        if older is None:
            same.append(meeting)
        else:
            found.append((older, meeting))
    return tuple(found)


def _one_place(one: Meeting, other: Meeting) -> bool:
    return not one.place or not other.place or one.place.casefold() == other.place.casefold()


_FIRMNESS = (State.ANNOUNCED, State.OVERDUE, State.CONFIRMED, State.MOVED, State.CANCELLED, State.HELD)


def merge(older: Meeting, younger: Meeting) -> Meeting:
    """Two meetings as one, under the older one's uid, with the steps of both in the order in which they became known."""
    history = tuple(sorted({*older.history, *younger.history}, key=lambda step: (step.at, step.event)))
    return replace(
        older,
        state=max(older.state, younger.state, key=_FIRMNESS.index),
        place=older.place or younger.place,
        mode=older.mode or younger.mode,
        words=older.words | younger.words,
        outcome=older.outcome or younger.outcome,
        sequence=max(older.sequence, younger.sequence) + 1,
        history=history,
    )


def may_come_of_one(event: Event) -> bool:
    """Whether an event can be what came of a meeting."""
    told = event.type in OUTCOMES and event.status is Status.PAST and len(event.parties) > 1
    # A refusal to meet is of another meeting.
    return told and event.confidence >= OUTCOME_SURE and not _cancels(event)


def outcome(meeting: Meeting, event: Event, article: ArticleRef, at: datetime) -> Meeting:
    """A held meeting with what came of it, if the event is its parties' word of it within a fortnight; else unchanged."""
    if meeting.state is not State.HELD or meeting.outcome or meeting.when is None or not may_come_of_one(event):
        return meeting
    since = (article.told_at.date() - meeting.when.first).days
    if len(event.parties & meeting.parties) < 2 or not 0 <= since <= OUTCOME_DAYS:
        return meeting
    if not _is_of_it(meeting, event, article):
        return meeting
    changed = replace(meeting, outcome=f"{event.type}: {event.evidence.quote}", sequence=meeting.sequence + 1)
    return replace(changed, history=(*meeting.history, _step(changed, event, article, at, f"{OUTCOME}{event.type}")))


_AT_IT = re.compile(
    r"\b(?:nach|bei|auf|während) (?:de[mnr]|ihre[mnr]|seine[mnr]) (?:\w+ )?"
    r"\w*(?:treffen|gespräche?n?|telefonats?|gipfels?|verhandlungen|sitzung|beratungen|konferenz|runde)\b",
    re.IGNORECASE,
)


def _is_of_it(meeting: Meeting, event: Event, article: ArticleRef) -> bool:
    """Whether what parties agree or refuse is said of their meeting: they go on to say much to each other for a fortnight."""
    if any(step.article == article.article for step in meeting.history):
        return True
    same_day = event.when is not None and meeting.when is not None and _apart(event.when, meeting.when) == 0
    return same_day or _AT_IT.search(event.evidence.quote) is not None
