"""The rows: what each kind of time expression looks like, and what dates it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from extractors.when import meaning
from extractors.when.meaning import OF_THE_STORY, Resolve
from extractors.when.words import DECADES, EASTER_DAYS, EASTER_SPANS, FIXED_DAYS, NUMBERS, ORDINALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: what an expression looks like and how it is dated. `needs` names the triggers that make it worth trying."""

    name: str
    pattern: re.Pattern[str]
    resolve: Resolve
    needs: frozenset[str]


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
    + "|".join(sorted(NUMBERS, key=len, reverse=True))
    + r")"
)
_UNIT = r"(?P<unit>Tag|Woche|Monat|Jahr|Jahrzehnt)(?:en|es|e|n|s)?"
OF_SAME_YEAR = r"des(?:selben|\s+(?:gleichen|selben))\s+Jahres"
_YEAR_OF = rf"(?:\s+(?:(?:des\s+Jahres\s+)?(?P<year>{_YEAR})|(?:des\s+)?(?P<yrel>{_LAST}|{_NEXT}|{_THIS})\s+Jahr(?:es|s)?|(?P<yword>des\s+Vorjahres)|(?P<ysame>{OF_SAME_YEAR})))?"
_OF_NOTHING = r"(?!\s+(?:des|der|von|vor|seine[rs]|ihre[rs]|eine[rs])\b)"
"""not "am Vorabend des Gipfels" """


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
        (re.escape(n).replace(r"\ ", r"\s+") for n in (*FIXED_DAYS, *EASTER_DAYS, *EASTER_SPANS)),
        key=len,
        reverse=True,
    )
)
_ROWS: tuple[_Row, ...] = (
    _rule("iso-date", rf"(?P<year>{_YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>{_DAY})", meaning.iso, "digit"),
    _rule("weekday-and-date", rf"{_DAYNAME}\s*(?:,|\()?\s*(?:dem\s+|den\s+|der\s+)?(?P<day>{_DAY})\.\s*(?P<month>{_MONTHNAME}){_YEAR_OF}\)?",
          meaning.day_of_month, "month"),
    _rule("weekday-and-numeric-date", rf"{_DAYNAME}\s*(?:,|\()?\s*(?:dem\s+|den\s+)?(?P<day>{_DAY})\.(?P<month>\d\d?)\.(?P<year>\d{{4}}|\d\d)?\)?",
          meaning.numeric, "weekday"),
    _rule("numeric-date", rf"(?P<day>{_DAY})\.\s?(?P<month>0?[1-9]|1[0-2])\.\s?(?P<year>\d{{4}}|\d\d)", meaning.numeric, "digit"),
    _rule("numeric-day", rf"(?<=[Aa]m )(?P<day>{_DAY})\.(?P<month>0?[1-9]|1[0-2])\.(?P<year>)", meaning.numeric, "digit"),
    _rule("day-range-over-months", rf"(?P<day1>{_DAY})\.\s*(?P<month1>{_MONTHNAME})\s+(?:bis|und)\s+(?:zum\s+|dem\s+)?(?P<day>{_DAY})\.\s*(?P<month>{_MONTHNAME}){_YEAR_OF}",
          meaning.day_range, "month"),
    _rule("day-range", rf"(?P<day1>{_DAY})\.?\s*(?:bis(?:\s+zum)?|und(?:\s+dem)?|[-–/])\s*(?P<day>{_DAY})\.\s*(?P<month>{_MONTHNAME}){_YEAR_OF}",
          meaning.day_range, "month"),
    _rule("day-of-month", rf"(?P<day>{_DAY}|{'|'.join(ORDINALS)})\.?\s*(?P<month>{_MONTHNAME}){_YEAR_OF}", meaning.day_of_month, "month"),
    _rule("month-range", rf"(?:{_EDGE}\s+)?(?P<month1>{_MONTHNAME})(?:\s+(?P<year1>{_YEAR}))?\s+(?:bis|und)\s+(?:{_EDGE}\s+)?(?P<month>{_MONTHNAME}){_YEAR_OF}",
          meaning.month_range, "month"),
    _rule("month", rf"(?:{_EDGE}\s+(?:des\s+)?)?(?:{_BOTH}\s+)?(?:Monats?\s+)?(?P<month>{_MONTHNAME}){_YEAR_OF}", meaning.month_alone, "month"),
    _rule("season-of-year", rf"(?:{_BOTH}\s+)?(?P<season>(?:Früh|Spät|Hoch)sommer|(?:Früh|Spät)herbst|Sommer|Herbst|Winter|Frühjahr|Frühling)s?{_YEAR_OF}(?:/\d\d)?",
          meaning.season, "season"),
    _rule("year-range", rf"(?P<year1>{_YEAR})\s*(?:bis|(?<=[Zz]wischen \d\d\d\d )und|[-–/])\s*(?P<year>{_YEAR}|\d\d)", meaning.year_range, "digit"),
    _rule("year-told", rf"(?:{_EDGE}\s+)?(?:(?:de[sm]|der|vom)\s+)?(?:(?:Kriegs|Wahl|Krisen)?[Jj]ahr(?:e|es|en|s)?)\s+(?P<year>{_YEAR})", meaning.plain_year, "digit"),
    _rule("year", rf"(?:{_EDGE}\s+)?(?P<year>{_YEAR})(?!\s+(?:davon|von\s+(?:ihnen|diesen))\b)", meaning.plain_year, "digit"),
    _rule("decade", r"(?:(?:Anfang|Mitte|Ende)\s+der\s+|den\s+|die\s+|der\s+)?(?P<decade>(?:19|20)?\d0er|(?:"
          + "|".join(DECADES) + r"))[ -]?[Jj]ahren?", meaning.decade, "unit"),
    _rule("week-then-weekday", rf"{_BOTH}\s+Woche\s+(?P<weekday>{_DAYNAME})", meaning.weekday_of_week, "weekday"),
    _rule("weekday-weeks-off", rf"(?P<weekday>{_DAYNAME})\s+(?P<dir>vor|in)\s+(?P<count>{_COUNT})\s+Wochen?", meaning.weekday_weeks_off, "weekday"),
    _rule("today-off", rf"[Hh]eute\s+(?P<dir>vor|in)\s+(?:genau\s+)?(?P<count>{_COUNT})\s+{_UNIT}", meaning.today_off, "dayword"),
    _rule("in-the-course-of-the-day", r"(?:Laufe?|Verlaufe?)\s+des\s+(?:[Hh]eutigen\s+)?(?:Tages|Vormittags|Nachmittags|Abends)", meaning.of_the_day, "unit", "part"),
    _rule("in-the-course-of-the-week", r"(?:Laufe?|Verlaufe?)\s+(?P<rel>der|dieser)\s+Woche", meaning.relative_week, "unit"),
    _rule("quarter", rf"(?P<nth>ersten|zweiten|dritten|vierten)\s+(?P<part>Quartal|Halbjahr)s?{_YEAR_OF}", meaning.part_of_year, "unit"),
    _rule("since-counted", rf"(?<=[Ss]eit )(?P<count>{_COUNT})\s+{_UNIT}", meaning.since_counted, "unit"),
    _rule("off-the-plan", rf"{_COUNT}\s+{_UNIT}\s+(?:später|früher)(?=[^.;:,]*\bals\s+(?:\w+\s+)?(?:geplant|vorgesehen|angekündigt|erwartet|gedacht)\b)",
          meaning.refuse("from what was planned"), "unit"),
    _rule("weekday-range", rf"(?:(?:{_THIS}|(?P<rel>{_NEXT}))\s+)?(?P<weekday1>{_DAYNAME})\s*(?:bis(?:\s+zum)?|und(?:\s+am)?|[-–])\s*(?P<weekday>{_DAYNAME})(?:\s+(?:der\s+)?(?P<wrel>{_LAST}|{_NEXT})\s+Woche)?",
          meaning.weekday_range, "weekday"),
    _rule("night-to-weekday", rf"(?:der\s+)?Nacht\s+(?:zum?|auf(?:\s+den)?|von\s+{_DAYNAME}\s+auf)\s+(?P<weekday>{_DAYNAME})", meaning.night, "weekday"),
    _rule("night-to-date", rf"(?:der\s+)?Nacht\s+(?:zum|auf\s+den|vom\s+{_DAY}\.\s*(?:{_MONTHNAME}\s+)?(?:zum|auf\s+den))\s+(?P<day>{_DAY})\.\s*(?P<month>{_MONTHNAME}){_YEAR_OF}",
          meaning.day_of_month, "month"),
    _rule("weekday-of-week", rf"(?:(?:de[mn]|der)\s+)?(?P<weekday>{_DAYNAME})(?:{_PART})?(?:\s+(?:{_PART}|in\s+der\s+Früh))?\s+(?:der\s+|in\s+der\s+)?(?P<wrel>{_LAST}|{_NEXT}|{_THIS}|vorvergangene[nrsm]?|übernächste[nrsm]?)\s+Woche",
          meaning.on_weekday, "weekday"),
    _rule("weekday", rf"(?:{_BOTH}\s+)?(?P<weekday>{_DAYNAME})s?(?:{_PART})?(?:\s+(?:(?:gegen\s+)?{_PART}|in\s+der\s+(?:Früh|Nacht)))?", meaning.on_weekday, "weekday"),
    _rule("today-and-tomorrow", r"[Hh]eute\s+und\s+morgen", meaning.two_days, "dayword"),
    _rule("overnight", r"[Vv]on\s+heute\s+auf\s+morgen", meaning.refuse("no day"), "dayword"),
    _rule("present-day", r"[Hh]eutige[nrsm]?(?=\s+(?:(?:russ|ukrain|deutsch|amerikan)\w+\s+)?[A-ZÄÖÜ][\w-]*(?:[Pp]räsident|[Mm]inister|[Kk]anzler|[Cc]hef|[Ss]taat|[Gg]ebiet|[Rr]ussland|[Uu]kraine)(?:in|en|s|e|es)?\b)", meaning.refuse("vague present"), "dayword"),
    _rule("day-word", rf"(?P<word>[Hh]eute|[Vv]orgestern|[Gg]estern|[Üü]bermorgen|morgen|\AMorgen(?=\s+[a-zäöü])|[Hh]eutige[nrsm]?|[Gg]estrige[nrsm]?|[Mm]orgige[nrsm]?)(?:\s+(?:{_PART}|in\s+der\s+(?:Früh|Nacht)))?(?:\s+(?:Tage?s?|(?P<weekday>{_DAYNAME})(?:{_PART})?))?",
          meaning.day_word, "dayword"),
    _rule("next-day", r"(?:am\s+)?(?:nächsten|folgenden)\s+(?:Tage?|Morgen|Vormittag|Mittag|Nachmittag|Abend)", meaning.next_day, "unit", "dayword", "part"),
    _rule("day-before", rf"(?:(?:am\s+)?(?:Vortag|Vorabend)|[Tt]ags\s+zuvor|(?:am\s+)?Tage?s?\s+zuvor){_OF_NOTHING}", meaning.refuse(OF_THE_STORY), "unit"),
    _rule("day-after", r"(?:(?:am\s+)?Folgetag|[Tt]ags\s+darauf|(?:am\s+)?Tag\s+(?:darauf|danach)|(?<=[Ee]inen )Tag\s+später)", meaning.refuse(OF_THE_STORY), "unit"),
    _rule("same-day", r"(?:am\s+)?(?:selben|gleichen)\s+(?:Tage?|Morgen|Vormittag|Mittag|Nachmittag|Abend)|(?<=[Ii]n )(?:der\s+(?:selben|gleichen)|derselben)\s+Nacht",
          meaning.refuse(OF_THE_STORY), "unit", "part"),
    _rule("hours-later", rf"(?:wenige|einige|Wenige|Einige|{_COUNT})\s+Stunden\s+(?:später|danach|darauf)", meaning.refuse(OF_THE_STORY), "unit"),
    _rule("days-later", r"Tage?s?\s+später", meaning.refuse(OF_THE_STORY), "unit"),
    _rule("counted-before", rf"(?P<count>{_COUNT})\s+{_UNIT}\s+(?P<way>zuvor|später|danach|davor|früher)(?!\s+als\b)", meaning.refuse(OF_THE_STORY), "unit"),
    _rule("same-year", r"(?:im\s+)?(?:selben|gleichen)\s+Jahre?", meaning.refuse(OF_THE_STORY), "unit"),
    _rule("year-after", r"(?:im\s+)?(?:Jahr\s+(?:darauf|danach)|Folgejahr|darauffolgenden\s+Jahr)", meaning.refuse(OF_THE_STORY), "unit"),
    _rule("units-around", rf"(?:den\s+|die\s+|der\s+)?(?P<rel>{_LAST}|{_NEXT})\s+(?P<count>{_COUNT})\s+{_UNIT}", meaning.last_units, "unit"),
    _rule("vague-units", rf"(?:den\s+|die\s+|der\s+)?(?:{_LAST}|{_NEXT}|jüngsten|nächsten)\s+(?:paar\s+)?(?:Tagen?|Wochen|Monaten?|Jahren?|Jahrzehnten?|Stunden)", meaning.refuse("vague"), "unit"),
    _rule("half-year-away", r"(?P<dir>[Vv]or|[Ii]n)\s+einem\s+halben\s+Jahr", meaning.half_year, "unit"),
    _rule("ago", rf"[Vv]or\s+(?:(?:rund|gut|etwa|fast|knapp|genau|exakt|nunmehr|mehr\s+als)\s+)*(?P<count>{_COUNT})\s+{_UNIT}", meaning.ago, "unit"),
    _rule("hence", rf"[Ii]n\s+(?:(?:rund|etwa|genau)\s+)?(?P<count>{_COUNT})\s+{_UNIT}", meaning.hence, "unit"),
    _rule("vaguely-ago", rf"[Vv]or\s+(?:wenigen|einigen|mehreren|vielen|ein\s+paar)\s+{_UNIT}", meaning.refuse("vague"), "unit"),
    _rule("vaguely-hence", rf"[Ii]n\s+(?:wenigen|einigen|mehreren|vielen|ein\s+paar|diesen)\s+{_UNIT}", meaning.refuse("vague"), "unit"),
    _rule("part-of-week", rf"(?P<edge>Anfang|Beginn|Mitte|Ende)\s+(?:der\s+)?(?:{_BOTH}\s+)?Woche", meaning.part_of_week, "unit"),
    _rule("start-of-week", rf"(?:{_BOTH}\s+)?Wochen(?P<edge>beginn|anfang|mitte)", meaning.part_of_week, "unit"),
    _rule("weekend", rf"(?:(?:de[mns]|das)\s+)?(?:{_BOTH}\s+)?(?:[Ww]ochenendes?)", meaning.weekend, "unit"),
    _rule("week", rf"(?:(?:de[rn]|die)\s+)?{_BOTH}\s+Woche", meaning.relative_week, "unit"),
    _rule("month-edge", rf"(?:{_EDGE})\s+(?:des\s+)?(?P<rel>{_LAST}|{_NEXT}|{_THIS})\s+Monats?", meaning.relative_month, "unit"),
    _rule("this-month-edge", rf"(?:{_EDGE})\s+des\s+Monats|Monats(?:ende|anfang|beginn|mitte)", meaning.this_month, "unit"),
    _rule("relative-month", rf"(?:(?:de[mns])\s+)?{_BOTH}\s+Monats?", meaning.relative_month, "unit"),
    _rule("year-edge", rf"(?:{_EDGE})\s+(?:des\s+)?(?:(?P<rel>{_LAST}|{_NEXT}|{_THIS})\s+)?Jahres", meaning.year_edge, "unit"),
    _rule("relative-year", rf"(?:(?:de[mns]|das)\s+)?{_BOTH}\s+Jahr(?:es|e|s)?", meaning.relative_year, "unit"),
    _rule("vorjahr", r"(?:de[mns]\s+)?Vorjahr(?:es|e|s)?", meaning.year_before, "unit"),
    _rule("start-of-year", r"Jahres(?:beginn|anfang)s?", meaning.year_start, "unit"),
    _rule("end-of-year", r"Jahresendes?", meaning.year_end, "unit"),
    _rule("feast", rf"(?P<name>(?i:{_NAMES}))s?{_YEAR_OF}", meaning.fixed_day, "feast"),
    _rule("christmas", rf"Weihnacht(?:en|sfeiertagen?|sfest){_YEAR_OF}", meaning.christmas, "feast"),
    _rule("night", r"(?:(?<=[Dd]er )|(?<=über ))(?P<part>Nacht)(?!\s+(?:zuvor|davor|danach|darauf|vom)\b)", meaning.day_part, "part"),
    _rule("past-night", r"(?:(?<=[Ii]n der )|(?<=[Ii]n ))(?:vergangener|vergangenen|letzter|letzten)\s+(?P<part>Nacht)", meaning.day_part, "part"),
    _rule("hours-of-day", r"(?<=[Ii]n den )(?:(?:frühen|späten)\s+)?(?P<part>Morgen|Vormittag|Mittag|Nachmittag|Abend|Nacht)s?stunden", meaning.day_part, "dayword", "part"),
    _rule("part-of-day", r"(?:(?<=[Aa]m )|(?<=[Gg]egen )|(?<=[Dd]er )|(?<=[Zz]u )|(?<=[Ff]ür den ))(?:(?:frühen|späten|heutigen)\s+)?(?P<part>Morgen|Früh|Vormittag|Mittag|Nachmittag|Abend)\b(?!\s+(?:des|der|danach|darauf|vom|(?:nach|vor)\s+de[mr])\b)", meaning.day_part, "dayword", "part"),
    _rule("duration", rf"(?:(?:mehr\s+als|rund|etwa|fast|knapp|gut|bis\s+zu|mehrere|einige|wenige|viele|mehreren|einigen|wenigen|vielen|halbe[ns]?|{_COUNT})\s+)+(?:Sekunden?|Minuten?|Stunden?|Tagen?|Tage?s?|Wochen?|Monaten?|Monate?s?|Jahren?|Jahre?s?|Jahrzehnten?|Jahrhunderten?)(?:\s+lang)?|(?:tage|wochen|monate|jahre|stunden|jahrzehnte)lang(?:e[nrsm]?)?|[Jj]ahrzehntelang(?:e[nrsm]?)?", meaning.refuse("duration"), "unit"),
    _rule("repeated", rf"(?:[Tt]äglich|[Ww]öchentlich|[Mm]onatlich|[Jj]ährlich)(?:e[nrsm]?)?|(?:jede[nrsm]?|pro)\s+{_UNIT}|(?:mon|diens|donners|frei|sams|sonn)tags|mittwochs|morgens|abends|nachts", meaning.refuse("repeated"), "unit", "weekday", "part"),
    _rule("century", r"(?:(?:de[ms]|das|im)\s+)?(?:\d\d?\.|\w+en)\s+(?:Jahrhunderts?|Jahrtausends?)", meaning.refuse("a century"), "unit"),
    _rule("now", r"[Jj]etzt|[Dd]erzeit|[Gg]egenwärtig|[Zz]urzeit|[Mm]omentan|[Aa]ktuell|(?<=[Ii]m )Moment|[Zz]ur\s+Zeit|[Zz]ur\s+Stunde|[Ss]oeben|(?:die\s+)?Gegenwart|diesen\s+Tagen", meaning.refuse("vague present"), "vague", "unit"),
    _rule("then", r"[Dd]amals", meaning.refuse(OF_THE_STORY), "vague"),
    _rule("once", r"[Kk]ürzlich|[Jj]üngst|[Ff]rüher|[Zz]uletzt|[Ee]inst|[Nn]eulich|(?:die\s+|der\s+)?Vergangenheit|(?:in\s+)?letzter\s+Zeit", meaning.refuse("vague past"), "vague"),
    _rule("some-day", r"[Kk]ünftig|[Dd]emnächst|[Bb]ald|(?:(?:in\s+)?(?:naher|absehbarer|die|der)\s+)?Zukunft", meaning.refuse("vague future"), "vague"),
)  # fmt: skip


_BEGIN = "(?=[0-9ABDEFGHJKMNOPQRSTVWZabdefghjklmnostvwzä])"
"""a letter or digit that a trigger begins with: at most others the dear alternatives need not be tried"""


@functools.cache
def trigger() -> re.Pattern[str]:
    return re.compile(_BEGIN + "(?:" + _TRIGGER + ")", re.VERBOSE)


@functools.cache
def rules() -> tuple[Rule, ...]:
    """The rows in the order they are tried: at the same place the longest match wins, then the earlier row."""
    return tuple(row.compiled() for row in _ROWS)


def row_named(name: str) -> Rule:
    return next(row for row in rules() if row.name == name)


_ALL = frozenset(row.name for row in _ROWS)


def named(name: str) -> str:
    """The name of a rule, for who asks by which one a time was read. Raises LookupError where no rule has it."""
    if name not in _ALL:
        raise LookupError(f"no rule of times is named {name!r}")
    return name


@functools.cache
def rules_for(triggers: frozenset[str]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.needs & triggers)
