"""The announced meetings of an article: which words announce one, when it is and who meets, and each told once.

The decisions that need no reading are in `announcing`, what each word offers in `meetings`, who takes part in `sides`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from extractors.events.announcing import doubt, lasting, meets, same, told_together
from extractors.events.around import Around
from extractors.events.days import clause_of, day_there, of_else, of_the_past, still_to_come
from extractors.events.heralding import GOES_ON, Heralded, by_itself, is_reported, of_another_meeting
from extractors.events.heralds import heralded
from extractors.events.judge import Judge, Proposal
from extractors.events.meetings import Meeting, chosen, meetings, placed
from extractors.events.reading import Reading, above
from extractors.events.sides import topics, with_its_sides
from extractors.events.standing import BEEN, INTENDS, PLANNED
from extractors.events.telling import Coded, parties_of, told
from extractors.language import Clause, Sentence
from extractors.model import Event, When
from extractors.ontology import EventType, Status

_FIXED = 0.75
"""share of the cut for a meeting whose parties a row fixes"""
DATED = 1.6
"""multiple of the cut for a meeting that nothing but its day announces"""
SPOKEN = 0.8
"""share of the cut where the verb, too, speaks of what is to come"""
HERALDED = 0.85
"""how sure a row is that announces by itself: counted on articles of ours"""
HELD = 0.5
"""share of the cut for a meeting of which the verb says that it will be held, of several or whose parties a row fixes"""
_SEVERAL = 2
CALLED = 0.4
"""share of the cut for a meeting whose attribute announces it"""
_ATTRIBUTES = 2
_HOLDS = frozenset(
    "vorbereiten stattfinden planen ansetzen anberaumen einberufen anstehen bevorstehen vorsehen folgen beginnen".split()
)
_TAKES_PLACE = frozenset({"stattfinden", "beginnen", "folgen"})
"""of those what has been where it is told as past: "hat begonnen", not "war angesetzt" """
_AGREES = frozenset(
    "zusagen versprechen vereinbaren verabreden einigen verständigen übereinkommen ankündigen anberaumen".split()
)
"""what the sides do to a meeting that will take place, whenever it is"""
_AWAITED = frozenset({"erwarten", "einladen"})
_AT = frozenset("bei beim auf vor nach zu zum zur während anlässlich".split())
_TO = frozenset({"zu", "zum", "zur"})
_AHEAD, _AFTER = frozenset({"vor"}), frozenset({"nach"})
_THEREAT = frozenset("bei beim auf nach zu zum zur während".split())
_TO_COME = re.compile(rf"{PLANNED.pattern}|\b(heutig|morgig)", re.IGNORECASE)
_REPORTED = re.compile(r"\b(hätten|würden)\b", re.IGNORECASE)
_OF_DAYS = r"\b(de[mrs]|die|das) \w+tägige[nrs]? \w*({})"
_VISITS, _MEETINGS = (
    re.compile(_OF_DAYS.format(w), re.IGNORECASE) for w in ("besuch|reise|visite", "treffen|gipfel|konferenz|tagung")
)
"""what tells of a visit, and of any other meeting, how long it lasts: "bei dem zweitägigen Treffen" """
_AFTERWARDS = 2
"""sentences after that may say how long it lasts"""
_CLOSING = " \n\"'“”«»‹›)"
_BEFORE = 4
"""tokens before a noun in which its preposition stands"""
_IMPERSONAL = frozenset({"verhandeln", "beraten", "sprechen", "reden", "diskutieren"})
SURE, _CONFIRMED = 0.6, 0.3
"""confidence from which a planned meeting stands by itself, and from which a word that names a meeting confirms it"""
GUESSED = 0.5
"""confidence from which one stands whose sides its own words do not both name"""


def share_of_cut(word: Meeting) -> float:
    """The share of the cut from which a word announces. A body's own name says who meets, not that it will."""
    return _FIXED if word.certain and word.certain != "own name" else 1.0


def announced(event: Event) -> bool:
    return event.type is EventType.CONSULT and event.status is Status.PLANNED


def retold(one: Coded, announced_: Sequence[Coded]) -> bool:
    """Whether a meeting that seemed to go on, or to be possible, is announced by its own sentence; of what a row announces by itself,
    one that seemed to have been, too."""
    if one.event.type is not EventType.CONSULT:
        return False
    beside = [
        other
        for other in announced_
        if _at(one.proposal) == _at(other.proposal) and one.event.parties & other.event.parties
    ]
    if one.event.status in (Status.ONGOING, Status.HYPOTHETICAL):
        return bool(beside)
    return any(by_itself(other.proposal) and other.proposal.anchor == one.proposal.anchor for other in beside)


def announcements(around: Around, known: Judge, planned: Sequence[Coded]) -> list[Coded]:
    """Announced meetings, each once: those that a row fixes, and those of a sentence that tells several days; then planned
    ones that are sure, or that a word which names a meeting confirms in their sentence."""
    words = chosen(meetings(around.reading, around.seen, known.parties), known.meetings)
    cut = known.cuts.get("meetings", 0.5)
    several = _with_several_days([word for word, value in words if value >= cut])
    found = [_event_of(around, known, one) for one in heralded(around.reading, around.seen)]
    words = tuple((word, value) for word, value in words if _is_another(word, _beside(word.proposal, found)))
    planned = [one for one in planned if not _beside(one.proposal, found)]
    found += [
        _fixed(around, known, word, value)
        for word, value in words
        if (word.certain and value >= cut * (min(share_of_cut(word), HELD) if _is_held(word) else share_of_cut(word)))
        or (word.when is not None and value >= cut and _at(word.proposal) in several)
    ]
    fixed = {_at(one.proposal) for one in found}
    confirmed = {_at(word.proposal) for word, value in words if value >= cut}
    found += [
        one
        for one in planned
        if _at(one.proposal) not in fixed
        and one.event.confidence >= (_CONFIRMED if _at(one.proposal) in confirmed else SURE)
    ]
    found += [
        _fixed(around, known, word, value)
        for word, value in words
        if _is_another(word, _beside(word.proposal, found))
        and (
            (value >= cut * _share_of_word(word) and _is_dated(around.reading, word))
            or (value >= cut * CALLED and _is_called(word))
        )
    ]
    stand = [one for one in _each_once(_to_come(around.reading, found, words)) if _stands(around.reading, one)]
    repeats = [one for one in planned if one not in found and one.event.confidence >= _CONFIRMED]
    once = _with_repeats(stand, _to_come(around.reading, repeats, words))
    whole = (with_its_sides(around.reading, one) for one in once)
    return _each_once([one for one in whole if _meets(one.event)])


def _to_come(read: Reading, found: Sequence[Coded], words: Sequence[tuple[Meeting, float]]) -> list[Coded]:
    """Those that are announced of what was found, with their own day."""
    dated = (_dated(read, one, words) for one in found)
    return [one for one in dated if not _has_been(read, one) and not _doubted(read, one)]


def _meets(event: Event) -> bool:
    """Whether those told can meet; whoever visits needs a host, a body's people too ("Guterres besucht ein Lager")."""
    return meets(event.parties) and (event.mode != "visit" or len(event.parties) > 1)


def _stands(read: Reading, one: Coded) -> bool:
    return one.event.confidence >= GUESSED or _names_both(one.proposal) or _names_its_host(read, one)


def _names_its_host(read: Reading, one: Coded) -> bool:
    """Whether the words of a visit name the guest, and where to: a place in another state."""
    p, place = one.proposal, one.event.place
    if p.candidate is None or p.candidate.mode != "visit" or place is None or not p.candidate.parties:
        return False
    there = any(found.place == place for found in read.places[_at(p)])
    return there and bool(place.country) and place.country not in p.candidate.parties


def _names_both(p: Proposal) -> bool:
    """Whether the words of an act name who meets: two states, or a body; else who is named elsewhere was taken for a side."""
    return p.candidate is not None and meets(p.candidate.parties)


def _dated(read: Reading, one: Coded, words: Sequence[tuple[Meeting, float]]) -> Coded:
    """With the day that its own sentence tells, where the one attached to it is past or told elsewhere."""
    today, when = read.dated.date(), one.event.when
    sentence = one.proposal.seen.sentence
    if by_itself(one.proposal):
        return replace(one, event=replace(one.event, when=_lasting(read, one, when)))
    here, others = set[str](), set[str]()
    for time in read.times[sentence.index]:
        if time.when is not None:
            aside = of_else(read, sentence, time) or of_the_past(one.proposal, time, today)
            (others if aside else here).add(time.when.iso)
    if when is not None and when.iso in others - here:
        when = None
    if when is not None and when.iso in here and when.last >= today:
        return replace(one, event=replace(one.event, when=_lasting(read, one, when)))
    beside = [
        word for word, _ in words if _at(word.proposal) == _at(one.proposal) and "time from:stretch" in word.features
    ]
    days = (word.when for word in beside if word.when is not None and word.when.first >= today)
    own = next((day for day in days if day.iso not in others - here), None)
    elsewhere = when if when is not None and (when.last > today or still_to_come(read, when)) else None
    elsewhere = day_there(read, one.proposal) or elsewhere
    return replace(one, event=replace(one.event, when=_lasting(read, one, own or elsewhere)))


def _lasting(read: Reading, one: Coded, when: When | None) -> When | None:
    visit = one.event.mode == "visit"
    days = lasting(when, _attribute(one.proposal), _clauses(read, one.proposal) if visit else "")
    if days is not when:
        return days
    after = read.document.sentences[_at(one.proposal) + 1 : _at(one.proposal) + 1 + _AFTERWARDS]
    words = ((_VISITS if visit else _MEETINGS).search(read.document.text[s.start : s.end]) for s in after)
    return next((lasting(when, found.group()) for found in words if found), when)


def _attribute(p: Proposal) -> str:
    """The words right before the word that carries an act, or before the noun for which its verb brings people together
    ("kommen zu einem zweitägigen Treffen zusammen")."""
    tokens, at = p.seen.sentence.tokens, p.anchor
    if p.clause is not None and at in p.clause.verbs:
        at = next((role.heads[0] for role in p.clause.roles if role.preposition in _TO and role.heads), at)
    return " ".join(token.text for token in tokens[max(0, at - _ATTRIBUTES) : at])


def _doubted(read: Reading, one: Coded) -> bool:
    if _asked(read, one.proposal) or one.event.parties <= topics(read, one.proposal):
        return True
    if _impersonal(one.proposal) or (one.event.when is None and one.event.evidence.rule in GOES_ON):
        return True
    if one.event.when is None and not by_itself(one.proposal) and not _speaks_ahead(read, one.proposal):
        return True
    clause = one.proposal.clause
    if clause is not None and not _aside(one.proposal) and _is_open(one.proposal.seen.sentence, clause):
        return True
    words = _clauses(read, one.proposal)
    if one.proposal.seen.said is not None or (clause is not None and is_reported(one.proposal.seen.sentence, clause)):
        # In reported speech the plural has no other form: "sie hätten einen Besuch verabredet" is not in doubt.
        words = _REPORTED.sub("", words)
    sentence = one.proposal.seen.sentence
    whole = read.document.text[sentence.start : sentence.end]
    return bool(doubt(words, aside=_aside(one.proposal) or _has_attribute(one.proposal), sentence=whole))


def _is_open(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause denies or asks what it tells, or makes it hang on something else ("sollte er siegen, will er …"); "wenn"
    may tell when it is."""
    ifs = (c for c in sentence.clauses if c.kind == "conditional" and c.parent == clause.index)
    return clause.negated or clause.marker == "ob" or any(c.marker != "wenn" for c in ifs)


def _asked(read: Reading, p: Proposal) -> bool:
    """Whether a sentence asks: "Treffen sich Putin und Biden am Freitag?" announces nothing."""
    sentence = p.seen.sentence
    return read.document.text[sentence.start : sentence.end].rstrip(_CLOSING).endswith("?")


def _speaks_ahead(read: Reading, p: Proposal) -> bool:
    """Whether the words around an act speak of what is to come, where no day does: "reisen mit dem Zug nach Kiew" need not."""
    clause = p.clause
    own = (clause, *above(p.seen.sentence, clause)) if clause is not None else ()
    if any(c.tense == "future" or c.modal in INTENDS or c.predicate in _HOLDS | _AGREES for c in own):
        return True
    if clause is not None and (
        clause.kind == "purpose" or (clause.voice == "passive" and clause.predicate in _AWAITED)
    ):
        return True
    return _aside(p, _AHEAD) or bool(_TO_COME.search(_clauses(read, p)))


def _impersonal(p: Proposal) -> bool:
    """Whether nobody is said to meet: "über den Antrag soll am Freitag beraten werden"."""
    clause = p.clause
    if p.candidate is None or p.candidate.kind != "verb" or clause is None:
        return False
    if clause.voice != "passive" or clause.predicate not in _IMPERSONAL:
        return False
    return not any(p.seen.sentence.tokens[i].text.lower() in ("mit", "zwischen", "von") for i in clause.tokens)


def _has_been(read: Reading, one: Coded) -> bool:
    """Whether a clause tells what has been, at a meeting or after it, and no day to come ("beim Treffen in Rom sagte er")."""
    when, p = one.event.when, one.proposal
    if by_itself(p):
        return False
    if (_told_as_past(p) and _aside(p, _AFTER)) or (when is not None and _is_over(read, p)):
        return True
    if not _told_as_past(p) or (
        when is not None and when.last > read.dated.date() and not _dates_another(read, p, when)
    ):
        return False
    if (
        when is not None
        and not _aside(p, _AHEAD)
        and p.clause is not None
        and p.clause.predicate not in (_AGREES | _HOLDS) - _TAKES_PLACE
    ):
        return True
    return p.candidate is not None and _aside(p, _THEREAT)


def _is_over(read: Reading, p: Proposal) -> bool:
    """Whether something else follows a meeting that has no day of its own ("nach dem Gipfel mit Putin trifft er am Montag …")."""
    sentence, clause = p.seen.sentence, p.clause
    if p.candidate is None or p.candidate.kind != "noun" or clause is None or clause.head == p.anchor:
        return False
    before = [t for t in sentence.tokens[max(0, p.anchor - _BEFORE) : p.anchor] if t.tag.startswith("APP")]
    if not before or before[-1].text.lower() not in _AFTER:
        return False
    times = (t for t in read.times[sentence.index] if t.when is not None and t.start > sentence.tokens[p.anchor].start)
    return not any(of_another_meeting(sentence, clause.head, t.start) for t in times)


def _dates_another(read: Reading, p: Proposal, when: When) -> bool:
    """Whether a day to come is told by another clause than that of a meeting named aside ("bei einem Treffen kündigte er an, dass
    sie am Freitag …")."""
    sentence = p.seen.sentence
    clauses = [clause_of(sentence, time) for time in read.times[sentence.index] if time.when == when]
    return _aside(p, _THEREAT) and bool(clauses) and p.clause not in clauses


def _told_as_past(p: Proposal) -> bool:
    clause = p.clause
    if clause is None or clause.tense not in BEEN:
        return False
    return clause.tense == "pluperfect" or clause.modal not in INTENDS


def _aside(p: Proposal, at: frozenset[str] = _AT) -> bool:
    """Whether a meeting is only named as the time or place of something else ("beim Gipfel", "vor dem Treffen")."""
    if p.candidate is None or p.candidate.kind != "noun":
        return False
    before = p.seen.sentence.tokens[max(0, p.anchor - _BEFORE) : p.anchor]
    return any(token.text.lower() in at for token in before)


def _clauses(read: Reading, p: Proposal) -> str:
    """The words of the clause that carries an act and of those that govern it."""
    sentence, clause = p.seen.sentence, p.clause
    own = (clause, *above(sentence, clause)) if clause is not None else ()
    if not own:
        return read.document.text[sentence.start : sentence.end]
    return " ".join(read.document.text[c.start : c.end] for c in own)


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
    # It rests on the sentence that it quotes.
    return replace(other if event.evidence == other.event.evidence else one, event=event)


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


def _is_dated(read: Reading, word: Meeting) -> bool:
    """Whether a word names a meeting on a day to come, in a clause that does not tell what has been."""
    if word.when is None or word.when.last < read.dated.date():
        return False
    p = word.proposal
    return not _told_as_past(p) or _aside(p, _AHEAD) or _has_attribute(p)


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


def _share_of_word(word: Meeting) -> float:
    """The share of the cut from which a word announces what nothing but itself and its day tells."""
    if _is_set(word):
        return HELD
    return SPOKEN if _is_to_come(word) else DATED


def _is_set(word: Meeting) -> bool:
    """Whether a meeting of several is to be held on a day that its own stretch tells ("sollen am Freitag stattfinden")."""
    p, clause = word.proposal, word.proposal.clause
    if p.candidate is None or p.candidate.kind != "noun" or clause is None or len(p.parties[0]) < _SEVERAL:
        return False
    return clause.predicate in _HOLDS and clause.modal in INTENDS and "time from:stretch" in word.features


def _is_to_come(word: Meeting) -> bool:
    """Whether the verb speaks of what is to come ("soll stattfinden", "wird reisen", "ist geplant")."""
    clause = word.proposal.clause
    return clause is not None and (clause.tense == "future" or clause.modal in INTENDS or clause.predicate in _HOLDS)


def _is_held(word: Meeting) -> bool:
    """Whether the verb says of a meeting itself that it will be held, on a day that is told ("es folgt", "findet am Freitag statt")."""
    clause = word.proposal.clause
    if word.features.keys() & {"ahead:week", "ahead:later"} and "time from:stretch" in word.features:
        return _aside(word.proposal, _AHEAD) or not (_told_as_past(word.proposal) or _aside(word.proposal, _THEREAT))
    return (
        clause is not None
        and clause.predicate in _HOLDS
        and clause.tense in ("present", "future")
        and word.when is not None
    )


def _is_called(word: Meeting) -> bool:
    """Whether the attribute of a noun announces it ("der bevorstehende Gipfel"), and who meets is told."""
    p = word.proposal
    return p.candidate is not None and p.candidate.kind == "noun" and meets(p.parties[0]) and _has_attribute(p)


def _has_attribute(p: Proposal) -> bool:
    before = p.seen.sentence.tokens[max(0, p.anchor - _ATTRIBUTES) : p.anchor]
    return any(token.tag == "ADJA" and _TO_COME.match(token.text) for token in before)


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
    event = told(around, known, one.proposal, HERALDED, parties_of(around.reading, one.proposal))
    event = replace(event, status=Status.PLANNED, when=one.when, place=one.place or event.place)
    return Coded(event=event, proposal=one.proposal)


def _fixed(around: Around, known: Judge, one: Meeting, value: float) -> Coded:
    event = told(around, known, one.proposal, value, parties_of(around.reading, one.proposal))
    place = placed(around, one, known)
    return Coded(event=replace(event, status=Status.PLANNED, when=one.when, place=place), proposal=one.proposal)
