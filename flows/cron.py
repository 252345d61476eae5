"""Cron expressions of the settings: checked here, and by which clock they are read."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

_CRON = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    ("weekday", 0, 7, ("sun", "mon", "tue", "wed", "thu", "fri", "sat")),
)


_NAMED: Mapping[str, str] = MappingProxyType(
    {
        "@hourly": "0 * * * *",
        "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *",
        "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *",
        "@yearly": "0 0 1 1 *",
        "@annually": "0 0 1 1 *",
    }
)


_LONGEST = {month: 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31 for month in range(1, 13)}


def fields_of(written: str) -> str:
    """The five fields of a cron expression; one with a name (@daily) is written out.

    >>> fields_of("@daily")
    '0 0 * * *'
    """
    return _NAMED.get(written, written)


def check_cron(written: str) -> None:
    """Raise ValueError, saying which field, for what is no cron expression of five fields, or never comes.

    Here and not by Prefect, which each command and each health check would then wait for, one to three seconds; and its
    server takes what never comes, and fails at it each minute.

    >>> check_cron("*/10 6-22 * * mon-fri")
    """
    fields = written.split()
    if len(fields) != len(_CRON):
        raise ValueError(f"{written!r} is no cron expression: five fields, as in '*/10 * * * *', or @daily")
    values = [_cron_values(field, *rule) for field, rule in zip(fields, _CRON, strict=True)]
    _, _, days, months, _ = values
    if min(days) > max(_LONGEST[month] for month in months):  # Prefect fails at it even where weekdays are named, too
        raise ValueError(f"{written!r} never comes: none of its months has {min(days)} days")


_YEARS = range(date(2024, 1, 1).toordinal(), date(2037, 1, 1).toordinal())
"""Days among which even the rarest schedule, for a 29th of February, comes more than once."""
_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 24 * 60


@functools.cache
def longest_gap(written: str) -> timedelta:
    """How far apart two times of a cron expression can be, in whole days.

    >>> longest_gap("20 3 * * *").days, longest_gap("20 3 * * mon").days, longest_gap("20 3 1 * *").days
    (1, 7, 31)
    """
    return timedelta(days=max(later - earlier for earlier, later in pairwise(_days(written))))


@functools.cache
def silence(written: str, zone: str, *, least: timedelta) -> timedelta:
    """How long no run may end well before it is an alarm: as long as three intervals in a row can last, and so much longer than
    `least` as the schedule's longest pause (of a night, a weekend) is longer than its shortest.

    The same whenever it is asked: an automation has one such time, and whoever starts the flows at noon has the night before him.

    >>> least = timedelta(minutes=45)
    >>> silence("*/10 * * * *", "Europe/Berlin", least=least) == least
    True
    >>> str(silence("0 6,18 * * *", "UTC", least=least))
    '1 day, 12:00:00'
    >>> str(silence("*/10 6-22 * * *", "UTC", least=least)), str(silence("*/10 6-22 * * mon-fri", "UTC", least=least))
    ('7:45:00', '2 days, 7:45:00')
    """
    shortest, longest, three = timedelta.max // timedelta(minutes=1), 0, 0
    for stretch in _stretches(written, zone_of(written, zone)):
        pauses = [later - earlier for earlier, later in pairwise(stretch)]
        shortest, longest = min([shortest, *pauses]), max([longest, *pauses])
        three = max([three, *(later - earlier for earlier, later in zip(stretch, stretch[3:], strict=False))])
    return max(timedelta(minutes=three), least + timedelta(minutes=longest - shortest))


def _stretches(written: str, zone: str) -> Iterator[list[int]]:
    """Times of a cron expression, in minutes since 1970, in which stand any four in a row that ever come so.

    As Prefect has them: of two equal hours in the first alone, and in the one after that which is left out.
    """
    minutes, hours, *_ = (_cron_values(field, *rule) for field, rule in zip(written.split(), _CRON, strict=True))
    clock = [60 * hour + minute for hour in sorted(hours) for minute in sorted(minutes)]
    where = ZoneInfo(zone)
    before: list[int] = []
    seen = False
    for number in _days(written):
        day = date.fromordinal(number)
        midnight = _utc(day, 0, where)
        usual = _utc(day + timedelta(days=1), 0, where) - midnight == _DAY
        times = [midnight + at for at in clock] if usual else sorted({_utc(day, at, where) for at in clock})
        # The usual days are alike, but for what was before: of a schedule of each minute seven million.
        yield [*before, *(times[:3] if usual and seen else times)]
        seen = seen or usual
        before = [*before, *times[-3:]][-3:]


def _utc(day: date, minute: int, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(*divmod(minute, 60)), zone).timestamp()) // 60


@functools.cache
def _days(written: str) -> tuple[int, ...]:
    """The days of _YEARS on which a cron expression comes."""
    fields = written.split()
    _, _, days, months, weekdays = (_cron_values(field, *rule) for field, rule in zip(fields, _CRON, strict=True))
    # Where both are named one of them is enough.
    either = "*" not in (fields[2], fields[4])

    def comes(day: date) -> bool:
        on = day.day in days, not weekdays.isdisjoint({day.isoweekday() % 7, day.isoweekday()})
        return day.month in months and (any(on) if either else all(on))

    return tuple(number for number in _YEARS if comes(date.fromordinal(number)))


def _cron_values(field: str, name: str, least: int, most: int, names: tuple[str, ...]) -> set[int]:
    """The numbers that one field of a cron expression stands for. Raises ValueError for what is none."""
    found: set[int] = set()
    for piece in field.lower().split(","):
        span, _, step = piece.partition("/")
        ends = [str(names.index(end) + least) if end in names else end for end in span.split("-")]
        fine = span == "*" or (len(ends) <= 2 and all(re.fullmatch(r"\d{1,2}", end) for end in ends))
        inside = fine and (span == "*" or all(least <= int(end) <= most for end in ends))
        if not inside or ("/" in piece and not re.fullmatch(r"[1-9]\d?", step)):
            raise ValueError(f"{piece!r} is no {name} of a cron expression ({least} to {most})")
        first = least if span == "*" else int(ends[0])
        last = int(ends[1]) if len(ends) == 2 else most if span == "*" or step else first
        # 22-6 goes round.
        round_ = [*range(first, most + 1), *range(least, last + 1)] if first > last else range(first, last + 1)
        found.update(round_[:: int(step or 1)])
    return found


def zone_of(cron: str, zone: str) -> str:
    """The zone to schedule by: UTC for what comes in each hour of each day, however it is written.

    A local schedule that runs through the day leaves out the hour that comes twice in autumn. A zone that is not whole
    hours from UTC has its own minutes, and is kept.

    >>> zone_of("*/10 0-23 * * *", "Europe/Berlin"), zone_of("0 7 * * *", "Europe/Berlin")
    ('UTC', 'Europe/Berlin')
    """
    every = [set(range(least, most + 1)) for _, least, most, _ in _CRON]
    given = [_cron_values(field, *rule) for field, rule in zip(cron.split(), _CRON, strict=True)]
    given[4] = {day % 7 for day in given[4]}  # Sunday is 0 and 7
    always = given[1:4] == every[1:4] and given[4] == set(range(7))
    return "UTC" if always and _of_whole_hours(zone) else zone


def _of_whole_hours(zone: str) -> bool:
    moments = (datetime(2024, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7))
    return all((moment.utcoffset() or timedelta()) % timedelta(hours=1) == timedelta() for moment in moments)
