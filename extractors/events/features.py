"""What the judge looks at: features of a sentence, and of a reading of who acts upon whom. Names are for people too."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.actors import Mention
from extractors.events.candidates import Candidate
from extractors.events.lexicon import fields_of
from extractors.events.reading import Reading, Said
from extractors.language import Sentence
from extractors.language.syntax import pipeline
from extractors.model import PartKind
from extractors.ontology import SYMMETRIC, EventType, quad

Features = dict[str, float]
TYPES = tuple(EventType)
"""the order of the network's answers"""
_CONTENT = ("VV", "NN", "ADJ", "ADV", "PTKNEG", "VM", "PTKVZ", "PIAT", "PROAV", "KOUS")
_KNOWN = ("RUS", "UKR", "USA", "NATO", "EU", "DEU", "WEST")
_TAIL = 7
_POOL = 7
# How many of an article's most named actors are in reach of every sentence of it.
_OFTEN = 5
_WIDTH = 96
# Beyond this log-odds the network is not surer than certain.
_SURE = 6.0
_JOINED = re.compile(r"\s*(,|und|sowie|wie auch|oder|bzw\.|, und)?\s*(die|der|den|dem|das|mit|in)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the network thinks of a sentence, in log-odds: of each type; of types × codes to act, to be acted upon, to say
    so; of types × statuses; of types × facts (date, place, speaker) to be told."""

    codes: tuple[str, ...]
    types: NDArray[np.float32]
    actors: NDArray[np.float32]
    recipients: NDArray[np.float32]
    speakers: NDArray[np.float32]
    statuses: NDArray[np.float32]
    told: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A sentence with all that bears on its acts."""

    sentence: Sentence
    candidates: tuple[Candidate, ...]
    said: Said | None
    flags: Mapping[str, frozenset[str]]
    """for each actor's code, the places it stands in: subject, object, prep:gegen, speaker, before …"""
    groups: tuple[tuple[str, ...], ...]
    """codes named as one party ("die USA und Russland")"""
    counts: Mapping[str, int]
    told: Mapping[object, int]
    """how often the sentences before had a candidate of a type, or of a type with the same parties"""
    opinion: Opinion | None = None


def views(reading: Reading, candidates: Sequence[Candidate]) -> tuple[View, ...]:
    """The sentences of an article, each with its candidates and with what was told before."""
    by: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by[candidate.sentence.index].append(candidate)
    told: Counter[object] = Counter()
    found = []
    for sentence in reading.document.sentences:
        own = tuple(by[sentence.index])
        found.append(view(reading, sentence, own, dict(told)))
        told.update({c.key for c in own} | {c.type for c in own})
    return tuple(found)


def view(reading: Reading, sentence: Sentence, candidates: tuple[Candidate, ...], told: Mapping[object, int]) -> View:
    said = reading.speaker(sentence.start, sentence.end)
    return View(
        sentence=sentence,
        candidates=candidates,
        said=said,
        flags={code: frozenset(found) for code, found in _flags(reading, sentence, said).items()},
        groups=tuple(_groups(reading, sentence)),
        counts=reading.counts,
        told=told,
    )


def _flags(reading: Reading, sentence: Sentence, said: Said | None) -> dict[str, set[str]]:
    flags: dict[str, set[str]] = defaultdict(set)
    named = [m for m in reading.mentions[sentence.index] if m.code]
    for k, mention in enumerate(named):
        flags[mention.code] |= {"in", f"kind:{mention.kind}", *_stand(sentence, mention)}
        flags[mention.code].add("strong" if mention.score >= 0.5 else "weak")
        flags[mention.code] |= {"first"} if k == 0 else {"last"} if k == len(named) - 1 else {"middle"}
    for clause in sentence.clauses:
        for role in clause.roles:
            where = f"prep:{role.preposition}" if role.name == "oblique" else role.name
            where = f"passive-{where}" if clause.voice == "passive" and role.name == "subject" else where
            for mention in reading.in_role(sentence, role):
                flags[mention.code].add(where)
                if clause.parent is None:
                    flags[mention.code].add(f"main-{where}")
    if said is not None:
        flags[said.code].add("speaker")
    if sentence.index:
        for mention in reading.mentions[sentence.index - 1]:
            if mention.code:
                flags[mention.code].add("before")
    for rank, (code, _) in enumerate(reading.counts.most_common(_OFTEN)):
        flags[code].add(f"top{rank}")
    return flags


def _stand(sentence: Sentence, mention: Mention) -> Iterator[str]:
    tokens = sentence.at(mention.start, mention.end)
    if not tokens:
        return
    first = tokens[0]
    before = sentence.tokens[first.i - 1] if first.i else None
    if first.tag == "ADJA":
        yield "adjective"
    if "gen" in first.case and len(first.case) <= 2:
        yield "genitive"
    for back in (1, 2, 3):
        k = first.i - back
        if k >= 0 and sentence.tokens[k].tag.startswith("APP"):
            yield f"after:{sentence.tokens[k].text.lower()}"
            break
    if before is not None and before.text == "-":
        yield "hyphen"


def _groups(reading: Reading, sentence: Sentence) -> Iterator[tuple[str, ...]]:
    named = [m for m in reading.mentions[sentence.index] if m.code]
    group: list[Mention] = []
    for mention in named:
        if group and not _JOINED.fullmatch(reading.document.text[group[-1].end : mention.start]):
            if len({m.code for m in group}) > 1:
                yield tuple(sorted({m.code for m in group}))
            group = []
        group.append(mention)
    if len({m.code for m in group}) > 1:
        yield tuple(sorted({m.code for m in group}))


def sentence_features(seen: View) -> Features:
    """For which types a sentence tells an act: words, rules that fired, mood, speech, who is named."""
    found: Features = {}
    how = "direct" if seen.said and seen.said.direct else "said" if seen.said else "told"
    for candidate in seen.candidates:
        found[f"hit:{candidate.kind}:{candidate.type}"] = 1.0
        found[f"rule:{candidate.rule}"] = 1.0
        found[f"hit:{candidate.type}:{how}"] = 1.0
        found[f"hit:{candidate.type}:{min(len(candidate.parties), 2)}"] = 1.0
        found[f"told:{candidate.type}:{min(seen.told.get(candidate.key, 0), 3)}"] = 1.0
        found[f"type told:{candidate.type}:{min(seen.told.get(candidate.type, 0), 4)}"] = 1.0
    for token in seen.sentence.tokens:
        if token.tag.startswith(_CONTENT) and token.tag != "NE":
            lemma = token.lemma.lower()
            found[f"word:{lemma}"] = 1.0
            for name in fields_of(lemma):
                found[f"field:{name}"] = 1.0
                found[f"field:{name}:{how}"] = 1.0
            if len(lemma) > _TAIL + 1:
                found[f"tail:{lemma[-_TAIL:]}"] = 1.0
    for clause in seen.sentence.clauses:
        found[f"predicate:{clause.predicate.lower()}"] = 1.0
        found[f"mood:{clause.mood}"] = 1.0
        found[f"kind:{clause.kind}"] = 1.0
        if clause.modal:
            found[f"modal:{clause.modal}"] = 1.0
            found[f"modal:{clause.modal}:{'said' if seen.said else 'told'}"] = 1.0
        if clause.negated:
            found["negated"] = 1.0
            found[f"not:{clause.predicate.lower()}"] = 1.0
    found |= _setting(seen)
    return found


def _setting(seen: View) -> Features:
    found: Features = {f"part:{seen.sentence.part}": 1.0, "length": min(len(seen.sentence.tokens), 60) / 30}
    if seen.said is not None:
        found["said:direct" if seen.said.direct else "said:indirect"] = 1.0
    inside = [code for code, flags in seen.flags.items() if "in" in flags]
    found["parties"] = min(len(inside), 4) / 2
    for code in _KNOWN:
        if code in inside:
            found[f"names:{code}"] = 1.0
    if seen.sentence.part is PartKind.HEADLINE:
        found["headline"] = 1.0
    return found


@functools.lru_cache(100_000)
def word_vector(word: str) -> NDArray[np.float32]:
    nlp = pipeline()
    if nlp is None:
        return np.zeros(_WIDTH, dtype=np.float32)
    vector = np.asarray(nlp.vocab[word].vector, dtype=np.float32)
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def sentence_vector(seen: View) -> NDArray[np.float32]:
    """The mean of the word vectors of a sentence's content words, zeros where there are no weights."""
    words = [t.text for t in seen.sentence.tokens if t.tag.startswith(("VV", "NN", "ADJ")) and t.tag != "NE"]
    if not words:
        return np.zeros(_WIDTH, dtype=np.float32)
    return np.mean([word_vector(word) for word in words], axis=0)  # type: ignore[no-any-return]


Parties = tuple[tuple[str, ...], tuple[str, ...]]


def hypotheses(seen: View, type_: EventType) -> tuple[Parties, ...]:
    """Who may act upon whom in an act of a type: what the rules say, and what the names in reach allow."""
    found: dict[Parties, None] = {}
    for candidate in seen.candidates:
        if candidate.type is type_ and candidate.actors:
            found[(candidate.actors, candidate.recipients)] = None
    pool = [(code,) for code in reach(seen)] + list(seen.groups)
    if type_ in SYMMETRIC:
        for k, one in enumerate(pool):
            found[(one, ())] = None
            for other in pool[k + 1 :]:
                found[(tuple(sorted({*one, *other})), ())] = None
        inside = tuple(sorted(code for code, flags in seen.flags.items() if "in" in flags))
        if len(inside) > 2:
            found[(inside, ())] = None
        return tuple(dict.fromkeys((tuple(sorted({*a, *r})), ()) for a, r in found))
    for one in pool:
        found[(one, ())] = None
        for other in pool:
            if not set(one) & set(other):
                found[(one, other)] = None
    return tuple(found)


def worth_reading(seen: View) -> bool:
    """Somebody is named in the sentence or speaks: without, no act is coded."""
    return bool(seen.sentence.tokens) and any("in" in f or "speaker" in f for f in seen.flags.values())


def reach(seen: View) -> Sequence[str]:
    """The actors that may have a part in a sentence's acts: those named in it first, then who speaks, then the often named."""

    def order(code: str) -> tuple[bool, bool, int]:
        flags = seen.flags[code]
        return ("in" not in flags, "speaker" not in flags, -seen.counts.get(code, 0))

    return sorted(seen.flags, key=order)[:_POOL]


def party_features(seen: View, type_: EventType, parties: Parties) -> Features:
    """How well a reading of the parties fits: where they stand, what the rules say, how often they are named."""
    actors, recipients = parties
    group = f"q{int(quad(type_))}"
    found: Features = {
        f"n:{min(len(actors), 3)}:{min(len(recipients), 2)}": 1.0,
        f"n:{type_}:{min(len(actors), 3)}:{min(len(recipients), 2)}": 1.0,
    }
    for side, codes in (("A", actors), ("R", recipients)):
        for code in codes:
            flags = seen.flags.get(code, frozenset())
            for flag in flags:
                found[f"{side}:{flag}"] = 1.0
                found[f"{side}:{group}:{flag}"] = 1.0
            if "in" not in flags and "speaker" not in flags:
                found[f"{side}:absent"] = 1.0
                found[f"{side}:{type_}:absent"] = 1.0
            found[f"{side}:often"] = max(found.get(f"{side}:often", 0.0), math.log1p(seen.counts.get(code, 0)) / 3)
            if code in _KNOWN:
                found[f"{side}:{type_}:{code}"] = 1.0
    if len(actors) == 1 == len(recipients) and actors[0] in _KNOWN and recipients[0] in _KNOWN:
        found[f"pair:{type_}:{actors[0]}>{recipients[0]}"] = 1.0
        found[f"pair:{actors[0]}>{recipients[0]}"] = 1.0
    if type_ in SYMMETRIC:
        unnamed = [code for code, flags in seen.flags.items() if "in" in flags and code not in actors]
        found[f"left out:{min(len(unnamed), 3)}"] = 1.0
    found |= _by_rules(seen, type_, parties)
    found |= _by_opinion(seen.opinion, type_, parties)
    return found


def _by_opinion(opinion: Opinion | None, type_: EventType, parties: Parties) -> Features:
    """The network's view of a reading: how likely all of it is, its weakest party, and its best one left out."""
    if opinion is None or not opinion.codes:
        return {}
    at = TYPES.index(type_)
    acts, bears = np.clip(opinion.actors[at], -_SURE, _SURE), np.clip(opinion.recipients[at], -_SURE, _SURE)
    who = np.array([code in parties[0] for code in opinion.codes])
    whom = np.array([code in parties[1] for code in opinion.codes])
    agree = float(-np.logaddexp(0, np.where(who, -acts, acts)).sum())
    if type_ not in SYMMETRIC:
        agree += float(-np.logaddexp(0, np.where(whom, -bears, bears)).sum())
    out = ~(who | whom)
    return {
        "network": max(agree, -3 * _SURE) / _SURE,
        "network:actor": float(acts[who].min()) / _SURE if who.any() else -1.0,
        "network:recipient": float(bears[whom].min()) / _SURE if whom.any() else 0.0,
        "network:left out": float(np.maximum(acts, bears)[out].max()) / _SURE if out.any() else -1.0,
    }


def _by_rules(seen: View, type_: EventType, parties: Parties) -> Features:
    found: Features = {}
    who, whom = frozenset(parties[0]), frozenset(parties[1])
    for candidate in seen.candidates:
        if candidate.type is not type_:
            continue
        if type_ in SYMMETRIC:
            if candidate.parties == who:
                found |= {
                    "rules agree": 1.0,
                    f"rules agree:{candidate.kind}": 1.0,
                    f"rules agree:{candidate.rule}": 1.0,
                }
            elif candidate.parties & who:
                found["rules overlap"] = 1.0
            continue
        right = frozenset(candidate.actors) == who, frozenset(candidate.recipients) == whom
        if right[0]:
            found |= {"rule's actor": 1.0, f"rule's actor:{candidate.kind}:{candidate.actor_from}": 1.0}
        if right[1]:
            found |= {"rule's recipient": 1.0, f"rule's recipient:{candidate.kind}:{candidate.recipient_from}": 1.0}
        if all(right):
            found |= {"rules agree": 1.0, f"rules agree:{candidate.kind}": 1.0}
        if frozenset(candidate.actors) == whom and who and whom:
            found["rules swap"] = 1.0
    return found
