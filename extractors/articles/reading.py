"""One reading of a page: the publisher's profile where it says something, the generic machine for the rest."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from extractors.articles.blocks import Block
from extractors.articles.bodies import Body, read_body
from extractors.articles.elements import in_navigation, spaced, words
from extractors.articles.headlines import Title, fold, title_of
from extractors.articles.leads import lead_of, without_lead
from extractors.articles.markup import Markup
from extractors.articles.metadata import SPEAKING, Claims, claims
from extractors.articles.moments import zone_of
from extractors.articles.sieve import STRIPPED, strip
from extractors.articles.times import times_of
from extractors.model import FetchedPage, PartKind
from extractors.publishers import GENERIC, Layout, Profile, profile_for

FIRST = SPEAKING | STRIPPED | {"br"}
"""elements that are looked for before all others"""
GENERIC_LAYOUT = Layout(version="1", mark="html")
_NO_LETTERS = re.compile(r"\W+")
BYLINES = '[class*="byline" i], [class*="aut" i]:is([class*="author" i], [class*="autor" i]), [rel="author"], [itemprop="author"]'
_CREDIT = re.compile(
    r"[(\[]?((?:[a-zäöü]{2,4}\s?/\s?)?(?:dpa|afp|reuters|apa|ap|kna|epd|sda|rtr|ots|red\.?|sid|dts)(?:[/,\s|-]+[A-Za-zäöü.]{1,20}){0,4}(?:,?\s\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4})?)?"
    r"|(?-i:[a-zäöü]{2,4}(?:/[a-zäöü]{2,4})?))[)\]]?$",
    re.IGNORECASE,
)
"""a last line that only says whose text this is, by the agency's name or by initials"""
BYLINE = re.compile(r"^(?:(?:Ein|Eine) \w+ )?(?:Von|Text:|Autor(?:in)?:?)\s+(?=[A-ZÄÖÜ])(?!.*[.!?]$).{3,150}$")
_SMALL_BYLINE = re.compile(r"^(?:von|Von:)\s+(?=[A-ZÄÖÜ])(?!.*[.!?]$).{3,150}$")
"""in the body only: elsewhere on the page such are the authors of other articles"""
_DATELINE = re.compile(
    r"^([A-ZÄÖÜ][\w/ .äöüÄÖÜß-]{2,40}?)\s?(?:\((?:dpa|AFP|Reuters|APA|AP|KNA|epd|SDA|sda|ots|red|dts)[\w/ ,.-]*\)|[-–—](?=\s)|\.\s(?=[A-ZÄÖÜ„»\"]))"
)

MIN_TITLE, MAX_KICKER = 15, 90
"""letters of a headline that no subhead ends with by chance; letters of what may stand before it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found, before anyone judged it."""

    profile: Profile
    layout: Layout
    claims: Claims
    title: Title
    teaser: str
    body: tuple[Block, ...]
    byline: str
    dateline: str
    published_at: datetime | None
    stand: datetime | None
    extractor: str

    @property
    def weight(self) -> int:
        return sum(len(block.text) for block in self.body)


def read(page: FetchedPage, markup: Markup) -> Reading:
    """Read everything once. The tree is stripped on the way: metadata first, text after."""
    elements = markup.named(FIRST)
    said = claims(elements, page.url)
    host = urlsplit(page.url).hostname or urlsplit(said.named("og:url")).hostname or ""
    profile = profile_for(host, said.named("og:site_name"))
    layout = _layout(profile, markup)
    strip(elements)
    zone = ZoneInfo(profile.zone) if profile is not GENERIC else zone_of(host)
    heading = markup.first(layout.headline) or _main_heading(markup, said.named("og:title"))
    title = _title(layout, said, markup, heading)
    junk = _junk(profile.junk)
    found = read_body(markup, layout, heading, junk)
    teaser, body = without_lead(lead_of(layout, said, markup, title, heading, found, junk), found.blocks)
    byline, body = _byline(layout, said, markup, without_title(body, title))
    published_at, stand = times_of(page, layout, said, markup, heading, zone)
    return Reading(
        profile=profile,
        layout=layout,
        claims=said,
        title=title,
        teaser=teaser,
        body=body,
        byline=byline,
        dateline=_dateline(layout, markup, body),
        published_at=published_at,
        stand=stand,
        extractor=_extractor(profile, layout, found),
    )


def _extractor(profile: Profile, layout: Layout, found: Body) -> str:
    """Which rows read the page: "tagesschau/2023"; "tagesschau/generic" where no layout of the house fitted."""
    if profile is GENERIC:
        return f"generic/{layout.version}"
    fitted = layout is not GENERIC_LAYOUT and (found.by_layout or not layout.body)
    return f"{profile.house}/{layout.version if fitted else 'generic'}"


def _layout(profile: Profile, markup: Markup) -> Layout:
    return next((layout for layout in profile.layouts if markup.first(layout.mark) is not None), GENERIC_LAYOUT)


@functools.lru_cache(maxsize=256)
def _junk(rows: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{row})" for row in rows)) if rows else None


def _title(layout: Layout, said: Claims, markup: Markup, heading: LexborNode | None) -> Title:
    return title_of(
        shown=spaced(heading),
        shared=said.named("og:title", "twitter:title") or spaced(markup.first("title")),
        linked=said.ld("headline"),
        kicker=spaced(markup.first(layout.kicker)),
        site=said.named("og:site_name"),
    )


IN_PLACE_OF_H1 = "main hgroup h2, article hgroup h2, article > header h2"
"""where the headline stands when the h1 is the last stop of the way from the front page"""


def _main_heading(markup: Markup, shared: str) -> LexborNode | None:
    """The headline's element: an h1 outside the navigation, or an h2 that says the same."""
    headings = [h1 for h1 in markup.all("h1")[:10] if h1.css_first("img") is None and len(h1.text().strip()) > 5]
    for h1 in headings:
        if not in_navigation(h1):
            return h1
    known = {fold(text) for text in (*(spaced(h1) for h1 in headings), shared) if text}
    second = next((h2 for h2 in markup.all("h2")[:20] if known and fold(spaced(h2)) in known), None)
    return second or markup.first(IN_PLACE_OF_H1) or next(iter(headings), None)


def without_title(body: tuple[Block, ...], title: Title) -> tuple[Block, ...]:
    """Without headline and kicker where the page shows them again above the text, however it joins them."""
    headline, kicker = _letters(title.headline), _letters(title.kicker)
    said = {headline, kicker, kicker + headline}
    longest = len(kicker + headline)

    def again(block: Block) -> bool:
        if block.kind is not PartKind.SUBHEAD and len(_letters(block.text[: 2 * longest])) > longest:
            return False  # as most paragraphs, of which no more need be looked at
        letters = _letters(block.text)
        front = len(letters) - len(headline)
        titled = block.kind is PartKind.SUBHEAD and len(headline) > MIN_TITLE and letters.endswith(headline)
        return letters in said or (titled and front <= MAX_KICKER)

    return (*(block for block in body[:4] if not again(block)), *body[4:])


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", fold(text))


def _byline(layout: Layout, said: Claims, markup: Markup, body: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    shown = words(markup.first(layout.byline)) or _shown_byline(markup)
    small = ""
    for at in sorted({0, 1, len(body) - 1}):
        line = body[at].text if 0 <= at < len(body) else ""
        big = BYLINE.match(line)
        if len(line) < 160 and (big or _SMALL_BYLINE.match(line)):
            shown, small, body = shown or (line if big else ""), line, (*body[:at], *body[at + 1 :])
            break
    told = shown or said.authors or said.named("author", "article:author") or small
    credit = _CREDIT.match(body[-1].text) if body else None
    if credit:
        body = body[:-1]
        told = told or credit.group(1)
    return "" if told.startswith("http") else told[:300], body


def _shown_byline(markup: Markup) -> str:
    shown = ((node, words(node)) for node in markup.all(BYLINES)[:8])
    found = next((node for node, line in shown if len(line) < 160 and BYLINE.match(line)), None)
    return re.sub(r" (?=[,;.])", "", spaced(found))


def _dateline(layout: Layout, markup: Markup, body: Sequence[Block]) -> str:
    if shown := words(markup.first(layout.dateline)):
        return shown[:80]
    first = next((block.text for block in body if block.kind is PartKind.PARAGRAPH), "")
    found = _DATELINE.match(first)
    return found.group(1).strip(" .") if found else ""
