"""Who is with whom, and who fights whom: nobody arms whom his ally attacks, and no troops threaten an ally.

Where a sentence names but one side, the weights take whom the article is about for the other.
"""

from __future__ import annotations

from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.ontology import EventType

WITH_RUSSIA = frozenset({"BLR", "IRN", "PRK"})
FOES = (frozenset({"RUS", "UKR"}), frozenset({"HAM", "ISR"}), frozenset({"IRN", "ISR"}), frozenset({"ARM", "AZE"}))
"""named together as those who fight: what hits one of them does not hit the other, too"""
_CONFLICT, _WAR = 2014, 2022


def helps_its_ally(read: Reading, p: Proposal) -> Parties | None:
    """ "Nordkorea half dem Aggressor mit Munition": Russia. All six deliveries of these in our labels and the gold set to one of the two are to
    Russia, and none of Russia's own is to the Ukraine."""
    who, whom = p.parties
    if p.type is not EventType.AID or whom != ("UKR",) or not who or read.dated.year < _CONFLICT:
        return None
    if WITH_RUSSIA.issuperset(who) and read.counts["RUS"]:
        return who, ("RUS",)
    acts = "subject" in p.seen.flags.get("RUS", ())
    return (("WEST",), whom) if who == ("RUS",) and not acts else None


def threatens_no_ally(read: Reading, p: Proposal) -> Parties | None:
    """ "Nordkorea verlegte Soldaten nach Russland": no signal to Russia, but since 2022 one to the Ukraine (codebook, section 5), of Belarus
    where the report speaks of her. So in five of the six such acts of our labels and the gold set."""
    who, whom = p.parties
    if p.type is not EventType.MOBILIZE or not who or not whom or not {*who, *whom} <= WITH_RUSSIA | {"RUS"}:
        return None
    meant = read.dated.year >= _WAR and ("PRK" in who or read.counts["UKR"] > 0)
    return who, ("UKR",) if meant else ()
