"""A sentence as the numbers that the network of events reads: words, actors, clauses, speech, times and places.

They are what the rules see, too: word vectors, tags, hashed lemmas, codes, clause roles, rows that fired; and what a
pretrained encoder makes of each word where it stands (`extractors.language.contextual`).
"""

from __future__ import annotations

import functools
import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.events.reading import Reading
from extractors.events.weighing.features import TYPES, View, reach, sentence_vector
from extractors.language import Clause, Sentence, Token, contextual
from extractors.model import PartKind

WIDTH, LEMMAS, TAGS = 96, 8192, 60
TOKENS, CODES, SPANS, BEYOND = 56, 12, 6, 24
"""how much of a sentence is read: tokens, actors in reach, its times and places, and those of other sentences, nearest first"""
GAPS = 8
"""sentences between an act and a time or place, beyond which all are alike"""
_KNOWN = (
    "RUS UKR USA NATO EU DEU WEST GBR FRA POL AUT CHN TUR BLR UN OSCE HUN CHE ISR IRN SWE FIN PRK SEP ITA G7 VAT IAEA"
).split()
_PRIVATE = {"OPP": 0, "CIV": 1, "MED": 2, "BUS": 3}
CLASSES = 1 + len(_KNOWN) + 7
_MARKS = (
    "direct indirect pred subject object recipient oblique agent k1 k2 neg modal future plu main relative complement "
    "infinitive weak passive ingen time place cue voice"
).split()
_MARK = {name: i for i, name in enumerate(_MARKS)}
_FLAGS = (
    "in speaker before top0 top1 top2 top3 top4 strong weak subject object recipient agent main-subject first last "
    "genitive adjective passive-subject"
).split()
_FLAG = {name: i for i, name in enumerate(_FLAGS)}
MARKS, FLAGS, SETTING = len(_MARKS) + len(TYPES), len(_FLAGS) + 2, 8
_WORDS = ("VV", "NN", "AD", "VM", "VA", "PT", "KO", "AP", "PI", "PR", "PD", "PP", "PW")
_PARTS = {PartKind.HEADLINE: 1, PartKind.TEASER: 2}
LAYOUT = (_KNOWN, _PRIVATE, _MARKS, _FLAGS)
"""what the numbers stand for, in their order"""

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """The M times, or places, that other sentences name: as people compare them, the state of their words (M × WIDTH of the
    encoder), how many sentences away (0 to 2 · GAPS, GAPS is here), and whether in headline (1) or teaser (2)."""

    keys: tuple[str, ...] = ()
    states: Floats = field(default_factory=lambda: np.zeros((0, contextual.WIDTH), dtype=np.float32))
    gaps: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    parts: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A sentence as numbers. N tokens, C actors in reach."""

    vectors: Floats
    tags: Ints
    lemmas: Ints
    classes: Ints
    marks: Floats
    named: NDArray[np.bool_]
    """C × N: which tokens name an actor"""
    code_classes: Ints
    flags: Floats
    setting: Floats
    before: Floats
    about: Floats
    """the words of headline and teaser"""
    heads: Ints
    """for each token its head in the tree; the root's is itself"""
    predicates: Ints
    """for each token the head of its clause; its own number outside of clauses"""
    codes: tuple[str, ...]
    times: NDArray[np.bool_]
    """T × N: which tokens tell a time"""
    places: NDArray[np.bool_]
    """P × N: which tokens name a place"""
    whens: tuple[str, ...]
    """the T times, as people compare them"""
    wheres: tuple[str, ...]
    context: Floats = field(default_factory=lambda: np.zeros((0, contextual.WIDTH), dtype=np.float32))
    """N × WIDTH of the encoder: what it makes of each token"""
    beyond: Callable[[], tuple[Beyond, Beyond]] = lambda: (Beyond(), Beyond())
    """times and places of other sentences, gathered when somebody asks"""


def placed(encoder: contextual.Encoder, reading: Reading, rows: Mapping[int, Encoded]) -> list[Encoded]:
    """The rows of some sentences, by number, with what the encoder makes of their words, and of times and places elsewhere."""
    if not rows:
        return []
    marked = {i: (row.classes, row.marks) for i, row in rows.items()}
    states = encoder.states(reading.document.text, reading.document.sentences, marked)
    named = [_Mentions.of(reading, states, fact) for fact in ("times", "places")]
    return [
        replace(
            row,
            context=states[i][: len(row.tags)],
            beyond=functools.partial(_beyond, named, i, (row.whens, row.wheres)),
        )
        for i, row in rows.items()
    ]


def _beyond(named: Sequence[_Mentions], here: int, own: Sequence[Sequence[str]]) -> tuple[Beyond, Beyond]:
    return named[0].beyond(here, own[0]), named[1].beyond(here, own[1])


class Named(NamedTuple):
    """A time or place where an article names it: the sentence, what people compare, the tokens, and `Beyond`'s part."""

    sentence: int
    key: str
    tokens: tuple[int, ...]
    part: int


def named(reading: Reading, fact: str) -> list[Named]:
    """All "times", or "places", of an article in their order."""
    found = []
    for sentence in reading.document.sentences:
        for key, start, end in _times_of(reading, sentence) if fact == "times" else _places_of(reading, sentence):
            tokens = tuple(t.i for t in sentence.at(start, end))
            if tokens:
                found.append(Named(sentence.index, key, tokens, _PARTS.get(sentence.part, 0)))
    return found


@dataclass(frozen=True, slots=True)
class _Mentions:
    """All times, or places, of an article in their order."""

    keys: tuple[str, ...]
    at: Ints
    parts: Ints
    states: Floats

    @classmethod
    def of(cls, reading: Reading, states: Sequence[Floats], fact: str) -> _Mentions:
        found = named(reading, fact)
        return cls(
            keys=tuple(one.key for one in found),
            at=np.array([one.sentence for one in found], dtype=np.int64),
            parts=np.array([one.part for one in found], dtype=np.int64),
            states=np.array([states[one.sentence][list(one.tokens)].mean(0) for one in found], dtype=np.float32),
        )

    def beyond(self, here: int, own: Sequence[str]) -> Beyond:
        gaps = self.at - here
        near = [k for k in np.argsort(np.abs(gaps), kind="stable").tolist() if self.keys[k] not in own][:BEYOND]
        if not near:
            return Beyond()
        return Beyond(
            keys=tuple(self.keys[k] for k in near),
            states=self.states[near],
            gaps=np.clip(gaps[near], -GAPS, GAPS) + GAPS,
            parts=self.parts[near],
        )


def topic(seen: Sequence[View]) -> Floats:
    """What an article is about: the mean of its headline's and teaser's content words."""
    return sentence_vector(*(v for v in seen if v.sentence.part in (PartKind.HEADLINE, PartKind.TEASER)))


def encoded(reading: Reading, view: View, tags: Mapping[str, int], before: View | None, about: Floats) -> Encoded:
    sentence = view.sentence
    tokens = sentence.tokens[:TOKENS]
    codes = tuple(dict.fromkeys([*reach(view), *(c for group in view.groups for c in group)]))[:CODES]
    marks = np.zeros((len(tokens), MARKS), dtype=np.float32)
    classes, named = _names(reading, sentence, codes, marks)
    _mark_speech(reading, sentence, tokens, marks)
    times, places = _spans(reading, sentence, marks)
    for clause in sentence.clauses:
        _mark_clause(clause, marks)
    for candidate in view.candidates:
        if candidate.anchor < len(tokens):
            marks[candidate.anchor, len(_MARKS) + TYPES.index(candidate.type)] = 1
    return Encoded(
        vectors=_vectors(view, tokens),
        tags=np.array([min(tags.get(t.tag, 0), TAGS - 1) for t in tokens]),
        lemmas=np.array([_lemma(t) for t in tokens]),
        classes=classes,
        marks=marks,
        named=named,
        code_classes=np.array([code_class(c) for c in codes], dtype=np.int64),
        flags=_flag_rows(view, codes),
        setting=_setting(view),
        before=sentence_vector(*([before] if before else [])),
        about=about,
        heads=np.array([t.head if t.head < len(tokens) else t.i for t in tokens], dtype=np.int64),
        predicates=_predicates(sentence, len(tokens)),
        codes=codes,
        times=_masks(times, len(tokens)),
        places=_masks(places, len(tokens)),
        whens=tuple(times),
        wheres=tuple(places),
    )


def code_class(code: str) -> int:
    if code in _KNOWN:
        return 1 + _KNOWN.index(code)
    first = 1 + len(_KNOWN)
    if "-" in code:
        return first + _PRIVATE.get(code.split("-")[1], 4)
    return first + (5 if len(code) == 3 else 6)


def _vectors(view: View, tokens: Sequence[Token]) -> Floats:
    found = view.vectors[: len(tokens)].copy()
    found[[token.tag == "NE" for token in tokens]] *= np.float32(0.5)
    return found


def _lemma(token: Token) -> int:
    """A number for the lemma of a word that may carry an act; names and marks have none."""
    return _number(token.lemma) if token.tag.startswith(_WORDS) else 0


@functools.lru_cache(50_000)
def _number(lemma: str) -> int:
    return 1 + zlib.crc32(lemma.lower().encode()) % (LEMMAS - 1)


def _predicates(sentence: Sentence, size: int) -> Ints:
    found = np.arange(size)
    for clause in sentence.clauses:
        if clause.head < size:
            found[[i for i in clause.tokens if i < size]] = clause.head
    return found


def _names(reading: Reading, sentence: Sentence, codes: Sequence[str], marks: Floats) -> tuple[Ints, NDArray[np.bool_]]:
    classes, named = np.zeros(len(marks), dtype=np.int64), np.zeros((len(codes), len(marks)), dtype=np.bool_)
    for mention in reading.mentions[sentence.index]:
        for token in sentence.at(mention.start, mention.end) if mention.code else ():
            if token.i < len(marks):
                classes[token.i] = code_class(mention.code)
                marks[token.i, _MARK["weak"]] = max(marks[token.i, _MARK["weak"]], float(mention.score < 0.5))
                if mention.code in codes:
                    named[codes.index(mention.code), token.i] = True
    return classes, named


def _mark_speech(reading: Reading, sentence: Sentence, tokens: Sequence[Token], marks: Floats) -> None:
    for said in reading.said:
        if said.start < sentence.end and sentence.start < said.end:
            for token in tokens:
                if said.start <= token.start < said.end:
                    marks[token.i, _MARK["direct" if said.direct else "indirect"]] = 1
    for quote in reading.quotes:
        for mark, span in (("cue", quote.cue), ("voice", quote.speaker)):
            if span is not None and span[0] < sentence.end and sentence.start < span[1]:
                marks[[t.i for t in sentence.at(*span) if t.i < len(tokens)], _MARK[mark]] = 1


def _spans(reading: Reading, sentence: Sentence, marks: Floats) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The tokens of each time and place of a sentence, which are marked too."""
    times: dict[str, list[int]] = {}
    places: dict[str, list[int]] = {}
    told, named = _times_of(reading, sentence), _places_of(reading, sentence)
    for mark, rows, found in (("time", told, times), ("place", named, places)):
        for key, start, end in rows:
            at = [t.i for t in sentence.at(start, end) if t.i < len(marks)]
            marks[at, _MARK[mark]] = 1
            if at and (key in found or len(found) < SPANS):
                found.setdefault(key, []).extend(at)
    return times, places


def _times_of(reading: Reading, sentence: Sentence) -> list[tuple[str, int, int]]:
    return [(t.when.iso, t.start, t.end) for t in reading.times[sentence.index] if t.when is not None]


def _places_of(reading: Reading, sentence: Sentence) -> list[tuple[str, int, int]]:
    return [(p.place.name.casefold(), p.start, p.end) for p in reading.places[sentence.index]]


def _masks(found: Mapping[str, Sequence[int]], size: int) -> NDArray[np.bool_]:
    masks = np.zeros((len(found), size), dtype=np.bool_)
    for row, at in zip(masks, found.values(), strict=True):
        row[list(at)] = True
    return masks


def _mark_clause(clause: Clause, marks: Floats) -> None:
    size = len(marks)
    inside = [i for i in clause.tokens if i < size]
    for name in _clause_marks(clause):
        marks[inside, _MARK[name]] = 1
    if clause.head < size:
        marks[clause.head, _MARK["pred"]] = 1
    for role in clause.roles:
        if role.name in _MARK:
            marks[[h for h in role.heads if h < size], _MARK[role.name]] = 1


def _clause_marks(clause: Clause) -> Iterator[str]:
    told = {
        "k1": clause.mood == "konjunktiv1",
        "k2": clause.mood == "konjunktiv2",
        "neg": clause.negated,
        "modal": bool(clause.modal),
        "future": clause.tense == "future",
        "plu": clause.tense == "pluperfect",
        "passive": clause.voice == "passive",
        clause.kind: clause.kind in _MARK,
    }
    return (name for name, holds in told.items() if holds)


def _flag_rows(view: View, codes: Sequence[str]) -> Floats:
    return np.array([_flag_row(view, code) for code in codes], dtype=np.float32).reshape(-1, FLAGS)


def _flag_row(view: View, code: str) -> list[float]:
    row = [0.0] * FLAGS
    for name in view.flags.get(code, ()):
        if name in _FLAG:
            row[_FLAG[name]] = 1.0
        elif name.startswith("prep:"):
            row[-2] = 1.0
    row[-1] = min(math.log1p(view.counts.get(code, 0)) / 3, 1.5)
    return row


def _setting(view: View) -> Floats:
    sentence, said = view.sentence, view.said
    return np.array(
        [
            sentence.part is PartKind.HEADLINE,
            sentence.part is PartKind.TEASER,
            min(sentence.index, 30) / 15,
            min(len(sentence.tokens), 60) / 30,
            sum("in" in f for f in view.flags.values()) / 3,
            said is not None,
            said is not None and said.direct,
            1.0,
        ],
        dtype=np.float32,
    )
