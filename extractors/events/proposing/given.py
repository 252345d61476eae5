"""Who receives what others say or give, and who does what the object of a verb names: rows of `directions`."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.actors import Mention
from extractors.events.beside import CONTRACTED, after_preposition
from extractors.events.proposing.candidates import SAID, Candidate
from extractors.events.proposing.doers import finite_of, named, shares_subject
from extractors.events.proposing.receiving import bearers
from extractors.events.proposing.subjects import cases_of, is_dative, is_surely_nominative, may_agree
from extractors.events.reading import Reading
from extractors.events.tables import names
from extractors.language import Clause, Role, Sentence
from extractors.ontology import EventType

_GIVEN = SAID | {EventType.AID}
_BEFALLS = SAID | {EventType.SANCTION}
_AT = ("an", "gegen", "gegenüber")
_ANSWERED = frozenset({EventType.ACCUSE, EventType.THREATEN})


def receives(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who gets what others say or give: "Rückendeckung bekam Selenskyj von der EU", "Kiew erhielt Panzer von Paris"."""
    if candidate.trigger is not None and candidate.trigger.giver:
        yield from reading.in_role(candidate.sentence, clause.subject)
    elif candidate.kind == "noun" and candidate.type in _GIVEN:
        yield from bearers(reading, candidate.sentence, clause, candidate.anchor, "receives")


def received_from(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whom it comes from."""
    if candidate.actor_from == "giver" or (candidate.trigger is not None and candidate.trigger.giver):
        yield from (m for m in candidate.mentions if m.code in candidate.actors)


def earns(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whom others' words befall: "Berlin erntete Kritik", "der Plan Kiews stieß auf Ablehnung"."""
    if candidate.type in _BEFALLS:
        yield from bearers(reading, candidate.sentence, clause, candidate.anchor, "earns")


def comes_to(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whom words reach: "an Berlin erging die Forderung"."""
    if candidate.type in SAID:
        yield from bearers(reading, candidate.sentence, clause, candidate.anchor, "comes to")


def answers(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whose answer to words that others said is told: "Moskau reagierte auf Vorwürfe", "Minsk bestritt die Anschuldigung"."""
    if candidate.type in _ANSWERED:
        yield from bearers(reading, candidate.sentence, clause, candidate.anchor, "answers")


def does(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who does what the object names: "der Ukraine stellte Ungarn ein Ultimatum"; in a passive whoever stands behind "von"."""
    sentence, subject, finite = candidate.sentence, clause.subject, finite_of(candidate.sentence, clause)
    if not _is_done(candidate, clause) or subject is None:
        return
    if clause.voice == "passive":
        yield from reading.in_role(sentence, clause.agent)
        return
    head = sentence.tokens[subject.heads[0]]
    others = [role for role in _besides(clause, candidate.anchor) if any(True for _ in named(reading, sentence, role))]
    first = finite is not None and head.i < finite and not shares_subject(sentence, clause, finite)
    if first and others and not any("dat" in case for case in cases_of(sentence, others[0])):
        # "Moskau stellte die Ukraine ein Ultimatum": who can be no dative acts.
        yield from named(reading, sentence, others[0])
        return
    sure = first or not others or is_surely_nominative(sentence, head.i) or is_dative(sentence, clause.recipient)
    if sure and "nom" in head.case and may_agree(sentence, clause, subject):
        yield from named(reading, sentence, subject)


def _besides(clause: Clause, noun: int) -> list[Role]:
    """Who stands in a clause beside its subject and a noun, without a preposition."""
    roles = (clause.object, clause.recipient, *(role for role in clause.roles if role.name == "object"))
    return [role for role in roles if role is not None and noun not in role.heads]


def done_to(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whom it is done to: who stands in the dative, or is the subject of "bekam ein Ultimatum gestellt"."""
    if not _is_done(candidate, clause):
        return
    if clause.voice == "passive":
        yield from () if clause.subject is None else named(reading, candidate.sentence, clause.subject)
        return
    if clause.recipient is not None and is_dative(candidate.sentence, clause.recipient):
        yield from named(reading, candidate.sentence, clause.recipient)
    for slot in _AT:
        # "An Ankara übte Paris Kritik": before the verb, where the noun is behind it.
        if (
            candidate.trigger is not None
            and slot in candidate.trigger.to
            and _begins_with(candidate.sentence, clause, slot)
        ):
            yield from after_preposition(reading, candidate.sentence, clause.tokens, slot)


def _begins_with(sentence: Sentence, clause: Clause, preposition: str) -> bool:
    word = sentence.tokens[clause.tokens[0]].text.lower()
    return CONTRACTED.get(word, word) == preposition


def _is_done(candidate: Candidate, clause: Clause) -> bool:
    """Whether a noun is the object of a verb that says that its subject does it."""
    own = any(candidate.anchor in role.heads for role in clause.roles if role.name == "object" and not role.preposition)
    return own and clause.predicate in names("does")
