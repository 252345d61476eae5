"""A sentence that tells several acts, each in a clause of its own: whose each of them is.

"Am Montag warf Riga Minsk Wortbruch vor, am Dienstag drohte Oslo Tiflis mit Zöllen": whoever is named in the one has no part in the other.
The judge proposes one act of a type for each sentence; where two clauses tell one of the same type, the other is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.events.proposing.candidates import Candidate
from extractors.events.proposing.directions import ACTS, BEARS, of_candidate
from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Sentence
from extractors.ontology import SYMMETRIC, EventType

ANOTHER_CLAUSE = "another clause tells it"
"""the row of an act of a type that another clause of its sentence tells of others"""
_APART = SYMMETRIC - {EventType.AGREE} | {EventType.STATE}
"""types that syntax alone does not give sides to"""
_BARE = frozenset({"obj", "dat"})
"""where a name stands without a preposition"""
_ELSEWHERE = frozenset({"dyad", "subj", "dass"})
"""where a row looks for who bears an act outside its own clause, or for who says it"""


def sides_in_clause(read: Reading, p: Proposal) -> Parties | None:
    """The sides that the clause of an act's verb names, where another clause tells an act and names somebody else."""
    candidate = p.candidate
    others = [] if candidate is None else _other_clauses(p, candidate)
    own = _sides(read, candidate) if candidate is not None and others else None
    if own is None or own == p.parties or not _named(read, p.seen.sentence, others) - {*own[0], *own[1]}:
        return None
    return own


def who_meets_in_clause(read: Reading, p: Proposal) -> Parties | None:
    """Who meets in the clause of a verb that names both, where the reading has somebody, too, of whom only another clause tells an
    act: "während Oslo mit Riga verhandelte, drohte Minsk"."""
    candidate, clause = p.candidate, p.clause
    if p.type is not EventType.CONSULT or candidate is None or candidate.kind != "verb" or clause is None:
        return None
    own, told = (_named(read, p.seen.sentence, some) for some in ((clause,), _other_clauses(p, candidate)))
    meeting = candidate.parties | {m.code for m in read.in_role(p.seen.sentence, clause.subject)}
    beside = {*p.parties[0], *p.parties[1]} - meeting
    if len(meeting) < 2 or not meeting <= own or not beside or not beside <= told - own:
        return None
    return tuple(sorted(meeting)), ()


def in_other_clauses(read: Reading, p: Proposal) -> Iterator[Proposal]:
    """The same type of act where another clause tells it of others: "Oslo bat Riga um Panzer; Minsk bat Tiflis um Hilfe"."""
    alike = [candidate for candidate in p.seen.candidates if _is_told_like(candidate, p)]
    first = _sides(read, p.candidate) if alike and p.candidate is not None else None
    told = [first or p.parties]
    for candidate in alike:
        own = _sides(read, candidate)
        if own is not None and not any(_same(own, other) for other in told):
            told.append(own)
            yield replace(p, candidate=candidate, parties=own)


def _is_told_like(candidate: Candidate, p: Proposal) -> bool:
    """Whether another clause tells such an act in the same mood, and not what is only to be ("sollte Xi Moskau drängen")."""
    one, other = candidate.clause, p.clause
    if candidate.type is not p.type or candidate is p.candidate or one is None or other is None:
        return False
    return one.mood == other.mood and not one.modal


def _same(one: Parties, other: Parties) -> bool:
    """Whether the same act may be meant: by somebody of the one, upon somebody of the other."""
    return bool({*one[0]} & {*other[0]}) and bool({*one[1]} & {*other[1]})


def _sides(read: Reading, candidate: Candidate) -> Parties | None:
    """Who acts and who is acted upon, where the clause of a verb names both."""
    clause, row = candidate.clause, candidate.trigger
    if clause is None or row is None or candidate.kind != "verb" or candidate.type in _APART or row.mutual:
        return None
    told = [*of_candidate(read, candidate, clause)]
    acting, borne = ({d.code for d in told if d.side == side} for side in (ACTS, BEARS))
    if not acting and candidate.actor_from == "subject":
        acting = {*candidate.actors}
    if not borne and candidate.recipient_from in {*row.to} - _ELSEWHERE:
        borne = {*candidate.recipients} & _at_their_place(read, candidate, clause)
    if not borne and _BARE & {*row.to}:
        borne = {*_only_other(read, candidate.sentence, clause, acting)}
    if not acting or not borne or acting & borne:
        return None
    return tuple(sorted(acting)), tuple(sorted(borne))


def _at_their_place(read: Reading, candidate: Candidate, clause: Clause) -> set[str]:
    """Who may bear an act that a row says is borne there: by a preposition, or as what the verb governs, and not in what belongs to that
    ("begrüßte die Anschläge in Israel")."""
    if candidate.recipient_from not in _BARE:
        return {*candidate.recipients}
    heads = (head for role in (clause.object, clause.recipient) if role is not None for head in role.heads)
    return {m.code for head in heads for m in read.at_token(candidate.sentence, head)}


def _only_other(read: Reading, sentence: Sentence, clause: Clause, acting: set[str]) -> tuple[str, ...]:
    """Who else is named in a clause, where that is one, and not in the phrase of a preposition: "warf der Slowakei Wortbruch vor"."""
    named = [m for k in clause.tokens for m in read.at_token(sentence, k) if m.code not in acting]
    lead = [token.tag for m in named for token in sentence.before(m.start)[-2:] if token.tag not in ("ART", "ADJA")]
    governed = any(tag.startswith("APP") for tag in lead) or any(m.kind == "adjective" for m in named)
    codes = tuple({m.code for m in named})
    return codes if len(codes) == 1 and not governed else ()


def _other_clauses(p: Proposal, candidate: Candidate) -> list[Clause]:
    """The other finite clauses in which a row sees an act."""
    clauses = (one.clause for one in p.seen.candidates if one.kind == "verb")
    return [one for one in clauses if one is not None and one.finite and one is not candidate.clause]


def _named(read: Reading, sentence: Sentence, clauses: Sequence[Clause]) -> set[str]:
    """Who is named in clauses."""
    return {m.code for one in clauses for k in one.tokens for m in read.at_token(sentence, k)}
