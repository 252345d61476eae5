"""Which side of the day of publication a day lies on, and what follows for one that should lie on the other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from extractors.model import When
from extractors.when.rows import named


def ahead(when: When | None, today: date) -> When | None:
    """The day of what is to come, unless it is past: then it is the day of something else, such as the announcing."""
    return when if when is not None and when.last >= today else None


_NO_YEAR = frozenset(
    map(
        named,
        "day-of-month weekday-and-date night-to-date day-range numeric-day month month-range season-of-year".split(),
    )
)
"""rules of times that tell their year or not"""
_A_YEAR = re.compile(r"\d{4}|[Jj]ahr|kommend|nächst")


def behind(when: When | None, today: date) -> When | None:
    """The day of what was long ago: one that names no year ("der Angriff vom 7. Oktober") is of the year before where it would
    be to come; any other that is to come, or today, is that of something else, such as an anniversary."""
    if when is None or when.first == when.last == today:
        return None
    if when.first <= today:
        return when
    if when.rule not in _NO_YEAR or _A_YEAR.search(when.words):
        return None
    return replace(when, first=_year_before(when.first), last=_year_before(when.last))


def _year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)
