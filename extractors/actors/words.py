"""Which words of a sentence name actors by themselves: names, capitals, people, adjectives, compounds. What belongs together is joined by
`phrases`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from extractors.actors.aside import ADJECTIVE, COMPOUND, TAUGHT, Aside
from extractors.actors.hits import Hit, Known, spelt
from extractors.actors.lexicon import Compound, Entry, Noun, Person, adjective, compound, lexicon, regional
from extractors.language import Sentence, Token

ENVOYS = frozenset({"botschafter", "botschafterin", "vertreter", "vertreterin", "gesandte", "gesandter", "sondergesandte",
                    "sondergesandter", "beauftragte", "beauftragter", "unterhändler", "delegationsleiter"})  # fmt: skip
_ABOUT = frozenset({*ENVOYS, "experte", "expertin", "korrespondent", "berater", "beraterin", "politiker", "reporter",
                    "journalist", "experten", "koordinator", "analyst"})  # fmt: skip


def lexical(sentence: Sentence, known: Known, aside: Aside) -> dict[int, Hit]:
    """Hits by their first token; the longest phrase wins, and nothing overlaps. What is left aside is told to `aside`."""
    phrases = lexicon().phrases
    tokens = sentence.tokens
    found: dict[int, Hit] = {}
    i = 0
    while i < len(tokens):
        text = tokens[i].text
        hit = None
        if text[:1].isupper() or text[:1].isdigit() or text[:1] == "d":
            hit = _whole(tokens, i, known)
            hit = hit or (_phrase(tokens, i, known, aside) if text in phrases or text in known.people else None)
            hit = hit or _single(tokens, i, known, aside)
        elif "isch" in text or "tsch" in text or text in phrases:
            hit = (_phrase(tokens, i, known, aside) if text in phrases else None) or _adjective(tokens, i, aside)
        if hit is None:
            i += 1
            continue
        found[hit.first] = hit
        i = hit.last + 1
    return found


def _phrase(tokens: Sequence[Token], i: int, known: Known, aside: Aside) -> Hit | None:
    for words, entry in lexicon().phrases.get(tokens[i].text, ()):
        end = i + len(words)
        if end <= len(tokens) and all(tokens[i + k].text == words[k] for k in range(1, len(words))):
            if entry.kind == "inhabitant" and _before_noun(tokens, i):
                continue
            hit = _entry_hit(entry, i, end - 1, known)
            if hit is not None:
                return hit
    return _taught(tokens, i, known.people.get(tokens[i].text), aside)


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


def _taught(tokens: Sequence[Token], i: int, hit: Hit | None, aside: Aside) -> Hit | None:
    """A name that the article has taught; with its first names where they stand before it."""
    if hit is None or aside.leaves(TAUGHT, tokens, replace(hit, first=i, last=i)):
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
        return of_person(entry.people[0], first, last, known.on, "lexicon", 0.98)
    form = entry.name
    taught = known.people.get(form)
    if taught is not None:
        return replace(taught, first=first, last=last, core=first)
    famous = [person for person in entry.people if person.famous]
    if len(famous) == 1:
        return of_person(famous[0], first, last, known.on, "surname", 0.88)
    people = _in_office(famous or list(entry.people), known.on)
    if famous and len(people) == 1:
        return of_person(people[0], first, last, known.on, "surname", 0.75)
    # Too common a name to stand alone: kept as a candidate until an office beside it says who is meant.
    return Hit(first=first, last=last, codes=(), name=form, kind="candidate", origin="surname", score=0.0, core=first)


def _in_office(people: Iterable[Person], on: date | None) -> list[Person]:
    return [person for person in people if on is None or person.term(on).holds(on)]


def of_person(person: Person, first: int, last: int, on: date | None, origin: str, score: float) -> Hit:
    term = person.term(on)
    former = on is not None and not term.holds(on)
    return Hit(first=first, last=last, codes=(term.code,), name=person.name, kind="person", office=term.office,
               origin="former office" if former else origin, score=score - 0.2 * former, person=person.name,
               female=person.female, core=first)  # fmt: skip


def _single(tokens: Sequence[Token], i: int, known: Known, aside: Aside) -> Hit | None:
    """A word that is in no table itself: compounds, and adjectives with a capital."""
    text = tokens[i].text
    stem = text[:-1] if text[-1:] in "’'" else text.removesuffix("s")
    taught = known.people.get(text) or known.people.get(stem)
    if taught is not None:
        return _taught(tokens, i, taught, aside)
    found = compound(text)
    if found is not None:
        hit = _compound_hit(found, i, text, known)
        return None if hit is None or aside.leaves(COMPOUND, tokens, hit) else hit
    return _adjective(tokens, i, aside)


def _compound_hit(found: Compound, i: int, text: str, known: Known) -> Hit | None:
    codes = tuple(code for part in found.parts for code in _part_codes(part, known))
    if found.noun is not None and found.noun.kind == "body" and found.parts and found.parts[0].people:
        # "die Trump-Regierung" is a government, whatever its man is by now.
        codes = tuple(code.split("-")[0] for code in codes)
    if found.noun is not None and found.noun.suffix and len(codes) == 1:
        codes = (f"{codes[0].split('-')[0]}-{found.noun.suffix}",)
    if not codes and not found.home:
        return None
    about = found.noun is not None and _about(found, text)
    office = text if found.noun is not None and found.noun.kind == "office" else ""
    # "Russland-Sanktionen" are against, "US-Sanktionen" by: what has no noun of ours is a topic until a rule knows better.
    origin = "former office" if found.former else "topic" if about or (found.head and not found.noun) else "compound"
    names = " und ".join(lexicon().names.get(code, code) for code in codes)
    score = {"topic": 0.4, "former office": 0.7}.get(origin, 0.95)
    return Hit(first=i, last=i, codes=codes, name=names, kind="office" if office else "compound", origin=origin, core=i,
               capital=found.noun is None and bool(found.parts) and found.parts[0].kind == "capital", score=score, office=office, noun=found.noun, home=found.home, female=is_female(found.noun))  # fmt: skip


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


def is_female(found: Noun | None) -> bool | None:
    if found is None or found.kind != "office":
        return None
    return found.gender == "f"


def _adjective(tokens: Sequence[Token], i: int, aside: Aside) -> Hit | None:
    text = tokens[i].text
    codes = adjective(text)
    city = "" if codes else lexicon().cities.get(text, "")
    if not codes and not city:
        return None
    names = " und ".join(lexicon().names.get(code, code) for code in codes or (city,))
    hit = Hit(first=i, last=i, codes=codes or (city,), name=names, kind="adjective", core=i,
              origin="city" if city else "region" if regional(text) else "lexicon", score=0.93)  # fmt: skip
    return None if aside.leaves(ADJECTIVE, tokens, hit) else hit
