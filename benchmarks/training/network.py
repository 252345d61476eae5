"""Fits the network that reads sentences with their actors marked, and writes what it says out of fold.

    python -m benchmarks.training.network ../shared/gold --begin BEGUN.npz --out-of-fold OPINIONS.npz [--write]

Nothing is learned from the gold articles. Each half of the articles and reports that we labelled is read by a network that
learned from the other, the gold articles by the one that learned from all; those opinions are what
`benchmarks/training/events.py --opinions` learns from. `--write` writes the network of all,
`extractors/data/weights/network.npz`: numbers, no text. `--begin`: what `benchmarks/training/pretraining.py` wrote.
Half an hour on two cores that do other things too. Needs JAX (`pip install jax`), which the product does not.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.training import events
from extractors.events import network
from extractors.events.features import TOLD, TYPES
from extractors.ontology import SYMMETRIC

PARTS, SEED, EPOCHS, BATCH, RATE, DECAY = 2, 1, 5, 64, 1.5e-3, 0.005
SIZE, SCORE = 192, 64
"""width of a token's state, and of what scores a party"""
DROP = {"in": 0.2, "layer": 0.2, "lemma": 0.15, "pool": 0.3, "party": 0.2}
SHARE = {"party": 0.6, "speaker": 0.3, "status": 0.5, "told": 0.3, "span": 0.3}
"""weights of the losses beside that of the types"""
SPANS = ("times", "places")
LENGTHS = (16, 24, 36, network.TOKENS)
Weights = dict[str, Any]
Batch = dict[str, Any]


@dataclass
class Row:
    """A sentence with its labels, 1, 0 or -1 (not counted): of each type; of types × codes who acts, who is acted upon,
    who says so; of types × facts whether they are told; of types × the sentence's times and places. Of types × statuses
    the share of each."""

    article: int
    sentence: int
    fold: int
    told: network.Encoded
    types: np.ndarray
    sides: np.ndarray
    statuses: np.ndarray
    facts: np.ndarray
    times: np.ndarray
    places: np.ndarray
    """types × times, and places, of the sentence: whether it is the act's"""


def rows(data: Sequence[events.Labelled], tags: dict[str, int]) -> Iterator[Row]:
    for a, one in enumerate(data):
        sentences, about = one.reading.document.sentences, network.topic(one.seen)
        for i, view in enumerate(one.seen):
            coded = one.told.get(i, ())
            if view.sentence.tokens and view.flags and (network.worth_reading(view) or coded):
                for token in view.sentence.tokens:
                    tags.setdefault(token.tag, len(tags) + 1)
                told = network.encoded(one.reading, view, tags, sentences[i - 1] if i else None, about)
                types = np.array([events._type_label(one, i, t) for t in TYPES], dtype=np.int8)
                yield Row(
                    article=a,
                    sentence=i,
                    fold=one.fold,
                    told=told,
                    types=types,
                    sides=sides(coded, told.codes),
                    statuses=statuses(coded),
                    facts=facts(coded),
                    times=spans(coded, "date", told.whens),
                    places=spans(coded, "place", told.wheres),
                )


def sides(coded: Sequence[Mapping[str, Any]], codes: Sequence[str]) -> np.ndarray:
    found = np.full((len(network.SIDES), len(TYPES), len(codes)), -1, dtype=np.int8)
    for event in coded:
        t = TYPES.index(event["type"])
        found[:2, t] = np.maximum(found[:2, t], 0)
        both = TYPES[t] in SYMMETRIC
        for c, code in enumerate(codes):
            acts = code in event["actors"] or (both and code in event["recipients"])
            found[0, t, c] |= acts
            found[1, t, c] |= code in event["recipients"] and not acts
        if "speaker" in event:
            found[2, t] = np.maximum(found[2, t], 0)
            found[2, t] |= [code == event["speaker"] for code in codes]
    return found


def statuses(coded: Sequence[Mapping[str, Any]]) -> np.ndarray:
    found = np.zeros((len(TYPES), len(network.STATUSES)), dtype=np.float32)
    for event in coded:
        found[TYPES.index(event["type"]), network.STATUSES.index(event["status"])] += 1
    return found / np.maximum(found.sum(1, keepdims=True), 1)


def facts(coded: Sequence[Mapping[str, Any]]) -> np.ndarray:
    found = np.full((len(TYPES), len(TOLD)), -1, dtype=np.int8)
    for event in coded:
        if "date" in event:
            t = TYPES.index(event["type"])
            found[t] = np.maximum(found[t], [bool(event[fact]) for fact in TOLD])
    return found


def spans(coded: Sequence[Mapping[str, Any]], fact: str, keys: Sequence[str]) -> np.ndarray:
    found = np.full((len(TYPES), len(keys)), -1, dtype=np.int8)
    for event in coded:
        if fact in event:
            t = TYPES.index(event["type"])
            told = (event[fact] or "").casefold() if fact == "place" else event[fact]
            found[t] = np.maximum(found[t], [key == told for key in keys])
    return found


class Draw:
    """Random first weights."""

    def __init__(self, seed: int) -> None:
        self.draw = np.random.RandomState(seed)

    def __call__(self, *shape: int, scale: float = 0.0) -> Any:
        return jnp.asarray(self.draw.randn(*shape) * (scale or shape[0] ** -0.5), dtype=jnp.float32)


def encoder(seed: int) -> Weights:
    """What reads tokens: fitted first on unlabelled text."""
    normal, wide = Draw(seed), network.WIDTH + 16 + 32 + 16 + network.MARKS
    w = {
        "tag": normal(network.TAGS, 16, scale=0.1),
        "lem": normal(network.LEMMAS, 32, scale=0.1),
        "cls": normal(network.CLASSES, 16, scale=0.2),
        "in": normal(wide, SIZE),
        "inb": jnp.zeros(SIZE),
    }
    for k, reach in enumerate(network.LAYERS):
        beside = 4 if reach == network.TREE else 3
        w |= {f"layer.{k}.w": normal(beside * SIZE, 2 * SIZE), f"layer.{k}.b": jnp.zeros(2 * SIZE)}
        w[f"layer.{k}.g"] = jnp.ones(SIZE)
    return w


def answers(seed: int) -> Weights:
    """What answers from the states of the tokens."""
    normal, types = Draw(seed + 100), len(TYPES)
    w = {
        "q": normal(types, SIZE, scale=0.1),
        "u": normal(types, SIZE, scale=0.1),
        "m": normal(SIZE, types, scale=0.05),
        "gt": normal(network.SETTING, types, scale=0.05),
        "pv": normal(network.WIDTH, types, scale=0.02),
        "av": normal(network.WIDTH, types, scale=0.02),
        "bt": jnp.full(types, -3.0),
        "fl": normal(network.FLAGS, SIZE, scale=0.1),
        "cc": normal(network.CLASSES, SIZE, scale=0.1),
    }
    for name, size in (("s", len(network.STATUSES)), ("t", len(TOLD))):
        w |= {f"{name}w": normal(SIZE, size, scale=0.05), f"{name}t": jnp.zeros((types, size))}
        w |= {f"{name}m": normal(SIZE, size, scale=0.05), f"{name}s": normal(network.SETTING, size, scale=0.05)}
    for side in network.SIDES:
        w |= {
            f"{side}x": normal(SIZE, SCORE),
            f"{side}e": normal(2 * SIZE, SCORE),
            f"{side}t": normal(types, SCORE, scale=0.1),
            f"{side}a": normal(SCORE, scale=0.2),
            f"{side}b": jnp.full(types, -1.0),
            f"{side}f": normal(types, network.FLAGS, scale=0.02),
            f"{side}c": normal(types, network.CLASSES, scale=0.02),
        }
    for fact in network.FACTS:
        w |= {
            f"{fact}x": normal(SIZE, SCORE),
            f"{fact}e": normal(SIZE, SCORE),
            f"{fact}t": normal(types, SCORE, scale=0.1),
            f"{fact}a": normal(SCORE, scale=0.2),
            f"{fact}b": jnp.zeros(types),
        }
    return w


def drop(x: Any, key: Any, share: float) -> Any:
    return x if key is None else x * jax.random.bernoulli(key, 1 - share, x.shape) / (1 - share)


def hidden(w: Weights, b: Batch, key: Any = None) -> Any:
    """The states of the tokens: the same sums as `extractors.events.network`, padded, with dropout where a key is given."""
    keys = [None] * (len(network.LAYERS) + 2) if key is None else jax.random.split(key, len(network.LAYERS) + 2)
    live, size = b["live"][..., None], b["live"].shape[1]
    lemma = w["lem"][b["lemmas"]]
    if key is not None:
        lemma = lemma * jax.random.bernoulli(keys[-1], 1 - DROP["lemma"], lemma.shape[:2])[..., None]
    x = jnp.concatenate([b["vectors"] * 3, w["tag"][b["tags"]], lemma, w["cls"][b["classes"]], b["marks"]], -1)
    h = (drop(x, keys[-2], DROP["in"]) @ w["in"] + w["inb"]) * live
    depends = jax.nn.one_hot(b["heads"], size) * live * (b["heads"] != jnp.arange(size)[None])[..., None]
    number = jnp.sqrt(jnp.maximum(depends.sum(1), 1.0))[..., None]
    for layer, reach in enumerate(network.LAYERS):
        if reach == network.TREE:
            above = [jnp.take_along_axis(h, b[name][..., None], 1) for name in ("heads", "predicates")]
            beside = [h, *above, jnp.einsum("bts,btd->bsd", depends, h) / number]
        else:
            z = jnp.pad(h, ((0, 0), (reach, reach), (0, 0)))
            beside = [z[:, : -2 * reach], z[:, reach:-reach], z[:, 2 * reach :]]
        o = jnp.concatenate(beside, -1) @ w[f"layer.{layer}.w"] + w[f"layer.{layer}.b"]
        o = jnp.maximum(o[..., :SIZE], o[..., SIZE:])
        o = (o - o.mean(-1, keepdims=True)) / jnp.sqrt(o.var(-1, keepdims=True) + 1e-5) * w[f"layer.{layer}.g"]
        h = (h + drop(o, keys[layer], DROP["layer"])) * live
    return h


def forward(w: Weights, b: Batch, key: Any = None) -> tuple[Any, ...]:
    """Scores of types, of the three sides, of statuses, of facts told, of the sentence's times and places."""
    keys = [None] * 3 if key is None else jax.random.split(key, 3)
    h = hidden(w, b, keys[0])
    out = (1 - b["live"][..., None]) * -1e4
    attention = jax.nn.softmax(jnp.einsum("btd,kd->btk", h, w["q"]) + out, axis=1)
    view = jnp.einsum("btk,btd->bkd", attention, h)
    pool = drop(jnp.max(h + out, axis=1), keys[1], DROP["pool"])
    types = jnp.einsum("bkd,kd->bk", view, w["u"]) + pool @ w["m"] + b["setting"] @ w["gt"] + w["bt"]
    types = types + (b["before"] @ w["pv"] + b["about"] @ w["av"]) * 3
    who = drop(
        jnp.concatenate([_strongest(h, b["named"]), b["flags"] @ w["fl"] + w["cc"][b["code_classes"]]], -1),
        keys[2],
        DROP["party"],
    )
    told = (
        view @ w[f"{k}w"] + w[f"{k}t"] + (pool @ w[f"{k}m"] + b["setting"] @ w[f"{k}s"])[:, None] for k in ("s", "t")
    )
    found = (_span(w, fact, _strongest(h, b[masks]), view) for fact, masks in zip(network.FACTS, SPANS, strict=True))
    return types, *(_side(w, side, b, who, view) for side in network.SIDES), *told, *found


def _strongest(h: Any, masks: Any) -> Any:
    found = jnp.max(h[:, None] + (1 - masks[..., None]) * -1e4, axis=2)
    return jnp.where(masks.any(-1)[..., None], found, 0.0)


def _span(w: Weights, fact: str, what: Any, view: Any) -> Any:
    of_types = view @ w[f"{fact}x"] + w[f"{fact}t"]
    return jax.nn.relu((what @ w[f"{fact}e"])[:, None] + of_types[:, :, None]) @ w[f"{fact}a"] + w[f"{fact}b"][:, None]


def _side(w: Weights, side: str, b: Batch, who: Any, view: Any) -> Any:
    of_types = view @ w[f"{side}x"] + w[f"{side}t"]
    z = jax.nn.relu((who @ w[f"{side}e"])[:, None] + of_types[:, :, None])
    own = jnp.einsum("bcf,kf->bkc", b["flags"], w[f"{side}f"]) + jnp.moveaxis(w[f"{side}c"].T[b["code_classes"]], -1, 1)
    return z @ w[f"{side}a"] + w[f"{side}b"][:, None] + own


def loss(w: Weights, b: Batch, key: Any) -> Any:
    types, actors, recipients, speakers, standing, told, times, places = forward(w, b, key)

    def cross(z: Any, y: Any) -> Any:
        return jnp.where(y >= 0, jax.nn.softplus(z) - z * jnp.maximum(y, 0), 0.0).sum()

    total = cross(types, b["types"])
    total += SHARE["party"] * (cross(actors, b["sides"][:, 0]) + cross(recipients, b["sides"][:, 1]))
    total += SHARE["speaker"] * cross(speakers, b["sides"][:, 2]) + SHARE["told"] * cross(told, b["facts"])
    total += SHARE["span"] * (cross(times, b["right_times"]) + cross(places, b["right_places"]))
    total -= SHARE["status"] * (b["statuses"] * jax.nn.log_softmax(standing, -1)).sum()
    return total / b["sentences"]


def batch(found: Sequence[Row], size: int, number: int = BATCH) -> Batch:
    """All numbers of some rows side by side, padded to so many tokens and so many rows."""
    types, codes = len(TYPES), network.CODES
    b: Batch = {
        "live": np.zeros((number, size), np.float32),
        "types": np.full((number, types), -1, np.int8),
        "sides": np.full((number, len(network.SIDES), types, codes), -1, np.int8),
        "statuses": np.zeros((number, types, len(network.STATUSES)), np.float32),
        "facts": np.full((number, types, len(TOLD)), -1, np.int8),
        **{f"right_{name}": np.full((number, types, network.SPANS), -1, np.int8) for name in SPANS},
        "sentences": float(len(found)),
    }
    shapes: dict[str, tuple[tuple[int, ...], Any]] = {
        "vectors": ((size, network.WIDTH), np.float32),
        "marks": ((size, network.MARKS), np.float32),
        "named": ((codes, size), np.float32),
        "times": ((network.SPANS, size), np.float32),
        "places": ((network.SPANS, size), np.float32),
        "flags": ((codes, network.FLAGS), np.float32),
        "setting": ((network.SETTING,), np.float32),
        "before": ((network.WIDTH,), np.float32),
        "about": ((network.WIDTH,), np.float32),
        "code_classes": ((codes,), int),
    } | dict.fromkeys(("tags", "lemmas", "classes", "heads", "predicates"), ((size,), int))
    b |= {name: np.zeros((number, *shape), kind) for name, (shape, kind) in shapes.items()}
    for k, row in enumerate(found):
        b["live"][k, : len(row.told.tags)] = 1
        b["types"][k], b["sides"][k, :, :, : len(row.told.codes)] = row.types, row.sides
        b["statuses"][k], b["facts"][k] = row.statuses, row.facts
        for name in SPANS:
            right = getattr(row, name)
            b[f"right_{name}"][k, :, : right.shape[1]] = right
        for name in shapes:
            value = np.asarray(getattr(row.told, name))
            b[name][(k, *(slice(n) for n in value.shape))] = value
    return b


def batches(found: Sequence[Row], draw: np.random.RandomState | None = None) -> list[tuple[list[Row], int]]:
    told: list[tuple[list[Row], int]] = []
    for low, high in zip((0, *LENGTHS), LENGTHS, strict=False):
        own = [row for row in found if low < len(row.told.tags) <= high]
        if draw is not None:
            own = [own[i] for i in draw.permutation(len(own))]
        told += [(own[k : k + BATCH], high) for k in range(0, len(own), BATCH)]
    return told if draw is None else [told[i] for i in draw.permutation(len(told))]


@partial(jax.jit, donate_argnums=(0, 1, 2), static_argnums=(7, 8))
def step(
    w: Weights, mean: Any, square: Any, b: Batch, key: Any, rate: Any, n: Any, of: Callable[..., Any], decay: float
) -> tuple[Any, Any, Any, Any]:
    """Adam with decoupled decay (Loshchilov and Hutter 2019)."""
    value, slope = jax.value_and_grad(of)(w, b, key)
    mean = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, mean, slope)
    square = jax.tree.map(lambda a, g: 0.98 * a + 0.02 * g * g, square, slope)

    def moved(p: Any, a: Any, c: Any) -> Any:
        return p - rate * (a / (1 - 0.9**n) / (jnp.sqrt(c / (1 - 0.98**n)) + 1e-7) + decay * p)

    return jax.tree.map(moved, w, mean, square), mean, square, value


def fit(found: Sequence[Row], begun: Mapping[str, Any]) -> Weights:
    draw, key = np.random.RandomState(SEED), jax.random.PRNGKey(SEED)
    w = {name: jnp.asarray(begun[name]) if name in begun else first for name, first in encoder(SEED).items()}
    w |= answers(SEED)
    mean, square = jax.tree.map(jnp.zeros_like, w), jax.tree.map(jnp.zeros_like, w)
    total, n = EPOCHS * len(batches(found)), 0
    for epoch in range(EPOCHS):
        began, losses = time.monotonic(), []
        for own, size in batches(found, draw):
            n += 1
            key, use = jax.random.split(key)
            rate = RATE * min(1, n / 100) * max(0.03, 1 - n / total)
            w, mean, square, value = step(w, mean, square, batch(own, size), use, rate, float(n), loss, DECAY)
            losses.append(float(value))
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.monotonic() - began:.0f} s", flush=True)
    return {name: np.asarray(value) for name, value in w.items()}


def read_by(fitted: Weights, found: Sequence[Row]) -> Iterator[tuple[Row, np.ndarray]]:
    """What weights say of sentences, each as one run of numbers."""
    for row, opinion in zip(found, network.Weights((fitted,), {}).opinions([row.told for row in found]), strict=True):
        yield row, np.concatenate([np.ravel(part) for part in events.parts(opinion)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="folder with articles.jsonl, gold.jsonl and score.py")
    parser.add_argument("--begin", type=Path, help="weights that have read unlabelled text, by pretraining.py")
    parser.add_argument(
        "--out-of-fold", type=Path, help="write the opinions of networks that have not seen the article"
    )
    parser.add_argument("--write", action="store_true", help="write the weights")
    options = parser.parse_args()
    begun = dict(np.load(options.begin)) if options.begin else {}
    tags = {str(tag): i + 1 for i, tag in enumerate(begun.get("tags", ()))}
    data = events.gather(options.gold, {})
    found = list(rows(data, tags))
    own = [row for row in found if row.fold != events.HELD]
    print(f"{len(own)} sentences to learn from, {len(found) - len(own)} of gold articles", flush=True)
    fitted = fit(own, begun)
    if options.out_of_fold:
        told = list(read_by(fitted, [row for row in found if row.fold == events.HELD]))
        for part in range(PARTS):
            away = [row for row in own if row.fold >= 0 and row.fold % PARTS == part]
            told += read_by(fit([row for row in own if row.fold < 0 or row.fold % PARTS != part], begun), away)
        about = [(row.told.codes, row.told.whens, row.told.wheres) for row, _ in told]
        keys = [
            events.opinion_key(data[row.article].id, row.sentence, one)
            for (row, _), one in zip(told, about, strict=True)
        ]
        scores = np.clip(np.round(np.concatenate([s for _, s in told]) * events.STEPS), -127, 127).astype(np.int8)
        np.savez_compressed(options.out_of_fold, keys=np.array(keys), scores=scores)
    if options.write:
        arrays = {f"{SEED}/{name}": value.astype(np.float16) for name, value in fitted.items()}
        np.savez_compressed(network.PATH, layout=network.LAYOUT, tags=np.array(list(tags)), **arrays)
        print(f"wrote {network.PATH} ({network.PATH.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
