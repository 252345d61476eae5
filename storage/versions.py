"""The versions of an article: each reading of another text or stand is one, and what the last one says is what we know."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, insert, select, update

from extractors.model import Article, FetchedPage
from storage import coding, packing, search
from storage.statements import prepared, table
from storage.tables import EventRow, VersionRow

MOST_TEXTS = 20
"""Texts kept of one article, the first and the last among them: a live ticker changes 200 times a day. What each version
said, its events and their sentences, stays for all."""


class Versions:
    """The verbs about an article's versions; reached as `archive.versions`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(
        self,
        row: Any,
        url: str,
        article: Article,
        page: FetchedPage | None,
        coder: str,
        marks: Sequence[int],
        now: datetime,
    ) -> tuple[int, int, bool]:
        """Make this stand and text the article's version; returns its row, its number, and whether it is a new one."""
        stand = article.stand.isoformat() if article.stand else ""
        key = hashlib.sha256(f"{stand}\x1f{article.digest}".encode()).digest()[:16]
        number = 0
        if row.versions:  # most articles are read once
            known = self.connection.execute(_versions_of(self.connection), {"article": row.id, "this": key}).one()
            if row.version_id is not None:
                self._retire(row.version_id, now)
            if known.id is not None:  # the publisher went back to an earlier text
                self._restore(known.id, article, marks, now)
                if known.last > MOST_TEXTS:
                    self._thin(row.id)
                return known.id, known.number, False
            number = known.last
        values = _told(article, marks) | {
            "article_id": row.id,
            "number": number + 1,
            "key": key,
            "url": page.url if page is not None and page.url != url else None,
            "fetched_at": page.fetched_at if page else now,
            "kept_at": now,
            "coder_id": coding.coder_id(self.connection, coder),
        }
        added: int = self.connection.execute(_version_made(self.connection), values).scalar_one()
        search.index(self.connection, added, search.stems(article.text))
        if number + 1 > MOST_TEXTS:
            self._thin(row.id)
        return added, number + 1, True

    def length_of(self, version_id: int) -> int:
        """Characters of a version's text, kept or not."""
        asked = select(VersionRow.length).where(VersionRow.id == version_id)
        return self.connection.execute(asked).scalar_one()

    def _thin(self, article_id: int) -> None:
        """Let a text in the middle go when there are too many: the one whose neighbours are closest in time."""
        asked = select(VersionRow.id, VersionRow.kept_at).where(
            VersionRow.article_id == article_id, VersionRow.text.is_not(None)
        )
        rows = self.connection.execute(asked.order_by(VersionRow.kept_at, VersionRow.id)).all()
        if len(rows) <= MOST_TEXTS:
            return
        middle = min(range(1, len(rows) - 1), key=lambda n: rows[n + 1].kept_at - rows[n - 1].kept_at)
        self.connection.execute(update(VersionRow).where(VersionRow.id == rows[middle].id).values(text=None))

    def _restore(self, version_id: int, article: Article, marks: Sequence[int], now: datetime) -> None:
        again: dict[str, Any] = {"text": packing.pack(article.text), "kept_at": now}
        if marks:
            again["marks"] = packing.pack_marks(marks)
        self.connection.execute(update(VersionRow).where(VersionRow.id == version_id).values(**again))
        search.index(self.connection, version_id, search.stems(article.text))

    def _retire(self, version_id: int, now: datetime) -> None:
        """End what a version said: its events are no longer what we know, its text leaves the index."""
        self.connection.execute(
            update(EventRow)
            .where(EventRow.version_id == version_id, EventRow.known_to.is_(None))
            .values(known_to=now, ended_by="version")
        )
        text = self.connection.scalar(select(VersionRow.text).where(VersionRow.id == version_id))
        if text is not None:
            search.unindex(self.connection, version_id, search.stems(packing.unpack(text)))


def _told(article: Article, marks: Sequence[int]) -> dict[str, Any]:
    """What a version keeps of the article itself."""
    return {
        "headline": article.headline,
        "kicker": article.kicker,
        "byline": article.byline,
        "dateline": article.dateline,
        "extractor": article.extractor,
        "published_at": article.published_at,
        "stand": article.stand,
        "length": len(article.text),
        "text_digest": packing.digest(article.text),
        "text": packing.pack(article.text),
        "marks": packing.pack_marks(marks),
        "layout": packing.layout(article.text, article.parts),
    }


@prepared
def _versions_of(_: Connection) -> Any:
    """The number of an article's last version; id and number of the one with this key, if there is one."""
    versions = table(VersionRow)
    this = versions.c.key == bindparam("this")
    return select(
        func.max(versions.c.number).label("last"),
        func.max(case((this, versions.c.id))).label("id"),
        func.max(case((this, versions.c.number))).label("number"),
    ).where(versions.c.article_id == bindparam("article"))


@prepared
def _version_made(_: Connection) -> Any:
    versions = table(VersionRow)
    return insert(versions).returning(versions.c.id)
