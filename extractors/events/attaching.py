"""What of a sentence belongs to an act: features for its status, its time, its place and its speaker."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from extractors.events.features import Features
from extractors.events.judge import Judge, Linear, Proposal
from extractors.events.reading import Reading, Said, above
from extractors.events.standing import LONG_AGO, MAYBE, PLANNED, RUNNING, status
from extractors.model import Place, Precision, When
from extractors.ontology import Status

_Found = TypeVar("_Found")
_NEAR = 30
# "Der Überfall auf die Ukraine" is background in what appears long after that day.
_INVASION = date(2022, 2, 24)


def status_features(reading: Reading, p: Proposal, when: When | None) -> Features:
    found: Features = {"one": 1.0, f"type:{p.type}": 1.0, f"part:{p.seen.sentence.part}": 1.0}
    clause, sentence = p.clause, p.seen.sentence
    words = (
        reading.document.text[clause.start : clause.end]
        if clause
        else reading.document.text[sentence.start : sentence.end]
    )
    for name, pattern in (("maybe", MAYBE), ("planned", PLANNED), ("running", RUNNING), ("long ago", LONG_AGO)):
        if pattern.search(words):
            found[f"words:{name}"] = 1.0
    if p.candidate is not None:
        by_rule, rule = status(reading, p.candidate, when)
        found |= {
            f"rule:{by_rule}": 1.0,
            f"rule:{by_rule}:{p.type}": 1.0,
            f"by:{rule}": 1.0,
            f"kind:{p.candidate.kind}": 1.0,
        }
        anchor = sentence.tokens[p.candidate.anchor]
        found[f"carried by:{p.candidate.rule}"] = 1.0
        near = reading.document.text[max(sentence.start, anchor.start - _NEAR) : anchor.start]
        for name, pattern in (("maybe", MAYBE), ("planned", PLANNED), ("running", RUNNING)):
            if pattern.search(near):
                found[f"near:{name}"] = 1.0
    if clause is not None:
        found |= _of_clause(p, reading)
    found |= _of_time(reading, p, when)
    return found


def _of_clause(p: Proposal, reading: Reading) -> Features:
    clause = p.clause
    assert clause is not None
    found: Features = {
        f"tense:{clause.tense}": 1.0,
        f"tense:{clause.tense}:{p.type}": 1.0,
        f"mood:{clause.mood}": 1.0,
        f"kind of clause:{clause.kind}": 1.0,
        f"voice:{clause.voice}": 1.0,
        f"modal:{clause.modal}": 1.0,
        f"negated:{clause.negated}": 1.0,
        f"finite:{clause.finite}": 1.0,
    }
    for higher in above(p.seen.sentence, clause):
        found[f"above:{higher.predicate.lower()}"] = 1.0
        found[f"above modal:{higher.modal}"] = 1.0
    if p.seen.said is not None:
        found["said"] = 1.0
    return found


def _of_time(reading: Reading, p: Proposal, when: When | None) -> Features:
    age = math.log1p(max(0, (reading.dated.date() - _INVASION).days)) if reading.dated.date() >= _INVASION else 0.0
    found: Features = {f"since 2022:{p.type}:{age > math.log(60)}": 1.0}
    if when is None:
        return found | {"no time": 1.0, f"no time:{p.type}": 1.0}
    days = (reading.dated.date() - when.last).days
    bucket = "far past" if days > 31 else "past" if days > 0 else "today" if days == 0 else "ahead"
    return found | {f"time:{bucket}": 1.0, f"time:{bucket}:{p.type}": 1.0, f"precision:{when.precision}": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOption:
    when: When
    features: Features


def time_options(reading: Reading, p: Proposal) -> Iterator[TimeOption]:
    sentence = p.seen.sentence
    anchor = sentence.tokens[p.anchor]
    found = [t for t in reading.times[sentence.index] if t.when is not None]
    for time in found:
        assert time.when is not None
        days = (reading.dated.date() - time.when.last).days
        features = _distance(p, time.start, time.end, anchor.start) | {
            f"n:{min(len(found), 3)}": 1.0,
            f"rule:{time.rule}": 1.0,
            f"precision:{time.when.precision}": 1.0,
            f"precision:{time.when.precision}:{p.type}": 1.0,
            f"type:{p.type}": 1.0,
            f"kind:{p.candidate.kind if p.candidate else ''}": 1.0,
            f"length:{min(time.end - time.start, 40) // 8}": 1.0,
            f"when:{'ahead' if days < 0 else 'today' if days == 0 else 'week' if days < 8 else 'month' if days < 32 else 'old'}": 1.0,
            f"begins:{time.words.split()[0].lower() if time.words else ''}": 1.0,
            f"range:{time.when.precision is Precision.RANGE}": 1.0,
        }
        yield TimeOption(when=time.when, features=features)


def _distance(p: Proposal, start: int, end: int, anchor: int) -> Features:
    clause = p.clause
    inside = clause is not None and clause.start <= start and end <= clause.end
    gap = abs(start - anchor) // 25
    between = [
        c for c in p.seen.candidates if min(start, anchor) < p.seen.sentence.tokens[c.anchor].start < max(start, anchor)
    ]
    return {
        f"in clause:{inside}": 1.0,
        f"gap:{min(gap, 6)}": 1.0,
        f"side:{start < anchor}": 1.0,
        f"between:{min(len(between), 2)}": 1.0,
        f"in clause:{inside}:{p.type}": 1.0,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOption:
    place: Place
    features: Features


def place_options(reading: Reading, p: Proposal) -> Iterator[PlaceOption]:
    sentence = p.seen.sentence
    anchor = sentence.tokens[p.anchor]
    found = reading.places[sentence.index]
    for place in found:
        preposition = place.preposition
        actor = any(m.start < place.end and place.start < m.end for m in reading.mentions[sentence.index])
        features = _distance(p, place.start, place.end, anchor.start) | {
            f"n:{min(len(found), 3)}": 1.0,
            f"after:{preposition}": 1.0,
            f"after:{preposition}:{p.type}": 1.0,
            f"actor:{actor}": 1.0,
            f"actor:{actor}:{preposition}": 1.0,
            f"type:{p.type}": 1.0,
            f"party:{place.place.country in {*p.parties[0], *p.parties[1]}}:{p.type}": 1.0,
            f"point:{place.place.latitude is not None}": 1.0,
            f"kind:{place.kind}": 1.0,
            f"kind:{place.kind}:{preposition}": 1.0,
            f"kind:{place.kind}:{p.type}": 1.0,
        }
        yield PlaceOption(place=place.place, features=features)


def speaker_features(p: Proposal, said: Said) -> Features:
    sentence = p.seen.sentence
    anchor = sentence.tokens[p.anchor]
    covered = (min(said.end, sentence.end) - max(said.start, sentence.start)) / max(1, sentence.end - sentence.start)
    inside = said.start <= anchor.start < said.end
    return {
        "one": 1.0,
        f"inside:{inside}": 1.0,
        f"inside:{inside}:{p.type}": 1.0,
        f"covers:{int(max(0.0, covered) * 4)}": 1.0,
        f"direct:{said.direct}": 1.0,
        f"type:{p.type}": 1.0,
        f"rule:{p.candidate.kind if p.candidate else ''}": 1.0,
        f"rule:{p.candidate.rule if p.candidate else ''}": 1.0,
        f"speaks for itself:{said.code in p.parties[0]}": 1.0,
        f"speaks for itself:{said.code in p.parties[0]}:{inside}": 1.0,
        f"part:{sentence.part}": 1.0,
    }


def best_time(judge: Judge, reading: Reading, p: Proposal) -> When | None:
    return _best(judge.when, [(o.features, o.when) for o in time_options(reading, p)])


def best_place(judge: Judge, reading: Reading, p: Proposal) -> Place | None:
    return _best(judge.place, [(o.features, o.place) for o in place_options(reading, p)])


def _best(model: Linear, options: list[tuple[Features, _Found]]) -> _Found | None:
    scored = [(model.score(features), k) for k, (features, _) in enumerate(options)]
    if not scored or max(scored)[0] <= 0:
        return None
    return options[max(scored)[1]][1]


def best_status(judge: Judge, reading: Reading, p: Proposal, when: When | None) -> Status:
    features = status_features(reading, p, when)
    return Status(max(judge.status, key=lambda name: judge.status[name].score(features)))


def best_speaker(judge: Judge, reading: Reading, p: Proposal) -> Said | None:
    sentence = p.seen.sentence
    anchor = sentence.tokens[p.anchor]
    said = reading.speaker(anchor.start, anchor.end) or p.seen.said
    if said is None or judge.speaker.score(speaker_features(p, said)) <= 0:
        return None
    return said
