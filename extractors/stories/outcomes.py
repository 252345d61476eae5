"""What came of a meeting: what those who met agreed on or refused, said of it within a fortnight."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from extractors.model import Event
from extractors.ontology import EventType, Status
from extractors.stories.acts import ArticleRef
from extractors.stories.meetings import Meeting, cancels, days_apart, with_step
from extractors.stories.states import State

OUTCOMES = frozenset({EventType.AGREE, EventType.CONCEDE, EventType.REJECT, EventType.SUPPORT, EventType.STATE})
OUTCOME_DAYS = 14
"""days after a meeting in which an agreement or a refusal of its parties may be its outcome"""
OUTCOME_SURE = 0.5
"""what is less certain is not put down as what came of a meeting: it would stand there as a fact"""
OUTCOME = "outcome: "
"""begins the reason of the step that tells what came of a meeting"""


def may_come_of_one(event: Event) -> bool:
    """Whether an event can be what came of a meeting."""
    told = event.type in OUTCOMES and event.status is Status.PAST and len(event.parties) > 1
    # A refusal to meet is of another meeting.
    return told and event.confidence >= OUTCOME_SURE and not cancels(event)


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
    return with_step(changed, event, article, at, f"{OUTCOME}{event.type}")


_AT_IT = re.compile(
    r"\b(?:nach|bei|auf|während) (?:de[mnr]|ihre[mnr]|seine[mnr]) (?:\w+ )?"
    r"\w*(?:treffen|gespräche?n?|telefonats?|gipfels?|verhandlungen|sitzung|beratungen|konferenz|runde)\b",
    re.IGNORECASE,
)


def _is_of_it(meeting: Meeting, event: Event, article: ArticleRef) -> bool:
    """Whether what parties agree or refuse is said of their meeting: they go on to say much to each other for a fortnight."""
    if any(step.article == article.article for step in meeting.history):
        return True
    return days_apart(event.when, meeting.when) == 0 or _AT_IT.search(event.evidence.quote) is not None
