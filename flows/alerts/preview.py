"""What watches would have told in the past, from the acts in the archive: a watch is tried before it is trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from flows.alerts.watches import Watch, looks_back
from flows.alerts.wording import LOOKED_BACK, headline_of
from storage import queries
from storage.engine import reading
from storage.queries import StoredEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """An alert that a watch would have raised. `at` is when its act was first seen."""

    at: datetime
    watch: str
    title: str
    url: str
    digest: bool


def previewed(
    engine: Engine, watches: Sequence[Watch], since: datetime, *, language: str = "de"
) -> tuple[Previewed, ...]:
    """Each act that came up since then, once for each watch that wants it; oldest first."""
    found: list[Previewed] = []
    with reading(engine) as connection:
        for uid, opened_at in queries.acts_opened(connection, since):
            reports = queries.reports(connection, uid)
            if not reports:
                continue
            best = max(reports, key=lambda stored: stored.event.confidence)
            dossiers = queries.dossiers_of(connection, {stored.article_id for stored in reports})
            found += [
                _previewed(opened_at, watch, best, language)
                for watch in watches
                if watch.dossier in dossiers and watch.wants(best.event)
            ]
    return tuple(found)


def _previewed(at: datetime, watch: Watch, best: StoredEvent, language: str) -> Previewed:
    event = best.event
    old = looks_back(event, best.stand or best.published_at)
    return Previewed(
        at=at,
        watch=watch.name,
        title=f"{LOOKED_BACK[language]}: {headline_of(event, language)}" if old else headline_of(event, language),
        url=best.url,
        digest=old or event.confidence < watch.min_confidence,
    )
