"""Is it an article? Rules that refuse a page, each a row with its reason; they look at what was read, not at the publisher."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from extractors.articles.markup import Markup
from extractors.articles.metadata import ARTICLE_TYPES
from extractors.articles.reading import Reading
from extractors.articles.refusal import NotAnArticle, Reason

LITTLE = 600
"""characters of body: a page that is something else may have this much text, an article may too"""
HARDLY_ANY = 200
ASKING = 3000
"""characters of the text that show whether it does nothing but ask for consent: then there is a word of it in each 250"""
MAX_TEXT = 400_000
"""characters: a novel; the longest article of our collections has under 100,000"""

# A bare 404 may as well count the dead, or the pages of a report.
GONE = re.compile(
    r"\b(?:(?:Fehler|Error|Status|HTTP)(?:code)?[ -]?404|404\W+(?:Fehler|Error|Seite|Page|nicht|not)|nicht gefunden|not found|existiert nicht|nicht (?:mehr )?(?:verfügbar|vorhanden|erreichbar)|"
    r"konnte(?:n)? (?:leider )?nicht gefunden|gibt es nicht(?: mehr)?|Seite (?:wurde )?(?:gelöscht|entfernt)|depubliziert)\b",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"\b(?:Cookies?|Einwilligung|Zustimmung|zustimmen|akzeptieren|Consent|Tracking|Privatsphäre|Datenschutz-?Einstellungen|"
    r"PUR-?Abo|werbefrei|mit Werbung)\b",
    re.IGNORECASE,
)
OFFER = re.compile(
    r"(?:(?:Jetzt|Hier) (?:weiterlesen|testen|abonnieren|freischalten|registrieren|Abo)|[Ww]eiterlesen mit|Sie haben bereits ein|"
    r"(?:Nur|Exklusiv|exklusiv) für (?:Abonnent|unsere Abonnent|Plus|Mitglieder|registrierte)|Dieser (?:Artikel|Inhalt|Beitrag) ist (?:nur |exklusiv )?"
    r"(?:für|Teil|Abonnent|kostenpflichtig)|im Abo weiterlesen|Weiter mit (?:Abo|Plus)|Lesen Sie (?:diesen Artikel|weiter) mit|"
    r"(?:1|Ein(?:en)?|vier|4) (?:Monate?|Wochen?) (?:gratis|kostenlos|für \d)|Zugang zu allen (?:Artikeln|Inhalten)|\bmonatlich kündbar\b)"
)
SCRIPT = re.compile(
    r"JavaScript (?:aktivieren|einschalten|erforderlich|benötigt|wird)|enable JavaScript|requires? JavaScript",
    re.IGNORECASE,
)
_LIVE = re.compile(r"live-?(?:ticker|blog)|newsblog|newsticker", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rules look at. `text` is the beginning of all that the page shows."""

    url: str
    reading: Reading
    markup: Markup
    text: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path.lower()

    @property
    def weight(self) -> int:
        return self.reading.weight

    @property
    def kind(self) -> str:
        return self.reading.claims.named("og:type").lower()

    @property
    def headline(self) -> str:
        return self.reading.title.headline

    @property
    def claims_article(self) -> bool:
        return bool(self.reading.claims.types & ARTICLE_TYPES)

    @property
    def shared_as_article(self) -> bool:
        """Many short messages stand among fifty teasers, without linked data. Lists are shared as websites."""
        return self.kind == "article" and self.reading.published_at is not None


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    reason: Reason
    applies: Callable[[Seen], object]


def _called(seen: Seen, types: frozenset[str], kinds: str, places: tuple[str, ...], selector: str) -> bool:
    """Whether the page says to be made for watching or listening, not for reading."""
    says = seen.kind.startswith(kinds) or (bool(seen.reading.claims.types & types) and not seen.claims_article)
    placed = any(place in seen.path for place in places)
    return says or placed or (bool(selector) and seen.markup.first(selector) is not None)


_VIDEO = frozenset({"VideoObject", "TVEpisode"})
_AUDIO = frozenset({"AudioObject", "PodcastEpisode", "RadioEpisode"})
_GALLERY = frozenset({"ImageGallery", "MediaGallery"})

RULES: tuple[Rule, ...] = (
    Rule("headline says gone", Reason.SOFT_404, lambda s: s.weight < LITTLE and GONE.search(s.headline)),
    Rule(
        "text says gone",
        Reason.SOFT_404,
        lambda s: s.weight < HARDLY_ANY and not s.claims_article and GONE.search(s.text),
    ),
    Rule(
        "asks for consent",
        Reason.CONSENT,
        lambda s: (
            s.weight < LITTLE
            and not s.claims_article
            and len(CONSENT.findall(s.text[:2500])) >= (3 if len(s.text) > HARDLY_ANY else 1)
        ),
    ),
    Rule(
        "made for watching",
        Reason.VIDEO,
        lambda s: (
            s.weight < LITTLE
            and _called(
                s, _VIDEO, "video", ("/video/", "/videos/", "/sendung/", "/mediathek/"), s.reading.profile.video
            )
        ),
    ),
    Rule(
        "made for listening",
        Reason.AUDIO,
        lambda s: (
            s.weight < LITTLE and _called(s, _AUDIO, "music", ("/audio/", "/audios/", "/podcast/", "/podcasts/"), "")
        ),
    ),
    Rule(
        "made of pictures",
        Reason.GALLERY,
        lambda s: (
            s.weight < HARDLY_ANY
            and _called(s, _GALLERY, "gallery", ("/bilder/", "/fotostrecke", "/bildergalerie", "/bilderstrecke"), "")
        ),
    ),
    Rule(
        "live without entries",
        Reason.LIVE_SHELL,
        lambda s: (
            s.weight < HARDLY_ANY
            and ("LiveBlogPosting" in s.reading.claims.types or _LIVE.search(f"{s.path} {s.headline}"))
        ),
    ),
    Rule("beginning only, then an offer", Reason.PAYWALL, lambda s: s.weight < LITTLE and OFFER.search(s.text)),
    Rule(
        "beginning only, says it costs", Reason.PAYWALL, lambda s: s.weight < LITTLE and s.reading.claims.free is False
    ),
    Rule(
        "paywall of the house",
        Reason.PAYWALL,
        lambda s: s.weight < 2 * LITTLE and s.markup.first(s.reading.profile.paywall) is not None,
    ),
    Rule(
        "text made by a script",
        Reason.SCRIPT_SHELL,
        lambda s: (
            s.weight < HARDLY_ANY
            and (SCRIPT.search(s.markup.html) or (len(s.text) < 300 and s.markup.html.count("<script") > 0))
        ),
    ),
    Rule(
        "a list of articles",
        Reason.INDEX,
        lambda s: (
            s.weight < LITTLE
            and not (s.claims_article or s.shared_as_article)
            and len(s.markup.all("h2 a, h3 a, article a")) > 25
        ),
    ),
    Rule("says nothing", Reason.NO_TEXT, lambda s: s.weight + len(s.reading.teaser) < HARDLY_ANY or not s.reading.body),
    Rule("has no headline", Reason.NO_HEADLINE, lambda s: not s.headline),
)


def _only_asks(reading: Reading) -> bool:
    """Whether a text of some length does nothing but ask for consent. An article about that says when it appeared."""
    if reading.weight < LITTLE or reading.published_at is not None or reading.claims.types & ARTICLE_TYPES:
        return False
    text = " ".join(block.text for block in reading.body)[:ASKING]
    return len(CONSENT.findall(text)) * 250 > len(text)


def refuse(url: str, reading: Reading, markup: Markup) -> None:
    """Raises NotAnArticle by the first rule that applies. Pages with plenty of text and a headline pass at once."""
    if reading.weight > MAX_TEXT:
        raise NotAnArticle(Reason.TOO_LARGE, f"{reading.weight} characters of text")
    if (place := urlsplit(url)).path == "/" and not place.query:
        raise NotAnArticle(Reason.INDEX, "the front page")
    if _only_asks(reading):
        raise NotAnArticle(Reason.CONSENT, "a long text that asks for consent")
    if reading.weight >= 2 * LITTLE and reading.title.headline:
        return
    body = markup.tree.body
    text = " ".join(body.text(separator=" ")[:200_000].split())[:6_000] if body is not None else ""
    seen = Seen(url, reading, markup, text)
    for rule in RULES:
        if rule.applies(seen):
            raise NotAnArticle(rule.reason, rule.name)
