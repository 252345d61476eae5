"""What in a page is not the article: by the names of elements, classes and ids, which are rows (`JUNK`), and by words of lines."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from extractors.articles.markup import BREAK, Named

STRIPPED = frozenset(
    "script style noscript svg iframe template picture video audio canvas object embed button select textarea input figure dialog map".split()
)
"""elements whose text is never the article's; figures hold captions"""

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
        name = name_of(attributes)
        return len(name) > 2 and _called_junk(name, tag == "p")


@functools.lru_cache(maxsize=20_000)
def _called_junk(name: str, paragraph: bool) -> bool:
    """Remembered, since pages of a house use the same names again and again."""
    return (_JUNK_PARAGRAPH if paragraph else _JUNK).search(name.lower()) is not None


@functools.lru_cache(maxsize=20_000)
def never_the_article(name: str) -> bool:
    return _NEVER.search(name.lower()) is not None


def name_of(attributes: Mapping[str, str | None]) -> str:
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:300]


def strip(elements: Sequence[Named]) -> None:
    """Take out the STRIPPED among these elements of the page, and let each <br> show in the text of its paragraph."""
    for br in [node for name, node in elements if name == "br"][:20_000]:
        br.replace_with(BREAK)
    # From the last to the first: an element that has been taken out with another one around it must not be touched again.
    for node in reversed([node for name, node in elements if name in STRIPPED]):
        node.decompose(recursive=False)


def junk_line(line: str) -> bool:
    """Whether a line is what houses write around their articles, not in them."""
    if begins_as_junk(line):
        return True
    return len(line) <= MAX_ENDED and any(end.search(line) is not None for word, end in _JUNK_END if word in line)


def begins_as_junk(line: str) -> bool:
    """The same by its beginning: descriptions may well end with a picture's credit."""
    return _JUNK_LINE.match(line) is not None
