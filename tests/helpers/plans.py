"""The meetings that an article of Tuesday, 15 March 2022 tells of or announces."""

from __future__ import annotations

from datetime import UTC, datetime

from articles import article_of

from extractors.events import code_events
from extractors.model import Event
from extractors.ontology import EventType, Status

TUESDAY = datetime(2022, 3, 15, 12, tzinfo=UTC)


def _meetings(*paragraphs: str, headline: str = "") -> list[Event]:
    article = article_of(*paragraphs, headline=headline, dated=TUESDAY)
    return [event for event in code_events(article) if event.type is EventType.CONSULT]


def _planned(*paragraphs: str, headline: str = "") -> list[Event]:
    return [event for event in _meetings(*paragraphs, headline=headline) if event.status is Status.PLANNED]


def planned(text: str, headline: str = "Diplomatie im Krieg gegen die Ukraine") -> list[tuple[frozenset[str], str]]:
    """Parties and day of the meetings that an article announces."""
    return [(e.parties, e.when.iso if e.when else "") for e in _planned(text, headline=headline)]


def announced(text: str) -> list[tuple[str, str, str]]:
    """Row, parties and day of the meetings that an article without a headline announces."""
    found = _planned(*text.split("\n"))
    return [(e.evidence.rule, ",".join(sorted(e.parties)), e.when.iso if e.when else "") for e in found]


def statuses_of(text: str) -> list[str]:
    """The statuses of the meetings that an article of this text tells of."""
    return [e.status.value for e in _meetings(text)]


def places_of(text: str) -> list[str]:
    """Where the meetings are that an article of this text announces."""
    return [e.place.name for e in _planned(text) if e.place is not None]
