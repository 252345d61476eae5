"""Events as the archive gives them to a format: all of them, and each in pairs of parties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from extractors.model import Actor
from extractors.ontology import SYMMETRIC
from storage.queries import EventFilter, StoredEvent, all_with_words, events, numbered

PAGE = 1000
"""Events read at a time."""


def all_events(connection: Connection, wanted: EventFilter) -> Iterator[StoredEvent]:
    """Every event that the filter finds, newest first, a page at a time; its limit is not looked at."""
    if wanted.text:
        numbers = all_with_words(connection, wanted)
        for at in range(0, len(numbers), PAGE):
            yield from numbered(connection, numbers[at : at + PAGE])
        return
    before = wanted.before
    while True:
        page = events(connection, replace(wanted, before=before, limit=PAGE))
        yield from page
        if len(page) < PAGE:
            return
        before = page[-1].row


def iso(at: datetime | None) -> str | None:
    """A time as ISO 8601 writes it."""
    return None if at is None else at.isoformat()


def dyads(stored: StoredEvent) -> Iterator[tuple[Actor | None, Actor | None]]:
    """Who did it to whom, in pairs: equal participants in both directions, one party alone with nobody."""
    event = stored.event
    if event.recipients:
        yield from ((actor, recipient) for actor in event.actors or (None,) for recipient in event.recipients)
    elif event.type in SYMMETRIC and len(event.actors) > 1:
        yield from ((one, other) for one in event.actors for other in event.actors if one != other)
    else:
        yield from ((actor, None) for actor in event.actors)
