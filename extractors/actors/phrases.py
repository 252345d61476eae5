"""One sentence: which words name actors, and which words belong together ("der russische Vizeaußenminister Rjabkow")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from extractors.actors.doubts import LANDS, refused
from extractors.actors.hits import LEARNED, Hit, Known, spelt
from extractors.actors.lexicon import (
    Compound,
    Entry,
    Noun,
    Person,
    adjective,
    compound,
    lexicon,
    noun,
    regional,
    single,
    states_of,
    towns,
)
from extractors.language import Sentence, Token

_NO_IN = ("botschaft", "botschafter", "botschafterin", "konsulat", "gesandte", "gesandter", "korrespondent", "vertretung",
          "generalkonsulat", "konsul", "journalist", "reporter", "attaché", "geschäftsträger")  # fmt: skip
EMBASSIES = frozenset({"botschaft", "konsulat", "generalkonsulat"})
"""houses of a state abroad"""
_ENVOYS = frozenset({"botschafter", "botschafterin", "vertreter", "vertreterin", "gesandte", "gesandter", "sondergesandte",
                     "sondergesandter", "beauftragte", "beauftragter", "unterhändler", "delegationsleiter"})  # fmt: skip
_ABOUT = frozenset({*_ENVOYS, "experte", "expertin", "korrespondent", "berater", "beraterin", "politiker", "reporter",
                    "journalist", "experten", "koordinator", "analyst"})  # fmt: skip
FORMER_WORDS = re.compile(r"(?:ehemalig|früher|vormalig|einstig|damalig|ex)e?[nrsm]?$", re.IGNORECASE)
_CHANCELLOR = re.compile(r"(?:Bundesk|K)anzler(?:in)?s?")
_WITH_CHANCELLOR = frozenset({"DEU", "AUT", "CHE"})
"""states that have a chancellor; Switzerland's heads an office of its government"""
_MEMBER_HEADS = frozenset(
    "staat land mitglied mitgliedsstaat mitgliedstaat mitgliedsland partner partnerland nachbar nachbarland kandidat "
    "beitrittskandidat bündnispartner nachbarn mitglieds-".split()
)
_PARTICLES = frozenset({"von", "van", "de", "der", "al", "bin", "le", "la", "di"})
"""small words inside a name"""
_OF = frozenset({"der", "des", "von", "vom", "aus"})
NOT_NAMES = frozenset(
    "Uhr Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Januar Februar März April Mai Juni Juli August "
    "September Oktober November Dezember Foto Archivbild dpa AFP APA Reuters Video Twitter Telegram Facebook".split()
)


_LIES = re.compile(
    r"(Teile?n?|Landesteile?n?|Regionen|Region|Gebiete?n?s?|Gegend|Grenz\w*|Ufers?|Vororte?n?|Vorstadt|Provinz(en)?|Oblast|Nachbar\w*|Ende|Rand"
    r"|Flanke|Richtung|Städte?n?|Stadt\w*|Bezirke?n?s?|Hälfte|Außenbezirke?n?|Küste|Front\w*|Landesgrenze|Rayons?|Bundes\w+|Nordatlantik)$"
)
"""nouns that a side of the compass tells the place of"""


def scan(sentence: Sentence, known: Known) -> tuple[Hit, ...]:
    """The actors that a sentence names, in order, not overlapping."""
    units = found_in(sentence, known)
    kept = [_once(sentence.tokens, hit) for hit in units if not refused(sentence, hit, units)]
    return tuple(sorted(kept, key=lambda hit: hit.first))


def found_in(sentence: Sentence, known: Known) -> list[Hit]:
    """What a sentence names, with what is no actor there (`doubts`)."""
    words = _lexical(sentence, known)
    if not words and not any(noun(token.text) for token in sentence.tokens):
        return []
    return _named(sentence, _genitives(sentence, _units(sentence, words)), known)


def _once(tokens: Sequence[Token], hit: Hit) -> Hit:
    """Out of office ("der frühere Botschafter X"): a private person, unless our tables know better."""
    if hit.kind not in ("office", "person") or not hit.codes or hit.noun is None:
        return hit
    before = [token.text for token in tokens[max(hit.first - 2, 0) : hit.first]]
    inside = [token.text for token in tokens[hit.first : hit.core + 2]]
    former = hit.origin == "former office" or any(FORMER_WORDS.fullmatch(word) for word in (*before[-1:], *inside))
    if not former or "damalig" in " ".join((*before, *inside)):
        return hit
    private = hit.origin == "taught" and "-" not in hit.codes[0]
    codes = tuple(f"{code}-CIV" for code in hit.codes) if private else hit.codes
    return replace(hit, codes=codes, origin="former office", score=min(hit.score, 0.75))


# --- words -----------------------------------------------------------------------------------------------------------


def _lexical(sentence: Sentence, known: Known) -> dict[int, Hit]:
    """Hits by their first token; the longest phrase wins, and nothing overlaps."""
    phrases = lexicon().phrases
    tokens = sentence.tokens
    found: dict[int, Hit] = {}
    i = 0
    while i < len(tokens):
        text = tokens[i].text
        hit = None
        if text[:1].isupper() or text[:1].isdigit() or text[:1] == "d":
            hit = _whole(tokens, i, known)
            hit = hit or (_phrase(tokens, i, known) if text in phrases or text in known.people else None)
            hit = hit or _single(tokens, i, known)
        elif "isch" in text or "tsch" in text or text in phrases:
            hit = (_phrase(tokens, i, known) if text in phrases else None) or _adjective(tokens, i)
        if hit is None:
            i += 1
            continue
        found[hit.first] = hit
        i = hit.last + 1
    return found


def _phrase(tokens: Sequence[Token], i: int, known: Known) -> Hit | None:
    for words, entry in lexicon().phrases.get(tokens[i].text, ()):
        end = i + len(words)
        if end <= len(tokens) and all(tokens[i + k].text == words[k] for k in range(1, len(words))):
            if entry.kind == "inhabitant" and _before_noun(tokens, i):
                continue
            hit = _entry_hit(entry, i, end - 1, known)
            if hit is not None:
                return hit
    return _taught(tokens, i, known.people.get(tokens[i].text))


def _whole(tokens: Sequence[Token], i: int, known: Known) -> Hit | None:
    """The full name of somebody who is known over articles."""
    for words, hit in known.whole.get(tokens[i].text, ()):
        if spelt(tokens, i, words):
            return replace(hit, first=i, last=i + len(words) - 1, core=i)
    return None


def _before_noun(tokens: Sequence[Token], i: int) -> bool:
    """ "Schweizer Diplomaten", "Deutsche Soldaten": the word for the people is an adjective here."""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    return after is not None and after.tag == "NN" and bool(adjective(tokens[i].text))


def _taught(tokens: Sequence[Token], i: int, hit: Hit | None) -> Hit | None:
    """A name that the article has taught; with its first names where they stand before it. "In Rostock" is a town all the same."""
    if hit is None or (i and tokens[i - 1].tag == "APPR" and tokens[i].text in towns()):
        return None
    first = i
    for name in reversed(hit.person.split()[:-1]):
        if first == 0 or tokens[first - 1].text != name:
            break
        first -= 1
    return replace(hit, first=first, last=i, core=i)


def _entry_hit(entry: Entry, first: int, last: int, known: Known) -> Hit | None:
    if entry.kind == "none":
        return None
    if entry.people:
        return _person_hit(entry, first, last, known)
    codes = (entry.party.code(known.on),) if entry.party else tuple(entry.code.split("|"))
    score = {"capital": 0.85, "metonym": 0.95, "inhabitant": 0.95, "continent": 0.6}.get(entry.kind, 0.98)
    kind = {"capital": "metonym", "continent": "name"}.get(entry.kind, entry.kind)
    return Hit(first=first, last=last, codes=codes, name=entry.name, kind=kind, origin="lexicon", score=score,
               capital=entry.kind == "capital", core=first)  # fmt: skip


def _person_hit(entry: Entry, first: int, last: int, known: Known) -> Hit | None:
    if entry.kind == "person":
        return _of_person(entry.people[0], first, last, known.on, "lexicon", 0.98)
    form = entry.name
    taught = known.people.get(form)
    if taught is not None:
        return replace(taught, first=first, last=last, core=first)
    famous = [person for person in entry.people if person.famous]
    if len(famous) == 1:
        return _of_person(famous[0], first, last, known.on, "surname", 0.88)
    people = _in_office(famous or list(entry.people), known.on)
    if famous and len(people) == 1:
        return _of_person(people[0], first, last, known.on, "surname", 0.75)
    # Too common a name to stand alone: kept as a candidate until an office beside it says who is meant.
    return Hit(first=first, last=last, codes=(), name=form, kind="candidate", origin="surname", score=0.0, core=first)


def _in_office(people: Iterable[Person], on: date | None) -> list[Person]:
    return [person for person in people if on is None or person.term(on).holds(on)]


def _of_person(person: Person, first: int, last: int, on: date | None, origin: str, score: float) -> Hit:
    term = person.term(on)
    former = on is not None and not term.holds(on)
    return Hit(first=first, last=last, codes=(term.code,), name=person.name, kind="person", office=term.office,
               origin="former office" if former else origin, score=score - 0.2 * former, person=person.name,
               female=person.female, core=first)  # fmt: skip


def _single(tokens: Sequence[Token], i: int, known: Known) -> Hit | None:
    """A word that is in no table itself: compounds, and adjectives with a capital."""
    text = tokens[i].text
    stem = text[:-1] if text[-1:] in "’'" else text.removesuffix("s")
    taught = known.people.get(text) or known.people.get(stem)
    if taught is not None:
        return _taught(tokens, i, taught)
    found = compound(text)
    if found is not None:
        return _compound_hit(found, i, text, known)
    return _adjective(tokens, i)


def _compound_hit(found: Compound, i: int, text: str, known: Known) -> Hit | None:
    codes = tuple(code for part in found.parts for code in _part_codes(part, known))
    if found.noun is not None and found.noun.kind == "body" and found.parts and found.parts[0].people:
        # "die Trump-Regierung" is a government, whatever its man is by now.
        codes = tuple(code.split("-")[0] for code in codes)
    if found.noun is not None and found.noun.suffix and len(codes) == 1:
        codes = (f"{codes[0].split('-')[0]}-{found.noun.suffix}",)
    if not codes and not found.home:
        return None
    if found.parts and found.parts[0].kind == "capital" and found.noun is None:
        return None
    about = found.noun is not None and _about(found, text)
    office = text if found.noun is not None and found.noun.kind == "office" else ""
    # "Russland-Sanktionen" are against, "US-Sanktionen" by: what has no noun of ours is a topic until a rule knows better.
    origin = "former office" if found.former else "topic" if about or (found.head and not found.noun) else "compound"
    names = " und ".join(lexicon().names.get(code, code) for code in codes)
    score = {"topic": 0.4, "former office": 0.7}.get(origin, 0.95)
    return Hit(first=i, last=i, codes=codes, name=names, kind="office" if office else "compound", origin=origin, core=i,
               score=score, office=office, noun=found.noun, home=found.home, female=_female(found.noun))  # fmt: skip


def _about(found: Compound, text: str) -> bool:
    """ "Ukraine-Experte", "Russland-Beauftragter": the country is the subject of the job, not the employer."""
    ending = found.noun.ending.lstrip("*") if found.noun else ""
    return ending in _ABOUT and len(text.split("-")[0]) > 3 and any(len(part.code) == 3 for part in found.parts)


def _part_codes(part: Entry, known: Known) -> tuple[str, ...]:
    if part.party is not None:
        return (part.party.code(known.on),)
    if part.people:
        return (part.people[0].term(known.on).code,)
    return (part.code,) if part.code else ()


def _female(found: Noun | None) -> bool | None:
    if found is None or found.kind != "office":
        return None
    return found.gender == "f"


def _names_a_side(tokens: Sequence[Token], i: int) -> bool:
    """ "Im westlichen Teil", "die westliche Ukraine": where something lies, not who is meant."""
    after = next((token.text for token in tokens[i + 1 : i + 2]), "")
    return after in lexicon().phrases or bool(_LIES.match(after))


def _adjective(tokens: Sequence[Token], i: int) -> Hit | None:
    text = tokens[i].text
    codes = adjective(text)
    city = "" if codes else lexicon().cities.get(text, "")
    if (not codes and not city) or (text.lower().startswith("westlich") and _names_a_side(tokens, i)):
        return None
    names = " und ".join(lexicon().names.get(code, code) for code in codes or (city,))
    return Hit(first=i, last=i, codes=codes or (city,), name=names, kind="adjective", core=i,
               origin="city" if city else "region" if regional(text) else "lexicon", score=0.93)  # fmt: skip


# --- what belongs together ---------------------------------------------------------------------------------------------


def _units(sentence: Sentence, words: dict[int, Hit]) -> list[Hit]:
    """Adjectives and genitives with the noun that they make an actor of; nouns of ours are looked at only there."""
    tokens = sentence.tokens
    units: list[Hit] = []
    taken = -1
    for i in sorted(words):
        hit = words[i]
        if hit.first <= taken:
            continue
        if hit.kind == "adjective":
            hit = _with_noun(tokens, hit, words)
        elif hit.kind in ("name", "metonym") and _genitive_form(tokens, hit):
            hit = _with_owned(tokens, hit, words)
        elif (hit.noun is not None and hit.noun.kind == "body" and _next_is_member(tokens, hit, words)) or (
            hit.kind == "compound" and hit.noun is None and _next_is_member(tokens, hit, words)
        ):
            continue
        units.append(hit)
        taken = hit.last
    return units


def _next_is_member(tokens: Sequence[Token], hit: Hit, words: dict[int, Hit]) -> bool:
    """ "das NATO-Mitglied Türkei", "EU-Staat Ungarn": the member is meant, not the alliance."""
    head = tokens[hit.last].text.split("-")[-1].lower()
    after = words.get(hit.last + 1)
    return head in _MEMBER_HEADS and after is not None and after.kind == "name"


def _noun_ahead(tokens: Sequence[Token], after: int, words: dict[int, Hit]) -> int | None:
    """The noun that an adjective at `after` belongs to, over further adjectives."""
    for k in range(after + 1, min(after + 5, len(tokens))):
        token = tokens[k]
        if token.tag in ("ADJA", "CARD", "ADJD", "ADV", "TRUNC") or token.text in ("und", "sowie", ",", "Vize-"):
            if k in words and words[k].kind == "adjective" and token.text not in ("und", ","):
                return None
            continue
        return k if token.text[:1].isupper() else None
    return None


def _with_noun(tokens: Sequence[Token], hit: Hit, words: dict[int, Hit]) -> Hit:
    k = _noun_ahead(tokens, hit.last, words)
    if k is not None and k in words and _envoy(words[k]):
        # "der russische UN-Botschafter" is Russia's.
        return replace(words[k], first=hit.first, codes=hit.codes, name=hit.name, origin="phrase", core=hit.core)
    head = noun(tokens[k].text.split("-")[-1].capitalize() if "-" in tokens[k].text else tokens[k].text) if k else None
    if k is None or head is None or (k in words and words[k].kind != "candidate" and not head.suffix):
        placed = k is not None and tokens[k].text.lower() in LANDS
        return replace(hit, origin="place", score=0.3) if placed or hit.origin == "region" else hit
    return _headed(hit, head, tokens[k].text, first=hit.first, last=k)


def _headed(hit: Hit, head: Noun, word: str, *, first: int, last: int) -> Hit:
    codes = tuple(f"{code.split('-')[0]}-{head.suffix}" for code in hit.codes) if head.suffix else hit.codes
    office = word if head.kind == "office" else ""
    return replace(hit, first=first, last=last, codes=codes, noun=head, office=office, female=_female(head),
                   kind="office" if office else hit.kind, origin=hit.origin if hit.origin == "city" else "phrase",
                   score=max(hit.score, 0.95), capital=False)  # fmt: skip


def _genitive_form(tokens: Sequence[Token], hit: Hit) -> bool:
    text = tokens[hit.last].text
    return (text.endswith("s") and hit.name != text) or (hit.first > 0 and tokens[hit.first - 1].text in ("Der", "Des"))


def _with_owned(tokens: Sequence[Token], hit: Hit, words: dict[int, Hit]) -> Hit:
    """ "Russlands Präsident", "Moskaus stellvertretender Außenminister"."""
    if not tokens[hit.last].text.endswith("s"):
        return hit
    k = _noun_ahead(tokens, hit.last, words)
    if k is not None and k in words and _envoy(words[k]):
        return replace(words[k], first=hit.first, codes=hit.codes, name=hit.name, origin="phrase", core=hit.core)
    head = noun(tokens[k].text) if k is not None and k not in words else None
    if k is None or head is None:
        return hit
    return _headed(hit, head, tokens[k].text, first=hit.first, last=k)


def _genitives(sentence: Sentence, units: list[Hit]) -> list[Hit]:
    """ "der Präsident der Ukraine", "ein Sprecher des Kreml", "die Führung in Peking": the noun takes the name's code."""
    tokens = sentence.tokens
    found: list[Hit] = []
    for hit in units:
        if found and _sends(tokens, found[-1], hit):
            found[-1] = replace(found[-1], last=hit.last, codes=hit.codes, name=hit.name)
            continue
        if found and _sits_too(tokens, found[-1], hit):
            found.append(replace(hit, noun=found[-1].noun, origin="phrase", score=max(hit.score, 0.95), capital=False))
            continue
        start = _owner_start(tokens, hit)
        head = noun(tokens[start].text) if start is not None else None
        if start is None or head is None or any(other.first <= start <= other.last for other in units):
            found.append(hit)
            continue
        if head.ending.lstrip("*") in EMBASSIES and hit.noun is not None and hit.noun.kind == "body":
            # "Zugleich warf die Botschaft der Bundesregierung vor": embassies are of states.
            found.append(hit)
            continue
        word = tokens[start].text
        phrase = " ".join(token.text for token in tokens[start : hit.last + 1])
        merged = _headed(hit, head, word, first=start, last=hit.last)
        found.append(replace(merged, office=phrase if merged.office else "", person="", female=_female(head)))
    return found


def _envoy(hit: Hit) -> bool:
    """ "UN-Botschafter", "OSZE-Vertreterin": a compound that tells where somebody is sent, not by whom."""
    return (
        hit.kind == "office"
        and hit.noun is not None
        and hit.noun.ending.lstrip("*") in _ENVOYS
        and len(hit.codes[0]) != 3
    )


def _sends(tokens: Sequence[Token], envoy: Hit, hit: Hit) -> bool:
    """ "der NATO-Botschafter der USA": an envoy is of whoever sends him, not of where he sits."""
    between = [token.text for token in tokens[envoy.last + 1 : hit.first]]
    sent = envoy.noun is not None and envoy.noun.ending.lstrip("*") in _ENVOYS and envoy.kind == "office"
    owned = not between and tokens[hit.last].text.endswith("s") and hit.name != tokens[hit.last].text
    return sent and hit.kind in ("name", "metonym") and (owned or between in (["der"], ["des"], ["von"]))


def _sits_too(tokens: Sequence[Token], body: Hit, hit: Hit) -> bool:
    """ "die Regierungen in Oslo, Riga und Bern": the capitals behind the first are seats of such a body, too."""
    between = [token.text for token in tokens[body.last + 1 : hit.first]]
    if not hit.capital or body.noun is None or body.noun.kind != "body" or between not in ([","], ["und"], ["sowie"]):
        return False
    seat = tokens[body.last]
    return tokens[seat.i - 1].text == "in" or (body.first == body.last and body.origin == "phrase")


def _owner_start(tokens: Sequence[Token], hit: Hit) -> int | None:
    """Where the noun stands that a name in the genitive, with "von" or with "in" belongs to."""
    if hit.kind in ("person", "candidate") or hit.origin == "topic" or hit.first < 1:
        return None
    before = tokens[hit.first - 1].text
    if noun(before) and (_genitive_form(tokens, hit) and hit.kind in ("name", "metonym")):
        return hit.first - 1
    if before in _OF and hit.first >= 2 and (hit.kind != "adjective" or hit.noun is not None):
        if before == "aus" and not hit.capital:
            return None
        return hit.first - 2
    seat = hit.capital or hit.kind == "name"
    if before in ("in", "im") and hit.first >= 2 and seat:
        owner = noun(tokens[hit.first - 2].text)
        body = owner is not None and (owner.kind == "body" and not owner.suffix)
        return (
            hit.first - 2
            if body and owner and not owner.ending.lstrip("*").startswith(_NO_IN) and hit.capital
            else None
        )
    return None


# --- names after offices ---------------------------------------------------------------------------------------------


def _named(sentence: Sentence, units: list[Hit], known: Known) -> list[Hit]:
    """Join offices with the names behind them; learn names that no table has; last the candidates nobody vouched for."""
    tokens = sentence.tokens
    by_first = {hit.first: hit for hit in units}
    joined: list[Hit] = []
    alone: list[Hit] = []
    taken = -1
    for hit in sorted(units, key=lambda one: one.first):
        if hit.first <= taken:
            continue
        if hit.kind == "inhabitant" and (named := by_first.get(hit.last + 1)) is not None and named.kind == "person":
            continue  # "der Norweger Jens Stoltenberg"
        hit = _bare_office(tokens, hit, joined, known) if hit.kind in ("person", "candidate") else hit
        if hit.noun is not None and hit.kind == "office" and not hit.person:
            hit = _with_name(tokens, hit, by_first, known)
        if hit.kind == "candidate":
            alone.append(hit)
            continue
        joined.append(hit)
        taken = hit.last
    return joined + alone


def _bare_office(tokens: Sequence[Token], hit: Hit, joined: list[Hit], known: Known) -> Hit:
    """ "Außenminister Lawrow", "Kanzler Scholz": a title without a nationality in front of a name."""
    at = hit.first - 1
    title = noun(tokens[at].text) if at >= 0 else None
    if title is None or title.kind != "office" or (joined and joined[-1].last >= at) or _is_no_chancellor(title, hit):
        return hit
    if hit.kind == "candidate":
        person = _by_office(hit.name, title, known.on)
        if person is None:
            return hit
        hit = _of_person(person, hit.first, hit.last, known.on, "surname with office", 0.85)
    score = hit.score if hit.origin == LEARNED else max(hit.score, 0.9)
    return replace(hit, first=at, office=tokens[at].text, noun=title, score=score)


def _called(form: str) -> list[Person]:
    """The people of our tables with a surname."""
    return [p for _, entry in lexicon().phrases.get(form, ()) if entry.kind == "surname" for p in entry.people]


def _by_office(form: str, title: Noun, on: date | None) -> Person | None:
    stem = title.ending.lstrip("*")
    fitting = [p for p in _called(form) if any(stem in term.office.lower() for term in p.terms)]
    if len(fitting) > 1 and on is not None:
        fitting = [p for p in fitting if stem in p.term(on).office.lower() and p.term(on).holds(on)]
    return fitting[0] if len(fitting) == 1 else None


def _with_name(tokens: Sequence[Token], hit: Hit, by_first: Mapping[int, Hit], known: Known) -> Hit:
    after = by_first.get(hit.last + 1)
    if after is not None and after.kind == "candidate":
        person = _candidate_person(after.name, hit)
        if person is not None:
            after = _of_person(person, after.first, after.last, known.on, "surname with office", 0.9)
    if (
        after is not None
        and after.kind == "person"
        and (_of_other_sex(hit, after) or _is_no_chancellor(hit.noun, after))
    ):
        return hit
    if after is not None and after.kind == "person":
        if hit.origin == "topic":
            return replace(after, first=hit.first, office=hit.office, noun=hit.noun)
        if _envoy(hit) and after.codes[0].split("-")[0] != hit.codes[0]:
            return replace(after, first=hit.first, office=hit.office, noun=hit.noun, score=0.95)
        private = (
            after.codes[0].endswith("-CIV") and after.codes[0].split("-")[0] == (hit.codes or ("",))[0].split("-")[0]
        )
        codes = after.codes if hit.home or private else hit.codes
        return replace(after, first=hit.first, codes=codes, office=hit.office, noun=hit.noun, score=0.98, home=False)
    known_behind = after is not None and after.kind in ("name", "metonym")
    name = unknown_name(tokens, hit.last + 1) if hit.origin != "topic" and not known_behind else ()
    if not name:
        return hit
    end = hit.last + len(name)
    return replace(
        hit, last=end, kind="person", name=" ".join(name), person=" ".join(name), score=0.9,
        origin="former office" if hit.origin == "former office" else "taught",
        codes=tuple(f"{code.split('-')[0]}-CIV" for code in hit.codes) if hit.origin == "former office" else hit.codes,
    )  # fmt: skip


def _of_other_sex(hit: Hit, person: Hit) -> bool:
    """ "Am Abend rief die finnische Außenministerin Selenskyj an": she is not he."""
    other = person.codes[:1] != hit.codes[:1] and person.origin in ("lexicon", "surname")
    return other and None not in (hit.female, person.female) and hit.female is not person.female


def _is_no_chancellor(title: Noun | None, person: Hit) -> bool:
    """ "Am Abend dankte der Kanzler Tusk": Poland has none."""
    if title is None or not _CHANCELLOR.fullmatch(title.word) or not person.codes:
        return False
    return not (_WITH_CHANCELLOR & {person.codes[0].split("-")[0], *states_of(person.person)})


def _candidate_person(form: str, hit: Hit) -> Person | None:
    states = {code.split("-")[0] for code in hit.codes}
    fitting = [p for p in _called(form) if any(term.code.split("-")[0] in states for term in p.terms)]
    return fitting[0] if len(fitting) == 1 else None


def unknown_name(tokens: Sequence[Token], start: int) -> tuple[str, ...]:
    """One to four words of a name that no table has: proper nouns, with "von", "de", "al" inside."""
    name: list[str] = []
    for token in tokens[start : start + 5]:
        text = token.text
        particle = text.lower() in _PARTICLES and bool(name)
        if particle and len(name) < 4:
            name.append(text)
            continue
        # "Der Sprecher Anna Muster der Miliz vorwarf": a noun behind "der" is no name.
        may_be_noun = len(name) == 1 and name[-1].lower() not in _PARTICLES
        proper = token.tag in ("NE", "FM", "XY") or (token.tag == "NN" and may_be_noun and text not in NOT_NAMES)
        if not proper or not text[:1].isupper() or text in NOT_NAMES or len(text) < 2 or compound(text) or noun(text):
            break
        if adjective(text) or (not name and single(text) is not None) or (len(name) > 1 and _is_state(text)):
            break
        name.append(text)
    while name and name[-1].lower() in _PARTICLES:
        name.pop()
    return tuple(name[:2] if _are_two(name) else name)


_OF_TWO = 4
"""words of two names that stand beside each other"""


def _are_two(name: Sequence[str]) -> bool:
    """Whether words are somebody's name and then another's in the genitive: "weil Ingmar Muster Annika Beispiels Nachfolger wird"."""
    return len(name) == _OF_TWO and name[-1].endswith(("s", "’", "'")) and _PARTICLES.isdisjoint(map(str.lower, name))


def _is_state(word: str) -> bool:
    """ "Außenministerin Anna Muster Armenien": what follows two names and is a state's, or its capital's, is none of them."""
    entry = single(word)
    return entry is not None and entry.kind in ("name", "capital")
