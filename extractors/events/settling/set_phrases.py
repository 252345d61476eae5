"""Acts that set phrases tell by themselves ("stellte an den Pranger", "lenkte ein"): what the weights saw too seldom to believe.

Each is a row of `extractors/data/triggers.toml` with `sure`. It holds where its clause says that it is so, and between whom: not where it is denied,
wanted, only possible, asked or a condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.events.proposing.candidates import Candidate, words_of
from extractors.events.proposing.directions import directions
from extractors.events.reading import Reading
from extractors.events.settling.by_row import SURE
from extractors.events.weighing.features import View
from extractors.events.weighing.judge import Judge, Proposal, propose
from extractors.ontology import SYMMETRIC, EventType


def set_phrases(
    read: Reading, known: Judge, seen: Sequence[View], told: Sequence[Proposal]
) -> Iterator[tuple[Proposal, float]]:
    """The acts of phrases of whose type nothing is told in their sentence, with how sure they are."""
    told_there = {(p.seen.sentence.index, p.type) for p in told}
    for view in seen:
        for phrase in view.phrases:
            if (view.sentence.index, phrase.type) in told_there or not is_sure(phrase):
                continue
            rows = (*view.candidates, phrase)
            with_it = replace(view, candidates=rows, directions=directions(read, rows))
            for likely in propose(with_it, phrase.type, SURE, known.parties):
                p = by_phrase(likely, phrase)
                if p.parties[1] or (p.type in SYMMETRIC and len(p.parties[0]) > 1):
                    yield p, SURE


def anchored(p: Proposal) -> Proposal:
    """An act that the weights see without a row, at the phrase that tells it; itself where none does."""
    phrases = (c for c in p.seen.phrases if c.type is p.type and is_sure(c))
    phrase = next(phrases, None) if p.candidate is None else None
    return by_phrase(p, phrase) if phrase is not None else p


def by_phrase(p: Proposal, phrase: Candidate) -> Proposal:
    """An act between those whom the phrase's own words name, where they name both, and not only who else is in the sentence."""
    slots = phrase.trigger.to if phrase.trigger is not None else ()
    own = phrase.recipient_from in slots or (phrase.recipient_from == "subject" and "subj" in slots)
    return replace(p, candidate=phrase, parties=(phrase.actors, phrase.recipients) if own else p.parties)


def instead_of(p: Proposal) -> EventType | None:
    """The type of the phrase whose words the weights read as an act of another, None where there is none: no row sees that act, or it is
    what the phrase says that somebody does with it ("nahm die Forderung vom Tisch")."""
    phrases = (c for c in p.seen.phrases if c.type is not p.type and is_sure(c))
    return next((c.type for c in phrases if _is_other_reading(p, c)), None)


def is_sure(phrase: Candidate) -> bool:
    """Whether it is known who acts, and the clause denies it just where the phrase does. Whoever threatens by "das werde ein Nachspiel haben"
    says so; what others are told to do who are not known ("diese habe …") whoever tells it has not done."""
    row, clause = phrase.trigger, phrase.clause
    if row is None or clause is None or not phrase.actors or clause.negated != row.negated:
        return False
    return phrase.actor_from != "speaker" or row.said or phrase.type is EventType.THREATEN


def _is_other_reading(p: Proposal, phrase: Candidate) -> bool:
    own, clause = p.candidate, phrase.clause
    if own is None:
        main = [c for c in p.seen.sentence.clauses if c.finite and c.kind == "main"]
        return len(main) == 1 and clause is not None and (clause == p.clause or clause.kind == "complement")
    if own.kind == "verb" and own.anchor == phrase.anchor:
        return True  # "drang in den Luftraum ein": what the phrase says of a verb is more than what the verb says alone
    return own.kind == "noun" and p.parties[0] == phrase.actors and _is_within(phrase, own.anchor)


def _is_within(phrase: Candidate, noun: int) -> bool:
    """Whether a noun is one of the words that the phrase's pattern asks for."""
    row, clause = phrase.trigger, phrase.clause
    if row is None or row.within is None or clause is None:
        return False
    words = words_of(phrase.sentence, clause)
    told = row.within.search(" ".join(("", *(word.text for word in words), "")))
    start = len(" ".join(("", *(word.text for word in words if word.i < noun), "")))
    end = start + len(phrase.sentence.tokens[noun].text)
    return told is not None and noun in clause.tokens and told.start() < end and start < told.end()
