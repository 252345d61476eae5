"""When an article was published and last changed, as its page states or shows it."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.articles.elements import MAX_CLIMB, first_words, scope_of, words
from extractors.articles.markup import Markup
from extractors.articles.metadata import Claims
from extractors.articles.moments import day_of, moment
from extractors.model import FetchedPage
from extractors.publishers import Layout

STANDS = (
    '[class*="ta" i]:is([class*="stand" i], [class*="metatext" i]), '
    '[class*="ed" i]:is([class*="modified" i], [class*="changed" i]), [class*="date" i], time'
)
DATED = (
    '[class*="date" i], [class*="datum" i], [class*="time" i], [class*="line" i], [class*="meta" i], [class*="info" i]'
)
PUBLISHED = (
    "article:published_time og:article:published_time og:published_time date pubdate publishdate datepublished dc.date "
    "dc.date.issued dcterms.created dcterms.date date.created last-modified-date sailthru.date parsely-pub-date cxenseparse:recs:publishtime "
    "article.published publication_date originalpublicationdate vr:published_time"
).split()
MODIFIED = "article:modified_time og:updated_time last-modified datemodified dc.date.modified dcterms.modified date.modified revised".split()
_STATED_STAND = re.compile(
    r"(?:Stand|Aktualisiert|Letzte Aktualisierung|Zuletzt aktualisiert|Update)\s*(?:am|vom)?\s*:?\s*(.{8,40})",
    re.IGNORECASE,
)


def times_of(
    page: FetchedPage, layout: Layout, said: Claims, markup: Markup, heading: LexborNode | None, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    published = moment(words(markup.first(layout.published)), zone) if layout.published else None
    published = published or moment(said.article.get("datePublished"), zone)
    published = published or next((at for key in PUBLISHED if (at := moment(said.named(key), zone))), None)
    shown = _shown_time(layout, markup, zone)
    if published is None:
        scope = scope_of(heading)
        around = _around(heading)
        near = _element_time(scope, zone, around) if scope is not None and scope.tag != "body" else None
        published = near or _element_time(markup.tree, zone, around) or shown or _time_beside(heading, zone, around)
    if published is None and (day := day_of(page.url)):
        published = datetime(day.year, day.month, day.day, tzinfo=zone)
    changed = moment(said.article.get("dateModified"), zone)
    changed = changed or next((at for key in MODIFIED if (at := moment(said.named(key), zone))), None)
    return published, shown or changed


def _shown_time(layout: Layout, markup: Markup, zone: ZoneInfo) -> datetime | None:
    """The "Stand: …" that the page shows its readers."""
    if layout.stand:
        return moment(words(markup.first(layout.stand)), zone)
    for node in markup.all(STANDS)[:40]:
        if (found := _STATED_STAND.search(first_words(node, 300))) and (at := moment(found.group(1), zone)):
            return at
    return None


FRAME = frozenset({"header", "nav", "aside", "footer"})


def _around(heading: LexborNode | None) -> frozenset[int]:
    """The elements that hold the headline."""
    found: list[int] = []
    node = heading
    while node is not None and len(found) < MAX_CLIMB:
        found.append(node.mem_id)
        node = node.parent
    return frozenset(found)


def _in_frame(node: LexborNode, around: frozenset[int]) -> bool:
    """Whether an element stands around the article, where the house says what day it is or what else appeared."""
    parent, framed = node.parent, False
    for _ in range(MAX_CLIMB):
        if parent is None or parent.tag in ("article", "main"):
            return framed and parent is None
        framed = framed or (parent.tag in FRAME and parent.mem_id not in around)
        parent = parent.parent
    return framed


def _element_time(within: LexborNode | LexborHTMLParser, zone: ZoneInfo, around: frozenset[int]) -> datetime | None:
    for node in within.css('[itemprop="datePublished"], time[datetime], time')[:10]:
        if _in_frame(node, around):
            continue
        attributes = node.attributes
        stated = attributes.get("content") or attributes.get("datetime") or words(node)
        if at := moment(stated, zone):
            return at
    for node in within.css(DATED)[:60]:
        stated = words(node)
        if len(stated) <= 80 and (at := moment(stated, zone)) and not _in_frame(node, around):
            return at
    return None


BESIDE = "h1, h2, p, span, em, div, small, li, td, h4, h5, strong"
BEFORE, AFTER = 12, 40
"""elements before and after the headline among which a line with nothing but a date is this article's"""
_DATE_LINE = re.compile(
    r"(?:(?:Datum|Erschienen|Veröffentlicht|Erstellt|Publiziert|Online seit|Pressemitteilung|Meldung)\b\D{0,12}|[A-Za-z]{2,10},? (?:den |am |vom )?)?"
    r"\d\d?\.\s?(?:\d\d?\.|[A-Za-zä]{3,9}\.?)\s?\d{4}\b.{0,30}$"
)


def _time_beside(heading: LexborNode | None, zone: ZoneInfo, around: frozenset[int]) -> datetime | None:
    """The date on a line of its own near the headline, whatever its element is called: ministries and associations."""
    top = heading
    for _ in range(6):
        if top is None or top.parent is None or top.parent.tag == "html":
            break
        top = top.parent
    if heading is None or top is None:
        return None
    nodes = top.css(BESIDE)
    middle = next((at for at, node in enumerate(nodes) if node.mem_id == heading.mem_id), 0)
    for node in nodes[max(0, middle - BEFORE) : middle + AFTER]:
        line = first_words(node, 61)
        if len(line) <= 60 and _DATE_LINE.match(line) and (at := moment(line, zone)) and not _in_frame(node, around):
            return at
    return None
