"""Follows meetings: which one an article announces, moves, calls off or reports, and which are overdue."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from extractors.model import Event
from extractors.stories import meetings, outcomes
from extractors.stories.acts import ArticleRef
from extractors.stories.meant import means
from extractors.stories.states import State
from flows.following.tying import Followed, days_of
from storage import recalling, tracking
from storage.archive import Archive


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeeting:
    """A meeting that was told of before, and that an event of this article moves, calls off or puts on again (`kind`)."""

    event: str
    before: meetings.Meeting
    after: meetings.Meeting
    kind: State


def follow_meetings(
    archive: Archive, followed: Followed, article_id: int, now: datetime, before: Collection[str]
) -> list[ChangedMeeting]:
    """Keep what the events say of meetings, but for those in `before`; returns the meetings that they upset."""
    telling = [event for event in meetings.telling(followed.events) if event.id not in before]
    coming = [event for event in followed.events if outcomes.may_come_of_one(event) and event.id not in before]
    if not telling and not coming:
        return []
    known = recalling.known_meetings(archive.connection, (*telling, *coming), followed.ref)
    changes = [_tell_meeting(archive, known, event, followed.ref, article_id, now) for event in telling]
    for event in coming:
        for uid, meeting in tuple(known.items()):
            changed = outcomes.outcome(meeting, event, followed.ref, followed.ref.told_at)
            if changed is not meeting:
                known[uid] = changed
                save_meeting(archive, changed, meeting.history, article_id, now)
    return _upset(changes)


def _upset(steps: Iterable[ChangedMeeting | None]) -> list[ChangedMeeting]:
    """What an article's sentences do to each meeting, as one change: of one that is off, and on another day, the day."""
    changes: dict[str, ChangedMeeting] = {}
    for step in filter(None, steps):
        first = changes.get(step.after.uid, step)
        changes[step.after.uid] = dataclasses.replace(step, before=first.before)
    again, off = State.ANNOUNCED, State.CANCELLED
    return [each for each in changes.values() if each.kind is not again or each.before.state is off]


def _tell_meeting(
    archive: Archive,
    known: dict[str, meetings.Meeting],
    event: Event,
    ref: ArticleRef,
    article_id: int,
    now: datetime,
) -> ChangedMeeting | None:
    meant = next((one for one in known.values() if means(one, event, ref)), None)
    if meant is not None:
        changed = meetings.advance(meant, event, ref, ref.told_at)
    elif meetings.begins(event):
        changed = meetings.announce(event, ref, ref.told_at)
    else:
        return None
    if meant is None and (before := recalling.meeting_of_before(archive, changed.uid)) is not None:
        # An earlier version announced it in the same words, too long ago to be among those that are open.
        meant, changed = before, meetings.advance(before, event, ref, ref.told_at)
    known[changed.uid] = changed
    if meant is None or changed is not meant:
        save_meeting(archive, changed, meant.history if meant else (), article_id, now)
    kind = meetings.upset(meant, changed) if meant is not None else None
    if meant is None or kind is None:
        return None
    return ChangedMeeting(event=event.id, before=meant, after=changed, kind=kind)


def save_meeting(
    archive: Archive,
    meeting: meetings.Meeting,
    before: Sequence[meetings.Step],
    article_id: int | None,
    now: datetime,
) -> bool:
    """Keep a meeting with the steps that are new to it; True if a calendar has something to learn."""
    place = f" in {meeting.place}" if meeting.place else ""
    return archive.tracking.save_meeting(
        tracking.Meeting(
            uid=meeting.uid,
            state=meeting.state.value,
            title=f"{', '.join(sorted(meeting.parties))}{place}",
            parties=tuple(sorted(meeting.parties)),
            format=meeting.mode,
            precision=meeting.when.precision.value if meeting.when else "",
            place=meeting.place,
            outcome=meeting.outcome,
            detail=recalling.dumped(meeting),
            **days_of(meeting.when),
        ),
        [
            tracking.Change(
                at=step.at,
                state=step.state.value,
                place=step.place,
                event=step.event,
                article_id=article_id,
                quote=step.quote,
                reason=step.reason,
                **days_of(step.when),
            )
            for step in meeting.history[len(before) :]
        ],
        now,
    )


def overdue(archive: Archive, now: datetime) -> int:
    """Meetings whose day is over and of which nobody told that they took place; returns how many became overdue."""
    late = 0
    for meeting in recalling.passed_meetings(archive.connection, now.date()):
        changed = meetings.due(meeting, now)
        if changed is not meeting:
            save_meeting(archive, changed, meeting.history, None, now)
            late += 1
    return late


def merge_meetings(archive: Archive, now: datetime) -> int:
    """Make meetings one that turned out to be one; returns how many were merged into others."""
    known = recalling.recent_meetings(archive.connection, now)
    twins = meetings.twins(known.values())
    for older, younger in twins:
        known[older.uid] = one = meetings.merge(known[older.uid], younger)
        archive.tracking.merge_meetings(younger.uid, older.uid, now)
        save_meeting(archive, one, one.history, None, now)
    return len(twins)
