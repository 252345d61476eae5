"""Meetings as a calendar to subscribe to: iCalendar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from extractors.model import BERLIN
from storage.tracking import Change, Meeting

# iCalendar
_STATUS = {"confirmed": "CONFIRMED", "held": "CONFIRMED", "cancelled": "CANCELLED"}
Described = Callable[[Meeting, Sequence[Change]], Iterable[str]]


def described(meeting: Meeting, changes: Sequence[Change]) -> Iterable[str]:
    """What an entry says beside what has a place of its own, a line each: as it is kept, in English."""
    yield f"{meeting.state}: {', '.join(meeting.parties)}"
    if meeting.outcome:
        yield meeting.outcome
    for change in changes:
        if change.quote:
            yield f"{change.at.astimezone(BERLIN):%Y-%m-%d} {change.state}: {change.quote}"


def icalendar(
    meetings: Iterable[tuple[Meeting, Sequence[Change]]],
    now: datetime,
    *,
    name: str = "Depesche",
    describe: Described = described,
) -> bytes:
    """A calendar to subscribe to: one entry for each meeting with a day.

    The UID never changes; SEQUENCE grows whenever state, day or place do; an announced meeting is TENTATIVE, a
    cancelled one stays as CANCELLED, as else subscribers would keep it. The sentences are in the description.
    """
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("prodid", "-//Depesche//Termine//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # The library takes no property that it does not know for text, and would leave a comma in it as it is.
    calendar.add("x-wr-calname", vText(_line(name)))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for meeting, changes in meetings:
        if meeting.day_first is not None:
            calendar.add_component(_entry(meeting, describe(meeting, changes), now))
    return b"".join(folded(str(line)) + b"\r\n" for line in calendar.content_lines() if line)


LONGEST = 75
"""Bytes from which on a line is folded, its break aside (RFC 5545, 3.1)."""


def folded(line: str) -> bytes:
    """A line in pieces, between characters and not within an escaped one: the library looks at each character for it.

    >>> folded("SUMMARY:" + "ä" * 40).count(b"\\r\\n ")
    1
    """
    rest, pieces = line.encode(), []
    while len(rest) >= LONGEST:
        end = LONGEST - 1
        while rest[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        if rest[end - 1 : end] in (b"\\", b"^"):
            end -= 1
        pieces.append(rest[:end])
        rest = rest[end:]
    return b"\r\n ".join((*pieces, rest))


def _entry(meeting: Meeting, told: Iterable[str], now: datetime) -> Any:
    from icalendar import Event as Entry

    assert meeting.day_first is not None
    entry = Entry()
    entry.add("uid", f"{meeting.uid}@depesche")
    entry.add("dtstamp", (meeting.updated_at or now).astimezone(UTC))
    entry.add("last-modified", (meeting.updated_at or now).astimezone(UTC))
    if meeting.created_at is not None:
        entry.add("created", meeting.created_at.astimezone(UTC))
    entry.add("sequence", meeting.sequence)
    entry.add("status", _STATUS.get(meeting.state, "TENTATIVE"))
    entry.add("summary", _line(meeting.title or " – ".join(meeting.parties)))
    entry.add("dtstart", meeting.day_first)
    # DTEND of a whole day is the day after.
    entry.add("dtend", (meeting.day_last or meeting.day_first) + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    if meeting.place:
        entry.add("location", _line(meeting.place))
    entry.add("categories", [_line(party) for party in meeting.parties])
    entry.add("description", "\n".join(map(_line, told)))
    return entry


_NO_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def _line(value: str) -> str:
    """One line without control characters and without what turns the direction of writing: calendars show it as it is."""
    return _NO_LINE.sub(" ", value).strip()
