"""Acts that are another than what the weights read, by what else their sentence says: several exercise together, and what is eased is lifted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from extractors.events.proposing.candidates import Candidate
from extractors.events.settling.undone import undone
from extractors.events.weighing.judge import Proposal
from extractors.language.clauses import PAST_TENSES
from extractors.ontology import EventType

_EXERCISE = re.compile(r"[\w-]*(?:manövern?|manövers|übung(?:en)?|patrouillen?)|üben|übt|übten|geübt", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`sets` gives the act as what it is, None where the row says nothing; `test` is a sentence of which the row does, of what is read as `type`."""

    name: str
    sets: Callable[[Proposal], Proposal | None]
    type: EventType
    test: str


def retyped(p: Proposal) -> tuple[Proposal, str]:
    """An act as what it is, and the row that says so; itself and "" where none does."""
    found = ((told, row.name) for row in ROWS if (told := row.sets(p)) is not None)
    return next(found, (p, ""))


def _exercise_together(p: Proposal) -> Proposal | None:
    """All nine exercises of several states in labelled articles of ours are COOPERATE; what is aimed at somebody is more than one."""
    who = tuple(code for code in p.parties[0] if "-" not in code)
    if p.type is not EventType.MOBILIZE or len(who) < 2 or p.parties[1]:
        return None
    if not any(_EXERCISE.fullmatch(token.text) for token in p.seen.sentence.tokens):
        return None
    return replace(p, type=EventType.COOPERATE, parties=(tuple(sorted(who)), ()))


def _lifted(p: Proposal) -> Proposal | None:
    """ "Lockerte die Sanktionen": the weights believe in the sanctions, and a row of the lexicon names who yields to whom."""
    yields = _yielding(p)
    if p.type is not EventType.SANCTION or yields is None or not undone(p):
        return None
    return _as_yielding(p, yields)


def _let_go(p: Proposal) -> Proposal | None:
    """ "Gab den Tanker frei": only the verb that lets go has a row, and the weights see what was held."""
    yields = _yielding(p)
    if p.type not in _HOLDS or p.candidate is not None or yields is None or yields.rule not in _LETS_GO:
        return None
    return _as_yielding(p, yields) if yields.parties == {*p.parties[0], *p.parties[1]} else None


def _yielding(p: Proposal) -> Candidate | None:
    verbs = (c for c in p.seen.candidates if c.type is EventType.RETREAT and c.kind == "verb" and c.actors)
    return next(verbs, None)


def _as_yielding(p: Proposal, yields: Candidate) -> Proposal:
    return replace(p, type=EventType.RETREAT, parties=(yields.actors, yields.recipients), candidate=yields)


def _handed_over(p: Proposal) -> Proposal | None:
    """ "Hat Panzer zur Verfügung gestellt": what has been provided is given, and no longer promised. All three such acts in our labels are."""
    if p.type is not EventType.AGREE:
        return None
    given = next((c for c in p.seen.candidates if c.rule in _PROVIDES and c.actors and _has_been(c)), None)
    if given is None or not {*given.actors} <= {*p.parties[0]}:
        return None
    whom = tuple(code for side in p.parties for code in side if code not in given.actors)
    return replace(p, type=EventType.AID, parties=(given.actors, whom), candidate=replace(given, type=EventType.AID))


def _has_been(given: Candidate) -> bool:
    clause = given.clause
    if clause is None or clause.negated or clause.modal or clause.kind == "conditional":
        return False
    return clause.tense in PAST_TENSES and clause.mood == "indicative"


_PROVIDES = frozenset({"phrase:zur Verfügung stellen", "verb:bereitstellen"})
_HOLDS = frozenset({EventType.SANCTION, EventType.COERCE})
_LETS_GO = frozenset({"verb:freigeben", "verb:freilassen"})

ROWS = (
    Row(
        name="several exercise together",
        sets=_exercise_together,
        type=EventType.MOBILIZE,
        test="Norwegen und Schweden halten ein Manöver in der Ostsee ab",
    ),
    Row(
        name="what is eased is lifted",
        sets=_lifted,
        type=EventType.SANCTION,
        test="Norwegen lockert Sanktionen gegen Belarus",
    ),
    Row(
        name="what was provided is given",
        sets=_handed_over,
        type=EventType.AGREE,
        test="Kanada stellte der Ukraine drei Flugzeuge bereit.",
    ),
    Row(
        name="what is held is let go",
        sets=_let_go,
        type=EventType.SANCTION,
        test="Estland gibt russischen Tanker frei",
    ),
)
