"""Finding the article's own words in a page: where the paragraphs stand, and what among them is not the article.

The weight of paragraphs decides where the body is; names of elements, classes and ids decide what does not belong to it.
The names are rows (`JUNK`), and the same machine serves publishers with a profile and those without.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from extractors.articles.markup import BREAK, Markup
from extractors.model import PartKind

STRIPPED = (
    "script style noscript svg iframe template picture video audio canvas object embed button select textarea input figure dialog map"
).split()
"""elements whose text is never the article's; figures hold captions"""

BLOCKS = "p, h2, h3, h4, h5, h6, li, blockquote, pre, dd"
_NESTED = "p, li, h2, h3, h4"
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_MAY_NEST = frozenset({"li", "blockquote", "dd"})

JUNK_TAGS = frozenset({"aside", "nav", "footer", "figcaption", "menu", "address", "form", "table", "details"})
JUNK_ROLES = frozenset(
    {"complementary", "navigation", "contentinfo", "search", "banner", "dialog", "alert", "menu", "tablist"}
)
JUNK: tuple[tuple[str, str], ...] = (
    (
        "teasers of other pages",
        r"teaser(?!s?-?text$)|related|recommend|empfehl|read-?more|more-?(?:on|from)|weitere|similar|outbrain|taboola|plista",
    ),
    (
        "teasers of other pages",
        r"link-?(?:list|box|block)|linklist|topics?\b|also-?read|lesenauch|mehr-?zum|crosslink|article-?list|storylist",
    ),
    (
        "advertising",
        r"\b(?:ad|ads|adv|advert\w*|adslot|ad-\w+|\w+-ad)\b|anzeige|werbung|sponsor|promo(?:tion|box)?\b|affiliate|commercial|shopping",
    ),
    (
        "asks for something",
        r"newsletter|subscri|paywall|\babo\b|abo-|registration|\blogin|spende|donat|support-us|piano|upsell|survey|umfrage",
    ),
    (
        "consent",
        r"consent|cookie|embed|opt-?in|privacy|datenschutz|\bcmp|external-?content|third-?party|social-?(?:post|media)",
    ),
    ("sharing and comments", r"shar(?:e|ing)|social|comment|kommentar|\bforum|rating|feedback|disqus|talkback|debat"),
    ("about the author", r"\bauthor|autor|byline|bio\b|vita\b|credits?\b|source-?line|quellen"),
    (
        "pictures and sound",
        r"caption|copyright|gallery|galerie|slider|slideshow|carousel|carrousel|player|podcast|audio|video|media-?(?:info|box)|lightbox|bildunter",
    ),
    (
        "frame of the page",
        r"breadcrumb|sidebar|footer|navi?\b|navigation|\bmenu|toolbar|masthead|metadata|meta-?(?:line|info|box|text)|\bmeta\b|tag-?(?:list|s)\b|\btags?\b|keywords|dateline|timestamp|pagination|skip-?link",
    ),
    ("hidden", r"hidden|visually|sr-only|screen-?reader|print-only|d-none|invisible"),
    (
        "boxes",
        r"info-?box|info-?kasten|factbox|fact-?box|glossar|disclaimer|poll\b|quiz|toc\b|table-of-contents|inhaltsverz|infobox|box-info|widget|liveticker-nav|stoerer|overlay|popup|modal|notice\b",
    ),
)
_JUNK = re.compile("|".join(f"(?:{words})" for _, words in JUNK), re.IGNORECASE)

JUNK_LINES: tuple[str, ...] = (
    r"(?:Lesen|Sehen|Hören) Sie (?:auch|hier|dazu|jetzt|mehr|weiter)\b.{0,200}$",
    r"(?:Mehr|Weitere[sn]?|Alles|Aktuelles?) (?:zum Thema|zu diesem Thema|dazu|Artikel|Meldungen|Nachrichten|Themen|Informationen|News|aus|von|über)\b.{0,80}$",
    r"(?:Auch interessant|Passend dazu|Das könnte Sie (?:auch )?interessieren|Zum Thema|Hintergrund|Siehe auch|Lesetipps?|Themen|Schlagworte|Tags|Links?)\s*:?$",
    r"(?:Anzeige|Werbung|Advertisement|Newsletter|Kommentare?|Teilen|Drucken|Merken|Feedback|Impressum|Artikel (?:teilen|merken|drucken))\b.{0,12}$",
    r"(?:Foto|Fotos|Bild|Bilder|Quelle|Quellen|Video|Grafik|Credit|Copyright|©|Symbolbild|Archivbild)\s?s?[:©/].{0,160}$",
    r"(?:Stand|Veröffentlicht|Aktualisiert|Erstellt|Letzte Aktualisierung|Zuletzt aktualisiert|Datum)\s*(?:am)?\s*:?\s*\d.{0,60}$",
    r"(?:Dieser|Diesen) (?:Artikel|Beitrag|Text) (?:ist|wurde|erschien|stammt|können Sie|hat)\b.{0,220}$",
    r"(?:Über dieses Thema|Dieses Thema im Programm|Darüber berichtete|Diese Nachricht wurde am)\b.{0,240}$",
    r"(?:Nutzungsbedingungen Embedding|Embed(?:ding)?-Code|Einbetten)\b.{0,200}$",
    r"(?:An dieser Stelle (?:finden|befindet|steht|haben)|Empfohlener (?:redaktioneller |externer )?Inhalt|Externer Inhalt|Wir (?:benötigen|brauchen) (?:hier )?(?:Ihre|deine)|Ich bin (?:damit )?einverstanden|Mit Klick auf|Um diesen? Inhalte? (?:an|dar)zu)",
    r"(?:Abonnieren Sie|Jetzt (?:abonnieren|anmelden|testen|kostenlos)|Melden Sie sich|Hier (?:anmelden|abonnieren)|Folgen Sie uns|Zur Startseite|Zum Inhalt springen|Zurück zu[mr]?)\b.{0,200}$",
    r"\(?(?:dpa|afp|reuters|apa|ap|kna|epd|sda|rtr|ots|red\.?|sid)(?:[/,\s|-]+[A-Za-zäöü.]{1,20}){0,4}\)?$",
    r"(?:Mit (?:Material|Informationen) (?:von|der)|(?:Mit )?Agenturmaterial)\b.{0,90}$",
    r"\d{1,2}[.:]\d\d\s?(?:Uhr|min)?$|\d+ (?:Min\.?|Minuten)(?: Lesezeit)?$|Lesezeit\b.{0,20}$",
    r"(?:Seite \d|\d+ von \d+|\d+/\d+|\d+ Bilder|zur Galerie)\b.{0,30}$",
)
_JUNK_LINE = re.compile("|".join(f"(?:{line})" for line in JUNK_LINES), re.IGNORECASE)

MIN_WEIGHT = 40
"""characters of own (unlinked) text from which a paragraph says where the body is"""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of body text. `weight` is its length without linked words."""

    kind: PartKind
    text: str
    weight: int


@dataclass(slots=True)
class Sieve:
    """Knows for each element whether it belongs to the article; remembers, since paragraphs share their ancestors."""

    words: bool = True
    dropped: frozenset[int] = frozenset()
    _known: dict[int, bool] = field(default_factory=dict)

    def junk(self, node: LexborNode | None) -> bool:
        """Whether the element, or one around it, is not the article's."""
        chain: list[int] = []
        verdict = False
        while node is not None:
            key = node.mem_id
            known = self._known.get(key)
            if known is not None:
                verdict = known
                break
            chain.append(key)
            if self._own(node, key):
                verdict = True
                break
            node = node.parent
        for key in chain:
            self._known[key] = verdict
        return verdict

    def clear(self, node: LexborNode | None) -> None:
        """This element and those around it belong to the article whatever they are called."""
        while node is not None:
            self._known[node.mem_id] = False
            node = node.parent

    def _own(self, node: LexborNode, key: int) -> bool:
        if key in self.dropped:
            return True
        tag = node.tag
        if tag in ("html", "body", "main", "-undef", "-document") or tag is None:
            return False
        if tag in JUNK_TAGS and not (tag == "form" and node.css_first("h1") is not None):
            return True
        if not self.words:
            return False
        attributes = node.attributes
        if attributes.get("role") in JUNK_ROLES or attributes.get("aria-hidden") == "true" or "hidden" in attributes:
            return True
        name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        return len(name) > 2 and _JUNK.search(name[:300]) is not None


def strip(markup: Markup) -> None:
    """Take out what is never text, and let <br> show in the text of its paragraph."""
    markup.tree.strip_tags(STRIPPED)
    for br in markup.tree.css("br")[:20_000]:
        br.replace_with(BREAK)


def body_of(markup: Markup, sieve: Sieve) -> LexborNode | None:
    """The smallest element that holds most of the weight of all paragraphs."""
    weights: dict[int, int] = defaultdict(int)
    children: dict[int, dict[int, LexborNode]] = defaultdict(dict)
    for paragraph in markup.all("p")[:4_000]:
        weight = len(paragraph.text()) - linked(paragraph)
        if weight < MIN_WEIGHT or sieve.junk(paragraph):
            continue
        child, node = paragraph, paragraph.parent
        for _ in range(200):
            if node is None:
                break
            weights[node.mem_id] += weight
            children[node.mem_id][child.mem_id] = child
            child, node = node, node.parent
    return _descend(markup.tree.body, weights, children)


def _descend(
    node: LexborNode | None, weights: dict[int, int], children: dict[int, dict[int, LexborNode]]
) -> LexborNode | None:
    """From the page's body down, as long as one child holds most of what its parent holds."""
    if node is None or not weights:
        return None
    while True:
        inner = children.get(node.mem_id, {})
        heavy = max(inner.values(), key=lambda child: weights.get(child.mem_id, 0), default=None)
        if heavy is None or weights.get(heavy.mem_id, 0) < 0.6 * weights[node.mem_id]:
            return node
        node = heavy


def linked(node: LexborNode) -> int:
    """Characters that stand in links."""
    return sum(len(link.text()) for link in node.css("a"))


def blocks(container: LexborNode, sieve: Sieve, junk: re.Pattern[str] | None = None) -> Iterator[Block]:
    """The stretches of text in document order, without what the sieve and the lines of boilerplate hold back."""
    for node in container.css(BLOCKS)[:5_000]:
        if sieve.junk(node):
            continue
        tag = node.tag
        if tag in _MAY_NEST and node.css_first(_NESTED) is not None:
            continue
        text = node.text()
        size = len(text)
        own = size - linked(node)
        if own * 5 < size and (size < 200 or tag == "li"):
            continue
        yield from _lines(text, PartKind.SUBHEAD if tag in _HEADINGS else PartKind.PARAGRAPH, own, node, junk)


def _lines(text: str, kind: PartKind, own: int, node: LexborNode, junk: re.Pattern[str] | None) -> Iterator[Block]:
    """A paragraph, or several where two <br> part them; bold words before a <br> are a subhead."""
    if BREAK not in text:
        yield from _kept(text, kind, own, junk, bold=kind is PartKind.PARAGRAPH and _bold(node, text))
        return
    first, rest = text.split(BREAK, 1)
    if kind is PartKind.PARAGRAPH and rest.strip() and _bold(node, first):
        yield from _kept(first, kind, own, junk, bold=True)
        text = rest
    for piece in re.split(rf"{BREAK}\s*{BREAK}+", text):
        yield from _kept(piece.replace(BREAK, " "), kind, min(own, len(piece)), junk, bold=False)


def _kept(text: str, kind: PartKind, own: int, junk: re.Pattern[str] | None, *, bold: bool) -> Iterator[Block]:
    line = " ".join(text.split()).replace("\xad", "")
    if len(line) < 2 or _JUNK_LINE.match(line) or (junk is not None and junk.match(line)):
        return
    if bold and len(line) <= 90 and not line.endswith((".", ":", ",", "“", '"')):
        kind = PartKind.SUBHEAD
    if kind is PartKind.SUBHEAD and len(line) > 250:
        kind = PartKind.PARAGRAPH
    yield Block(kind, line, own)


def _bold(node: LexborNode, text: str) -> bool:
    """Whether these words are all of the element's first bold stretch."""
    bold = node.css_first("strong, b")
    return bold is not None and 3 < len(text.strip()) <= 120 and bold.text().strip(f" \n\t{BREAK}") == text.strip()


def tidy(found: Iterable[Block]) -> list[Block]:
    """Without repeated paragraphs, and without subheads that nothing follows."""
    seen: set[str] = set()
    kept: list[Block] = []
    for block in found:
        if block.text in seen and block.kind is PartKind.PARAGRAPH:
            continue
        seen.add(block.text)
        kept.append(block)
    while kept and kept[-1].kind is PartKind.SUBHEAD:
        kept.pop()
    return kept
