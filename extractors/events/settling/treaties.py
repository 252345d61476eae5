"""Whose a treaty is: who leaves it, or prolongs it, does so to whom it was concluded with, though the report names nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.events.beside import near_noun
from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.ontology import EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Treaty:
    """`words` find a treaty between two parties in a sentence; of `test` the first of them acts."""

    name: str
    words: re.Pattern[str]
    of: tuple[str, str]
    test: str


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


TREATIES = (
    Treaty(
        name="strategic arms",
        words=_words(r"(?:new[ -]?)?start[ -]?(?:abkommen|vertrag|abrüstungsvertrag)\w*|new[ -]start|salt-\w+"),
        of=("RUS", "USA"),
        test="Moskau hat den Vertrag New Start ausgesetzt.",
    ),
    Treaty(
        name="intermediate missiles",
        words=_words(r"INF-?(?:abkommen|vertrag|abrüstungsvertrag)\w*"),
        of=("USA", "RUS"),
        test="Washington hat den INF-Vertrag gekündigt.",
    ),
    Treaty(
        name="missile defence",
        words=_words(r"ABM-?(?:abkommen|vertrag)\w*"),
        of=("USA", "RUS"),
        test="Washington hat den ABM-Vertrag gekündigt.",
    ),
    Treaty(
        name="Founding Act",
        words=_words(r"grundakte"),
        of=("NATO", "RUS"),
        test="Die NATO hat die Grundakte ausgesetzt.",
    ),
    Treaty(
        name="grain",
        words=_words(r"getreide-?(?:abkommen|deal|vereinbarung)\w*"),
        of=("RUS", "UKR"),
        test="Moskau hat das Getreideabkommen ausgesetzt.",
    ),
    Treaty(
        name="Minsk",
        words=_words(r"minsker (?:friedens)?(?:abkommen|vereinbarung\w*)|minsk-abkommens?"),
        of=("RUS", "UKR"),
        test="Moskau hat das Minsker Abkommen gekündigt.",
    ),
)
_TYPES = frozenset({EventType.SANCTION, EventType.REJECT, EventType.AGREE, EventType.THREATEN})


def with_whom_it_is(read: Reading, p: Proposal) -> Parties | None:
    """ "Moskau hat den Vertrag New Start ausgesetzt": towards the USA, whoever was named before. So in all six labelled acts that leave
    or prolong a treaty of these two and name one of them at most."""
    who, sentence = p.parties[0], p.seen.sentence
    named = {mention.code for mention in read.mentions[sentence.index]}
    if p.type not in _TYPES or len(named) != 1 or not named.issubset(who):
        return None
    text = read.document.text[sentence.start : sentence.end]
    treaty = next((one for one in TREATIES if named.issubset(one.of) and one.words.search(text)), None)
    if treaty is None:
        return None
    sides = tuple(named), tuple(code for code in treaty.of if code not in named)
    return sides if sides != p.parties else None


def with_its_partner(read: Reading, p: Proposal) -> Parties | None:
    """ "Moskau kündigte den von Ankara vermittelten Vertrag mit Kiew auf": towards whom it is with, and not who brought it about."""
    clause, sentence = p.clause, p.seen.sentence
    if p.type not in _LEAVES or clause is None or clause.object is None or not p.parties[1]:
        return None
    heads = [sentence.tokens[head] for head in clause.object.heads if _A_TREATY.search(sentence.tokens[head].text)]
    partners = {m.code for head in heads for m in near_noun(read, sentence, head, "mit")} - {*p.parties[0]}
    return (p.parties[0], tuple(sorted(partners))) if partners and partners.isdisjoint(p.parties[1]) else None


_LEAVES = frozenset({EventType.SANCTION, EventType.REJECT})
_A_TREATY = re.compile(r"(?:[Vv]ertrag|[Aa]bkommen|[Vv]ereinbarung|[Pp]akt|[Dd]eal)(?:e?s|en)?$")
