"""Meetings, and the steps that led to where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.statements import prepared, table
from storage.tables import MeetingChangeRow, MeetingRow
from storage.tracking.followed import Followed, codes
from storage.tracking.records import Change, Meeting


class Meetings(Followed):
    """The verbs about meetings."""

    def meeting_of(self, uid: str) -> str:
        """The meeting that a uid means today."""
        return self._followed(MeetingRow, uid)

    def save_meeting(self, meeting: Meeting, changes: Sequence[Change], now: datetime) -> bool:
        """Keep a meeting and the steps that led to it; True if a calendar has something new to learn.

        Steps that are known (same state, event and days) are not written twice; `sequence` grows by one when state, days
        or place changed, as iCalendar asks.
        """
        values = {
            "state": meeting.state,
            "title": meeting.title,
            "parties": codes(meeting.parties),
            "format": meeting.format,
            "day_first": meeting.day_first,
            "day_last": meeting.day_last,
            "precision": meeting.precision,
            "place": meeting.place,
            "country": meeting.country,
            "outcome": meeting.outcome,
            "detail": dict(meeting.detail) or None,
        }
        old = self.connection.execute(_meeting_called(self.connection), {"called": meeting.uid}).one_or_none()
        told = ("state", "day_first", "day_last", "place", "title")
        news = old is None or any(getattr(old, name) != values[name] for name in told)
        if old is None:
            made = {"uid": meeting.uid, "created_at": now, "updated_at": now}
            meeting_id = self.connection.execute(_meeting_made(self.connection), made | values).scalar_one()
        else:
            meeting_id = old.id
            if news or any(getattr(old, name) != value for name, value in values.items()):
                changed = {"which": meeting_id, "updated_at": now, "sequence": old.sequence + news}
                self.connection.execute(_meeting_changed(self.connection), changed | values)
        for change in changes:
            self._meeting_change(meeting_id, change)
        return news

    def _meeting_change(self, meeting_id: int, change: Change) -> None:
        step = {
            "meeting_id": meeting_id,
            "state": change.state,
            "event_uid": change.event,
            "day_first": change.day_first,
            "day_last": change.day_last,
            "place": change.place,
        }
        if self.connection.execute(_meeting_step(self.connection), step).first() is None:
            told = {"at": change.at, "article_id": change.article_id, "quote": change.quote, "reason": change.reason}
            self.connection.execute(_meeting_stepped(self.connection), step | told)

    def merge_meetings(self, gone: str, into: str, now: datetime) -> None:
        """Make two meetings one; the old uid leads to the new one, its steps move over."""
        gone, into = self._followed(MeetingRow, gone), self._followed(MeetingRow, into)
        if gone == into:
            return
        old, new = (self._row_id(MeetingRow, uid) for uid in (gone, into))
        row = MeetingChangeRow
        self.connection.execute(update(row).where(row.meeting_id == old).values(meeting_id=new))
        self.connection.execute(
            update(MeetingRow)
            .where(MeetingRow.id == old)
            .values(merged_into=into, updated_at=now, sequence=MeetingRow.sequence + 1)
        )


@prepared
def _meeting_called(_: Connection) -> Any:
    meetings = table(MeetingRow)
    return select(meetings).where(meetings.c.uid == bindparam("called"))


@prepared
def _meeting_made(_: Connection) -> Any:
    meetings = table(MeetingRow)
    return insert(meetings).returning(meetings.c.id)


@prepared
def _meeting_changed(_: Connection) -> Any:
    meetings = table(MeetingRow)
    return update(meetings).where(meetings.c.id == bindparam("which"))


@prepared
def _meeting_step(_: Connection) -> Any:
    steps = table(MeetingChangeRow)
    same = (steps.c[name] == bindparam(name) for name in ("meeting_id", "state", "event_uid", "place"))
    days = (steps.c[name].is_not_distinct_from(bindparam(name)) for name in ("day_first", "day_last"))
    return select(steps.c.id).where(*same, *days)


@prepared
def _meeting_stepped(_: Connection) -> Any:
    return insert(table(MeetingChangeRow))
