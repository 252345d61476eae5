"""An event of a proposal: what is attached to the act, and what it rests on."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from extractors.actors import name_of
from extractors.actors.hits import LEARNED
from extractors.events.attaching import belonging, statuses, tenure
from extractors.events.attaching.around import Around
from extractors.events.attaching.dating import day_of
from extractors.events.proposing.directions import ROLES
from extractors.events.reading import Reading
from extractors.events.settling.turned import Sides
from extractors.events.weighing.features import Parties, sentence_features
from extractors.events.weighing.judge import Judge, Proposal, judge
from extractors.model import Actor, Event, Evidence, Place
from extractors.ontology import EventType

_DATA = Path(__file__).resolve().parents[1] / "data"
_VERSION = "33"
"""of the rules that are code: another one makes a recode due"""
# A sentence longer than this many tokens is quoted by its clause alone.
_LONG = 60
_ON_GROUND = frozenset({EventType.ASSAULT, EventType.COERCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """An event with the proposal it came from, and the tellings of the same act that it stands for."""

    event: Event
    proposal: Proposal
    again: tuple[Coded, ...] = ()
    sides: tuple[str, ...] = ()
    """the rows that say who takes part in it, where it is not what the judge believes"""
    days: tuple[str, ...] = ()
    """the rows that say of the day that was believed that it is not its own"""
    dated: tuple[str, ...] = ()
    """the rows by which the day of what is announced is told"""
    placed: str = ""
    """the row by which a sentence behind tells where what is announced is held; "" of all else"""
    ahead: str = ""
    """by which row it is announced, or is not though it seemed to be; "" of all else"""


@dataclass(frozen=True, slots=True)
class Untold:
    """What seemed to be an act and is not told, and the row that says so."""

    proposal: Proposal
    row: str


@functools.cache
def coder() -> str:
    """Version and digest of the rules and weights that code: a recode is due where it differs."""
    digest = hashlib.sha256()
    for path in _coding_files(_DATA):
        digest.update(path.read_bytes())
    return f"{_VERSION}-{digest.hexdigest()[:8]}"


_TOLD_ELSEWHERE = ("dossiers/", "frozen/", "relevance-", "feeds.toml")
"""what says which articles are read; a dossier has a version of its own"""
_NOT_READ = frozenset({"README.md", "NOTICE"})


def _coding_files(data: Path) -> list[Path]:
    """Every file that may change what is read in a text: whatever is not known to be of another kind, new ones too."""
    files = {path.relative_to(data).as_posix(): path for path in data.rglob("*") if path.is_file()}
    return [
        path
        for name, path in sorted(files.items())
        if path.name not in _NOT_READ and not name.startswith(_TOLD_ELSEWHERE)
    ]


def told(around: Around, known: Judge, p: Proposal, confidence: float, sides: Sides) -> Coded:
    """What is told of a proposal between `sides`: the event with its status, time, place and speaker."""
    read = around.reading
    when, first = day_of(read, p, belonging.best_time(known, around, p), None)
    status = statuses.best_status(known, read, p, when)
    when, then = day_of(read, p, when, status)
    speaker = belonging.best_speaker(known, around, p)
    mode = p.candidate.mode if p.candidate is not None else ""
    who, whom = sides.parties
    codes = tenure.codes_then(read, p, sides.parties, when)
    # Who telephones is in two places.
    place = belonging.best_place(known, around, p) if mode != "phone" else None
    event = Event(
        type=p.type,
        mode=mode,
        status=status,
        actors=tuple(actor(read, p, code, "actor", codes) for code in who),
        recipients=_on_whose_ground(read, p, sides.parties, place)
        or tuple(actor(read, p, code, "recipient", codes) for code in whom),
        when=when,
        place=place,
        speaker=actor(read, p, speaker, "speaker") if speaker is not None else None,
        evidence=evidence(read, p),
        confidence=round(confidence, 3),
        coder=coder(),
    )
    rows = (*sides.rows, tenure.ROW) if codes else sides.rows
    return Coded(event=event, proposal=p, sides=rows, days=tuple(filter(None, (first, then))))


def _on_whose_ground(read: Reading, p: Proposal, parties: Parties, place: Place | None) -> tuple[Actor, ...]:
    """Who is attacked or occupied where that is a place: whose it is ("Russland griff Odessa an", "annektierte die Krim"), whoever else is named. Where nobody
    is named, whose the place is at which it happened."""
    who, whom = parties
    if p.type not in _ON_GROUND:
        return ()
    at = "" if whom or place is None or p.type is not EventType.ASSAULT else place.country
    code = _of_the_object(read, p) or at
    if not code or code in (*who, *whom):
        return ()
    return (Actor(code=code, name=name_of(code), origin="whose the place is"),)


def _of_the_object(read: Reading, p: Proposal) -> str:
    """The state of the place that the verb of an act does something to; empty where its object is no place.

    A place without a preposition is what is attacked, also where the parser has it as one with the subject ("griff Russland Odessa an").
    """
    clause, candidate = p.clause, p.candidate
    if clause is None or candidate is None or candidate.kind != "verb" or candidate.anchor != clause.head:
        return ""
    subject = clause.subject.heads if clause.subject is not None else ()
    for place in read.places[p.seen.sentence.index]:
        own = place.first in clause.tokens and place.first not in subject and clause.voice == "active"
        if own and not place.preposition and place.place.country:
            return place.place.country
    return ""


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


def actor(read: Reading, p: Proposal, code: str, role: str, codes: Mapping[str, str] = MappingProxyType({})) -> Actor:
    """A party as its sentence names it, and where its role comes from. `codes`: of those who had another on the day of the act."""
    mention = next((m for m in read.mentions[p.seen.sentence.index] if m.code == code), None)
    candidate = p.candidate
    origin = "names in reach"
    if candidate is not None and code in candidate.actors and role == "actor":
        origin = candidate.actor_from
    elif candidate is not None and code in candidate.recipients and role == "recipient":
        origin = candidate.recipient_from
    elif role == "speaker":
        origin = "speech"
    if role in ROLES:
        rows = (d.row for d in p.seen.directions.get(p.type, ()) if d.code == code and d.side == ROLES[role])
        origin = next((f"{origin}, {row}" for row in rows), origin)
    if mention is not None and mention.origin == LEARNED:
        origin = f"{origin}, {LEARNED}"
    if code in codes:
        origin = f"{origin}, {tenure.ROW}"
    return Actor(
        code=codes.get(code, code),
        name=mention.name if mention is not None else name_of(code),
        office=mention.office if mention is not None else "",
        origin=origin,
    )
