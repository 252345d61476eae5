"""What of a sentence our table has as a place, whatever it means there: by name, by adjective, as a border or a direction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from extractors.language import Sentence, Token
from extractors.language.morphology import gender
from extractors.language.visiting import ENTERING, is_visited
from extractors.model import Place
from extractors.places.gazetteer import adjectives, countries, stem_of, table


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMention:
    """A stretch that names a place. `preposition` is the word that puts something there, "" where there is none."""

    start: int
    end: int
    place: Place
    preposition: str = ""
    kind: str = ""
    """city, country, region, sea, river, venue, border or unknown (named by the entity model alone)"""
    first: int = 0
    last: int = 0
    """token indices within the sentence, both included"""


LOCATIVE = frozenset({"in", "im", "ins", "bei", "nahe", "auf", "an", "am", "vor", "über", "um", "unweit", "aus", "nach", "zwischen",
                      "innerhalb", "östlich", "westlich", "nördlich", "südlich", "von", "gegen", "entlang", "beim", "hinter", "rund"})  # fmt: skip
"""Prepositions that we note beside a place."""
AT = frozenset(
    {"in", "im", "bei", "nahe", "auf", "an", "am", "vor", "um", "unweit", "über", "innerhalb", "entlang", "beim"}
)
"""Of these, the ones that say where something happens (and not from where, or whereto)."""
NEEDS_AT = frozenset({"country", "venue"})
"""Kinds that are actors as often as places: they count as a place only behind a preposition."""
_BORDER = re.compile(r"^(?:Staats|Land|Außen|Ost|West|Nord|Süd)?[Gg]renz(?:en?|region|gebiet|gebiets|gebiete)$")
_OF = frozenset({"der", "des", "von"})
_BORDERING = _OF | {"zu", "zur", "zum", "mit"}
_NEIGHBOUR = frozenset({"Nachbarland", "Nachbarstaat"})
"""What a border may be told to lead to before the name: "die Grenze zum Nachbarland Ukraine" is that "zur Ukraine"."""
SETTLEMENTS = frozenset({"stadt", "hauptstadt", "großstadt", "hafenstadt", "kleinstadt", "region", "gebiet", "oblast", "provinz",
                          "ort", "ortschaft", "dorf", "gemeinde", "insel", "halbinsel", "metropole", "bezirk", "raum", "großraum"})  # fmt: skip
_KIND_OF_PLACE = re.compile(
    r"(?:stadt|städten?|ort(?:schaft)?|dorf|region(?:en)?|gebiete?n?|provinz(?:en)?|oblast|insel|metropole|land|ländern?|staate?n?)$"
)
"""Words that a name explains: "im Nachbarland Moldau", "in den Provinzen Cherson und Donezk", "im Badeort Sotschi"."""
_TOWNSHIP = re.compile(
    r"(?:stadt|dorf|siedlung|(?:^|bade|grenz|küsten|urlaubs|ferien|kur|nachbar|heimat|geburts)ort|ortschaft|gemeinde|grenzübergang|insel)(?:e?s)?$",
    re.IGNORECASE,
)
"""Words whose name is a place though no table has it: "im Dorf Welbiwka", "bei der Siedlung Stara Wyscha"; a part of a town is in that town."""
_NO_KIND = frozenset({"ausland", "inland", "standort", "wort", "antwort"})
_RIM = frozenset({"Nähe", "Rande"})
"""Words of nearness that hand on the preposition: "in der Nähe Kiews", "am Rande der Genfer Konferenz"."""
_PART = re.compile(
    r"(?:flughafen|hafen|bahnhof|zentrum|innenstadt|altstadt|vorort|vorstadt|stadtteil|stadtrand|umland|umgebung|gegend)(?:e?s|e?n)?$",
    re.IGNORECASE,
)
"""Parts of a town, which hand it on as well: "am Flughafen der Hauptstadt Ulan Bator", "am Stadtrand von Riga"."""
_DISTANCE = frozenset({"Kilometer", "Kilometern", "km", "Meilen"})
DISTANT = re.compile(r"^(?:entfernt|gelegen|liegend)e[nrsm]?$")
"""What ends a distance that stands before a noun: "in der 30 Kilometer von Tallinn entfernten Stadt"."""
_ONE_OF_A_TOWN = re.compile(
    r"(?:innenstadt|altstadt|vorort|stadtteil|flughafen|hafen|sitz|palast|schloss|rathaus|hotel|messe|konferenz|gipfel|treffen|tagung|"
    r"kongress|forum|zentrum|gespräch|verhandlung|außenministerium|außenamt|kanzleramt)(?:e?[ns]|en)?$",
    re.IGNORECASE,
)
"""What is or takes place in the town whose adjective stands before it; not what is named after one ("Minsker Abkommen")."""
_TOWN_ADJECTIVES = MappingProxyType(
    {"Haager": "Den Haag", "Münchner": "München", "Zürcher": "Zürich", "Dresdner": "Dresden", "Bremer": "Bremen"}
)
"""Those that are not the name with "er" behind it."""
_SOIL = re.compile(r"^(?:(?:Staats|Hoheits)?[Gg]ebiet|Boden|Territorium|Luftraum)(?:e?s)?$")
_TRAVEL = re.compile(r"^(?P<where>\w+)-(?:Besuch|Reise|Visite|Aufenthalt|Trip)(?:e?s|n)?$")
_ENTERED = frozenset({"invasion", "besetzung", "bombardierung", "eroberung"})
"""Nouns whose genitive is the country that it befalls."""
_DIRECTIONS = frozenset(
    {"Osten", "Westen", "Süden", "Norden", "Südosten", "Südwesten", "Nordosten", "Nordwesten", "Zentrum"}
)


def found_in(sentence: Sentence) -> list[PlaceMention]:
    """What our table has as places, in order, not overlapping."""
    tokens = sentence.tokens
    found: list[PlaceMention] = []
    i = 0
    while i < len(tokens):
        mention = _at(tokens, i) if tokens[i].text[:1].isupper() or tokens[i].tag == "ADJA" else None
        if mention is None:
            i += 1
            continue
        found.append(mention)
        i = mention.last + 1
    return [_entered(sentence, mention) for mention in found]


def _at(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    if tokens[i].tag == "ADJA" or stem_of(tokens[i].text) in adjectives():
        mention = _by_adjective(tokens, i)
        if mention is not None:
            return mention
    if _BORDER.match(tokens[i].text):
        return _border(tokens, i, i)
    if tokens[i].text in _DIRECTIONS:
        return _direction(tokens, i)
    return _travelled(tokens, i) or _of_town(tokens, i) or _known(tokens, i)


def _known(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    for words, known in table().get(tokens[i].text, ()):
        end = i + len(words)
        if end <= len(tokens) and all(tokens[i + k].text == words[k] for k in range(1, len(words))):
            return mention_of(tokens, i, end - 1, known.place, known.kind)
    return None


def mention_of(tokens: Sequence[Token], first: int, last: int, place: Place, kind: str) -> PlaceMention:
    return PlaceMention(start=tokens[first].start, end=tokens[last].end, place=place, kind=kind, first=first, last=last,
                        preposition=_preposition(tokens, first))  # fmt: skip


def _preposition(tokens: Sequence[Token], first: int) -> str:
    """The preposition before a place, over article, adjectives and "der Stadt"; "und" hands on the one before it."""
    k, least = first, max(first - 7, -1)
    while (k := k - 1) > least:
        token = tokens[k]
        if DISTANT.match(token.text) and (unit := distance(tokens, k)) is not None:
            k, least = unit, max(unit - 7, -1)
            continue
        low = token.text.lower()
        if low == "von" and k and _PART.search(tokens[k - 1].text):
            continue
        if token.tag in ("APPR", "APPRART") or low in AT:
            return low
        if token.text in _RIM:
            return "nahe" if token.text == "Nähe" else "am"
        passed = (
            token.tag in ("ART", "ADJA", "CARD", "PDAT", "PIAT", "PPOSAT", "TRUNC", "ADV", "KON", "$,")
            or token.tag == "NE"
        )
        part = token.tag == "NN" and _PART.search(token.text)
        if not passed and not part and not _is_kind(token) and token.text not in ("und", "sowie", ","):
            return ""
        if token.tag == "NE" and token.text not in table():
            return ""
    return ""


def distance(tokens: Sequence[Token], last: int) -> int | None:
    """Where the unit of a distance stands that a participle ends: "50 Kilometer vor Riga gelegen"."""
    return next((k for k in range(last - 1, max(last - 8, -1), -1) if tokens[k].text in _DISTANCE), None)


def _is_kind(token: Token) -> bool:
    """Whether a word says what kind of place the name behind it is."""
    low = token.text.lower()
    return low in SETTLEMENTS or (token.tag == "NN" and low not in _NO_KIND and _KIND_OF_PLACE.search(low) is not None)


def is_told_as_place(tokens: Sequence[Token], first: int) -> bool:
    """Whether the word before a name says that it is a village, town or the like."""
    low = tokens[first - 1].text.lower() if first else ""
    return _TOWNSHIP.search(low) is not None


def _by_adjective(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    """ "an der ukrainischen Grenze", "in der russischen Hauptstadt", "im ostukrainischen Charkiw"."""
    if i + 1 >= len(tokens):
        return None
    noun = tokens[i + 1].text
    stem = stem_of(tokens[i].text)
    if _BORDER.match(noun) and any(part in adjectives() for part in stem.split("-")):
        return _border(tokens, i, i + 1)
    if noun == "Hauptstadt" and stem in adjectives():
        return _capital(tokens, i, *adjectives()[stem])
    if _SOIL.match(noun) and stem in adjectives():
        return _soil(tokens, i, adjectives()[stem][1])
    return None


def _soil(tokens: Sequence[Token], i: int, code: str) -> PlaceMention | None:
    """The state on whose soil something is: "auf ukrainischem Gebiet", "über deutschem Luftraum"."""
    known = countries().get(code)
    return mention_of(tokens, i, i + 1, known.place, known.kind) if known is not None else None


def _of_town(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    """ "in der Wiener Innenstadt", "bei der Münchner Sicherheitskonferenz": the town; "im Kiewer Vorort Butscha": what is named."""
    word = tokens[i].text
    name = _TOWN_ADJECTIVES.get(word, word.removesuffix("er"))
    if i + 1 >= len(tokens) or name == word or not _ONE_OF_A_TOWN.search(tokens[i + 1].text):
        return None
    full = tuple(name.split())
    known = next((known for words, known in table().get(full[0], ()) if words == full and known.kind == "city"), None)
    if known is None:
        return None
    inner = _known(tokens, i + 2) if i + 2 < len(tokens) and _PART.search(tokens[i + 1].text) else None
    place, last = (inner.place, inner.last) if inner is not None and inner.kind == "city" else (known.place, i + 1)
    found = mention_of(tokens, i, last, place, "city")
    return found if found.preposition in AT else None


def _travelled(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    """Where a journey in one word goes: "der USA-Besuch", "seine Kiew-Reise"."""
    told = _TRAVEL.match(tokens[i].text)
    known = next((known for words, known in table().get(told["where"], ()) if len(words) == 1), None) if told else None
    if known is None or known.kind not in ("city", "country", "region"):
        return None
    return replace(mention_of(tokens, i, i, known.place, known.kind), preposition="in")


def _capital(tokens: Sequence[Token], i: int, capital: str, code: str) -> PlaceMention | None:
    named = _known(tokens, i + 2) if i + 2 < len(tokens) else None
    if named is not None and named.kind == "city":
        return mention_of(tokens, i, named.last, named.place, "city")
    known = next((known for words, known in table().get(capital, ()) if words == (capital,)), None)
    place = known.place if known is not None else Place(name=capital, country=code)
    return mention_of(tokens, i, i + 1, place, "city") if capital else None


def _border(tokens: Sequence[Token], first: int, noun: int) -> PlaceMention:
    """The border as the text names it: "Grenze zur Ukraine", "ukrainische Grenze", "Ostgrenze der Ukraine"."""
    words = [stem_of(tokens[first].text) + "e"] if first < noun else []
    name = " ".join([*words, ("Grenze" if tokens[noun].text == "Grenzen" else tokens[noun].text)])
    last = noun
    after = tokens[noun + 1].text.lower() if noun + 1 < len(tokens) else ""
    if after in _BORDERING:
        skip = noun + 2 + (tokens[noun + 2].tag == "ART" if noun + 2 < len(tokens) else 0)
        neighbour = skip < len(tokens) and tokens[skip].text in _NEIGHBOUR
        named = _known(tokens, skip + neighbour) if skip + neighbour < len(tokens) else None
        if named is not None and (after not in _OF or named.kind == "country"):
            whose = [token.text for token in tokens[noun + 1 : named.last + 1]]
            if neighbour:
                whose = ["zur" if gender(named.place.name) == "f" else "zu", *whose[skip - noun :]]
            name, last = " ".join([name, *whose]), named.last
    return mention_of(tokens, first, last, Place(name=name), "border")


def _direction(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    """ "im Osten der Ukraine": a part of a country; without the country it is no place we could name."""
    if i + 1 >= len(tokens) or (tokens[i + 1].text not in ("der", "des", "von") and tokens[i + 1].tag != "NE"):
        return None
    start = i + 1 if tokens[i + 1].tag == "NE" else i + 2
    named = _known(tokens, start) if start < len(tokens) else None
    if named is None or named.kind not in ("country", "region", "city"):
        return None
    name = " ".join(token.text for token in tokens[i : named.last + 1])
    place = Place(
        name=name, country=named.place.country, latitude=named.place.latitude, longitude=named.place.longitude
    )
    return mention_of(tokens, i, named.last, place, "region")


def _entered(sentence: Sentence, mention: PlaceMention) -> PlaceMention:
    """A country or house without a preposition that is visited or invaded: "besuchte die Türkei", "die Invasion der Ukraine"."""
    if mention.kind not in NEEDS_AT or mention.preposition:
        return mention
    visited = any(is_visited(sentence, k, ENTERING) for k in range(mention.first, mention.last + 1))
    entered = visited or _befallen(sentence.tokens, mention)
    return replace(mention, preposition="in") if entered else mention


def _befallen(tokens: Sequence[Token], mention: PlaceMention) -> bool:
    """ "die Invasion der Ukraine", not "die Invasion der Türkei in Syrien"."""
    noun, article = mention.first - 2, mention.first - 1
    if noun < 0 or tokens[article].text.lower() not in ("der", "des") or tokens[noun].text.lower() not in _ENTERED:
        return False
    behind = tokens[mention.last + 1].text.lower() if mention.last + 1 < len(tokens) else ""
    return behind not in ("in", "im", "auf", "gegen", "durch")
