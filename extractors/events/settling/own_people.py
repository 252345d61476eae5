"""Demands to one's own people: "Kanada rief seine Bürger auf, Belarus zu verlassen" demands nothing of Belarus."""

from __future__ import annotations

from extractors.actors.lexicon import lexicon, states
from extractors.events.tables import names
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.language import Role
from extractors.ontology import EventType

_ASKED = frozenset({"object", "recipient"})
_PEOPLE = "-CIV"


def own_people(p: Proposal) -> Parties | None:
    """The sides of a demand to one's own people, who are told as such (codebook, section 4); None of any other."""
    if not asks_own_people(p):
        return None
    who = p.parties[0]
    return who, tuple(f"{code}{_PEOPLE}" for code in who)


def asks_at_home(p: Proposal) -> bool:
    """Whether a demand to one's own people has no foreign side: "Selenskyj bat die Bevölkerung, Strom zu sparen"."""
    return asks_own_people(p) and not _names_another(p)


def asks_own_people(p: Proposal) -> bool:
    """Whether those whom a verb asks are the asking state's own (`own` in `extractors/data/wordings.toml`, inhabitants)."""
    clause, candidate, who = p.clause, p.candidate, p.parties[0]
    if p.type is not EventType.REQUEST or clause is None or candidate is None or clause.voice == "passive":
        return False
    if candidate.kind != "verb" or candidate.anchor != clause.head or not _are_states(who):
        return False
    asked = (role for role in clause.roles if role.name in _ASKED or role.preposition == "an")
    return any(_is_own(p, role, head) for role in asked for head in role.heads)


def _is_own(p: Proposal, role: Role, head: int) -> bool:
    tokens, who = p.seen.sentence.tokens, p.parties[0]
    entries = lexicon().phrases.get(tokens[head].text, ())
    if any(entry.kind == "inhabitant" and entry.code in who for _, entry in entries):
        return True
    if tokens[head].lemma not in names("own"):
        return False
    inside = [token for token in tokens if role.start <= token.start < role.end]
    if any(token.tag == "PPOSAT" and token.i < head for token in inside):
        return True
    # "Deutsche Staatsbürger" are an actor by themselves; "die Bewohner von Charkiw" are somebody else's.
    described = any(token.tag not in ("ART", "PIAT", "APPR") for token in inside if token.i != head)
    return not described or any("in" in p.seen.flags.get(f"{code}{_PEOPLE}", ()) for code in who)


def _names_another(p: Proposal) -> bool:
    home = {code.split("-")[0] for code in p.parties[0]}
    return any("in" in found and code.split("-")[0] not in home for code, found in p.seen.flags.items())


def _are_states(codes: tuple[str, ...]) -> bool:
    return bool(codes) and states().issuperset(codes)
