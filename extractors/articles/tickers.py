"""Live tickers: one page, many dated entries. Each becomes an article of its own under the page's URL with its fragment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from extractors.articles.blocks import BLOCKS, Block, stretch
from extractors.articles.elements import words
from extractors.articles.markup import Markup, parse
from extractors.articles.metadata import plain
from extractors.articles.moments import moment, zone_of
from extractors.articles.reading import Reading, read
from extractors.articles.sieve import Sieve
from extractors.model import Article, FetchedPage, PartKind
from extractors.publishers import GENERIC

ENTRIES = (
    'article[class*="liveblog" i][id], [class*="liveblog" i] article[id], [class*="ticker" i] article[id], '
    '[class*="liveblog-entry" i][id], [class*="ticker-entry" i][id], [class*="tickerentry" i][id], [itemprop="liveBlogUpdate"][id]'
)
"""where houses without a profile mark the entries of a ticker"""
LEAST = 2
"""entries that make a ticker"""
MAX_ENTRIES = 500
MAX_HEADLINE = 160
_MAYBE = re.compile(rb"live-?blog|ticker", re.IGNORECASE)
"""pages that never say so are not parsed a second time"""
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„»\"])")


@dataclass(slots=True)
class Entry:
    """One message. `clock` has no day where the page states none."""

    fragment: str
    at: datetime | None = None
    clock: time | None = None
    headline: str = ""
    body: list[Block] = field(default_factory=list)


def split_ticker(page: FetchedPage) -> tuple[Article, ...]:
    """The entries of a live ticker in the order of the page; () when the page is none.

    Raises NotAnArticle where no page can be read at all. Times without a day are counted from the page's own time of last
    change, over midnight if need be.
    """
    if not _MAYBE.search(page.body):
        return ()
    markup = parse(page.body, page.content_type)
    reading = read(page, markup)
    zone = _zone(page, reading)
    told = [_told(update, zone) for update in reading.claims.updates[:MAX_ENTRIES] if isinstance(update, dict)]
    entries = [entry for entry in told if entry.body] or _shown(markup, reading, zone)
    if len(entries) < LEAST:
        return ()
    dated(entries, reading.stand or reading.published_at or page.fetched_at.astimezone(zone))
    return tuple(_article(page.url, reading, entry) for entry in entries)


def _zone(page: FetchedPage, reading: Reading) -> ZoneInfo:
    return (
        ZoneInfo(reading.profile.zone) if reading.profile is not GENERIC else zone_of(urlsplit(page.url).hostname or "")
    )


def _told(update: dict[str, Any], zone: ZoneInfo) -> Entry:
    """An entry from linked data (LiveBlogPosting)."""
    body = plain(update.get("articleBody"), limit=100_000)
    where = str(update.get("url") or update.get("@id") or "")
    return Entry(
        fragment=urldefrag(where).fragment,
        at=moment(update.get("datePublished"), zone),
        headline=plain(update.get("headline")),
        body=[Block(PartKind.PARAGRAPH, body, len(body))] if body else [],
    )


def _shown(markup: Markup, reading: Reading, zone: ZoneInfo) -> list[Entry]:
    """Entries from the page: each marked element begins one, what follows belongs to it."""
    selector = reading.layout.entries or ENTRIES
    marks = {node.mem_id for node in markup.all(selector)[:MAX_ENTRIES]}
    if len(marks) < LEAST:
        return []
    sieve = Sieve(dropped=frozenset(node.mem_id for node in markup.all(reading.layout.drop)))
    for node in markup.all(reading.layout.body):
        sieve.clear(node)
    entries: list[Entry] = []
    for node in markup.all(f"{selector}, {BLOCKS}")[:10_000]:
        if node.mem_id in marks:
            entries.append(_begun(node, zone))
        elif entries and not sieve.junk(node):
            entries[-1].body.extend(stretch(node, None))
    return [_headed(entry) for entry in entries if entry.body]


def _begun(node: LexborNode, zone: ZoneInfo) -> Entry:
    """The beginning of an entry: its fragment and its time."""
    stamp = node.css_first("time, [class*='time' i], [class*='date' i]") or node
    stated = stamp.attributes.get("datetime") or words(stamp)[:60]
    found = _CLOCK.search(words(stamp)[:60])
    clock = time(int(found.group(1)), int(found.group(2))) if found else None
    return Entry(fragment=node.attributes.get("id") or "", at=moment(stated, zone), clock=clock)


def _headed(entry: Entry) -> Entry:
    """With its first subhead as headline, else its first sentence."""
    first, *rest = entry.body
    if first.kind is PartKind.SUBHEAD and rest:
        return replace(entry, headline=first.text, body=rest)
    return replace(entry, headline=_SENTENCE.split(first.text)[0][:MAX_HEADLINE])


def dated(entries: Iterable[Entry], last: datetime) -> None:
    """Give a day to entries that state a time only: newest first, each no later than the one before it."""
    before = last
    listed = list(entries)
    clocks = [entry.clock for entry in listed if entry.at is None and entry.clock is not None]
    rising = sum(one < other for one, other in pairwise(clocks))
    newest_first = rising * 2 < len(clocks)
    for entry in listed if newest_first else reversed(listed):
        if entry.at is None and entry.clock is not None:
            entry.at = before.replace(hour=entry.clock.hour, minute=entry.clock.minute, second=0, microsecond=0)
            if entry.at > before:
                entry.at -= timedelta(days=1)
        before = entry.at or before


def _article(url: str, reading: Reading, entry: Entry) -> Article:
    return Article.compose(
        url=urljoin(url, f"#{entry.fragment}") if entry.fragment else url,
        publisher=reading.profile.house or reading.claims.named("og:site_name"),
        headline=entry.headline,
        kicker=reading.title.headline,
        body=tuple((block.kind, block.text) for block in entry.body),
        byline=reading.byline,
        published_at=entry.at,
        stand=entry.at,
        extractor=f"{reading.extractor}+ticker",
    )
