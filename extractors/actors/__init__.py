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

from extractors.actors import doubts
from extractors.actors.aside import Aside
from extractors.actors.checking import SUFFIXES, GazetteerError
from extractors.actors.hits import Hit, Known, short, surnames
from extractors.actors.introduced import introduced
from extractors.actors.learned import learned
from extractors.actors.lexicon import lexicon
from extractors.actors.newcomers import newcomers
from extractors.actors.phrases import found_in, scan
from extractors.actors.pointing import resolve
from extractors.actors.titled import titled
from extractors.language import Document, Sentence
from extractors.model import Holder, Introduction

__all__ = ["GazetteerError", "Mention", "Named", "Refused", "is_code", "mentions", "name_of", "named", "refused"]


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
    """lexicon, phrase, compound, topic, place, locative, surname, taught, learned, former office, coreference …"""
    score: float
    """how sure we are, 0 to 1; topics and places of an adjective are below 0.5"""
    row: str = ""
    """of a pronoun or description the row of `pointing` by which it means somebody; of a title and a name beside each other the row of
    `phrases` that says that it is another's"""


def is_code(code: str) -> bool:
    """Whether an actor may have this code: a state's or an organisation's of our tables, alone or with one of the suffixes.

    >>> [code for code in ("RUS", "NATO", "DEU-OPP", "ZZZ", "DEU-ZZZ", "DEU-", "NATO|RUS") if is_code(code)]
    ['RUS', 'NATO', 'DEU-OPP']
    """
    state, dash, suffix = code.partition("-")
    return "|" not in state and state in lexicon().names and (suffix in SUFFIXES if dash else True)


def name_of(code: str) -> str:
    """The German name of a code, with its suffix told; the code itself where we know none.

    >>> name_of("RUS"), name_of("DEU-OPP")
    ('Russland', 'Deutschland (Opposition)')
    """
    names = lexicon().names
    if code in names and "-" not in code:
        return names[code]
    state, _, suffix = code.partition("-")
    return f"{names.get(state, state)} ({SUFFIXES[suffix]})" if suffix in SUFFIXES else code


def mentions(document: Document, *, on: date | None = None, holders: tuple[Holder, ...] = ()) -> tuple[Mention, ...]:
    """All mentions of actors in a text, in order of their start.

    `on` is the day the article is of: it chooses the office of people who held several; without it the latest counts.
    `holders` are people whom no table has and other articles have introduced.
    """
    return named(document, on=on, holders=holders).mentions


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Who is named in a text, and whom it introduces that no table has."""

    mentions: tuple[Mention, ...]
    introduced: tuple[Introduction, ...]


def named(document: Document, *, on: date | None = None, holders: tuple[Holder, ...] = ()) -> Named:
    """The `mentions` of a text, and whom it introduces into an office. The same text and holders give the same."""
    scanned = _scanned(document, on, holders)
    _, unions = _placed(document, scanned.hits)
    pointed = resolve(document, unions)
    # "Der Norweger" names a state, unless it points to somebody.
    elsewhere = [{hit.first for hit in hits} for hits in pointed]
    told = [
        [hit for hit in hits if hit.kind != "inhabitant" or hit.first not in meant]
        for hits, meant in zip(unions, elsewhere, strict=True)
    ]
    everybody = [
        mention
        for sentence, *of_sentence in zip(document.sentences, told, pointed, strict=True)
        for hits in of_sentence
        for hit in hits
        for mention in _mentions(sentence, hit)
    ]
    ordered = sorted(everybody, key=lambda mention: (mention.start, mention.end, mention.code))
    return Named(mentions=tuple(ordered), introduced=scanned.introduced)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A stretch of the text that seems to stand for actors and does not. Offsets count characters of the text that was read."""

    start: int
    end: int
    codes: tuple[str, ...]
    row: str
    """what says so: a row of `doubts`, of names, or of `mistaken`, of words that point back"""
    sentence: int
    """index of the sentence in the document"""


def refused(document: Document, *, on: date | None = None, holders: tuple[Holder, ...] = ()) -> tuple[Refused, ...]:
    """What `mentions` leaves out of what it finds in a text, in order of its start. Reads the text anew: for whoever asks why."""
    scanned = _scanned(document, on, holders)
    home, unions = _placed(document, scanned.hits)
    told: list[tuple[int, Hit, str]] = []
    for sentence, known in zip(document.sentences, scanned.known, strict=True):
        aside = Aside()
        units = found_in(sentence, known, aside)
        rows = [*aside.told.values(), *((hit, doubts.refused(sentence, hit, units)) for hit in units)]
        told += ((sentence.index, _at_home(hit, home), row) for hit, row in rows if row)
    resolve(document, unions, refused=told)
    return tuple(
        sorted((_refused(document.sentences[at], hit, row) for at, hit, row in told), key=lambda one: one.start)
    )


def _refused(sentence: Sentence, hit: Hit, row: str) -> Refused:
    tokens = sentence.tokens
    return Refused(
        start=tokens[hit.first].start, end=tokens[hit.last].end, codes=hit.codes, row=row, sentence=sentence.index
    )


def _placed(document: Document, found: Sequence[Sequence[Hit]]) -> tuple[str, list[list[Hit]]]:
    """The country of an article's "Bundeskanzler", and who is named in it with that known."""
    home = _home(document, found)
    return home, [[_at_home(hit, _said_before(hit, hits) or home) for hit in hits] for hits in _union(document, found)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scanned:
    """Who is named in each sentence, with what was known there, and whom the text introduces."""

    hits: Sequence[Sequence[Hit]]
    known: Sequence[Known]
    introduced: tuple[Introduction, ...]


def _scanned(document: Document, on: date | None, holders: tuple[Holder, ...]) -> _Scanned:
    """Every sentence twice where needed: names are often given in full only after the headline has used them short.

    Whom the article introduces is told as if nobody were known from other articles: who is introduced again is still in office.
    """
    nobody = Known(on=on)
    first = [scan(sentence, nobody) for sentence in document.sentences]
    home = _home(document, first)
    named = [
        (*hits, *more, *introduced(sentence, (*hits, *more)))
        for sentence, hits, more in zip(
            document.sentences, first, titled(document.sentences, first, home=home), strict=True
        )
    ]
    people = _taught(named)
    new = newcomers(document, [[_at_home(hit, home) for hit in hits] for hits in named])
    others = learned(document.sentences, holders, on=on, taught=people)
    people = {**others.people, **people}
    everybody = Known(people=people, on=on, whole=others.whole)
    known = [
        everybody
        if any(short(token.text) in people or token.text in others.whole for token in sentence.tokens)
        else nobody
        for sentence in document.sentences
    ]
    again = [
        hits if told is nobody else scan(sentence, told)
        for sentence, hits, told in zip(document.sentences, first, known, strict=True)
    ]
    return _Scanned(hits=again, known=known, introduced=new)


def _taught(named: Sequence[Sequence[Hit]]) -> dict[str, Hit]:
    """Surname → who it is in this article. The first full name wins; one that is also a place or state teaches nothing."""
    people: dict[str, Hit] = {}
    for hits in named:
        for hit in hits:
            if hit.kind != "person" or not hit.codes:
                continue
            new = [form for form in surnames(hit.person, hit.codes) if form not in people]
            if new:
                taught = replace(hit, kind="person", origin="surname", score=min(hit.score, 0.9), row="")
                people.update(dict.fromkeys(new, taught))
    return people


_SPOKEN_OF = 2
"""how often Switzerland or the EU must be named: once is in passing ("die Schweiz zögert, die Bundesregierung liefert")"""


def _home(document: Document, found: Sequence[Sequence[Hit]]) -> str:
    """Whose "Bundeskanzler" it is: Austria's or Switzerland's where the article speaks more of them than of Germany."""
    counts = Counter(code for hits in found for hit in hits for code in hit.codes if hit.origin != "topic")
    if "Jänner" in document.text or "heuer" in document.text.split():
        counts["AUT"] += 2
    if counts["CHE"] < _SPOKEN_OF:
        del counts["CHE"]
    return max(_FEDERAL, key=lambda code: (counts[code], code == "DEU"))


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


_FEDERAL = ("DEU", "AUT", "CHE")
"""states whose offices are called "Bundes…" """
_NOT_SWISS = ("regierung", "kanzler", "kanzlerin", "minister", "ministerin", "ministerium")
"""of what is "Bundes…", what Switzerland has not: its government is the "Bundesrat" """


def _said_before(hit: Hit, hits: Sequence[Hit]) -> str:
    """The state whose "Bundespräsidentin" it is, where an adjective right before says so: "die Schweizer Bundespräsidentin"."""
    of = (one.codes[0] for one in hits if one.last == hit.first - 1 and one.kind == "adjective" and one.codes)
    return next((code for code in of if code in _FEDERAL), "")


def _at_home(hit: Hit, home: str) -> Hit:
    if not hit.home or hit.codes:
        return hit
    if home == "CHE" and hit.noun is not None and hit.noun.word.lower().endswith(_NOT_SWISS):
        home = "DEU"
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
            row=hit.row,
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
