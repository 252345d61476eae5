"""Deeds of which somebody only tells or judges: "Polen kritisierte die Festnahme", "Russland griff nach Angaben der OSZE an".

Who says so has not done it, and if he bears no arms it was not done to him. Where a sentence names nobody else who may have
acted, nobody is known to have.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractors.actors import Mention
from extractors.events.proposing.candidates import Candidate, claims
from extractors.events.reading import Reading, Said
from extractors.events.tables import names
from extractors.language import Clause, Sentence
from extractors.ontology import EventType

DEEDS = frozenset(
    {
        EventType.AID,
        EventType.ASSAULT,
        EventType.COERCE,
        EventType.MOBILIZE,
        EventType.PROTEST,
        EventType.RETREAT,
        EventType.SANCTION,
    }
)

UNARMED = frozenset("VAT UN OSCE IAEA ICC ICJ COE ICRC EU G7 G20 BRICS OPEC EAEU".split())
"""who attacks nobody: of 1,572 attacks that are labelled none is theirs"""
_OF_NO_STATE = ("-CIV", "-MED")
_SOURCES = ("laut", "nach-", "zufolge", "so-")
"""rows of speech for whose words they are, beside what is told"""


def only_tells(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who is the subject of a verb that tells of the deed which a noun beside it names, or judges it, and does not do it (`tells` and
    `judges` in `extractors/data/wordings.toml`)."""
    subject, verb = clause.subject, clause.predicate
    if candidate.type not in DEEDS or clause.voice == "passive":
        return
    if claims(clause, candidate.sentence.tokens[candidate.anchor]):
        return
    judged = verb in names("judges") and any(candidate.anchor in role.heads for role in clause.roles)
    if not judged and verb not in names("tells"):
        return
    # "Seine Angriffe", "ihre Drohnen": they are somebody's, and mostly the subject's.
    if subject is None or candidate.anchor in subject.heads or _is_owned(candidate):
        return
    yield from reading.in_role(candidate.sentence, subject)


def _is_owned(candidate: Candidate) -> bool:
    before = candidate.sentence.tokens[max(0, candidate.anchor - 3) : candidate.anchor]
    return any(token.tag == "PPOSAT" for token in before)


def is_source(reading: Reading, said: Said | None, type_: EventType, sentence: Sentence, code: str) -> bool:
    """Whether somebody without arms is named as the one who says so, and not otherwise. Who is in a war mostly bears what he tells of."""
    if type_ not in DEEDS or said is None or said.code != code:
        return False
    named = [m for m in reading.mentions[sentence.index] if m.code == code]
    if len(named) != 1:
        return False
    if said.rule.startswith(_SOURCES):
        return code in UNARMED or code.endswith(_OF_NO_STATE)
    # "Russland habe …, teilten die UN mit", but not "er werde der UN Geld streichen, fürchtet ihr Sprecher".
    return code in UNARMED and not said.start <= named[0].start < said.end
