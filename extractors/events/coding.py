"""From an article to its events: read, propose, judge, attach, and say what an event rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.events.attaching.around import Around
from extractors.events.heads import as_body, head_of, is_bare, told_above_alone
from extractors.events.meetings.announced import announced, announcements, retold
from extractors.events.meetings.sides import of_what_was
from extractors.events.meetings.stages import in_their_stages
from extractors.events.no_acts import no_act
from extractors.events.papers import DEMANDED, TOLD_BEFORE, on_paper
from extractors.events.proposing.candidates import candidates
from extractors.events.proposing.completing import completed
from extractors.events.reading import Reading, reading
from extractors.events.repeats import once
from extractors.events.settling.between import BY_THE_OTHER, the_other_too
from extractors.events.settling.by_clause import ANOTHER_CLAUSE, in_other_clauses
from extractors.events.settling.demonstrations import demonstrations
from extractors.events.settling.gapped import BEHIND_A_COMMA, in_gaps
from extractors.events.settling.retyped import retyped
from extractors.events.settling.set_phrases import anchored, instead_of, set_phrases
from extractors.events.settling.strikes import strikes
from extractors.events.settling.turned import Sides, sides_of
from extractors.events.telling import Coded, Untold, coder, told
from extractors.events.weighing.features import views
from extractors.events.weighing.judge import Judge, Proposal, judge, keep_features, proposals
from extractors.events.weighing.network import heard
from extractors.model import Article, Holder
from extractors.ontology import EventType

__all__ = ["Coded", "Decided", "coder", "decided", "threshold"]
_STATEMENTS = 4
"""told of an article at most: they are many and say little"""
_TOO_MANY = f"{_STATEMENTS} surer statements are told"
_READ = "its words are more surely read as"
_NOBODY = "nobody is known to have acted"
_ANNOUNCED = "its own sentence announces it"
_DENIED = {EventType.REJECT, EventType.STATE}
_BLAMED = {EventType.ACCUSE, EventType.REJECT}
""" "nannte die Forderung inakzeptabel"; two verbs of a sentence tell both ("bestellte den Botschafter ein und strich den Besuch")"""
_READ_AS = (
    {EventType.AGREE, EventType.AID},
    {EventType.AGREE, EventType.SUPPORT},
    {EventType.REQUEST, EventType.THREATEN},
    {EventType.REQUEST, EventType.REJECT},
    {EventType.SANCTION, EventType.THREATEN},
    {EventType.CONCEDE, EventType.REJECT},
    {EventType.MOBILIZE, EventType.RETREAT},
    _DENIED,
    _BLAMED,
)
"""types that one act is mistaken for the other of; not blame and statement: what was blamed and dropped for a statement was labelled in four of
twelve"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was read, all that was proposed, what is told of it, and what is not, each with the row that says so."""

    around: Around
    proposed: tuple[Proposal, ...]
    told: tuple[Coded, ...]
    untold: tuple[Untold, ...]
    """of what the judge would keep; what is no act of its own (`no_act`) is not listed"""

    @property
    def read(self) -> Reading:
        return self.around.reading


def decided(article: Article, *, holders: tuple[Holder, ...] = ()) -> Decided:
    """What is told of an article, in the order of its text, and why the rest is not.

    `holders` are people in office whom no table has: the same text with the same holders gives the same.
    """
    found = _decided(reading(article, holders))
    head = head_of(article) if is_bare(found.read.document, found.told) else None
    above = () if head is None else told_above_alone(_decided(as_body(reading(head, holders))).told, found.told)
    if not above:
        return found
    known = {_act(one.proposal) for one in above}
    proposed = tuple(p for p in found.proposed if _act(p) not in known)
    return replace(found, proposed=proposed, told=_in_order((*found.told, *above)))


def _act(p: Proposal) -> tuple[EventType, int]:
    """What is proposed but once in a reading: a type of act in a sentence."""
    return p.type, p.seen.sentence.index


def _in_order(told: Iterable[Coded]) -> tuple[Coded, ...]:
    return tuple(sorted(told, key=lambda one: (one.event.evidence.start, one.event.type)))


def _decided(read: Reading) -> Decided:
    known = judge()
    seen = heard(read, views(read, tuple(completed(read, c) for c in candidates(read))))
    around = Around(read, seen)
    proposed = tuple(anchored(p) for p in proposals(seen, known))
    believed = [
        (p, value)
        for p, features in zip(proposed, keep_features(proposed), strict=True)
        if (value := known.keep.probability(features)) >= threshold(known, p)
    ]
    meant = [(retyped(p), value) for p, value in believed]
    otherwise = {id(p): row for (p, row), _ in meant if row}
    acts = [(p, value) for (p, _), value in meant if not no_act(p)]
    acts += [one for one in set_phrases(read, known, seen, [p for p, _ in acts]) if not no_act(one[0])]
    there = {(p.seen.sentence.index, p.type) for p, _ in acts}
    phrases = {id(p): type_ for p, _ in acts if (p.seen.sentence.index, type_ := instead_of(p)) in there}
    likely = [(p, value) for p, value in acts if id(p) not in phrases]
    for by_themselves in (demonstrations, strikes):
        likely += [one for one in by_themselves(read, seen, [p for p, _ in likely]) if not no_act(one[0])]
    chosen, untold = _chosen(likely)
    untold += [Untold(p, f"{_READ} {phrases[id(p)]}") for p, _ in acts if id(p) in phrases]
    untold += [Untold(p, row) for (p, _), ((_, row), _) in zip(believed, meant, strict=True) if row]
    sided = [(p, value, _also(sides_of(read, p), otherwise.get(id(p), ""))) for p, value in chosen]
    sided += [(q, value, sides) for p, value in chosen for q, sides in _told_beside(read, p)]
    untold += [Untold(p, "; ".join((*sides.rows, _NOBODY))) for p, _, sides in sided if not sides.parties[0]]
    events = [told(around, known, p, value, sides) for p, value, sides in sided if sides.parties[0]]
    others = [one for one in events if not announced(one.event)]
    ahead = announcements(around, known, [one for one in events if announced(one.event)], others)
    untold += [Untold(one.proposal, _ANNOUNCED) for one in others if retold(one, ahead.told)]
    left = [(one, on_paper(read, one)) for one in others if not retold(one, ahead.told)]
    untold += [Untold(one.proposal, f"{DEMANDED} {TOLD_BEFORE}") for one, kept in left if kept is None]
    held = in_their_stages(read, [of_what_was(read, kept) for _, kept in left if kept is not None])
    was = once([*held, *ahead.off, *ahead.on])
    return Decided(
        around=around,
        proposed=proposed,
        told=_in_order((*was, *ahead.told)),
        untold=(*untold, *ahead.untold),
    )


def _also(sides: Sides, row: str) -> Sides:
    return replace(sides, rows=(row, *sides.rows)) if row else sides


def _chosen(likely: Sequence[tuple[Proposal, float]]) -> tuple[list[tuple[Proposal, float]], list[Untold]]:
    """What is told of what an article's acts are likely to be, and what beside others is not: first the few statements that are told,
    then the one reading of each act's words."""
    statements = sorted((value for p, value in likely if p.type is EventType.STATE), reverse=True)[:_STATEMENTS]
    few = [(p, value) for p, value in likely if p.type is not EventType.STATE or value in statements]
    untold = [Untold(p, _TOO_MANY) for p, value in likely if p.type is EventType.STATE and value not in statements]
    surer = {
        id(p): next((q.type for q, more in few if value < more and _is_other_reading(p, q)), None) for p, value in few
    }
    untold += [Untold(p, f"{_READ} {surer[id(p)]}") for p, _ in few if surer[id(p)] is not None]
    return [(p, value) for p, value in few if surer[id(p)] is None], untold


def _told_beside(read: Reading, p: Proposal) -> Iterator[tuple[Proposal, Sides]]:
    """The same type of act by others whom a sentence names, with the row that finds it."""
    beside = (
        (ANOTHER_CLAUSE, in_other_clauses(read, p)),
        (BEHIND_A_COMMA, in_gaps(read, p)),
        (BY_THE_OTHER, the_other_too(read, p)),
    )
    for row, found in beside:
        for other in found:
            if not no_act(other):
                sides = sides_of(read, other)
                yield other, replace(sides, rows=(row, *sides.rows))


def threshold(known: Judge, p: Proposal) -> float:
    """How likely an act must be to be told."""
    return known.statements if p.type is EventType.STATE else known.threshold


def _is_other_reading(one: Proposal, other: Proposal) -> bool:
    """Whether the words of an act could be read as another between the same: a promise or help, a demand or a threat. Of 17 of the less sure
    in our labels three were acts of their own."""
    pair, named = {one.type, other.type}, [{*p.parties[0], *p.parties[1]} for p in (one, other)]
    words = {p.candidate.anchor for p in (one, other) if p.candidate is not None}
    if one.seen.sentence.index != other.seen.sentence.index or pair not in _READ_AS or len(words) > 1:
        return False
    if pair == _BLAMED:
        main = [c for c in one.seen.sentence.clauses if c.finite and c.kind == "main"]
        return len(main) < 2 and one.parties == other.parties
    return named[0] == named[1] or (pair == _DENIED and one.parties[0] == other.parties[0])
