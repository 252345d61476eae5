"""A small network reads a sentence with its actors marked: which acts, who acts, upon whom, in whose words, how real.

It learned what acts are from labelled articles and reports
(`benchmarks/training/network.py`). It sees what the rules see: word vectors, tags, hashed lemmas, codes, clause roles,
rows that fired; and what a pretrained encoder makes of each word where it stands (`extractors.language.contextual`). A
token looks at its neighbours and along the tree: at its head, its predicate and its dependents. Its opinion is one
feature of the judge's linear models beside their own, never the last word.
"""

from __future__ import annotations

import functools
import hashlib
import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.events.features import TYPES, Opinion, Spans, View, reach, sentence_vector, worth_reading
from extractors.events.reading import Reading
from extractors.language import Clause, Sentence, Token, contextual
from extractors.language.window_encoder import beside, normal
from extractors.model import PartKind
from extractors.ontology import Status

PATH = Path(__file__).resolve().parents[1] / "data" / "weights" / "network.npz"
WIDTH, LEMMAS, TAGS = 96, 8192, 60
TOKENS, CODES, SPANS, BEYOND = 56, 12, 6, 24
"""how much of a sentence is read: tokens, actors in reach, its times and places, and those of other sentences, nearest first"""
GAPS = 8
"""sentences between an act and a time or place, beyond which all are alike"""
_EPSILON = 1e-5
_AT_ONCE = 64
"""sentences multiplied at once: more do not fit the processor's own memory"""
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
TREE = 0
MARKS, FLAGS, SETTING = len(_MARKS) + len(TYPES), len(_FLAGS) + 2, 8
_WORDS = ("VV", "NN", "AD", "VM", "VA", "PT", "KO", "AP", "PI", "PR", "PD", "PP", "PW")
LAYERS = (1, TREE, 2, TREE, 1)
"""what each layer looks at: neighbours so many tokens away, or along the tree"""
STATUSES = tuple(Status)
_PARTS = {PartKind.HEADLINE: 1, PartKind.TEASER: 2}
LAYOUT = hashlib.sha256(
    repr((_KNOWN, _PRIVATE, _MARKS, _FLAGS, TYPES, LEMMAS, LAYERS, STATUSES, SPANS, contextual.WIDTH, GAPS)).encode()
).hexdigest()[:16]
"""what the weights were fitted to: others cannot be used with this code"""

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class WrongWeightsError(ValueError):
    """The weights are of another layout than this code; `benchmarks/training/network.py` makes new ones."""


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


def heard(reading: Reading, seen: Sequence[View]) -> tuple[View, ...]:
    """The views with the network's opinion of each that is worth reading; as they are where there are no weights."""
    encoder = contextual.encoder()
    if encoder is None or not PATH.exists():
        return tuple(seen)
    weights = _weights()
    at = [k for k, view in enumerate(seen) if worth_reading(view)]
    about = topic(seen)
    rows = [encoded(reading, seen[k], weights.tags, seen[k - 1] if k else None, about) for k in at]
    told = placed(encoder, reading, dict(zip(at, rows, strict=True)))
    opinions = dict(zip(at, weights.opinions(told), strict=True)) if told else {}
    return tuple(replace(view, opinion=opinions.get(k)) for k, view in enumerate(seen))


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
        near = [k for k in np.argsort(np.abs(gaps), kind="stable") if self.keys[k] not in own][:BEYOND]
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
    return 1 + zlib.crc32(token.lemma.lower().encode()) % (LEMMAS - 1) if token.tag.startswith(_WORDS) else 0


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
    rows = np.zeros((len(codes), FLAGS), dtype=np.float32)
    for k, code in enumerate(codes):
        flags = view.flags.get(code, frozenset())
        rows[k, : len(_FLAGS)] = [name in flags for name in _FLAGS]
        rows[k, -2] = any(name.startswith("prep:") for name in flags)
        rows[k, -1] = min(math.log1p(view.counts.get(code, 0)) / 3, 1.5)
    return rows


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


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted networks, and the numbers of the tags."""

    networks: tuple[Mapping[str, Floats], ...]
    tags: Mapping[str, int]

    def opinions(self, rows: Sequence[Encoded]) -> Iterator[Opinion]:
        """The mean of the networks' scores (log-odds) for each sentence."""
        for first in range(0, len(rows), _AT_ONCE):
            some = rows[first : first + _AT_ONCE]
            told = [_forward(network, some) for network in self.networks]
            for row, *scores in zip(some, *told, strict=True):
                *answers, asked = zip(*scores, strict=True)
                types, actors, recipients, speakers, statuses, facts = map(_mean_of, answers)
                yield Opinion(
                    codes=row.codes,
                    types=types,
                    actors=actors,
                    recipients=recipients,
                    speakers=speakers,
                    statuses=statuses,
                    told=facts,
                    spans=functools.partial(_asked_for, row, self.networks, asked),
                )


def _mean_of(found: Sequence[Floats]) -> Floats:
    mean: Floats = found[0] if len(found) == 1 else np.mean(found, axis=0)
    return mean


class _Asked(NamedTuple):
    """What a network says of the times and places of a sentence (types × T, types × P), and what it begins with for those
    of other sentences."""

    own: tuple[Floats, Floats]
    of_types: tuple[Floats, Floats]


def _asked_for(row: Encoded, networks: Sequence[Mapping[str, Floats]], asked: Sequence[_Asked]) -> Spans:
    """The times and places of the article as an act's of a sentence."""
    beyond = row.beyond()
    times, places = (
        _mean_of(
            [
                np.concatenate([one.own[k], _elsewhere(w, fact, beyond[k], one.of_types[k])], axis=1)
                for w, one in zip(networks, asked, strict=True)
            ]
        )
        for k, fact in enumerate(FACTS)
    )
    whens, wheres = (
        (*own, *dict.fromkeys(there.keys)) for own, there in zip((row.whens, row.wheres), beyond, strict=True)
    )
    return Spans(whens, times, wheres, places)


@functools.cache
def _weights() -> Weights:
    return read(PATH)


def read(path: Path) -> Weights:
    """Raises WrongWeightsError."""
    with np.load(path) as file:
        if str(file["layout"]) != LAYOUT:
            raise WrongWeightsError(f"{path}: layout {file['layout']}, wanted {LAYOUT}; fit the network anew")
        tags = {str(tag): i + 1 for i, tag in enumerate(file["tags"])}
        networks: dict[str, dict[str, Floats]] = {}
        for name in file.files:
            number, _, rest = name.partition("/")
            if rest:
                networks.setdefault(number, {})[rest] = file[name].astype(np.float32)
    return Weights(networks=tuple(networks[k] for k in sorted(networks)), tags=tags)


def _forward(w: Mapping[str, Floats], rows: Sequence[Encoded]) -> Iterator[tuple[Any, ...]]:
    """All sentences as one run of tokens; nobody looks over a sentence's end. Log-odds, for each sentence: of each type;
    of each type and actor in reach to act (types × C), to be acted upon, and to be who says so; of each type and status
    (types × S, before normalising); of each type and fact (types × TOLD) to be told; and what `_asked_for` goes on with."""
    lengths = np.array([len(row.tags) for row in rows])
    ends = np.cumsum(lengths)
    starts = ends - lengths
    hidden = _hidden(w, rows, starts, lengths)
    view, pool = _attended(w, hidden, starts, lengths), np.maximum.reduceat(hidden, starts)
    setting = np.array([row.setting for row in rows])
    around = np.array([row.before for row in rows]) @ w["pv"] + np.array([row.about for row in rows]) @ w["av"]
    types = (view * w["u"]).sum(2) + pool @ w["m"] + setting @ w["gt"] + w["bt"] + around * 3
    statuses, told = (
        view @ w[f"{k}w"] + w[f"{k}t"] + (pool @ w[f"{k}m"])[:, None] + (setting @ w[f"{k}s"])[:, None] for k in "st"
    )
    parties = _parties(w, rows, hidden, starts, view)
    masks = [row.times for row in rows], [row.places for row in rows]
    own = [
        _of_each(w, fact, _strongest(hidden, some, starts), [len(one) for one in some], view)
        for fact, some in zip(FACTS, masks, strict=True)
    ]
    of_types = [view @ w[f"far.{fact}x"] + w[f"far.{fact}t"] + (pool @ w[f"far.{fact}h"])[:, None] for fact in FACTS]
    asked = map(_Asked, zip(*own, strict=True), zip(*of_types, strict=True))
    return zip(types, *parties, statuses, told, asked, strict=True)


def _hidden(w: Mapping[str, Floats], rows: Sequence[Encoded], starts: Ints, lengths: Ints) -> Floats:
    x = np.concatenate(
        [
            np.concatenate([row.vectors for row in rows]) * 3,
            w["tag"][np.concatenate([row.tags for row in rows])],
            w["lem"][np.concatenate([row.lemmas for row in rows])],
            w["cls"][np.concatenate([row.classes for row in rows])],
            np.concatenate([row.marks for row in rows]),
        ],
        axis=1,
    )
    h = x @ w["in"]
    h += np.concatenate([row.context for row in rows]) @ w["context"]
    h += w["inb"]
    at = np.arange(len(h))
    first = np.repeat(starts, lengths)
    tree = _Tree(first, *(np.concatenate([getattr(row, name) for row in rows]) for name in ("heads", "predicates")))
    before, behind = at - first, first + np.repeat(lengths, lengths) - at
    for layer, reach_ in enumerate(LAYERS):
        weights = w[f"layer.{layer}.w"]
        o = tree.look(h, weights) if reach_ == TREE else _near(h, reach_, before, behind) @ weights
        o += w[f"layer.{layer}.b"]
        half = o.shape[1] // 2
        told = normal(np.maximum(o[:, :half], o[:, half:]), _EPSILON)
        told *= w[f"layer.{layer}.g"]
        h += told
    return h


def _near(h: Floats, reach_: int, before: Ints, behind: Ints) -> Floats:
    """The words beside each within its own sentence, of which so many are before and behind."""
    seen, size = beside(h, reach_), h.shape[1]
    seen[before < reach_, :size] = 0.0
    seen[behind <= reach_, 2 * size :] = 0.0
    return seen


class _Tree:
    """What each token sees along the tree: itself, its head, its predicate, and its dependents.

    Many tokens have the same head, and the same predicate; what is seen there is multiplied once for all of them.
    """

    def __init__(self, first: Ints, heads: Ints, predicates: Ints) -> None:
        heads, at = first + heads, np.arange(len(first))
        self.heads, self.of_heads = np.unique(heads, return_inverse=True)
        self.predicates, self.of_predicates = np.unique(first + predicates, return_inverse=True)
        own = at[heads != at]
        self.order = own[np.argsort(heads[own], kind="stable")]
        self.owners, self.starts, counts = np.unique(heads[self.order], return_index=True, return_counts=True)
        self.scale = np.sqrt(counts).astype(np.float32)[:, None]

    def look(self, h: Floats, weights: Floats) -> Floats:
        itself, head, predicate, dependents = np.split(weights, 4)
        found = h @ itself
        found += (h[self.heads] @ head)[self.of_heads]
        found += (h[self.predicates] @ predicate)[self.of_predicates]
        if len(self.order):
            # The sum of the dependents, divided by the root of their number.
            found[self.owners] += (np.add.reduceat(h[self.order], self.starts) / self.scale) @ dependents
        return found


def _attended(w: Mapping[str, Floats], hidden: Floats, starts: Ints, lengths: Ints) -> Floats:
    """What each type sees of each sentence: the mean of its tokens, weighed by how much they are the type's."""
    weights = hidden @ w["q"].T
    weights = np.exp(weights - np.repeat(np.maximum.reduceat(weights, starts), lengths, axis=0))
    weights /= np.repeat(np.add.reduceat(weights, starts), lengths, axis=0)
    ends = starts + lengths
    return np.array([weights[a:b].T @ hidden[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)])


def _strongest(hidden: Floats, masks: Sequence[NDArray[np.bool_]], starts: Ints) -> Floats:
    """For each mask of each sentence the greatest of each number over its tokens; zeros where it has none."""
    found = np.zeros((sum(map(len, masks)), hidden.shape[1]), dtype=np.float32)
    tokens = [start + np.nonzero(mask)[1] for start, mask in zip(starts.tolist(), masks, strict=True)]
    counts = np.concatenate([mask.sum(1) for mask in masks])
    some = np.nonzero(counts)[0]
    if len(some):
        ends = np.cumsum(counts[some])
        found[some] = np.maximum.reduceat(hidden[np.concatenate(tokens)], ends - counts[some])
    return found


SIDES = "ARS"
"""who acts, who is acted upon, who says so"""


FACTS = "WP"
"""when and where: which of a sentence's times and places is the act's"""


def _of_each(
    w: Mapping[str, Floats], name: str, each: Floats, counts: Sequence[int], view: Floats, more: Floats | None = None
) -> list[Floats]:
    """The log-odds of each actor, time or place of a sentence (so many there are in each) under each type."""
    of_types = view @ w[f"{name}x"] + w[f"{name}t"]
    z = (each @ w[f"{name}e"])[:, None] + np.repeat(of_types, counts, axis=0)
    odds = np.maximum(z, 0.0, out=z) @ w[f"{name}a"] + w[f"{name}b"]
    odds = odds + more if more is not None else odds
    return [some.T for some in np.split(odds, np.cumsum(counts)[:-1])]


def _elsewhere(w: Mapping[str, Floats], fact: str, beyond: Beyond, of_types: Floats) -> Floats:
    """Of each type and time (or place) of other sentences to be the act's: the surest of where it is named."""
    keys = list(dict.fromkeys(beyond.keys))
    found = np.zeros((len(of_types), len(keys)), dtype=np.float32)
    if keys:
        named = beyond.states @ w[f"far.{fact}e"] + w[f"far.{fact}g"][beyond.gaps] + w[f"far.{fact}p"][beyond.parts]
        z = named[:, None] + of_types
        odds = np.maximum(z, 0.0, out=z) @ w[f"far.{fact}a"] + w[f"far.{fact}b"]
        for k, key in enumerate(keys):
            found[:, k] = odds[[other == key for other in beyond.keys]].max(0)
    return found


def _parties(
    w: Mapping[str, Floats], rows: Sequence[Encoded], hidden: Floats, starts: Ints, view: Floats
) -> list[list[Floats]]:
    named, counts = _strongest(hidden, [row.named for row in rows], starts), [len(row.codes) for row in rows]
    flags, classes = np.concatenate([row.flags for row in rows]), np.concatenate([row.code_classes for row in rows])
    who = np.concatenate([named, flags @ w["fl"] + w["cc"][classes]], axis=1)
    return [_of_each(w, s, who, counts, view, flags @ w[f"{s}f"].T + w[f"{s}c"].T[classes]) for s in SIDES]
