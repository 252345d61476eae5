"""Events by a filter: by words, or by the narrowest of the ways that an index knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, repeat
from typing import Any

from sqlalchemy import Connection, Select, exists, func, or_, select

from extractors.model import Event
from storage import coding, packing, pairs, search
from storage.statements import among, named_rows, table
from storage.tables import (
    ActRow,
    ArticleRow,
    CoderRow,
    EventActorRow,
    EventRow,
    PairRow,
    VersionRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are asked for; whatever is empty does not limit. Days are inclusive."""

    types: Sequence[str] = ()
    statuses: Sequence[str] = ()
    actor: str = ""
    """a party in any role but speaker"""
    other: str = ""
    """a second party"""
    actors: Sequence[str] = ()
    """any of these acts"""
    recipients: Sequence[str] = ()
    """any of these is acted upon"""
    speaker: str = ""
    places: Sequence[str] = ()
    """any of these places, by their names; or of these countries, by their codes"""
    publishers: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    text: str = ""
    """words in the article, as in `search_articles`"""
    uid: str = ""
    act: str = ""
    article_id: int | None = None
    min_confidence: float = 0.0
    """of the machine; what a reviewer confirmed or changed is sure"""
    originals_only: bool = False
    """leave out reports that copy others"""
    as_known_on: datetime | None = None
    """what the archive believed then, machine's errors included"""
    before: int | None = None
    """only what comes after the event of this row: the next page of an answer"""
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An event with the article that says so. `row` is its number in this archive, `event.id` its name anywhere."""

    row: int
    uid: str
    event: Event
    day: date | None
    article_id: int
    version_id: int
    url: str
    publisher: str
    headline: str
    published_at: datetime | None
    stand: datetime | None
    act: str
    act_reasons: str
    copied: bool
    known_from: datetime
    known_to: datetime | None
    ended_by: str
    correction_id: int | None

    @property
    def reviewed(self) -> bool:
        """A reviewer changed it: this is their word, not the machine's."""
        return self.correction_id is not None


def events(connection: Connection, wanted: EventFilter = EventFilter()) -> tuple[StoredEvent, ...]:
    """The events that were last learned of, newest first; with words asked for, those of the newest versions that hold them."""
    if wanted.text:
        return _with_words(connection, wanted)
    return numbered(connection, numbers(connection, wanted))


def numbers(connection: Connection, wanted: EventFilter) -> list[int]:
    """The numbers of the events that fit, but for words, newest first: to choose from, where not all of them are told of."""
    return list(connection.scalars(selected(connection, wanted).limit(wanted.limit)).all())


def numbered(connection: Connection, rows: Sequence[int]) -> tuple[StoredEvent, ...]:
    """The events with these numbers, newest first."""
    asked = all_events().where(among(connection, EventRow.id, rows)).order_by(EventRow.id.desc())
    return stored_events(connection, connection.execute(asked).all())


def surest_of_versions(
    connection: Connection, versions: Sequence[int], wanted: EventFilter, *, most: int
) -> dict[int, tuple[StoredEvent, ...]]:
    """By version those of its events that fit, the surest first and at most so many; words, limit and before do not count."""
    order = (EventRow.correction_id.is_(None), EventRow.confidence.desc(), EventRow.id)
    place = func.row_number().over(partition_by=EventRow.version_id, order_by=order).label("place")
    fitting = that_fit(replace(wanted, before=None)).where(among(connection, EventRow.version_id, versions))
    placed = fitting.with_only_columns(EventRow.id, place).subquery()
    rows = connection.scalars(select(placed.c.id).where(placed.c.place <= most)).all()
    found: dict[int, list[StoredEvent]] = {}
    for each in sorted(numbered(connection, rows), key=lambda it: (not it.reviewed, -it.event.confidence, it.row)):
        found.setdefault(each.version_id, []).append(each)
    return {version: tuple(told) for version, told in found.items()}


# Words lead to versions, a chunk at a time, so that a question ends as soon as it has what it asked for.
_CHUNKS = (200, 1000, 5000)


def all_with_words(connection: Connection, wanted: EventFilter) -> list[int]:
    """The numbers of all fitting events, newest first, whatever their versions."""
    found = (connection.scalars(some) for some in _told_with_words(connection, wanted))
    return sorted(chain.from_iterable(found), reverse=True)


def _with_words(connection: Connection, wanted: EventFilter) -> tuple[StoredEvent, ...]:
    """The first of the fitting events, and the pages after them, in the order of their versions.

    By the events' own numbers pages would miss some: a recode numbers an old version's event after those of newer versions.
    """
    version = None if wanted.before is None else connection.scalar(_version_of(wanted.before))
    further = wanted if version is None else replace(wanted, before=None)
    ids: list[int] = []
    for some in _told_with_words(connection, further, until=version):
        if version is not None:
            some = some.where(or_(EventRow.version_id < version, EventRow.id < wanted.before))
        ids += connection.scalars(some.limit(wanted.limit - len(ids)))
        if len(ids) >= wanted.limit:
            break
    found = {each.row: each for each in numbered(connection, ids)}
    return tuple(found[row] for row in ids)


def _version_of(row: int) -> Select[Any]:
    return select(EventRow.version_id).where(EventRow.id == row)


def _told_with_words(connection: Connection, wanted: EventFilter, *, until: int | None = None) -> Iterator[Select[Any]]:
    """The fitting events, of some versions after the other, newest first and none after `until`."""
    query = search.understand(connection, wanted.text)
    for versions in _chunks(_newest_versions(connection, query), None if until is None else until + 1):
        yield _told_in(connection, wanted, query, versions)


def _told_in(connection: Connection, wanted: EventFilter, query: search.Query, versions: list[int]) -> Select[Any]:
    """The fitting events of some versions that hold the words."""
    holding = _with_phrases(connection, versions, query)
    told = that_fit(wanted).where(among(connection, EventRow.version_id, holding))
    return told.order_by(EventRow.version_id.desc(), EventRow.id.desc())


def _chunks(numbers: Callable[[int | None, int], list[int]], before: int | None) -> Iterator[list[int]]:
    for size in chain(_CHUNKS, repeat(_CHUNKS[-1])):
        found = numbers(before, size)
        if found:
            yield found
        if len(found) < size:
            return
        before = found[-1]


def _newest_versions(connection: Connection, query: search.Query) -> Callable[[int | None, int], list[int]]:
    def some(before: int | None, size: int) -> list[int]:
        return search.newest(connection, query, before=before, limit=size)

    return some


def _with_phrases(connection: Connection, versions: list[int], query: search.Query) -> list[int]:
    if not query.phrases:
        return versions
    kept = {version for version, read, _ in texts_of(connection, versions) if search.has_phrases(read, query)}
    return [version for version in versions if version in kept]


# Without words: the narrowest of the ways that an index knows.

FEW = 20_000
"""Rows that are looked at one by one; of more, only as many as it takes to find the newest that fit."""

WALKED = 5_000
"""The same of a way that can be walked: counting more of its rows takes longer than walking saves."""


# Tables by a second name, given once: to give them one at each question takes as long as to find the rows.
_WHO = table(EventActorRow).alias().c
_ROW = table(EventRow).alias().c
_PAIR = table(PairRow).alias().c
_PARTY = table(EventActorRow).alias().c
"""in a condition of its own, whichever way is taken"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """A table in which an index leads to events, by conditions; where it can be walked, newest first, `parties` are met."""

    column: Any
    """the event's number"""
    conditions: tuple[Any, ...]
    """what the index serves"""
    further: tuple[Any, ...] = ()
    """what else the table's rows tell"""
    parties: frozenset[int] = frozenset()
    """which of the parties asked for it stands for"""

    @property
    def ids(self) -> Select[Any]:
        return select(self.column).where(*self.conditions, *self.further)


def selected(connection: Connection, wanted: EventFilter) -> Select[Any]:
    """The numbers of the fitting events, newest first.

    The way with the fewest rows is taken whole where those are few; else a party's or a pair's events are walked.
    """
    ways = list(_ways(wanted))
    few = _fewest(connection, ways)
    if few is not None:
        return that_fit(wanted).where(EventRow.id.in_(few.ids)).order_by(EventRow.id.desc())
    way = next((way for way in ways if way.parties), None)
    if way is None:
        return that_fit(wanted).order_by(EventRow.id.desc())
    walking = that_fit(wanted, but=way.parties).where(way.column == EventRow.id, *way.conditions, *way.further)
    if len(way.parties) > 1:  # a pair has one row for each event
        return walking.order_by(way.column.desc())
    # By the event where a type is asked for: then SQLite may as well walk the type's events and look up the party.
    walked = EventRow.id if wanted.types else way.column
    return walking.with_only_columns(walked).group_by(walked).order_by(walked.desc())


def all_selected(connection: Connection, wanted: EventFilter) -> Select[Any]:
    """The numbers of all fitting events, in no order: nothing is walked that is read to its end anyway."""
    few = _fewest(connection, list(_ways(wanted)))
    return that_fit(wanted) if few is None else that_fit(wanted).where(EventRow.id.in_(few.ids))


def _fewest(connection: Connection, ways: Sequence[_Way]) -> _Way | None:
    """The way with the fewest rows, if they are few; those that cannot be walked are counted first."""
    fewest, least = None, FEW
    for way in sorted(ways, key=lambda way: bool(way.parties)):
        most = min(least, WALKED) if way.parties else least
        rows = _count_to(connection, way, most)
        if rows < most:
            fewest, least = way, rows
    return fewest


def _count_to(connection: Connection, way: _Way, most: int) -> int:
    some = select(way.column).where(*way.conditions).limit(most)
    return connection.scalar(select(func.count()).select_from(some.subquery())) or 0


def _ways(wanted: EventFilter) -> Iterator[_Way]:
    before = wanted.before if wanted.before is not None else 2**62
    met: frozenset[int] = frozenset()
    if wanted.actor and wanted.other and wanted.as_known_on is None and wanted.actor != wanted.other:
        pair = _pair_way(wanted, before)
        met = pair.parties
        yield pair
    for number, (codes, roles) in enumerate(_parties(wanted)):
        if number in met:  # a pair has fewer events than either of its parties: counting theirs would only take time
            continue
        conditions = (_WHO.code.in_(codes), _WHO.role.in_(roles), _WHO.event_id < before)
        yield _Way(column=_WHO.event_id, conditions=conditions, parties=frozenset({number}))
    if wanted.since or wanted.until:
        days = _ROW.day.between(wanted.since or date.min, wanted.until or date.max)
        yield _Way(column=_ROW.id, conditions=(days,))
    if wanted.places:
        yield _Way(column=_ROW.id, conditions=(_at(wanted.places, _ROW),))


def _pair_way(wanted: EventFilter, before: int) -> _Way:
    one, other = pairs.between(wanted.actor, wanted.other)
    named = (_PAIR.one == one, _PAIR.other == other, _PAIR.event_id < before)
    # The actor is the first of the parties that are asked for, the other one the second.
    return _Way(
        column=_PAIR.event_id,
        conditions=named,
        further=tuple(_pair_conditions(wanted)),
        parties=frozenset({0, 1}),
    )


def _pair_conditions(wanted: EventFilter) -> list[Any]:
    """What the rows of pairs tell of types, statuses and days."""
    conditions: list[Any] = []
    if wanted.types:
        conditions.append(_PAIR.type.in_([pairs.TYPES.index(str(kind)) for kind in wanted.types]))
    if wanted.statuses:
        conditions.append(_PAIR.status.in_([pairs.STATUSES.index(str(status)) for status in wanted.statuses]))
    if wanted.since:
        conditions.append(_PAIR.day >= wanted.since.toordinal())
    if wanted.until:
        conditions.append(_PAIR.day <= wanted.until.toordinal())
    return conditions


def all_events() -> Select[Any]:
    return (
        select(
            EventRow.__table__,
            VersionRow.stand,
            VersionRow.headline,
            VersionRow.published_at,
            func.coalesce(VersionRow.url, ArticleRow.url).label("url"),
            ArticleRow.publisher,
            CoderRow.name.label("coder"),
            ActRow.uid.label("act_uid"),
        )
        .join(VersionRow, VersionRow.id == EventRow.version_id)
        .join(ArticleRow, ArticleRow.id == EventRow.article_id)
        .join(CoderRow, CoderRow.id == EventRow.coder_id, isouter=True)
        .join(ActRow, ActRow.id == EventRow.act_id, isouter=True)
    )


def that_fit(wanted: EventFilter, *, but: frozenset[int] = frozenset()) -> Select[Any]:
    """The numbers of the events that fit, but for the words; the caller sees to the parties in `but`."""
    asked = select(EventRow.id).where(*known_on(wanted.as_known_on), *_conditions(wanted))
    if wanted.publishers:
        asked = asked.join(ArticleRow, ArticleRow.id == EventRow.article_id)
    if wanted.act:
        asked = asked.join(ActRow, ActRow.id == EventRow.act_id)
    for number, (codes, roles) in enumerate(_parties(wanted)):
        if number not in but:
            asked = asked.where(_acts_in(codes, roles))
    return asked


def known_on(on: datetime | None) -> list[Any]:
    if on is None:
        return [EventRow.known_to.is_(None)]
    return [EventRow.known_from <= on, or_(EventRow.known_to.is_(None), EventRow.known_to > on)]


def _parties(wanted: EventFilter) -> Iterable[tuple[Sequence[str], Sequence[str]]]:
    if wanted.actor:
        yield [wanted.actor], ("actor", "recipient")
    if wanted.other:
        yield [wanted.other], ("actor", "recipient")
    if wanted.actors:
        yield wanted.actors, ("actor",)
    if wanted.recipients:
        yield wanted.recipients, ("recipient",)
    if wanted.speaker:
        yield [wanted.speaker], ("speaker",)


def _conditions(wanted: EventFilter) -> list[Any]:
    conditions: list[tuple[Any, Callable[[Any], Any]]] = [
        (wanted.types, lambda types: EventRow.type.in_([str(each) for each in types])),
        (wanted.statuses, lambda statuses: EventRow.status.in_([str(each) for each in statuses])),
        (wanted.places, _at),
        (wanted.publishers, ArticleRow.publisher.in_),
        (wanted.since, lambda day: EventRow.day >= day),
        (wanted.until, lambda day: EventRow.day <= day),
        (wanted.uid, lambda uid: EventRow.uid == uid),
        (wanted.act, lambda uid: ActRow.uid == uid),
        (wanted.article_id, of_article),
        (wanted.min_confidence, sure),
        (wanted.originals_only, lambda _: EventRow.copied.is_(False)),
        (wanted.before, lambda row: EventRow.id < row),
    ]
    return [condition(given) for given, condition in conditions if given]


def of_article(article_id: int) -> Any:
    """Events of an article, by way of its versions: by these an index leads to them."""
    return EventRow.version_id.in_(select(VersionRow.id).where(VersionRow.article_id == article_id))


def sure(least: float) -> Any:
    """At least so confident, or a reviewer's word."""
    return or_(EventRow.confidence >= least, EventRow.correction_id.is_not(None))


def _at(places: Sequence[str], row: Any = EventRow) -> Any:
    """The names of places, or the codes of countries, of three letters.

    One or the other: of two conditions joined by OR, SQLite takes no index that leaves out empty values.
    """
    codes = all(len(place) == 3 and place.isupper() for place in places)
    return (row.country if codes else row.place).in_(places)


def stored_events(connection: Connection, rows: Sequence[Any]) -> tuple[StoredEvent, ...]:
    roles = coding.roles_of(connection, [row.id for row in rows])
    return tuple(
        StoredEvent(
            row=row.id,
            uid=row.uid,
            event=coding.event_of(row, roles[row.id], row.coder or ""),
            day=row.day,
            article_id=row.article_id,
            version_id=row.version_id,
            url=row.url,
            publisher=row.publisher,
            headline=row.headline,
            published_at=row.published_at,
            stand=row.stand,
            act=row.act_uid or "",
            act_reasons=row.act_reasons or "",
            copied=row.copied,
            known_from=row.known_from,
            known_to=row.known_to,
            ended_by=row.ended_by or "",
            correction_id=row.correction_id,
        )
        for row in named_rows(rows)
    )


def event(connection: Connection, uid: str, *, article_id: int | None = None) -> StoredEvent | None:
    """The newest event with this id, believed still or not; `article_id` chooses where several articles say the same."""
    asked = all_events().where(EventRow.uid == uid)
    if article_id is not None:
        asked = asked.where(EventRow.article_id == article_id)
    asked = asked.order_by(EventRow.known_to.is_(None).desc(), EventRow.id.desc()).limit(1)
    row = connection.execute(asked).one_or_none()
    return None if row is None else stored_events(connection, [row])[0]


def named(connection: Connection, begun: str) -> tuple[str, ...]:
    """The ids of events that are believed and begin so: one, or two where several do."""
    ids = select(EventRow.uid).where(EventRow.uid.between(begun, f"{begun}g"), EventRow.known_to.is_(None))
    return tuple(connection.scalars(ids.distinct().order_by(EventRow.uid).limit(2)))


def history(connection: Connection, article_id: int, start: int, end: int) -> tuple[StoredEvent, ...]:
    """All that was ever believed about a stretch of an article: by the machine, then by reviewers, oldest first."""
    rows = connection.execute(
        all_events().where(of_article(article_id), EventRow.start < end, EventRow.end > start).order_by(EventRow.id)
    ).all()
    return stored_events(connection, rows)


def _acts_in(codes: Sequence[str], roles: Sequence[str], row: Any = EventRow) -> Any:
    return exists().where(_PARTY.event_id == row.id, _PARTY.code.in_(codes), _PARTY.role.in_(roles))


def takes_part(code: str, row: Any = EventRow, *, roles: Sequence[str] = ("actor", "recipient")) -> Any:
    """The condition that a party acts in an event or is acted upon; or has one of these roles in it."""
    return _acts_in([code], roles, row)


def texts_of(connection: Connection, versions: list[int]) -> Iterator[tuple[int, str, Any]]:
    """The texts of versions with their articles, newest first; of one whose text has expired the headline."""
    rows = connection.execute(
        select(
            ArticleRow.__table__,
            VersionRow.id.label("version"),
            VersionRow.text,
            VersionRow.headline.label("version_headline"),
        )
        .join(VersionRow, VersionRow.article_id == ArticleRow.id)
        .where(among(connection, VersionRow.id, versions))
        .order_by(VersionRow.id.desc())
    )
    for row in rows:
        yield row.version, packing.unpack(row.text) if row.text is not None else row.version_headline, row
