"""Which meeting an event speaks of: by who meets, the days and the town, or by like words near its day."""

from __future__ import annotations

from datetime import date, timedelta

from extractors.actors.bodies import BODIES, is_member
from extractors.model import BERLIN, Event
from extractors.ontology import EventType
from extractors.stories.acts import ArticleRef
from extractors.stories.meetings import (
    GRACE,
    HELD_SURE,
    Meeting,
    cancels,
    days_apart,
    is_elsewhere,
    is_over,
    is_there,
    points_at,
    town,
)
from extractors.stories.moving import says_moved
from extractors.stories.states import ENDED, State
from extractors.stories.stems import stems

SAME_DAYS = 3
"""days by which two dates of one meeting may differ when nothing says that it was moved"""
MOVED_DAYS = 90
"""days by which a meeting may be moved"""
NEAR = timedelta(days=21)
"""before a meeting's day: who speaks of one without its day speaks of it"""
UNDATED = timedelta(days=60)
"""so long after it was last told of a meeting without a day may be the one that is spoken of"""
LONGEST = 4
"""days after its first to which a meeting may last whose report need not name its day"""
ALIKE = 0.3
"""of the fewer words, so many that an event and a meeting share"""


def means(meeting: Meeting, event: Event, article: ArticleRef) -> bool:
    """Whether an event speaks of this meeting."""
    if event.type is not EventType.CONSULT and not cancels(event):
        return False
    if points_at(meeting, event):
        return True
    if len(event.parties & meeting.parties) < min(2, len(meeting.parties), len(event.parties)):
        return _is_of_one_body(meeting, event)
    if _telephones(meeting, event):
        return False
    elsewhere = is_elsewhere(meeting.place, town(event))
    apart = days_apart(event.when, meeting.when)
    if apart is None:
        return _is_moved_elsewhere(meeting, event, article) if elsewhere else _is_undated(meeting, event, article)
    one_day = apart == 0 or (apart <= SAME_DAYS and _alike(meeting, event))
    return (one_day and not elsewhere) or _is_moved_to(meeting, event, apart)


def _is_of_one_body(meeting: Meeting, event: Event) -> bool:
    """Whether both are the meeting of one body, by its days and town, whichever of its members each names; not where its
    guests differ."""
    if meeting.when is None or days_apart(event.when, meeting.when) != 0 or not is_there(meeting, event):
        return False
    for body in event.parties & meeting.parties & BODIES:
        mine, others = (_guests(body, parties, meeting.when.first) for parties in (event.parties, meeting.parties))
        if mine <= others or others <= mine:
            return True
    return False


def _guests(body: str, parties: frozenset[str], on: date) -> frozenset[str]:
    return frozenset(code for code in parties - {body} if not is_member(code, body, on))


def _telephones(meeting: Meeting, event: Event) -> bool:
    """Whether one of the two is by telephone and the other in a town."""
    if event.mode == "phone" != meeting.mode:
        return bool(meeting.place)
    return meeting.mode == "phone" != event.mode and event.place is not None


def _is_moved_to(meeting: Meeting, event: Event, apart: int) -> bool:
    row = says_moved(event)
    if row is None or apart > MOVED_DAYS or meeting.state is State.HELD:
        return False
    return not row.later or _puts_off(meeting, event)


def _puts_off(meeting: Meeting, event: Event) -> bool:
    """Whether an event is of the same who meet, and of a later day."""
    if event.when is None or meeting.when is None:
        return False
    return event.parties == meeting.parties and event.when.first > meeting.when.last


def _is_moved_elsewhere(meeting: Meeting, event: Event, article: ArticleRef) -> bool:
    """Of another town and no day: it must say that the meeting was moved, before it takes place."""
    row = says_moved(event)
    return row is not None and not row.later and meeting.state not in ENDED and _is_near(meeting, article)


def _is_undated(meeting: Meeting, event: Event, article: ArticleRef) -> bool:
    """Without a day on one side, the report must come near the meeting and speak of it in like words, or on its days of those
    who meet as having met."""
    near = _is_near(meeting, article) and _alike(meeting, event)
    return near or _told_on_its_days(meeting, event, article)


def _is_near(meeting: Meeting, article: ArticleRef) -> bool:
    """Whether an article comes so near the meeting's days that it may speak of it; without a day, so soon after it was last told of."""
    day = article.told_at.date()
    if meeting.when is not None:
        return meeting.when.first - NEAR <= day <= meeting.when.last + GRACE
    return not meeting.history or abs(day - meeting.history[-1].at.date()) <= UNDATED


def _told_on_its_days(meeting: Meeting, event: Event, article: ArticleRef) -> bool:
    """Whether all who are to meet are told to have met, on one of the few days for which that was announced, or the next."""
    when = meeting.when
    if when is None or (when.last - when.first).days > LONGEST:
        return False
    if len(meeting.parties) < 2 and not is_there(meeting, event):
        return False  # a body meets every day
    met = event.type is EventType.CONSULT and is_over(event, when, article) and meeting.parties <= event.parties
    # On such a day they may telephone as well.
    called = "phone" in (event.mode, meeting.mode) and event.mode != meeting.mode
    if not met or called or event.confidence < HELD_SURE:
        return False
    return when.first <= article.told_at.astimezone(BERLIN).date() <= when.last + timedelta(days=1)


def _alike(meeting: Meeting, event: Event) -> bool:
    mine = stems(event.evidence.quote)
    return len(mine & meeting.words) / max(1, min(len(mine), len(meeting.words))) >= ALIKE
