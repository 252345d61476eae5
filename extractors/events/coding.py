"""From an article to its events: read, propose, judge, attach, and say what an event rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.events.attaching.around import Around
from extractors.events.attaching.standing import left_open
from extractors.events.heads import as_body, head_of, is_bare, told_above_alone
from extractors.events.meetings.announced import announced, announcements, retold
from extractors.events.meetings.sides import of_what_was
from extractors.events.meetings.stages import in_their_stages
from extractors.events.papers import DEMANDED, TOLD_BEFORE, on_paper
from extractors.events.proposing.candidates import SAID, candidates, claims
from extractors.events.proposing.completing import completed
from extractors.events.proposing.contents import row_of
from extractors.events.proposing.directions import domestic, only_told_of
from extractors.events.proposing.meeting_words import names_meeting
from extractors.events.proposing.tellers import DEEDS, UNARMED
from extractors.events.reading import Reading, reading
from extractors.events.repeats import once
from extractors.events.settling.between import BY_THE_OTHER, the_other_too
from extractors.events.settling.by_clause import ANOTHER_CLAUSE, in_other_clauses
from extractors.events.settling.demonstrations import demonstrations, people_block
from extractors.events.settling.gapped import BEHIND_A_COMMA, in_gaps
from extractors.events.settling.own_people import asks_at_home, asks_own_people
from extractors.events.settling.retyped import retyped
from extractors.events.settling.set_phrases import anchored, instead_of, set_phrases
from extractors.events.settling.strangers import Row, of_a_stranger
from extractors.events.settling.strikes import strikes
from extractors.events.settling.turned import Sides, sides_of
from extractors.events.settling.undone import undone
from extractors.events.tables import names
from extractors.events.telling import Coded, Untold, coder, told
from extractors.events.weighing.features import views
from extractors.events.weighing.judge import Judge, Proposal, judge, keep_features, proposals
from extractors.events.weighing.network import heard
from extractors.model import Article, Holder
from extractors.ontology import EventType
from extractors.speech.lexicon import lexicon as speech

__all__ = ["Coded", "Decided", "coder", "decided", "no_act", "threshold"]
_STATEMENTS = 4
"""told of an article at most: they are many and say little"""
_TOO_MANY = f"{_STATEMENTS} surer statements are told"
_READ = "its words are more surely read as"
_NOBODY = "nobody is known to have acted"
_ANNOUNCED = "its own sentence announces it"
_DENIED = {EventType.REJECT, EventType.STATE}
_BLAMED = {EventType.ACCUSE, EventType.REJECT}
""" "nannte die Forderung inakzeptabel"; two verbs of a sentence tell both ("bestellte den Botschafter ein und strich den Besuch")"""
_TOLD_ON = frozenset({"mitteilen", "ankündigen", "sagen", "bestätigen", "erklären", "verkünden", "berichten"})
"""what is done to an act that the sentence before tells; who decides on it may have met ("Das beschlossen die Minister in Prag")"""
_OFFICIAL = re.compile(
    r"(?i)(?:chef|minister|kommandeur|kommandant|general|botschafter|sekretär|berater|beamte)(?:in|s|n|en)?$"
)
_SPEAKS = frozenset({"sprechen", "reden"})
_CONVEYED = frozenset({"eindruck", "gefühl", "bild", "botschaft", "wissen", "wert", "inhalt"})
_FOR_THE_PRESS = frozenset({"Stellungnahme", "Kommentar", "Auskunft"})
_SUCCESS = re.compile(r"(?:[Ss]ieg|[Ee]rfolg|[Tt]riumph|[Dd]urchbruch|[Nn]iederlage|[Vv]orteil)(?:e?s|en?)?$")
_OVER = frozenset({"after:gegen", "after:über", "after:gegenüber"})
"""where somebody stands over whom others have won"""
_PEOPLE = frozenset({"person", "office", "pronoun"})
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
    ahead = announcements(around, known, [one for one in events if announced(one.event)])
    others = [one for one in events if not announced(one.event)]
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


def _moves_a_meeting(p: Proposal) -> bool:
    """ "Verlegen ihre Gespräche nach Wien": no troops, but a meeting."""
    if p.type is not EventType.MOBILIZE or p.candidate is None or p.candidate.kind != "verb" or p.clause is None:
        return False
    tokens, moved = p.seen.sentence.tokens, "subject" if p.clause.voice == "passive" else "object"
    return any(names_meeting(tokens[head]) for role in p.clause.roles if role.name == moved for head in role.heads)


def _is_domestic(p: Proposal) -> bool:
    """Whether it is a quarrel at home. That people demonstrate against their own state labels tell."""
    against_state = p.type is EventType.PROTEST and all("-" not in code for code in p.parties[1])
    return domestic(*p.parties) and not against_state and not asks_own_people(p)


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


def _greets_a_guest(p: Proposal) -> bool:
    """Whether people are welcomed, and no decision: "begrüßte Putin in Peking" tells a meeting."""
    clause, candidate = p.clause, p.candidate
    if p.type is not EventType.SUPPORT or candidate is None or candidate.rule != "verb:begrüßen" or clause is None:
        return False
    heads = clause.object.heads if clause.object is not None else ()
    greeted = [p.seen.sentence.tokens[head] for head in heads]
    guests = [m for m in candidate.mentions if m.code in p.parties[1]]
    return any(
        m.start <= one.start < m.end and (m.kind in _PEOPLE or one.tag == "PIS") for m in guests for one in greeted
    )


def _says_who_told_it(p: Proposal) -> bool:
    """Whether a sentence but says who told what the one before tells: no row sees a meeting there."""
    first = p.seen.sentence.tokens[0]
    if p.type is not EventType.CONSULT or p.candidate is not None or first.tag != "PDS":
        return False
    finite = [clause for clause in p.seen.sentence.clauses if clause.finite]
    return len(finite) == 1 and finite[0].predicate in _TOLD_ON


def _speaks_of_success(p: Proposal) -> bool:
    """Whether who is told to have been beaten is but told so: "sprach von einem Sieg gegen Moskau" accuses nobody."""
    clause = p.clause
    if p.type not in SAID or clause is None or clause.predicate not in _SPEAKS or not p.parties[1]:
        return False
    told = [head for role in clause.roles if role.preposition in ("von", "vom") for head in role.heads]
    if not any(_SUCCESS.search(p.seen.sentence.tokens[head].text) for head in told):
        return False
    return all(_OVER & p.seen.flags.get(code, frozenset()) for code in p.parties[1])


def _dismisses(p: Proposal) -> bool:
    """Whether who is let go is let go from an office, and not from prison: "entließ den Geheimdienstchef"."""
    clause = p.clause
    if p.type is not EventType.RETREAT or clause is None or clause.predicate != "entlassen":
        return False
    role = clause.subject if clause.voice == "passive" else clause.object
    heads = role.heads if role is not None else ()
    return any(_OFFICIAL.search(p.seen.sentence.tokens[head].text) for head in heads)


def _conveys(p: Proposal) -> bool:
    """Whether something is conveyed and nobody goes between others: "vermittelte den Eindruck, …". Talks may convey it."""
    clause, candidate = p.clause, p.candidate
    if candidate is None or candidate.rule != "verb:vermitteln" or clause is None:
        return False
    if any(one.type is p.type and one.rule != candidate.rule for one in p.seen.candidates):
        return False
    # Of "diesen Eindruck versucht Putin zu vermitteln" the clause above has the object.
    over = p.seen.sentence.clauses[clause.parent] if clause.parent is not None else clause
    return any(p.seen.sentence.tokens[k].lemma.lower() in _CONVEYED for k in (*over.tokens, *clause.tokens))


def _speaks_of_meeting(p: Proposal) -> bool:
    """Whether somebody speaks of talks with others, and not with them: "sprach von Verhandlungen mit den USA"."""
    clause, candidate = p.clause, p.candidate
    if p.type is not EventType.CONSULT or candidate is None or candidate.kind != "verb" or clause is None:
        return False
    if clause.predicate not in _SPEAKS or candidate.anchor != clause.head:
        return False
    told = [head for role in clause.roles if role.preposition in ("von", "vom") for head in role.heads]
    return any(names_meeting(p.seen.sentence.tokens[head]) for head in told)


def _asked_by_the_press(p: Proposal) -> bool:
    """ "Reagierte nicht auf eine Bitte um Stellungnahme": the newsroom asks."""
    asks = p.type in (EventType.REQUEST, EventType.REJECT) and p.candidate is not None and p.candidate.kind == "noun"
    return asks and any(token.lemma in _FOR_THE_PRESS for token in p.seen.sentence.tokens[p.anchor + 1 :])


ROWS = (
    Row(
        name="conveys something",
        holds=_conveys,
        type=EventType.CONSULT,
        test="Putin versuchte, der Ukraine den Eindruck von Ruhe zu vermitteln.",
    ),
    Row(
        name="speaks of a meeting",
        holds=_speaks_of_meeting,
        type=EventType.CONSULT,
        test="Lawrow sprach von einem Treffen mit Blinken in Genf.",
    ),
    Row(
        name="the newsroom asks",
        holds=_asked_by_the_press,
        type=EventType.REQUEST,
        test="Die saudische Botschaft in Washington reagierte nicht auf eine Bitte um Stellungnahme.",
    ),
    Row(
        name="greets a guest",
        holds=_greets_a_guest,
        type=EventType.SUPPORT,
        test="Xi hat den russischen Präsidenten Putin am Flughafen begrüßt.",
    ),
    Row(
        name="lets go from an office",
        holds=_dismisses,
        type=EventType.RETREAT,
        test="Selenskyj hat den Chef der ukrainischen Marine entlassen.",
    ),
    Row(
        name="speaks of a success over somebody",
        holds=_speaks_of_success,
        type=EventType.SUPPORT,
        test="Der ukrainische Minister sprach von einem Sieg gegen Moskau.",
    ),
    Row(
        name="only says who told it",
        holds=_says_who_told_it,
        type=EventType.CONSULT,
        test="Das teilte der norwegische Außenminister am Montag in Kopenhagen mit.",
    ),
    Row(
        name="attacks nobody",
        holds=_attacks_nobody,
        type=EventType.ASSAULT,
        test="Die OSZE griff Russland an.",
    ),
    Row(
        name="people block a road",
        holds=people_block,
        type=EventType.COERCE,
        test="Polnische Bauern blockierten die Grenze zur Ukraine.",
    ),
    Row(
        name="moves a meeting",
        holds=_moves_a_meeting,
        type=EventType.MOBILIZE,
        test="Russland und die USA verlegen ihre Gespräche von Genf nach Wien.",
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
