"""Stories with their articles, and what each told first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage import queries
from storage.queries import ArticleLine, sure
from storage.statements import among, named_rows
from storage.tables import ActRow, ArticleRow, EventRow, StoryArticleRow, StoryRow
from storage.tracking import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """An article of a story: why it is there, which acts its newest version tells, and whether it only copies others."""

    article: ArticleLine
    reason: str
    acts: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    """acts that it tells, and not surely enough"""
    copy: bool = False

    @property
    def told_at(self) -> datetime | None:
        return self.article.stand or self.article.published_at or self.article.fetched_at


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story in a list: how much of it there is, and the article that was told last."""

    story: Story
    articles: int
    houses: int
    acts: int
    unsure: frozenset[str]
    """acts that do not count because no article of it tells them surely enough"""
    newest: ArticleLine | None


def story_lines(
    connection: Connection, *, min_confidence: float = 0.0, limit: int = 30, offset: int = 0
) -> tuple[StoryLine, ...]:
    """Running matters, the last changed first; acts of which no report is sure enough do not count."""
    asked = select(StoryRow.__table__).where(StoryRow.merged_into.is_(None))
    page = asked.order_by(StoryRow.updated_at.desc(), StoryRow.id.desc()).limit(limit).offset(offset)
    stories = connection.execute(page).all()
    members = _members(connection, [row.id for row in stories], min_confidence)
    return tuple(_story_line(row, members.get(row.id, ())) for row in stories)


def _story_line(row: Any, members: Sequence[StoryMember]) -> StoryLine:
    return StoryLine(
        story=queries.story_of(row),
        articles=len(members),
        houses=len({member.article.publisher for member in members if not member.copy}),
        acts=len(acts_of(members)),
        unsure=doubtful_of(members),
        newest=members[-1].article if members else None,
    )


def acts_of(members: Sequence[StoryMember]) -> frozenset[str]:
    """What these articles tell surely enough."""
    return frozenset[str]().union(*(member.acts for member in members))


def doubtful_of(members: Sequence[StoryMember]) -> frozenset[str]:
    """What none of these articles tells surely enough."""
    return frozenset[str]().union(*(member.doubtful for member in members)) - acts_of(members)


def story(
    connection: Connection, uid: str, *, min_confidence: float = 0.0
) -> tuple[Story, tuple[StoryMember, ...], str] | None:
    """A story, its articles in the order of telling, and where it went if it was merged."""
    row = connection.execute(select(StoryRow.__table__).where(StoryRow.uid == uid)).one_or_none()
    if row is None:
        return None
    members = _members(connection, [row.id], min_confidence).get(row.id, ())
    return queries.story_of(row), tuple(members), row.merged_into or ""


def _members(connection: Connection, stories: Sequence[int], least: float) -> dict[int, list[StoryMember]]:
    """The articles of stories by story, in the order of telling."""
    asked = (
        select(ArticleRow.__table__, StoryArticleRow.story_id, StoryArticleRow.reason.label("why"))
        .join(StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id)
        .where(StoryArticleRow.story_id.in_(stories))
        .order_by(func.coalesce(ArticleRow.stand, ArticleRow.published_at, ArticleRow.fetched_at), ArticleRow.id)
    )
    rows = named_rows(connection.execute(asked).all())
    told = _told_in(connection, [row.version_id for row in rows if row.version_id is not None], least)
    found: dict[int, list[StoryMember]] = defaultdict(list)
    for row in rows:
        line = queries.article_line(row)
        found[row.story_id].append(StoryMember(article=line, reason=row.why, **told.get(row.version_id, {})))
    return found


def _told_in(connection: Connection, versions: Sequence[int], least: float) -> dict[int, dict[str, Any]]:
    """By version the acts that it tells, surely enough and otherwise, and whether all that it tells is copied."""
    asked = (
        select(EventRow.version_id, EventRow.copied, ActRow.uid, sure(least).label("sure"))
        .join(ActRow, ActRow.id == EventRow.act_id)
        .where(among(connection, EventRow.version_id, versions), EventRow.known_to.is_(None))
    )
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in named_rows(connection.execute(asked).all()):
        rows[row.version_id].append(row)
    return {
        version: {
            "acts": frozenset([row.uid for row in told if row.sure]),
            "doubtful": frozenset([row.uid for row in told if not row.sure]),
            "copy": all(row.copied for row in told),
        }
        for version, told in rows.items()
    }


def stories_of(connection: Connection, articles: Sequence[int]) -> tuple[Story, ...]:
    """The running matters that some of these articles belong to."""
    theirs = select(StoryArticleRow.story_id).where(among(connection, StoryArticleRow.article_id, articles))
    asked = (
        select(StoryRow.__table__).where(StoryRow.id.in_(theirs), StoryRow.merged_into.is_(None)).order_by(StoryRow.id)
    )
    return tuple(queries.story_of(row) for row in connection.execute(asked))
