"""From an article to its events: read, propose, judge, attach, and say what an event rests on."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.events.announced import announced, announcements, retold
from extractors.events.around import Around
from extractors.events.candidates import candidates, claims
from extractors.events.completing import completed
from extractors.events.contents import row_of
from extractors.events.directions import domestic, only_told_of
from extractors.events.features import views
from extractors.events.judge import Judge, Proposal, judge, keep_features, proposals
from extractors.events.network import heard
from extractors.events.own_people import asks_at_home, asks_own_people
from extractors.events.papers import on_paper
from extractors.events.reading import reading
from extractors.events.repeats import once
from extractors.events.sides import of_what_was
from extractors.events.standing import left_open
from extractors.events.strangers import Row, of_a_stranger
from extractors.events.tables import names
from extractors.events.tellers import DEEDS, UNARMED
from extractors.events.telling import Coded, coder, parties_of, told
from extractors.events.undone import undone
from extractors.language import Document
from extractors.model import Article, Holder
from extractors.ontology import EventType
from extractors.speech.lexicon import lexicon as speech

__all__ = ["Coded", "coded", "coder", "no_act", "threshold"]
_STATEMENTS = 4
_READ_AS = (
    {EventType.AGREE, EventType.AID},
    {EventType.AGREE, EventType.SUPPORT},
    {EventType.REQUEST, EventType.THREATEN},
    {EventType.REQUEST, EventType.REJECT},
    {EventType.SANCTION, EventType.THREATEN},
    {EventType.CONCEDE, EventType.REJECT},
)
"""types that one act is mistaken for the other of"""


def coded(
    article: Article, document: Document | None = None, *, holders: tuple[Holder, ...] = ()
) -> tuple[Around, tuple[Proposal, ...], tuple[Coded, ...]]:
    """What was read, all proposals and the events kept, in the order of the text.

    `holders` are people in office whom no table has: the same text with the same holders gives the same.
    """
    read, known = reading(article, document, holders), judge()
    seen = heard(read, views(read, tuple(completed(read, c) for c in candidates(read))))
    around = Around(read, seen)
    proposed = proposals(seen, known)
    kept = [
        (p, value)
        for p, features in zip(proposed, keep_features(proposed), strict=True)
        if (value := known.keep.probability(features)) >= threshold(known, p) and not no_act(p)
    ]
    kept = _one_reading(_few_statements(kept))
    sided = [(p, value, parties_of(read, p)) for p, value in kept]
    events = [
        Coded(event=told(around, known, p, value, parties), proposal=p) for p, value, parties in sided if parties[0]
    ]
    planned = [one for one in events if announced(one.event)]
    ahead_ = announcements(around, known, planned)
    told_ = (on_paper(around, one) for one in events if not announced(one.event) and not retold(one, ahead_))
    others = [of_what_was(read, one) for one in told_ if one is not None]
    events = once(others) + ahead_
    return around, proposed, tuple(sorted(events, key=lambda one: (one.event.evidence.start, one.event.type)))


def threshold(known: Judge, p: Proposal) -> float:
    """How likely an act must be to be told."""
    return known.statements if p.type is EventType.STATE else known.threshold


def _one_reading(kept: Sequence[tuple[Proposal, float]]) -> list[tuple[Proposal, float]]:
    """One act of what a sentence's words could be read as, the surest: a promise or help, a demand or a threat, of the same parties.

    Of 17 of the less sure in our labels three were acts of their own."""
    return [(p, value) for p, value in kept if not any(value < more and _is_other_reading(p, q) for q, more in kept)]


def _is_other_reading(one: Proposal, other: Proposal) -> bool:
    if one.seen.sentence.index != other.seen.sentence.index or {one.type, other.type} not in _READ_AS:
        return False
    words = {p.candidate.anchor for p in (one, other) if p.candidate is not None}
    return len(words) < 2 and {*one.parties[0], *one.parties[1]} == {*other.parties[0], *other.parties[1]}


def no_act(p: Proposal) -> str:
    """Why something is no act of its own, "" where it is one: a row of these, the content of a demand or refusal ("schlug einen Gipfel
    vor"; codebook, section 2), what is taken back, and what somebody does whom no table has."""
    if ours := next((row.name for row in ROWS if row.holds(p)), ""):
        return ours
    content = row_of(p.candidate, p.seen.sentence)
    if content is not None and not content.leaves:
        return content.name
    return undone(p) or of_a_stranger(p) or only_told_of(p.seen.directions.get(p.type, ()), p.parties[0])


def _attacks_nobody(p: Proposal) -> bool:
    """Who was spoken of before somebody was killed, by whom nobody says."""
    return p.type is EventType.ASSAULT and bool(p.parties[0]) and UNARMED.issuperset(p.parties[0])


def _is_domestic(p: Proposal) -> bool:
    return domestic(*p.parties) and not asks_own_people(p)


def _nobody_refuses(p: Proposal) -> bool:
    """ "Schloss ein Treffen nicht aus" (codebook, section 2)."""
    return p.type is EventType.REJECT and left_open(p.seen.sentence, p.clause)


def _main_clause_tells(p: Proposal) -> bool:
    """Who tells of a deed that no row sees has not done it: "Georgien meldete den Absturz einer Drohne". Of a clause beneath somebody
    else may be the subject, or the same ("meldete, dass es … zerstört habe")."""
    finite = [clause for clause in p.seen.sentence.clauses if clause.finite]
    if p.type not in DEEDS or p.candidate is not None or not p.parties[0] or len(finite) != 1:
        return False
    if any(claims(finite[0], token) for token in p.seen.sentence.tokens):
        return False
    tells = finite[0].predicate in (names("tells") | names("judges")) & speech().verbs.keys()
    return tells and all("main-subject" in p.seen.flags.get(code, ()) for code in p.parties[0])


ROWS = (
    Row(
        name="attacks nobody",
        holds=_attacks_nobody,
        type=EventType.ASSAULT,
        test="Die OSZE griff Russland an.",
    ),
    Row(
        name="all parties of one country",
        holds=_is_domestic,
        type=EventType.ACCUSE,
        test="Warschau warf der polnischen Opposition Verrat vor.",
    ),
    Row(
        name="asks its own people, at home",
        holds=asks_at_home,
        type=EventType.REQUEST,
        test="Warschau rief seine Bürger auf, Ruhe zu bewahren.",
    ),
    Row(
        name="nobody refuses",
        holds=_nobody_refuses,
        type=EventType.REJECT,
        test="Paris schloss Gespräche mit Moskau nicht aus.",
    ),
    Row(
        name="the main clause only tells",
        holds=_main_clause_tells,
        type=EventType.ASSAULT,
        test="Georgien meldete den Absturz einer russischen Drohne auf seinem Gebiet.",
    ),
)


def _few_statements(kept: Sequence[tuple[Proposal, float]]) -> list[tuple[Proposal, float]]:
    """Statements are many and say little: the surest few of an article."""
    surest = sorted((value for p, value in kept if p.type is EventType.STATE), reverse=True)[:_STATEMENTS]
    return [(p, value) for p, value in kept if p.type is not EventType.STATE or value in surest]
