"""Which announced meetings of an article stand, and which of them are one and the same.

A meeting is told again and again in an article: without its day in the headline, with the day in the lead, with some
of its guests further down. It is one meeting, with all that the article knows of it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from extractors.actors import name_of
from extractors.actors.bodies import BODIES, OF_THE_EU
from extractors.events.tables import MEETINGS, pattern, rows
from extractors.model import Actor, Event, Place, Precision, When

_NUMBERS = ("zwei", "drei", "vier", "fünf")
_DAYS = re.compile(rf"\b({'|'.join(_NUMBERS)})tägig", re.IGNORECASE)
_STAYS = re.compile(
    rf"\b(?:(?<=\bfür )({'|'.join(_NUMBERS)}) Tage\b"
    rf"|({'|'.join(_NUMBERS)}) Tage\b(?! (?:nach|vor|später|zuvor|danach|darauf|früher)\b))"
)
"""not "zwei Tage nach dem Gipfel", but "für zwei Tage nach Moskau" """
_LASTS = 4
"""days after the first to which a meeting may last"""
_ABOUT = timedelta(days=3)
"""by which "in zwei Wochen" may miss the day"""
_JOURNEY = re.compile(r"herald:travels|verb:(an|weiter)?reisen|verb:(fliegen|eintreffen|ankommen|aufbrechen)")
"""the rules of those who go to where they meet"""
_ARRIVES = timedelta(days=2)
"""before a meeting that those arrive who come for it"""
_NEARLY_ALL = 0.75
"""share of the parties of two announcements that makes them one: three of four"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A pattern that speaks against an announcement."""

    name: str
    words: re.Pattern[str]
    test: str
    of: str = ""
    """"clause": the row speaks of what the clause tells, not of a meeting that it names aside ("vor dem Gipfel") or with an attribute of
    its own ("der geplante Gipfel"); "itself": of that one it does; "sentence": it is read over the whole sentence"""


@functools.cache
def unlikely() -> tuple[Row, ...]:
    """The rows under which a meeting is named but not announced."""
    return tuple(
        Row(name=r["name"], words=pattern(r, re.IGNORECASE), test=r["test"], of=r.get("of", ""))
        for r in rows(
            MEETINGS, "unlikely", needed={"name", "words", "test"}, allowed={"of": {"clause", "itself", "sentence"}}
        )
    )


def doubt(words: str, *, aside: bool = False, apart: bool = False, sentence: str = "") -> str:
    """The name of the row that says a clause announces nothing; empty where none does.

    `aside`: the clause tells something else, to take place at or before the meeting. `apart`: the meeting is told to come by its own
    words. `sentence`: the whole of it, for rows that look further than the clause.

    >>> doubt("Der Gipfel wurde abgesagt.")
    'called off'
    """
    texts = {"sentence": sentence or words}
    rows = (row for row in unlikely() if row.words.search(texts.get(row.of, words)))
    silent = ("clause", "itself") if aside else ("clause",) if apart else ()
    return next((row.name for row in rows if row.of not in silent), "")


def meets(parties: Iterable[str]) -> bool:
    """Whether these can meet: of two states at least, or one that has members. What a state does at home is no meeting.

    >>> meets(["EU"]), meets(["DEU"]), meets(["DEU", "FRA"]), meets(["DEU", "DEU-OPP"])
    (True, False, True, False)
    """
    who = set(parties)
    return len({code.partition("-")[0] for code in who}) > 1 or bool(who & BODIES)


def within(parties: Iterable[str]) -> bool:
    """Whether the EU meets with its own: that is a meeting of the EU (codebook, section 5).

    >>> within(["EU", "AUT"]), within(["EU", "UKR"]), within(["EU"])
    (True, False, False)
    """
    others = set(parties) - {"EU"}
    return "EU" in parties and bool(others) and others <= OF_THE_EU


def same(one: Event, other: Event) -> bool:
    """Whether two announcements can be of one meeting: nothing of the one contradicts the other, and enough agrees.

    Part of the parties is enough without a day, or at the same place: on one day a minister meets several colleagues.
    """
    if (
        not (_days_agree(one.when, other.when) or _comes_for(one, other) or _comes_for(other, one))
        or _others_come(one, other)
        or {one.mode, other.mode} == {"phone", "visit"}
    ):
        return False
    if not (_places_agree(one.place, other.place) or _on_a_visit(one, other) or _told_again(one, other)):
        return False
    if _guests_of(one, other) or len(one.parties & other.parties) >= _NEARLY_ALL * len(one.parties | other.parties):
        return True
    fewer, more = (one, other) if one.parties < other.parties else (other, one)
    if not fewer.parties < more.parties:
        return False
    together = fewer.place is not None and more.place is not None and "phone" not in (one.mode, other.mode)
    return together or (fewer.when is None and more.when is not None) or _with_guests(fewer, more)


def _with_guests(fewer: Event, more: Event) -> bool:
    """Whether a body that meets with others is the one that meets the same day: with guests."""
    if fewer.when is None or more.when is None or fewer.when.iso != more.when.iso:
        return False
    return len(fewer.parties) == 1 and fewer.parties <= BODIES


def _guests_of(one: Event, other: Event) -> bool:
    """Whether guests are told of a body's meeting whose day is told elsewhere, at the same place."""
    if one.place is None or other.place is None or (one.when is None) == (other.when is None):
        return False
    return bool(one.parties & other.parties & BODIES) and one.place.name == other.place.name


def _on_a_visit(one: Event, other: Event) -> bool:
    """Whether both are stops of one visit: several meetings in one state, with its guests of several days (codebook, section 5)."""
    if "visit" not in (one.mode, other.mode) or one.place is None or other.place is None:
        return False
    return bool(one.place.country) and one.place.country == other.place.country


def _told_again(one: Event, other: Event) -> bool:
    """Whether the one without a day, or in the week of the other, is the other between the same sides: its place may be that of
    who speaks of it."""
    if one.parties != other.parties:
        return False
    if one.when is None or other.when is None:
        return one.when is not other.when
    return _is_week(one.when) != _is_week(other.when)


def _is_week(when: When) -> bool:
    return (when.last - when.first).days > _LASTS


def _comes_for(one: Event, other: Event) -> bool:
    """Whether the one is the journey to the other ("reist am Montag nach Oslo und trifft dort am Dienstag Støre"): one visit, of which
    the meeting may tell further guests in the same town."""
    there = one.place is not None and one.place == other.place
    alike = one.parties <= other.parties if there else one.parties == other.parties
    if not _JOURNEY.fullmatch(one.evidence.rule) or not alike:
        return False
    return (
        one.when is not None and other.when is not None and one.when.last < other.when.first <= one.when.last + _ARRIVES
    )


def _others_come(one: Event, other: Event) -> bool:
    """Whether the same states send other people: the presidents telephone, and the same day the ministers do. Who is told by
    his office alone may be anybody."""
    who, whom = (
        {a.code: a.name for a in (*e.actors, *e.recipients) if a.office and a.name != name_of(a.code)}
        for e in (one, other)
    )
    both = who.keys() & whom.keys()
    return len(both) > 1 and all(who[code] != whom[code] for code in both)


def _days_agree(one: When | None, other: When | None) -> bool:
    if one is None or other is None:
        return True
    if _roughly(one) or _roughly(other):
        return one.first - _ABOUT <= other.last and other.first <= one.last + _ABOUT
    return (other.first <= one.first and one.last <= other.last) or (
        one.first <= other.first and other.last <= one.last
    )


def _roughly(when: When) -> bool:
    """Whether people count weeks rather than name a day ("in zwei Wochen")."""
    return when.rule == "hence" and "Woche" in when.words


def _places_agree(one: Place | None, other: Place | None) -> bool:
    if one is None or other is None or one.name.casefold() == other.name.casefold():
        return True
    # "In der Ukraine" and "in Kiew" are no contradiction: only one of them has a city's name.
    return bool(one.country) and one.country == other.country and (_whole(one) or _whole(other))


def _whole(place: Place) -> bool:
    return name_of(place.country) == place.name


def told_together(one: Event, other: Event) -> Event:
    """One meeting out of two announcements: the first's sentence, all parties, the narrower day and place; not the day of the
    journey to it."""
    first, second = sorted((one, other), key=lambda e: (e.when is None, -_narrow(e.when), e.evidence.start))
    if _comes_for(first, second):
        first, second = second, first
    known: set[str] = set(first.parties)
    more: list[Actor] = []
    for actor in (*second.actors, *second.recipients):
        if actor.code not in known:
            known.add(actor.code)
            more.append(actor)
    place = first.place
    if place is None or (second.place is not None and _whole(place) and not _whole(second.place)):
        place = second.place
    return replace(
        first,
        actors=(*first.actors, *more),
        place=place,
        confidence=max(one.confidence, other.confidence),
    )


def _narrow(when: When | None) -> int:
    """How exactly a day is told: the few days that a summit lasts say more than the first of them, and that more than a week."""
    if when is None:
        return -10_000
    days = (when.last - when.first).days + 2 * _ABOUT.days * _roughly(when)
    return 1 if 0 < days <= _LASTS else -days


def lasting(when: When | None, attribute: str, clause: str = "") -> When | None:
    """The days that a meeting lasts where an attribute counts them ("ein dreitägiger Gipfel"), or the clause of a visit ("zwei
    Tage in Kiew"), and its first day is told.

    >>> from datetime import date
    >>> start = When(first=date(2022, 1, 10), last=date(2022, 1, 10), precision=Precision.DAY)
    >>> told = lasting(start, "ein dreitägiger")
    >>> told and told.iso
    '2022-01-10/2022-01-12'
    """
    counted = _DAYS.search(attribute) or _STAYS.search(clause)
    if when is None or counted is None or when.precision is not Precision.DAY or when.first != when.last:
        return when
    days = _NUMBERS.index(next(filter(None, counted.groups())).lower()) + 2
    return replace(when, last=when.first + timedelta(days=days - 1), precision=Precision.RANGE, rule="lasting")
