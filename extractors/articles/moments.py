"""Times as pages state them. The offset stays as stated; what has none is the publisher's zone; nothing is invented."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE_BY_TLD = {"at": "Europe/Vienna", "ch": "Europe/Zurich", "li": "Europe/Vaduz", "lu": "Europe/Luxembourg"}
"""Zones of publishers without a profile; Berlin otherwise"""

_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?(?!\d)",
    re.IGNORECASE,
)
_GERMAN = re.compile(
    r"(?<!\d)(\d\d?)\.\s?(?:(\d\d?)\.|([A-Za-zäÄ]{3,9})\.?)\s?(\d{4}|\d\d(?!\d))"
    r"(?:[\s,|•·–-]{0,8}(?:um\s)?(\d\d?)[:.](\d\d)(?!\.?\d)(?::(\d\d))?)?"
)
_ENGLISH = re.compile(
    r"(?:[A-Z][a-z]{2},? )?(?:([A-Z][a-z]{2}) (\d\d?)|(\d\d?) ([A-Z][a-z]{2}) (\d{4})),? (\d\d?):(\d\d):(\d\d) ?([A-Z]{2,4}|[+-]\d{4})(?: (\d{4}))?"
)
_UNIX = re.compile(r"\s*([12]\d{9})(?:\d{3})?\s*")
"""seconds or milliseconds since 1970, of this century's first six decades"""
_OFFSETS = {"CET": "+01:00", "MEZ": "+01:00", "CEST": "+02:00", "MESZ": "+02:00", "GMT": "Z", "UTC": "Z"}
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan januar jänner jän january",
            "feb februar feber february",
            "mar mär märz march mrz",
            "apr april",
            "mai may",
            "jun juni june",
            "jul juli july",
            "aug august",
            "sep sept september",
            "oct okt oktober october",
            "nov november",
            "dec dez dezember december",
        ),
        start=1,
    )
    for name in names.split()
}
EARLIEST, LATEST = 1995, 2099
"""years outside of which no page of a news site was published: "9999-12-31" stands for no day"""


def zone_of(host: str) -> ZoneInfo:
    return ZoneInfo(ZONE_BY_TLD.get(host.rsplit(".", 1)[-1], "Europe/Berlin"))


def moment(stated: object, zone: ZoneInfo) -> datetime | None:
    """An aware time from an attribute or a line of text; None when it states no plausible day.

    >>> moment("2022-01-10T15:30:00Z", ZoneInfo("Europe/Berlin")).isoformat()
    '2022-01-10T15:30:00+00:00'
    >>> moment("Stand: 10.01.2022 15:30 Uhr", ZoneInfo("Europe/Berlin")).isoformat()
    '2022-01-10T15:30:00+01:00'
    >>> moment("Mon Jan 10 15:30:00 CET 2022", ZoneInfo("Europe/Berlin")).isoformat()
    '2022-01-10T15:30:00+01:00'
    >>> moment("heute", ZoneInfo("Europe/Berlin"))
    """
    text = str(stated or "")[:200]
    if found := _UNIX.fullmatch(text):
        return _since_1970(found)
    if found := _ISO.search(text):
        return _iso(found, zone)
    if found := _GERMAN.search(text):
        day, number, word, year, hour, minute, second = found.groups()
        month = int(number) if number else _MONTHS.get(word.lower(), 0)
        return _built(_full_year(int(year)), month, int(day), (hour, minute, second), zone)
    if found := _ENGLISH.search(text):
        return _english(found, zone)
    return None


def day_of(stated: object) -> date | None:
    """
    >>> day_of("https://example.test/2022/01/10/gespraeche.html").isoformat()
    '2022-01-10'
    """
    found = re.search(r"(?<!\d)(\d{4})[/-](\d\d)[/-](\d\d)(?!\d)", str(stated or ""))
    if not found:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _since_1970(found: re.Match[str]) -> datetime:
    return datetime.fromtimestamp(int(found.group(1)), UTC)


def _iso(found: re.Match[str], zone: ZoneInfo) -> datetime | None:
    year, month, day, hour, minute, second, _, offset = found.groups()
    return _built(int(year), int(month), int(day), (hour, minute, second), zone, offset if hour else None)


def _english(found: re.Match[str], zone: ZoneInfo) -> datetime | None:
    month, day, day2, month2, year2, hour, minute, second, offset, year = found.groups()
    if not (year or year2):
        return None
    number = _MONTHS.get((month or month2).lower(), 0)
    return _built(
        int(year or year2), number, int(day or day2), (hour, minute, second), zone, _OFFSETS.get(offset, offset)
    )


def _built(
    year: int,
    month: int,
    day: int,
    clock: tuple[str | None, str | None, str | None],
    zone: ZoneInfo,
    offset: str | None = None,
) -> datetime | None:
    if not EARLIEST <= year <= LATEST:
        return None
    hour, minute, second = (int(part or 0) for part in clock)
    try:
        plain = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    if not offset:
        return plain
    sign = "+00:00" if offset.upper() in ("Z", "UTC", "GMT") else offset
    try:
        return datetime.fromisoformat(f"{plain:%Y-%m-%dT%H:%M:%S}{sign}")
    except ValueError:
        return plain


def _full_year(year: int) -> int:
    return year + 2000 if year < 100 else year
