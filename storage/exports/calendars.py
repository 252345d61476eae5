"""Meetings as a calendar to subscribe to: iCalendar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from extractors.model import BERLIN
from extractors.stories.states import State
from storage.tracking import Change, Meeting

# iCalendar
_STATUS: Mapping[str, str] = {State.CONFIRMED: "CONFIRMED", State.HELD: "CONFIRMED", State.CANCELLED: "CANCELLED"}
Described = Callable[[Meeting, Sequence[Change]], Iterable[str]]


def described(meeting: Meeting, changes: Sequence[Change]) -> Iterable[str]:
    """What an entry says beside what has a place of its own, a line each: as it is kept, in English."""
    if meeting.merged_into:
        yield "the same meeting as another of this calendar"
        return
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
    home: str = "",
) -> bytes:
    """A calendar to subscribe to: one entry for each meeting with a day.

    The UID never changes; SEQUENCE grows whenever state, day or place do; an announced meeting is TENTATIVE, a
    cancelled one stays as CANCELLED, as else subscribers would keep it, and so does one that turned out to be another.
    The sentences are in the description. With the address of a reading room as `home` each entry leads there.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Depesche//Termine//DE",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    entries: list[str] = []
    for meeting, changes in meetings:
        if meeting.day_first is not None:
            entries += _entry(meeting, meeting.day_first, describe(meeting, changes), now, home.rstrip("/"))
    return b"".join(folded(line) + b"\r\n" for line in (*lines, *(entries or NO_ENTRY), "END:VCALENDAR"))


NO_ENTRY = (
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""What stands in a calendar without entries: without any component it would be none (RFC 5545, 3.6), and not be subscribed to."""


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


# The values are the library's and the lines ours, in its order: its own take ten times as long, and a calendar has thousands.


def _entry(meeting: Meeting, first: date, told: Iterable[str], now: datetime, home: str) -> Iterator[str]:
    changed = _instant(meeting.updated_at or now)
    yield "BEGIN:VEVENT"
    yield f"SUMMARY:{_text(meeting.title or ' – '.join(meeting.parties))}"
    yield f"DTSTART;VALUE=DATE:{_day(first)}"
    # DTEND of a whole day is the day after.
    yield f"DTEND;VALUE=DATE:{_day((meeting.day_last or first) + timedelta(days=1))}"
    yield f"DTSTAMP:{changed}"
    yield f"UID:{_text(f'{meeting.uid}@depesche')}"
    yield f"SEQUENCE:{meeting.sequence}"
    yield f"CATEGORIES:{','.join(map(_text, meeting.parties))}"
    if meeting.created_at is not None:
        yield f"CREATED:{_instant(meeting.created_at)}"
    yield f"DESCRIPTION:{_text(*told)}"
    yield f"LAST-MODIFIED:{changed}"
    if meeting.place:
        yield f"LOCATION:{_text(meeting.place)}"
    yield f"STATUS:{'CANCELLED' if meeting.merged_into else _STATUS.get(meeting.state, 'TENTATIVE')}"
    yield "TRANSP:TRANSPARENT"
    if home and not meeting.merged_into:  # the room shows the meeting that it is, which may have moved since
        # By its days: of the calendar as it stands a meeting of long ago is no part, nor is one of which nobody is sure.
        yield f"URL:{home}/calendar?since={first}&until={meeting.day_last or first}&unsure=1#{meeting.uid}"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(*lines: str) -> str:
    from icalendar import vText

    return vText("\n".join(map(_line, lines))).to_ical().decode()


_NO_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def _line(value: str) -> str:
    """One line without control characters and without what turns the direction of writing: calendars show it as it is."""
    return _NO_LINE.sub(" ", value).strip()
