"""Articles with their versions, what graded them, and what they say in whose words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from extractors.model import Article, Assessment, Grade, Quote
from storage import coding, packing
from storage.queries.selecting import StoredEvent, all_events, stored_events
from storage.statements import record
from storage.tables import (
    ArticleRow,
    AssessmentRow,
    CoderRow,
    EventRow,
    FeedRow,
    QuoteRow,
    SightingRow,
    StoryArticleRow,
    StoryRow,
    VersionRow,
)


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


def key_of(connection: Connection, article_id: int) -> str:
    """The stable key of an article that the archive has."""
    return connection.execute(select(ArticleRow.key).where(ArticleRow.id == article_id)).scalar_one().hex()


def article(connection: Connection, article_id: int) -> StoredArticle | None:
    """An article with its versions (oldest first), each with the events that it last was read to tell."""
    row = connection.execute(select(ArticleRow.__table__).where(ArticleRow.id == article_id)).one_or_none()
    if row is None:
        return None
    return record(
        StoredArticle,
        row,
        key=row.key.hex(),
        reason=row.reason or "",
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
    )


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


def dossiers_of(connection: Connection, article_ids: Collection[int]) -> frozenset[str]:
    """The dossiers that take one of these articles as core."""
    core = AssessmentRow.article_id.in_(article_ids), AssessmentRow.grade >= int(Grade.CORE)
    return frozenset(connection.scalars(select(AssessmentRow.dossier).where(*core)))


def _versions(connection: Connection, of: Any) -> tuple[Version, ...]:
    rows = connection.execute(
        select(VersionRow.__table__, CoderRow.name.label("coder"))
        .join(CoderRow, CoderRow.id == VersionRow.coder_id, isouter=True)
        .where(VersionRow.article_id == of.id)
        .order_by(VersionRow.number)
    ).all()
    told = _told_by(connection, [row.id for row in rows], of.version_id)
    return tuple(
        record(
            Version,
            row,
            coder=row.coder or "",
            article=_article(row, of.url, of.publisher),
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
        all_events()
        .where(EventRow.version_id.in_(versions), or_(EventRow.known_to.is_(None), EventRow.ended_by == "version"))
        .order_by(EventRow.start, EventRow.id)
    ).all()
    ended: dict[int, set[datetime]] = defaultdict(set)
    for row in rows:
        if row.known_to is not None:
            ended[row.version_id].add(row.known_to)
    until = {version: None if version == current else max(ended[version], default=None) for version in versions}
    told: dict[int, list[StoredEvent]] = defaultdict(list)
    for each in stored_events(connection, [row for row in rows if row.known_to == until[row.version_id]]):
        told[each.version_id].append(each)
    return told


def _article(row: Any, url: str, publisher: str) -> Article | None:
    """The article as a row of `versions` keeps it; None once its text has expired. The rest is of the article's own row."""
    if row.text is None:
        return None
    read = packing.unpack(row.text)
    parts = packing.parts_of(read, row.layout)
    teaser = next((read[part.start : part.end] for part in parts if part.kind == "teaser"), "")
    return Article(
        url=row.url or url,
        publisher=publisher,
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
    return None if row is None else _article(row, row.article_url, row.publisher)


def kept_articles(connection: Connection, dossier: str, since: datetime) -> Iterator[tuple[Article, Assessment | None]]:
    """Each article whose text is kept since then, newest first, and what a dossier made of it."""
    asked = (
        select(VersionRow.id, VersionRow.article_id)
        .join(ArticleRow, ArticleRow.version_id == VersionRow.id)
        .where(VersionRow.text.is_not(None), VersionRow.kept_at >= since)
        .order_by(VersionRow.id.desc())
    )
    for row in connection.execute(asked).all():
        if (article := version_article(connection, row.id)) is not None:
            made = assessments(connection, row.article_id)
            yield article, next((one for one in made if one.dossier == dossier), None)


def quotes(connection: Connection, version_id: int) -> tuple[Quote, ...]:
    asked = select(QuoteRow.__table__).where(QuoteRow.version_id == version_id).order_by(QuoteRow.n)
    return tuple(coding.quote_of(row) for row in connection.execute(asked))


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
    min_grade: int = 1,
    publishers: Sequence[str] = (),
    limit: int = 50,
    before: int | None = None,
) -> tuple[ArticleLine, ...]:
    """Articles that were read last, newest first."""
    asked = select(ArticleRow.__table__).order_by(ArticleRow.id.desc()).limit(limit)
    if min_grade:
        asked = asked.where(ArticleRow.grade >= min_grade)
    if publishers:
        asked = asked.where(ArticleRow.publisher.in_(publishers))
    if before is not None:
        asked = asked.where(ArticleRow.id < before)
    return tuple(article_line(row) for row in connection.execute(asked))


def article_line(row: Any) -> ArticleLine:
    return record(ArticleLine, row, reason=row.reason or "")
