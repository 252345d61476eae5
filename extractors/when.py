"""Reads German time expressions: finds them in a sentence and resolves them against the article's date.

The direction of "am Montag" or "im Juni" comes from the clause ("ist … geplant" forward, "hatte … gesagt" back).
What the text leaves open is refused, with a reason, rather than guessed.
"""

from __future__ import annotations

import contextlib
import enum
import functools
import itertools
import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from extractors.language import Clause, Sentence, Token
from extractors.language.clauses import preterite
from extractors.model import Precision, When


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A stretch that tells a time. `when` is None where we refuse; then `reason` says why.

    `start` and `end` count characters of the text that was read; prepositions stand outside.
    """

    start: int
    end: int
    words: str
    when: When | None
    rule: str
    reason: str = ""


def tells_when_said(sentence: Sentence, time: TimeExpression, today: date) -> bool:
    """Whether a time is that of the saying and not of what is said: "…, wie das Ministerium am Mittwoch mitteilte", "nach
    Angaben vom Mittwoch".

    What is said today was not said on a day to come ("sagte sie vor dem Gipfel in der kommenden Woche"), nor for one ("für Freitag").
    """
    first = next((token.i for token in sentence.tokens if token.start >= time.start), None)
    if first is not None and any(t.text.rstrip(":") in _ISSUES for t in sentence.tokens[max(0, first - 2) : first]):
        return True
    if time.when is not None and time.when.first > today:
        return False
    before = sentence.tokens[first - 1].text.lower() if first else ""
    if before in ("für", "ab", "vom"):
        return before == "vom"
    clause = sentence.clause_of(first) if first is not None else None
    if clause is None or clause.predicate not in SPEAKING or clause.tense not in ("preterite", "perfect", "present"):
        return False
    return clause.voice == "active" and clause.modal == ""


def tells_end(sentence: Sentence, time: TimeExpression) -> bool:
    """Whether something that goes on is over by then, as its clause or attribute says: "das Treffen, das am Donnerstag endet",
    "das am Freitag auslaufende Abkommen"; or is no longer to begin then: "am Freitag statt am Donnerstag", "sie beraten bis
    Sonntag"."""
    first = next((token.i for token in sentence.tokens if token.start >= time.start), None)
    behind = next((token.text for token in sentence.tokens if token.start >= time.end), "")
    if behind.startswith(_ENDS):
        return True
    if first is not None and any(t.text.lower() in _NOT_THEN for t in sentence.tokens[max(0, first - 2) : first]):
        return True
    clause = sentence.clause_of(first) if first is not None else None
    return clause is not None and clause.predicate in _ENDING


class Direction(enum.Enum):
    """Where from the article's date the clause looks."""

    BACK = -1
    OPEN = 0
    FORWARD = 1
    PRESENT = 2
    """forward by its tense alone: of a month far ahead it is more often the last one, "Anfang März schließt die Bank ihre Büros" in July"""


class Refused(ValueError):
    """The expression cannot be dated from the sentence; the message is the reason that is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What an expression is resolved against: the article's time and the direction of the clause."""

    dated: datetime
    direction: Direction

    @property
    def day(self) -> date:
        return self.dated.date()

    @property
    def forward(self) -> bool:
        return self.direction in (Direction.FORWARD, Direction.PRESENT)


Span = tuple[date, date, Precision]
Resolve = Callable[["re.Match[str]", Anchor], Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: what an expression looks like and how it is dated. `needs` names the triggers that make it worth trying."""

    name: str
    pattern: re.Pattern[str]
    resolve: Resolve
    needs: frozenset[str]


# --- words -----------------------------------------------------------------------------------------------------------

_WEEKDAYS = MappingProxyType(
    {
        "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5,
        "sonntag": 6,
    }
)  # fmt: skip
_MONTHS = MappingProxyType(
    {
        "januar": 1, "jänner": 1, "jan": 1, "februar": 2, "feber": 2, "feb": 2, "märz": 3, "april": 4, "apr": 4,
        "mai": 5, "juni": 6, "jun": 6, "juli": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9,
        "oktober": 10, "okt": 10, "november": 11, "nov": 11, "dezember": 12, "dez": 12,
    }
)  # fmt: skip
_SEASONS = MappingProxyType({"frühjahr": 3, "frühling": 3, "frühsommer": 6, "sommer": 6, "hochsommer": 6,
                             "spätsommer": 6, "frühherbst": 9, "herbst": 9, "spätherbst": 9, "winter": 12})  # fmt: skip
"""First of its three months; winter runs into the next year."""
_NUMBERS = MappingProxyType(
    {
        "ein": 1, "eine": 1, "einem": 1, "einer": 1, "einen": 1, "zwei": 2, "zweier": 2, "beiden": 2, "drei": 3,
        "dreier": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11,
        "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18,
        "neunzehn": 19, "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70,
        "achtzig": 80, "neunzig": 90, "hundert": 100,
    }
)  # fmt: skip
_DECADES = MappingProxyType(
    {
        "zwanziger": 20, "dreißiger": 30, "vierziger": 40, "fünfziger": 50, "sechziger": 60, "siebziger": 70,
        "achtziger": 80, "neunziger": 90,
    }
)  # fmt: skip
_ORDINALS = MappingProxyType(
    {"ersten": 1, "erste": 1, "zweiten": 2, "dritten": 3, "vierten": 4, "fünften": 5, "sechsten": 6, "siebten": 7,
     "achten": 8, "neunten": 9, "zehnten": 10}
)  # fmt: skip
_RECURS = re.compile(r"\b[Jj]ähr(?:t|e|te|en|ten)\b")
_NTH_TIME = re.compile(rf"\bzum\s+(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<number>\d{{1,3}})\.)\s+Mal\b")
_FIXED_DAYS = MappingProxyType(
    {
        "silvester": (12, 31), "silvesternacht": (12, 31), "neujahrsnacht": (1, 1), "neujahr": (1, 1), "neujahrstag": (1, 1), "heiligabend": (12, 24),
        "tag des sieges": (5, 9), "tag der deutschen einheit": (10, 3), "jahreswechsel": (1, 1),
        "tag der arbeit": (5, 1), "allerheiligen": (11, 1), "nikolaustag": (12, 6),
    }
)  # fmt: skip
_EASTER_DAYS = MappingProxyType(
    {
        "gründonnerstag": -3, "karfreitag": -2, "karsamstag": -1, "ostersonntag": 0, "ostermontag": 1,
        "christi himmelfahrt": 39, "pfingstsonntag": 49, "pfingstmontag": 50, "fronleichnam": 60, "aschermittwoch": -46,
        "rosenmontag": -48,
    }
)  # fmt: skip
_EASTER_SPANS = MappingProxyType({"ostern": (-2, 1), "pfingsten": (49, 50), "osterwochenende": (-2, 1)})

_LAST = r"(?i:vergangen|letzt|vorig|zurückliegend|verflossen|verwichen)e[nrsm]?"
_NEXT = r"(?i:kommend|nächst|bevorstehend)e[nrsm]?"
_THIS = r"(?i:diese[nrsm]?|laufende[nrsm]?|heurige[nrsm]?)"
_BOTH = rf"(?P<rel>{_LAST}|{_NEXT}|{_THIS}|(?i:vorvergangen|vorvorig|vorletzt|übernächst)e[nrsm]?)"
_DAYNAME = r"(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)"
_PART = r"(?:[Mm]orgen|[Ff]rüh|[Vv]ormittag|[Mm]ittag|[Nn]achmittag|[Aa]bend|[Nn]acht)s?"
_MONTHNAME = (
    r"(?:Januar|Jänner|Februar|Feber|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    r"Jan\.|Feb\.|Apr\.|Aug\.|Sept?\.|Okt\.|Nov\.|Dez\.)s?"
)
_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_EDGE = r"(?:Anfang|Mitte|Ende|Beginn|Anfangs)"
_COUNT = (
    r"(?i:\d{1,3}|eineinhalb|anderthalb|zweieinhalb|dreieinhalb|viereinhalb|"
    + "|".join(sorted(_NUMBERS, key=len, reverse=True))
    + r")"
)
_UNIT = r"(?P<unit>Tag|Woche|Monat|Jahr|Jahrzehnt)(?:en|es|e|n|s)?"
_OF_SAME_YEAR = r"des(?:selben|\s+(?:gleichen|selben))\s+Jahres"
_YEAR_OF = rf"(?:\s+(?:(?:des\s+Jahres\s+)?(?P<year>{_YEAR})|(?:des\s+)?(?P<yrel>{_LAST}|{_NEXT}|{_THIS})\s+Jahr(?:es|s)?|(?P<yword>des\s+Vorjahres)|(?P<ysame>{_OF_SAME_YEAR})))?"

# Words in whose company a date lies ahead, whatever the tense ("war für Freitag angesetzt", "soll … stattfinden").
_PLANNING = frozenset(
    "planen ansetzen vorsehen anberaumen einplanen terminieren bevorstehen anstehen erwarten einberufen vereinbaren "
    "verabreden geplant vorgesehen angesetzt anberaumt terminiert erwartet festlegen festsetzen einladen".split()
)
_SETTLING = frozenset("vereinbaren verabreden einberufen anberaumen festlegen einladen".split())
"""of these, acts of a day: what they plan has its own behind it ("vereinbarten am Montag ein Treffen am Freitag")"""
_ANNOUNCING = frozenset({"ankündigen", "avisieren"})
"""verbs whose object is to come: "kündigte einen Gipfel am Donnerstag an", where "kündigte am Donnerstag einen Gipfel an" is over"""
# What the present tense of these tells has been said: "Man werde helfen, sagt X am Dienstag".
_SOURCES = frozenset(
    "Angabe Angaben Wort Worte Auskunft Information Informationen Bericht Berichte Ansicht Darstellung Aussage".split()
)
"""behind these "nach" says who tells it: "reist nach Angaben seines Amts am Freitag" is to come"""
_BLAMED = frozenset({"verantwortlich", "Verantwortung", "Schuld"})
"""what makes something over that "für" opens: "für den Anschlag am Freitag verantwortlich" """
_NOT_THEN = frozenset({"statt", "anstatt", "anstelle", "bis"})
_ISSUES = frozenset("Update Erstmeldung Originalmeldung Meldung Stand Ursprungsmeldung Aktualisierung".split())
"""what an issue of the report itself is called: "Update vom 16. Oktober" dates no act"""
_ENDING = frozenset({"enden", "auslaufen", "ablaufen"})
_ENDS = tuple(f"{verb}d" for verb in sorted(_ENDING))
SPEAKING = frozenset(
    "sagen erklären betonen mitteilen fordern warnen kritisieren berichten bekräftigen melden bezeichnen nennen meinen "
    "schreiben twittern zitieren verkünden versichern heißen behaupten ankündigen äußern".split()
)
_SEGMENT_ENDS = frozenset({",", ";", ":", "–", "-", "(", ")", "„", "“", '"', "»", "«"})
_BACK_TENSES = frozenset({"preterite", "perfect", "pluperfect"})
_FORWARD_MODALS = frozenset({"sollen", "wollen", "müssen", "können", "dürfen", "mögen"})

# --- dates -----------------------------------------------------------------------------------------------------------


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _one(day: date) -> Span:
    return day, day, Precision.DAY


def _month(year: int, month: int) -> Span:
    return date(year, month, 1), _month_end(year, month), Precision.MONTH


def _year(first: int, last: int | None = None) -> Span:
    return date(first, 1, 1), date(last or first, 12, 31), Precision.YEAR


def _months_on(day: date, months: int) -> tuple[int, int]:
    count = day.year * 12 + day.month - 1 + months
    return count // 12, count % 12 + 1


def _week(day: date, weeks: int = 0) -> Span:
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


def _number(word: str) -> int:
    if word.lower().endswith("halb"):
        raise Refused("vague")
    return int(word) if word.isdigit() else _NUMBERS[word.lower()]


def _month_number(word: str) -> int:
    stem = word.lower().rstrip(".")
    return _MONTHS.get(stem) or _MONTHS[stem.removesuffix("s")]


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


@contextlib.contextmanager
def _in_the_calendar() -> Iterator[None]:
    """Refuses what would be before the year 1 or after the year 9999: "vor 3.000 Jahren", "gestern" of its first day."""
    try:
        yield
    except Refused:
        raise
    except (OverflowError, ValueError):
        raise Refused("out of the calendar") from None


def _in_year(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused("no such day") from None


_YEARS_TOLD = range(1000, 3000)
"""years of which a text tells days: "31.12.9999" stands for no end, and nothing can be reckoned from it"""
_NEAR = timedelta(days=60)
"""A day so near needs no year, whichever way its clause looks."""


def _nearest(anchor: Anchor, month: int, day: int) -> date:
    """The day of a year that is not named: by the clause's direction; the nearest one where that says nothing."""
    years = (anchor.day.year - 1, anchor.day.year, anchor.day.year + 1)
    found = [_in_year(year, month, day) for year in years if day <= monthrange(year, month)[1]]
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


def _nearest_month(anchor: Anchor, month: int) -> int:
    """The year of a month that is not dated."""
    now = anchor.day.month
    if anchor.direction is Direction.FORWARD:
        return anchor.day.year + (month < now)
    if anchor.direction is Direction.BACK:
        return anchor.day.year - (month > now)
    ahead = (month - now) % 12
    return anchor.day.year + ((month < now) if ahead <= 5 else -(month > now))


def _weekday(anchor: Anchor, weekday: int) -> date:
    """The day of a week that is not named. A refusal where the clause does not tell back from forward."""
    ahead = (weekday - anchor.day.weekday()) % 7
    if ahead == 0:
        return anchor.day
    if anchor.forward:
        return anchor.day + timedelta(days=ahead)
    if anchor.direction is Direction.BACK:
        return anchor.day - timedelta(days=7 - ahead)
    raise Refused("direction unclear")


# --- what each kind of expression means --------------------------------------------------------------------------------


def _iso(match: re.Match[str], anchor: Anchor) -> Span:
    return _one(_in_year(int(match["year"]), int(match["month"]), int(match["day"])))


def _numeric(match: re.Match[str], anchor: Anchor) -> Span:
    year, month, day = match["year"], int(match["month"]), int(match["day"])
    if not 1 <= month <= 12:
        raise Refused("no such month")
    if not year:
        return _one(_nearest(anchor, month, day))
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
    if full not in _YEARS_TOLD:
        raise Refused("no such day")
    return _one(_in_year(full, month, day))


def _day_of_month(match: re.Match[str], anchor: Anchor) -> Span:
    month = _month_number(match["month"])
    word = match["day"]
    day = int(word) if word.isdigit() else _ORDINALS[word.lower()]
    year = _told_year(match, anchor)
    return _one(_nearest(anchor, month, day) if year is None else _in_year(year, month, day))


def _day_range(match: re.Match[str], anchor: Anchor) -> Span:
    last_month = _month_number(match["month"])
    first_month = _month_number(match["month1"]) if _group(match, "month1") else last_month
    year = _told_year(match, anchor)
    last = (
        _nearest(anchor, last_month, int(match["day"]))
        if year is None
        else _in_year(year, last_month, int(match["day"]))
    )
    first = _in_year(last.year - (first_month > last_month), first_month, int(match["day1"]))
    if first > last:
        raise Refused("the range ends before it begins")
    return first, last, Precision.RANGE


def _month_alone(match: re.Match[str], anchor: Anchor) -> Span:
    month = _month_number(match["month"])
    year = _told_year(match, anchor)
    step = _relative(_group(match, "rel"))
    if year is None and step in (-1, 1):
        moved = replace(anchor, direction=Direction.BACK if step < 0 else Direction.FORWARD)
        year = _nearest_month(moved, month)
        if (year, month) == (anchor.day.year, anchor.day.month):
            year += step
    elif year is None:
        year = anchor.day.year if step == 0 else _nearest_month(anchor, month)
    return _month(year, month)


def _month_range(match: re.Match[str], anchor: Anchor) -> Span:
    first_month, last_month = _month_number(match["month1"]), _month_number(match["month"])
    year = _told_year(match, anchor) or _nearest_month(anchor, last_month)
    first_year = int(match["year1"]) if _group(match, "year1") else year - (first_month > last_month)
    return date(first_year, first_month, 1), _month_end(year, last_month), Precision.MONTH


def _season(match: re.Match[str], anchor: Anchor) -> Span:
    month = _SEASONS[match["season"].lower().removesuffix("s")]
    year = _told_year(match, anchor)
    step = _relative(_group(match, "rel"))
    if year is None:
        year = _season_year(anchor, month, step)
    end_year, end_month = _months_on(date(year, month, 1), 2)
    return date(year, month, 1), _month_end(end_year, end_month), Precision.MONTH


def _season_year(anchor: Anchor, month: int, step: int | None) -> int:
    day = anchor.day
    starts = [date(year, month, 1) for year in (day.year - 2, day.year - 1, day.year, day.year + 1)]
    begun = [start for start in starts if start <= day]
    running = begun[-1] if _months_on(begun[-1], 3) > (day.year, day.month) else None
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


def _plain_year(match: re.Match[str], anchor: Anchor) -> Span:
    year = int(match["year"])
    if "part" in match.re.groupindex and match["part"]:
        return _year(year, int(str(year)[:2] + match["part"]))
    return _year(year)


def _year_range(match: re.Match[str], anchor: Anchor) -> Span:
    first, last = int(match["year1"]), match["year"]
    full = int(last) if len(last) == 4 else int(str(first)[: 4 - len(last)] + last)
    if full < first:
        raise Refused("the range ends before it begins")
    return _year(first, full)


def _relative_year(match: re.Match[str], anchor: Anchor) -> Span:
    return _year(anchor.day.year + (_relative(match["rel"]) or 0))


def _year_before(match: re.Match[str], anchor: Anchor) -> Span:
    return _year(anchor.day.year - 1)


def _year_edge(match: re.Match[str], anchor: Anchor) -> Span:
    step = _relative(_group(match, "rel")) or 0
    if step > 0 and match.group().lower().startswith(("anfang", "beginn")):
        # What is announced for "Anfang kommenden Jahres" is announced for January.
        return _month(anchor.day.year + step, 1)
    return _year(anchor.day.year + step)


def _year_start(match: re.Match[str], anchor: Anchor) -> Span:
    year = anchor.day.year + (anchor.forward and anchor.day.month > 1)
    return _month(year, 1)


def _year_end(match: re.Match[str], anchor: Anchor) -> Span:
    back = anchor.direction is Direction.BACK and anchor.day.month < 12
    return _month(anchor.day.year - back, 12)


def _decade(match: re.Match[str], anchor: Anchor) -> Span:
    word = match["decade"].lower()
    digits = re.sub(r"\D", "", word)
    if len(digits) == 4:
        return _year(int(digits), int(digits) + 9)
    first = int(digits) if digits else next(n for name, n in _DECADES.items() if word.startswith(name))
    return _year(1900 + first, 1909 + first)


def _day_word(match: re.Match[str], anchor: Anchor) -> Span:
    word = match["word"].lower()
    steps = (("heut", 0), ("vorgest", -2), ("gest", -1), ("übermorg", 2), ("morg", 1))
    day = anchor.day + timedelta(days=next(step for stem, step in steps if word.startswith(stem)))
    return _one(_with_weekday(day, match["weekday"]))


def _with_weekday(day: date, name: str | None) -> date:
    """The nearest day of that name: "am morgigen Mittwoch" on a Wednesday was written the day before."""
    if name is None:
        return day
    ahead = (_WEEKDAYS[name.lower()] - day.weekday()) % 7
    return day + timedelta(days=ahead - 7 * (ahead > 3))


def _two_days(match: re.Match[str], anchor: Anchor) -> Span:
    return anchor.day, anchor.day + timedelta(days=1), Precision.RANGE


def _day_part(match: re.Match[str], anchor: Anchor) -> Span:
    """A part of the day that is not named: today, or yesterday where today's has not come yet."""
    word = match["part"].lower()
    later = {"nachmittag": 13, "abend": 17, "mittag": 11}
    hour = next((hour for stem, hour in later.items() if word.startswith(stem)), 0)
    known = anchor.dated.time().replace(tzinfo=None) != datetime.min.time()
    not_yet = known and anchor.direction is Direction.BACK and anchor.dated.hour < hour
    return _one(anchor.day - timedelta(days=int(not_yet)))


def _on_weekday(match: re.Match[str], anchor: Anchor) -> Span:
    weekday = _WEEKDAYS[match["weekday"].lower()]
    week = _relative(_group(match, "wrel"))
    if week is not None:
        return _one(_week(anchor.day, week)[0] + timedelta(days=weekday))
    step = _relative(_group(match, "rel"))
    day = anchor.day
    ahead = (weekday - day.weekday()) % 7
    if step == 1:
        return _one(day + timedelta(days=ahead or 7))
    if step == -1:
        return _one(day - timedelta(days=(7 - ahead) if ahead else 7))
    if step in (2, -2):
        return _one(_week(day, step)[0] + timedelta(days=weekday))
    if step == 0 and not (anchor.direction is Direction.BACK and weekday < day.weekday()):
        # "Als Termin nannte sie diesen Freitag" on a Wednesday: of 84 in our labels one was of the week before.
        return _one(day + timedelta(days=ahead))
    return _one(_weekday(anchor, weekday))


def _weekday_range(match: re.Match[str], anchor: Anchor) -> Span:
    first_name, last_name = _WEEKDAYS[match["weekday1"].lower()], _WEEKDAYS[match["weekday"].lower()]
    length = (last_name - first_name) % 7
    week = _relative(_group(match, "wrel"))
    if week is not None:
        first = _week(anchor.day, week)[0] + timedelta(days=first_name)
        return first, first + timedelta(days=length), Precision.RANGE
    if anchor.direction is Direction.BACK:
        last = _weekday(anchor, last_name)
        return last - timedelta(days=length), last, Precision.RANGE
    if _group(match, "rel"):
        first = anchor.day + timedelta(days=(first_name - anchor.day.weekday()) % 7 or 7)
    else:
        first = _weekday(anchor, first_name)
    return first, first + timedelta(days=length), Precision.RANGE


def _night(match: re.Match[str], anchor: Anchor) -> Span:
    return _one(_weekday(anchor, _WEEKDAYS[match["weekday"].lower()]))


def _relative_week(match: re.Match[str], anchor: Anchor) -> Span:
    step = _relative(match["rel"])
    first, last, precision = _week(anchor.day, step or 0)
    if step == 0 and anchor.direction is Direction.BACK:
        return first, anchor.day, precision
    if step == 0 and anchor.forward:
        return anchor.day, last, precision
    return first, last, precision


def _part_of_week(match: re.Match[str], anchor: Anchor) -> Span:
    edge = match["edge"].lower()
    week = _relative(_group(match, "rel"))
    if week is None:
        ahead = anchor.forward and anchor.day.weekday() >= (0 if edge.startswith(("anf", "beg")) else 2)
        week = 1 if ahead and edge.startswith(("anf", "beg", "mit")) else 0
    first = _week(anchor.day, week)[0]
    if edge.startswith("mit"):
        return _one(first + timedelta(days=2))
    if edge.startswith(("anf", "beg")):
        return _one(first)
    return first + timedelta(days=4), first + timedelta(days=6), Precision.RANGE


def _weekend(match: re.Match[str], anchor: Anchor) -> Span:
    step = _relative(_group(match, "rel"))
    saturday = _week(anchor.day)[0] + timedelta(days=5)
    at_weekend = anchor.day.weekday() >= 5
    if step in (-2, -1) or (step is None and anchor.direction is Direction.BACK and not at_weekend):
        saturday -= timedelta(weeks=1)
    elif step == 2 or (step == 1 and at_weekend):
        saturday += timedelta(weeks=1)
    elif step is None and anchor.direction is Direction.OPEN and not at_weekend:
        raise Refused("direction unclear")
    return saturday, saturday + timedelta(days=1), Precision.RANGE


def _relative_month(match: re.Match[str], anchor: Anchor) -> Span:
    return _month(*_months_on(anchor.day, _relative(match["rel"]) or 0))


def _this_month(match: re.Match[str], anchor: Anchor) -> Span:
    return _month(anchor.day.year, anchor.day.month)


def _ago(match: re.Match[str], anchor: Anchor) -> Span:
    return _moved(anchor, match["unit"], -_number(match["count"]))


def _next_day(match: re.Match[str], anchor: Anchor) -> Span:
    """The day after publication where the clause looks ahead; after another day of the story elsewhere."""
    if not anchor.forward:
        raise Refused("told from another day of the story")
    return _one(anchor.day + timedelta(days=1))


def _hence(match: re.Match[str], anchor: Anchor) -> Span:
    if anchor.direction is Direction.BACK:
        raise Refused("duration")
    return _moved(anchor, match["unit"], _number(match["count"]))


def _moved(anchor: Anchor, unit: str, count: int) -> Span:
    """As exactly as people say it: days and weeks to the day, months to the month, years to the year.

    One year ago is told of the same season: to the month.
    """
    if unit == "Tag":
        return _one(anchor.day + timedelta(days=count))
    if unit == "Woche":
        return _one(anchor.day + timedelta(weeks=count))
    if unit == "Monat":
        return _month(*_months_on(anchor.day, count))
    if unit == "Jahrzehnt":
        raise Refused("vague")
    if count == -1:
        return _month(anchor.day.year - 1, anchor.day.month)
    return _year(anchor.day.year + count)


def _half_year(match: re.Match[str], anchor: Anchor) -> Span:
    sign = -1 if match["dir"].lower() == "vor" else 1
    return _month(*_months_on(anchor.day, 6 * sign))


def _last_units(match: re.Match[str], anchor: Anchor) -> Span:
    """ "in den vergangenen beiden Tagen": the counted units before the article's day, without it."""
    step, count, unit = _relative(match["rel"]) or 0, _number(match["count"]), match["unit"]
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
        months = sorted((_months_on(anchor.day, 0), _months_on(anchor.day, sign * count)))
        return date(*months[0], 1), _month_end(*months[1]), Precision.MONTH
    years = sorted((anchor.day.year, anchor.day.year + sign * count))
    return _year(*years)


def _fixed_day(match: re.Match[str], anchor: Anchor) -> Span:
    name = " ".join(match["name"].lower().split())
    year = _told_year(match, anchor)
    if name in _FIXED_DAYS:
        month, day = _FIXED_DAYS[name]
        if name == "jahreswechsel":
            anchor = replace(anchor, direction=Direction.OPEN)
        return _one(date(year, month, day) if year else _nearest(anchor, month, day))
    first, last = _EASTER_SPANS.get(name) or (_EASTER_DAYS[name],) * 2
    sunday = easter(year) if year else _nearest_easter(anchor, last)
    span = sunday + timedelta(days=first), sunday + timedelta(days=last)
    return (*span, Precision.DAY if first == last else Precision.RANGE)


def _nearest_easter(anchor: Anchor, shift: int) -> date:
    day = anchor.day
    found = [easter(year) for year in (day.year - 1, day.year, day.year + 1)]
    moved = [one + timedelta(days=shift) for one in found]
    if anchor.forward:
        return next(one for one, at in zip(found, moved, strict=True) if at >= day)
    if anchor.direction is Direction.BACK:
        return next(one for one, at in zip(reversed(found), reversed(moved), strict=True) if at <= day)
    return min(found, key=lambda one: abs(one - day))


def _christmas(match: re.Match[str], anchor: Anchor) -> Span:
    year = _told_year(match, anchor)
    first = date(year, 12, 25) if year else _nearest(anchor, 12, 25)
    return first, first + timedelta(days=1), Precision.RANGE


def _weekday_of_week(match: re.Match[str], anchor: Anchor) -> Span:
    first = _week(anchor.day, _relative(match["rel"]) or 0)[0]
    return _one(first + timedelta(days=_WEEKDAYS[match["weekday"].lower()]))


def _weekday_weeks_off(match: re.Match[str], anchor: Anchor) -> Span:
    """ "am Freitag vor einer Woche": a week before the Friday past."""
    sign = -1 if match["dir"] == "vor" else 1
    moved = replace(anchor, direction=Direction.BACK if sign < 0 else Direction.FORWARD)
    day = _weekday(moved, _WEEKDAYS[match["weekday"].lower()])
    return _one(day + timedelta(weeks=sign * _number(match["count"])))


def _today_off(match: re.Match[str], anchor: Anchor) -> Span:
    """ "heute vor einem Jahr": to the day."""
    count = _number(match["count"]) * (-1 if match["dir"] == "vor" else 1)
    if match["unit"] in ("Tag", "Woche"):
        return _moved(anchor, match["unit"], count)
    year, month = _months_on(anchor.day, count if match["unit"] == "Monat" else 12 * count)
    return _one(_in_year(year, month, anchor.day.day))


def _part_of_year(match: re.Match[str], anchor: Anchor) -> Span:
    number, length = _ORDINALS[match["nth"]], 3 if match["part"] == "Quartal" else 6
    if number * length > 12:
        raise Refused("no such part of a year")
    year = _told_year(match, anchor) or anchor.day.year
    last = number * length
    return date(year, last - length + 1, 1), _month_end(year, last), Precision.MONTH


def _since_counted(match: re.Match[str], anchor: Anchor) -> Span:
    """ "seit drei Tagen": from then until today; for years the year it began."""
    first, last, precision = _moved(anchor, match["unit"], -_number(match["count"]))
    if match["unit"] in ("Tag", "Woche"):
        return first, anchor.day, Precision.RANGE
    return first, last, precision


def _refuse(reason: str) -> Resolve:
    def resolve(match: re.Match[str], anchor: Anchor) -> Span:
        raise Refused(reason)

    return resolve


OF_THE_STORY = "told from another day of the story"
"""why a time is refused that a sentence alone cannot date: `Reading` may, with `from_another_day`"""
_FROM_A_DAY = MappingProxyType(
    {
        "day-before": ("Tag", -1),
        "day-after": ("Tag", 1),
        "same-day": ("Tag", 0),
        "same-year": ("Jahr", 0),
        "year-after": ("Jahr", 1),
    }
)
_FINER = MappingProxyType({"Tag": 0, "Woche": 0, "Monat": 1, "Jahr": 2})
_PRECISE = MappingProxyType({Precision.DAY: 0, Precision.RANGE: 0, Precision.MONTH: 1, Precision.YEAR: 2})
_OF_NOTHING = r"(?!\s+(?:des|der|von|vor|seine[rs]|ihre[rs]|eine[rs])\b)"
"""not "am Vorabend des Gipfels" """


def steps_back(time: TimeExpression) -> bool:
    """Whether a time is before the one that it is told from ("tags zuvor")."""
    step = _step(time)
    return step is not None and step[1] < 0


def from_another_day(time: TimeExpression, other: When) -> When | None:
    """The time that a sentence tells from another one of the story; None where that is told too roughly for it.

    "Drei Tage später" after "im März" is no day; "im April desselben Jahres" needs no more than a year.
    """
    try:
        with _in_the_calendar():
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
        return _year(other.first.year + count)
    return _moved(_open(other.first), unit, count)


def _step(time: TimeExpression) -> tuple[str, int] | None:
    """The unit and how many of them a time is off, if its words count it."""
    if time.rule in _FROM_A_DAY:
        return _FROM_A_DAY[time.rule]
    match = _row(time.rule).pattern.search(time.words) if time.rule == "counted-before" else None
    if match is None or match["unit"] not in _FINER or match["count"].lower().endswith("halb"):
        return None
    return match["unit"], _number(match["count"]) * (-1 if match["way"] in ("zuvor", "davor", "früher") else 1)


def _of_year(time: TimeExpression, year: int) -> Span | None:
    """ "Im April desselben Jahres": as if the year stood there."""
    words = re.sub(_OF_SAME_YEAR, str(year), time.words)
    row = _row(time.rule)
    match = row.pattern.search(words) if words != time.words else None
    return row.resolve(match, _open(date(year, 1, 1))) if match is not None else None


def _row(name: str) -> Rule:
    return next(row for row in rules() if row.name == name)


def _open(day: date) -> Anchor:
    return Anchor(dated=datetime.combine(day, datetime.min.time()), direction=Direction.OPEN)


# --- the rows --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """A rule before its pattern is compiled: that is done with the first sentence, not at import."""

    name: str
    pattern: str
    resolve: Resolve
    needs: tuple[str, ...]

    def compiled(self) -> Rule:
        pattern = re.compile(rf"(?<![\w-])(?:{self.pattern})(?![\w-])")
        return Rule(name=self.name, pattern=pattern, resolve=self.resolve, needs=frozenset(self.needs))


def _rule(name: str, pattern: str, resolve: Resolve, *needs: str) -> _Row:
    return _Row(name, pattern, resolve, needs)


_TRIGGER = (
    rf"""(?P<digit>\d)|(?P<weekday>{_DAYNAME}|SONNTAG|MONTAG)|(?P<month>Januar|Jänner|Februar|Feber|März|April|Mai\b|Juni|Juli|August|
    September|Oktober|November|Dezember|\b(?:Jan|Feb|Apr|Aug|Sept?|Okt|Nov|Dez)\.)|(?P<season>[Ff]rühjahr|[Ff]rühling|[Ss]ommer|[Hh]erbst|[Ww]inter)|
    (?P<dayword>[Hh]eut|[Gg]estrig|[Gg]estern|orgestern|[Mm]orgen|[Mm]orgig)|
    (?P<part>\b(?:Morgen|Früh|Vormittag|Mittag|Nachmittag|Abend|Nacht|vormittag|mittag|nachmittag|abend|nacht|Mitternacht)|morgens|abends)|
    (?P<feast>Silvester|Neujahr|Heiligabend|Weihnacht|Oster|Pfingst|Karfreitag|Gründonnerstag|Karsamstag|Himmelfahrt|Fronleichnam|Aschermittwoch|
    Rosenmontag|Jahreswechsel|Tag\ des|Tag\ der|Allerheiligen|Nikolaustag)|
    (?P<unit>Tage?n?\b|Tages\b|Woche|Monat|[Jj]ahr|jähr|äglich|wöchentlich|monatlich|Vortag|Vorabend|[Tt]ags\b|Folgetag|Quartal|Halbjahr|Jahrzehnt|Stunde|Minute|Sekunde|lang\b|Jahrhundert|Jahrtausend)|
    (?P<vague>[Jj]etzt|derzeit|Derzeit|[Kk]ürzlich|[Jj]üngst|[Dd]amals|[Ff]rüher|[Kk]ünftig|[Zz]ukunft|Vergangenheit|Gegenwart|gegenwärtig|Gegenwärtig|
    [Dd]emnächst|[Bb]ald\b|[Zz]uletzt|aktuell|Aktuell|[Ee]inst|momentan|Momentan|Moment|[Nn]eulich|letzter\ Zeit|Zeitpunkt|[Ss]oeben|zur\ Zeit|zurzeit|Zurzeit)"""
)  # fmt: skip
_NAMES = "|".join(
    sorted(
        (re.escape(n).replace(r"\ ", r"\s+") for n in (*_FIXED_DAYS, *_EASTER_DAYS, *_EASTER_SPANS)),
        key=len,
        reverse=True,
    )
)

_ROWS: tuple[_Row, ...] = (
    _rule("iso-date", rf"(?P<year>{_YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>{_DAY})", _iso, "digit"),
    _rule("weekday-and-date", rf"{_DAYNAME}\s*(?:,|\()?\s*(?:dem\s+|den\s+|der\s+)?(?P<day>{_DAY})\.\s*(?P<month>{_MONTHNAME}){_YEAR_OF}\)?",
          _day_of_month, "month"),
    _rule("weekday-and-numeric-date", rf"{_DAYNAME}\s*(?:,|\()?\s*(?:dem\s+|den\s+)?(?P<day>{_DAY})\.(?P<month>\d\d?)\.(?P<year>\d{{4}}|\d\d)?\)?",
          _numeric, "weekday"),
    _rule("numeric-date", rf"(?P<day>{_DAY})\.\s?(?P<month>0?[1-9]|1[0-2])\.\s?(?P<year>\d{{4}}|\d\d)", _numeric, "digit"),
    _rule("numeric-day", rf"(?<=[Aa]m )(?P<day>{_DAY})\.(?P<month>0?[1-9]|1[0-2])\.(?P<year>)", _numeric, "digit"),
    _rule("day-range-over-months", rf"(?P<day1>{_DAY})\.\s*(?P<month1>{_MONTHNAME})\s+(?:bis|und)\s+(?:zum\s+|dem\s+)?(?P<day>{_DAY})\.\s*(?P<month>{_MONTHNAME}){_YEAR_OF}",
          _day_range, "month"),
    _rule("day-range", rf"(?P<day1>{_DAY})\.?\s*(?:bis(?:\s+zum)?|und(?:\s+dem)?|[-–/])\s*(?P<day>{_DAY})\.\s*(?P<month>{_MONTHNAME}){_YEAR_OF}",
          _day_range, "month"),
    _rule("day-of-month", rf"(?P<day>{_DAY}|{'|'.join(_ORDINALS)})\.?\s*(?P<month>{_MONTHNAME}){_YEAR_OF}", _day_of_month, "month"),
    _rule("month-range", rf"(?:{_EDGE}\s+)?(?P<month1>{_MONTHNAME})(?:\s+(?P<year1>{_YEAR}))?\s+(?:bis|und)\s+(?:{_EDGE}\s+)?(?P<month>{_MONTHNAME}){_YEAR_OF}",
          _month_range, "month"),
    _rule("month", rf"(?:{_EDGE}\s+(?:des\s+)?)?(?:{_BOTH}\s+)?(?:Monats?\s+)?(?P<month>{_MONTHNAME}){_YEAR_OF}", _month_alone, "month"),
    _rule("season-of-year", rf"(?:{_BOTH}\s+)?(?P<season>(?:Früh|Spät|Hoch)sommer|(?:Früh|Spät)herbst|Sommer|Herbst|Winter|Frühjahr|Frühling)s?{_YEAR_OF}(?:/\d\d)?",
          _season, "season"),
    _rule("year-range", rf"(?P<year1>{_YEAR})\s*(?:bis|(?<=[Zz]wischen \d\d\d\d )und|[-–/])\s*(?P<year>{_YEAR}|\d\d)", _year_range, "digit"),
    _rule("year-told", rf"(?:{_EDGE}\s+)?(?:(?:de[sm]|der|vom)\s+)?(?:(?:Kriegs|Wahl|Krisen)?[Jj]ahr(?:e|es|en|s)?)\s+(?P<year>{_YEAR})", _plain_year, "digit"),
    _rule("year", rf"(?:{_EDGE}\s+)?(?P<year>{_YEAR})", _plain_year, "digit"),
    _rule("decade", r"(?:(?:Anfang|Mitte|Ende)\s+der\s+|den\s+|die\s+|der\s+)?(?P<decade>(?:19|20)?\d0er|(?:"
          + "|".join(_DECADES) + r"))[ -]?[Jj]ahren?", _decade, "unit"),
    _rule("week-then-weekday", rf"{_BOTH}\s+Woche\s+(?P<weekday>{_DAYNAME})", _weekday_of_week, "weekday"),
    _rule("weekday-weeks-off", rf"(?P<weekday>{_DAYNAME})\s+(?P<dir>vor|in)\s+(?P<count>{_COUNT})\s+Wochen?", _weekday_weeks_off, "weekday"),
    _rule("today-off", rf"[Hh]eute\s+(?P<dir>vor|in)\s+(?:genau\s+)?(?P<count>{_COUNT})\s+{_UNIT}", _today_off, "dayword"),
    _rule("in-the-course-of-the-week", r"(?:Laufe?|Verlaufe?)\s+(?P<rel>der|dieser)\s+Woche", _relative_week, "unit"),
    _rule("quarter", rf"(?P<nth>ersten|zweiten|dritten|vierten)\s+(?P<part>Quartal|Halbjahr)s?{_YEAR_OF}", _part_of_year, "unit"),
    _rule("since-counted", rf"(?<=[Ss]eit )(?P<count>{_COUNT})\s+{_UNIT}", _since_counted, "unit"),
    _rule("weekday-range", rf"(?:(?:{_THIS}|(?P<rel>{_NEXT}))\s+)?(?P<weekday1>{_DAYNAME})\s*(?:bis|und|[-–])\s*(?P<weekday>{_DAYNAME})(?:\s+(?:der\s+)?(?P<wrel>{_LAST}|{_NEXT})\s+Woche)?",
          _weekday_range, "weekday"),
    _rule("night-to-weekday", rf"(?:der\s+)?Nacht\s+(?:zum?|auf(?:\s+den)?|von\s+{_DAYNAME}\s+auf)\s+(?P<weekday>{_DAYNAME})", _night, "weekday"),
    _rule("night-to-date", rf"(?:der\s+)?Nacht\s+(?:zum|auf\s+den|vom\s+{_DAY}\.\s*(?:{_MONTHNAME}\s+)?(?:zum|auf\s+den))\s+(?P<day>{_DAY})\.\s*(?P<month>{_MONTHNAME}){_YEAR_OF}",
          _day_of_month, "month"),
    _rule("weekday-of-week", rf"(?:(?:de[mn]|der)\s+)?(?P<weekday>{_DAYNAME})(?:{_PART})?(?:\s+(?:{_PART}|in\s+der\s+Früh))?\s+(?:der\s+|in\s+der\s+)?(?P<wrel>{_LAST}|{_NEXT}|{_THIS}|vorvergangene[nrsm]?|übernächste[nrsm]?)\s+Woche",
          _on_weekday, "weekday"),
    _rule("weekday", rf"(?:{_BOTH}\s+)?(?P<weekday>{_DAYNAME})s?(?:{_PART})?(?:\s+(?:(?:gegen\s+)?{_PART}|in\s+der\s+(?:Früh|Nacht)))?", _on_weekday, "weekday"),
    _rule("today-and-tomorrow", r"[Hh]eute\s+und\s+morgen", _two_days, "dayword"),
    _rule("day-word", rf"(?P<word>[Hh]eute|[Vv]orgestern|[Gg]estern|[Üü]bermorgen|morgen|\AMorgen(?=\s+[a-zäöü])|[Hh]eutige[nrsm]?|[Gg]estrige[nrsm]?|[Mm]orgige[nrsm]?)(?:\s+(?:{_PART}|in\s+der\s+(?:Früh|Nacht)))?(?:\s+(?:Tage?s?|(?P<weekday>{_DAYNAME})(?:{_PART})?))?",
          _day_word, "dayword"),
    _rule("next-day", r"(?:am\s+)?(?:nächsten|folgenden)\s+(?:Tage?|Morgen|Vormittag|Mittag|Nachmittag|Abend)", _next_day, "unit", "dayword", "part"),
    _rule("day-before", rf"(?:(?:am\s+)?(?:Vortag|Vorabend)|[Tt]ags\s+zuvor|(?:am\s+)?Tage?s?\s+zuvor){_OF_NOTHING}", _refuse(OF_THE_STORY), "unit"),
    _rule("day-after", r"(?:(?:am\s+)?Folgetag|[Tt]ags\s+darauf|(?:am\s+)?Tag\s+(?:darauf|danach)|(?<=[Ee]inen )Tag\s+später)", _refuse(OF_THE_STORY), "unit"),
    _rule("same-day", r"(?:am\s+)?(?:selben|gleichen)\s+Tage?", _refuse(OF_THE_STORY), "unit"),
    _rule("days-later", r"Tage?s?\s+später", _refuse(OF_THE_STORY), "unit"),
    _rule("counted-before", rf"(?P<count>{_COUNT})\s+{_UNIT}\s+(?P<way>zuvor|später|danach|davor|früher)(?!\s+als\b)", _refuse(OF_THE_STORY), "unit"),
    _rule("same-year", r"(?:im\s+)?(?:selben|gleichen)\s+Jahre?", _refuse(OF_THE_STORY), "unit"),
    _rule("year-after", r"(?:im\s+)?(?:Jahr\s+(?:darauf|danach)|Folgejahr|darauffolgenden\s+Jahr)", _refuse(OF_THE_STORY), "unit"),
    _rule("units-around", rf"(?:den\s+|die\s+|der\s+)?(?P<rel>{_LAST}|{_NEXT})\s+(?P<count>{_COUNT})\s+{_UNIT}", _last_units, "unit"),
    _rule("vague-units", rf"(?:den\s+|die\s+|der\s+)?(?:{_LAST}|{_NEXT}|jüngsten|nächsten)\s+(?:paar\s+)?(?:Tagen?|Wochen|Monaten?|Jahren?|Jahrzehnten?|Stunden)", _refuse("vague"), "unit"),
    _rule("half-year-away", r"(?P<dir>[Vv]or|[Ii]n)\s+einem\s+halben\s+Jahr", _half_year, "unit"),
    _rule("ago", rf"[Vv]or\s+(?:(?:rund|gut|etwa|fast|knapp|genau|exakt|nunmehr|mehr\s+als)\s+)*(?P<count>{_COUNT})\s+{_UNIT}", _ago, "unit"),
    _rule("hence", rf"[Ii]n\s+(?:(?:rund|etwa|genau)\s+)?(?P<count>{_COUNT})\s+{_UNIT}", _hence, "unit"),
    _rule("vaguely-ago", rf"[Vv]or\s+(?:wenigen|einigen|mehreren|vielen|ein\s+paar)\s+{_UNIT}", _refuse("vague"), "unit"),
    _rule("vaguely-hence", rf"[Ii]n\s+(?:wenigen|einigen|mehreren|vielen|ein\s+paar|diesen)\s+{_UNIT}", _refuse("vague"), "unit"),
    _rule("part-of-week", rf"(?P<edge>Anfang|Beginn|Mitte|Ende)\s+(?:der\s+)?(?:{_BOTH}\s+)?Woche", _part_of_week, "unit"),
    _rule("start-of-week", rf"(?:{_BOTH}\s+)?Wochen(?P<edge>beginn|anfang|mitte)", _part_of_week, "unit"),
    _rule("weekend", rf"(?:(?:de[mns]|das)\s+)?(?:{_BOTH}\s+)?(?:[Ww]ochenendes?)", _weekend, "unit"),
    _rule("week", rf"(?:(?:de[rn]|die)\s+)?{_BOTH}\s+Woche", _relative_week, "unit"),
    _rule("month-edge", rf"(?:{_EDGE})\s+(?:des\s+)?(?P<rel>{_LAST}|{_NEXT}|{_THIS})\s+Monats?", _relative_month, "unit"),
    _rule("this-month-edge", rf"(?:{_EDGE})\s+des\s+Monats|Monats(?:ende|anfang|beginn|mitte)", _this_month, "unit"),
    _rule("relative-month", rf"(?:(?:de[mns])\s+)?{_BOTH}\s+Monats?", _relative_month, "unit"),
    _rule("year-edge", rf"(?:{_EDGE})\s+(?:des\s+)?(?:(?P<rel>{_LAST}|{_NEXT}|{_THIS})\s+)?Jahres", _year_edge, "unit"),
    _rule("relative-year", rf"(?:(?:de[mns]|das)\s+)?{_BOTH}\s+Jahr(?:es|e|s)?", _relative_year, "unit"),
    _rule("vorjahr", r"(?:de[mns]\s+)?Vorjahr(?:es|e|s)?", _year_before, "unit"),
    _rule("start-of-year", r"Jahres(?:beginn|anfang)s?", _year_start, "unit"),
    _rule("end-of-year", r"Jahresendes?", _year_end, "unit"),
    _rule("feast", rf"(?P<name>(?i:{_NAMES}))s?{_YEAR_OF}", _fixed_day, "feast"),
    _rule("christmas", rf"Weihnacht(?:en|sfeiertagen?|sfest){_YEAR_OF}", _christmas, "feast"),
    _rule("night", r"(?:(?<=[Dd]er )|(?<=über ))(?P<part>Nacht)(?!\s+(?:zuvor|davor|danach|darauf|vom)\b)", _day_part, "part"),
    _rule("past-night", r"(?:(?<=[Ii]n der )|(?<=[Ii]n ))(?:vergangener|vergangenen|letzter|letzten)\s+(?P<part>Nacht)", _day_part, "part"),
    _rule("hours-of-day", r"(?<=[Ii]n den )(?:(?:frühen|späten)\s+)?(?P<part>Morgen|Vormittag|Mittag|Nachmittag|Abend|Nacht)s?stunden", _day_part, "dayword", "part"),
    _rule("part-of-day", r"(?:(?<=[Aa]m )|(?<=[Gg]egen )|(?<=[Dd]er )|(?<=[Zz]u ))(?:(?:frühen|späten|heutigen)\s+)?(?P<part>Morgen|Früh|Vormittag|Mittag|Nachmittag|Abend)\b(?!\s+(?:des|der|danach|darauf|vom|(?:nach|vor)\s+de[mr])\b)", _day_part, "dayword", "part"),
    _rule("duration", rf"(?:(?:mehr\s+als|rund|etwa|fast|knapp|gut|bis\s+zu|mehrere|einige|wenige|viele|mehreren|einigen|wenigen|vielen|halbe[ns]?|{_COUNT})\s+)+(?:Sekunden?|Minuten?|Stunden?|Tagen?|Tage?s?|Wochen?|Monaten?|Monate?s?|Jahren?|Jahre?s?|Jahrzehnten?|Jahrhunderten?)(?:\s+lang)?|(?:tage|wochen|monate|jahre|stunden|jahrzehnte)lang(?:e[nrsm]?)?|[Jj]ahrzehntelang(?:e[nrsm]?)?", _refuse("duration"), "unit"),
    _rule("repeated", rf"(?:[Tt]äglich|[Ww]öchentlich|[Mm]onatlich|[Jj]ährlich)(?:e[nrsm]?)?|(?:jede[nrsm]?|pro)\s+{_UNIT}|(?:mon|diens|donners|frei|sams|sonn)tags|mittwochs|morgens|abends|nachts", _refuse("repeated"), "unit", "weekday", "part"),
    _rule("century", r"(?:(?:de[ms]|das|im)\s+)?(?:\d\d?\.|\w+en)\s+(?:Jahrhunderts?|Jahrtausends?)", _refuse("a century"), "unit"),
    _rule("now", r"[Jj]etzt|[Dd]erzeit|[Gg]egenwärtig|[Zz]urzeit|[Mm]omentan|[Aa]ktuell|(?<=[Ii]m )Moment|[Zz]ur\s+Zeit|[Zz]ur\s+Stunde|[Ss]oeben|(?:die\s+)?Gegenwart|diesen\s+Tagen", _refuse("vague present"), "vague", "unit"),
    _rule("once", r"[Kk]ürzlich|[Jj]üngst|[Dd]amals|[Ff]rüher|[Zz]uletzt|[Ee]inst|[Nn]eulich|(?:die\s+|der\s+)?Vergangenheit|(?:in\s+)?letzter\s+Zeit", _refuse("vague past"), "vague"),
    _rule("some-day", r"[Kk]ünftig|[Dd]emnächst|[Bb]ald|(?:(?:in\s+)?(?:naher|absehbarer|die|der)\s+)?Zukunft", _refuse("vague future"), "vague"),
)  # fmt: skip


# --- direction -------------------------------------------------------------------------------------------------------


def _clause_direction(sentence: Sentence, clause: Clause | None) -> Direction:
    if clause is None:
        return Direction.OPEN
    if clause.predicate in _PLANNING:
        return Direction.FORWARD
    if clause.tense == "future":
        return Direction.FORWARD
    if clause.modal in _FORWARD_MODALS and clause.tense == "present":
        return _modal_direction(sentence, clause)
    if clause.modal in ("sollen", "wollen") and clause.tense == "preterite":
        return Direction.FORWARD
    if clause.tense in _BACK_TENSES:
        return Direction.BACK
    if not clause.finite:
        return _infinite_direction(sentence, clause)
    if clause.predicate in SPEAKING and clause.mood == "indicative":
        return Direction.BACK
    return Direction.PRESENT


def _modal_direction(sentence: Sentence, clause: Clause) -> Direction:
    """ "soll am Montag verhandelt haben" is hearsay of the past, "soll verhandeln" a plan."""
    participle = any(sentence.tokens[k].tag in ("VVPP", "VAPP") for k in clause.verbs)
    perfect = participle and any(sentence.tokens[k].text.lower() in ("haben", "sein") for k in clause.verbs)
    return Direction.BACK if perfect else Direction.FORWARD


def _infinite_direction(sentence: Sentence, clause: Clause) -> Direction:
    """ "kündigte an, am Montag zu reisen" looks forward; a participle or a headline without a verb says nothing."""
    head = sentence.tokens[clause.head]
    marked = any(token.tag == "PTKZU" and token.head == head.i for token in sentence.tokens)
    if head.tag == "VVIZU" or (marked and head.tag in ("VVINF", "VAINF", "VMINF")):
        return Direction.FORWARD
    if head.tag == "VVPP":
        return Direction.BACK
    if clause.parent is not None and clause.parent != clause.index:
        return _clause_direction(sentence, sentence.clauses[clause.parent])
    return Direction.OPEN


def _participle_direction(sentence: Sentence, last: int) -> Direction:
    """Of an attribute around the expression: "die am 10. Januar beginnenden Gespräche", "das am Freitag begonnene"."""
    for token in sentence.tokens[last + 1 : last + 7]:
        if token.tag == "ADJA":
            word = token.text.lower()
            if re.search(r"(?:end|ernd|elnd)e[nrsm]?$", word):
                return Direction.FORWARD
            stem = re.sub(r"e[nrsm]?$", "", word)
            if stem in _PLANNING:
                return Direction.FORWARD
            if re.search(r"(?:ge\w+(?:t|en)|iert|^(?:be|ver|er|ent|zer)\w+(?:t|en))$", stem):
                return Direction.BACK
            return Direction.OPEN
        if token.tag not in ("APPR", "APPRART", "ART", "NE", "NN", "ADV"):
            return Direction.OPEN
    return Direction.OPEN


def _noun_direction(sentence: Sentence, first: int) -> Direction:
    """Of the noun the expression belongs to: "nach dem Treffen am Freitag" is over, "vor dem Treffen" is to come."""
    head = sentence.tokens[sentence.tokens[first].head]
    if head.pos not in ("NOUN", "PROPN") or head.i >= first:
        return Direction.OPEN
    case = next((t for t in sentence.tokens if t.head == head.i and t.dep == "case" and t.i < head.i), None)
    word = case.text.lower() if case and head.lemma not in _SOURCES else ""
    clause = sentence.clause_of(head.i)
    if word == "vor" and clause is not None and clause.tense == "pluperfect":
        # "Vor dem Treffen am Montag hatte er das abgelehnt": before what is past by now.
        return Direction.BACK
    if word == "für" and any(t.text in _BLAMED for t in sentence.tokens[head.i :]):
        return Direction.BACK
    return {"nach": Direction.BACK, "seit": Direction.BACK, "vor": Direction.FORWARD, "für": Direction.FORWARD}.get(
        word, Direction.OPEN
    )


def _own_verb_direction(sentence: Sentence, first: int, clause: Clause | None) -> Direction | None:
    """Of a finite verb between the same commas, where the parse gave the words to a clause with its verb elsewhere."""
    tokens = sentence.tokens
    low, high = first, first
    while low > 0 and tokens[low - 1].text not in _SEGMENT_ENDS:
        low -= 1
    while high + 1 < len(tokens) and tokens[high + 1].text not in _SEGMENT_ENDS:
        high += 1
    own = [token for token in tokens[low : high + 1] if token.tag.endswith("FIN")]
    if clause is None or not clause.finite or len(own) != 1:
        return None
    # The parse may join what a colon parts: the first finite verb is the one whose tense the clause has.
    finite = [verb for verb in clause.verbs if tokens[verb].tag.endswith("FIN")]
    if any(low <= verb <= high for verb in finite[:1] or clause.verbs):
        return None
    form, lemma = own[0].text.lower(), own[0].lemma.lower()
    if any(token.tag in ("VVPP", "VAPP") for token in tokens[low : high + 1]) and lemma in ("haben", "sein"):
        return Direction.BACK
    return Direction.BACK if preterite(form, lemma) else Direction.PRESENT


def _announces(clause: Clause) -> bool:
    """A plan rather than a present state: "nach dem Besuch am Montag will sie weiterreisen" is all to come."""
    return clause.predicate in _PLANNING or clause.tense == "future" or clause.modal in ("sollen", "wollen")


def _behind_its_object(sentence: Sentence, clause: Clause, first: int) -> bool:
    """Behind its verb German tells when something was done before it tells to what: what stands behind an object is the object's."""
    objects = [role.heads[0] for role in clause.roles if role.name == "object" and role.heads]
    return any(min(clause.verbs) < head < first and sentence.tokens[head].tag == "NN" for head in objects)


_SINCE_WHAT = frozenset("beginn ausbruch dem der seinem seiner ihrem ihrer deren dessen".split())


def _since_the_start(sentence: Sentence, first: int) -> bool:
    """ "seit Beginn des Krieges Ende Februar", not "die ersten Gespräche seit dem Frühjahr sollen am Freitag beginnen"."""
    before = sentence.tokens[max(first - 9, 0) : first]
    verb = next((token.i for token in reversed(before) if token.tag.endswith("FIN")), -1)
    words = [token.text.lower() for token in before if token.i > verb]
    return any(a == "seit" and b in _SINCE_WHAT for a, b in itertools.pairwise(words)) and ("," not in words)


def _direction(sentence: Sentence, first: int, last: int) -> Direction:
    before = sentence.tokens[first - 1].text.lower() if first else ""
    clause = _clause_around(sentence, first)
    of_clause = _own_verb_direction(sentence, first, clause) or _clause_direction(sentence, clause)
    if before == "für" or (before == "ab" and of_clause is not Direction.BACK):
        return Direction.FORWARD
    if before == "seit":
        return Direction.BACK
    begin = first - (before in ("am", "im", "vom", "zum", "zu", "in", "bis", "den", "dem"))
    if begin and sentence.tokens[begin - 1].tag in ("ART", "PPOSAT", "PDAT", "ADJA", "APPRART"):
        inner = _participle_direction(sentence, last)
        if inner is not Direction.OPEN:
            return inner
    if _since_the_start(sentence, first):
        return Direction.BACK
    of_noun = _noun_direction(sentence, first)
    if of_noun is Direction.OPEN or (of_clause is Direction.FORWARD and clause is not None and _announces(clause)):
        behind = clause is not None and clause.predicate in _ANNOUNCING and _behind_its_object(sentence, clause, first)
        if clause is not None and _is_settled(sentence, clause, first):
            return Direction.BACK
        return Direction.FORWARD if behind else of_clause
    return of_noun


def _is_settled(sentence: Sentence, clause: Clause, first: int) -> bool:
    """Whether a time is that of making a plan: "am Montag vereinbarten sie eine Runde", not "eine Runde am Montag"."""
    if (
        clause.predicate not in _SETTLING
        or clause.tense not in _BACK_TENSES
        or clause.voice != "active"
        or clause.modal
    ):
        return False
    tokens = sentence.tokens
    subject = range(0) if clause.subject is None else range(clause.subject.start, clause.subject.end)
    between = [t for t in tokens[min(clause.verbs) : first] if t.tag == "NN"]
    # What "ein Treffen" agrees on nobody knows: the parse took the object for the subject.
    planned = any(t.start not in subject or tokens[t.i - 1].text.lower() in ("ein", "eine") for t in between)
    return not planned and not any(tokens[k].text.lower() in ("ist", "sind", "sei", "seien") for k in clause.verbs)


def _clause_around(sentence: Sentence, i: int) -> Clause | None:
    """The clause a token belongs to; where the parse has none, the narrowest finite one around it, or the first."""
    clause = sentence.clause_of(i)
    if clause is not None:
        return clause
    at = sentence.tokens[i].start
    around = [one for one in sentence.clauses if one.finite and one.start <= at < one.end]
    finite = around or [one for one in sentence.clauses if one.finite]
    return min(finite, key=lambda one: one.end - one.start) if finite else None


# --- the pass --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    rule: Rule
    match: re.Match[str]


def expressions(sentence: Sentence, *, dated: datetime) -> tuple[TimeExpression, ...]:
    """The time expressions of a sentence, in order, resolved against the time the article is of.

    Dates in the answer are days of `dated`'s own time zone.
    """
    text = _text(sentence.tokens, sentence.start)
    triggers = {match.lastgroup or "" for match in _trigger().finditer(text)}
    if not triggers:
        return ()
    return tuple(_expression(sentence, text, found, dated) for found in _matches(text, frozenset(triggers)))


def _text(tokens: Sequence[Token], start: int) -> str:
    """The sentence again, from its tokens: gaps are blanks, so offsets hold."""
    pieces: list[str] = []
    at = start
    for token in tokens:
        pieces.append(" " * (token.start - at))
        pieces.append(token.text)
        at = token.end
    return "".join(pieces)


@functools.cache
def _trigger() -> re.Pattern[str]:
    return re.compile(_TRIGGER, re.VERBOSE)


@functools.cache
def rules() -> tuple[Rule, ...]:
    """The rows in the order they are tried: at the same place the longest match wins, then the earlier row."""
    return tuple(row.compiled() for row in _ROWS)


@functools.cache
def _rules_for(triggers: frozenset[str]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.needs & triggers)


def _matches(text: str, triggers: frozenset[str]) -> Iterator[_Found]:
    found = [
        _Found(match.start(), match.end(), rule, match)
        for rule in _rules_for(triggers)
        for match in rule.pattern.finditer(text)
        if match.end() > match.start() and _plausible(text, rule, match)
    ]
    found.sort(key=lambda one: (one.start, -one.end))
    at = 0
    for one in found:
        if one.start >= at:
            yield one
            at = one.end


# What follows a number that counts things rather than years.
_COUNTED = re.compile(
    r"\s+(?:[a-zäöü]+e[nrs]?\s+)?(?:Menschen|Soldat|Personen|Euro|Dollar|Franken|Rubel|Kilometer|Meter|Tonnen|Mann\b|Panzer|Fälle|"
    r"Prozent|Flüchtlinge|Uhr|Raketen|Drohnen|Kämpfer|Zivilisten|Tote|Verletzte|Firmen|Unternehmen|Stück|Mal\b|Seiten|"
    r"Häuser|Einwohner|Gefangene|Kriegsgefangene|Leute|Polizisten|Teilnehmer|Demonstranten|Kinder|Stunden|Jahre)"
)
_DECIMAL = re.compile(r"[.,:]\d|\s?(?:km|m|kg|t|%|°)\b")


def _plausible(text: str, rule: Rule, match: re.Match[str]) -> bool:
    """A bare four-digit number counts as a year unless it counts something else."""
    if rule.name != "year":
        return True
    return not (_COUNTED.match(text, match.end()) or _DECIMAL.match(text, match.end()))


def _expression(sentence: Sentence, text: str, found: _Found, dated: datetime) -> TimeExpression:
    start, end = found.start + sentence.start, found.end + sentence.start
    words = text[found.start : found.end]
    inside = [token.i for token in sentence.tokens if token.start < end and start < token.end]
    direction = _direction(sentence, inside[0], inside[-1]) if inside else Direction.OPEN
    try:
        with _in_the_calendar():
            span = found.rule.resolve(found.match, Anchor(dated=dated, direction=direction))
            if found.rule.name != "since-counted":
                span = _since(text[: found.start], span, dated.date())
            if _is_anniversary(sentence, inside):
                span = _years_before(span, text)
    except Refused as refused:
        return TimeExpression(start=start, end=end, words=words, when=None, rule=found.rule.name, reason=str(refused))
    first, last, precision = span
    when = When(first=first, last=last, precision=precision, words=words, rule=found.rule.name)
    return TimeExpression(start=start, end=end, words=words, when=when, rule=found.rule.name)


def _is_anniversary(sentence: Sentence, inside: Sequence[int]) -> bool:
    """Whether a time is the one at which something comes round: "Am Montag jährt sich der Angriff zum dritten Mal"."""
    clause = _clause_around(sentence, inside[0]) if inside else None
    return clause is not None and recurs(sentence, clause)


def recurs(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause tells that something comes round by the year, so that it happened years ago."""
    return any(_RECURS.fullmatch(sentence.tokens[verb].text) for verb in clause.verbs)


def _years_before(span: Span, text: str) -> Span:
    """The day that comes round, as many years before as the sentence counts."""
    first, last, precision = span
    nth = _NTH_TIME.search(text)
    if nth is None or precision is not Precision.DAY or first != last:
        raise Refused("it comes round, and how often is not told")
    years = _ORDINALS[nth["word"]] if nth["word"] else int(nth["number"])
    return _one(_in_year(first.year - years, first.month, first.day))


_SINCE = re.compile(r"\b[Ss]eit(?:\s+de[mr])?(?:\s+(?:vergangene[nrm]|letzte[nrm]))?\s+$")


def _since(before: str, span: Span, today: date) -> Span:
    """ "seit Donnerstag": from then until the article's day. "seit 2014" stays the year: its end is not told so exactly."""
    first, _, precision = span
    if not _SINCE.search(before) or first >= today:
        return span
    if precision in (Precision.MONTH, Precision.YEAR):
        return span
    return first, today, Precision.RANGE
