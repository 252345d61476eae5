"""Times that are told from another one of the story: "tags zuvor", "drei Wochen später", "im April desselben Jahres", "damals"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from extractors.model import Precision, When
from extractors.when.dates import in_the_calendar, year_of
from extractors.when.meaning import moved_by, number_of
from extractors.when.rows import OF_SAME_YEAR, named, row_named
from extractors.when.shapes import Anchor, Direction, Refused, Span, TimeExpression

_THEN, _COUNTED = named("then"), named("counted-before")
_FROM_A_DAY = MappingProxyType(
    {
        named("day-before"): ("Tag", -1),
        named("day-after"): ("Tag", 1),
        named("same-day"): ("Tag", 0),
        named("hours-later"): ("Tag", 0),
        named("same-year"): ("Jahr", 0),
        named("year-after"): ("Jahr", 1),
    }
)
_FINER = MappingProxyType({"Tag": 0, "Woche": 0, "Monat": 1, "Jahr": 2})
_PRECISE = MappingProxyType({Precision.DAY: 0, Precision.RANGE: 0, Precision.MONTH: 1, Precision.YEAR: 2})


def steps_back(time: TimeExpression) -> bool:
    """Whether a time is before the one that it is told from ("tags zuvor")."""
    step = _step(time)
    return step is not None and step[1] < 0


def is_then(time: TimeExpression) -> bool:
    """Whether a time is another one of the story itself, of which it says that it is past ("damals")."""
    return time.rule == _THEN


def from_another_day(time: TimeExpression, other: When) -> When | None:
    """The time that a sentence tells from another one of the story; None where that is told too roughly for it.

    "Drei Tage später" after "im März" is no day; "im April desselben Jahres" needs no more than a year, "damals" nothing.
    """
    if is_then(time):
        return replace(other, words=time.words, rule=time.rule)
    try:
        with in_the_calendar():
            span = _span_from(time, other)
    except Refused:
        return None
    if span is None:
        return None
    first, last, precision = span
    return When(first=first, last=last, precision=precision, words=time.words, rule=time.rule)


def _span_from(time: TimeExpression, other: When) -> Span | None:
    step = _step(time)
    if step is None:
        return _of_year(time, other.first.year)
    unit, count = step
    if _PRECISE[other.precision] > _FINER[unit] or (_FINER[unit] == 0 and other.first != other.last):
        return None
    if unit == "Jahr":
        return year_of(other.first.year + count)
    return moved_by(_open(other.first), unit, count)


def _step(time: TimeExpression) -> tuple[str, int] | None:
    """The unit and how many of them a time is off, if its words count it."""
    if time.rule in _FROM_A_DAY:
        return _FROM_A_DAY[time.rule]
    match = row_named(time.rule).pattern.search(time.words) if time.rule == _COUNTED else None
    if match is None or match["unit"] not in _FINER or match["count"].lower().endswith("halb"):
        return None
    return match["unit"], number_of(match["count"]) * (-1 if match["way"] in ("zuvor", "davor", "früher") else 1)


def _of_year(time: TimeExpression, year: int) -> Span | None:
    """ "Im April desselben Jahres": as if the year stood there."""
    words = re.sub(OF_SAME_YEAR, str(year), time.words)
    row = row_named(time.rule)
    match = row.pattern.search(words) if words != time.words else None
    return row.resolve(match, _open(date(year, 1, 1))) if match is not None else None


def _open(day: date) -> Anchor:
    return Anchor(dated=datetime.combine(day, datetime.min.time()), direction=Direction.OPEN)
