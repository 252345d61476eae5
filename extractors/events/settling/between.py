"""What is between two, or what each does to the other: both have a part in it, and nobody else."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from extractors.events.beside import lead_of
from extractors.events.proposing.doers import MUTUALLY
from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.language import Sentence
from extractors.ontology import SYMMETRIC, EventType

BY_THE_OTHER = "the other does it too"
"""the row of an act that two do to each other, told of the second"""
_BETWEEN = "zwischen"
_SURE = 0.5
"""how sure it must be who is named"""
_OCCASIONS = frozenset({"vor", "nach", "bei", "beim", "seit", "während"})
_OF_WHOM = frozenset({"von", "mit"})
_NEAR = 3
"""tokens behind a noun in which "zwischen" stands"""
_MEDIATES = ("vermitt", "unterhändler")
_INSIDE = frozenset({"KON", "ART", "PPOSAT", "ADJA", "CARD", "NN", "NE"})
"""what stands between two names of a list: "Präsident Biden und seinem russischen Kollegen Putin" """

_ATTRIBUTES = frozenset({"PPOSAT", "ADJA", "CARD"})
_WITH = "mit"
_SIDES = frozenset({",", "auf", "einerseits", "andererseits"})
""" "Oslo auf der einen und Riga auf der anderen Seite" """


def between_whom(read: Reading, p: Proposal) -> Parties | None:
    """Whoever is named behind "zwischen": "Oslo schlug nach dem Treffen zwischen Biden und Putin einen Gipfel vor".

    Of 29 meetings and agreements in our labels and the gold set that are told so 23 are of these alone; in the others somebody goes
    between them.
    """
    candidate, sentence = p.candidate, p.seen.sentence
    if p.type not in SYMMETRIC or candidate is None or candidate.kind != "noun" or candidate.type is not p.type:
        return None
    if any(token.lemma.lower().startswith(_MEDIATES) for token in sentence.tokens):
        return None
    inside = _behind_between(read, sentence, candidate.anchor)
    return (inside, ()) if len(inside) > 1 and {*inside} != {*p.parties[0], *p.parties[1]} else None


def _behind_between(read: Reading, sentence: Sentence, noun: int) -> tuple[str, ...]:
    near = itertools.takewhile(lambda t: t.text != ",", sentence.tokens[noun + 1 : noun + 1 + _NEAR])
    first = next((token for token in near if token.text.lower() == _BETWEEN), None)
    if first is None:
        return ()
    tokens = sentence.tokens[first.i + 1 :]
    listed = [*itertools.takewhile(lambda t: t.tag in _INSIDE or t.text.lower() in _SIDES, tokens)]
    if not listed:
        return ()
    return tuple(sorted({m.code for m in read.named(sentence, listed[0].start, listed[-1].end)}))


def whose_it_is(read: Reading, p: Proposal) -> Parties | None:
    """Those alone whose meeting a noun names, where it is but the occasion of what others do: "vor dem Treffen von Biden mit Putin mahnte
    Oslo"."""
    candidate, sentence = p.candidate, p.seen.sentence
    if p.type is not EventType.CONSULT or candidate is None or candidate.kind != "noun":
        return None
    lead = lead_of(sentence, candidate.anchor)
    if lead is None or lead.text.lower() not in _OCCASIONS:
        return None
    tokens = sentence.tokens[candidate.anchor + 1 :]
    listed = [*itertools.takewhile(lambda t: t.tag in _INSIDE or t.text.lower() in _OF_WHOM, tokens)]
    if not listed or (listed[0].text.lower() != "von" and listed[0].tag not in ("ART", "NE")):
        return None
    whose = {m.code for m in read.named(sentence, listed[0].start, listed[-1].end) if m.score >= _SURE}
    return (tuple(sorted(whose)), ()) if len(whose) > 1 and whose < {*p.parties[0], *p.parties[1]} else None


def of_ones_own(read: Reading, p: Proposal) -> Parties | None:
    """Who speaks of his own talks, and with whom they were: "unterrichtete die NATO über ihre Gespräche mit Lawrow".

    Of seven such meetings in our labels and the gold set all are of these two.
    """
    candidate, clause, sentence = p.candidate, p.clause, p.seen.sentence
    if p.type is not EventType.CONSULT or candidate is None or candidate.kind != "noun" or clause is None:
        return None
    tokens = sentence.tokens
    own = itertools.takewhile(lambda t: t.tag in _ATTRIBUTES, reversed(tokens[: candidate.anchor]))
    if all(t.tag != "PPOSAT" for t in own) or clause.subject is None:
        return None
    behind = tokens[candidate.anchor + 1 : candidate.anchor + 2]
    if [t.text for t in behind] != [_WITH]:
        return None
    listed = [*itertools.takewhile(lambda t: t.tag in _INSIDE, tokens[candidate.anchor + 2 :])]
    whose = tuple(sorted({m.code for m in read.in_role(sentence, clause.subject)}))
    if not listed or not whose:
        return None
    partners = {m.code for m in read.named(sentence, listed[0].start, listed[-1].end)} - {*whose}
    told = (*whose, *sorted(partners))
    return (told, ()) if partners and {*told} != {*p.parties[0], *p.parties[1]} else None


def each_to_the_other(read: Reading, p: Proposal) -> Parties | None:
    """The first of two that do it to each other does it to the second; `the_other_too` has the second do it to him:
    "Oslo und Riga warfen einander Wortbruch vor"."""
    pair = _who_do_it_mutually(read, p)
    one_way = len(p.parties[0]) == 1 and {*p.parties[0], *p.parties[1]} == {*pair}
    return ((pair[0],), (pair[1],)) if pair and not one_way else None


def the_other_too(read: Reading, p: Proposal) -> Iterator[Proposal]:
    pair = _who_do_it_mutually(read, p)
    if pair:
        first, second = pair if p.parties[0] != (pair[1],) else pair[::-1]
        yield replace(p, parties=((second,), (first,)))


def _who_do_it_mutually(read: Reading, p: Proposal) -> tuple[str, ...]:
    """Two that are named before "einander", if they are the parties of an act, or the subject names them; else nobody."""
    clause, sentence = p.clause, p.seen.sentence
    if clause is None or p.type in SYMMETRIC:
        return ()
    mutually = next((i for i in clause.tokens if sentence.tokens[i].text.lower() in MUTUALLY), None)
    if mutually is None:
        return ()
    before = read.named(sentence, sentence.start, sentence.tokens[mutually].start)
    pair = tuple(dict.fromkeys(m.code for m in before))
    named = {code for code in (*p.parties[0], *p.parties[1]) if "in" in p.seen.flags.get(code, ())}
    of_both = named and {*pair} == {m.code for m in read.in_role(sentence, clause.subject)}
    return pair if len(pair) == 2 and ({*pair} == named or (of_both and named < {*pair})) else ()
