"""Acts that no report tells any more: a new version left them out, or a reviewer rejected what told them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, exists, select
from sqlalchemy.orm import aliased

from extractors.ontology import DOUBTED
from extractors.stories.revisions import reworded
from storage.queries import StoredEvent, version_article
from storage.queries.selecting import all_events, stored_events
from storage.tables import ActRow, ArticleRow, CorrectionRow, EventRow, VersionRow

MOST = 200
"""Reports that are looked at, those that ended last."""


def fallen(connection: Connection, since: datetime) -> tuple[StoredEvent, ...]:
    """Of each act that fell since then the report that held it up longest, the last first.

    Not among them is what only our reading dropped: the rules of another day, or a sentence that still stands there.
    """
    rewritten = select(VersionRow.article_id).where(
        VersionRow.text.is_not(None), VersionRow.kept_at >= since, VersionRow.number > 1
    )
    judged = select(CorrectionRow.article_id).where(CorrectionRow.at >= since, CorrectionRow.withdrawn_at.is_(None))
    # By the versions of these articles, to which an index leads.
    versions = select(VersionRow.id).where(VersionRow.article_id.in_(rewritten.union(judged)))
    other = aliased(EventRow)
    told = all_events().where(
        EventRow.version_id.in_(versions),
        EventRow.known_to >= since,
        EventRow.ended_by.in_(("version", "correction")),
        EventRow.status.not_in(sorted(status.value for status in DOUBTED)),
        ActRow.merged_into.is_(None),
        ~exists().where(other.act_id == EventRow.act_id, other.known_to.is_(None)),
    )
    rows = connection.execute(told.order_by(EventRow.known_to.desc(), EventRow.confidence.desc()).limit(MOST)).all()
    last: dict[str, StoredEvent] = {}
    for each in stored_events(connection, rows):
        if each.act:
            last.setdefault(each.act, each)
    return tuple(each for each in last.values() if each.ended_by == "correction" or not _stands(connection, each))


def _stands(connection: Connection, told: StoredEvent) -> bool:
    """Whether its article still says it, or nearly; not where its text is no longer kept."""
    current = connection.scalar(select(ArticleRow.version_id).where(ArticleRow.id == told.article_id))
    article = version_article(connection, current) if current is not None else None
    quote = told.event.evidence.quote
    return article is not None and (quote in article.text or reworded(quote, article.text))
