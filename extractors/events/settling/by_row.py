"""An act that a row tells by itself, where the weights see none."""

from __future__ import annotations

from extractors.events.proposing.candidates import Candidate
from extractors.events.weighing.features import Parties, View
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Token
from extractors.ontology import EventType

SURE = 0.5
"""how sure a row is that tells by itself"""


def told_by(
    rule: str, type_: EventType, view: View, clause: Clause, word: Token, parties: Parties, origins: tuple[str, str]
) -> Proposal:
    """The act that `word` tells in a clause; `origins` say from where the parties of each side are."""
    candidate = Candidate(
        rule=rule,
        kind="noun" if word.i != clause.head else "verb",
        type=type_,
        mode="",
        sentence=view.sentence,
        clause=clause,
        anchor=word.i,
        actors=parties[0],
        recipients=parties[1],
        actor_from=origins[0],
        recipient_from=origins[1],
        said=view.said,
    )
    return Proposal(type=type_, parties=parties, seen=view, p_type=SURE, p_parties=SURE, candidate=candidate)
