"""Those who are named in a list have the same part in an act: "Putin drohte Finnland, Schweden und Norwegen", "die Regierungen Oslos und Rigas"."""

from __future__ import annotations

from extractors.events.beside import counted_up
from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.language import Role, Sentence

_A_LIST = 3
"""names from which on the judge believes in some of them alone"""
_SURE = 0.5
"""how sure it must be who is named"""
_PARTS = frozenset({"subject", "object", "recipient"})


def all_of_a_list(read: Reading, p: Proposal) -> Parties | None:
    """All of the list in which some of those are named who act, or are acted upon, in the clause of the act's verb.

    The judge believes in some of them alone where it has not seen such a list. Of the labelled acts none is of some of such a list.
    """
    clause, candidate = p.clause, p.candidate
    if clause is None or candidate is None or candidate.kind != "verb" or candidate.anchor != clause.head:
        return None
    for role in clause.roles:
        listed = _listed(read, p.seen.sentence, role) if role.name in _PARTS else frozenset()
        for at, side in enumerate(p.parties) if listed else ():
            if listed.intersection(side) and not listed.issubset(side) and listed.isdisjoint(p.parties[1 - at]):
                whole = tuple(sorted(listed.union(side)))
                return (whole, p.parties[1]) if at == 0 else (p.parties[0], whole)
    return None


def _listed(read: Reading, sentence: Sentence, role: Role) -> frozenset[str]:
    """Those whom a list names, each by a name, or whom one noun is of; nobody where a noun of it names nobody."""
    named = [[m for m in read.at_token(sentence, head) if m.score >= _SURE] for head in role.heads]
    if len(named) == 1 and len(named[0]) == 1:
        first = named[0][0]
        more = frozenset(m.code for m in counted_up(read, sentence, first))
        return more | {first.code} if more else frozenset()
    apart = any(token.text == "," for token in sentence.tokens[min(role.heads) : max(role.heads)])
    codes = [{m.code for m in some} for some in named]
    return frozenset().union(*codes) if len(codes) >= _A_LIST and apart and all(codes) else frozenset()
