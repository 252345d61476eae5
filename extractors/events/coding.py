"""From an article to its events: read, propose, judge, attach, and say what an event rests on."""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.actors import name_of
from extractors.events import attaching
from extractors.events.around import Around
from extractors.events.candidates import candidates, completed
from extractors.events.features import sentence_features, views
from extractors.events.judge import Judge, Proposal, judge, keep_features, proposals
from extractors.events.meetings import Meeting, chosen, meetings, placed
from extractors.events.network import heard
from extractors.events.reading import Reading, reading
from extractors.language import Document
from extractors.model import Actor, Article, Event, Evidence
from extractors.ontology import EventType, Status

_DATA = Path(__file__).resolve().parents[1] / "data"
_VERSION = "1"
# A sentence longer than this many tokens is quoted by its clause alone.
_LONG = 60
_STATEMENTS = 4
FIXED = 0.75
"""share of the cut for a meeting whose parties a row fixes"""
SURE, _CONFIRMED = 0.6, 0.3
"""confidence from which a planned meeting stands by itself, and from which a word that names a meeting confirms it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """An event with the proposal it came from."""

    event: Event
    proposal: Proposal


@functools.cache
def coder() -> str:
    """Version and digest of the rules and weights that code: a recode is due where it differs."""
    digest = hashlib.sha256()
    for path in sorted([_DATA / "triggers.toml", *(_DATA / "weights").glob("*.*z"), *_DATA.glob("*.csv")]):
        digest.update(path.read_bytes())
    return f"{_VERSION}-{digest.hexdigest()[:8]}"


def coded(
    article: Article, document: Document | None = None
) -> tuple[Reading, tuple[Proposal, ...], tuple[Coded, ...]]:
    """The reading, all proposals and the events kept, in the order of the text."""
    read, known = reading(article, document), judge()
    seen = heard(read, views(read, tuple(completed(read, c) for c in candidates(read))))
    around = Around(read, seen)
    proposed = proposals(seen, known)
    kept = [
        (p, value)
        for p, features in zip(proposed, keep_features(proposed), strict=True)
        if (value := known.keep.probability(features)) >= _threshold(known, p)
    ]
    events = [Coded(event=_event(around, known, p, value), proposal=p) for p, value in _few_statements(kept)]
    planned = [one for one in events if announced(one.event)]
    events = [one for one in events if not announced(one.event)] + _announced(around, known, planned)
    return read, proposed, tuple(sorted(events, key=lambda one: (one.event.evidence.start, one.event.type)))


def announced(event: Event) -> bool:
    return event.type is EventType.CONSULT and event.status is Status.PLANNED


def _announced(around: Around, known: Judge, planned: Sequence[Coded]) -> list[Coded]:
    """Announced meetings, each once: those that a row fixes, and those of a sentence that tells several days; then planned
    ones that are sure, or that a word which names a meeting confirms in their sentence."""
    words = chosen(meetings(around.reading, around.seen, known.parties), known.meetings)
    cut = known.cuts.get("meetings", 0.5)
    several = _with_several_days([word for word, value in words if value >= cut])
    found = [
        _fixed(around, known, word, value)
        for word, value in words
        if (word.certain and value >= cut * FIXED)
        or (word.when is not None and value >= cut and _at(word.proposal) in several)
    ]
    fixed = {_at(one.proposal) for one in found}
    confirmed = {_at(word.proposal) for word, value in words if value >= cut}
    for one in planned:
        at, sure = _at(one.proposal), one.event.confidence
        if at not in fixed and (sure >= SURE or (sure >= _CONFIRMED and at in confirmed)):
            found.append(one)
    return [one for one in found if not _told_better(one, found)]


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
    event = _event(around, known, one.proposal, value)
    place = placed(around, one, known)
    return Coded(event=replace(event, status=Status.PLANNED, when=one.when, place=place), proposal=one.proposal)


def _told_better(one: Coded, all_: Sequence[Coded]) -> bool:
    """Whether another tells the same meeting earlier, or its day where this one tells none."""
    event = one.event
    for other in (found.event for found in all_ if found is not one):
        if event.when is None and other.when is not None and event.parties <= other.parties:
            return True
        same = event.parties == other.parties and event.when == other.when
        if same and (other.evidence.start, -other.confidence) < (event.evidence.start, -event.confidence):
            return True
    return False


def _threshold(known: Judge, p: Proposal) -> float:
    return known.statements if p.type is EventType.STATE else known.threshold


def _few_statements(kept: Sequence[tuple[Proposal, float]]) -> list[tuple[Proposal, float]]:
    """Statements are many and say little: the surest few of an article."""
    surest = sorted((value for p, value in kept if p.type is EventType.STATE), reverse=True)[:_STATEMENTS]
    return [(p, value) for p, value in kept if p.type is not EventType.STATE or value in surest]


def _event(around: Around, known: Judge, p: Proposal, confidence: float) -> Event:
    read = around.reading
    when = attaching.best_time(known, around, p)
    speaker = attaching.best_speaker(known, around, p)
    return Event(
        type=p.type,
        mode=p.candidate.mode if p.candidate is not None else "",
        status=attaching.best_status(known, read, p, when),
        actors=tuple(_actor(read, p, code, "actor") for code in p.parties[0]),
        recipients=tuple(_actor(read, p, code, "recipient") for code in p.parties[1]),
        when=when,
        place=attaching.best_place(known, around, p),
        speaker=_actor(read, p, speaker, "speaker") if speaker is not None else None,
        evidence=evidence(read, p),
        confidence=round(confidence, 3),
        coder=coder(),
    )


def evidence(read: Reading, p: Proposal) -> Evidence:
    """The sentence, or the clause alone where the sentence is long."""
    sentence, clause = p.seen.sentence, p.clause
    long_ = len(sentence.tokens) > _LONG and clause is not None and clause.end - clause.start > 30
    start, end = (clause.start, clause.end) if long_ and clause is not None else (sentence.start, sentence.end)
    return Evidence(start=start, end=end, quote=read.document.text[start:end], rule=rule(p))


def rule(p: Proposal) -> str:
    """The row that saw the act; where none did, the feature of its words that spoke for it most."""
    if p.candidate is not None:
        return p.candidate.rule
    weighed = judge().types[p.type].reasons(sentence_features(p.seen), 40)
    return next((name for name, w in weighed if w > 0 and name.startswith(("word:", "field:", "predicate:"))), "words")


def _actor(read: Reading, p: Proposal, code: str, role: str) -> Actor:
    mention = next((m for m in read.mentions[p.seen.sentence.index] if m.code == code), None)
    candidate = p.candidate
    origin = "names in reach"
    if candidate is not None and code in candidate.actors and role == "actor":
        origin = candidate.actor_from
    elif candidate is not None and code in candidate.recipients and role == "recipient":
        origin = candidate.recipient_from
    elif role == "speaker":
        origin = "speech"
    return Actor(
        code=code,
        name=mention.name if mention is not None else name_of(code),
        office=mention.office if mention is not None else "",
        origin=origin,
    )
