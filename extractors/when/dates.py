"""Days of the calendar: spans of them, feasts, and the one that is nearest where a text leaves the year or week open."""

from __future__ import annotations

import contextlib
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from extractors.model import Precision
from extractors.when.shapes import Anchor, Direction, Refused, Span


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def one_day(day: date) -> Span:
    return day, day, Precision.DAY


def month_of(year: int, month: int) -> Span:
    return date(year, month, 1), month_end(year, month), Precision.MONTH


def year_of(first: int, last: int | None = None) -> Span:
    return date(first, 1, 1), date(last or first, 12, 31), Precision.YEAR


def months_on(day: date, months: int) -> tuple[int, int]:
    count = day.year * 12 + day.month - 1 + months
    return count // 12, count % 12 + 1


def week_of(day: date, weeks: int = 0) -> Span:
    first = day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)
    return first, first + timedelta(days=6), Precision.RANGE


def easter(year: int) -> date:
    """Easter Sunday (anonymous Gregorian computus, Meeus 1991).

    >>> easter(2022)
    datetime.date(2022, 4, 17)
    """
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    return date(year, (h + k - 7 * m + 114) // 31, (h + k - 7 * m + 114) % 31 + 1)


@contextlib.contextmanager
def in_the_calendar() -> Iterator[None]:
    """Refuses what would be before the year 1 or after the year 9999: "vor 3.000 Jahren", "gestern" of its first day."""
    try:
        yield
    except Refused:
        raise
    except (OverflowError, ValueError):
        raise Refused("out of the calendar") from None


def in_year(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused("no such day") from None


_NEAR = timedelta(days=60)
"""A day so near needs no year, whichever way its clause looks."""


def nearest_day(anchor: Anchor, month: int, day: int) -> date:
    """The day of a year that is not named: by the clause's direction; the nearest one where that says nothing."""
    years = (anchor.day.year - 1, anchor.day.year, anchor.day.year + 1)
    found = [in_year(year, month, day) for year in years if day <= monthrange(year, month)[1]]
    if not found:
        raise Refused("no such day")
    nearest = min(found, key=lambda one: abs(one - anchor.day))
    # Who agreed on "ein Treffen am 27. Januar" a week before did not mean last year's: then the year would be told.
    if abs(nearest - anchor.day) <= _NEAR:
        return nearest
    if anchor.direction is Direction.FORWARD:
        return next((one for one in found if one >= anchor.day), found[-1])
    if anchor.direction is Direction.BACK:
        return next((one for one in reversed(found) if one <= anchor.day), found[0])
    return nearest


def nearest_month(anchor: Anchor, month: int) -> int:
    """The year of a month that is not dated."""
    now = anchor.day.month
    if anchor.direction is Direction.FORWARD:
        return anchor.day.year + (month < now)
    if anchor.direction is Direction.BACK:
        return anchor.day.year - (month > now)
    ahead = (month - now) % 12
    return anchor.day.year + ((month < now) if ahead <= 5 else -(month > now))


def nearest_weekday(anchor: Anchor, weekday: int) -> date:
    """The day of a week that is not named. A refusal where the clause does not tell back from forward."""
    ahead = (weekday - anchor.day.weekday()) % 7
    if ahead == 0:
        return anchor.day
    if anchor.forward:
        return anchor.day + timedelta(days=ahead)
    if anchor.direction is Direction.BACK:
        return anchor.day - timedelta(days=7 - ahead)
    raise Refused("direction unclear")


def nearest_easter(anchor: Anchor, shift: int) -> date:
    day = anchor.day
    found = [easter(year) for year in (day.year - 1, day.year, day.year + 1)]
    moved = [one + timedelta(days=shift) for one in found]
    if anchor.forward:
        return next(one for one, at in zip(found, moved, strict=True) if at >= day)
    if anchor.direction is Direction.BACK:
        return next(one for one, at in zip(reversed(found), reversed(moved), strict=True) if at <= day)
    return min(found, key=lambda one: abs(one - day))
