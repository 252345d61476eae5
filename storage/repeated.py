"""What the newest entries hold of the same text, and which dossiers take the same article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from extractors.model import Article, Grade
from storage import packing
from storage.claiming import Claimed
from storage.statements import in_pieces, prepared, table
from storage.tables import ArticleRow, AssessmentRow

REPEATED_AMONG = 2000
"""So many of the newest entries are looked at for one text under many addresses."""


class Repeated:
    """The verbs that look for the same in other entries; `Archive` has them."""

    connection: Connection

    def with_same_text(self, claimed: Claimed, article: Article) -> list[int]:
        """Other entries of the publisher that lately had this very text."""
        asked = {
            "which": claimed.article_id,
            "one": claimed.publisher,
            "other": article.publisher,
            "digest": packing.digest(article.text),
        }
        return list(self.connection.scalars(_alike(self.connection), asked))

    def same_texts(self, articles: Iterable[Article]) -> Counter[str]:
        """How often the newest entries have the texts of these articles, whoever published them; texts nobody has are left out."""
        texts = {packing.digest(article.text): article.text for article in articles}
        found = self.connection.execute(_shared(self.connection), {"digests": list(texts)})
        return Counter({texts[row.text_digest]: row.times for row in found})

    def takers(self, keys: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The dossiers that take each of these articles, by their stable keys, as core."""
        found: dict[str, set[str]] = {key: set() for key in keys}
        for those in in_pieces([bytes.fromhex(key) for key in found]):
            for row in self.connection.execute(_taken(self.connection), {"those": those}):
                found[row.key.hex()].add(row.dossier)
        return {key: frozenset(dossiers) for key, dossiers in found.items()}


@prepared
def _alike(connection: Connection) -> Any:
    entries = table(ArticleRow)
    return select(entries.c.id).where(
        entries.c.id > _recent(),
        entries.c.id != bindparam("which"),
        entries.c.publisher.in_((bindparam("one"), bindparam("other"))),
        entries.c.text_digest == bindparam("digest"),
    )


@prepared
def _shared(_: Connection) -> Any:
    entries = table(ArticleRow)
    theirs = entries.c.text_digest.in_(bindparam("digests", expanding=True))
    asked = select(entries.c.text_digest, func.count().label("times")).where(entries.c.id > _recent(), theirs)
    return asked.group_by(entries.c.text_digest)


@prepared
def _taken(_: Connection) -> Any:
    entries, judged = table(ArticleRow), table(AssessmentRow)
    both = entries.join(judged, judged.c.article_id == entries.c.id)
    those = entries.c.key.in_(bindparam("those", expanding=True)), judged.c.grade == int(Grade.CORE)
    return select(entries.c.key, judged.c.dossier).select_from(both).where(*those)


def _recent() -> Any:
    entries = table(ArticleRow)
    return select(func.max(entries.c.id) - REPEATED_AMONG).scalar_subquery()
