"""What each kind of expression means: from the match of its row to the days it spans, or a reason to refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from extractors.model import Precision
from extractors.when.dates import (
    easter,
    in_year,
    month_end,
    month_of,
    months_on,
    nearest_day,
    nearest_easter,
    nearest_month,
    nearest_weekday,
    one_day,
    week_of,
    year_of,
)
from extractors.when.shapes import Anchor, Direction, Refused, Span
from extractors.when.words import (
    DECADES,
    EASTER_DAYS,
    EASTER_SPANS,
    FIXED_DAYS,
    MONTHS,
    NUMBERS,
    ORDINALS,
    SEASONS,
    WEEKDAYS,
)

Resolve = Callable[["re.Match[str]", Anchor], Span]


def _relative(word: str | None) -> int | None:
    """-1 for "vergangene", 0 for "diese", 1 for "kommende" and so on; None for no word."""
    if not word:
        return None
    stem = word.lower()
    for step, stems in (
        (-2, ("vorvergangen", "vorvorig", "vorletzt")),
        (2, ("übernächst",)),
        (-1, ("vergangen", "letzt", "vorig", "zurückliegend", "verflossen", "verwichen")),
        (1, ("kommend", "nächst", "bevorstehend")),
    ):
        if stem.startswith(stems):
            return step
    return 0


def number_of(word: str) -> int:
    if word.lower().endswith("halb"):
        raise Refused("vague")
    return int(word) if word.isdigit() else NUMBERS[word.lower()]


def _month_number(word: str) -> int:
    stem = word.lower().rstrip(".")
    return MONTHS.get(stem) or MONTHS[stem.removesuffix("s")]


def _group(match: re.Match[str], name: str) -> str | None:
    return match.group(name) if name in match.re.groupindex else None


def _told_year(match: re.Match[str], anchor: Anchor) -> int | None:
    """The year that the expression itself names ("2022", "vergangenen Jahres"), if it does."""
    year = _group(match, "year")
    if year:
        return int(year)
    if _group(match, "yword"):
        return anchor.day.year - 1
    if _group(match, "ysame"):
        raise Refused(OF_THE_STORY)
    step = _relative(_group(match, "yrel"))
    return None if step is None else anchor.day.year + step


_YEARS_TOLD = range(1000, 3000)
"""years of which a text tells days: "31.12.9999" stands for no end, and nothing can be reckoned from it"""


def iso(match: re.Match[str], anchor: Anchor) -> Span:
    return one_day(in_year(int(match["year"]), int(match["month"]), int(match["day"])))


def numeric(match: re.Match[str], anchor: Anchor) -> Span:
    year, month, day = match["year"], int(match["month"]), int(match["day"])
    if not 1 <= month <= 12:
        raise Refused("no such month")
    if not year:
        return one_day(nearest_day(anchor, month, day))
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
    if full not in _YEARS_TOLD:
        raise Refused("no such day")
    return one_day(in_year(full, month, day))


def day_of_month(match: re.Match[str], anchor: Anchor) -> Span:
    month = _month_number(match["month"])
    word = match["day"]
    day = int(word) if word.isdigit() else ORDINALS[word.lower()]
    year = _told_year(match, anchor)
    return one_day(nearest_day(anchor, month, day) if year is None else in_year(year, month, day))


def day_range(match: re.Match[str], anchor: Anchor) -> Span:
    last_month = _month_number(match["month"])
    first_month = _month_number(match["month1"]) if _group(match, "month1") else last_month
    year = _told_year(match, anchor)
    last = (
        nearest_day(anchor, last_month, int(match["day"]))
        if year is None
        else in_year(year, last_month, int(match["day"]))
    )
    first = in_year(last.year - (first_month > last_month), first_month, int(match["day1"]))
    if first > last:
        raise Refused("the range ends before it begins")
    return first, last, Precision.RANGE


def month_alone(match: re.Match[str], anchor: Anchor) -> Span:
    month = _month_number(match["month"])
    year = _told_year(match, anchor)
    step = _relative(_group(match, "rel"))
    if year is None and step in (-1, 1):
        moved = replace(anchor, direction=Direction.BACK if step < 0 else Direction.FORWARD)
        year = nearest_month(moved, month)
        if (year, month) == (anchor.day.year, anchor.day.month):
            year += step
    elif year is None:
        year = anchor.day.year if step == 0 else nearest_month(anchor, month)
    return month_of(year, month)


def month_range(match: re.Match[str], anchor: Anchor) -> Span:
    first_month, last_month = _month_number(match["month1"]), _month_number(match["month"])
    year = _told_year(match, anchor) or nearest_month(anchor, last_month)
    first_year = int(match["year1"]) if _group(match, "year1") else year - (first_month > last_month)
    return date(first_year, first_month, 1), month_end(year, last_month), Precision.MONTH


def season(match: re.Match[str], anchor: Anchor) -> Span:
    month = SEASONS[match["season"].lower().removesuffix("s")]
    year = _told_year(match, anchor)
    step = _relative(_group(match, "rel"))
    if year is None:
        year = _season_year(anchor, month, step)
    end_year, end_month = months_on(date(year, month, 1), 2)
    return date(year, month, 1), month_end(end_year, end_month), Precision.MONTH


def _season_year(anchor: Anchor, month: int, step: int | None) -> int:
    day = anchor.day
    starts = [date(year, month, 1) for year in (day.year - 2, day.year - 1, day.year, day.year + 1)]
    begun = [start for start in starts if start <= day]
    running = begun[-1] if months_on(begun[-1], 3) > (day.year, day.month) else None
    coming = next(start for start in (*starts, date(day.year + 2, month, 1)) if start > day)
    if step == 0:
        return day.year if month != 12 or running is None else running.year
    if step == 1 or (step is None and anchor.forward):
        return running.year if running and step is None else coming.year
    if step == -1:
        return begun[-2].year if running else begun[-1].year
    if anchor.direction is Direction.BACK:
        return begun[-1].year
    raise Refused("direction unclear")


def plain_year(match: re.Match[str], anchor: Anchor) -> Span:
    year = int(match["year"])
    if "part" in match.re.groupindex and match["part"]:
        return year_of(year, int(str(year)[:2] + match["part"]))
    return year_of(year)


def year_range(match: re.Match[str], anchor: Anchor) -> Span:
    first, last = int(match["year1"]), match["year"]
    full = int(last) if len(last) == 4 else int(str(first)[: 4 - len(last)] + last)
    if full < first:
        raise Refused("the range ends before it begins")
    return year_of(first, full)


def relative_year(match: re.Match[str], anchor: Anchor) -> Span:
    return year_of(anchor.day.year + (_relative(match["rel"]) or 0))


def year_before(match: re.Match[str], anchor: Anchor) -> Span:
    return year_of(anchor.day.year - 1)


_EDGES = {"anf": (1, 1), "beg": (1, 1), "mit": (6, 7), "end": (12, 12)}
"""the months of each part of a year, by its first letters"""


def year_edge(match: re.Match[str], anchor: Anchor) -> Span:
    edge = match.group().lower()
    step = _relative(_group(match, "rel"))
    if step is None:
        step = _year_around(match, anchor, *_EDGES[edge[:3]])
    if step > 0 and edge.startswith(("anfang", "beginn")):
        # What is announced for "Anfang kommenden Jahres" is announced for January.
        return month_of(anchor.day.year + step, 1)
    return year_of(anchor.day.year + step)


def _year_around(match: re.Match[str], anchor: Anchor, first: int, last: int) -> int:
    """The year of a part of one that is not named, counted from this one: in January what was "Ende des Jahres" was last
    year's, and what will be "im ersten Quartal" is next year's at the end of December. A deadline is this year's."""
    if anchor.direction is Direction.BACK and anchor.day.month < first:
        return 0 if _UNTIL.search(match.string[: match.start()]) else -1
    return int(anchor.direction is Direction.FORWARD and anchor.day.month > last)


_UNTIL = re.compile(r"\bbis(?:\s+zum)?\s+$", re.IGNORECASE)


def year_start(match: re.Match[str], anchor: Anchor) -> Span:
    year = anchor.day.year + (anchor.forward and anchor.day.month > 1)
    return month_of(year, 1)


def year_end(match: re.Match[str], anchor: Anchor) -> Span:
    back = anchor.direction is Direction.BACK and anchor.day.month < 12
    return year_of(anchor.day.year - back)


def decade(match: re.Match[str], anchor: Anchor) -> Span:
    word = match["decade"].lower()
    digits = re.sub(r"\D", "", word)
    if len(digits) == 4:
        return year_of(int(digits), int(digits) + 9)
    first = int(digits) if digits else next(n for name, n in DECADES.items() if word.startswith(name))
    return year_of(1900 + first, 1909 + first)


def day_word(match: re.Match[str], anchor: Anchor) -> Span:
    word = match["word"].lower()
    steps = (("heut", 0), ("vorgest", -2), ("gest", -1), ("übermorg", 2), ("morg", 1))
    day = anchor.day + timedelta(days=next(step for stem, step in steps if word.startswith(stem)))
    return one_day(_with_weekday(day, match["weekday"]))


def of_the_day(match: re.Match[str], anchor: Anchor) -> Span:
    """ "Im Laufe des Tages": the article's day, where its sentence names no other. So are all four in our labels."""
    if any(name in match.string.lower() for name in WEEKDAYS):
        raise Refused("of the day that the sentence names")
    return one_day(anchor.day)


def _with_weekday(day: date, name: str | None) -> date:
    """The nearest day of that name: "am morgigen Mittwoch" on a Wednesday was written the day before."""
    if name is None:
        return day
    ahead = (WEEKDAYS[name.lower()] - day.weekday()) % 7
    return day + timedelta(days=ahead - 7 * (ahead > 3))


def two_days(match: re.Match[str], anchor: Anchor) -> Span:
    return anchor.day, anchor.day + timedelta(days=1), Precision.RANGE


def day_part(match: re.Match[str], anchor: Anchor) -> Span:
    """A part of the day that is not named: today, or yesterday where today's has not come yet."""
    word = match["part"].lower()
    later = {"nachmittag": 13, "abend": 17, "mittag": 11}
    hour = next((hour for stem, hour in later.items() if word.startswith(stem)), 0)
    known = anchor.dated.time().replace(tzinfo=None) != datetime.min.time()
    not_yet = known and anchor.direction is Direction.BACK and anchor.dated.hour < hour
    return one_day(anchor.day - timedelta(days=int(not_yet)))


def on_weekday(match: re.Match[str], anchor: Anchor) -> Span:
    weekday = WEEKDAYS[match["weekday"].lower()]
    week = _relative(_group(match, "wrel"))
    if week is not None:
        return one_day(week_of(anchor.day, week)[0] + timedelta(days=weekday))
    step = _relative(_group(match, "rel"))
    day = anchor.day
    ahead = (weekday - day.weekday()) % 7
    if step == 1:
        return one_day(day + timedelta(days=ahead or 7))
    if step == -1:
        return one_day(day - timedelta(days=(7 - ahead) if ahead else 7))
    if step in (2, -2):
        return one_day(week_of(day, step)[0] + timedelta(days=weekday))
    if step == 0 and not (anchor.direction is Direction.BACK and weekday < day.weekday()):
        # "Als Termin nannte sie diesen Freitag" on a Wednesday: of 84 in our labels one was of the week before.
        return one_day(day + timedelta(days=ahead))
    return one_day(nearest_weekday(anchor, weekday))


def weekday_range(match: re.Match[str], anchor: Anchor) -> Span:
    first_name, last_name = WEEKDAYS[match["weekday1"].lower()], WEEKDAYS[match["weekday"].lower()]
    length = (last_name - first_name) % 7
    week = _relative(_group(match, "wrel"))
    if week is not None:
        first = week_of(anchor.day, week)[0] + timedelta(days=first_name)
        return first, first + timedelta(days=length), Precision.RANGE
    if anchor.direction is Direction.BACK:
        last = nearest_weekday(anchor, last_name)
        return last - timedelta(days=length), last, Precision.RANGE
    if _group(match, "rel"):
        first = anchor.day + timedelta(days=(first_name - anchor.day.weekday()) % 7 or 7)
    else:
        first = nearest_weekday(anchor, first_name)
    return first, first + timedelta(days=length), Precision.RANGE


def night(match: re.Match[str], anchor: Anchor) -> Span:
    return one_day(nearest_weekday(anchor, WEEKDAYS[match["weekday"].lower()]))


def relative_week(match: re.Match[str], anchor: Anchor) -> Span:
    step = _relative(match["rel"])
    first, last, precision = week_of(anchor.day, step or 0)
    if step == 0 and anchor.direction is Direction.BACK:
        return first, anchor.day, precision
    if step == 0 and anchor.forward:
        return anchor.day, last, precision
    return first, last, precision


def part_of_week(match: re.Match[str], anchor: Anchor) -> Span:
    """Without a word for which week: the next one where this one's part is over and what is told is to come; a Sunday is the end of none."""
    edge = match["edge"].lower()
    week = _relative(_group(match, "rel"))
    if week is None:
        over = 0 if edge.startswith(("anf", "beg")) else 2 if edge.startswith("mit") else 6
        week = int(anchor.forward and anchor.day.weekday() >= over)
    first = week_of(anchor.day, week)[0]
    if edge.startswith("mit"):
        return one_day(first + timedelta(days=2))
    if edge.startswith(("anf", "beg")):
        return one_day(first)
    return first + timedelta(days=4), first + timedelta(days=6), Precision.RANGE


def weekend(match: re.Match[str], anchor: Anchor) -> Span:
    step = _relative(_group(match, "rel"))
    saturday = week_of(anchor.day)[0] + timedelta(days=5)
    at_weekend = anchor.day.weekday() >= 5
    if step in (-2, -1) or (step is None and anchor.direction is Direction.BACK and not at_weekend):
        saturday -= timedelta(weeks=1)
    elif step == 2 or (step == 1 and at_weekend):
        saturday += timedelta(weeks=1)
    elif step is None and anchor.direction is Direction.OPEN and not at_weekend:
        raise Refused("direction unclear")
    return saturday, saturday + timedelta(days=1), Precision.RANGE


def relative_month(match: re.Match[str], anchor: Anchor) -> Span:
    return month_of(*months_on(anchor.day, _relative(match["rel"]) or 0))


def this_month(match: re.Match[str], anchor: Anchor) -> Span:
    return month_of(anchor.day.year, anchor.day.month)


def ago(match: re.Match[str], anchor: Anchor) -> Span:
    return moved_by(anchor, match["unit"], -number_of(match["count"]))


def next_day(match: re.Match[str], anchor: Anchor) -> Span:
    """The day after publication where the clause looks ahead; after another day of the story elsewhere."""
    if not anchor.forward:
        raise Refused("told from another day of the story")
    return one_day(anchor.day + timedelta(days=1))


def hence(match: re.Match[str], anchor: Anchor) -> Span:
    if anchor.direction is Direction.BACK:
        raise Refused("duration")
    return moved_by(anchor, match["unit"], number_of(match["count"]))


def moved_by(anchor: Anchor, unit: str, count: int) -> Span:
    """As exactly as people say it: days and weeks to the day, months to the month, years to the year.

    One year ago is told of the same season: to the month.
    """
    if unit == "Tag":
        return one_day(anchor.day + timedelta(days=count))
    if unit == "Woche":
        return one_day(anchor.day + timedelta(weeks=count))
    if unit == "Monat":
        return month_of(*months_on(anchor.day, count))
    if unit == "Jahrzehnt":
        raise Refused("vague")
    if count == -1:
        return month_of(anchor.day.year - 1, anchor.day.month)
    return year_of(anchor.day.year + count)


def half_year(match: re.Match[str], anchor: Anchor) -> Span:
    sign = -1 if match["dir"].lower() == "vor" else 1
    return month_of(*months_on(anchor.day, 6 * sign))


def last_units(match: re.Match[str], anchor: Anchor) -> Span:
    """ "in den vergangenen beiden Tagen": the counted units before the article's day, without it."""
    step, count, unit = _relative(match["rel"]) or 0, number_of(match["count"]), match["unit"]
    if step == 0 or unit == "Jahrzehnt":
        raise Refused("vague")
    sign = 1 if step > 0 else -1
    if unit == "Tag":
        ends = sorted((anchor.day + timedelta(days=sign), anchor.day + timedelta(days=sign * count)))
        return ends[0], ends[1], Precision.RANGE
    if unit == "Woche":
        ends = sorted((anchor.day, anchor.day + timedelta(weeks=sign * count)))
        return ends[0], ends[1], Precision.RANGE
    if unit == "Monat":
        months = sorted((months_on(anchor.day, 0), months_on(anchor.day, sign * count)))
        return date(*months[0], 1), month_end(*months[1]), Precision.MONTH
    years = sorted((anchor.day.year, anchor.day.year + sign * count))
    return year_of(*years)


def fixed_day(match: re.Match[str], anchor: Anchor) -> Span:
    name = " ".join(match["name"].lower().split())
    year = _told_year(match, anchor)
    if name in FIXED_DAYS:
        month, day = FIXED_DAYS[name]
        if name == "jahreswechsel":
            anchor = replace(anchor, direction=Direction.OPEN)
        return one_day(date(year, month, day) if year else nearest_day(anchor, month, day))
    first, last = EASTER_SPANS.get(name) or (EASTER_DAYS[name],) * 2
    sunday = easter(year) if year else nearest_easter(anchor, last)
    span = sunday + timedelta(days=first), sunday + timedelta(days=last)
    return (*span, Precision.DAY if first == last else Precision.RANGE)


def christmas(match: re.Match[str], anchor: Anchor) -> Span:
    year = _told_year(match, anchor)
    first = date(year, 12, 25) if year else nearest_day(anchor, 12, 25)
    return first, first + timedelta(days=1), Precision.RANGE


def weekday_of_week(match: re.Match[str], anchor: Anchor) -> Span:
    first = week_of(anchor.day, _relative(match["rel"]) or 0)[0]
    return one_day(first + timedelta(days=WEEKDAYS[match["weekday"].lower()]))


def weekday_weeks_off(match: re.Match[str], anchor: Anchor) -> Span:
    """ "am Freitag vor einer Woche": a week before the Friday past."""
    sign = -1 if match["dir"] == "vor" else 1
    moved = replace(anchor, direction=Direction.BACK if sign < 0 else Direction.FORWARD)
    day = nearest_weekday(moved, WEEKDAYS[match["weekday"].lower()])
    return one_day(day + timedelta(weeks=sign * number_of(match["count"])))


def today_off(match: re.Match[str], anchor: Anchor) -> Span:
    """ "heute vor einem Jahr": to the day."""
    count = number_of(match["count"]) * (-1 if match["dir"] == "vor" else 1)
    if match["unit"] in ("Tag", "Woche"):
        return moved_by(anchor, match["unit"], count)
    year, month = months_on(anchor.day, count if match["unit"] == "Monat" else 12 * count)
    return one_day(in_year(year, month, anchor.day.day))


def part_of_year(match: re.Match[str], anchor: Anchor) -> Span:
    number, length = ORDINALS[match["nth"]], 3 if match["part"] == "Quartal" else 6
    if number * length > 12:
        raise Refused("no such part of a year")
    last = number * length
    year = _told_year(match, anchor) or anchor.day.year + _year_around(match, anchor, last - length + 1, last)
    return date(year, last - length + 1, 1), month_end(year, last), Precision.MONTH


def since_counted(match: re.Match[str], anchor: Anchor) -> Span:
    """ "seit drei Tagen": from then until today; for years the year it began."""
    first, last, precision = moved_by(anchor, match["unit"], -number_of(match["count"]))
    if match["unit"] in ("Tag", "Woche"):
        return first, anchor.day, Precision.RANGE
    return first, last, precision


def refuse(reason: str) -> Resolve:
    def resolve(match: re.Match[str], anchor: Anchor) -> Span:
        raise Refused(reason)

    return resolve


OF_THE_STORY = "told from another day of the story"
"""why a time is refused that a sentence alone cannot date: `Reading` may, with `from_another_day`"""
