"""Who acts in a clause that has its subject from the one before: "Oslo bat Riga um Panzer und warf Minsk Wortbruch vor".

Right behind "und" a finite verb never has a subject of its own, so that a bare name behind it is whom it is done to.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractors.actors import Mention
from extractors.events.proposing.candidates import Candidate
from extractors.events.reading import Reading
from extractors.language import Clause, Role, Sentence

_AND = frozenset({"und", "sowie"})
_BEARS = frozenset({"obj", "dat"})


def subject_before(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """The subject of the clause before."""
    subject = _shared(candidate.sentence, clause)
    if subject is not None:
        for head in subject.heads:
            yield from reading.at_token(candidate.sentence, head)


def behind_its_verb(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who is named behind the verb, and passes for its subject."""
    role, row = clause.subject, candidate.trigger
    if row is None or not _BEARS & {*row.to} or role is None or _shared(candidate.sentence, clause) is None:
        return
    for head in role.heads:
        if head in clause.tokens:
            yield from reading.at_token(candidate.sentence, head)


def _shared(sentence: Sentence, clause: Clause) -> Role | None:
    """The subject of the clause before, which stands before its verb, where this one begins with "und" and a finite verb."""
    tokens = sentence.tokens
    finite = next((k for k in clause.verbs if tokens[k].tag.endswith("FIN")), None)
    if not finite or tokens[finite - 1].text.lower() not in _AND or clause.parent is None or clause.voice == "passive":
        return None
    first = sentence.clauses[clause.parent]
    verb = next((k for k in first.verbs if tokens[k].tag.endswith("FIN")), None)
    if verb is None or first.voice == "passive" or first.subject is None or verb > finite:
        return None
    return first.subject if max(first.subject.heads) < verb else None
