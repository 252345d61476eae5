"""The meetings that an article of Tuesday, 15 March 2022 announces."""

from __future__ import annotations

from datetime import UTC, datetime

from extractors.events import code_events
from extractors.model import Article, PartKind
from extractors.ontology import EventType, Status


def planned(text: str, headline: str = "Diplomatie im Krieg gegen die Ukraine") -> list[tuple[frozenset[str], str]]:
    """Parties and day of the meetings that an article of Tuesday, 15 March 2022 announces."""
    article = Article.compose(
        url="x",
        headline=headline,
        teaser="",
        body=((PartKind.PARAGRAPH, text),),
        published_at=datetime(2022, 3, 15, 12, tzinfo=UTC),
    )
    found = [e for e in code_events(article) if e.type is EventType.CONSULT and e.status is Status.PLANNED]
    return [(e.parties, e.when.iso if e.when else "") for e in found]


def announced(text: str) -> list[tuple[str, str, str]]:
    """Row, parties and day of the meetings that an article without a headline announces, on Tuesday, 15 March 2022."""
    body = tuple((PartKind.PARAGRAPH, line) for line in text.split("\n"))
    article = Article.compose(url="x", headline="", body=body, published_at=datetime(2022, 3, 15, 12, tzinfo=UTC))
    found = [e for e in code_events(article) if e.type is EventType.CONSULT and e.status is Status.PLANNED]
    return [(e.evidence.rule, ",".join(sorted(e.parties)), e.when.iso if e.when else "") for e in found]


def statuses_of(text: str) -> list[str]:
    """The statuses of the meetings that an article of this text tells of, on Tuesday, 15 March 2022."""
    article = Article.compose(
        url="x",
        headline="",
        body=((PartKind.PARAGRAPH, text),),
        published_at=datetime(2022, 3, 15, 12, tzinfo=UTC),
    )
    return [e.status.value for e in code_events(article) if e.type is EventType.CONSULT]


def places_of(text: str) -> list[str]:
    """Where the meetings are that an article of this text announces, on Tuesday, 15 March 2022."""
    article = Article.compose(
        url="x", headline="", body=((PartKind.PARAGRAPH, text),), published_at=datetime(2022, 3, 15, 12, tzinfo=UTC)
    )
    found = [e for e in code_events(article) if e.type is EventType.CONSULT and e.status is Status.PLANNED]
    return [e.place.name for e in found if e.place is not None]
