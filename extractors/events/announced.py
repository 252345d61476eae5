"""The announced meetings of an article: which words announce one, when it is and who meets, and each told once.

The decisions that need no reading are in `announcing`, what each word offers in `meetings`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from extractors.events.announcing import ahead, doubt, lasting, meets, same, told_together, within
from extractors.events.around import Around
from extractors.events.judge import Judge, Proposal
from extractors.events.meetings import Meeting, chosen, meetings, placed
from extractors.events.reading import Reading, above
from extractors.events.standing import PLANNED
from extractors.events.telling import Coded, actor, told
from extractors.model import Event, When
from extractors.ontology import EventType, Status
from extractors.when import tells_when_said

_FIXED = 0.75
"""share of the cut for a meeting whose parties a row fixes"""
DATED = 1.6
"""multiple of the cut for a meeting that nothing but its day announces"""
SPOKEN = 0.8
"""share of the cut where the verb, too, speaks of what is to come"""
CALLED = 0.4
"""share of the cut for a meeting whose attribute announces it"""
_ATTRIBUTES = 2
_BEEN = frozenset({"preterite", "perfect", "pluperfect"})
_INTENDS = frozenset({"sollen", "wollen"})
_HOLDS = frozenset(
    "stattfinden planen ansetzen anberaumen einberufen anstehen bevorstehen vorsehen folgen beginnen".split()
)
_AT = frozenset("bei beim auf vor nach zu zum zur während anlässlich".split())
_AHEAD = frozenset({"vor"})
_THEREAT = frozenset("bei beim auf nach zu zum zur während".split())
_BEFORE = 4
"""tokens before a noun in which its preposition stands"""
_IMPERSONAL = frozenset({"verhandeln", "beraten", "sprechen", "reden", "diskutieren"})
_WITHOUT_DAY = frozenset({"noun:Dialog", "noun:Austausch", "noun:Kontakt", "noun:Konsultation"})
"""what goes on for long and is a meeting only where a day is told"""
_NEUTRAL = frozenset("Genf Wien Davos Astana Istanbul Antalya Doha Dschidda Riad Minsk Brüssel".split())
"""where others meet: its state takes no part because of that"""
_SEAT = "Brüssel"
_NAMED = 0.5
SURE, _CONFIRMED = 0.6, 0.3
"""confidence from which a planned meeting stands by itself, and from which a word that names a meeting confirms it"""
SET = 0.45
"""confidence from which one stands that is set for a day to come, between two at least"""


def share_of_cut(word: Meeting) -> float:
    """The share of the cut from which a word announces. A body's own name says who meets, not that it will."""
    return _FIXED if word.certain and word.certain != "own name" else 1.0


def announced(event: Event) -> bool:
    return event.type is EventType.CONSULT and event.status is Status.PLANNED


def retold(one: Coded, announced_: Sequence[Coded]) -> bool:
    """Whether a meeting that seemed to go on, or to be possible, is announced by its own sentence."""
    if one.event.type is not EventType.CONSULT or one.event.status not in (Status.ONGOING, Status.HYPOTHETICAL):
        return False
    return any(
        _at(one.proposal) == _at(other.proposal) and one.event.parties & other.event.parties for other in announced_
    )


def announcements(around: Around, known: Judge, planned: Sequence[Coded]) -> list[Coded]:
    """Announced meetings, each once: those that a row fixes, and those of a sentence that tells several days; then planned
    ones that are sure, or that a word which names a meeting confirms in their sentence."""
    words = chosen(meetings(around.reading, around.seen, known.parties), known.meetings)
    cut = known.cuts.get("meetings", 0.5)
    several = _with_several_days([word for word, value in words if value >= cut])
    found = [
        _fixed(around, known, word, value)
        for word, value in words
        if (word.certain and value >= cut * share_of_cut(word))
        or (word.when is not None and value >= cut and _at(word.proposal) in several)
    ]
    fixed = {_at(one.proposal) for one in found}
    confirmed = {_at(word.proposal) for word, value in words if value >= cut}
    found += [
        one
        for one in planned
        if _at(one.proposal) not in fixed
        and one.event.confidence
        >= (_CONFIRMED if _at(one.proposal) in confirmed else SET if _is_set(one.event) else SURE)
    ]
    told_at = {_at(one.proposal) for one in found}
    found += [
        _fixed(around, known, word, value)
        for word, value in words
        if _at(word.proposal) not in told_at
        and (
            (value >= cut * (SPOKEN if _is_to_come(word) else DATED) and _is_dated(around.reading, word))
            or (value >= cut * CALLED and _is_called(word))
        )
    ]
    dated = [_dated(around.reading, one, words) for one in found]
    once = _each_once(
        [one for one in dated if not _has_been(around.reading, one) and not _doubted(around.reading, one)]
    )
    whole = (_as_one(_with_host(around.reading, _without_seat(around.reading, one))) for one in once)
    return _each_once([one for one in whole if meets(one.event.parties)])


def _is_set(event: Event) -> bool:
    return event.when is not None and len(event.parties) > 1


def _dated(read: Reading, one: Coded, words: Sequence[tuple[Meeting, float]]) -> Coded:
    """With the day that its own sentence tells, where the one attached to it is past or told elsewhere."""
    today, when = read.dated.date(), one.event.when
    sentence = one.proposal.seen.sentence
    times = [t for t in read.times[sentence.index] if t.when is not None]
    said = {t.when.iso for t in times if t.when is not None and tells_when_said(sentence, t)}
    here = {t.when.iso for t in times if t.when is not None} - said
    if when is not None and when.iso in said - here:
        when = None
    if when is not None and when.iso in here and when.last >= today:
        return replace(one, event=replace(one.event, when=_lasting(read, one, when)))
    beside = [
        word for word, _ in words if _at(word.proposal) == _at(one.proposal) and "time from:stretch" in word.features
    ]
    own = next((word.when for word in beside if word.when is not None and word.when.first >= today), None)
    day = own or ahead(when, today)
    return replace(one, event=replace(one.event, when=_lasting(read, one, day)))


def _lasting(read: Reading, one: Coded, when: When | None) -> When | None:
    clause = _clauses(read, one.proposal) if one.event.mode == "visit" else ""
    return lasting(when, _attribute(one.proposal), clause)


def _attribute(p: Proposal) -> str:
    """The words right before the word that carries an act."""
    return " ".join(token.text for token in p.seen.sentence.tokens[max(0, p.anchor - _ATTRIBUTES) : p.anchor])


def _with_host(read: Reading, one: Coded) -> Coded:
    """Where a state is told alone: who else is named in the sentence or speaks of it; of a visit the state it takes place in."""
    event, sentence = one.event, one.proposal.seen.sentence
    if meets(event.parties):
        return one
    anchor = sentence.tokens[one.proposal.anchor].start
    named = [m for m in read.named(sentence, sentence.start, sentence.end) if m.score >= _NAMED]
    beside = [m.code for m in sorted(named, key=lambda m: abs(m.start - anchor))]
    place = event.place.country if event.place is not None else ""
    speaker = event.speaker.code if event.speaker is not None else ""
    ground = "" if event.place is not None and event.place.name in _NEUTRAL else place
    host = place if event.place is None or event.place.name != _SEAT else ""
    options = (host, *beside) if event.mode == "visit" else (*beside, speaker, ground)
    other = next((code for code in options if code and "-" not in code and code not in event.parties), "")
    if not other:
        return one
    return replace(
        one, event=replace(event, recipients=(*event.recipients, actor(read, one.proposal, other, "recipient")))
    )


def _without_seat(read: Reading, one: Coded) -> Coded:
    """Without Belgium where nothing but its capital is named beside others: who meets there meets the EU or NATO."""
    event, at = one.event, _at(one.proposal)
    named = {read.document.text[m.start : m.end] for m in read.mentions[at] if m.code == "BEL"}
    if "BEL" not in event.parties or named - {_SEAT}:
        return one
    actors, recipients = (tuple(a for a in side if a.code != "BEL") for side in (event.actors, event.recipients))
    if not actors and not recipients:
        return one
    return replace(one, event=replace(event, actors=actors or recipients, recipients=recipients if actors else ()))


def _as_one(one: Coded) -> Coded:
    """The EU alone where it meets with its own, unless somebody travels to it or calls."""
    event = one.event
    if event.mode in ("visit", "phone") or not within(event.parties):
        return one
    everyone = (*event.actors, *event.recipients)
    return replace(one, event=replace(event, actors=tuple(a for a in everyone if a.code == "EU")[:1], recipients=()))


def _doubted(read: Reading, one: Coded) -> bool:
    if _impersonal(one.proposal) or (one.event.when is None and one.event.evidence.rule in _WITHOUT_DAY):
        return True
    return bool(doubt(_clauses(read, one.proposal), aside=_aside(one.proposal)))


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
    if (when is not None and when.last > read.dated.date()) or not _told_as_past(p):
        return False
    return p.candidate is not None and _aside(p, _THEREAT)


def _told_as_past(p: Proposal) -> bool:
    clause = p.clause
    return clause is not None and clause.tense in _BEEN and clause.modal not in _INTENDS


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


def _each_once(all_: Sequence[Coded]) -> list[Coded]:
    """Announcements of one meeting become one, dated ones first: those without a day fit many."""
    kept: list[Coded] = []
    for one in sorted(all_, key=lambda c: (c.event.when is None, c.event.evidence.start, -c.event.confidence)):
        at = next((k for k, other in enumerate(kept) if same(one.event, other.event)), None)
        if at is None:
            kept.append(one)
        else:
            kept[at] = replace(kept[at], event=told_together(kept[at].event, one.event))
    # In the order of the text; of one sentence, the sooner first.
    return sorted(kept, key=lambda c: (c.event.evidence.start, c.event.when.first if c.event.when else date.max))


def _is_dated(read: Reading, word: Meeting) -> bool:
    """Whether a word names a meeting on a day to come, in a clause that does not tell what has been."""
    if word.when is None or word.when.last < read.dated.date():
        return False
    return not _told_as_past(word.proposal) or _aside(word.proposal, _AHEAD)


def _is_to_come(word: Meeting) -> bool:
    """Whether the verb speaks of what is to come ("soll stattfinden", "wird reisen", "ist geplant")."""
    clause = word.proposal.clause
    return clause is not None and (clause.tense == "future" or clause.modal in _INTENDS or clause.predicate in _HOLDS)


def _is_called(word: Meeting) -> bool:
    """Whether the attribute of a noun announces it ("der bevorstehende Gipfel"), and who meets is told."""
    p = word.proposal
    if p.candidate is None or p.candidate.kind != "noun" or not meets(p.parties[0]):
        return False
    before = p.seen.sentence.tokens[max(0, p.anchor - _ATTRIBUTES) : p.anchor]
    return any(token.tag == "ADJA" and PLANNED.match(token.text) for token in before)


def _at(p: Proposal) -> int:
    return p.seen.sentence.index


def _with_several_days(words: Sequence[Meeting]) -> frozenset[int]:
    """The sentences whose words name meetings on different days."""
    days: dict[int, set[str]] = defaultdict(set)
    for word in words:
        if word.when is not None:
            days[_at(word.proposal)].add(word.when.iso)
    return frozenset(at for at, told in days.items() if len(told) > 1)


def _fixed(around: Around, known: Judge, one: Meeting, value: float) -> Coded:
    event = told(around, known, one.proposal, value)
    place = placed(around, one, known)
    return Coded(event=replace(event, status=Status.PLANNED, when=one.when, place=place), proposal=one.proposal)
