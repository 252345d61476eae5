"""Finds who is named in an article: states, organisations, offices, people, metonyms, and the words that point back.

    mentions(document, on=date(2022, 1, 10))

Codes are the codebook's: ISO 3166 alpha-3 for states, NATO, EU, OSCE …, with a suffix for opposition (`-OPP`),
business (`-BUS`), media (`-MED`) and private people (`-CIV`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from extractors.actors.hits import Hit, Known
from extractors.actors.introduced import introduced
from extractors.actors.lexicon import GazetteerError, lexicon
from extractors.actors.phrases import scan
from extractors.actors.pointing import resolve
from extractors.actors.titled import titled
from extractors.language import Document, Sentence

__all__ = ["GazetteerError", "Mention", "mentions", "name_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A stretch of the text that stands for an actor. Offsets count characters of the text that was read.

    A word that names two actors ("NATO-Russland-Rat") gives two mentions of the same stretch.
    """

    start: int
    end: int
    code: str
    name: str
    """the actor's or the person's name, as our tables or the article have it"""
    office: str = ""
    kind: str
    """name, adjective, inhabitant, metonym, office, person, compound, pronoun or description"""
    sentence: int
    """index of the sentence in the document"""
    origin: str
    """lexicon, phrase, compound, topic, place, locative, surname, taught, former office, coreference …"""
    score: float
    """how sure we are, 0 to 1; topics and places of an adjective are below 0.5"""


def name_of(code: str) -> str:
    """The German name of a code, with its suffix told; the code itself where we know none.

    >>> name_of("RUS"), name_of("DEU-OPP")
    ('Russland', 'Deutschland (Opposition)')
    """
    names = lexicon().names
    if code in names and "-" not in code:
        return names[code]
    state, _, suffix = code.partition("-")
    told = {"OPP": "Opposition", "BUS": "Wirtschaft", "MED": "Medien", "CIV": "Privat"}.get(suffix)
    return f"{names.get(state, state)} ({told})" if told else code


def mentions(document: Document, *, on: date | None = None) -> tuple[Mention, ...]:
    """All mentions of actors in a text, in order of their start.

    `on` is the day the article is of: it chooses the office of people who held several; without it the latest counts.
    """
    found = _scanned(document, on)
    home = _home(document, found)
    named = [[_at_home(hit, home) for hit in hits] for hits in _union(document, found)]
    pointed = resolve(document, named, home=home)
    # "Der Norweger" names a state, unless it points to somebody.
    elsewhere = [{hit.first for hit in hits} for hits in pointed]
    told = [
        [hit for hit in hits if hit.kind != "inhabitant" or hit.first not in meant]
        for hits, meant in zip(named, elsewhere, strict=True)
    ]
    everybody = [
        mention
        for sentence, *of_sentence in zip(document.sentences, told, pointed, strict=True)
        for hits in of_sentence
        for hit in hits
        for mention in _mentions(sentence, hit)
    ]
    return tuple(sorted(everybody, key=lambda mention: (mention.start, mention.end, mention.code)))


def _scanned(document: Document, on: date | None) -> list[tuple[Hit, ...]]:
    """Every sentence twice where needed: names are often given in full only after the headline has used them short."""
    first = [scan(sentence, Known(on=on)) for sentence in document.sentences]
    with_titled = [
        (*hits, *more)
        for hits, more in zip(first, titled(document.sentences, first, home=_home(document, first)), strict=True)
    ]
    people = _taught(document.sentences, with_titled)
    if not people:
        return first
    known = Known(people=people, on=on)
    return [
        scan(sentence, known) if any(_short(token.text) in people for token in sentence.tokens) else hits
        for sentence, hits in zip(document.sentences, first, strict=True)
    ]


def _short(text: str) -> str:
    return text if len(text) < 4 else text.rstrip("’'").removesuffix("s")


def _taught(sentences: Sequence[Sentence], found: Sequence[Sequence[Hit]]) -> dict[str, Hit]:
    """Surname → who it is in this article. The first full name wins; one that is also a place or state teaches nothing."""
    people: dict[str, Hit] = {}
    for sentence, hits in zip(sentences, found, strict=True):
        for hit in (*hits, *introduced(sentence, hits)):
            if hit.kind != "person" or not hit.codes:
                continue
            for form in _surnames(hit):
                people.setdefault(form, replace(hit, kind="person", origin="surname", score=min(hit.score, 0.9)))
    return people


def _surnames(hit: Hit) -> Iterator[str]:
    person = hit.person
    words = person.split()
    if not words or (len(words) == 1 and len(person) < 3):
        return
    first = any(code.split("-")[0] in _SURNAME_FIRST for code in hit.codes)
    for word in dict.fromkeys((words[-1], *words[:first])):
        entries = lexicon().phrases.get(word, ())
        known = (entry.kind for phrase, entry in entries if len(phrase) == 1)
        if len(word) >= 3 and all(kind in ("surname", "person") for kind in known):
            yield word
            yield _short(word)


_SURNAME_FIRST = frozenset({"CHN", "KOR", "PRK", "TWN", "VNM"})
"""states whose people are told by the first word of their name: "Kim Jong Un" """
_SPOKEN_OF = 2
"""how often Switzerland or the EU must be named: once is in passing ("die Schweiz zögert, die Bundesregierung liefert")"""


def _home(document: Document, found: Sequence[Sequence[Hit]]) -> str:
    """Whose "Bundeskanzler" it is: Austria's or Switzerland's where the article speaks more of them than of Germany."""
    counts = Counter(code for hits in found for hit in hits for code in hit.codes if hit.origin != "topic")
    if "Jänner" in document.text or "heuer" in document.text.split():
        counts["AUT"] += 2
    if counts["CHE"] < _SPOKEN_OF:
        del counts["CHE"]
    return max(("DEU", "AUT", "CHE"), key=lambda code: (counts[code], code == "DEU"))


_PARTIES = re.compile(r"\b(?:CDU|CSU|JU|SPD|FC|Unions\w+|Junge[nr]? Union)\b")
"""beside these "Union" is a party, or plays football"""


def _union(document: Document, found: Sequence[Sequence[Hit]]) -> Sequence[Sequence[Hit]]:
    """ "Orban nimmt die Union in Geiselhaft": the EU's, where an article speaks of it and of no German party."""
    told = sum("EU" in hit.codes for hits in found for hit in hits)
    if told < _SPOKEN_OF or _PARTIES.search(document.text):
        return found
    return [
        [replace(hit, codes=("EU",), name=lexicon().names["EU"]) if _is_union(sentence, hit) else hit for hit in hits]
        for sentence, hits in zip(document.sentences, found, strict=True)
    ]


def _is_union(sentence: Sentence, hit: Hit) -> bool:
    return hit.first == hit.last and sentence.tokens[hit.first].text == "Union"


def _at_home(hit: Hit, home: str) -> Hit:
    if not hit.home or hit.codes:
        return hit
    return replace(hit, codes=(home,), name=lexicon().names[home], home=False, score=0.85)


def _mentions(sentence: Sentence, hit: Hit) -> Iterator[Mention]:
    tokens = sentence.tokens
    for code in hit.codes:
        yield Mention(
            start=tokens[hit.first].start,
            end=tokens[hit.last].end,
            code=code,
            name=hit.name if len(hit.codes) == 1 else lexicon().names.get(code, code),
            office=hit.office,
            kind=hit.kind,
            sentence=sentence.index,
            origin=_origin(sentence, hit),
            score=round(hit.score if _origin(sentence, hit) != "locative" else 0.35, 2),
        )


_SIDES = frozenset({"Osten", "Westen", "Süden", "Norden", "Südosten", "Südwesten", "Nordosten", "Nordwesten"})
_LOCATIVE = frozenset({"in", "nach", "aus", "bei", "nahe"})


def _origin(sentence: Sentence, hit: Hit) -> str:
    """ "in der Ukraine" is first of all a place; whoever looks for a target may still take it."""
    if hit.kind != "name" or hit.noun is not None or hit.origin != "lexicon":
        return hit.origin
    before = [sentence.tokens[k].text.lower() for k in range(max(hit.first - 2, 0), hit.first)]
    if before and before[-1] in ("der", "die", "den", "dem"):
        before.pop()
        sided = hit.first > 1 and sentence.tokens[hit.first - 2].text in _SIDES
        if sided:
            return "locative"
    return "locative" if before and before[-1] in _LOCATIVE else hit.origin
