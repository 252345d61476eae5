"""What the judge looks at: features of a sentence, and of a reading of who acts upon whom. Names are for people too."""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.actors import Mention
from extractors.events.beside import JOINED
from extractors.events.candidates import Candidate
from extractors.events.directions import TOGETHER, Direction, directions
from extractors.events.lexicon import fields_of
from extractors.events.reading import Reading, Said
from extractors.events.subjects import stranger
from extractors.language import Sentence
from extractors.language.remembered import Remembered
from extractors.language.syntax import pipeline
from extractors.model import PartKind
from extractors.ontology import SYMMETRIC, EventType, quad

if TYPE_CHECKING:
    from spacy.language import Language

Features = dict[str, float]
TYPES = tuple(EventType)
"""the order of the network's answers"""
SURE = 6.0
"""the most log-odds of the network that count"""
TOLD = ("date", "place", "speaker")
"""what the text may tell of an act, in the order of the network's answers"""
_CONTENT = ("VV", "NN", "ADJ", "ADV", "PTKNEG", "VM", "PTKVZ", "PIAT", "PROAV", "KOUS")
_KNOWN = ("RUS", "UKR", "USA", "NATO", "EU", "DEU", "WEST")
_PAIRED = frozenset(_KNOWN)
_TAIL = 7
_POOL = 7
# How many of an article's most named actors are in reach of every sentence of it.
_OFTEN = 5
_WIDTH = 96
_MOST = 40_000
"""words whose vectors are remembered: 15 MB"""
_OF_MEDIA = frozenset(
    {
        EventType.ACCUSE,
        EventType.ASSAULT,
        EventType.COERCE,
        EventType.REQUEST,
        EventType.SANCTION,
        EventType.STATE,
        EventType.THREATEN,
    }
)
"""types in which media are a party now and then: in 52 of 11,307 labelled acts, and in one of all others"""
# Beyond this log-odds the network is not surer than certain.
_SURE = 6.0


class Spans(NamedTuple):
    """The times and places of an article, a sentence's own first, each with the log-odds to be the act's."""

    times: Mapping[str, float]
    places: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the network thinks of a sentence, in log-odds: of each type; of types × codes to act, to be acted upon, to say
    so; of types × statuses; of types × facts (date, place, speaker) to be told; of times and places for the type that somebody
    asks about, as about most nobody does."""

    codes: tuple[str, ...]
    types: NDArray[np.float32]
    actors: NDArray[np.float32]
    recipients: NDArray[np.float32]
    speakers: NDArray[np.float32]
    statuses: NDArray[np.float32]
    told: NDArray[np.float32]
    spans: Callable[[EventType], Spans]


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
    whole: tuple[frozenset[str], ...]
    """codes that one word names together, and no other ("NATO-Russland-Rat"): all of them take part, or none"""
    counts: Mapping[str, int]
    told: Mapping[object, int]
    """how often the sentences before had a candidate of a type, or of a type with the same parties"""
    opinion: Opinion | None = None
    directions: Mapping[EventType, tuple[Direction, ...]] = field(default_factory=dict)
    """what syntax alone says of who acts upon whom, by type"""
    strangers: frozenset[int] = frozenset()
    """the clauses in which somebody acts whom no table has, and of whom nobody says whose he is"""
    vectors: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, _WIDTH), dtype=np.float32))
    """of each of its tokens"""
    vector: NDArray[np.float32] = field(default_factory=lambda: np.zeros(_WIDTH, dtype=np.float32))
    """the mean of those of its content words"""


def views(reading: Reading, candidates: Sequence[Candidate]) -> tuple[View, ...]:
    """The sentences of an article, each with its candidates and with what was told before."""
    by: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by[candidate.sentence.index].append(candidate)
    told: Counter[object] = Counter()
    found = []
    sentences = reading.document.sentences
    vectors = word_vectors([token.text for sentence in sentences for token in sentence.tokens])
    ends = np.cumsum([len(sentence.tokens) for sentence in sentences])
    often = [code for code, _ in reading.counts.most_common(_OFTEN)]
    for sentence, vectors_of_it in zip(sentences, np.split(vectors, ends[:-1]), strict=False):
        own = tuple(by[sentence.index])
        found.append(_view(reading, sentence, own, dict(told), vectors_of_it, often))
        told.update({c.key for c in own} | {c.type for c in own})
    return tuple(found)


def _view(
    reading: Reading,
    sentence: Sentence,
    candidates: tuple[Candidate, ...],
    told: Mapping[object, int],
    vectors: NDArray[np.float32],
    often: Sequence[str],
) -> View:
    said = reading.speaker(sentence.start, sentence.end)
    return View(
        sentence=sentence,
        candidates=candidates,
        said=said,
        flags={code: frozenset(found) for code, found in _flags(reading, sentence, said, often).items()},
        groups=tuple(_groups(reading, sentence)),
        whole=tuple(_whole(reading.mentions[sentence.index])),
        counts=reading.counts,
        told=told,
        directions=directions(reading, candidates),
        strangers=frozenset(c.index for c in sentence.clauses if stranger(reading, sentence, c) is not None),
        vectors=vectors,
        vector=_mean_vector((sentence, vectors)),
    )


def _flags(reading: Reading, sentence: Sentence, said: Said | None, often: Sequence[str]) -> dict[str, set[str]]:
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
    for rank, code in enumerate(often):
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
        if group and not _joined(reading, group[-1], mention):
            if len({m.code for m in group}) > 1:
                yield tuple(sorted({m.code for m in group}))
            group = []
        group.append(mention)
    if len({m.code for m in group}) > 1:
        yield tuple(sorted({m.code for m in group}))


def _joined(reading: Reading, one: Mention, other: Mention) -> bool:
    """Whether two stand in one list; one word that names both is a list of its own."""
    return other.start < one.end or JOINED.fullmatch(reading.document.text[one.end : other.start]) is not None


def _whole(mentions: Sequence[Mention]) -> Iterator[frozenset[str]]:
    """The codes of each compound that names several, if nothing else of the sentence names any of them."""
    spans: dict[str, set[tuple[int, int]]] = defaultdict(set)
    codes: dict[tuple[int, int], set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.code:
            spans[mention.code].add((mention.start, mention.end))
            if mention.kind == "compound":
                codes[mention.start, mention.end].add(mention.code)
    for named in codes.values():
        if len(named) > 1 and all(len(spans[code]) == 1 for code in named):
            yield frozenset(named)


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


def word_vectors(words: Sequence[str]) -> NDArray[np.float32]:
    """The vectors of words, of length 1; zeros where there are no weights."""
    nlp = pipeline()
    return _vectors(nlp).rows(words) if nlp is not None else np.zeros((len(words), _WIDTH), dtype=np.float32)


@functools.cache
def _vectors(nlp: Language) -> Remembered[str]:
    def compute(words: Sequence[str]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = nlp.vocab.vectors.get_batch([nlp.vocab.strings.add(word) for word in words])
        lengths = [float(np.linalg.norm(vector)) or 1.0 for vector in found]
        return found / np.array(lengths, dtype=np.float32)[:, None]

    return Remembered(compute, _WIDTH, most=_MOST)


def sentence_vector(*seen: View) -> NDArray[np.float32]:
    """The mean of the word vectors of the content words of a sentence, or of several."""
    return seen[0].vector if len(seen) == 1 else _mean_vector(*((v.sentence, v.vectors) for v in seen))


def _mean_vector(*seen: tuple[Sentence, NDArray[np.float32]]) -> NDArray[np.float32]:
    """The same of sentences and their words' vectors; zeros where there are no content words, or no weights."""
    words = [
        vectors[[token.tag.startswith(("VV", "NN", "ADJ")) for token in sentence.tokens]]
        for sentence, vectors in seen
        if len(vectors)
    ]
    rows = np.concatenate(words) if words else np.zeros((0, _WIDTH), dtype=np.float32)
    return rows.mean(axis=0) if len(rows) else np.zeros(_WIDTH, dtype=np.float32)


Parties = tuple[tuple[str, ...], tuple[str, ...]]
HEARD = ("network", "network:actor", "network:recipient", "network:left out")
"""what the network says of a reading of the parties"""


def hypotheses(seen: View, type_: EventType) -> tuple[Parties, ...]:
    """Who may act upon whom in an act of a type: what the rules say, and what the names in reach allow."""
    found = _hypotheses(seen, type_)
    if not seen.whole:
        return found
    return tuple(h for h in found if not any(_torn(whole, h) for whole in seen.whole)) or found


def _torn(whole: frozenset[str], parties: Parties) -> bool:
    named = whole & {*parties[0], *parties[1]}
    return bool(named) and named != whole


def _hypotheses(seen: View, type_: EventType) -> tuple[Parties, ...]:
    found: dict[Parties, None] = {}
    media = _media_aside(seen, type_)
    for candidate in seen.candidates:
        if candidate.type is type_ and candidate.actors:
            found[_without(media, candidate.actors, candidate.recipients)] = None
    pool = [codes for codes in [*((code,) for code in reach(seen)), *seen.groups] if media.isdisjoint(codes)]
    together = _together(seen, type_)
    if len(together) > 1 and together not in pool:
        pool.append(together)
    if type_ in SYMMETRIC:
        aside = {code for code in seen.flags if _only_spoken_of(seen, code)} | _occasions(seen) | _tellers(seen)
        found = {h: None for h in found if aside.isdisjoint({*h[0], *h[1]})}
        pool = [codes for codes in pool if aside.isdisjoint(codes)]
        for k, one in enumerate(pool):
            found[(one, ())] = None
            for other in pool[k + 1 :]:
                found[(tuple(sorted({*one, *other})), ())] = None
        inside = tuple(sorted(c for c, flags in seen.flags.items() if "in" in flags and c not in aside | media))
        if len(inside) > 2:
            found[(inside, ())] = None
        return tuple(dict.fromkeys((tuple(sorted({*a, *r})), ()) for a, r in found))
    sets = [frozenset(codes) for codes in pool]
    for one, these in zip(pool, sets, strict=True):
        found[(one, ())] = None
        found.update(((one, other), None) for other, those in zip(pool, sets, strict=True) if these.isdisjoint(those))
    return tuple(found)


def _media_aside(seen: View, type_: EventType) -> frozenset[str]:
    """The media of a sentence where these have no part in what it tells: they are where something was said, or to whom."""
    if type_ in _OF_MEDIA:
        return frozenset()
    return frozenset(code for code in seen.flags if code.endswith("-MED"))


def _without(aside: frozenset[str], actors: tuple[str, ...], recipients: tuple[str, ...]) -> Parties:
    if not aside:
        return actors, recipients
    return tuple(c for c in actors if c not in aside), tuple(c for c in recipients if c not in aside)


def _together(seen: View, type_: EventType) -> tuple[str, ...]:
    """All who act together by what the grammar says: "Maas und sein französischer Amtskollege warnten"."""
    told = [d for d in seen.directions.get(type_, ()) if d.row in TOGETHER]
    return tuple(sorted({d.code for d in told}))


_TAKES_PART = frozenset(
    "subject object recipient agent speaker passive-subject prep:mit prep:zwischen prep:bei".split()
)


def _only_spoken_of(seen: View, code: str) -> bool:
    """Named in the sentence as what is spoken about, and nowhere as one who takes part ("verhandeln über die Ukraine")."""
    flags = seen.flags.get(code, frozenset())
    return "prep:über" in flags and not flags & _TAKES_PART


_AT = frozenset("prep:bei prep:beim prep:am prep:auf".split())


def _occasions(seen: View) -> set[str]:
    """Whose summit it was at which two others met ("beim Brics-Gipfel traf Guterres Putin")."""
    met = [
        c.parties for c in seen.candidates if c.kind == "verb" and c.type is EventType.CONSULT and len(c.parties) > 1
    ]
    return {
        code
        for code, flags in seen.flags.items()
        if met and code not in frozenset().union(*met) and "kind:compound" in flags and "strong" not in flags
        and flags & _AT and not flags & (_TAKES_PART - _AT)
    }  # fmt: skip


def _tellers(seen: View) -> set[str]:
    """Who only says that others met: "der Kreml bestätigte, dass Macron mit Scholz geredet hat"."""
    met = [c for c in seen.candidates if c.type is EventType.CONSULT and len(c.parties) > 1]
    takes_part = frozenset().union(*(c.parties for c in met))
    tell = {c.said.code for c in met if c.said is not None and c.kind == "verb" and c.actor_from.startswith("subject")}
    return tell - takes_part


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
    return Fit(seen, type_).features(parties)


class Fit:
    """How well readings of the parties of one act fit. The parts of a reading's features share no names.

    An act has some fifty readings, and they are made of the same few sides: who scores them need weigh each side once.
    """

    def __init__(self, seen: View, type_: EventType) -> None:
        self.seen, self.type, self.symmetric = seen, type_, type_ in SYMMETRIC
        self._group = f"q{int(quad(type_))}"
        self._rules = [_Rule.of(candidate) for candidate in seen.candidates if candidate.type is type_]
        self._inside = frozenset(code for code, flags in seen.flags.items() if "in" in flags)
        opinion = seen.opinion
        self._leanings = _leanings(opinion, type_) if opinion is not None and opinion.codes else None
        self._sides: dict[tuple[str, ...], tuple[float, float | None]] = {}
        self._others: dict[tuple[str, ...], tuple[float, float | None]] = {}

    def features(self, parties: Parties) -> Features:
        actors, recipients = parties
        return (
            self.number(len(actors), len(recipients))
            | self.side("A", actors)
            | self.side("R", recipients)
            | self.both(parties)
            | dict(zip(HEARD, self.heard(parties) or (), strict=False))
        )

    def number(self, actors: int, recipients: int) -> Features:
        number = f"{min(actors, 3)}:{min(recipients, 2)}"
        return {f"n:{number}": 1.0, f"n:{self.type}:{number}": 1.0}

    def side(self, side: str, codes: Sequence[str]) -> Features:
        """What can be said of those who act ("A"), or of those acted upon ("R"), whoever stands on the other side."""
        found: Features = {}
        for code in codes:
            flags = self.seen.flags.get(code, frozenset())
            found |= _of_flags(side, self._group, flags)
            if "in" not in flags and "speaker" not in flags:
                found[f"{side}:absent"] = 1.0
                found[f"{side}:{self.type}:absent"] = 1.0
            often = math.log1p(self.seen.counts.get(code, 0)) / 3
            found[f"{side}:often"] = max(found.get(f"{side}:often", 0.0), often)
            if code in _KNOWN:
                found[f"{side}:{self.type}:{code}"] = 1.0
        return found

    def both(self, parties: Parties) -> Features:
        """What can be said only of both sides together."""
        actors, recipients = parties
        found: Features = {}
        if len(actors) == 1 == len(recipients) and actors[0] in _PAIRED and recipients[0] in _PAIRED:
            found[f"pair:{self.type}:{actors[0]}>{recipients[0]}"] = 1.0
            found[f"pair:{actors[0]}>{recipients[0]}"] = 1.0
        if self.symmetric:
            found[f"left out:{min(len(self._inside.difference(actors)), 3)}"] = 1.0
        if self._rules:
            found |= _by_rules(self._rules, self.symmetric, parties)
        return found

    def heard(self, parties: Parties) -> tuple[float, float, float, float] | None:
        """The network's view of a reading (`HEARD`): how likely all of it is, its weakest parties, its best one left out."""
        leanings = self._leanings
        if leanings is None:
            return None
        acts, least = _leaning(leanings.acts, parties[0], self._sides)
        bears, least_borne = _leaning(leanings.bears, parties[1], self._others)
        # log p(acts) - log p(does not) is the log-odds itself.
        agree = leanings.nobody + acts + (0.0 if self.symmetric else bears)
        out = None
        for odds, code in leanings.ranked:
            if code not in parties[0] and code not in parties[1]:
                out = odds
                break
        return (
            max(agree, -3 * _SURE) / _SURE,
            least / _SURE if least is not None else -1.0,
            least_borne / _SURE if least_borne is not None else 0.0,
            out / _SURE if out is not None else -1.0,
        )


@functools.lru_cache(2_000)
def _of_flags(side: str, group: str, flags: frozenset[str]) -> Features:
    """The features for the places that an actor stands in, which every type asks for."""
    return {name: 1.0 for flag in flags for name in (f"{side}:{flag}", f"{side}:{group}:{flag}")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leanings:
    """The network's opinion of one type: by code how surely it acts and is acted upon."""

    acts: Mapping[str, float]
    bears: Mapping[str, float]
    nobody: float
    """the log-probability that none acts and none is acted upon"""
    ranked: tuple[tuple[float, str], ...]
    """codes by how surely they have any part, the surest first"""


def _leanings(opinion: Opinion, type_: EventType) -> Leanings:
    at = TYPES.index(type_)
    acts, bears = (
        {code: max(-_SURE, min(_SURE, value)) for code, value in zip(opinion.codes, side[at].tolist(), strict=True)}
        for side in (opinion.actors, opinion.recipients)
    )
    counted = [*acts.values()] if type_ in SYMMETRIC else [*acts.values(), *bears.values()]
    return Leanings(
        acts=acts,
        bears=bears,
        nobody=-sum(math.log1p(math.exp(value)) for value in counted),
        ranked=tuple(sorted(((max(acts[code], bears[code]), code) for code in acts), reverse=True)),
    )


def _leaning(
    odds: Mapping[str, float], codes: tuple[str, ...], known: dict[tuple[str, ...], tuple[float, float | None]]
) -> tuple[float, float | None]:
    """The sum of the log-odds of some codes, and the least of them; worked out once for each side of a reading."""
    if codes not in known:
        told = [odds[code] for code in codes if code in odds]
        known[codes] = sum(told), min(told, default=None)
    return known[codes]


class _Rule(NamedTuple):
    """A candidate with its sides as sets, which every reading is held against."""

    candidate: Candidate
    actors: frozenset[str]
    recipients: frozenset[str]
    parties: frozenset[str]

    @classmethod
    def of(cls, one: Candidate) -> _Rule:
        return cls(one, frozenset(one.actors), frozenset(one.recipients), one.parties)


def _by_rules(rules: Sequence[_Rule], symmetric: bool, parties: Parties) -> Features:
    """What the candidates of the type say of a reading."""
    found: Features = {}
    who, whom = frozenset(parties[0]), frozenset(parties[1])
    for candidate, actors, recipients, both in rules:
        if symmetric:
            if both == who:
                found |= {
                    "rules agree": 1.0,
                    f"rules agree:{candidate.kind}": 1.0,
                    f"rules agree:{candidate.rule}": 1.0,
                }
            elif both & who:
                found["rules overlap"] = 1.0
            continue
        right = actors == who, recipients == whom
        if right[0]:
            found |= {"rule's actor": 1.0, f"rule's actor:{candidate.kind}:{candidate.actor_from}": 1.0}
        if right[1]:
            found |= {"rule's recipient": 1.0, f"rule's recipient:{candidate.kind}:{candidate.recipient_from}": 1.0}
        if all(right):
            found |= {"rules agree": 1.0, f"rules agree:{candidate.kind}": 1.0}
        if actors == whom and who and whom:
            found["rules swap"] = 1.0
    return found
