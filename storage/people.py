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

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, insert, select

from extractors.model import Holder, Introduction
from extractors.publishers import profile_for
from storage.statements import among, prepared, record, table
from storage.tables import HolderRow, IntroductionRow

ARTICLES = 3
"""Articles that must introduce somebody, copies of one report counted once. Of 127 introductions in 7,300 articles of our corpus
six told a wrong state, and of no name twice."""

HOUSES = 2
"""of so many houses: one alone may have its own mistake in every article, or its own mayor"""

AGREE = 0.9
"""Share of the articles that must say the same code. One in ten may be misread; where more say another, two people may
share the name, or one has changed office."""

FADES = timedelta(days=365)
"""Without an introduction for so long a name is no longer known, for offices end. Nor does an article count that is
older by this than the last one, for people change offices. Whoever is in office is introduced more often."""


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
    """the most frequent of that year first, then those of earlier ones"""
    articles: int
    """of the year before the name's last introduction, as the houses are; copies of one report count once"""
    houses: frozenset[str]
    first: date
    last: date
    article_id: int
    """the last one"""


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
                article_id=one.article_id,
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
        often = {name for name, articles in self._lately(ARTICLES).items() if articles >= ARTICLES}
        return holders(self._told({*often, *said}), said)

    def listed(self, today: date, *, least: int = 1) -> tuple[Listed, ...]:
        """The names of which an operator said something, or that so many articles introduce; what most articles say first."""
        said = self._said()
        return self._quoted(self._lines({*self._lately(least), *said}, said, today))

    def foremost(self, today: date, *, least: int, most: int) -> tuple[tuple[Listed, ...], int]:
        """The first `most` lines of `listed`, and how many more it has."""
        said, lately = self._said(), self._lately(least)
        others = {name: articles for name, articles in lately.items() if name not in said}
        ordered = sorted(others.values(), reverse=True)
        floor = ordered[most - 1] if len(ordered) >= most else 0
        while True:
            often = {name for name, articles in others.items() if articles >= floor}
            lines = self._lines({*often, *said}, said, today)[:most]
            # Copies count once: no line has more articles than its name has lately, and it may have fewer.
            if len(lines) < most or lines[-1].articles >= floor:
                break
            floor = lines[-1].articles
        every = len(others) + sum(map(len, said.values()))
        return self._quoted(lines), every - len(lines)

    def named(self, name: str, today: date) -> tuple[Listed, ...]:
        """The lines of one name, none where nobody introduced it or spoke of it."""
        told, said = self._told({name}).get(name, ()), self._said(name).get(name, ())
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
            word = record(Ruling, row)
            words = found.get(row.name, {}) if row.code else {}
            found[row.name] = {code: one for code, one in words.items() if code} | {row.code: word}
        return {name: tuple(words.values()) for name, words in found.items()}

    def _lines(self, names: Collection[str], said: Mapping[str, Sequence[Ruling]], today: date) -> list[Listed]:
        """The lines of these names, what most articles say first."""
        told = self._told(names)
        lines = [
            line for name in {*told, *said} for line in listed(name, told.get(name, ()), said.get(name, ()), today)
        ]
        return sorted(lines, key=lambda line: (-line.articles, line.name, line.since or date.min))

    def _lately(self, least: int) -> dict[str, int]:
        """Names that so many articles introduce, with how many do in the year before the last. From an index alone."""
        rows = table(IntroductionRow).c
        ends = _ends(rows).having(func.count() >= least).subquery()
        asked = select(ends.c.name, func.count()).join(_LATE, _late(ends)).group_by(ends.c.name)
        return dict(iter(self.connection.execute(asked)))

    def _told(self, names: Collection[str]) -> dict[str, Sequence[Told]]:
        """What articles say, by name.

        Sentences are read only of the articles that count; of a name that has long been known these are the fewest.
        """
        rows = table(IntroductionRow).c
        ends = _ends(rows).where(among(self.connection, rows.name, list(names))).subquery()
        late = _LATE.c
        asked = select(late.name, late.code, late.office, late.quote, late.house).join(ends, _late(ends))
        reports: dict[tuple[str, str], dict[tuple[str, str], str]] = defaultdict(dict)
        for name, code, office, quote, house in self.connection.execute(asked).all():
            those = reports[name, code]
            those[office, quote] = min(house, those.get((office, quote), house))
        offices: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in self.connection.execute(_offices(self.connection, names)):
            offices[row.name, row.code].append(row)
        found: dict[str, list[Told]] = defaultdict(list)
        for name, code in sorted(offices):
            found[name].append(_told(offices[name, code], reports[name, code]))
        return {name: tuple(told) for name, told in found.items()}

    def _quoted(self, lines: Sequence[Listed]) -> tuple[Listed, ...]:
        """With the last sentence that introduces each."""
        rows = table(IntroductionRow).c
        articles = [line.article_id for line in lines if line.article_id is not None]
        asked = select(rows.article_id, rows.name, rows.quote).where(among(self.connection, rows.article_id, articles))
        quotes = {(row.article_id, row.name): row.quote for row in self.connection.execute(asked)}
        return tuple(replace(line, quote=quotes.get((line.article_id, line.name), "")) for line in lines)


_LATE = table(IntroductionRow).alias()


def _ends(rows: Any) -> Select[Any]:
    """The names with the day of the last introduction of each."""
    return select(rows.name, func.max(rows.day).label("day")).group_by(rows.name)


def _late(ends: Any) -> Any:
    """That an introduction is of the year before the last one of its name."""
    return and_(_LATE.c.name == ends.c.name, _LATE.c.day > ends.c.day - FADES.days)


def _offices(connection: Connection, names: Collection[str]) -> Select[Any]:
    """What articles of any day say of these names: codes and offices, with the first and the last day and the last article."""
    rows = table(IntroductionRow).c
    # Of many names the table is read as it lies: the index would lead to the same rows in twice the time.
    name = rows.name if len(names) == 1 else rows.name.concat("")
    days = func.min(rows.day).label("first"), func.max(rows.day).label("last")
    return (
        select(name.label("name"), rows.code, rows.office, *days, func.max(rows.article_id).label("article_id"))
        .where(among(connection, name, list(names)))
        .group_by(name, rows.code, rows.office)
    )


def _told(offices: Sequence[Any], reports: Mapping[tuple[str, str], str]) -> Told:
    """What articles say of a name with a code: its offices of any day, and the houses of the reports that count.

    Articles with the very same sentence are one report and its copies, and count once, for one house.
    """
    times = Counter(office for office, _ in reports)
    return Told(
        name=offices[0].name,
        code=offices[0].code,
        offices=tuple(sorted((row.office for row in offices), key=lambda office: (-times[office], office))),
        articles=len(reports),
        houses=frozenset(reports.values()),
        first=date.fromordinal(min(row.first for row in offices)),
        last=date.fromordinal(max(row.last for row in offices)),
        article_id=max(row.article_id for row in offices),
    )


@prepared
def _gone(_: Connection) -> Any:
    rows = table(IntroductionRow)
    return delete(rows).where(rows.c.article_id == bindparam("article"))


@prepared
def _kept(_: Connection) -> Any:
    return insert(table(IntroductionRow))
