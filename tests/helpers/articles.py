"""Articles that are nothing but a text of a day, for what is read in it."""

from __future__ import annotations

from datetime import UTC, datetime

from extractors.model import Article, PartKind

MONDAY = datetime(2024, 6, 3, 12, tzinfo=UTC)


def article_of(
    *paragraphs: str, headline: str = "", teaser: str = "", dated: datetime | None = MONDAY, url: str = "test:1"
) -> Article:
    """An article of these paragraphs; `dated` is when it was published, None if it does not say."""
    body = tuple((PartKind.PARAGRAPH, text) for text in paragraphs)
    return Article.compose(url=url, headline=headline, teaser=teaser, body=body, published_at=dated)
