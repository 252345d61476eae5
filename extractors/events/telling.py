"""An event of a proposal: what is attached to the act, and what it rests on."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extractors.actors import Mention, name_of
from extractors.actors.hits import LEARNED
from extractors.actors.lexicon import lexicon
from extractors.events import attaching, statuses
from extractors.events.announcing import ahead, behind
from extractors.events.around import Around
from extractors.events.candidates import SAID, Candidate
from extractors.events.directions import ROLES, UNDERGOES
from extractors.events.features import Parties, sentence_features
from extractors.events.heralding import of_another_meeting
from extractors.events.judge import Judge, Proposal, judge
from extractors.events.own_people import own_people
from extractors.events.reading import Reading
from extractors.events.standing import BEEN, INTENDS
from extractors.events.tellers import is_source
from extractors.language import Clause, Sentence
from extractors.model import Actor, Event, Evidence, Place, When
from extractors.ontology import EventType, Status

_DATA = Path(__file__).resolve().parents[1] / "data"
_VERSION = "14"
"""of the rules that are code: another one makes a recode due"""
# A sentence longer than this many tokens is quoted by its clause alone.
_LONG = 60
_NAMED = 0.5
"""how sure it must be who is named"""
_ENVOY = re.compile(
    r"(?:[Bb]otschafter|[Dd]iplomat|[Gg]esandte|[Gg]eschäftsträger|[Aa]ttaché|[Kk]onsul)(?:in|innen|en|n|r|s)?$"
)
_ACTING = frozenset({"subject", "agent"})
_RECEIVING = frozenset({"subject"})
_BY_CAPITALS = SAID | {EventType.COERCE, EventType.SANCTION}
_BY_FORCE = frozenset({EventType.ASSAULT, EventType.MOBILIZE})
_ON_GROUND = frozenset({EventType.ASSAULT, EventType.COERCE})
_RECEIVES = frozenset({"erhalten", "bekommen"})
"""verbs whose subject is the one acted upon"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """An event with the proposal it came from, and the tellings of the same act that it stands for."""

    event: Event
    proposal: Proposal
    again: tuple[Coded, ...] = ()


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


def parties_of(read: Reading, p: Proposal) -> Parties:
    """Who acts and who is acted upon in what is told of a proposal; nobody acts where only who bears a passive was read."""
    who, whom = turned(read, p) or sides(p)
    said, sentence = p.seen.said, p.seen.sentence
    aside = {code for code in whom if _is_instrument(read, p, code) or is_source(read, said, p.type, sentence, code)}
    return who, tuple(code for code in whom if code not in aside)


def told(around: Around, known: Judge, p: Proposal, confidence: float, parties: Parties) -> Event:
    """The event of a proposal between `parties`, with its status, time, place and speaker."""
    read = around.reading
    when = attaching.best_time(known, around, p)
    if when is not None and _of_what_follows(read, p, when):
        when = None
    status = statuses.best_status(known, read, p, when)
    if status is Status.PLANNED:
        # A day that is past is when it was announced, not when it shall be.
        when = ahead(when, read.dated.date())
    elif status is Status.HISTORICAL:
        when = behind(when, read.dated.date())
    speaker = attaching.best_speaker(known, around, p)
    mode = p.candidate.mode if p.candidate is not None else ""
    who, whom = parties
    # Who telephones is in two places.
    place = attaching.best_place(known, around, p) if mode != "phone" else None
    return Event(
        type=p.type,
        mode=mode,
        status=status,
        actors=tuple(actor(read, p, code, "actor") for code in who),
        recipients=_on_whose_ground(read, p, parties, place)
        or tuple(actor(read, p, code, "recipient") for code in whom),
        when=when,
        place=place,
        speaker=actor(read, p, speaker, "speaker") if speaker is not None else None,
        evidence=evidence(read, p),
        confidence=round(confidence, 3),
        coder=coder(),
    )


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


def _of_what_follows(read: Reading, p: Proposal, when: When) -> bool:
    """Whether a day to come is that of a meeting before which something was done: "vor dem Treffen am Montag haben sie telefoniert"."""
    clause, candidate, sentence = p.clause, p.candidate, p.seen.sentence
    if when.first <= read.dated.date() or clause is None or candidate is None:
        return False
    if clause.tense not in BEEN or clause.modal in INTENDS or (candidate.kind == "noun" and p.type not in SAID):
        return False
    days = [time for time in read.times[sentence.index] if time.when == when]
    return bool(days) and all(of_another_meeting(sentence, candidate.anchor, day.start) for day in days)


def _is_instrument(read: Reading, p: Proposal, code: str) -> bool:
    """Whether somebody is named by what force is used with, and not otherwise: "mit iranischen Drohnen"."""
    if p.type not in _BY_FORCE:
        return False
    sentence = p.seen.sentence
    named = [m for m in read.mentions[sentence.index] if m.code == code]
    return bool(named) and all(m.kind == "adjective" and _is_with(sentence, m) for m in named)


def _is_with(sentence: Sentence, mention: Mention) -> bool:
    before = sentence.before(mention.start)
    return bool(before) and before[-1].text.lower() in ("mit", "durch")


def turned(read: Reading, p: Proposal) -> Parties | None:
    """The sides where another was taken for who is asked, or who bears a passive for who acts; none where nobody else can have acted."""
    return own_people(p) or _of_envoy(read, p) or _undergone(read, p)


def _undergone(read: Reading, p: Proposal) -> Parties | None:
    """ "Die polnische Entscheidung wurde in Moskau kritisiert": by the capital where it was said or done, else by nobody."""
    clause, who = p.clause, p.parties[0]
    borne = {d.code for d in p.seen.directions.get(p.type, ()) if d.row in UNDERGOES}
    if clause is None or p.parties[1] or not who or not borne.issuperset(who):
        return None
    by = next((code for code in _capitals(read, p, clause) if code not in who), None)
    return ((by,) if by is not None else ()), who


def _capitals(read: Reading, p: Proposal, clause: Clause) -> Iterator[str]:
    """Whose capitals a clause names as the place of what is done by words or by order."""
    if p.type not in _BY_CAPITALS:
        return
    sentence = p.seen.sentence
    # "Bekam aus Ankara ein Ultimatum gestellt": of a participle by itself the clause above names the place.
    around = [clause] if clause.finite or clause.parent is None else [clause, sentence.clauses[clause.parent]]
    for place in read.places[sentence.index]:
        inside = any(one.start <= place.start < one.end for one in around)
        if inside and place.preposition in ("in", "aus"):
            entries = lexicon().phrases.get(sentence.tokens[place.first].text, ())
            yield from (entry.code for words, entry in entries if entry.kind == "capital" and len(words) == 1)


def _of_envoy(read: Reading, p: Proposal) -> Parties | None:
    """The sides where an envoy was taken for who acts, to whom something is done: "der deutsche Botschafter in Moskau wurde
    einbestellt". By whoever else is named, or by the state of the place; by nobody where there is none.
    """
    clause, candidate = p.clause, p.candidate
    if clause is None or candidate is None or clause.voice != "passive" or candidate.type is not p.type:
        return None
    if candidate.kind != "verb" or candidate.anchor != clause.head or candidate.trigger is None:
        return None
    sentence, who, subject = p.seen.sentence, p.parties[0], clause.subject
    if subject is None or not any(_ENVOY.search(sentence.tokens[k].text) for k in subject.heads):
        return None
    acted_upon = {m.code for m in read.in_role(sentence, subject)}
    if "obj" not in candidate.trigger.to or not who or not acted_upon.issuperset(who):
        return None
    named = [m.code for m in read.named(sentence, clause.start, clause.end) if m.score >= _NAMED]
    places = [one.place.country for one in read.places[sentence.index] if clause.start <= one.start < clause.end]
    by = next((code for code in (*named, *places) if code and code not in acted_upon), None)
    return ((by,) if by is not None else ()), who


def sides(p: Proposal) -> Parties:
    """Who acts and who is acted upon. What only one side promises it promises to the other (codebook, section 2).

    The judge weighs all who have a part in an agreement together. Of 94 in our labels 70 are of one side: who acts there by its
    row is right 22 times of 23, who is the subject of a clause 25 times of 28; nobody is told the wrong way round more than once.
    """
    who, candidate = p.parties[0], p.candidate
    if p.type is not EventType.AGREE or len(who) < 2 or (candidate is not None and _is_mutual(candidate)):
        return p.parties
    clause = p.clause
    receives = clause is not None and clause.predicate in _RECEIVES
    # "Kiew erhielt von Paris die Zusage": the row has the subject act.
    by_row = () if candidate is None or receives else candidate.actors
    where = _RECEIVING if receives else _ACTING
    subjects = (code for code in who if bool(p.seen.flags.get(code, frozenset()) & where) is not receives)
    for acting in ({*by_row} & {*who}, {*subjects}):
        if acting and len(acting) < len(who):
            return tuple(c for c in who if c in acting), tuple(c for c in who if c not in acting)
    return p.parties


def _is_mutual(candidate: Candidate) -> bool:
    return candidate.trigger is not None and candidate.trigger.mutual


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


def actor(read: Reading, p: Proposal, code: str, role: str) -> Actor:
    """A party as its sentence names it, and where its role comes from."""
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
    return Actor(
        code=code,
        name=mention.name if mention is not None else name_of(code),
        office=mention.office if mention is not None else "",
        origin=origin,
    )
