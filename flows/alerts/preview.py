"""What watches would have told in the past, from the acts in the archive: a watch is tried before it is trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from extractors.model import Event, Grade
from flows.alerts.watches import Watch
from flows.alerts.wording import headline_of
from storage import queries
from storage.engine import reading
from storage.tables import ActRow, AssessmentRow


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
        acts = connection.execute(
            select(ActRow.uid, ActRow.created_at)
            .where(ActRow.created_at >= since, ActRow.merged_into.is_(None))
            .order_by(ActRow.created_at, ActRow.id)
        ).all()
        for act in acts:
            reports = queries.reports(connection, act.uid)
            if not reports:
                continue
            best = max(reports, key=lambda stored: stored.event.confidence)
            asked = select(AssessmentRow.dossier).where(
                AssessmentRow.article_id.in_({stored.article_id for stored in reports}),
                AssessmentRow.grade >= int(Grade.CORE),
            )
            dossiers = set(connection.scalars(asked))
            found += [
                _previewed(act.created_at, watch, best.event, best.url, language)
                for watch in watches
                if watch.dossier in dossiers and watch.wants(best.event)
            ]
    return tuple(found)


def _previewed(at: datetime, watch: Watch, event: Event, url: str, language: str) -> Previewed:
    return Previewed(
        at=at,
        watch=watch.name,
        title=headline_of(event, language),
        url=url,
        digest=event.confidence < watch.min_confidence,
    )
