"""Acts of somebody whom no table has, and of whom the article does not say whose he is: "Präsident Gausewitz dankte der Ukraine".

Who else is named there has not acted. Better told with no event than turned over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractors.actors.lexicon import lexicon as actors
from extractors.events.proposing.candidates import SAID, Candidate
from extractors.events.proposing.contents import row_of
from extractors.events.tables import names
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause
from extractors.ontology import EventType
from extractors.speech.lexicon import lexicon

_NOT_SAID = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.MOBILIZE, EventType.RETREAT, EventType.PROTEST})
"""acts that somebody else may have done who is only spoken of"""
_WORDS = SAID - {EventType.AGREE} | {EventType.STATE}
"""acts that are words, which whoever speaks has said"""
_REPORTS = frozenset({"berichten", "melden"})
"""verbs of media, which tell of others"""
_RECEIVES = frozenset({"erhalten", "bekommen"})
_TOGETHER = frozenset({EventType.CONSULT, EventType.COOPERATE})
"""acts of several, of whom some may be known"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` where what is proposed is no act of those who are named; `test` is a sentence of which the row says so, of an act of `type`."""

    name: str
    holds: Callable[[Proposal], bool]
    type: EventType
    test: str


def _acts(p: Proposal) -> bool:
    if p.candidate is not None and p.candidate.actors and not _is_done(p, p.candidate):
        return False
    return any(one.type is p.type and _is_done(p, one) for one in p.seen.candidates)


def _is_done(p: Proposal, one: Candidate) -> bool:
    """Whether a verb's subject does what it tells, and is in no table."""
    if one.kind == "noun" or one.clause is None or one.trigger is None or one.trigger.mutual:
        return False
    return one.clause.index in p.seen.strangers and "subj" not in one.trigger.to


def _does_what_is_named(p: Proposal) -> bool:
    candidate = p.candidate
    if candidate is None or candidate.kind != "noun" or candidate.clause is None or candidate.actors:
        return False
    clause = candidate.clause
    row = row_of(candidate, p.seen.sentence)
    done = clause.predicate in names("does") and any(
        candidate.anchor in role.heads and not role.preposition for role in clause.roles
    )
    # "Präsident Gausewitz verhängte Sanktionen": the parser may have the verb as an attribute.
    done = done or candidate.anchor == clause.head
    return clause.index in p.seen.strangers and (done or (row is not None and row.name == "planned"))


def _says(p: Proposal) -> bool:
    if p.type in _NOT_SAID or p.seen.said is not None or (p.candidate is not None and p.candidate.actors):
        return False
    finite = [clause for clause in p.seen.sentence.clauses if clause.finite]
    main = [c for c in finite if c.parent is None and c.index in p.seen.strangers and not _is_one_of_many(p, c)]
    says = any(clause.predicate in lexicon().verbs and clause.predicate not in _REPORTS for clause in main)
    if p.type in _WORDS and says:
        return True
    # "Experten erhielten die Genehmigungen": whoever gave them is another.
    return bool(main) and p.candidate is None and len(finite) == 1 and main[0].predicate not in _RECEIVES


def _is_one_of_many(p: Proposal, clause: Clause) -> bool:
    """Whether who speaks has a surname alone that tables have for several: "warnte Johnson". That he is none of them nobody knows."""
    heads = clause.subject.heads if clause.subject is not None else ()
    words = {p.seen.sentence.tokens[head].text for head in heads}
    return any(entry.kind == "surname" for word in words for _, entry in actors().phrases.get(word, ()))


ROWS = (
    Row(name="somebody unknown acts", holds=_acts, type=EventType.ACCUSE, test="Gausewitz warf Moskau Wortbruch vor."),
    Row(
        name="somebody unknown does it",
        holds=_does_what_is_named,
        type=EventType.ACCUSE,
        test="Ministerin Gausewitz übte scharfe Kritik an der EU.",
    ),
    Row(
        name="somebody unknown says so",
        holds=_says,
        type=EventType.REQUEST,
        test="Moskau müsse alle Truppen abziehen, sagte Präsidentin Gausewitz.",
    ),
)


def of_a_stranger(p: Proposal) -> str:
    """The row that says that somebody unknown has acted; "" where none does."""
    if p.type in _TOGETHER or not p.seen.strangers:
        return ""
    return next((row.name for row in ROWS if row.holds(p)), "")
