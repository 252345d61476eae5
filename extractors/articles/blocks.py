"""Finding the article's own words in a page: where the paragraphs stand, and what among them is not the article.

The weight of paragraphs decides where the body is; names of elements, classes and ids decide what does not belong to it.
The names are rows (`JUNK`), and the same machine serves publishers with a profile and those without.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from extractors.articles.markup import BREAK, Markup, Named, numbers, on_one_line
from extractors.model import PartKind

STRIPPED = frozenset(
    "script style noscript svg iframe template picture video audio canvas object embed button select textarea input figure dialog map".split()
)
"""elements whose text is never the article's; figures hold captions"""

BLOCKS = "p, h2, h3, h4, h5, h6, li, blockquote, pre, dd"
_NESTED = "p, li, h2, h3, h4"
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_MAY_NEST = frozenset({"li", "blockquote", "dd"})
_TEXTUAL = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "li", "pre", "dd"})
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s small span strong sub sup time tt u var wbr".split()
)
_LINK = numbers(frozenset({"a"}))
_PARTED = re.compile(rf"{BREAK}\s*{BREAK}+")
"""two <br> make a paragraph"""

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
        r"newsletter|subscri|paywall[-_]*(?:box|teaser|offer|hint|info|layer|overlay|banner)|\babo\b|abo-|registration|\blogin|spende|donat|support-us|piano|upsell|survey|umfrage",
    ),
    (
        "consent",
        r"consent|cookie|opt-?in|privacy|datenschutz|\bcmp",
    ),
    ("brought in from elsewhere", r"embed|external-?content|third-?party|social-?(?:post|media)"),
    ("sharing and comments", r"shar(?:e|ing)|social|comment|kommentar|\bforum|rating|feedback|disqus|talkback|debat"),
    ("about the author", r"\bauthor|autor|byline|bio\b|vita\b|credits?\b|source-?line|quellen"),
    (
        "pictures and sound",
        r"caption|annotation|copyright|gallery|galerie|slider|slideshow|carousel|carrousel|player|podcast|audio|video|media-?(?:info|box)|lightbox|bildunter|absatzbild",
    ),
    (
        "frame of the page",
        r"breadcrumb|sidebar|footer|navi?\b|navigation|\bmenu|toolbar|masthead|metadata|meta-?(?:line|info|box|text)|\bmeta\b|tag-?(?:list|s)\b|\btags?\b|keywords|dateline|timestamp|pagination|skip-?link",
    ),
    ("hidden", r"hidden|visually|offscreen|sign-?in|sr-only|screen-?reader|print-only|d-none|invisible"),
    (
        "boxes",
        r"info-?box|info-?kasten|factbox|fact-?box|glossar|disclaimer|poll\b|quiz|toc\b|table-of-contents|inhaltsverz|infobox|box-info|widget|liveticker-nav|stoerer|overlay|popup|modal|notice\b",
    ),
)
# Names are looked at in small letters: not to have to ignore case takes a third of the time.
_JUNK = re.compile("|".join(f"(?:{words})" for _, words in JUNK))
_JUNK_PARAGRAPH = re.compile("|".join(f"(?:{words})" for kind, words in JUNK if kind != "teasers of other pages"))
"""A paragraph called teaser is the article's own lead; other pages' teasers are bigger elements."""

NEVER_THE_ARTICLE = frozenset({"teasers of other pages", "sharing and comments", "consent", "hidden"})
_NEVER = re.compile("|".join(f"(?:{words})" for kind, words in JUNK if kind in NEVER_THE_ARTICLE))
"""What holds most of a page's text is its article even if it is called a paywall, but not if it is called comments."""

JUNK_LINES: tuple[str, ...] = (
    r"(?:Lesen|Sehen|Hören) Sie (?:auch|hier|dazu|jetzt|mehr|weiter)\b.{0,200}$",
    r"(?:Mehr|Weitere[sn]?|Alles|Aktuelles?) (?:zum Thema|zu diesem Thema|dazu|Artikel|Meldungen|Nachrichten|Themen|Informationen|News|aus|von|über)\b.{0,80}$",
    r"(?:Auch interessant|Passend dazu|Das könnte Sie (?:auch )?interessieren|Zum Thema|Auf dieser Seite|Die Redaktion empfiehlt|Audio und Video zum Thema|Hintergrund|Siehe auch|Lesetipps?|Themen|Schlagworte|Tags|Links?)\s*:?$",
    r"(?:Anzeige|Werbung|Advertisement|Newsletter|Kommentare?|Teilen|Drucken|Merken|Feedback|Impressum|Artikel (?:teilen|merken|drucken))\b.{0,12}$",
    r"(?:Foto|Fotos|Bild|Bilder|Quelle|Quellen|Video|Grafik|Credit|Copyright|©|Symbolbild|Archivbild)\s?s?[:©/].{0,160}$",
    r"(?:Stand|Veröffentlicht|Aktualisiert|Erstellt|Letzte Aktualisierung|Zuletzt aktualisiert|Datum)\s*(?:am)?\s*:?\s*\d.{0,60}$",
    r"(?:Dieser|Diesen) (?:Artikel|Beitrag|Text) (?:ist|wurde|erschien|stammt|können Sie|hat|lief)\b.{0,220}$",
    r"Der (?:Artikel|Beitrag|Text) wurde (?:zuletzt )?(?:am|um) \d.{0,80}$",
    r"(?:Sendung|Sendehinweis)\s?: .{0,120}$",
    r"(?:Weiterlesen|Lese-?tipp|Auch interessant|Passend dazu)\s?: .{0,150}$",
    r"[➤▶►→]\s*(?:Weiterlesen|Lesen|Mehr|Hintergrund|Video|Podcast|Kommentar|Analyse|Interview)\b.{0,150}$",
    r"Mehr (?:zu[mr]?|über|dazu)\b.{0,100}\b(?:lesen|finden|sehen|hören|erfahren) Sie\b.{0,80}$",
    r"Hier geht(?: e|')s (?:zum|zur|zu den)\b.{0,40}$",
    r"(?:(?:Sie haben|Haben Sie|Hast du) einen )?Fehler (?:gefunden|entdeckt)\s?\?.{0,80}$",
    r"(?:Diskutieren Sie|Diskutiere|Jetzt) mit(?:diskutieren|reden)?\b.{0,40}$|\d+ Kommentare?$|(?:(?:Kommentare?|Kommentieren|Drucken|Teilen|Merken)\s?){2,}$",
    r"Ein Klick für den Datenschutz$|Datenschutzeinstellungen anpassen$|Ihre Werbeblocker\b.{0,30}$",
    r"In diesem (?:Artikel|Beitrag|Text) (?:sind|stecken|befinden sich|werden)\b.{0,60}\bAffiliate\b",
    r"(?:Diese[nr]? |Den )?(?:Artikel|Beitrag|Text) (?:an)?hören\b.{0,20}$|Audio (?:herunterladen|abspielen|anhören)$|(?:Dieses )?Video (?:ansehen|abspielen|starten)\b.{0,60}$",
    r"(?:©\s?)?dpa-infocom\b.{0,60}$|(?:©\s?)?dpa:\d{6}-.{0,40}$",
    r"(?:Über dieses Thema|Dieses Thema im Programm|Darüber berichtete|Diese Nachricht wurde am)\b.{0,240}$",
    r"(?:Nutzungsbedingungen Embedding|Embed(?:ding)?-Code|Einbetten)\b.{0,200}$|Embed$",
    r"(?:An dieser Stelle (?:finden|befindet|steht|haben)|Empfohlener (?:redaktioneller |externer )?Inhalt|Externer Inhalt|Wir (?:benötigen|brauchen) (?:hier )?(?:Ihre|deine)|Ich bin (?:damit )?einverstanden|Mit Klick auf|Um diesen? Inhalte? (?:zu sehen|anzu|darzu))",
    r"(?:Folgst du|Link zum \w+-Inhalt|Abonnieren Sie|Jetzt (?:abonnieren|anmelden|testen|kostenlos)|Melden Sie sich|Hier (?:anmelden|abonnieren)|Folgen Sie uns|Folge uns (?:auf|bei)|Zur Startseite|Zum Inhalt springen|Zurück zu[mr]?)\b.{0,200}$",
    r"\d{1,2}[.:]\d\d\s?(?:Uhr|min)?$|\d+ (?:Min\.?|Minuten)(?: Lesezeit)?$|(?:Lesezeit|Lesedauer)\b.{0,20}$",
    r"Das könnte (?:Sie|Dich|Euch) (?:auch |ebenfalls )?interessieren\s?:.{0,150}$",
    r"(?:Aktuelle|Neue|Wichtige|Alle) Nachrichten aufs Handy\s?\?|Die \w+ auch bei Social Media\b.{0,120}$",
    r"(?:\.\.\.|…)\s?(?:ist|war|arbeitet|leitet|lehrt|forscht|schreibt|berichtet|studierte)\b.{0,500}$",
    r"©\s?.{2,100}$",
    r"(?:Seite \d|\d+ von \d+|\d+/\d+|\d+ Bilder|zur Galerie)\b.{0,30}$",
)
_JUNK_LINE = re.compile("|".join(f"(?:{line})" for line in JUNK_LINES), re.IGNORECASE)

JUNK_ENDS: tuple[tuple[str, str, str], ...] = (
    (
        "a picture's credit",
        "Foto foto Bild bild Grafik",
        r"(?:^|[(|.] ?| )(?:Foto|Fotos|Bild|Bildquelle|Grafik|Archivbild|Archivfoto|Symbolbild|Symbolfoto)\s?[:©] ?[^.!?:„“\"]{2,60}\)?$",
    ),
    ("a film's length", "min", r"\d{1,2}\.\d{1,2}\.\d{4} \| \d{1,3}:\d\d min$"),
    ("where an author's other texts are", "hier", r"\b(?:Artikel|Texte|Beiträge) finden Sie hier\.?$"),
    (
        "where more is told",
        "blog Blog icker letter odcast",
        r"^(?:[^.!?]{0,160}\b(?:lesen|finden|verfolgen|sehen|hören) Sie|Alle[s ][^.!?]{0,60}) (?:hier |auch )?(?:in|im|bei) (?:.{0,25}\b)?(?:Live-?blog|Live-?ticker|Newsblog|Newsletter|Podcast)\W*$",
    ),
    (
        "asks to follow",
        "letter WhatsApp Whatsapp Instagram Telegram Google",
        r"(?:^Mit unserem (?:\w+ ){0,3}Newsletter\b|\bNewsletter\b.{0,60}\b(?:anmelden|abonnieren|bestellen)\W*$|\b(?:Abonniere|Folge|Abonnieren Sie|Folgen Sie)\b.{0,60}\b(?:WhatsApp|Instagram|Telegram|Google News)\b)",
    ),
)
"""How lines end that are not the article's: captions with their credit, and what leads elsewhere. The words in the middle are
those of which each such line has one: to look for them is quicker."""
_JUNK_END = tuple((word, re.compile(line, re.IGNORECASE)) for _, words, line in JUNK_ENDS for word in words.split())
MAX_ENDED = 300
"""characters; a longer line that ends so is a paragraph with something stuck to it"""

_ASIDE = re.compile(
    r"\s*(?:\((?:Link )?(?:öffnet|wird)(?: sich)? (?:in|im)(?: einem)? neue[mn] \w{0,8}-?(?:Fenster|Tab)(?: geöffnet)?\)|[(\[]externer Link[)\]])(?:\s+(?=[,.;:!?]))?",
    re.IGNORECASE,
)
"""what links say to those who hear a page"""

_INITIAL = '[class*="initial" i], [class*="dropcap" i], [class*="drop-cap" i]'
_APART = re.compile(r"\s*[A-ZÄÖÜ]\s+[a-zäöüß]")
"""a first letter that stands apart from its word where an INITIAL is drawn large"""

MIN_RUN = 25
"""characters of text straight in a <div> that are worth reading"""
MAX_CLIMB = 200
"""ancestors looked at"""
MAX_NESTING = 60
"""elements inside each other that text is followed into"""
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
    trusted: set[int] = field(default_factory=set)
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

    def trust(self, node: LexborNode) -> None:
        """This element is not junk by its own name; what is around or inside it still may be."""
        self.trusted.add(node.mem_id)

    def _own(self, node: LexborNode, key: int) -> bool:
        if key in self.dropped:
            return True
        tag = node.tag
        if tag in ("html", "body", "main", "-undef", "-document") or tag is None:
            return False
        if tag in JUNK_TAGS and not (tag == "form" and node.css_first("h1") is not None):
            return True
        if not self.words or key in self.trusted:
            return False
        attributes = node.attributes
        if tag == "a":  # what holds whole paragraphs is a card that leads to another page
            return "href" in attributes
        if attributes.get("role") in JUNK_ROLES or attributes.get("aria-hidden") == "true" or "hidden" in attributes:
            return True
        name = _name(attributes)
        return len(name) > 2 and _called_junk(name, tag == "p")


@functools.lru_cache(maxsize=20_000)
def _called_junk(name: str, paragraph: bool) -> bool:
    """Remembered, since pages of a house use the same names again and again."""
    return (_JUNK_PARAGRAPH if paragraph else _JUNK).search(name.lower()) is not None


@functools.lru_cache(maxsize=20_000)
def _never(name: str) -> bool:
    return _NEVER.search(name.lower()) is not None


def _name(attributes: Mapping[str, str | None]) -> str:
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:300]


def strip(elements: Sequence[Named]) -> None:
    """Take out the STRIPPED among these elements of the page, and let each <br> show in the text of its paragraph."""
    for br in [node for name, node in elements if name == "br"][:20_000]:
        br.replace_with(BREAK)
    # From the last to the first: an element that has been taken out with another one around it must not be touched again.
    for node in reversed([node for name, node in elements if name in STRIPPED]):
        node.decompose(recursive=False)


@dataclass(slots=True)
class Weights:
    """How much paragraph text each element holds, and which of its children hold it."""

    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    children: dict[int, dict[int, LexborNode]] = field(default_factory=lambda: defaultdict(dict))
    _chains: dict[int, list[int]] = field(default_factory=dict)
    """an element and those around it: paragraphs stand side by side, and the way up is gone once"""

    def add(self, node: LexborNode, weight: int) -> None:
        parent = node.parent
        if parent is None:
            return
        key = parent.mem_id
        self.children[key][node.mem_id] = node
        if key not in self._chains:
            self._chains[key] = self._chain(parent)
        for one in self._chains[key]:
            self.held[one] += weight

    def _chain(self, node: LexborNode) -> list[int]:
        chain = [node.mem_id]
        child, parent = node, node.parent
        while parent is not None and len(chain) < MAX_CLIMB:
            chain.append(parent.mem_id)
            self.children[parent.mem_id][child.mem_id] = child
            child, parent = parent, parent.parent
        return chain

    def heaviest(self, node: LexborNode) -> tuple[LexborNode | None, int]:
        inner = self.children.get(node.mem_id, {})
        child = max(inner.values(), key=lambda one: self.held.get(one.mem_id, 0), default=None)
        return child, self.held.get(child.mem_id, 0) if child is not None else 0


def paragraphs(markup: Markup) -> list[tuple[LexborNode, int]]:
    """Elements with running text of their own and how much of it is not linked."""
    found = []
    for node in markup.all("p, div")[:8_000]:
        weight = len(node.text(deep=False).strip()) if node.tag == "div" else len(whole_text(node)) - linked(node)
        if weight >= MIN_WEIGHT:
            found.append((node, weight))
    return found


def spare(weighed: list[tuple[LexborNode, int]], sieve: Sieve) -> None:
    """Clear elements that hold a quarter of the page's text from the suspicion their names bring upon them."""
    all_of_it = Weights()
    for node, weight in weighed:
        all_of_it.add(node, weight)
    total = sum(weight for _, weight in weighed)
    held = all_of_it.held
    for inner in all_of_it.children.values():
        for node in inner.values():
            if held.get(node.mem_id, 0) * 4 > total and not _never(_name(node.attributes)):
                sieve.trust(node)


def body_of(
    markup: Markup, weighed: list[tuple[LexborNode, int]], sieve: Sieve, heading: LexborNode | None
) -> LexborNode | None:
    """The smallest element that holds the text of the article, by the weight of paragraphs."""
    weights = Weights()
    for paragraph, weight in weighed:
        if not sieve.junk(paragraph):
            weights.add(paragraph, weight)
    node: LexborNode | None = None
    inner = markup.tree.body if weights.held else None
    while inner is not None:
        node, inner = inner, _inner(inner, weights, heading)
    return node


NEARLY_ALL, MOST, MUCH = 0.85, 0.75, 0.35


def _inner(node: LexborNode, weights: Weights, heading: LexborNode | None) -> LexborNode | None:
    """The child that the article is in, or None when it is this element itself.

    Articles are cut into several wrappers of one kind (around advertisements and teasers): brothers of one kind belong together.
    """
    heavy, weight = weights.heaviest(node)
    if heavy is None:
        return None
    share = weight / weights.held[node.mem_id]
    alone = share >= NEARLY_ALL or (share >= MOST and not _brothers(heavy, node, weights))
    if alone and not _beside(heavy, node, weights):
        return heavy
    if share >= MUCH and heading is not None and _holds(heavy, heading):
        return heavy
    return None


def _beside(child: LexborNode, node: LexborNode, weights: Weights) -> bool:
    """Whether a paragraph stands right before the child, such as the first one before a paywall; or a wrapper of its kind."""
    if node.tag in ("body", "main"):
        return False
    weighed, kind = weights.children[node.mem_id], _kind(child)
    for other in node.iter():
        if other.mem_id == child.mem_id:
            return False
        if other.mem_id in weighed and (other.tag == "p" or (kind[1] and _kind(other) == kind)):
            return True
    return False


def _brothers(child: LexborNode, node: LexborNode, weights: Weights) -> bool:
    """Whether other children of the same kind hold a tenth of the text."""
    kind = _kind(child)
    others = sum(
        weights.held.get(key, 0) or MIN_WEIGHT
        for key, other in weights.children[node.mem_id].items()
        if key != child.mem_id and _kind(other) == kind
    )
    return others * 10 >= weights.held[node.mem_id]


def _kind(node: LexborNode) -> tuple[str | None, str]:
    return node.tag, (node.attributes.get("class") or "").split(" ")[0]


def _holds(node: LexborNode, inner: LexborNode) -> bool:
    key = node.mem_id
    parent: LexborNode | None = inner
    for _ in range(MAX_CLIMB):
        if parent is None:
            return False
        if parent.mem_id == key:
            return True
        parent = parent.parent
    return False


def linked(node: LexborNode) -> int:
    """Characters that stand in links."""
    return 0 if _bare(node) else _in_links(node)


def _in_links(node: LexborNode) -> int:
    # Few elements are inside: to walk them takes less time than to have the parser read a selector.
    return sum([len(whole_text(inner)) for inner in node.traverse() if inner.tag_id in _LINK])


def _bare(node: LexborNode) -> bool:
    """Whether nothing but one run of text is in the element, as in most paragraphs."""
    inner = node.first_child
    return inner is None or (inner.next is None and inner.is_text_node and node.tag != "a")


def whole_text(node: LexborNode) -> str:
    """An element's text as `text()` has it, gathered by the parser itself: a third quicker."""
    return node.text_lexbor()


def blocks(
    container: LexborNode, sieve: Sieve, junk: re.Pattern[str] | None = None, heading: LexborNode | None = None
) -> list[Block]:
    """The stretches of text in document order, without what the sieve and the lines of boilerplate hold back.

    What stands before the heading is no part of the body.
    """
    found: list[Block] = []
    top = heading.mem_id if heading is not None else 0
    for node in container.css(f"h1, {BLOCKS}")[:5_000]:
        if node.mem_id == top:
            found.clear()
        elif node.tag != "h1" and not sieve.junk(node):
            found.extend(stretch(node, junk))
    return found


def holds(node: LexborNode, selector: str) -> bool:
    """Whether something inside the element matches; the element itself does not count, though `css_first` would find it."""
    return any(child.css_first(selector) is not None for child in node.iter())


def stretch(node: LexborNode, junk: re.Pattern[str] | None) -> Iterator[Block]:
    """What one element of text gives: nothing, a block, or several."""
    tag = node.tag
    if tag in _MAY_NEST and holds(node, _NESTED):
        return
    text = whole_text(node)
    if _APART.match(text) and holds(node, _INITIAL):
        text = "".join(text.split(maxsplit=1))
    bare = _bare(node)
    size = len(text)
    own = size if bare else size - _in_links(node)
    if (own * 5 < size < 200) or (tag == "li" and own * 2 < size):
        return
    kind = PartKind.SUBHEAD if tag in _HEADINGS else PartKind.PARAGRAPH
    if BREAK in text:
        yield from _lines(text, kind, own, node, junk)
    else:
        bold = kind is PartKind.PARAGRAPH and not bare and _bold(node, text)
        yield from _kept(text, kind, own, junk, bold=bold)


def runs(node: LexborNode, sieve: Sieve, junk: re.Pattern[str] | None = None, depth: int = 0) -> Iterator[Block]:
    """The same for pages that write text straight into <div>, with <br> between: slower, but no stretch is missed."""
    run: list[str] = []
    for child in node.iter(include_text=True):
        tag = child.tag
        if tag == "-text" or (tag in _INLINE and not holds(child, f"{BLOCKS}, div")):
            run.append(child.text())
            continue
        yield from _run(run, junk)
        run.clear()
        if tag in _TEXTUAL and not sieve.junk(child):
            yield from stretch(child, junk)
        elif depth < MAX_NESTING and not sieve.junk(child):
            yield from runs(child, sieve, junk, depth + 1)
    yield from _run(run, junk)


def _run(run: list[str], junk: re.Pattern[str] | None) -> Iterator[Block]:
    text = "".join(run)
    for piece in _PARTED.split(text) if len(text) >= MIN_RUN else ():
        yield from _kept(piece.replace(BREAK, " "), PartKind.PARAGRAPH, len(piece), junk, bold=False)


def _lines(text: str, kind: PartKind, own: int, node: LexborNode, junk: re.Pattern[str] | None) -> Iterator[Block]:
    """A paragraph, or several where two <br> part them; bold words before a <br> are a subhead."""
    first, rest = text.split(BREAK, 1)
    if kind is PartKind.PARAGRAPH and rest.strip() and _bold(node, first):
        yield from _kept(first, kind, own, junk, bold=True)
        text = rest
    for piece in _PARTED.split(text):
        yield from _kept(piece.replace(BREAK, " "), kind, min(own, len(piece)), junk, bold=False)


def _kept(text: str, kind: PartKind, own: int, junk: re.Pattern[str] | None, *, bold: bool) -> Iterator[Block]:
    line = on_one_line(text)
    if "neue" in line or "extern" in line:
        line = _ASIDE.sub("", line)
    if len(line) < 2 or junk_line(line) or (junk is not None and junk.match(line)):
        return
    if bold and len(line) <= 90 and not line.endswith((".", ":", ",", "“", '"')):
        kind = PartKind.SUBHEAD
    if kind is PartKind.SUBHEAD and len(line) > 250:
        kind = PartKind.PARAGRAPH
    yield Block(kind, line, own)


def junk_line(line: str) -> bool:
    """Whether a line is what houses write around their articles, not in them."""
    if begins_as_junk(line):
        return True
    return len(line) <= MAX_ENDED and any(end.search(line) is not None for word, end in _JUNK_END if word in line)


def begins_as_junk(line: str) -> bool:
    """The same by its beginning: descriptions may well end with a picture's credit."""
    return _JUNK_LINE.match(line) is not None


def _bold(node: LexborNode, text: str) -> bool:
    """Whether these words are all of the element's first bold stretch."""
    said = text.strip()
    if not 3 < len(said) <= 120:
        return False
    bold = node.css_first("strong, b")
    return bold is not None and bold.text().strip(f" \n\t{BREAK}") == said


def tidy(found: Iterable[Block]) -> list[Block]:
    """Without repeated paragraphs, and without subheads that nothing follows."""
    seen: set[str] = set()
    kept: list[Block] = []
    for block in found:
        if block.text in seen and block.kind is PartKind.PARAGRAPH:
            continue
        seen.add(block.text)
        kept.append(block)
    kept = _without_cut_off(kept)
    while kept and kept[-1].kind is PartKind.SUBHEAD:
        kept.pop()
    return kept


CUT_OFF = 3
"""paragraphs at the end that break off with dots, from which they are the beginnings of other articles"""


def _without_cut_off(found: list[Block]) -> list[Block]:
    """Without a tail of which CUT_OFF or more, and no fewer than every other, break off."""
    cut = [at for at, block in enumerate(found) if block.text.endswith(("...", "…"))]
    for nth, at in enumerate(cut):
        left = len(cut) - nth
        if left >= CUT_OFF and left * 2 >= len(found) - at:
            return found[:at]
    return found
