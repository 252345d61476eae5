"""Finds places in a sentence, in base form, with coordinates; never one that is only part of an actor's name."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from extractors.language import Sentence, Token
from extractors.language.visiting import ENTERING, is_visited
from extractors.model import Place

_DATA = Path(__file__).resolve().parent / "data"


class PlacesError(ValueError):
    """The table of places is broken: the message names file and line."""


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


@dataclass(frozen=True, slots=True)
class _Known:
    place: Place
    kind: str


_Phrase = tuple[tuple[str, ...], _Known]

LOCATIVE = frozenset({"in", "im", "ins", "bei", "nahe", "auf", "an", "am", "vor", "über", "um", "unweit", "aus", "nach", "zwischen",
                      "innerhalb", "östlich", "westlich", "nördlich", "südlich", "von", "gegen", "entlang", "beim", "hinter", "rund"})  # fmt: skip
"""Prepositions that we note beside a place."""
AT = frozenset(
    {"in", "im", "bei", "nahe", "auf", "an", "am", "vor", "um", "unweit", "über", "innerhalb", "entlang", "beim"}
)
"""Of these, the ones that say where something happens (and not from where, or whereto)."""
_NEEDS_AT = frozenset({"country", "venue"})
"""Kinds that are actors as often as places: they count as a place only behind a preposition."""

_STRIKES = frozenset({"angreifen", "beschießen", "attackieren", "bombardieren", "überziehen"})
_WEAPONS = re.compile(r"(?:[Dd]rohne|[Rr]akete|[Bb]ombe|[Mm]arschflugkörper|[Aa]rtillerie)n?$")

# "die Regierung in Kiew" names an actor; "die Botschaft in Wien" is in Wien as well, and so are ministers who meet there.
_BODIES = re.compile(
    r"(?:regierung|führung|ministerium|präsidialamt|außenamt|machthaber|regime|staatsführung|zentrale)(?:s|n|en|in|es)?$"
)
_TITLES = re.compile(
    r"(?:präsident|kanzler|premier|minister|regierungschef|staatschef|bürgermeister|gouverneur|parlament|könig)"
    r"(?:s|n|en|in|es)?$"
)
_BORDER = re.compile(r"^(?:Staats|Land|Außen|Ost|West|Nord|Süd)?[Gg]renz(?:en?|region|gebiet|gebiets|gebiete)$")
_SETTLEMENTS = frozenset({"stadt", "hauptstadt", "großstadt", "hafenstadt", "kleinstadt", "region", "gebiet", "oblast", "provinz",
                          "ort", "ortschaft", "dorf", "gemeinde", "insel", "halbinsel", "metropole", "bezirk", "raum", "großraum"})  # fmt: skip
_KIND_OF_PLACE = re.compile(
    r"(?:stadt|städten?|ort(?:schaft)?|dorf|region(?:en)?|gebiete?n?|provinz(?:en)?|oblast|insel|metropole|land|ländern?|staate?n?)$"
)
"""Words that a name explains: "im Nachbarland Moldau", "in den Provinzen Cherson und Donezk", "im Badeort Sotschi"."""
_NO_KIND = frozenset({"ausland", "inland", "standort", "wort", "antwort"})
_RIM = frozenset({"Nähe", "Rande"})
"""Words of nearness that hand on the preposition: "in der Nähe Kiews", "am Rande der Genfer Konferenz"."""
_PART = re.compile(
    r"(?:flughafen|hafen|bahnhof|zentrum|innenstadt|altstadt|vorort|vorstadt|stadtteil|stadtrand|umland|umgebung)(?:e?s|e?n)?$",
    re.IGNORECASE,
)
"""Parts of a town, which hand it on as well: "am Flughafen der Hauptstadt Ulan Bator", "am Stadtrand von Riga"."""
_DISTANCE = frozenset({"Kilometer", "Kilometern", "km", "Meilen"})
_DISTANT = re.compile(r"^(?:entfernt|gelegen|liegend)e[nrsm]?$")
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


@functools.cache
def _table() -> dict[str, tuple[_Phrase, ...]]:
    """Phrases by their first word, the longest first. Raises `PlacesError`."""
    found: dict[str, list[_Phrase]] = {}
    path = _DATA / "places.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            for phrase in _phrases(row, f"{path}, line {number}"):
                found.setdefault(phrase[0][0], []).append(phrase)
    return {word: tuple(sorted(phrases, key=lambda one: -len(one[0]))) for word, phrases in found.items()}


def _phrases(row: dict[str, str], where: str) -> Iterator[_Phrase]:
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
        forms = (row["name"], *filter(None, row["forms"].split("|")))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PlacesError(f"{where}: expected name,country,kind,latitude,longitude,forms") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise PlacesError(f"{where}: {latitude}, {longitude} is nowhere on Earth")
    place = Place(name=row["name"], country=row["country"], latitude=latitude, longitude=longitude)
    for form in forms:
        yield tuple(form.split()), _Known(place, row["kind"])
        if form[-1] not in "sxz":
            yield tuple((form + "s").split()), _Known(place, row["kind"])


@functools.cache
def _adjectives() -> MappingProxyType[str, tuple[str, str]]:
    """Nationality adjective without its ending → (the capital, the code), for "in der ukrainischen Hauptstadt"."""
    found: dict[str, tuple[str, str]] = {}
    with (_DATA / "states.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for stem in filter(None, row["adjective"].split("|")):
                found[stem] = row["capital"].split("|")[0], row["code"]
    return MappingProxyType(found)


@functools.lru_cache(20_000)
def _stem(word: str) -> str:
    return re.sub(r"e[nrsm]?$", "", word.lower())


def places(sentence: Sentence) -> tuple[PlaceMention, ...]:
    """The places a sentence names, in order."""
    found = _found(sentence)
    kept = [mention for mention in found if not _refused(sentence, mention)]
    return tuple(sorted((*kept, *_unknown(sentence, found)), key=lambda mention: mention.start))


def refused(sentence: Sentence) -> tuple[tuple[PlaceMention, str], ...]:
    """What names no place in a sentence though our table has it as one, in order, each with the row that says so."""
    rows = ((mention, _refused(sentence, mention)) for mention in _found(sentence))
    return tuple((mention, row) for mention, row in rows if row)


def _found(sentence: Sentence) -> list[PlaceMention]:
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


def named(word: str) -> Place | None:
    """The place that a word names by itself.

    >>> found = named("Moskau")
    >>> found and found.country
    'RUS'
    """
    return next((known.place for words, known in _table().get(word, ()) if len(words) == 1), None)


def _at(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    if tokens[i].tag == "ADJA" or _stem(tokens[i].text) in _adjectives():
        mention = _by_adjective(tokens, i)
        if mention is not None:
            return mention
    if _BORDER.match(tokens[i].text):
        return _border(tokens, i, i)
    if tokens[i].text in _DIRECTIONS:
        return _direction(tokens, i)
    return _travelled(tokens, i) or _of_town(tokens, i) or _known(tokens, i)


def _known(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    for words, known in _table().get(tokens[i].text, ()):
        end = i + len(words)
        if end <= len(tokens) and all(tokens[i + k].text == words[k] for k in range(1, len(words))):
            return _mention(tokens, i, end - 1, known.place, known.kind)
    return None


def _mention(tokens: Sequence[Token], first: int, last: int, place: Place, kind: str) -> PlaceMention:
    return PlaceMention(start=tokens[first].start, end=tokens[last].end, place=place, kind=kind, first=first, last=last,
                        preposition=_preposition(tokens, first))  # fmt: skip


def _preposition(tokens: Sequence[Token], first: int) -> str:
    """The preposition before a place, over article, adjectives and "der Stadt"; "und" hands on the one before it."""
    k, least = first, max(first - 7, -1)
    while (k := k - 1) > least:
        token = tokens[k]
        if _DISTANT.match(token.text) and (unit := _distance(tokens, k)) is not None:
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
        if token.tag == "NE" and token.text not in _table():
            return ""
    return ""


def _distance(tokens: Sequence[Token], last: int) -> int | None:
    """Where the unit of a distance stands that a participle ends: "50 Kilometer vor Riga gelegen"."""
    return next((k for k in range(last - 1, max(last - 8, -1), -1) if tokens[k].text in _DISTANCE), None)


def _is_kind(token: Token) -> bool:
    """Whether a word says what kind of place the name behind it is."""
    low = token.text.lower()
    return low in _SETTLEMENTS or (token.tag == "NN" and low not in _NO_KIND and _KIND_OF_PLACE.search(low) is not None)


def _by_adjective(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    """ "an der ukrainischen Grenze", "in der russischen Hauptstadt", "im ostukrainischen Charkiw"."""
    if i + 1 >= len(tokens):
        return None
    noun = tokens[i + 1].text
    stem = _stem(tokens[i].text)
    if _BORDER.match(noun) and any(part in _adjectives() for part in stem.split("-")):
        return _border(tokens, i, i + 1)
    if noun == "Hauptstadt" and stem in _adjectives():
        return _capital(tokens, i, *_adjectives()[stem])
    if _SOIL.match(noun) and stem in _adjectives():
        return _soil(tokens, i, _adjectives()[stem][1])
    return None


def _soil(tokens: Sequence[Token], i: int, code: str) -> PlaceMention | None:
    """The state on whose soil something is: "auf ukrainischem Gebiet", "über deutschem Luftraum"."""
    known = _country_of().get(code)
    return _mention(tokens, i, i + 1, known.place, known.kind) if known is not None else None


@functools.cache
def _country_of() -> MappingProxyType[str, _Known]:
    found: dict[str, _Known] = {}
    for phrases in _table().values():
        for _, known in phrases:
            if known.kind == "country":
                found.setdefault(known.place.country, known)
    return MappingProxyType(found)


def _of_town(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    """ "in der Wiener Innenstadt", "bei der Münchner Sicherheitskonferenz": the town; "im Kiewer Vorort Butscha": what is named."""
    word = tokens[i].text
    name = _TOWN_ADJECTIVES.get(word, word.removesuffix("er"))
    if i + 1 >= len(tokens) or name == word or not _ONE_OF_A_TOWN.search(tokens[i + 1].text):
        return None
    full = tuple(name.split())
    known = next((known for words, known in _table().get(full[0], ()) if words == full and known.kind == "city"), None)
    if known is None:
        return None
    inner = _known(tokens, i + 2) if i + 2 < len(tokens) and _PART.search(tokens[i + 1].text) else None
    place, last = (inner.place, inner.last) if inner is not None and inner.kind == "city" else (known.place, i + 1)
    found = _mention(tokens, i, last, place, "city")
    return found if found.preposition in AT else None


def _travelled(tokens: Sequence[Token], i: int) -> PlaceMention | None:
    """Where a journey in one word goes: "der USA-Besuch", "seine Kiew-Reise"."""
    told = _TRAVEL.match(tokens[i].text)
    known = next((known for words, known in _table().get(told["where"], ()) if len(words) == 1), None) if told else None
    if known is None or known.kind not in ("city", "country", "region"):
        return None
    return replace(_mention(tokens, i, i, known.place, known.kind), preposition="in")


def _capital(tokens: Sequence[Token], i: int, capital: str, code: str) -> PlaceMention | None:
    named = _known(tokens, i + 2) if i + 2 < len(tokens) else None
    if named is not None and named.kind == "city":
        return _mention(tokens, i, named.last, named.place, "city")
    known = next((known for words, known in _table().get(capital, ()) if words == (capital,)), None)
    place = known.place if known is not None else Place(name=capital, country=code)
    return _mention(tokens, i, i + 1, place, "city") if capital else None


def _border(tokens: Sequence[Token], first: int, noun: int) -> PlaceMention:
    """The border as the text names it: "Grenze zur Ukraine", "ukrainische Grenze"."""
    words = [_stem(tokens[first].text) + "e"] if first < noun else []
    if words and not tokens[first].text.islower() and "-" not in tokens[first].text:
        words = [words[0]]
    name = " ".join([*words, ("Grenze" if tokens[noun].text == "Grenzen" else tokens[noun].text)])
    last = noun
    after = tokens[noun + 1].text.lower() if noun + 1 < len(tokens) else ""
    if after in ("zu", "zur", "zum", "mit"):
        skip = noun + 2 + (tokens[noun + 2].tag == "ART" if noun + 2 < len(tokens) else 0)
        named = _known(tokens, skip) if skip < len(tokens) else None
        if named is not None:
            name = " ".join([name, *(token.text for token in tokens[noun + 1 : named.last + 1])])
            last = named.last
    return _mention(tokens, first, last, Place(name=name), "border")


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
    return _mention(tokens, i, named.last, place, "region")


def _refused(sentence: Sentence, mention: PlaceMention) -> str:
    """The row that says that something is no place in its sentence; "" where it is one."""
    kind = BORDER if mention.kind == "border" else CAPITAL if _is_capital_alone(mention) else OTHER
    return next((row.name for row in ROWS if kind in row.of and row.refuses(sentence, mention)), "")


def _is_capital_alone(mention: PlaceMention) -> bool:
    return mention.kind == "city" and not mention.preposition and mention.place.name in _capitals()


def _entered(sentence: Sentence, mention: PlaceMention) -> PlaceMention:
    """A country or house without a preposition that is visited or invaded: "besuchte die Türkei", "die Invasion der Ukraine"."""
    if mention.kind not in _NEEDS_AT or mention.preposition:
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


def _in_order(sentence: Sentence, mention: PlaceMention) -> bool:
    before = [token.text.lower() for token in sentence.tokens[max(0, mention.first - 2) : mention.first]]
    return mention.kind == "country" and before in (["nach", "der"], ["nach", "dem"])


def _is_an_extent(sentence: Sentence, mention: PlaceMention) -> bool:
    before = [token.text.lower() for token in sentence.tokens[max(0, mention.first - 1) : mention.first]]
    behind = [token.text.lower() for token in sentence.tokens[mention.last + 1 : mention.last + 2]]
    return before == ["bis"] or (before == ["von"] and behind == ["bis"])


def _measures(sentence: Sentence, mention: PlaceMention) -> bool:
    """From there a distance is told."""
    tokens, last = sentence.tokens, mention.last + 1
    if last >= len(tokens) or not _DISTANT.match(tokens[last].text):
        return False
    unit = _distance(tokens, last)
    return unit is not None and unit < mention.first


def _is_nowhere(sentence: Sentence, mention: PlaceMention) -> bool:
    """Without a preposition that puts something there: of what is an actor as often as a place."""
    return mention.kind in _NEEDS_AT and mention.preposition not in LOCATIVE


def _genitive(sentence: Sentence, mention: PlaceMention) -> bool:
    """The preposition is another noun's."""
    last = sentence.tokens[mention.last].text
    return mention.kind == "country" and last.endswith("s") and last[:-1] == mention.place.name.split()[-1]


@functools.cache
def _capitals() -> frozenset[str]:
    """Seats of government stand for the government more often than for the town."""
    with (_DATA / "states.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(name for row in csv.DictReader(lines) for name in row["capital"].split("|")) | {"Brüssel"}


def _without_preposition(sentence: Sentence, mention: PlaceMention) -> bool:
    return not mention.preposition


def _is_government(sentence: Sentence, mention: PlaceMention) -> bool:
    """Of a capital; not "die Hauptstadt Kiew", "der Beschuss Kiews", "besuchte Kiew"."""
    before = sentence.tokens[mention.first - 1].text.lower() if mention.first else ""
    town = before in _SETTLEMENTS or before in ("beschuss", "belagerung", "zentrum", "bombardierung", "einnahme")
    return not town and not is_visited(sentence, mention.first) and not _is_struck(sentence, mention.first)


def _is_struck(sentence: Sentence, i: int) -> bool:
    """ "Russland griff Kiew mit Drohnen an", "Kiew wurde mit Raketen beschossen": weapons fall on the town, and on no government."""
    clause = sentence.clause_of(i)
    if clause is None or clause.predicate not in _STRIKES:
        return False
    if not any(_WEAPONS.search(sentence.tokens[k].text) for k in clause.tokens):
        return False
    is_subject = clause.subject is not None and i in clause.subject.heads
    return is_subject == (clause.voice == "passive")


def _is_word(sentence: Sentence, mention: PlaceMention) -> bool:
    """An article before a city's name makes it a common noun."""
    tokens = sentence.tokens
    if mention.kind != "city" or mention.first != mention.last or mention.first == 0:
        return False
    before = tokens[mention.first - 1]
    return before.tag == "ART" and before.text.lower() in ("den", "die", "der") and tokens[mention.first].tag == "NN"


def _names_actor(sentence: Sentence, mention: PlaceMention) -> bool:
    tokens, k = sentence.tokens, mention.first - 1
    while k >= 0 and tokens[k].tag in ("ART", "ADJA", "NE") and mention.first - k < 4:
        k -= 1
    if k < 1 or tokens[k].text.lower() not in ("in", "von"):
        return False
    owner = tokens[k - 1].text.lower()
    return bool(_BODIES.search(owner) or (tokens[k].text.lower() == "von" and _TITLES.search(owner)))


def _inside_person(sentence: Sentence, mention: PlaceMention) -> bool:
    return any(
        entity.label == "PER" and entity.start <= mention.start and mention.end <= entity.end
        and entity.end - entity.start > mention.end - mention.start + 2
        for entity in sentence.entities
    )  # fmt: skip


def _unknown(sentence: Sentence, found: Sequence[PlaceMention]) -> Iterator[PlaceMention]:
    """Places that only the entity model knows: taken behind "in", "bei" and the like, without coordinates."""
    for entity in sentence.entities:
        if entity.label != "LOC" or any(one.start < entity.end and entity.start < one.end for one in found):
            continue
        inside = [token.i for token in sentence.at(entity.start, entity.end)]
        if not inside or not entity.text[:1].isupper() or ("-" in entity.text and entity.text.split("-")[0].isupper()):
            continue
        mention = _mention(sentence.tokens, inside[0], inside[-1], Place(name=entity.text), "unknown")
        worded = entity.text.replace(" ", "").replace("-", "").isalpha() and "-S" not in entity.text
        if worded and mention.preposition in ("in", "bei", "nahe") and sentence.tokens[inside[-1]].tag == "NE":
            yield mention


BORDER, CAPITAL, OTHER = "border", "capital", "other"
"""what a row looks at: a border, a capital without a preposition, and whatever else is in the table"""
_EVERYTHING, _BORDERS, _CAPITALS, _OTHERS = (
    frozenset({BORDER, CAPITAL, OTHER}),
    frozenset({BORDER}),
    frozenset({CAPITAL}),
    frozenset({OTHER}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`refuses` says of a place in its sentence that it is none; `of` tells what the row looks at. `test` is a sentence whose last `word` this
    row refuses, and no other."""

    name: str
    of: frozenset[str]
    refuses: Callable[[Sentence, PlaceMention], bool]
    test: str
    word: str


ROWS = (
    Row(
        name="one after another",
        of=_EVERYTHING,
        refuses=_in_order,
        test="Nach der Ukraine zahlt auch Malta.",
        word="Ukraine",
    ),
    Row(
        name="how far something reaches",
        of=_EVERYTHING,
        refuses=_is_an_extent,
        test="Es regnet von Lissabon bis Riga.",
        word="Riga",
    ),
    Row(
        name="how far away something is",
        of=_EVERYTHING,
        refuses=_measures,
        test="Die 30 Kilometer von Odessa entfernte Stadt ist leer.",
        word="Odessa",
    ),
    Row(
        name="an actor, as nothing is put there",
        of=_EVERYTHING,
        refuses=_is_nowhere,
        test="Malta zahlt.",
        word="Malta",
    ),
    Row(
        name="whose something is",
        of=_EVERYTHING,
        refuses=_genitive,
        test="In Portugals Augen ist das falsch.",
        word="Portugals",
    ),
    Row(
        name="a border at which nothing is put",
        of=_BORDERS,
        refuses=_without_preposition,
        test="Die Grenze bleibt zu.",
        word="Grenze",
    ),
    Row(
        name="a government, as nothing is put in its town",
        of=_CAPITALS,
        refuses=_is_government,
        test="Lissabon zahlt.",
        word="Lissabon",
    ),
    Row(
        name="a common noun",
        of=_OTHERS,
        refuses=_is_word,
        test="Das Dorf liegt in den Bergen.",
        word="Bergen",
    ),
    Row(
        name="in the name of who governs",
        of=_OTHERS,
        refuses=_names_actor,
        test="Das sagte die Regierung in Lissabon.",
        word="Lissabon",
    ),
    Row(
        name="in a person's name",
        of=_OTHERS,
        refuses=_inside_person,
        test="Am Abend sang Ingrid Bergen im Chor.",
        word="Bergen",
    ),
)
