"""A small network reads a sentence with its actors marked: which acts, who acts, upon whom, in whose words, how real.

It learned what acts are from labelled articles and reports
(`benchmarks/training/network.py`). It sees a sentence as `extractors.events.weighing.encoding` lays it out. A
token looks at its neighbours and along the tree: at its head, its predicate and its dependents. Its opinion is one
feature of the judge's linear models beside their own, never the last word.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.events.reading import Reading
from extractors.events.weighing import encoding
from extractors.events.weighing.encoding import GAPS, LEMMAS, SPANS, Beyond, Encoded, Floats, Ints
from extractors.events.weighing.features import TYPES, Opinion, Spans, View, worth_reading
from extractors.language import contextual
from extractors.language.window_encoder import beside, normal
from extractors.ontology import EventType, Status

PATH = Path(__file__).resolve().parents[2] / "data" / "weights" / "network.npz"
_EPSILON = 1e-5
_AT_ONCE = 64
"""sentences multiplied at once: more do not fit the processor's own memory"""
TREE = 0
LAYERS = (1, TREE, 2, TREE, 1)
"""what each layer looks at: neighbours so many tokens away, or along the tree"""
STATUSES = tuple(Status)
LAYOUT = hashlib.sha256(
    repr((*encoding.LAYOUT, TYPES, LEMMAS, LAYERS, STATUSES, SPANS, contextual.WIDTH, GAPS)).encode()
).hexdigest()[:16]
"""what the weights were fitted to: others cannot be used with this code"""
SIDES = "ARS"
"""who acts, who is acted upon, who says so"""
FACTS = "WP"
"""when and where: which of a sentence's times and places is the act's"""


class WrongWeightsError(ValueError):
    """The weights are of another layout than this code; `benchmarks/training/network.py` makes new ones."""


def heard(reading: Reading, seen: Sequence[View]) -> tuple[View, ...]:
    """The views with the network's opinion of each that is worth reading; as they are where there are no weights."""
    encoder = contextual.encoder()
    if encoder is None or not PATH.exists():
        return tuple(seen)
    weights = _weights()
    at = [k for k, view in enumerate(seen) if worth_reading(view)]
    about = encoding.topic(seen)
    rows = [encoding.encoded(reading, seen[k], weights.tags, seen[k - 1] if k else None, about) for k in at]
    told = encoding.placed(encoder, reading, dict(zip(at, rows, strict=True)))
    opinions = dict(zip(at, weights.opinions(told), strict=True)) if told else {}
    return tuple(replace(view, opinion=opinions[k]) if k in opinions else view for k, view in enumerate(seen))


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
                *answers, shown = zip(*scores, strict=True)
                types, actors, recipients, speakers, statuses, facts = map(_mean_of, answers)
                yield Opinion(
                    codes=row.codes,
                    types=types,
                    actors=actors,
                    recipients=recipients,
                    speakers=speakers,
                    statuses=statuses,
                    told=facts,
                    spans=_Asked(row, self.networks, shown).of_type,
                )


def _mean_of(found: Sequence[Floats]) -> Floats:
    mean: Floats = found[0] if len(found) == 1 else np.mean(found, axis=0)
    return mean


class _Shown(NamedTuple):
    """What a network made of a sentence: of its tokens, of all of it, and what each type sees of it."""

    hidden: Floats
    pool: Floats
    view: Floats


@dataclass(frozen=True)
class _Asked:
    """The times and places of an article as an act's of a sentence, worked out for the types that somebody asks about."""

    row: Encoded
    networks: Sequence[Mapping[str, Floats]]
    shown: Sequence[_Shown]
    known: dict[EventType, Spans] = field(default_factory=dict)

    def of_type(self, type_: EventType) -> Spans:
        if type_ not in self.known:
            row, at = self.row, TYPES.index(type_)
            times, places = self._beyond
            self.known[type_] = Spans(
                self._odds(FACTS[0], at, row.whens, row.times, times),
                self._odds(FACTS[1], at, row.wheres, row.places, places),
            )
        return self.known[type_]

    def _odds(
        self, fact: str, type_: int, keys: Sequence[str], masks: NDArray[np.bool_], beyond: Beyond
    ) -> dict[str, float]:
        """For each time or place its log-odds where it is named here, else the best of where others name it."""
        odds = _mean_of(
            [
                np.concatenate([_own(w, fact, masks, one, type_), _elsewhere(w, fact, beyond, one, type_)])
                for w, one in zip(self.networks, self.shown, strict=True)
            ]
        )
        found: dict[str, float] = {}
        for key, value in zip((*keys, *beyond.keys), odds.tolist(), strict=True):
            found[key] = max(found.get(key, value), value)
        return found

    @functools.cached_property
    def _beyond(self) -> tuple[Beyond, Beyond]:
        return self.row.beyond()


def _own(w: Mapping[str, Floats], fact: str, masks: NDArray[np.bool_], shown: _Shown, type_: int) -> Floats:
    """The log-odds of each time or place of a sentence to be the act's of a type."""
    of_type = shown.view[type_] @ w[f"{fact}x"] + w[f"{fact}t"][type_]
    each = np.zeros((len(masks), shown.hidden.shape[1]), dtype=np.float32)
    for k, mask in enumerate(masks):
        each[k] = shown.hidden[mask].max(0)
    return _odds_of(w, fact, type_, each @ w[f"{fact}e"] + of_type)


def _elsewhere(w: Mapping[str, Floats], fact: str, beyond: Beyond, shown: _Shown, type_: int) -> Floats:
    """The log-odds of each time or place where another sentence names it."""
    name = f"far.{fact}"
    of_type = shown.view[type_] @ w[f"{name}x"] + w[f"{name}t"][type_] + shown.pool @ w[f"{name}h"]
    named = beyond.states @ w[f"{name}e"] + w[f"{name}g"][beyond.gaps] + w[f"{name}p"][beyond.parts]
    return _odds_of(w, name, type_, named + of_type)


def _odds_of(w: Mapping[str, Floats], name: str, type_: int, z: Floats) -> Floats:
    odds: Floats = np.maximum(z, 0.0, out=z) @ w[f"{name}a"] + w[f"{name}b"][type_]
    return odds


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
    (types × S, before normalising); of each type and fact (types × TOLD) to be told; and what `_Asked` goes on with."""
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
    shown = map(_Shown, np.split(hidden, ends[:-1]), pool, view)
    return zip(types, *parties, statuses, told, shown, strict=True)


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


def _of_each(
    w: Mapping[str, Floats], name: str, each: Floats, counts: Sequence[int], view: Floats, more: Floats | None = None
) -> list[Floats]:
    """The log-odds of each actor, time or place of a sentence (so many there are in each) under each type."""
    of_types = view @ w[f"{name}x"] + w[f"{name}t"]
    z = (each @ w[f"{name}e"])[:, None] + np.repeat(of_types, counts, axis=0)
    odds = np.maximum(z, 0.0, out=z) @ w[f"{name}a"] + w[f"{name}b"]
    odds = odds + more if more is not None else odds
    return [some.T for some in np.split(odds, np.cumsum(counts)[:-1])]


def _parties(
    w: Mapping[str, Floats], rows: Sequence[Encoded], hidden: Floats, starts: Ints, view: Floats
) -> list[list[Floats]]:
    named, counts = _strongest(hidden, [row.named for row in rows], starts), [len(row.codes) for row in rows]
    flags, classes = np.concatenate([row.flags for row in rows]), np.concatenate([row.code_classes for row in rows])
    who = np.concatenate([named, flags @ w["fl"] + w["cc"][classes]], axis=1)
    return [_of_each(w, s, who, counts, view, flags @ w[f"{s}f"].T + w[f"{s}c"].T[classes]) for s in SIDES]
