"""Dates as feeds write them, in many forms. None is invented: what cannot be read, or does not exist, is None."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

MAX_DATE = 100
_ZONES = {
    # feedparser takes these four for UTC, one or two hours off; they are what German feeds write.
    "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120,
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "EET": 120, "OEZ": 120, "EEST": 180,
    "OESZ": 180, "MSK": 180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480,
    "PDT": -420,
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan jän", "feb", "mar mär mrz", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"), 1
    )
    for name in names.split()
}
_TIME = r"([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2}))?(?:[.,][0-9]+)?"
_ZONE = r"\s*(?:Uhr)?\s*\(?([A-Za-z]{1,8}(?:/[A-Za-z]{1,20})?|(?:GMT|UTC)?[+-][0-9]{2}(?::?[0-9]{2})?)?\)?(?:\s*\([^()]{1,60}\))?"
_WEEKDAY = r"(?:[^\W\d]{2,10}\.?,?\s+)?"
_RFC822 = re.compile(
    rf"(?:[^\W\d]{{2,10}}\.?,?\s*)?([0-9]{{1,2}})\.?[\s-]([^\W\d]{{3,9}})\.?,?[\s-]([0-9]{{2}}|[0-9]{{4}}),?(?:\s+{_TIME})?{_ZONE}"
)
_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}})(?:[Tt\s]\s*{_TIME})?{_ZONE}")
_COMPACT = re.compile(
    rf"([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})(?:T([0-9]{{2}}):?([0-9]{{2}})(?::?([0-9]{{2}}))?)?{_ZONE}"
)
_GERMAN = re.compile(rf"([0-9]{{1,2}})\.\s?([0-9]{{1,2}})\.\s?([0-9]{{4}}),?(?:\s*{_TIME})?{_ZONE}")
# As programs write them that were never told how: "Mon Jan 10 2022 15:30:00 GMT+0100 (…)", "Mon Jan 10 15:30:00 CET 2022".
_SCRIPT = re.compile(rf"{_WEEKDAY}([^\W\d]{{3,9}})\s+([0-9]{{1,2}}),?\s+([0-9]{{4}}),?(?:\s+{_TIME})?{_ZONE}")
_UNIX = re.compile(rf"(?=.*\s([0-9]{{4}})$){_WEEKDAY}([^\W\d]{{3,9}})\s+([0-9]{{1,2}})\s+{_TIME}{_ZONE}\s+[0-9]{{4}}")
_FORMS = (
    (_RFC822, (2, 1, 0)), (_ISO, (0, 1, 2)), (_COMPACT, (0, 1, 2)), (_GERMAN, (2, 1, 0)), (_SCRIPT, (2, 0, 1)),
    (_UNIX, (0, 1, 2)),
)  # fmt: skip
"""each with where year, month and day stand in it"""


def read_date(raw: str, zone: tzinfo) -> datetime | None:
    """A feed's date in UTC; None if it cannot be read or does not exist. `zone` is meant where the date names none.

    >>> read_date("Mo, 10 Jan 2022 15:30:00 MEZ", UTC).isoformat()
    '2022-01-10T14:30:00+00:00'
    """
    raw = raw[: MAX_DATE + 1].strip()
    if len(raw) > MAX_DATE:
        return None
    for pattern, order in _FORMS:
        found = pattern.fullmatch(raw)
        if found:
            year, month, day = (found[i + 1] for i in order)
            return _moment(year, month, day, found.groups()[3:], zone)
    return None


def _moment(year: str, month: str, day: str, rest: tuple[str | None, ...], zone: tzinfo) -> datetime | None:
    hour, minute, second, named = rest
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 0)
    full = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)
    offset = _offset(named) if named else zone
    if offset is None:
        return None
    leap = second == "60"
    try:
        local = datetime(
            full, number, int(day), int(hour or 0), int(minute or 0), 59 if leap else int(second or 0), tzinfo=offset
        )
        return (local + timedelta(seconds=leap)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=256)
def _offset(named: str) -> tzinfo | None:
    name = named.upper()
    if name in _ZONES:
        return timezone(timedelta(minutes=_ZONES[name]))
    digits = re.fullmatch(r"(?:GMT|UTC)?([+-])([0-9]{2}):?([0-9]{2})?", name)
    if digits:
        rest = int(digits[3] or 0)
        minutes = int(digits[2]) * 60 + rest
        if rest > 59 or minutes > 14 * 60:
            return None
        return timezone(timedelta(minutes=minutes if digits[1] == "+" else -minutes))
    return ZoneInfo(named) if named in ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich") else None
