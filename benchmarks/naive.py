"""The pipeline that one would write first: feedparser → trafilatura → relevance → language pipeline → SQLite row by row.

It stands beside ours in benchmarks/speed.py, with the same relevance test and the same coder, so that what differs is how
bytes become articles and how rows become an archive. One process, no sandbox, no accounts, no outbox.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from extractors.model import Article, Event, PartKind
from extractors.relevance import Dossier, assess

SCHEMA = """
CREATE TABLE IF NOT EXISTS articles (url TEXT PRIMARY KEY, headline TEXT, published TEXT, text TEXT, grade INTEGER, score REAL);
CREATE TABLE IF NOT EXISTS events (article TEXT, type TEXT, status TEXT, actors TEXT, recipients TEXT, evidence TEXT);
"""


def run(feeds: list[bytes], pages: Mapping[str, bytes], dossier: Dossier, database: Path) -> dict[str, int]:
    """Read every entry of the feeds; `pages` holds gzipped HTML by address. Returns counts."""
    import feedparser

    counts = {"entries": 0, "stored": 0, "relevant": 0, "events": 0}
    connection = sqlite3.connect(database)
    connection.executescript(SCHEMA)
    for feed in feeds:
        for entry in feedparser.parse(feed).entries:
            counts["entries"] += 1
            if connection.execute("SELECT 1 FROM articles WHERE url = ?", (entry.link,)).fetchone():
                continue
            article = read(entry.link, pages[entry.link], entry.title)
            if article is not None:
                _keep(connection, article, dossier, counts)
    connection.close()
    return counts


def read(url: str, page: bytes, title: str) -> Article | None:
    from trafilatura import bare_extraction

    found = bare_extraction(gzip.decompress(page), url=url, with_metadata=True, include_comments=False)
    if found is None or not found.text:
        return None
    return article_of(url, found.title or title, found.text)


def article_of(url: str, headline: str, body: str) -> Article:
    """An article of a headline and paragraphs a line each."""
    lines = tuple((PartKind.PARAGRAPH, line) for line in map(str.strip, body.splitlines()) if line)
    return Article.compose(url=url, headline=headline, body=lines, published_at=datetime.now(UTC))


def _keep(connection: sqlite3.Connection, article: Article, dossier: Dossier, counts: dict[str, int]) -> None:
    assessment = assess(article, dossier)
    events: tuple[Event, ...] = ()
    if assessment.relevant:
        from extractors.events import code_events

        counts["relevant"] += 1
        events = code_events(article)
    row = (
        article.url,
        article.headline,
        str(article.published_at),
        article.text,
        int(assessment.grade),
        assessment.score,
    )
    connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.commit()
    for event in events:
        actors, recipients = ([actor.code for actor in side] for side in (event.actors, event.recipients))
        told = json.dumps(asdict(event.evidence), ensure_ascii=False, default=str)
        found = (article.url, event.type, event.status, ",".join(actors), ",".join(recipients), told)
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", found)
        connection.commit()
    counts["stored"] += 1
    counts["events"] += len(events)
