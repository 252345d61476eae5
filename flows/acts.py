"""Which act an event reports: the decision is `extractors.stories`', the candidates come from the archive."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select

from extractors.model import Article, Event
from storage.archive import Archive
from storage.tables import ActRow
from storage.tracking import Link


def links_for(article: Article, events: Sequence[Event]) -> tuple[Link, ...]:
    """Tie each event to an act. Events of the same coding and day report one act, whichever house tells it."""
    return tuple(
        Link(event=event.id, act=act_id(article, event), reasons=("same type, parties, day and place",))
        for event in events
    )


def act_id(article: Article, event: Event) -> str:
    """The same on every machine: from type, parties, status, the act's own day (or the day of the report) and place."""
    day = event.when.iso if event.when else (f"{article.dated:%Y-%m-%d}" if article.dated else "")
    parts = (event.type, event.status, " ".join(sorted(event.parties)), day, event.place.name if event.place else "")
    return "act_" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def unknown(archive: Archive, links: Sequence[Link]) -> frozenset[str]:
    """Those of the acts that no article told before."""
    ids = {link.act for link in links}
    known = archive.connection.scalars(select(ActRow.uid).where(ActRow.uid.in_(ids)))
    return frozenset(ids - set(known))
