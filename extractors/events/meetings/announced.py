"""The announced meetings of an article: which words announce one, when it is and who meets, and each told once.

The decisions that need no reading are in `announcing`, what each word offers in `meetings`, who takes part in `sides`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from extractors.events.attaching.around import Around
from extractors.events.attaching.denials import is_before_a_meeting
from extractors.events.attaching.worded import INTENDS
from extractors.events.meetings.ahead import day_ahead
from extractors.events.meetings.announcing import doubt, meets, same, told_together
from extractors.events.meetings.behind import with_its_place
from extractors.events.meetings.cuts import BESIDE, FIRST, announcing
from extractors.events.meetings.heralding import Heralded, by_itself, is_moved
from extractors.events.meetings.heralds import NEUTRAL, heralded
from extractors.events.meetings.named import Meeting, chosen, meetings, placed, where_it_is
from extractors.events.meetings.sides import with_its_sides
from extractors.events.meetings.spoken import told_as_past
from extractors.events.meetings.stages import in_their_stages
from extractors.events.meetings.unannounced import NOBODY, NOTHING_AHEAD, OFF, TOLD_AFTER, not_to_come, unsure
from extractors.events.reading import Reading, above
from extractors.events.settling.turned import sides_of
from extractors.events.telling import Coded, Untold, told
from extractors.events.weighing.judge import Judge, Proposal
from extractors.model import Event
from extractors.ontology import EventType, Status

HERALDED = 0.85
"""how sure a row is that announces by itself: counted on articles of ours"""
SURE, CONFIRMED = 0.6, 0.3
"""confidence from which a planned meeting stands by itself, and from which a word that names a meeting confirms it"""
_WAS_OFF = re.compile(r"\b(?:abgesagt|geplatzt|ausgefallen|verschoben|vertagt|gestrichen|ausgesetzt)e\w*")
"""an attribute that speaks of it aside"""
_BY_ITSELF, _BY_A_WORD = "sure by itself", "confirmed by a word for a meeting"
_BEFORE_IT = "something is told before it, and who meets"
_BESIDE, _BY_ANOTHER, _UNSURE = "its sentence announces it", "a word of its sentence announces", "not sure enough"
_ON_THE_WAY = "the way to a meeting with others"
_OFF_LATER = "called off further down"
_OFF_SINCE = "had been announced, and is told as called off"
_OFF_OR_UNSURE = OFF | {"uncertain", "done without"}
_IT = re.compile(
    r"\b(?:[Dd](?:ie|as|er|en)|[Ss]eine[nr]?|[Ii]hre[nr]?|[Dd]iese[nrs]?) (?:Reise|Besuch|Treffen|Termin|Begegnung|Gespräche?|Gipfel|Telefonat)\b"
)
"""what stands for what was to be"""
_OFF_BEHIND = 2
"""sentences behind in which it may be called off"""
_WHOSE = 4
"""tokens behind a word for a visit in which its guest is named"""
_HELD = "told as held, too"
_MOVED = "moved to another day"
_MOVED_BACK = 3
"""sentences before in which what is moved was told"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The announced meetings of an article, each once, and what seemed to announce one and does not, each with the row that says so;
    of the latter `off` are those that were to be, and will not, and `on` those that are held, or were."""

    told: tuple[Coded, ...]
    off: tuple[Coded, ...]
    on: tuple[Coded, ...]
    untold: tuple[Untold, ...]


def announced(event: Event) -> bool:
    return event.type is EventType.CONSULT and event.status is Status.PLANNED


def retold(one: Coded, announced_: Sequence[Coded]) -> bool:
    """Whether a meeting that seemed to go on, or to be possible, is announced by its own sentence; of what a row announces by itself,
    one that seemed to have been, too, or to be called off on its very day."""
    if one.event.type is not EventType.CONSULT:
        return False
    beside = [
        other
        for other in announced_
        if _at(one.proposal) == _at(other.proposal) and one.event.parties & other.event.parties
    ]
    if one.event.status in (Status.ONGOING, Status.HYPOTHETICAL):
        return bool(beside)
    by_rows = [other for other in beside if by_itself(other.proposal)]
    if one.event.status is Status.NEGATED and any(other.event.when == one.event.when for other in by_rows):
        return True  # "sagte das Treffen ab, nun soll es am Freitag stattfinden": the new day is of what will be
    return any(other.proposal.anchor == one.proposal.anchor for other in by_rows)


def announcements(around: Around, known: Judge, planned: Sequence[Coded], was: Sequence[Coded]) -> Announced:
    """Announced meetings, each once: those that a row fixes, and those of a sentence that tells several days; then planned
    ones that are sure, or that a word which names a meeting confirms in their sentence. `was`: what else the article tells, of meetings
    that were, too."""
    read = around.reading
    words = chosen(meetings(read, around.seen, known.parties), known.meetings)
    cut = known.cuts.get("meetings", 0.5)
    several = _with_several_days([word for word, value in words if value >= cut])
    found = [_event_of(around, known, one) for one in heralded(read, around.seen)]
    words = tuple((word, value) for word, value in words if _is_another(word, _beside(word.proposal, found)))
    untold = [Untold(one.proposal, _BESIDE) for one in planned if _beside(one.proposal, found)]
    planned = [one for one in planned if not _beside(one.proposal, found)]
    found += [
        _fixed(around, known, word, value, row)
        for word, value in words
        if (row := announcing(FIRST, read, word, value, cut, several))
    ]
    fixed = {_at(one.proposal) for one in found}
    confirmed = {_at(word.proposal) for word, value in words if value >= cut}
    repeats: list[Coded] = []
    for one in planned:
        row = _of_planned(read, one, fixed, confirmed)
        if row in (_BY_ITSELF, _BY_A_WORD, _BEFORE_IT):
            found.append(replace(one, ahead=row))
            continue
        untold.append(Untold(one.proposal, row))
        if one.event.confidence >= CONFIRMED:
            repeats.append(one)
    found += [
        _fixed(around, known, word, value, row)
        for word, value in words
        if _is_another(word, _beside(word.proposal, found)) and (row := announcing(BESIDE, read, word, value, cut))
    ]
    ahead, more = _to_come(read, found, words)
    ahead, before = _where_they_moved(ahead)
    ahead, ways = _parted(ahead, lambda one: _ON_THE_WAY if _goes_to_one_of(one, ahead) else "")
    ahead, dropped = _parted(ahead, lambda one: _OFF_LATER if _is_off_later(read, one) else "")
    ahead, over = _parted(ahead, lambda one: _OFF_SINCE if _is_off_since(one, was) else "")
    ahead, held = _parted(ahead, lambda one: _HELD if _was_held(one, was) else "")
    stand, unknown = _parted(_each_once(ahead), lambda one: unsure(read, one))
    off = tuple(
        replace(one, event=replace(one.event, status=Status.NEGATED), ahead=row)
        for one in found
        if (row := _off_by(read, one))
    )
    again, others = _to_come(read, repeats, words)
    whole = [with_its_place(read, with_its_sides(read, one)) for one in _with_repeats(stand, again)]
    met, nobody = _parted(whole, lambda one: NOBODY.name if NOBODY.holds(read, one) else "")
    nothing_ahead = {id(one.proposal) for one in (*more, *others) if one.row == NOTHING_AHEAD}
    told_after = {id(one.proposal) for one in (*more, *others) if one.row == TOLD_AFTER}
    on = [
        one
        for one in planned
        if (id(one.proposal) in told_after or (id(one.proposal) in nothing_ahead and _is_held(one)))
        and not NOBODY.holds(read, one)
    ]
    return Announced(
        told=tuple(_each_once(met)),
        off=off,
        on=tuple(_was(one) if id(one.proposal) in told_after else _held(one) for one in on),
        untold=(*more, *before, *ways, *dropped, *over, *held, *unknown, *others, *nobody, *untold),
    )


def _was_held(one: Coded, was: Sequence[Coded]) -> bool:
    """Whether a meeting before which something was told, on no day, is told as one that has been, too: what looks back says so."""
    if one.event.when is not None or not is_before_a_meeting(one.proposal):
        return False
    held = (other.event for other in was if other.event.type is EventType.CONSULT and other.event.status is Status.PAST)
    return any(event.parties == one.event.parties for event in held)


def _is_held(one: Coded) -> bool:
    """Whether a meeting on no day, of which nothing speaks ahead, is held or was: its verb tells it, or the main clause in the present;
    a noun only names it.

    Of 14 such meetings in articles that we labelled 11 are labelled.
    """
    candidate = one.proposal.candidate
    return candidate.kind != "noun" if candidate is not None else not told_as_past(one.proposal)


def _held(one: Coded) -> Coded:
    """Told as what goes on, on no day, or as what has been."""
    status = Status.PAST if told_as_past(one.proposal) else Status.ONGOING
    return replace(one, event=replace(one.event, status=status, when=None), ahead=NOTHING_AHEAD)


def _was(one: Coded) -> Coded:
    """Told as what has been, on no day: "nach dem Treffen sagte er, am Freitag werde geliefert"."""
    return replace(one, event=replace(one.event, status=Status.PAST, when=None), ahead=TOLD_AFTER)


def _is_off_later(read: Reading, one: Coded) -> bool:
    """Whether somebody wanted to meet, and the sentences right behind call it off or doubt it: "wollte am Sonntag nach Oslo reisen. Nun ist
    die Reise ungewiss"."""
    clause, at = one.proposal.clause, _at(one.proposal)
    if clause is None or clause.tense != "preterite" or clause.modal not in INTENDS:
        return False
    for sentence in read.document.sentences[at + 1 : at + 1 + _OFF_BEHIND]:
        text = read.document.text[sentence.start : sentence.end]
        others = {m.code for m in read.mentions[sentence.index] if m.score >= CONFIRMED} - one.event.parties
        if _IT.search(text) and doubt(text) in _OFF_OR_UNSURE and not others:
            return True
    return False


def _is_off_since(one: Coded, was: Sequence[Coded]) -> bool:
    """Whether it is only told that a meeting had been announced, which another sentence tells as called off: "hatte ein Treffen mit Putin
    angekündigt. … wird es nicht geben"."""
    p = one.proposal
    told_ = (p.clause, *above(p.seen.sentence, p.clause)) if p.clause is not None else ()
    if not any(clause.tense == "pluperfect" for clause in told_):
        return False
    meetings_ = (other for other in was if other.event.type is EventType.CONSULT and _at(other.proposal) != _at(p))
    off = (other.event for other in meetings_ if other.event.status is Status.NEGATED)
    return any(event.parties == one.event.parties and _at_once(event, one.event) for event in off)


def _where_they_moved(all_: Sequence[Coded]) -> tuple[list[Coded], list[Untold]]:
    """Meetings without those that a sentence further down moves to another day, which is where they were to be: "wollten am Sonntag in Genf
    verhandeln. Nun wird das Treffen auf Mittwoch verlegt"."""
    moved = {id(one): to for one in all_ for to in all_ if _is_moved_to(one, to)}
    froms = {id(to): one for one in all_ if (to := moved.get(id(one))) is not None}
    kept = [
        replace(to, event=replace(to.event, place=to.event.place or froms[id(to)].event.place))
        if id(to) in froms
        else to
        for to in all_
        if id(to) not in moved
    ]
    return kept, [Untold(one.proposal, _MOVED) for one in all_ if id(one) in moved]


def _is_moved_to(one: Coded, to: Coded) -> bool:
    if not is_moved(to.proposal) or is_moved(one.proposal) or one.event.parties != to.event.parties:
        return False
    if one.event.when is None or to.event.when is None or one.event.when.iso == to.event.when.iso:
        return False
    return 0 < _at(to.proposal) - _at(one.proposal) <= _MOVED_BACK


def _goes_to_one_of(one: Coded, others: Sequence[Coded]) -> bool:
    """Whether somebody only goes to where he meets others: "reist am Freitag nach Genf. Dort trifft er Lawrow"."""
    place = one.event.place
    if not by_itself(one.proposal) or one.event.mode != "visit" or place is None or place.name not in NEUTRAL:
        return False
    guests = one.event.parties - {place.country}
    return len(guests) < len(one.event.parties) and any(
        guests < other.event.parties and place.country not in other.event.parties and _at_once(one.event, other.event)
        for other in others
    )


def _at_once(one: Event, other: Event) -> bool:
    """Whether nothing of place and day parts them."""
    together = other.place is None or one.place is None or other.place.name == one.place.name
    return together and (other.when is None or one.when is None or other.when.iso == one.when.iso)


def _off_by(read: Reading, one: Coded) -> str:
    """The row by which what was to be is told not to be, as a meeting that is negated (codebook, section 3); "" where none says so,
    or only aside: "wird seinen abgesagten Besuch nachholen"."""
    sentence = one.proposal.seen.sentence
    if one.event.confidence < SURE or _WAS_OFF.search(read.document.text, sentence.start, sentence.end):
        return ""
    row = not_to_come(read, one)
    return row if row in OFF else ""


def _of_planned(read: Reading, one: Coded, fixed: Collection[int], confirmed: Collection[int]) -> str:
    """Why what is planned is announced: it is sure, or a word for a meeting of its sentence is; else why not."""
    at, sure = _at(one.proposal), one.event.confidence
    if at in fixed:
        return _BY_ANOTHER
    if sure >= SURE:
        return _BY_ITSELF
    if is_before_a_meeting(one.proposal) and _says_whose(read, one):
        return _BEFORE_IT
    return _BY_A_WORD if at in confirmed and sure >= CONFIRMED else _UNSURE


def _says_whose(read: Reading, one: Coded) -> bool:
    """Whether the words of a meeting name those who meet; of a visit, whose it is right behind the word for it."""
    p, candidate = one.proposal, one.proposal.candidate
    if candidate is None or not meets(candidate.parties):
        return False
    tokens = p.seen.sentence.tokens
    behind = tokens[p.anchor + 1 : p.anchor + 1 + _WHOSE]
    guests = {m.code for m in read.named(p.seen.sentence, behind[0].start, behind[-1].end)} if behind else set[str]()
    return one.event.mode != "visit" or bool(guests & one.event.parties - {_country(one.event)})


def _country(event: Event) -> str:
    return event.place.country if event.place is not None else ""


def _to_come(
    read: Reading, found: Sequence[Coded], words: Sequence[tuple[Meeting, float]]
) -> tuple[list[Coded], list[Untold]]:
    """Those that are announced of what was found, with their own day and what of their sentence belongs to it, and the others."""
    dated = in_their_stages(read, [_dated(read, one, words) for one in found])
    return _parted([where_it_is(read, one) for one in dated], lambda one: not_to_come(read, one))


def _parted(all_: Iterable[Coded], why_not: Callable[[Coded], str]) -> tuple[list[Coded], list[Untold]]:
    """Those that are told, and those that are not, with the row that says so."""
    told_: list[Coded] = []
    untold: list[Untold] = []
    for one in all_:
        row = why_not(one)
        if row:
            untold.append(Untold(one.proposal, row))
        else:
            told_.append(one)
    return told_, untold


def _dated(read: Reading, one: Coded, words: Sequence[tuple[Meeting, float]]) -> Coded:
    """With its own day, where the one attached to it is past or told elsewhere."""
    when, rows = day_ahead(read, one, [word for word, _ in words])
    return replace(one, event=replace(one.event, when=when), dated=rows)


def _with_repeats(announced_: Sequence[Coded], repeats: Sequence[Coded]) -> list[Coded]:
    """The announced with what repeats tell of their day and place: what only says again what stands need not be sure."""
    kept = list(announced_)
    for one in repeats:
        for k, other in enumerate(kept):
            if one.event.parties <= other.event.parties and same(one.event, other.event):
                kept[k] = _both(other, one)
                break
    return kept


def _both(one: Coded, other: Coded) -> Coded:
    event = told_together(one.event, other.event)
    # It rests on the sentence that it quotes, and on what announced either.
    kept = other if event.evidence == other.event.evidence else one
    sides = tuple(dict.fromkeys((*one.sides, *other.sides)))
    return replace(kept, event=event, sides=sides, ahead=one.ahead or other.ahead)


def _each_once(all_: Sequence[Coded]) -> list[Coded]:
    """Announcements of one meeting become one, dated ones first: those without a day fit many."""
    kept: list[Coded] = []
    for one in sorted(all_, key=lambda c: (c.event.when is None, c.event.evidence.start, -c.event.confidence)):
        at = next((k for k, other in enumerate(kept) if same(one.event, other.event)), None)
        if at is None:
            kept.append(one)
        else:
            kept[at] = _both(kept[at], one)
    # In the order of the text; of one sentence, the sooner first.
    return sorted(kept, key=lambda c: (c.event.evidence.start, c.event.when.first if c.event.when else date.max))


def _beside(p: Proposal, told_: Sequence[Coded]) -> list[Coded]:
    """The announcements of the same sentence."""
    return [one for one in told_ if _at(one.proposal) == _at(p)]


def _is_another(word: Meeting, told_: Sequence[Coded]) -> bool:
    """Whether a word names another meeting than those that its sentence is known to announce: on a day of its own."""
    if not told_:
        return True
    if word.when is None or "time from:stretch" not in word.features:
        return False
    if any(by_itself(one.proposal) and one.proposal.anchor == word.proposal.anchor for one in told_):
        return False
    days = [one.event.when for one in told_]
    if word.certain and not any(word.proposal.parties[0] == one.proposal.parties[0] for one in told_):
        return word.when not in days
    return all(day is not None and (day.last < word.when.first or word.when.last < day.first) for day in days)


def _at(p: Proposal) -> int:
    return p.seen.sentence.index


def _with_several_days(words: Sequence[Meeting]) -> frozenset[int]:
    """The sentences whose words name meetings on different days."""
    days: dict[int, set[str]] = defaultdict(set)
    for word in words:
        if word.when is not None:
            days[_at(word.proposal)].add(word.when.iso)
    return frozenset(at for at, told in days.items() if len(told) > 1)


def _event_of(around: Around, known: Judge, one: Heralded) -> Coded:
    found = told(around, known, one.proposal, HERALDED, sides_of(around.reading, one.proposal))
    event = replace(found.event, status=Status.PLANNED, when=one.when, place=one.place or found.event.place)
    return replace(found, event=event, days=())


def _fixed(around: Around, known: Judge, one: Meeting, value: float, row: str) -> Coded:
    found = told(around, known, one.proposal, value, sides_of(around.reading, one.proposal))
    event = replace(found.event, status=Status.PLANNED, when=one.when, place=placed(around, one, known))
    return replace(found, event=event, days=(), ahead=row)
