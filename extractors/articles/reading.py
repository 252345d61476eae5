"""One reading of a page: the publisher's profile where it says something, the generic machine for the rest."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.articles import blocks as sieving
from extractors.articles.blocks import Block, Sieve
from extractors.articles.headlines import Title, fold, title_of
from extractors.articles.markup import BREAK, Markup, on_one_line
from extractors.articles.metadata import SPEAKING, Claims, claims
from extractors.articles.moments import day_of, moment, zone_of
from extractors.model import FetchedPage, PartKind
from extractors.publishers import GENERIC, Layout, Profile, profile_for

FIRST = SPEAKING | sieving.STRIPPED | {"br"}
"""elements that are looked for before all others"""
GENERIC_LAYOUT = Layout(version="1", mark="html")

# To look for letters in the names of all elements is what costs: both "author" and "autor" only where there is "aut".
LEADS = (
    '[itemprop="description"]:not(meta), '
    '[class*="ea" i]:is([class*="lead" i]:not([class*="leader" i], [class*="leading-" i]), [class*="teaser-text" i], [class*="article-teaser" i]), '
    '[class*="in" i]:is([class*="intro" i], [class*="subline" i]), '
    '[class*="p" i]:is([class*="vorspann" i], [class*="excerpt" i], [class*="description" i]), '
    '[class*="st" i]:is([class*="standfirst" i], [class*="abstract" i]), [class*="summary" i]'
)
"""where houses put the paragraph between headline and text"""
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
_CUT_OFF = re.compile(r"\s*(?:\.\.\.|…|\[…\]|\[\.\.\.\])$")
_NO_LETTERS = re.compile(r"\W+")
_STOPS = (".", "!", "?", "“", '"', "«")
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
MAX_LEAD = 900
"""characters; a longer one is the text"""
ALIKE = 50
"""characters that two texts begin with, from which one repeats the other"""
HARDLY_ANY = 120
"""characters of body text from which a layout still fits its page"""
ENOUGH = 300
"""characters of body text from which the first attempt is good enough"""


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks of the body and what was learnt about the page's elements on the way."""

    blocks: tuple[Block, ...]
    sieve: Sieve
    by_layout: bool = False
    """found where the publisher's layout says; if not, the house may have changed its pages"""

    @property
    def weight(self) -> int:
        return sum(block.weight for block in self.blocks)


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
    sieving.strip(elements)
    zone = ZoneInfo(profile.zone) if profile is not GENERIC else zone_of(host)
    heading = markup.first(layout.headline) or _main_heading(markup, said.named("og:title"))
    title = _title(layout, said, markup, heading)
    junk = _junk(profile.junk)
    found = read_body(markup, layout, heading, junk)
    teaser, body = without_lead(_lead(layout, said, markup, title, heading, found, junk), found.blocks)
    byline, body = _byline(layout, said, markup, without_title(body, title))
    published_at, stand = _times(page, layout, said, markup, heading, zone)
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


def _clean(text: str) -> str:
    return on_one_line(text.replace(BREAK, " "))


def words(node: LexborNode | None) -> str:
    """An element's text on one line."""
    return _clean(sieving.whole_text(node)) if node is not None else ""


def first_words(node: LexborNode, size: int) -> str:
    """The first so many characters of `words`, without a look at the rest: much is called "date" that holds the article."""
    text = sieving.whole_text(node)
    start = _clean(text[: 10 * size])
    return (start if len(start) > size or len(text) <= 10 * size else _clean(text))[:size]


def spaced(node: LexborNode | None) -> str:
    """An element's text on one line, with a blank between its parts."""
    return _clean(node.text(separator=" ")) if node is not None else ""


def read_body(markup: Markup, layout: Layout, heading: LexborNode | None, junk: re.Pattern[str] | None) -> Body:
    """The layout's body where it names one and it is there, else the heaviest element's."""
    containers = markup.all(layout.body)
    sieve = Sieve(dropped=_dropped(layout, containers))
    for container in containers:
        sieve.clear(container)
    found = [block for container in containers for block in sieving.blocks(container, sieve, junk, heading)]
    if sum(block.weight for block in found) >= HARDLY_ANY:
        return Body(tuple(sieving.tidy(found)), sieve, by_layout=True)
    return _generic_body(markup, _dropped(layout, (markup.tree,)), heading, junk)


def _dropped(layout: Layout, within: Iterable[LexborNode | LexborHTMLParser]) -> frozenset[int]:
    return frozenset(node.mem_id for part in within for node in part.css(layout.drop)) if layout.drop else frozenset()


def _generic_body(
    markup: Markup, dropped: frozenset[int], heading: LexborNode | None, junk: re.Pattern[str] | None
) -> Body:
    weighed = sieving.paragraphs(markup)
    best = Body((), Sieve())
    for by_words in (True, False):
        sieve = Sieve(words=by_words, dropped=dropped)
        sieving.spare(weighed, sieve)
        sieve.clear(heading)
        container = sieving.body_of(markup, weighed, sieve, heading)
        if container is None:
            continue
        best = Body(_texts(container, weighed, sieve, heading, junk), sieve)
        if best.weight >= ENOUGH:
            return best
    return best


def _texts(
    container: LexborNode,
    weighed: list[tuple[LexborNode, int]],
    sieve: Sieve,
    heading: LexborNode | None,
    junk: re.Pattern[str] | None,
) -> tuple[Block, ...]:
    """By paragraphs; by runs of text where much of it stands straight in <div>."""
    loose = sum(weight for node, weight in weighed if node.tag == "div" and not sieve.junk(node))
    found = sieving.tidy(sieving.blocks(container, sieve, junk, heading))
    if loose > sum(block.weight for block in found) // 3:
        found = sieving.tidy(_under(heading, sieving.runs(container, sieve, junk)))
    return tuple(found)


def _under(heading: LexborNode | None, found: Iterable[Block]) -> Iterable[Block]:
    """What stands below the headline, where the headline is among the stretches."""
    listed = list(found)
    said = words(heading)
    at = next((at for at, block in enumerate(listed) if said and block.text == said), -1)
    return listed[at + 1 :]


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
        if not _in_navigation(h1):
            return h1
    known = {fold(text) for text in (*(spaced(h1) for h1 in headings), shared) if text}
    second = next((h2 for h2 in markup.all("h2")[:20] if known and fold(spaced(h2)) in known), None)
    return second or markup.first(IN_PLACE_OF_H1) or next(iter(headings), None)


def _in_navigation(node: LexborNode) -> bool:
    if any("breadcrumb" in name for name in node.attributes):
        return True
    parent = node.parent
    for _ in range(6):
        if parent is None or parent.tag in ("article", "main", "body"):
            return False
        if parent.tag in ("nav", "li") or "breadcrumb" in (parent.attributes.get("class") or ""):
            return True
        parent = parent.parent
    return False


def _lead(
    layout: Layout,
    said: Claims,
    markup: Markup,
    title: Title,
    heading: LexborNode | None,
    found: Body,
    junk: re.Pattern[str] | None,
) -> str:
    """The lead as shown under the headline; else as told to search engines."""
    if layout.teaser:
        shown = " ".join(filter(None, (words(node) for node in markup.all(layout.teaser)[:3])))
        if shown:
            return shown
    told = said.ld("description") or said.named("og:description", "description", "twitter:description")
    told = _CUT_OFF.sub("", told) if told.endswith(("...", "…", "]")) else told
    if fold(told) == fold(title.headline) or (junk is not None and junk.match(told)) or sieving.begins_as_junk(told):
        told = ""
    if found.by_layout:  # until now nobody asked beyond the body
        found.sieve.dropped = _dropped(layout, (markup.tree,))
    return _shown_lead(markup, heading, found, fold(told)) or told


def _shown_lead(markup: Markup, heading: LexborNode | None, found: Body, told: str) -> str:
    """The first element after the headline that is called a lead, or begins as the description does."""
    under = heading is None
    scope = _scope(heading)
    title = heading.tag if heading is not None else "h1"
    for node in (scope.css(f"{title}, {LEADS}") if scope is not None else markup.all(LEADS))[:120]:
        if heading is not None and node.mem_id == heading.mem_id:
            under = True
            continue
        lead = _lead_words(node) if node.tag != title else ""
        if not 40 <= len(lead) <= MAX_LEAD:
            continue
        if told and fold(lead).startswith(told[:40]):
            return lead
        if under and _says_more(lead, told) and not found.sieve.junk(node) and _stands_above(node, lead, found):
            return lead
    lead = _next_to(heading, found.sieve) if heading is not None else ""
    if not _says_more(lead, told) or any(block.text == lead for block in found.blocks[:5]):
        return ""
    return lead


def _stands_above(node: LexborNode, lead: str, found: Body) -> bool:
    """Whether this may stand between headline and text: it leads nowhere else, and is no list further down."""
    if sieving.linked(node) * 3 >= len(lead) or _in_link(node) or sieving.begins_as_junk(lead):
        return False
    return not any(lead.startswith(block.text) for block in found.blocks[3:] if len(block.text) >= 20)


def _in_link(node: LexborNode) -> bool:
    parent = node.parent
    for _ in range(6):
        if parent is None or parent.tag in ("article", "main", "body"):
            return False
        if parent.tag == "a":
            return True
        parent = parent.parent
    return False


def _scope(heading: LexborNode | None) -> LexborNode | None:
    """The element that the headline is the headline of: where lead and byline stand, and other pages' teasers do not."""
    node = heading.parent if heading is not None else None
    for _ in range(12):
        if node is None or node.tag in ("article", "main", "body"):
            return node
        node = node.parent
    return node


def _says_more(lead: str, told: str) -> bool:
    """Whether a line under the headline is a lead: one without a full stop is a second headline, and the description says more."""
    if not told or lead.endswith(_STOPS):
        return True
    known, words_of_it = set(told.split()), set(fold(lead).split())
    return len(known & words_of_it) * 2 > min(len(known), len(words_of_it))


def _next_to(heading: LexborNode, sieve: Sieve) -> str:
    """One stretch of text right after the headline, or after what is around the headline."""
    node: LexborNode | None = heading
    for _ in range(3):
        if node is None or node.tag in ("body", "main", "article"):
            break
        after = node.next
        for _ in range(6):
            if after is None:
                break
            if after.is_element_node and not sieve.junk(after) and _one_stretch(after):
                return words(after)
            after = after.next
        node = node.parent
    return ""


def _one_stretch(node: LexborNode) -> bool:
    lead = words(node)
    if not 80 <= len(lead) <= MAX_LEAD or sieving.linked(node) * 3 > len(lead):
        return False
    return len(node.css("p")) <= 1 and not sieving.holds(node, "h2, h3, li, time")


def _lead_words(node: LexborNode) -> str:
    inner = [words(p) for p in node.css("p")[:4]]
    return " ".join(text for text in inner if len(text) >= 40) or ("" if inner else words(node))


def without_lead(lead: str, body: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """The lead, and the body without it: many pages show it again as the first paragraph, and in full only there."""
    if not lead:
        return "", body
    start = _beginning(lead)
    for at, block in enumerate(body[:3]):
        line = _beginning(block.text)
        if len(line) >= 40 and (line.startswith(start) or start.startswith(line)):
            whole, rest = max(block.text, lead, key=len), (*body[:at], *body[at + 1 :])
            # A message of one paragraph is text, not a lead to none.
            return (whole, rest) if rest else ("", (replace(block, text=whole),))
    return lead, body


def _beginning(text: str) -> str:
    """The first ALIKE characters of `fold`, without a look at the rest."""
    start = fold(text[: 4 * ALIKE])
    return (start if len(start) >= ALIKE else fold(text))[:ALIKE]


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


def _times(
    page: FetchedPage, layout: Layout, said: Claims, markup: Markup, heading: LexborNode | None, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    published = moment(words(markup.first(layout.published)), zone) if layout.published else None
    published = published or moment(said.article.get("datePublished"), zone)
    published = published or next((at for key in PUBLISHED if (at := moment(said.named(key), zone))), None)
    shown = _shown_time(layout, markup, zone)
    if published is None:
        scope = _scope(heading)
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
    while node is not None and len(found) < sieving.MAX_CLIMB:
        found.append(node.mem_id)
        node = node.parent
    return frozenset(found)


def _in_frame(node: LexborNode, around: frozenset[int]) -> bool:
    """Whether an element stands around the article, where the house says what day it is or what else appeared."""
    parent, framed = node.parent, False
    for _ in range(sieving.MAX_CLIMB):
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
