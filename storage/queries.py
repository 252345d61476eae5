"""Questions to the archive: every answer leads back to its sentences. Reads only; use it on `engine.reading`.

What a reviewer corrected wins everywhere: the machine's word then has `known_to` set, and only `as_known_on` a day
before the correction brings it back.
"""

from __future__ import annotations

import bisect
import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, repeat
from typing import Any

from sqlalchemy import Connection, Select, and_, case, exists, func, or_, select, text
from sqlalchemy.orm import aliased

from extractors.model import BERLIN, Article, Assessment, Event, Quote
from extractors.ontology import EventType, Status, goldstein
from extractors.stories.meetings import late
from storage import coding, packing, pairs, search
from storage.polling import FeedState, feed_state
from storage.statements import among
from storage.tables import (
    ActRow,
    ArticleRow,
    AssessmentRow,
    CoderRow,
    DemandChangeRow,
    DemandRow,
    EventActorRow,
    EventRow,
    FeedRow,
    GapRow,
    IntakeRow,
    MeetingChangeRow,
    MeetingRow,
    PageRow,
    PairRow,
    QuoteRow,
    SightingRow,
    StoryArticleRow,
    StoryRow,
    VersionRow,
)
from storage.tracking import Change, Demand, Meeting, Story, memory


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
    place: str = ""
    """a place's name or a country's code"""
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
    known_since: datetime | None = None
    """only what became known at or after this time"""
    before: int | None = None
    """only rows before this one: the next page of an answer"""
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
    """The events that were last learned of, newest first."""
    if wanted.text:
        return _with_words(connection, wanted)
    return numbered(connection, list(connection.scalars(_found(connection, wanted).limit(wanted.limit))))


def numbered(connection: Connection, rows: Sequence[int]) -> tuple[StoredEvent, ...]:
    """The events with these numbers, newest first."""
    asked = _base().where(among(connection, EventRow.id, rows)).order_by(EventRow.id.desc())
    return _stored(connection, connection.execute(asked).all())


def count_events(connection: Connection, wanted: EventFilter = EventFilter()) -> int:
    """How many events there are; the filter's limit is not looked at."""
    if wanted.text:
        query = search.understand(connection, wanted.text)
        chunks = _chunks(_newest_versions(connection, query))
        return sum(_count(connection, _told_in(connection, wanted, query, some)) for some in chunks)
    return _count(connection, _found(connection, wanted))


def _count(connection: Connection, asked: Select[Any]) -> int:
    return connection.scalar(select(func.count()).select_from(asked.order_by(None).subquery())) or 0


# Words lead to versions, a chunk at a time, so that a question ends as soon as it has what it asked for.
_CHUNKS = (200, 1000, 5000)


def _with_words(connection: Connection, wanted: EventFilter) -> tuple[StoredEvent, ...]:
    query = search.understand(connection, wanted.text)
    ids: list[int] = []
    for versions in _chunks(_newest_versions(connection, query)):
        ids += connection.scalars(_told_in(connection, wanted, query, versions).limit(wanted.limit - len(ids)))
        if len(ids) >= wanted.limit:
            break
    return numbered(connection, ids)


def _told_in(connection: Connection, wanted: EventFilter, query: search.Query, versions: list[int]) -> Select[Any]:
    """The fitting events of some versions that hold the words."""
    holding = _with_phrases(connection, versions, query)
    return _fitting(wanted).where(among(connection, EventRow.version_id, holding)).order_by(EventRow.id.desc())


def _chunks(numbers: Callable[[int | None, int], list[int]]) -> Iterator[list[int]]:
    before: int | None = None
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
    kept = {version for version, read, _ in _texts(connection, versions) if search.has_phrases(read, query)}
    return [version for version in versions if version in kept]


# Without words: the narrowest of the ways that an index knows.

FEW = 20_000
"""Rows that are looked at one by one; of more, only as many as it takes to find the newest that fit."""

WALKED = 5_000
"""The same of a way that can be walked: counting more of its rows takes longer than walking saves."""


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


def _found(connection: Connection, wanted: EventFilter) -> Select[Any]:
    """The numbers of the fitting events, newest first.

    The way with the fewest rows is taken whole where those are few; else a party's or a pair's events are walked.
    """
    ways = list(_ways(wanted))
    few = _fewest(connection, ways)
    if few is not None:
        return _fitting(wanted).where(EventRow.id.in_(few.ids)).order_by(EventRow.id.desc())
    way = next((way for way in ways if way.parties), None)
    if way is None:
        return _fitting(wanted).order_by(EventRow.id.desc())
    walking = _fitting(wanted, but=way.parties).where(way.column == EventRow.id, *way.conditions, *way.further)
    if len(way.parties) > 1:  # a pair has one row for each event
        return walking.order_by(way.column.desc())
    # By the event where a type is asked for: then SQLite may as well walk the type's events and look up the party.
    walked = EventRow.id if wanted.types else way.column
    return walking.with_only_columns(walked).group_by(walked).order_by(walked.desc())


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
        who = aliased(EventActorRow)
        conditions = (who.code.in_(codes), who.role.in_(roles), who.event_id < before)
        yield _Way(column=who.event_id, conditions=conditions, parties=frozenset({number}))
    row = aliased(EventRow)
    if wanted.since or wanted.until:
        days = row.day.between(wanted.since or date.min, wanted.until or date.max)
        yield _Way(column=row.id, conditions=(days,))
    if wanted.place:
        yield _Way(column=row.id, conditions=(_at(wanted.place, row),))


def _pair_way(wanted: EventFilter, before: int) -> _Way:
    pair = aliased(PairRow)
    one, other = pairs.between(wanted.actor, wanted.other)
    named = (pair.one == one, pair.other == other, pair.event_id < before)
    # The actor is the first of the parties that are asked for, the other one the second.
    return _Way(
        column=pair.event_id,
        conditions=named,
        further=tuple(_pair_conditions(pair, wanted)),
        parties=frozenset({0, 1}),
    )


def _pair_conditions(pair: Any, wanted: EventFilter) -> list[Any]:
    """What the rows of pairs tell of types, statuses and days."""
    conditions = []
    if wanted.types:
        conditions.append(pair.type.in_([pairs.TYPES.index(str(kind)) for kind in wanted.types]))
    if wanted.statuses:
        conditions.append(pair.status.in_([pairs.STATUSES.index(str(status)) for status in wanted.statuses]))
    if wanted.since:
        conditions.append(pair.day >= wanted.since.toordinal())
    if wanted.until:
        conditions.append(pair.day <= wanted.until.toordinal())
    return conditions


def _base() -> Select[Any]:
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


def _fitting(wanted: EventFilter, *, but: frozenset[int] = frozenset()) -> Select[Any]:
    """The numbers of the events that fit, but for the words; the caller sees to the parties in `but`."""
    asked = select(EventRow.id).where(*_known(wanted.as_known_on), *_conditions(wanted))
    if wanted.publishers:
        asked = asked.join(ArticleRow, ArticleRow.id == EventRow.article_id)
    if wanted.act:
        asked = asked.join(ActRow, ActRow.id == EventRow.act_id)
    for number, (codes, roles) in enumerate(_parties(wanted)):
        if number not in but:
            asked = asked.where(_acts_in(codes, roles))
    return asked


def _known(on: datetime | None) -> list[Any]:
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
        (wanted.place, _at),
        (wanted.publishers, ArticleRow.publisher.in_),
        (wanted.since, lambda day: EventRow.day >= day),
        (wanted.until, lambda day: EventRow.day <= day),
        (wanted.uid, lambda uid: EventRow.uid == uid),
        (wanted.act, lambda uid: ActRow.uid == uid),
        (wanted.article_id, of_article),
        (wanted.min_confidence, sure),
        (wanted.originals_only, lambda _: EventRow.copied.is_(False)),
        (wanted.known_since, lambda at: EventRow.known_from >= at),
        (wanted.before, lambda row: EventRow.id < row),
    ]
    return [condition(given) for given, condition in conditions if given]


def of_article(article_id: int) -> Any:
    """Events of an article, by way of its versions: by these an index leads to them."""
    return EventRow.version_id.in_(select(VersionRow.id).where(VersionRow.article_id == article_id))


def sure(least: float) -> Any:
    """At least so confident, or a reviewer's word."""
    return or_(EventRow.confidence >= least, EventRow.correction_id.is_not(None))


def _at(place: str, row: Any = EventRow) -> Any:
    """A place's name, or a country's code of three letters.

    One or the other: of two conditions joined by OR, SQLite takes no index that leaves out empty values.
    """
    return row.country == place if len(place) == 3 and place.isupper() else row.place == place


def _stored(connection: Connection, rows: Sequence[Any]) -> tuple[StoredEvent, ...]:
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
        for row in rows
    )


def event(connection: Connection, uid: str) -> StoredEvent | None:
    """The newest event with this id, believed still or not."""
    row = connection.execute(
        _base().where(EventRow.uid == uid).order_by(EventRow.known_to.is_(None).desc(), EventRow.id.desc()).limit(1)
    ).one_or_none()
    return None if row is None else _stored(connection, [row])[0]


def history(connection: Connection, article_id: int, start: int, end: int) -> tuple[StoredEvent, ...]:
    """All that was ever believed about a stretch of an article: by the machine, then by reviewers, oldest first."""
    rows = connection.execute(
        _base().where(of_article(article_id), EventRow.start < end, EventRow.end > start).order_by(EventRow.id)
    ).all()
    return _stored(connection, rows)


# Articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One reading of an article. `article` is None once the text has expired; what was made of it stays."""

    id: int
    number: int
    headline: str
    stand: datetime | None
    published_at: datetime | None
    fetched_at: datetime
    kept_at: datetime
    length: int
    coder: str
    page_id: int | None
    article: Article | None
    events: tuple[StoredEvent, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """All that is known of an article."""

    id: int
    key: str
    url: str
    publisher: str
    headline: str
    outcome: str
    reason: str
    grade: int
    first_seen: datetime
    published_at: datetime | None
    feeds: tuple[str, ...]
    assessments: tuple[Assessment, ...]
    versions: tuple[Version, ...]
    stories: tuple[str, ...]
    version_id: int | None = None

    @property
    def current(self) -> Version | None:
        """What the publisher has now: mostly the last version, but some go back to an earlier text."""
        return next((each for each in self.versions if each.id == self.version_id), None)


def article(connection: Connection, article_id: int) -> StoredArticle | None:
    """An article with its versions (oldest first), each with the events that it last was read to tell."""
    row = connection.execute(select(ArticleRow.__table__).where(ArticleRow.id == article_id)).one_or_none()
    if row is None:
        return None
    return StoredArticle(
        id=row.id,
        key=row.key.hex(),
        url=row.url,
        publisher=row.publisher,
        headline=row.headline,
        outcome=row.outcome,
        reason=row.reason or "",
        grade=row.grade,
        first_seen=row.first_seen,
        published_at=row.published_at,
        feeds=_feeds_of(connection, row),
        assessments=assessments(connection, article_id),
        versions=_versions(connection, row),
        stories=tuple(
            connection.scalars(
                select(StoryRow.uid)
                .join(StoryArticleRow, StoryArticleRow.story_id == StoryRow.id)
                .where(StoryArticleRow.article_id == article_id)
            )
        ),
        version_id=row.version_id,
    )


def article_id_of(connection: Connection, name: str) -> int | None:
    """The article that a number, a URL or a key (hex) names."""
    if name.isdigit():
        return connection.scalar(select(ArticleRow.id).where(ArticleRow.id == int(name)))
    if len(name) == 32 and "/" not in name:
        return connection.scalar(select(ArticleRow.id).where(ArticleRow.key == bytes.fromhex(name)))
    return connection.scalar(select(ArticleRow.id).where(ArticleRow.url == name).order_by(ArticleRow.id.desc()))


def _feeds_of(connection: Connection, row: Any) -> tuple[str, ...]:
    further = select(SightingRow.feed_id).where(SightingRow.article_id == row.id)
    asked = select(FeedRow.url).where(or_(FeedRow.id == row.feed_id, FeedRow.id.in_(further)))
    return tuple(connection.scalars(asked.order_by(FeedRow.id)))


def assessments(connection: Connection, article_id: int) -> tuple[Assessment, ...]:
    rows = connection.execute(
        select(AssessmentRow.__table__, CoderRow.name.label("coder"))
        .join(CoderRow, CoderRow.id == AssessmentRow.coder_id, isouter=True)
        .where(AssessmentRow.article_id == article_id)
        .order_by(AssessmentRow.dossier)
    )
    return tuple(coding.assessment_of(row, row.coder or "") for row in rows)


def _versions(connection: Connection, of: Any) -> tuple[Version, ...]:
    rows = connection.execute(
        select(VersionRow.__table__, CoderRow.name.label("coder"))
        .join(CoderRow, CoderRow.id == VersionRow.coder_id, isouter=True)
        .where(VersionRow.article_id == of.id)
        .order_by(VersionRow.number)
    ).all()
    told = _told_by(connection, [row.id for row in rows], of.version_id)
    return tuple(
        Version(
            id=row.id,
            number=row.number,
            headline=row.headline,
            stand=row.stand,
            published_at=row.published_at,
            fetched_at=row.fetched_at,
            kept_at=row.kept_at,
            length=row.length,
            coder=row.coder or "",
            page_id=row.page_id,
            article=_article(row, of),
            events=tuple(told[row.id]),
            quotes=quotes(connection, row.id),
        )
        for row in rows
    )


def _told_by(
    connection: Connection, versions: Sequence[int], current: int | None
) -> Mapping[int, Sequence[StoredEvent]]:
    """What each version says: of the current one what is believed, of the others what was until the next one came.

    A version that the publisher went back to was read more than once: its last reading counts.
    """
    rows = connection.execute(
        _base()
        .where(EventRow.version_id.in_(versions), or_(EventRow.known_to.is_(None), EventRow.ended_by == "version"))
        .order_by(EventRow.start, EventRow.id)
    ).all()
    ended: dict[int, set[datetime]] = defaultdict(set)
    for row in rows:
        if row.known_to is not None:
            ended[row.version_id].add(row.known_to)
    until = {version: None if version == current else max(ended[version], default=None) for version in versions}
    told: dict[int, list[StoredEvent]] = defaultdict(list)
    for each in _stored(connection, [row for row in rows if row.known_to == until[row.version_id]]):
        told[each.version_id].append(each)
    return told


def _article(row: Any, of: Any) -> Article | None:
    if row.text is None:
        return None
    read = packing.unpack(row.text)
    parts = packing.parts_of(read, row.layout)
    teaser = next((read[part.start : part.end] for part in parts if part.kind == "teaser"), "")
    return Article(
        url=row.url or of.url,
        publisher=of.publisher,
        headline=row.headline,
        kicker=row.kicker,
        teaser=teaser,
        byline=row.byline,
        dateline=row.dateline,
        text=read,
        parts=parts,
        published_at=row.published_at,
        stand=row.stand,
        extractor=row.extractor,
    )


def version_article(connection: Connection, version_id: int) -> Article | None:
    """The article as this version has it; None if there is no such version or its text has expired."""
    row = connection.execute(
        select(VersionRow.__table__, ArticleRow.url.label("article_url"), ArticleRow.publisher)
        .join(ArticleRow, ArticleRow.id == VersionRow.article_id)
        .where(VersionRow.id == version_id)
    ).one_or_none()
    if row is None:
        return None
    return _article(row, _Of(url=row.article_url, publisher=row.publisher))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Of:
    url: str
    publisher: str


def quotes(connection: Connection, version_id: int) -> tuple[Quote, ...]:
    asked = select(QuoteRow.__table__).where(QuoteRow.version_id == version_id).order_by(QuoteRow.n)
    return tuple(coding.quote_of(row) for row in connection.execute(asked))


def page_body(connection: Connection, page_id: int) -> bytes | None:
    """The raw bytes of a page, while they are kept."""
    packed = connection.scalar(select(PageRow.body).where(PageRow.id == page_id))
    return None if packed is None else packing.unpack_page(packed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLine:
    """An article in a list."""

    id: int
    version_id: int | None
    url: str
    publisher: str
    headline: str
    published_at: datetime | None
    stand: datetime | None
    fetched_at: datetime | None
    outcome: str
    reason: str
    grade: int
    versions: int


def articles(
    connection: Connection,
    *,
    dossier: str = "",
    min_grade: int = 1,
    publishers: Sequence[str] = (),
    outcome: str = "",
    since: datetime | None = None,
    limit: int = 50,
    before: int | None = None,
) -> tuple[ArticleLine, ...]:
    """Articles that were read last, newest first."""
    asked = select(ArticleRow.__table__).order_by(ArticleRow.id.desc()).limit(limit)
    if dossier:
        within = select(AssessmentRow.article_id).where(
            AssessmentRow.dossier == dossier, AssessmentRow.grade >= max(min_grade, 1), AssessmentRow.grade > 0
        )
        asked = asked.where(ArticleRow.id.in_(within))
    elif min_grade:
        asked = asked.where(ArticleRow.grade >= min_grade)
    if publishers:
        asked = asked.where(ArticleRow.publisher.in_(publishers))
    if outcome:
        asked = asked.where(ArticleRow.outcome == outcome)
    if since is not None:
        asked = asked.where(ArticleRow.fetched_at >= since)
    if before is not None:
        asked = asked.where(ArticleRow.id < before)
    return tuple(article_line(row) for row in connection.execute(asked))


def article_line(row: Any) -> ArticleLine:
    return ArticleLine(
        id=row.id,
        version_id=row.version_id,
        url=row.url,
        publisher=row.publisher,
        headline=row.headline,
        published_at=row.published_at,
        stand=row.stand,
        fetched_at=row.fetched_at,
        outcome=row.outcome,
        reason=row.reason or "",
        grade=row.grade,
        versions=row.versions,
    )


# Full text


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article found by its words. `spans` say where they stand in `snippet`."""

    article: ArticleLine
    version_id: int
    snippet: str
    spans: tuple[tuple[int, int], ...]


SNIPPET = 240
"""Characters of text that a hit shows."""


def search_articles(
    connection: Connection,
    asked: str,
    *,
    limit: int = 20,
    publishers: Sequence[str] = (),
    wanted: EventFilter | None = None,
    before: int | None = None,
) -> tuple[Hit, ...]:
    """The newest articles with these words: inflected forms and compounds too, "a phrase", -without.

    `wanted` keeps those in whose events it finds something; its text, limit and before are not looked at.
    """
    query = search.understand(connection, asked)
    if wanted is not None:
        for some, complete in _told_of(connection, wanted, before):
            holding = search.newest(connection, query, before=before, limit=len(some) or 1, among=some) if some else []
            hits = _hits(connection, _filtered(connection, holding, publishers, None), query, limit)
            if complete or len(hits) == limit:
                return tuple(hits)
    hits = []
    size = max(limit, 20)
    while len(hits) < limit:
        versions = search.newest(connection, query, before=before, limit=size)
        fitting = _filtered(connection, versions, publishers, wanted)
        hits += _hits(connection, fitting, query, limit - len(hits))
        if len(versions) < size:
            break
        before, size = versions[-1], min(size * 4, 1000)
    return tuple(hits)


NEAR = 50
"""The newest fitting events, whose articles are asked first whether they hold the words: common words stand in enough of them."""

MANY = 300
"""Fitting events whose articles are asked one by one whether they hold the words; of more, they are sought from the words' side."""

FAR = 20_000
"""Events that are looked back over to be sure that a version is the newest."""


def _told_of(connection: Connection, wanted: EventFilter, before: int | None) -> Iterator[tuple[list[int], bool]]:
    """The versions in whose events the filter finds something: the newest, then all if they are few.

    Each with whether they are all there are.
    """
    asked = _found(connection, replace(wanted, text="", before=None))
    for most in (NEAR, MANY):
        ids = list(connection.scalars(asked.limit(most + 1)))
        complete = len(ids) <= most
        if complete:
            versions = _versions_of(connection, ids)
            yield [each for each in versions if before is None or each < before], True
            return
        if most == NEAR and before is None:
            missing = _told_before(connection, ids[-1])
            yield [each for each in _versions_of(connection, ids) if each > missing], False


def _versions_of(connection: Connection, ids: Sequence[int]) -> list[int]:
    return list(connection.scalars(select(EventRow.version_id).distinct().where(among(connection, EventRow.id, ids))))


def _told_before(connection: Connection, event_id: int) -> int:
    """The newest version that an older event than this one tells of, and so the newest that may be missing.

    Events are numbered as they are learned of, and a recode learns anew of old versions.
    """
    last = connection.scalar(select(func.max(EventRow.id))) or 0
    if last - event_id > FAR:
        return 2**62
    # Walked by version, newest first: only so many can be younger than the event. A sum, as else the ids would be walked.
    older = select(EventRow.version_id).where(EventRow.id + 0 < event_id)
    return connection.scalar(older.order_by(EventRow.version_id.desc()).limit(1)) or 0


def _filtered(
    connection: Connection, versions: list[int], publishers: Sequence[str], wanted: EventFilter | None
) -> list[int]:
    if publishers and versions:
        asked = select(VersionRow.id).join(ArticleRow, ArticleRow.id == VersionRow.article_id)
        fitting = set(
            connection.scalars(
                asked.where(among(connection, VersionRow.id, versions), ArticleRow.publisher.in_(publishers))
            )
        )
        versions = [version for version in versions if version in fitting]
    if wanted is not None and versions:
        asked_for = replace(wanted, text="", before=None)
        telling = _fitting(asked_for).with_only_columns(EventRow.version_id)
        told = set(connection.scalars(telling.where(among(connection, EventRow.version_id, versions))))
        versions = [version for version in versions if version in told]
    return versions


def _acts_in(codes: Sequence[str], roles: Sequence[str]) -> Any:
    who = aliased(EventActorRow)
    return exists().where(who.event_id == EventRow.id, who.code.in_(codes), who.role.in_(roles))


def takes_part(code: str) -> Any:
    """The condition that a party acts in an event or is acted upon."""
    return _acts_in([code], ("actor", "recipient"))


def _hits(connection: Connection, versions: list[int], query: search.Query, limit: int) -> list[Hit]:
    """The first `limit` of these versions that also have the phrases."""
    hits: list[Hit] = []
    for version_id, read, row in _texts(connection, versions if query.phrases else versions[:limit]):
        if len(hits) == limit:
            break
        if search.has_phrases(read, query):
            snippet, spans = _snippet(read, search.spans(read, query))
            hits.append(Hit(article=article_line(row), version_id=version_id, snippet=snippet, spans=spans))
    return hits


def _texts(connection: Connection, versions: list[int]) -> Iterator[tuple[int, str, Any]]:
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


def _snippet(read: str, found: list[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The stretch of text in which most of the words stand."""
    if not found:
        return read[:SNIPPET], ()
    start = max(found, key=lambda one: sum(one[0] <= other[0] < one[0] + SNIPPET for other in found))[0]
    first = _word_from(read, max(0, read.rfind("\n", 0, start) + 1, start - SNIPPET // 4), start)
    last = min(len(read), first + SNIPPET)
    if last < len(read):
        blank = read.rfind(" ", start, last)
        last = blank if blank > start else last
    inside = tuple((a - first, b - first) for a, b in found if first <= a and b <= last)
    return read[first:last], inside


def _word_from(read: str, first: int, start: int) -> int:
    """Where the first whole word of a stretch begins that may begin within one."""
    if not first or read[first - 1].isspace():
        return first
    blank = read.find(" ", first, start)
    return start if blank < 0 else blank + 1


# Acts, meetings, demands, stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What several articles report. `houses` counts publishers whose report is no copy."""

    uid: str
    type: str
    mode: str
    status: str
    title: str
    parties: tuple[str, ...]
    day_first: date | None
    day_last: date | None
    place: str
    created_at: datetime
    updated_at: datetime
    merged_into: str
    merge_reason: str
    reports: int = 0
    houses: int = 0
    detail: Mapping[str, Any] = field(default_factory=dict)


def acts(
    connection: Connection,
    *,
    since: date | None = None,
    until: date | None = None,
    party: str = "",
    types: Sequence[str] = (),
    updated_since: datetime | None = None,
    limit: int = 100,
) -> tuple[Act, ...]:
    """Acts that something was last learned of, newest first; those merged, or that nobody believes in, are left out."""
    told = exists().where(EventRow.act_id == ActRow.id, EventRow.known_to.is_(None))
    asked = select(ActRow.__table__).where(
        ActRow.merged_into.is_(None), told.where(takes_part(party)) if party else told
    )
    asked = asked.order_by(ActRow.updated_at.desc(), ActRow.id.desc()).limit(limit)
    if since is not None:
        asked = asked.where(ActRow.day_last >= since)
    if until is not None:
        asked = asked.where(ActRow.day_first <= until)
    if types:
        asked = asked.where(ActRow.type.in_(types))
    if updated_since is not None:
        asked = asked.where(ActRow.updated_at >= updated_since)
    return _acts(connection, connection.execute(asked).all())


def act(connection: Connection, uid: str) -> Act | None:
    """An act by its uid; a merged one says in `merged_into` where it went."""
    return next(
        iter(_acts(connection, connection.execute(select(ActRow.__table__).where(ActRow.uid == uid)).all())), None
    )


def reports(connection: Connection, uid: str) -> tuple[StoredEvent, ...]:
    """The events by which articles report an act, oldest first."""
    rows = connection.execute(
        _base().where(ActRow.uid == uid, EventRow.known_to.is_(None)).order_by(EventRow.known_from, EventRow.id)
    ).all()
    return _stored(connection, rows)


def _acts(connection: Connection, rows: Sequence[Any]) -> tuple[Act, ...]:
    ids = [row.id for row in rows]
    own = and_(EventRow.copied.is_(False), EventRow.known_to.is_(None))
    counted = {
        row.act_id: row
        for row in connection.execute(
            select(
                EventRow.act_id,
                func.count(EventRow.article_id.distinct()).label("reports"),
                func.count(ArticleRow.publisher.distinct()).filter(own).label("houses"),
            )
            .join(ArticleRow, ArticleRow.id == EventRow.article_id)
            .where(EventRow.act_id.in_(ids), EventRow.known_to.is_(None))
            .group_by(EventRow.act_id)
        )
    }
    return tuple(
        Act(
            uid=row.uid,
            type=row.type,
            mode=row.mode,
            status=row.status,
            title=row.title,
            parties=tuple(row.parties.split()),
            day_first=row.day_first,
            day_last=row.day_last,
            place=row.place,
            created_at=row.created_at,
            updated_at=row.updated_at,
            merged_into=row.merged_into or "",
            merge_reason=row.merge_reason or "",
            reports=counted[row.id].reports if row.id in counted else 0,
            houses=counted[row.id].houses if row.id in counted else 0,
            detail=memory(row) or {},
        )
        for row in rows
    )


def meetings(
    connection: Connection,
    *,
    since: date | None = None,
    until: date | None = None,
    states: Sequence[str] = (),
    party: str = "",
    limit: int | None = None,
    now: datetime | None = None,
) -> tuple[Meeting, ...]:
    """Meetings in the order of their days, all of them; those without a day come last.

    With `now` those whose day has passed without a report are overdue, also before the nightly flow has noted it.
    """
    asked = select(MeetingRow.__table__).where(MeetingRow.merged_into.is_(None))
    if since is not None:
        asked = asked.where(or_(MeetingRow.day_last >= since, MeetingRow.day_last.is_(None)))
    if until is not None:
        asked = asked.where(MeetingRow.day_first <= until)
    if states:
        waited = ("announced", "confirmed", "moved") if now is not None and "overdue" in states else ()
        asked = asked.where(MeetingRow.state.in_({*states, *waited}))
    if party:
        asked = asked.where((" " + MeetingRow.parties + " ").contains(f" {party} ", autoescape=True))
    asked = asked.order_by(MeetingRow.day_first.asc().nulls_last(), MeetingRow.id).limit(limit)
    found = (_meeting(row, now) for row in connection.execute(asked))
    return tuple(each for each in found if not states or each.state in states)


def meeting(
    connection: Connection, uid: str, *, now: datetime | None = None
) -> tuple[Meeting, tuple[Change, ...]] | None:
    """A meeting and its steps, oldest first; `now` as in `meetings`."""
    row = connection.execute(select(MeetingRow.__table__).where(MeetingRow.uid == uid)).one_or_none()
    if row is None:
        return None
    return _meeting(row, now), _changes(connection, MeetingChangeRow, MeetingChangeRow.meeting_id == row.id)


def _meeting(row: Any, now: datetime | None) -> Meeting:
    return Meeting(
        uid=row.uid,
        state="overdue" if now is not None and late(row.state, row.day_last, now) else row.state,
        title=row.title,
        parties=tuple(row.parties.split()),
        format=row.format,
        day_first=row.day_first,
        day_last=row.day_last,
        precision=row.precision,
        place=row.place,
        country=row.country,
        outcome=row.outcome,
        sequence=row.sequence,
        created_at=row.created_at,
        updated_at=row.updated_at,
        detail=row.detail or {},
    )


def _changes(connection: Connection, table: Any, of: Any) -> tuple[Change, ...]:
    rows = connection.execute(select(table.__table__).where(of).order_by(table.at, table.id))
    meeting = table is MeetingChangeRow
    return tuple(
        Change(
            at=row.at,
            state=row.state,
            day_first=row.day_first if meeting else row.day,
            day_last=row.day_last if meeting else None,
            place=row.place if meeting else "",
            by="" if meeting else row.by,
            event=row.event_uid,
            article_id=row.article_id,
            quote=row.quote,
            reason=row.reason,
        )
        for row in rows
    )


def demands(
    connection: Connection, *, party: str = "", states: Sequence[str] = (), limit: int = 200
) -> tuple[tuple[Demand, tuple[Change, ...]], ...]:
    """Demands with the answers to them, the last changed first."""
    asked = select(DemandRow.__table__).where(DemandRow.merged_into.is_(None))
    asked = asked.order_by(DemandRow.updated_at.desc(), DemandRow.id.desc()).limit(limit)
    if states:
        asked = asked.where(DemandRow.state.in_(states))
    if party:
        both = " " + DemandRow.demanders + " " + DemandRow.addressees + " "
        asked = asked.where(both.contains(f" {party} ", autoescape=True))
    return tuple(
        (_demand(row), _changes(connection, DemandChangeRow, DemandChangeRow.demand_id == row.id))
        for row in connection.execute(asked).all()
    )


def _demand(row: Any) -> Demand:
    return Demand(
        uid=row.uid,
        state=row.state,
        demanders=tuple(row.demanders.split()),
        addressees=tuple(row.addressees.split()),
        content=row.content,
        created_at=row.created_at,
        updated_at=row.updated_at,
        detail=row.detail or {},
    )


def story_of(row: Any) -> Story:
    return Story(
        uid=row.uid,
        title=row.title,
        created_at=row.created_at,
        updated_at=row.updated_at,
        detail=row.detail or {},
    )


# Dyads over time


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A stretch of time in a dyad's series. Scores are means over acts, not over reports; None for no act.

    `gap` says that a feed was not heard of in part of it: few acts may then mean that we did not hear of them.
    """

    first: date
    last: date
    acts: int
    reports: int
    plover: float | None
    goldstein: float | None
    gap: bool


def dyad_series(
    connection: Connection,
    actor: str,
    recipient: str,
    *,
    since: date,
    until: date,
    step: str = "day",
    statuses: Sequence[str] = (Status.PAST, Status.ONGOING),
    directed: bool = False,
    min_confidence: float = 0.0,
    as_known_on: datetime | None = None,
) -> tuple[Point, ...]:
    """What passed between two parties, by day, week (Monday to Sunday) or month, without holes.

    `directed` counts only what the first does to the second; otherwise what either does and what they do together.
    An act that was told of several times counts as it was last told. What a reviewer confirmed is sure.
    """
    wanted = _Series(
        parties=(actor, recipient),
        since=since,
        until=until,
        statuses=tuple(pairs.STATUSES.index(str(status)) for status in statuses),
        directed=directed,
        surety=pairs.hundredths(min_confidence),
    )
    stretches = _stretches(since, until, step)
    if as_known_on is None and actor != recipient:
        sums = _pair_sums(connection, wanted, stretches)
    else:
        sums = _known_sums(connection, wanted, stretches, as_known_on)
    silent = gap_days(gaps(connection), since, until)
    return tuple(
        _point(first, last, sums.get(at, _Sums()), any(first <= day <= last for day in silent))
        for at, (first, last) in enumerate(stretches)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """What a series is asked of: statuses as numbers, surety in hundredths, as `pairs` keeps them."""

    parties: tuple[str, str]
    since: date
    until: date
    statuses: tuple[int, ...]
    directed: bool
    surety: int


@dataclass(frozen=True, slots=True)
class _Sums:
    """The acts of a stretch with the sums of their scores, in tenths: whole numbers come out the same on every way."""

    acts: int = 0
    reports: int = 0
    plover: int = 0
    goldstein: int = 0


def _stretches(since: date, until: date, step: str) -> tuple[tuple[date, date], ...]:
    """The days, weeks or months from one day to another, the first and the last of them whole."""
    found = []
    first = bucket(since, step)
    while first <= until:
        following = _following(first, step)
        found.append((first, following - timedelta(days=1)))
        first = following
    return tuple(found)


def _point(first: date, last: date, sums: _Sums, gap: bool) -> Point:
    return Point(
        first=first,
        last=last,
        acts=sums.acts,
        reports=sums.reports,
        plover=round(sums.plover / (10 * sums.acts), 3) if sums.acts else None,
        goldstein=round(sums.goldstein / (10 * sums.acts), 3) if sums.acts else None,
        gap=gap,
    )


# An act's last report decides what it counts for. Its number comes before its scores in one whole number, so that the
# greatest of them is the last report's: databases find a greatest number quickly, and a last row slowly.
_LAST = "max(event_id * 65536 + (plover + 100) * 256 + goldstein + 100)"
_SERIES = """
SELECT {at}, (
    SELECT count(*) || ' ' || sum(told) || ' ' || sum(last / 256 % 256 - 100) || ' ' || sum(last % 256 - 100)
    FROM (
        SELECT count(*) AS told, {last} AS last FROM pairs
        WHERE one = :one AND other = :other AND day BETWEEN {first} AND {until}
            AND way & :ways <> 0 AND surety >= :surety AND status IN ({statuses})
        GROUP BY coalesce(act_id, -event_id)
    ) AS acts
)
FROM {stretches}
"""
_DIALECTS = {
    "sqlite": {
        "stretches": "json_each(:stretches) AS stretch",
        "at": "stretch.key",
        "first": "json_extract(stretch.value, '$[0]')",
        "until": "json_extract(stretch.value, '$[1]')",
    },
    "postgresql": {
        "stretches": "jsonb_array_elements(CAST(:stretches AS jsonb)) WITH ORDINALITY AS stretch (value, at)",
        "at": "stretch.at - 1",
        "first": "CAST(stretch.value ->> 0 AS integer)",
        "until": "CAST(stretch.value ->> 1 AS integer)",
    },
}


def _pair_sums(connection: Connection, wanted: _Series, stretches: Sequence[tuple[date, date]]) -> dict[int, _Sums]:
    """From the rows of pairs, a stretch at a time, so that only its own acts are told apart."""
    one, other = pairs.between(*wanted.parties)
    ways = pairs.TOGETHER | pairs.THERE | pairs.BACK  # two recipients of a third party's act have nothing to do
    if wanted.directed:
        ways = pairs.THERE if wanted.parties[0] == one else pairs.BACK
    days = [(max(first, wanted.since).toordinal(), min(last, wanted.until).toordinal()) for first, last in stretches]
    asked = _SERIES.format(
        last=_LAST,
        statuses=", ".join(map(str, wanted.statuses)) or "NULL",
        **_DIALECTS[connection.dialect.name],
    )
    values = {"one": one, "other": other, "ways": ways, "surety": wanted.surety, "stretches": json.dumps(days)}
    rows = connection.execute(text(asked), values)
    return {at: _Sums(*map(int, told.split())) for at, told in rows if told is not None}


def _known_sums(
    connection: Connection, wanted: _Series, stretches: Sequence[tuple[date, date]], on: datetime | None
) -> dict[int, _Sums]:
    """The same of what was believed then; no rows of pairs are kept of it."""
    places = {first: at for at, (first, _) in enumerate(stretches)}
    starts = sorted(places)
    acts: dict[int, dict[int, Any]] = defaultdict(dict)
    reports: Counter[int] = Counter()
    for row in _known_rows(connection, wanted, on):
        at = places[starts[bisect.bisect_right(starts, row.day) - 1]]
        acts[at][row.act_id if row.act_id is not None else -row.id] = row
        reports[at] += 1
    return {
        at: _Sums(
            len(told),
            reports[at],
            sum(round(row.score * 10) for row in told.values()),
            sum(round(goldstein(EventType(row.type)) * 10) for row in told.values()),
        )
        for at, told in acts.items()
    }


def _known_rows(connection: Connection, wanted: _Series, on: datetime | None) -> Sequence[Any]:
    one, other = aliased(EventActorRow), aliased(EventActorRow)
    sides = [and_(one.role == "actor", other.role == "recipient")]
    if not wanted.directed:
        sides += [
            and_(one.role == "recipient", other.role == "actor"),
            and_(one.role == "actor", other.role == "actor"),
        ]
    asked = (
        select(EventRow.id, EventRow.day, EventRow.type, EventRow.score, EventRow.act_id)
        .join(one, one.event_id == EventRow.id)
        .join(other, other.event_id == EventRow.id)
        .where(one.code == wanted.parties[0], other.code == wanted.parties[1], or_(*sides), *_known(on))
        .where(EventRow.day.between(wanted.since, wanted.until))
        .where(EventRow.status.in_([pairs.STATUSES[number] for number in wanted.statuses]))
        .where(sure(wanted.surety / 100 - 1e-8))  # a hair less, as `pairs` has it
        .group_by(EventRow.id)
        .order_by(EventRow.id)
    )
    return connection.execute(asked).all()


def bucket(day: date, step: str) -> date:
    """The first day of the day, week or month that holds this day."""
    if step == "day":
        return day
    if step == "week":
        return day - timedelta(days=day.weekday())
    if step == "month":
        return day.replace(day=1)
    raise ValueError(f"a series goes by day, week or month, not by {step!r}")


def _following(first: date, step: str) -> date:
    days = {"day": 1, "week": 7, "month": 32}[step]
    return bucket(first + timedelta(days=days), step)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCount:
    """Two parties and how many events fell between them: as sure as was asked for, and less."""

    one: str
    other: str
    events: int
    unsure: int


def top_dyads(
    connection: Connection, *, since: date, until: date, limit: int = 20, min_confidence: float = 0.0
) -> tuple[PairCount, ...]:
    """The pairs between which most events fell, those with most sure ones first; each pair once, in alphabetical order.

    As in a dyad's series: two recipients of a third party's act have nothing to do with each other.
    """
    one, other = aliased(EventActorRow), aliased(EventActorRow)
    certain = func.count(case((sure(min_confidence), EventRow.id)).distinct())
    asked = (
        select(one.code, other.code, certain.label("certain"), func.count(EventRow.id.distinct()).label("n"))
        .select_from(EventRow)
        .join(one, one.event_id == EventRow.id)
        .join(other, and_(other.event_id == EventRow.id, one.code < other.code))
        .where(EventRow.known_to.is_(None), EventRow.day.between(since, until))
        .where(one.role != "speaker", other.role != "speaker", or_(one.role == "actor", other.role == "actor"))
        .group_by(one.code, other.code)
        .order_by(certain.desc(), func.count(EventRow.id.distinct()).desc(), one.code, other.code)
        .limit(limit)
    )
    return tuple(
        PairCount(one=row[0], other=row[1], events=row.certain, unsure=row.n - row.certain)
        for row in connection.execute(asked)
    )


# Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of time in which a feed was not heard of; its days are Berlin's, as those of events are."""

    feed: str
    since: datetime
    until: datetime
    reason: str

    @property
    def first(self) -> date:
        return self.since.astimezone(BERLIN).date()

    @property
    def last(self) -> date:
        return self.until.astimezone(BERLIN).date()


def gap_days(gaps: Iterable[Gap], since: date, until: date) -> frozenset[date]:
    """The days of a period on which some feed was not heard of."""
    days = set()
    for gap in gaps:
        day = max(gap.first, since)
        while day <= min(gap.last, until):
            days.add(day)
            day += timedelta(days=1)
    return frozenset(days)


def gaps(connection: Connection) -> tuple[Gap, ...]:
    """When feeds were not heard of, oldest first."""
    rows = connection.execute(
        select(GapRow.__table__, FeedRow.url).join(FeedRow, FeedRow.id == GapRow.feed_id).order_by(GapRow.since)
    )
    return tuple(Gap(feed=row.url, since=row.since, until=row.until, reason=row.reason) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """A feed and how much was new in it, today and on each of the seven days before (oldest first, today last)."""

    state: FeedState
    daily: tuple[int, ...]


def feed_health(connection: Connection, now: datetime) -> tuple[FeedHealth, ...]:
    today = now.astimezone(UTC).date()  # as the intake is counted
    days = [today - timedelta(days=back) for back in range(7, -1, -1)]
    counted: dict[int, dict[date, int]] = defaultdict(dict)
    for row in connection.execute(select(IntakeRow.__table__).where(IntakeRow.day >= days[0])):
        counted[row.feed_id][row.day] = row.new
    return tuple(
        FeedHealth(state=feed_state(row), daily=tuple(counted[row.id].get(day, 0) for day in days))
        for row in connection.execute(select(FeedRow.__table__).order_by(FeedRow.url))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherHealth:
    """How a publisher's pages read lately: lengths in characters, of the last ten articles and of a month before."""

    publisher: str
    articles: int
    last_lengths: tuple[int, ...]
    median_length: float | None
    unread_of_last_ten: int
    same_text: int
    """how many of them have the very text of another"""


def publisher_health(connection: Connection, now: datetime, *, most: int = 20_000) -> tuple[PublisherHealth, ...]:
    """Signs that a template changed, from the last `most` entries of at most thirty days."""
    rows = connection.execute(
        select(ArticleRow.publisher, ArticleRow.length, ArticleRow.outcome, ArticleRow.text_digest)
        .where(ArticleRow.id > _last_before(connection, now - timedelta(days=30)), ArticleRow.fetched_at.is_not(None))
        .order_by(ArticleRow.id.desc())
        .limit(most)
    )
    by_house: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_house[row.publisher].append(row)
    return tuple(_publisher(house, rows) for house, rows in sorted(by_house.items()))


def _publisher(house: str, rows: Sequence[Any]) -> PublisherHealth:
    last = rows[:10]
    lengths = [row.length for row in rows if row.length]
    texts = Counter(row.text_digest for row in rows if row.text_digest is not None)
    return PublisherHealth(
        publisher=house,
        articles=len(rows),
        last_lengths=tuple(row.length for row in last if row.length),
        median_length=statistics.median(lengths) if lengths else None,
        unread_of_last_ten=sum(not row.length for row in last),
        same_text=max(texts.values(), default=0) if texts and max(texts.values()) > 1 else 0,
    )


def last_match(connection: Connection) -> datetime | None:
    """When an article was last read that belongs to a dossier."""
    return connection.scalar(select(func.max(ArticleRow.fetched_at)).where(ArticleRow.grade > 0))


def outcomes(connection: Connection, since: datetime | None = None) -> dict[str, int]:
    """Entries by outcome; of those first seen since then, or of all."""
    asked = select(ArticleRow.outcome, func.count()).group_by(ArticleRow.outcome)
    if since is not None:
        asked = asked.where(ArticleRow.id > _last_before(connection, since))
    return {row[0]: row[1] for row in connection.execute(asked)}


def _last_before(connection: Connection, at: datetime) -> int:
    """The last article that was first seen before then, found from the newest backwards: no index of times is needed."""
    asked = select(ArticleRow.id).where(ArticleRow.first_seen < at).order_by(ArticleRow.id.desc()).limit(1)
    return connection.scalar(asked) or 0


def backlog(connection: Connection, now: datetime) -> tuple[int, datetime | None]:
    """How many entries are due and since when the oldest of them is."""
    row = connection.execute(
        select(func.count(), func.min(ArticleRow.due_at)).select_from(ArticleRow).where(ArticleRow.due_at <= now)
    ).one()
    return row[0], row[1]
