"""Office holders whom our tables do not have: who introduced them, when they are known, and what an operator says of them.

An article that is coded leaves whom it introduces (`extractors.actors.newcomers`), each name once, however often it changes or
is read again. A name is known when enough articles of enough houses agree, until a year after the last one; an operator's word
goes before, in both directions. What is known is a list that a pass or a recode loads once and hands to the coder.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select

from extractors.model import Holder, Introduction
from extractors.publishers import profile_for
from storage.statements import prepared, table
from storage.tables import HolderRow, IntroductionRow

ARTICLES = 3
"""Articles that must introduce somebody, copies of one report counted once. Of 127 introductions in 7,300 articles of our corpus
six told a wrong state, and of no name twice."""

HOUSES = 2
"""of so many houses: one alone may have its own mistake in every article, or its own mayor"""

AGREE = 0.9
"""share of the articles that must say the same code: where one in ten says another it is misread there, where more do two people
may bear the name, or one has changed the office"""

FADES = timedelta(days=365)
"""After so long without an introduction nobody is known any more, for offices end; and no older article counts beside the last one,
for people change them. Whoever is in office is introduced more often than that."""


class State(StrEnum):
    PROPOSED = "proposed"
    """introduced, but by too few, or they disagree"""
    KNOWN = "known"
    """read in articles of today"""
    FADED = "faded"
    """was known, and nobody has introduced them for long"""
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What an operator ruled of a name: an office, or (with no code) that it is none."""

    name: str
    code: str
    office: str
    since: date | None
    until: date | None
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What articles say of a name: one code, with the articles and houses that agree on it."""

    name: str
    code: str
    offices: tuple[str, ...]
    """the most frequent first"""
    articles: int
    """of the year before the name's last introduction, as the houses are; copies of one report count once"""
    houses: frozenset[str]
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A name as people see it. `articles` and `houses` are those of `code`; `others` counts the articles that say another one."""

    name: str
    code: str
    office: str
    state: State
    articles: int = 0
    houses: int = 0
    first: date | None = None
    last: date | None = None
    since: date | None = None
    until: date | None = None
    quote: str = ""
    """the last sentence that introduces the name with this code"""
    article_id: int | None = None
    others: Mapping[str, int] = field(default_factory=dict)
    author: str = ""


# Deciding. Pure.


def agreed(told: Sequence[Told]) -> Told | None:
    """What articles agree on of one name; None where they are too few, or say different things."""
    best = max(told, key=lambda one: (one.articles, one.code))
    enough = best.articles >= ARTICLES and len(best.houses) >= HOUSES
    return best if enough and best.articles >= AGREE * sum(one.articles for one in told) else None


def holders(told: Mapping[str, Sequence[Told]], said: Mapping[str, Sequence[Ruling]]) -> tuple[Holder, ...]:
    """Who is known by what articles told and operators said, by name; always in the same order."""
    found = [_confirmed(one, told.get(name, ())) for name, words in said.items() for one in words if one.code]
    found += [_known(one) for name, some in told.items() if name not in said and (one := agreed(some)) is not None]
    return tuple(sorted(found, key=lambda one: (one.name, one.since or date.min, one.code)))


def _known(told: Told) -> Holder:
    return Holder(name=told.name, code=told.code, offices=told.offices, since=told.first, until=told.last + FADES)


def _confirmed(said: Ruling, told: Iterable[Told]) -> Holder:
    read = [office for one in told if one.code == said.code for office in one.offices]
    offices = tuple(dict.fromkeys(filter(None, (said.office, *read))))
    return Holder(name=said.name, code=said.code, offices=offices, since=said.since, until=said.until)


def listed(name: str, told: Sequence[Told], said: Sequence[Ruling], today: date) -> list[Listed]:
    """A name as people see it: a line for each office that an operator confirmed, else one."""
    if said:
        return [_of_operator(word, told) for word in said]
    best = agreed(told)
    if best is None:
        most = max(told, key=lambda one: (one.articles, one.code))
        return [_of_articles(Listed(name=name, code=most.code, office="", state=State.PROPOSED), told)]
    until = best.last + FADES
    state = State.KNOWN if today <= until else State.FADED
    line = Listed(name=name, code=best.code, office="", state=state, since=best.first, until=until)
    return [_of_articles(line, told)]


def _of_operator(word: Ruling, told: Sequence[Told]) -> Listed:
    most = max(told, key=lambda one: (one.articles, one.code), default=None)
    line = Listed(
        name=word.name,
        code=word.code or (most.code if most is not None else ""),
        office=word.office,
        state=State.CONFIRMED if word.code else State.REFUSED,
        since=word.since,
        until=word.until,
        author=word.author,
    )
    return _of_articles(line, told)


def _of_articles(line: Listed, told: Iterable[Told]) -> Listed:
    """With what articles say of it."""
    others = {one.code: one.articles for one in told if one.code != line.code and one.articles}
    for one in told:
        if one.code == line.code:
            line = replace(
                line,
                office=line.office or one.offices[0],
                articles=one.articles,
                houses=len(one.houses),
                first=one.first,
                last=one.last,
            )
    return replace(line, others=others)


def house_of(url: str) -> str:
    """The house of an article: that of its publisher's profile, else the host."""
    host = urlsplit(url).netloc.lower().removeprefix("www.")
    return profile_for(host).house or host


class People:
    """The verbs about office holders; reached as `archive.people`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def keep(
        self, article_id: int, introduced: Sequence[Introduction], *, url: str, day: date, fresh: bool = False
    ) -> None:
        """Keep whom an article of a day introduces, in place of what was kept of it before; of a `fresh` one nothing was."""
        if not fresh:
            self.connection.execute(_gone(self.connection), {"article": article_id})
        if introduced:
            of = {"article_id": article_id, "house": house_of(url), "day": day.toordinal()}
            rows = {
                one.name: {**of, "name": one.name, "code": one.code, "office": one.office, "quote": one.quote}
                for one in introduced
            }
            self.connection.execute(_kept(self.connection), list(rows.values()))

    def holders(self) -> tuple[Holder, ...]:
        """Who is known, for the coder; each with the days on which it is.

        A recode is given the list as it is now, and not as it was when an article came: what was learned since helps
        an old article, too, and two recodes of one archive give the same.
        """
        said = self._said()
        return holders(self._told(said, least=ARTICLES), said)

    def listed(self, today: date, *, least: int = 1, quoted: int | None = None) -> tuple[Listed, ...]:
        """The names of which an operator said something, or that so many articles introduce; what most articles say first.

        With `quoted` only so many of them have their sentence.
        """
        said = self._said()
        told = self._told(said, least=least)
        lines = [
            line for name in {*told, *said} for line in listed(name, told.get(name, ()), said.get(name, ()), today)
        ]
        lines.sort(key=lambda one: (-one.articles, one.name, one.since or date.min))
        shown = len(lines) if quoted is None else quoted
        return (*self._quoted(lines[:shown]), *lines[shown:])

    def named(self, name: str, today: date) -> tuple[Listed, ...]:
        """The lines of one name, none where nobody introduced it or spoke of it."""
        told, said = self._told({}, name=name).get(name, ()), self._said(name).get(name, ())
        return self._quoted(listed(name, told, said, today)) if told or said else ()

    def confirm(self, holder: Holder, author: str, now: datetime) -> None:
        """Let somebody be known in an office from now on, whatever articles say; the days are those of the holder."""
        office = holder.offices[0] if holder.offices else ""
        days = {"since": holder.since, "until": holder.until}
        self._say(holder.name, "confirmed", author, now, code=holder.code, office=office, **days)

    def refuse(self, name: str, author: str, now: datetime) -> None:
        """Let nobody be known by a name from now on, whatever articles or operators said."""
        self._say(name, "refused", author, now)

    def _say(self, name: str, verdict: str, author: str, now: datetime, **more: Any) -> None:
        self.connection.execute(insert(HolderRow).values(name=name, verdict=verdict, author=author, at=now, **more))

    def _said(self, name: str | None = None) -> dict[str, Sequence[Ruling]]:
        """The words that count, by name: the last of each code since the last refusal, or that refusal."""
        asked = select(HolderRow.__table__).order_by(HolderRow.id)
        found: dict[str, dict[str, Ruling]] = {}
        for row in self.connection.execute(asked if name is None else asked.where(HolderRow.name == name)):
            word = Ruling(
                name=row.name,
                code=row.code,
                office=row.office,
                since=row.since,
                until=row.until,
                author=row.author,
                at=row.at,
            )
            words = found.get(row.name, {}) if row.code else {}
            found[row.name] = {code: one for code, one in words.items() if code} | {row.code: word}
        return {name: tuple(words.values()) for name, words in found.items()}

    def _told(self, also: Collection[str], *, least: int = 1, name: str | None = None) -> dict[str, Sequence[Told]]:
        """What articles say, by name: of those that so many introduce, and of those in `also`."""
        rows = table(IntroductionRow).c
        asked = select(rows.name, rows.code, rows.office, rows.quote, rows.house, rows.day)
        if name is not None:
            asked = asked.where(rows.name == name)
        times: Counter[str] = Counter()
        ends: dict[str, int] = {}
        reports: dict[tuple[str, str], dict[tuple[str, str], _Report]] = defaultdict(dict)
        for some in self.connection.execute(asked).partitions(_AT_ONCE):
            for who, code, office, quote, house, day in some:
                times[who] += 1
                if day > ends.get(who, 0):
                    ends[who] = day
                those = reports[who, code]
                known = those.get((office, quote))
                if known is None:
                    those[office, quote] = house, day, day
                else:
                    those[office, quote] = min(known[0], house), min(known[1], day), max(known[2], day)
        found: dict[str, list[Told]] = defaultdict(list)
        for who, code in sorted(reports):
            if times[who] >= least or who in also:
                found[who].append(_told(who, code, reports[who, code], ends[who]))
        return {who: tuple(told) for who, told in found.items()}

    def _quoted(self, lines: Sequence[Listed]) -> tuple[Listed, ...]:
        """With the last sentence that introduces each."""
        rows = table(IntroductionRow)
        last = (
            select(rows.c.name, rows.c.code, func.max(rows.c.article_id).label("article"))
            .where(rows.c.name.in_(bindparam("names", expanding=True)))
            .group_by(rows.c.name, rows.c.code)
            .subquery()
        )
        asked = select(rows).join(last, and_(rows.c.article_id == last.c.article, rows.c.name == last.c.name))
        found: dict[tuple[str, str], Any] = {}
        names = [line.name for line in lines]
        for at in range(0, len(names), 500):
            for row in self.connection.execute(asked, {"names": names[at : at + 500]}):
                found[row.name, row.code] = row
        shown = [(line, found.get((line.name, line.code))) for line in lines]
        return tuple(
            line if row is None else replace(line, quote=row.quote, article_id=row.article_id) for line, row in shown
        )


_AT_ONCE = 2000
"""Introductions that are read at a time."""

_Report = tuple[str, int, int]
"""A house, the first and the last day of articles with the very same sentence: they are one report and its copies, and count
once, for one house."""


def _told(name: str, code: str, reports: Mapping[tuple[str, str], _Report], end: int) -> Told:
    """What the reports say of a name; those of the year before its last one count as articles of today."""
    offices = Counter(office for office, _ in reports)
    recent = [house for house, _, last in reports.values() if last > end - FADES.days]
    return Told(
        name=name,
        code=code,
        offices=tuple(sorted(offices, key=lambda office: (-offices[office], office))),
        articles=len(recent),
        houses=frozenset(recent),
        first=date.fromordinal(min(first for _, first, _ in reports.values())),
        last=date.fromordinal(max(last for *_, last in reports.values())),
    )


@prepared
def _gone(_: Connection) -> Any:
    rows = table(IntroductionRow)
    return delete(rows).where(rows.c.article_id == bindparam("article"))


@prepared
def _kept(_: Connection) -> Any:
    return insert(table(IntroductionRow))
