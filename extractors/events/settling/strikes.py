"""Strikes of which nobody says who struck: rows find them where the weights see no act, since no party is named.

"In Charkiw wurden bei einem Raketenangriff sechs Menschen getötet" names a town and nobody who acts. In a war of two the other
side did it, where the town is one's own and the article speaks of both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from extractors.events.reading import Reading
from extractors.events.settling.by_row import SURE, told_by
from extractors.events.weighing.features import View
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Role, Sentence, Token
from extractors.ontology import EventType

_PREFIX = "strike:"
_ORIGINS = ("the other side of the war", "whose land it is")
_ANY = "angriff beschuss beschoss bombard schlag schläg schlug traf getroffen beschädig zerstör attacke".split()
"""one of these stands, in small or capital letters, wherever any row finds something: of most sentences none need be tried"""
_STRIKE = re.compile(
    r"(?:(?:luft|raketen|drohnen|bomben|artillerie|granaten|mörser|gleitbomben|nacht)?(?:angriff|attacke|schlag)|beschuss|raketenbeschuss|"
    r"artilleriebeschuss|dauerbeschuss|bombardement|bombardierung|raketeneinschlag|drohneneinschlag)(?:e?s|e?n|e)?",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:angriff|schl[aä]g|attacke)(?:e?s|e?n|e)?", re.IGNORECASE)
"""may be any offensive or blow, if it does not say at what something happened"""
_AT = frozenset({"bei", "beim", "durch", "infolge"})
_WEAPON = re.compile(
    r"(?:\w*rakete|\w*drohne|\w*granate|\w*bombe|\w*geschoss|\w*flugkörper|trümmerteil)(?:e?n|e?s|e)?", re.IGNORECASE
)
_HITS = frozenset({"treffen", "einschlagen", "beschädigen", "zerstören", "töten", "verletzen"})
_SHELLED = frozenset({"beschießen", "bombardieren", "angreifen", "attackieren"})
_UNCLEAR = frozenset(
    "Krim Sewastopol Simferopol Kertsch Donezk Luhansk Melitopol Mariupol Berdjansk Donbass Ostukraine Horliwka Saporischschja".split()
)
"""whose land is held by the other side: either may have struck there"""


@dataclass(frozen=True, slots=True, kw_only=True)
class War:
    """Two who are at war since a day, with nobody else who strikes."""

    sides: tuple[str, str]
    since: date


WARS = (War(sides=("RUS", "UKR"), since=date(2022, 2, 24)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` gives the word for a strike in a clause, None where there is none; `test` is a sentence of which the row says so."""

    name: str
    holds: Callable[[Sentence, Clause], Token | None]
    test: str


def strikes(read: Reading, seen: Sequence[View], told: Sequence[Proposal]) -> Iterator[tuple[Proposal, float]]:
    """What the rows find in sentences that name nobody, with how sure they are."""
    war = next((one for one in WARS if read.dated.date() >= one.since and all(read.counts[c] for c in one.sides)), None)
    if war is None:
        return
    known = {p.seen.sentence.index for p in told}
    for view in seen:
        sentence = view.sentence
        if sentence.index in known or read.mentions[sentence.index]:
            continue
        words = read.document.text[sentence.start : sentence.end].lower()
        if not any(word in words for word in _ANY):
            continue
        if (found := _found(read, view, war)) is not None:
            yield found, SURE


def _found(read: Reading, view: View, war: War) -> Proposal | None:
    sentence = view.sentence
    struck = {one.place.country for one in read.places[sentence.index] if one.place.country}
    if (
        len(struck) != 1
        or not struck <= {*war.sides}
        or any(p.place.name in _UNCLEAR for p in read.places[sentence.index])
    ):
        return None
    whom = tuple(struck)
    who = tuple(code for code in war.sides if code not in struck)
    for clause in sentence.clauses:
        if not clause.finite or clause.negated or clause.modal or clause.kind not in ("main", "relative"):
            continue
        for row in ROWS:
            if (word := row.holds(sentence, clause)) is None:
                continue
            rule = f"{_PREFIX}{row.name}"
            return told_by(rule, EventType.ASSAULT, view, clause, word, (who, whom), _ORIGINS)
    return None


def _strike(sentence: Sentence, clause: Clause) -> Token | None:
    """ "Bei einem Angriff starben zwei Menschen", "Drohnenangriffe trafen einen Hafen"."""
    nouns = (t for t in (sentence.tokens[i] for i in clause.tokens) if t.pos == "NOUN" and _STRIKE.fullmatch(t.text))
    return next((t for t in nouns if not _BARE.fullmatch(t.text) or _happens_at(sentence, t)), None)


def _happens_at(sentence: Sentence, noun: Token) -> bool:
    return any(token.text.lower() in _AT for token in sentence.tokens[max(0, noun.i - 3) : noun.i])


def _shelled(sentence: Sentence, clause: Clause) -> Token | None:
    """ "Die Stadt Cherson wurde beschossen"."""
    return sentence.tokens[clause.head] if clause.voice == "passive" and clause.predicate in _SHELLED else None


def _weapon_hits(sentence: Sentence, clause: Clause) -> Token | None:
    """ "Eine Rakete schlug in Odessa in ein Wohnhaus ein"."""
    return sentence.tokens[clause.head] if clause.predicate in _HITS and _is_weapon(sentence, clause.subject) else None


def _is_weapon(sentence: Sentence, role: Role | None) -> bool:
    return role is not None and any(_WEAPON.fullmatch(sentence.tokens[head].text) for head in role.heads)


ROWS = (
    Row(
        name="told by its noun",
        holds=_strike,
        test="In Charkiw wurden bei einem Raketenangriff sechs Menschen getötet.",
    ),
    Row(name="shelled", holds=_shelled, test="Am Abend wurde die Stadt Cherson erneut mit Artillerie beschossen."),
    Row(name="a weapon hits", holds=_weapon_hits, test="Eine Rakete schlug in Odessa in ein Wohnhaus ein."),
)
