"""Acts that somebody takes back or ends: "hob die Sanktionen auf" tells no sanctions, "rückte von der Forderung ab" no demand.

What the words for them name was done before; who undoes it yields (CONCEDE, RETREAT), or, where it was help, withdraws it
(SANCTION, REJECT): codebook, section 3. What is only to be undone ("will das Manöver abbrechen") still stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.actors import Mention
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Role
from extractors.ontology import EventType

_LET = "lassen"
_NO_TRIGGERS = frozenset({"Klage", "Beschwerde", "Blockade"})
"""words for such acts that are in no row of triggers by themselves"""
_UPON = frozenset("auf gegen in an nach für über".split())
_OBJECT = ""
"""where an object stands, in place of a preposition"""
_DEMANDS = frozenset({EventType.REQUEST, EventType.THREATEN, EventType.ACCUSE, EventType.REJECT})
_MEASURES = frozenset({EventType.SANCTION, EventType.COERCE, EventType.MOBILIZE, EventType.ASSAULT})
_HELP = frozenset({EventType.AID})
_HOSTILE = _DEMANDS | _MEASURES


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Acts of `types` that are named at `at` (a preposition, or `_OBJECT`) of one of these `verbs` are undone. `test` is a
    sentence that the row reads."""

    name: str
    verbs: frozenset[str]
    at: str = _OBJECT
    types: frozenset[EventType]
    test: str


ROWS = (
    Row(
        name="lifted",
        verbs=frozenset({"aufheben"}),
        types=_DEMANDS | _MEASURES,
        test="Die EU hat die Sanktionen gegen Belarus aufgehoben.",
    ),
    Row(
        name="taken back",
        verbs=frozenset({"zurücknehmen", "zurückziehen", "widerrufen"}),
        types=_DEMANDS | {EventType.SANCTION},
        test="Ankara zog sein Veto gegen den Beitritt Schwedens zurück.",
    ),
    Row(
        name="moved away from",
        verbs=frozenset({"abrücken", "ablassen"}),
        at="von",
        types=_DEMANDS,
        test="Washington rückte von seiner Forderung an Kiew ab.",
    ),
    Row(
        name="let fall",
        verbs=frozenset({"fallen", "fallenlassen"}),
        types=_DEMANDS,
        test="Moskau ließ seine Forderung an Kiew fallen.",
    ),
    Row(
        name="given up",
        verbs=frozenset({"aufgeben"}),
        types=_DEMANDS | {EventType.COERCE},
        test="Ungarn gab den Widerstand gegen die Hilfen auf.",
    ),
    Row(
        name="eased",
        verbs=frozenset({"lockern", "mildern", "abmildern"}),
        types=frozenset({EventType.SANCTION}),
        test="Die USA haben die Sanktionen gegen Belarus gelockert.",
    ),
    Row(
        name="ended",
        verbs=frozenset({"beenden", "einstellen", "stoppen", "abbrechen", "aussetzen", "unterbrechen"}),
        types=_MEASURES | _HELP,
        test="Moskau hat das Manöver an der Grenze zu Finnland abgebrochen.",
    ),
)
_VERBS = frozenset[str]().union(*(row.verbs for row in ROWS))


def undone(p: Proposal) -> str:
    """The name of the row by which an act is undone, "" where none says so."""
    own, clauses = p.clause, p.seen.sentence.clauses
    if own is None:
        return ""
    near = [c for c in clauses if c.predicate in _VERBS and (c is own or c.parent == own.index)]
    return next((row.name for clause in near for row in ROWS if _reads(row, p, clause)), "")


def _reads(row: Row, p: Proposal, clause: Clause) -> bool:
    if clause.predicate not in row.verbs:
        return False
    over = next((c for c in p.seen.sentence.clauses if c.index == clause.parent and c.predicate == _LET), None)
    # "ließ die Forderung fallen": the parser may give the object to either verb.
    told, roles = (clause, clause.roles) if over is None else (over, (*clause.roles, *over.roles))
    if not told.finite or told.negated or told.modal or told.tense == "future":
        return False
    place = next((role for role in roles if _stands_at(role, row.at, clause)), None) or _owned(p, row.at, clause)
    return place is not None and _is_undone(p, row, clause, place)


def _stands_at(role: Role, at: str, clause: Clause) -> bool:
    if at:
        return role.name != "subject" and role.preposition == at
    return not role.preposition and role.name == ("subject" if clause.voice == "passive" else "object")


def _owned(p: Proposal, at: str, clause: Clause) -> Role | None:
    """ "Seine Blockade gab Orban auf": what is somebody's is no subject of an active verb, whatever the parser makes of it."""
    subject, tokens = clause.subject, p.seen.sentence.tokens
    if at or subject is None or clause.voice == "passive":
        return None
    return subject if any(head and tokens[head - 1].tag == "PPOSAT" for head in subject.heads) else None


def _is_undone(p: Proposal, row: Row, clause: Clause, place: Role) -> bool:
    if _is_anothers(p, place):
        return False
    named = {c.type for c in p.seen.candidates if c.kind == "noun" and c.anchor in place.heads}
    of_noun = p.candidate is not None and p.candidate.anchor in place.heads
    meant = p.type in named or any(p.seen.sentence.tokens[head].text in _NO_TRIGGERS for head in place.heads)
    if p.type in row.types and (of_noun or (p.candidate is None and meant)):
        return True
    # "setzte die Sanktionen aus": the verb alone would tell that something is suspended.
    of_verb = p.candidate is None or p.candidate.anchor in clause.verbs
    return of_verb and p.type in _HOSTILE and bool(named & row.types & _HOSTILE)


def _is_anothers(p: Proposal, place: Role) -> bool:
    """ "Kiew stoppte die russischen Angriffe": what somebody else has stopped was done."""
    acts = set(p.parties[0])
    mentions = p.candidate.mentions if p.candidate is not None else ()
    named = (m for m in mentions if m.kind != "pronoun" and place.start <= m.start < place.end)
    return any(m.code in acts and not _is_upon(p, m) for m in named)


def _is_upon(p: Proposal, mention: Mention) -> bool:
    """ "den Angriff auf Odessa": whose the town is, is acted upon."""
    before = p.seen.sentence.before(mention.start)[-1:]
    return any(token.text.lower() in _UPON for token in before)
