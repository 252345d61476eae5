"""Fits the network that reads sentences with their actors marked, and writes what it says out of fold.

    python -m benchmarks.training.network ../shared/gold --out-of-fold OPINIONS.npz [--write]

Every quarter of the labelled articles is read by networks that learned from the other three; those opinions are what
`benchmarks/training/events.py --opinions` learns from. `--write` fits on all and writes
`extractors/data/weights/network.npz`: numbers, no text. About half an hour on two cores.
Needs JAX (dependency group "training"), which the product does not.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.training import events
from extractors.events import network
from extractors.events.features import TYPES
from extractors.ontology import SYMMETRIC

QUARTERS, SEEDS, EPOCHS, BATCH, RATE, DECAY = 4, (1, 2), 4, 64, 2e-3, 0.005
SIZE, SCORE = 96, 64
"""width of a token's state, and of what scores a party"""
DROP = {"in": 0.2, "layer": 0.2, "lemma": 0.15, "pool": 0.3, "party": 0.2}
PARTY = 0.6
"""weight of a party's loss beside a type's"""
LENGTHS = (16, 24, 36, network.TOKENS)


@dataclass
class Row:
    """A sentence with its labels: of each type 1, 0 or -1 (not counted); of types × codes who acts, who is acted upon."""

    article: int
    sentence: int
    fold: int
    told: network.Encoded
    types: np.ndarray
    sides: np.ndarray


def rows(data: Sequence[events.Labelled], tags: dict[str, int]) -> Iterator[Row]:
    for a, one in enumerate(data):
        sentences = one.reading.document.sentences
        for i, view in enumerate(one.seen):
            if view.sentence.tokens and view.flags and (network.worth_reading(view) or one.told.get(i)):
                for token in view.sentence.tokens:
                    tags.setdefault(token.tag, len(tags) + 1)
                told = network.encoded(one.reading, view, tags, sentences[i - 1] if i else None)
                types = np.array([events._type_label(one, i, t) for t in TYPES], dtype=np.int8)
                yield Row(a, i, one.fold, told, types, sides(one.told.get(i, ()), told.codes))


def sides(coded: Sequence[dict[str, Any]], codes: Sequence[str]) -> np.ndarray:
    found = np.full((2, len(TYPES), len(codes)), -1, dtype=np.int8)
    for event in coded:
        t = TYPES.index(event["type"])
        found[:, t] = np.maximum(found[:, t], 0)
        both = TYPES[t] in SYMMETRIC
        for c, code in enumerate(codes):
            acts = code in event["actors"] or (both and code in event["recipients"])
            found[0, t, c] |= acts
            found[1, t, c] |= code in event["recipients"] and not acts
    return found


def start(seed: int) -> dict[str, Any]:
    draw = np.random.RandomState(seed)

    def normal(*shape: int, scale: float = 0.0) -> Any:
        return jnp.asarray(draw.randn(*shape) * (scale or shape[0] ** -0.5), dtype=jnp.float32)

    types, wide = len(TYPES), network.WIDTH + 16 + 32 + 16 + network.MARKS
    w = {
        "tag": normal(network.TAGS, 16, scale=0.1),
        "lem": normal(network.LEMMAS, 32, scale=0.1),
        "cls": normal(network.CLASSES, 16, scale=0.2),
        "in": normal(wide, SIZE),
        "inb": jnp.zeros(SIZE),
        "q": normal(types, SIZE, scale=0.1),
        "u": normal(types, SIZE, scale=0.1),
        "m": normal(SIZE, types, scale=0.05),
        "gt": normal(network.SETTING, types, scale=0.05),
        "pv": normal(network.WIDTH, types, scale=0.02),
        "bt": jnp.full(types, -3.0),
        "fl": normal(network.FLAGS, SIZE, scale=0.1),
        "cc": normal(network.CLASSES, SIZE, scale=0.1),
        "ctx": normal(SIZE, SCORE),
        "ctxR": normal(SIZE, SCORE),
    }
    for layer, _ in network.CONVOLUTIONS:
        w |= {f"conv.{layer}.w": normal(3 * SIZE, 2 * SIZE), f"conv.{layer}.b": jnp.zeros(2 * SIZE)}
        w[f"conv.{layer}.g"] = jnp.ones(SIZE)
    for side in "AR":
        w |= {
            f"{side}e": normal(2 * SIZE, SCORE),
            f"{side}t": normal(types, SCORE, scale=0.1),
            f"{side}a": normal(SCORE, scale=0.2),
            f"{side}b": jnp.full(types, -1.0),
            f"{side}f": normal(types, network.FLAGS, scale=0.02),
            f"{side}c": normal(types, network.CLASSES, scale=0.02),
        }
    return w


def drop(x: Any, key: Any, share: float) -> Any:
    return x if key is None else x * jax.random.bernoulli(key, 1 - share, x.shape) / (1 - share)


def forward(w: dict[str, Any], b: dict[str, Any], key: Any = None) -> tuple[Any, Any, Any]:
    """The same sums as `extractors.events.network`, for a padded batch and with dropout where a key is given."""
    keys = [None] * 6 if key is None else jax.random.split(key, 6)
    live = b["live"][..., None]
    lemma = w["lem"][b["lemmas"]]
    if key is not None:
        lemma = lemma * jax.random.bernoulli(keys[4], 1 - DROP["lemma"], lemma.shape[:2])[..., None]
    x = jnp.concatenate([b["vectors"] * 3, w["tag"][b["tags"]], lemma, w["cls"][b["classes"]], b["marks"]], -1)
    h = (drop(x, keys[0], DROP["in"]) @ w["in"] + w["inb"]) * live
    for layer, reach in network.CONVOLUTIONS:
        z = jnp.pad(h, ((0, 0), (reach, reach), (0, 0)))
        beside = jnp.concatenate([z[:, : -2 * reach], z[:, reach:-reach], z[:, 2 * reach :]], -1)
        o = beside @ w[f"conv.{layer}.w"] + w[f"conv.{layer}.b"]
        o = jnp.maximum(o[..., :SIZE], o[..., SIZE:])
        o = (o - o.mean(-1, keepdims=True)) / jnp.sqrt(o.var(-1, keepdims=True) + 1e-5) * w[f"conv.{layer}.g"]
        h = (h + drop(o, keys[1 + layer], DROP["layer"])) * live
    out = (1 - live) * -1e4
    attention = jax.nn.softmax(jnp.einsum("btd,kd->btk", h, w["q"]) + out, axis=1)
    view = jnp.einsum("btk,btd->bkd", attention, h)
    pool = drop(jnp.max(h + out, axis=1), keys[5], DROP["pool"])
    types = jnp.einsum("bkd,kd->bk", view, w["u"]) + pool @ w["m"] + b["setting"] @ w["gt"] + b["before"] @ w["pv"] * 3
    who = jnp.max(h[:, None] + (1 - b["named"][..., None]) * -1e4, axis=2)
    who = jnp.where(b["named"].any(-1)[..., None], who, 0.0)
    who = drop(jnp.concatenate([who, b["flags"] @ w["fl"] + w["cc"][b["code_classes"]]], -1), keys[3], DROP["party"])
    return types + w["bt"], *(_side(w, side, b, who, view) for side in "AR")


def _side(w: dict[str, Any], side: str, b: dict[str, Any], who: Any, view: Any) -> Any:
    of_types = view @ w["ctx" if side == "A" else "ctxR"] + w[f"{side}t"]
    z = jax.nn.relu((who @ w[f"{side}e"])[:, None] + of_types[:, :, None])
    own = jnp.einsum("bcf,kf->bkc", b["flags"], w[f"{side}f"]) + jnp.moveaxis(w[f"{side}c"].T[b["code_classes"]], -1, 1)
    return z @ w[f"{side}a"] + w[f"{side}b"][:, None] + own


def loss(w: dict[str, Any], b: dict[str, Any], key: Any) -> Any:
    types, *parties = forward(w, b, key)

    def cross(z: Any, y: Any) -> Any:
        return jnp.where(y >= 0, jax.nn.softplus(z) - z * jnp.maximum(y, 0), 0.0).sum()

    total = cross(types, b["types"]) + PARTY * sum(cross(z, b["sides"][:, k]) for k, z in enumerate(parties))
    return total / b["sentences"]


def batch(found: Sequence[Row], size: int) -> dict[str, Any]:
    b: dict[str, Any] = {
        "live": np.zeros((BATCH, size), np.float32),
        "types": np.full((BATCH, len(TYPES)), -1, np.int8),
        "sides": np.full((BATCH, 2, len(TYPES), network.CODES), -1, np.int8),
        "sentences": float(len(found)),
    }
    shapes: dict[str, tuple[tuple[int, ...], Any]] = {
        "vectors": ((size, network.WIDTH), np.float32),
        "marks": ((size, network.MARKS), np.float32),
        "named": ((network.CODES, size), np.float32),
        "flags": ((network.CODES, network.FLAGS), np.float32),
        "setting": ((network.SETTING,), np.float32),
        "before": ((network.WIDTH,), np.float32),
        "code_classes": ((network.CODES,), int),
    } | dict.fromkeys(("tags", "lemmas", "classes"), ((size,), int))
    b |= {name: np.zeros((BATCH, *shape), kind) for name, (shape, kind) in shapes.items()}
    for k, row in enumerate(found):
        b["live"][k, : len(row.told.tags)] = 1
        b["types"][k], b["sides"][k, :, :, : len(row.told.codes)] = row.types, row.sides
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


@partial(jax.jit, donate_argnums=(0, 1, 2))
def step(w: Any, mean: Any, square: Any, b: Any, key: Any, rate: Any, n: Any) -> tuple[Any, Any, Any, Any]:
    """Adam with decoupled decay (Loshchilov and Hutter 2019)."""
    value, slope = jax.value_and_grad(loss)(w, b, key)
    mean = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, mean, slope)
    square = jax.tree.map(lambda a, g: 0.98 * a + 0.02 * g * g, square, slope)

    def moved(p: Any, a: Any, c: Any) -> Any:
        return p - rate * (a / (1 - 0.9**n) / (jnp.sqrt(c / (1 - 0.98**n)) + 1e-7) + DECAY * p)

    return jax.tree.map(moved, w, mean, square), mean, square, value


def fit(found: Sequence[Row], seed: int) -> dict[str, Any]:
    draw, w, key = np.random.RandomState(seed), start(seed), jax.random.PRNGKey(seed)
    mean, square = jax.tree.map(jnp.zeros_like, w), jax.tree.map(jnp.zeros_like, w)
    total, n = EPOCHS * len(batches(found)), 0
    for epoch in range(EPOCHS):
        began, losses = time.monotonic(), []
        for own, size in batches(found, draw):
            n += 1
            key, use = jax.random.split(key)
            rate = RATE * min(1, n / 100) * max(0.03, 1 - n / total)
            w, mean, square, value = step(w, mean, square, batch(own, size), use, rate, float(n))
            losses.append(float(value))
        print(
            f"seed {seed} epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.monotonic() - began:.0f} s", flush=True
        )
    return w


def out_of_fold(found: Sequence[Row]) -> Iterator[tuple[Row, np.ndarray]]:
    for quarter in range(QUARTERS):
        away = [row for row in found if row.fold >= 0 and row.fold % QUARTERS == quarter]
        kept = [row for row in found if row.fold < 0 or row.fold % QUARTERS != quarter]
        fitted = tuple({k: np.asarray(v) for k, v in fit(kept, seed).items()} for seed in SEEDS)
        told = network.Weights(fitted, {}).opinions([row.told for row in away])
        for row, opinion in zip(away, told, strict=True):
            yield row, np.concatenate([opinion.types, opinion.actors.ravel(), opinion.recipients.ravel()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="folder with articles.jsonl, gold.jsonl and score.py")
    parser.add_argument(
        "--out-of-fold", type=Path, help="write the opinions of networks that have not seen the article"
    )
    parser.add_argument("--write", action="store_true", help="fit on all and write the weights")
    options = parser.parse_args()
    tags: dict[str, int] = {}
    data = events.gather(options.gold, {})
    found = list(rows(data, tags))
    print(f"{len(found)} sentences of {len(data)} articles", flush=True)
    if options.out_of_fold:
        told = [
            (f"{data[r.article].id}|{r.sentence}|{','.join(r.told.codes)}", scores) for r, scores in out_of_fold(found)
        ]
        scores = np.clip(np.round(np.concatenate([s for _, s in told]) * events.STEPS), -127, 127).astype(np.int8)
        np.savez_compressed(options.out_of_fold, keys=np.array([key for key, _ in told]), scores=scores)
    if options.write:
        arrays = {f"{s}/{k}": np.asarray(v).astype(np.float16) for s in SEEDS for k, v in fit(found, s).items()}
        np.savez_compressed(network.PATH, layout=network.LAYOUT, tags=np.array(list(tags)), **arrays)
        print(f"wrote {network.PATH} ({network.PATH.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
