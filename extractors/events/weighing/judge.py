"""The judge: weights fitted on labelled articles decide which acts are kept, between whom, and how sure that is.

Linear models over named features throughout, so that every decision can be read as a sum of reasons.
`benchmarks/training/events.py` fits them; the file holds weights and names of features, no text.
"""

from __future__ import annotations

import functools
import gzip
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.events.proposing.candidates import Candidate
from extractors.events.proposing.directions import cost
from extractors.events.weighing.features import (
    TYPES,
    Features,
    Opinion,
    Parties,
    View,
    sentence_features,
    sentence_vector,
    worth_reading,
)
from extractors.events.weighing.fitting import HEARD, Fit, hypotheses
from extractors.language import Clause
from extractors.model import PartKind
from extractors.ontology import SYMMETRIC, EventType

PATH = Path(__file__).resolve().parents[2] / "data" / "weights" / "judge.json.gz"
# Below this probability of a type a sentence's parties are not even looked at.
FLOOR = 0.06
_OTHERS = 3
"""readings beside the likeliest that a proposal remembers"""
_EMPTY = 1e-6
_ALIKE = 1e-8
"""more than rounding takes from a share"""


def _logistic(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A logistic model over named features, and over a sentence vector where it has weights for one."""

    bias: float
    weights: Mapping[str, float]
    vector: NDArray[np.float32] | None = None

    def score(self, features: Features, vector: NDArray[np.float32] | None = None) -> float:
        total = self.bias + self.weigh(features)
        if self.vector is not None and vector is not None:
            total += float(self.vector @ vector)
        return total

    def weigh(self, features: Features) -> float:
        """The share of some features in a score."""
        weights, total = self.weights, 0.0
        # Asked a thousand times an article, mostly of a few features: a list of them first takes up to twice as long.
        for name, value in features.items():
            if name in weights:
                total += weights[name] * value
        return total

    def probability(self, features: Features, vector: NDArray[np.float32] | None = None) -> float:
        return _logistic(self.score(features, vector))

    def reasons(self, features: Features, most: int = 5) -> tuple[tuple[str, float], ...]:
        """The features that weighed most, with their share of the score."""
        weighed = [(name, self.weights.get(name, 0.0) * value) for name, value in features.items()]
        return tuple(sorted((w for w in weighed if w[1]), key=lambda w: -abs(w[1]))[:most])


class Stack:
    """Several linear models over the same features, scored in one pass."""

    def __init__(self, models: Sequence[Linear]) -> None:
        names = sorted({name for model in models for name in model.weights})
        self._rows = {name: i for i, name in enumerate(names)}
        self._weights = np.array([[model.weights.get(name, 0.0) for model in models] for name in names])
        self._bias = np.array([model.bias for model in models])
        vectors = [model.vector for model in models if model.vector is not None]
        self._vectors = np.array(vectors) if len(vectors) == len(models) else None

    def scores(self, features: Features, vector: NDArray[np.float32] | None = None) -> NDArray[np.float64]:
        """The score of each model, in their order."""
        known = [name for name in features if name in self._rows]
        total = self._bias.copy()
        if known:
            values = np.array([features[name] for name in known])
            total += values @ self._weights[[self._rows[name] for name in known]]
        if self._vectors is not None and vector is not None:
            total += self._vectors @ vector
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """All that was fitted. `threshold`: the probability from which an event is kept."""

    types: Mapping[EventType, Linear]
    parties: Linear
    keep: Linear
    status: Mapping[str, Linear]
    when: Linear
    place: Linear
    speaker: Linear
    meetings: Linear
    mixed: Linear
    """weighs a sentence's own score for a type and the network's, by type; without weights where none was fitted"""
    threshold: float
    statements: float
    cuts: Mapping[str, float] = field(default_factory=dict)
    """the score from which a time, place or speaker is told, and what a status other than past is favoured by"""
    all_types: Stack = field(init=False, repr=False, compare=False)
    all_statuses: Stack = field(init=False, repr=False, compare=False)
    by_type: tuple[tuple[int, float], ...] = field(init=False, repr=False, compare=False)
    """for each type its place among the network's answers, and what `mixed` favours it by"""

    def __post_init__(self) -> None:
        object.__setattr__(self, "all_types", Stack([*self.types.values()]))
        object.__setattr__(self, "all_statuses", Stack([*self.status.values()]))
        by_type = tuple((TYPES.index(t), self.mixed.weights.get(f"type:{t}", 0.0)) for t in self.types)
        object.__setattr__(self, "by_type", by_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An act that a sentence may tell: its type, its likeliest parties, and how likely both are."""

    type: EventType
    parties: Parties
    seen: View
    p_type: float
    p_parties: float
    candidate: Candidate | None
    """the rule's reading that comes nearest, if a rule fired"""
    others: tuple[tuple[Parties, float], ...] = field(default=())

    @property
    def key(self) -> tuple[object, ...]:
        if self.type in SYMMETRIC:
            return (self.type, frozenset((*self.parties[0], *self.parties[1])))
        return (self.type, frozenset(self.parties[0]), frozenset(self.parties[1]))

    @property
    def clause(self) -> Clause | None:
        if self.candidate is not None and self.candidate.clause is not None:
            return self.candidate.clause
        for clause in self.seen.sentence.clauses:
            if clause.parent is None:
                return clause
        return None

    @property
    def anchor(self) -> int:
        """Token index of the word that carries the act."""
        if self.candidate is not None:
            return self.candidate.anchor
        return self.clause.head if self.clause is not None else 0


@functools.cache
def judge() -> Judge:
    with gzip.open(PATH, "rt", encoding="utf-8") as file:
        return read(json.load(file))


def read(data: Mapping[str, Any]) -> Judge:
    return Judge(
        types={type_: _linear(data["types"][type_]) for type_ in EventType if type_ in data["types"]},
        parties=_linear(data["parties"]),
        keep=_linear(data["keep"]),
        status={name: _linear(row) for name, row in data["status"].items()},
        when=_linear(data["when"]),
        place=_linear(data["place"]),
        speaker=_linear(data["speaker"]),
        meetings=_linear(data["meetings"]),
        mixed=_linear(data["mixed"]),
        threshold=float(data["threshold"]),
        statements=float(data["statements"]),
        cuts=data.get("cuts", {}),
    )


def _linear(row: Mapping[str, Any]) -> Linear:
    vector = np.asarray(row["vector"], dtype=np.float32) if "vector" in row else None
    return Linear(bias=float(row["bias"]), weights=row["weights"], vector=vector)


def proposals(seen: Sequence[View], known: Judge) -> tuple[Proposal, ...]:
    """For every sentence and every type that is likely enough, the likeliest parties."""
    found: list[Proposal] = []
    for view in seen:
        if not worth_reading(view):
            continue
        scores = known.all_types.scores(sentence_features(view), sentence_vector(view)).tolist()
        for type_, p_type in zip(known.types, likely(known, view.opinion, scores), strict=True):
            if p_type >= FLOOR:
                found.extend(propose(view, type_, p_type, known.parties))
    return tuple(found)


def likely(known: Judge, opinion: Opinion | None, scores: Sequence[float]) -> list[float]:
    """The probability of each type: what the model of `mixture` says of it, where there is an opinion."""
    if opinion is None:
        return [_logistic(score) for score in scores]
    weights, bias, heard = known.mixed.weights, known.mixed.bias, opinion.types.tolist()
    linear, network = weights.get("linear", 0.0), weights.get("network", 0.0)
    return [
        _logistic(bias + linear * score + network * heard[at] + favour)
        for (at, favour), score in zip(known.by_type, scores, strict=True)
    ]


def mixture(type_: EventType, opinion: Opinion, score: float) -> Features:
    """What the linear model and the network say of a type, for the model that weighs them."""
    return {"linear": score, "network": float(opinion.types[TYPES.index(type_)]), f"type:{type_}": 1.0}


def propose(view: View, type_: EventType, p_type: float, parties: Linear) -> tuple[Proposal, ...]:
    """The likeliest parties of an act, by a choice among all hypotheses: their shares add up to one."""
    options = [h for h in hypotheses(view, type_) if h[0]]
    if not options:
        return ()
    sure = view.directions.get(type_, ())
    scores = np.array(fitting(Fit(view, type_), options, parties))
    if sure:
        scores -= np.array([cost(sure, *option) for option in options])
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    # Actors that nothing tells apart share alike but for rounding: the alphabet decides, on every machine the same.
    ranked = _first(shares.tolist(), options, 1 + _OTHERS)
    best_p, best = ranked[0]
    return (
        Proposal(
            type=type_,
            parties=best,
            seen=view,
            p_type=p_type,
            p_parties=best_p,
            candidate=_nearest(view, type_, best),
            others=tuple((h, p) for p, h in ranked[1:]),
        ),
    )


def _first(shares: Sequence[float], options: Sequence[Parties], most: int) -> list[tuple[float, Parties]]:
    """So many readings at most, the likeliest first; the others need no order."""
    least = sorted(shares, reverse=True)[:most][-1] - _ALIKE
    ahead = [(round(share, 9), share, h) for share, h in zip(shares, options, strict=True) if share >= least]
    return [(share, h) for _, share, h in sorted(ahead, key=lambda item: (-item[0], item[2]))[:most]]


def fitting(fit: Fit, options: Sequence[Parties], parties: Linear) -> list[float]:
    """The score of each reading's features; the parts that many readings share are weighed once."""

    weigh = parties.weigh
    first = {codes: weigh(fit.side("A", codes)) for codes in {h[0] for h in options}}
    second = {codes: weigh(fit.side("R", codes)) for codes in {h[1] for h in options}}
    sizes = {size: weigh(fit.number(*size)) for size in {(len(h[0]), len(h[1])) for h in options}}
    all_, actor, recipient, left_out = (parties.weights.get(name, 0.0) for name in HEARD)
    found = []
    for h in options:
        score, both = parties.bias + sizes[len(h[0]), len(h[1])] + first[h[0]] + second[h[1]], fit.both(h)
        found.append(score + weigh(both) if both else score)
    for k, (all_of_it, weakest, weakest_borne, best_out) in enumerate(fit.heard(options)):
        found[k] += all_ * all_of_it + actor * weakest + recipient * weakest_borne + left_out * best_out
    return found


def _nearest(view: View, type_: EventType, parties: Parties) -> Candidate | None:
    own = [c for c in view.candidates if c.type is type_]
    who, whom = set(parties[0]), set(parties[1])
    return max(
        own, key=lambda c: (len(set(c.actors) & who) + len(set(c.recipients) & whom), c.kind == "verb"), default=None
    )


def keep_features(all_: Sequence[Proposal]) -> list[Features]:
    """What speaks for keeping each proposal, given all others of the article."""
    order = sorted(range(len(all_)), key=lambda i: -all_[i].p_type * (0.3 + all_[i].p_parties))
    keys: dict[object, int] = {}
    kinds: dict[object, int] = {}
    in_sentence: dict[int, int] = {}
    found: list[Features] = [{} for _ in all_]
    told: dict[int, dict[EventType, float]] = defaultdict(dict)
    for p in all_:
        told[p.seen.sentence.index][p.type] = p.p_type
    for rank, i in enumerate(order):
        p = all_[i]
        sentence = p.seen.sentence
        found[i] = _keep(p, keys.get(p.key, 0), kinds.get(p.type, 0), in_sentence.get(sentence.index, 0))
        found[i] |= _beside(p, told) | _heard(p) | {f"rank:{min(rank // 5, 6)}": 1.0}
        keys[p.key] = keys.get(p.key, 0) + 1
        kinds[p.type] = kinds.get(p.type, 0) + 1
        in_sentence[sentence.index] = in_sentence.get(sentence.index, 0) + 1
    return found


def _beside(p: Proposal, told: Mapping[int, Mapping[EventType, float]]) -> Features:
    """The likeliest other type of the sentence, and the same type in the sentences before and after."""
    at = p.seen.sentence.index
    before, after = (told.get(i, {}).get(p.type, 0.0) for i in (at - 1, at + 1))
    rival = max((value for type_, value in told[at].items() if type_ is not p.type), default=0.0)
    return {
        "rival": rival,
        "rival ahead": float(rival > p.p_type),
        "same type before": before,
        "same type after": after,
    }


def _heard(p: Proposal) -> Features:
    """What the network says of the type by itself, and of the parties that were chosen."""
    opinion, found = p.seen.opinion, {"said": float(p.seen.said is not None), "at": min(p.seen.sentence.index, 40) / 20}
    if opinion is None:
        return found
    t, place = TYPES.index(p.type), {code: i for i, code in enumerate(opinion.codes)}
    found["network"] = max(-8.0, min(8.0, float(opinion.types[t]))) / 4
    for name, scores, codes in (
        ("actors", opinion.actors, p.parties[0]),
        ("recipients", opinion.recipients, p.parties[1]),
    ):
        odds = [max(-6.0, min(6.0, float(scores[t, place[code]]))) for code in codes if code in place]
        if odds:
            found[f"network:{name}"] = min(odds) / 3
    return found


def _keep(p: Proposal, told: int, of_type: int, in_sentence: int) -> Features:
    part = p.seen.sentence.part
    found: Features = {
        "logit type": math.log(p.p_type / (1 - p.p_type + _EMPTY)),
        "parties": p.p_parties,
        "parties × type": p.p_parties * p.p_type,
        f"type:{p.type}": 1.0,
        f"told:{min(told, 3)}": 1.0,
        f"told:{p.type}:{min(told, 2)}": 1.0,
        f"of type:{min(of_type, 5)}": 1.0,
        f"in sentence:{min(in_sentence, 4)}": 1.0,
        f"part:{part}": 1.0,
        "headline": float(part in (PartKind.HEADLINE, PartKind.TEASER)),
        f"recipients:{min(len(p.parties[1]), 2)}": 1.0,
        f"actors:{min(len(p.parties[0]), 4)}": 1.0,
    }
    if p.candidate is not None:
        found[f"rule:{p.candidate.kind}"] = 1.0
        agrees = p.candidate.parties == {*p.parties[0], *p.parties[1]}
        found[f"rule agrees:{agrees}"] = 1.0
    else:
        found["no rule"] = 1.0
    return found
