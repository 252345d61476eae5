"""Fits the network that reads sentences with their actors marked, and the encoder beneath it; writes what it says out of fold.

    python -m benchmarks.training.network ../shared/gold --out-of-fold OPINIONS.npz [--write]

Nothing is learned from the gold articles. Each half of the articles and reports that we labelled is read by a network that
learned from the other, the gold articles by the one that learned from all; those opinions are what
`benchmarks/training/events.py --opinions` learns from. `--write` writes the network of all, `network.npz` and `encoder/` in
`extractors/data/weights`: numbers, no text. Some three hours on a core that multiplies matrices of bfloat16 (AMX), longer on others.
Needs what `benchmarks/training/encoder.py` needs, which the product does not.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.training import encoder, labelled
from extractors.events.weighing import encoding, network
from extractors.events.weighing.features import TOLD, TYPES
from extractors.language import contextual
from extractors.ontology import SYMMETRIC

PARTS, SEED, EPOCHS = 2, 1, 5
RATE, DECAY = {"encoder": 2e-4, "answers": 1.2e-3}, {"encoder": 0.01, "answers": 0.005}
WARM, LAST, NORM = 150, 0.02, 5.0
"""steps until the rate is full, the share of it at the end, and how long a slope may be"""
PIECES, POOL = 2800, 168
"""how many are multiplied at once, and of how many articles those of like lengths are put together"""
TOGETHER = 5
"""stretches of an article that see each other's times and places"""
EVENED = 40
"""reports of our own for which the layers' numbers are evened out before they are written in eight bits"""
SIZE, SCORE = 192, 64
"""width of a token's state, and of what scores a party"""
DROP = {"in": 0.2, "layer": 0.2, "lemma": 0.15, "pool": 0.3, "party": 0.2, "piece": 0.08}
SHARE = {"party": 0.8, "speaker": 0.5, "status": 0.5, "told": 0.3, "span": 0.3}
"""weights of the losses beside that of the types"""
SPANS = ("times", "places")
Batch = dict[str, Any]


@dataclass
class Row:
    """A sentence with its labels, 1, 0 or -1 (not counted): of each type; of types × codes who acts, who is acted upon,
    who says so; of types × facts whether they are told; of types × the sentence's times and places. Of types × statuses
    the share of each."""

    article: int
    sentence: int
    fold: int
    told: encoding.Encoded
    types: np.ndarray
    sides: np.ndarray
    statuses: np.ndarray
    facts: np.ndarray
    times: np.ndarray
    places: np.ndarray
    """types × times, and places, of the sentence: whether it is the act's"""


def rows(data: Sequence[labelled.Labelled], tags: dict[str, int]) -> Iterator[Row]:
    for a, one in enumerate(data):
        about = encoding.topic(one.seen)
        for i, view in enumerate(one.seen):
            coded = one.told.get(i, ())
            if view.sentence.tokens and view.flags and (network.worth_reading(view) or coded):
                for token in view.sentence.tokens:
                    tags.setdefault(token.tag, len(tags) + 1)
                told = encoding.encoded(one.reading, view, tags, one.seen[i - 1] if i else None, about)
                types = np.array([labelled.type_label(one, i, t) for t in TYPES], dtype=np.int8)
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


@dataclass
class Item:
    """Some stretches of an article, with the rows of their sentences, and the times and places that they name."""

    fold: int
    rows: list[Row]
    stretches: list[tuple[int, ...]]
    pieces: list[contextual.Pieces]
    named: dict[str, list[encoding.Named]]
    """times and places of the article"""
    coded: Mapping[int, Sequence[Mapping[str, Any]]]


def items(data: Sequence[labelled.Labelled], found: Sequence[Row], splitter: contextual.Splitter) -> Iterator[Item]:
    of_article = defaultdict(list)
    for row in found:
        of_article[row.article].append(row)
    for a, own in of_article.items():
        one, document = data[a], data[a].reading.document
        pieces = contextual.pieces_of(splitter, document.text, document.sentences)
        named = {fact: encoding.named(one.reading, fact) for fact in SPANS}
        parts = contextual.stretches([len(p.ids) for p in pieces])
        for first in range(0, len(parts), TOGETHER):
            some = parts[first : first + TOGETHER]
            rows = [row for row in own if any(row.sentence in part for part in some)]
            if rows:
                yield Item(one.fold, rows, list(some), pieces, named, one.told)


class Network(nn.Module):
    """The encoder, and the layers and answers of `extractors.events.weighing.network` with the same names ("." is "_" here)."""

    def __init__(self, below: encoder.Encoder) -> None:
        super().__init__()
        self.encoder = below
        drawn = _drawn(torch.Generator().manual_seed(SEED))
        self.w = nn.ParameterDict({name.replace(".", "_"): nn.Parameter(value) for name, value in drawn.items()})

    def weights(self) -> dict[str, np.ndarray]:
        return {name.replace("_", "."): value.detach().numpy() for name, value in self.w.items()}

    def forward(self, b: Batch) -> tuple[list[Tensor], dict[str, Tensor]]:
        """Scores of types, of the three sides, of statuses, of facts told, of the sentence's times and places; and of the
        pairs of row and time (or place) of another sentence that the batch names."""
        w, states = self.w, self._states(b)
        h = self._hidden(b, _means(states, b["of_tokens"], b["live"].shape))
        out = (1 - b["live"][..., None]) * -1e4
        attention = torch.softmax(torch.einsum("btd,kd->btk", h, w["q"]) + out, 1)
        view = torch.einsum("btk,btd->bkd", attention, h)
        pool = self._drop("pool", (h + out).amax(1))
        types = torch.einsum("bkd,kd->bk", view, w["u"]) + pool @ w["m"] + b["setting"] @ w["gt"] + w["bt"]
        types = types + (b["before"] @ w["pv"] + b["about"] @ w["av"]) * 3
        flags = b["flags"] @ w["fl"] + w["cc"][b["code_classes"]]
        who = self._drop("party", torch.cat([_strongest(h, b["named"]), flags], -1))
        told = [view @ w[f"{k}w"] + w[f"{k}t"] + (pool @ w[f"{k}m"] + b["setting"] @ w[f"{k}s"])[:, None] for k in "st"]
        sides = [self._side(side, b, who, view) for side in network.SIDES]
        spans = [self._span(f, _strongest(h, b[key]), view) for f, key in zip(network.FACTS, SPANS, strict=True)]
        far = {
            key: self._far(f, b[f"far_{key}"], states, view, pool) for f, key in zip(network.FACTS, SPANS, strict=True)
        }
        return [types, *sides, *told, *spans], {key: value for key, value in far.items() if value is not None}

    def _drop(self, what: str, x: Tensor) -> Tensor:
        return functional.dropout(x, DROP[what], self.training)

    def _states(self, b: Batch) -> Tensor:
        ids = b["ids"]
        if self.training:
            hidden = (torch.rand(ids.shape) < DROP["piece"]) & (ids > contextual.LAST_MARK)
            ids = torch.where(hidden, len(self.encoder.pieces) - 1, ids)
        with torch.autocast("cpu", torch.bfloat16):
            return self.encoder(ids, b["pieces_live"], *_marked(b)).float()

    def given(self, some: Sequence[Item]) -> Iterator[np.ndarray]:
        """What the layers of the encoder are given of each stretch of some items."""
        for item in some:
            _, b = batch([item])
            rows = self.encoder.given(b["ids"], *_marked(b)).detach().numpy()
            yield from (row[None, live] for row, live in zip(rows, b["pieces_live"].numpy(), strict=True))

    def _hidden(self, b: Batch, context: Tensor) -> Tensor:
        """The states of the tokens: the same sums as `extractors.events.weighing.network`, padded, with dropout while it learns."""
        w, live = self.w, b["live"][..., None]
        size, lemma = live.shape[1], w["lem"][b["lemmas"]]
        if self.training:
            lemma = lemma * (torch.rand(lemma.shape[:2]) > DROP["lemma"])[..., None]
        x = torch.cat([b["vectors"] * 3, w["tag"][b["tags"]], lemma, w["cls"][b["classes"]], b["marks"]], -1)
        h = (self._drop("in", x) @ w["in"] + self._drop("in", context) @ w["context"] + w["inb"]) * live
        depends = functional.one_hot(b["heads"], size).float() * live * (b["heads"] != torch.arange(size))[..., None]
        number = depends.sum(1).clamp(min=1).sqrt()[..., None]
        for layer, reach in enumerate(network.LAYERS):
            if reach == network.TREE:
                above = [h.gather(1, b[name][..., None].expand(-1, -1, SIZE)) for name in ("heads", "predicates")]
                beside = [h, *above, torch.einsum("bts,btd->bsd", depends, h) / number]
            else:
                z = functional.pad(h, (0, 0, reach, reach))
                beside = [z[:, : -2 * reach], z[:, reach:-reach], z[:, 2 * reach :]]
            with torch.autocast("cpu", torch.bfloat16):
                o = torch.cat(beside, -1) @ w[f"layer_{layer}_w"]
            o = o.float() + w[f"layer_{layer}_b"]
            o = functional.layer_norm(torch.maximum(o[..., :SIZE], o[..., SIZE:]), (SIZE,), eps=1e-5)
            h = (h + self._drop("layer", o * w[f"layer_{layer}_g"])) * live
        return h

    def _side(self, side: str, b: Batch, who: Tensor, view: Tensor) -> Tensor:
        w = self.w
        own = torch.einsum("bcf,kf->bkc", b["flags"], w[f"{side}f"])
        own = own + w[f"{side}c"].T[b["code_classes"]].transpose(1, 2)
        return self._span(side, who, view) + own

    def _span(self, name: str, what: Tensor, view: Tensor) -> Tensor:
        w = self.w
        of_types = view @ w[f"{name}x"] + w[f"{name}t"]
        z = functional.relu((what @ w[f"{name}e"])[:, None] + of_types[:, :, None])
        return z @ w[f"{name}a"] + w[f"{name}b"][:, None]

    def _far(self, fact: str, far: Batch, states: Tensor, view: Tensor, pool: Tensor) -> Tensor | None:
        """Of each key of a row and each type: the surest of where it is named."""
        if not len(far["rows"]):
            return None
        w = {name: self.w[f"far_{fact}{name}"] for name in "exthgpab"}
        mention, k, piece = far["of_mentions"]
        number = torch.bincount(mention).clamp(min=1)[:, None]
        named = torch.zeros(len(number), contextual.WIDTH).index_add(0, mention, states[k, piece]) / number
        own = (view @ w["x"] + w["t"] + (pool @ w["h"])[:, None])[far["rows"]]
        z = (named @ w["e"])[far["mentions"]] + w["g"][far["gaps"]] + w["p"][far["parts"]]
        odds = functional.relu(z[:, None] + own) @ w["a"] + w["b"]
        keys = far["keys"][:, None].expand(-1, len(TYPES))
        return torch.full(far["right"].shape, -1e4).scatter_reduce(0, keys, odds, "amax")


def _marked(b: Batch) -> tuple[Tensor, Tensor]:
    """For each piece the class of the actor that it names, and the marks of its token."""
    classes, marks = torch.zeros_like(b["ids"]), torch.zeros(*b["ids"].shape, encoding.MARKS)
    row, token, k, piece = b["of_tokens"]
    classes[k, piece], marks[k, piece] = b["classes"][row, token], b["marks"][row, token]
    return classes, marks


def _drawn(generator: torch.Generator) -> dict[str, Tensor]:
    """Random first weights."""

    def normal(*shape: int, scale: float = 0.0) -> Tensor:
        return torch.randn(*shape, generator=generator) * (scale or shape[0] ** -0.5)

    types, wide = len(TYPES), encoding.WIDTH + 16 + 32 + 16 + encoding.MARKS
    w = {
        "tag": normal(encoding.TAGS, 16, scale=0.1),
        "lem": normal(encoding.LEMMAS, 32, scale=0.1),
        "cls": normal(encoding.CLASSES, 16, scale=0.2),
        "in": normal(wide, SIZE),
        "inb": torch.zeros(SIZE),
        "context": normal(contextual.WIDTH, SIZE),
        "q": normal(types, SIZE, scale=0.1),
        "u": normal(types, SIZE, scale=0.1),
        "m": normal(SIZE, types, scale=0.05),
        "gt": normal(encoding.SETTING, types, scale=0.05),
        "pv": normal(encoding.WIDTH, types, scale=0.02),
        "av": normal(encoding.WIDTH, types, scale=0.02),
        "bt": torch.full((types,), -3.0),
        "fl": normal(encoding.FLAGS, SIZE, scale=0.1),
        "cc": normal(encoding.CLASSES, SIZE, scale=0.1),
    }
    for k, reach in enumerate(network.LAYERS):
        beside = 4 if reach == network.TREE else 3
        w |= {f"layer.{k}.w": normal(beside * SIZE, 2 * SIZE), f"layer.{k}.b": torch.zeros(2 * SIZE)}
        w[f"layer.{k}.g"] = torch.ones(SIZE)
    for name, size in (("s", len(network.STATUSES)), ("t", len(TOLD))):
        w |= {f"{name}w": normal(SIZE, size, scale=0.05), f"{name}t": torch.zeros(types, size)}
        w |= {f"{name}m": normal(SIZE, size, scale=0.05), f"{name}s": normal(encoding.SETTING, size, scale=0.05)}
    for side in network.SIDES:
        w |= _answer(normal, side, 2 * SIZE, -1.0)
        w |= {
            f"{side}f": normal(types, encoding.FLAGS, scale=0.02),
            f"{side}c": normal(types, encoding.CLASSES, scale=0.02),
        }
    for fact in network.FACTS:
        w |= _answer(normal, fact, SIZE, 0.0) | _answer(normal, f"far.{fact}", contextual.WIDTH, -2.0)
        w |= {
            f"far.{fact}g": normal(2 * encoding.GAPS + 1, SCORE, scale=0.1),
            f"far.{fact}p": normal(3, SCORE, scale=0.1),
        }
        w[f"far.{fact}h"] = normal(SIZE, SCORE)
    return w


def _answer(normal: Any, name: str, wide: int, first: float) -> dict[str, Tensor]:
    return {
        f"{name}x": normal(SIZE, SCORE),
        f"{name}e": normal(wide, SCORE),
        f"{name}t": normal(len(TYPES), SCORE, scale=0.1),
        f"{name}a": normal(SCORE, scale=0.2),
        f"{name}b": torch.full((len(TYPES),), first),
    }


def _means(states: Tensor, of_tokens: Tensor, shape: torch.Size) -> Tensor:
    """rows × tokens × WIDTH: the mean of the states of each token's pieces."""
    row, token, k, piece = of_tokens
    flat = row * shape[1] + token
    sums = torch.zeros(shape[0] * shape[1], contextual.WIDTH).index_add(0, flat, states[k, piece])
    number = torch.bincount(flat, minlength=len(sums)).clamp(min=1)
    return (sums / number[:, None]).view(*shape, contextual.WIDTH)


def _strongest(h: Tensor, masks: Tensor) -> Tensor:
    found = (h[:, None] + (1 - masks[..., None]) * -1e4).amax(2)
    return torch.where(masks.any(-1)[..., None], found, 0.0)


def _cross(z: Tensor, y: Tensor) -> Tensor:
    """Cross entropy of what is labelled 1 or 0."""
    return torch.where(y >= 0, functional.softplus(z) - z * y.clamp(min=0), 0.0).sum()


def loss(answers: Sequence[Tensor], far: Mapping[str, Tensor], b: Batch) -> Tensor:
    types, actors, recipients, speakers, standing, told, times, places = answers
    total = _cross(types, b["types"])
    total = total + SHARE["party"] * (_cross(actors, b["sides"][:, 0]) + _cross(recipients, b["sides"][:, 1]))
    total = total + SHARE["speaker"] * _cross(speakers, b["sides"][:, 2]) + SHARE["told"] * _cross(told, b["facts"])
    total = total + SHARE["span"] * (_cross(times, b["right_times"]) + _cross(places, b["right_places"]))
    for key, odds in far.items():
        total = total + SHARE["span"] * _cross(odds, b[f"far_{key}"]["right"])
    total = total - SHARE["status"] * (b["statuses"] * functional.log_softmax(standing, -1)).sum()
    return total / len(b["types"])


def batch(some: Sequence[Item]) -> tuple[list[Row], Batch]:
    """The rows of some items, and all their numbers side by side, padded."""
    found: list[Row] = []
    owner: list[Item] = []
    laid = [(item, *contextual.laid_out(part, item.pieces)) for item in some for part in item.stretches]
    ids = np.full((len(laid), max(len(row) for _, row, _ in laid)), contextual.PAD)
    live = np.zeros(ids.shape, dtype=np.bool_)
    of_tokens: list[tuple[int, int, int, int]] = []
    where: dict[tuple[int, int], tuple[int, int]] = {}
    for k, (item, row, starts) in enumerate(laid):
        ids[k, : len(row)], live[k, : len(row)] = row, True
        where |= {(id(item), sentence): (k, start) for sentence, start in starts.items()}
        for one in item.rows:
            if one.sentence in starts:
                pieces = item.pieces[one.sentence].of_tokens[: len(one.told.tags)]
                spans = [(t, p) for t, (a, b) in enumerate(pieces) for p in range(a, b)]
                of_tokens += [(len(found), t, k, starts[one.sentence] + p) for t, p in spans]
                found.append(one)
                owner.append(item)
    b = _sentences(found) | {
        "ids": torch.from_numpy(ids),
        "pieces_live": torch.from_numpy(live),
        "of_tokens": torch.tensor(of_tokens).T,
    }
    return found, b | {f"far_{fact}": _elsewhere(fact, found, owner, where) for fact in SPANS}


def _elsewhere(fact: str, found: Sequence[Row], owner: Sequence[Item], where: Mapping[Any, tuple[int, int]]) -> Batch:
    """Pairs of a row and a time (or place) that another sentence of its item names, with labels for each key."""
    mentions: dict[tuple[int, int], int] = {}
    of_mentions: list[tuple[int, int, int]] = []
    pairs: list[tuple[int, ...]] = []
    keys: dict[tuple[int, str], int] = {}
    for r, (row, item) in enumerate(zip(found, owner, strict=True)):
        own = row.told.whens if fact == "times" else row.told.wheres
        for m, (sentence, key, tokens, part) in enumerate(item.named[fact]):
            if key in own or (id(item), sentence) not in where:
                continue
            if (id(item), m) not in mentions:
                k, start = where[id(item), sentence]
                pieces = [p for t in tokens for p in range(*item.pieces[sentence].of_tokens[t])]
                of_mentions += [(len(mentions), k, start + p) for p in pieces]
                mentions[id(item), m] = len(mentions)
            gap = max(-encoding.GAPS, min(encoding.GAPS, sentence - row.sentence)) + encoding.GAPS
            pairs.append((r, mentions[id(item), m], gap, part, keys.setdefault((r, key), len(keys))))
    right = np.full((len(keys), len(TYPES)), -1, np.int8)
    for (r, key), at in keys.items():
        coded = owner[r].coded.get(found[r].sentence, ())
        right[at] = spans(coded, "date" if fact == "times" else "place", [key])[:, 0]
    names = ("rows", "mentions", "gaps", "parts", "keys")
    columns = torch.tensor(pairs).T if pairs else torch.zeros(5, 0, dtype=torch.long)
    return dict(zip(names, columns, strict=True)) | {
        "of_mentions": torch.tensor(of_mentions).T if of_mentions else torch.zeros(3, 0, dtype=torch.long),
        "right": torch.from_numpy(right),
        "names": keys,
    }


def _sentences(found: Sequence[Row]) -> Batch:
    types, codes, number = len(TYPES), encoding.CODES, len(found)
    size = max(len(row.told.tags) for row in found)
    b: dict[str, np.ndarray] = {
        "live": np.zeros((number, size), np.float32),
        "types": np.stack([row.types for row in found]),
        "sides": np.full((number, len(network.SIDES), types, codes), -1, np.int8),
        "statuses": np.stack([row.statuses for row in found]),
        "facts": np.stack([row.facts for row in found]),
        **{f"right_{name}": np.full((number, types, encoding.SPANS), -1, np.int8) for name in SPANS},
    }
    shapes: dict[str, tuple[tuple[int, ...], Any]] = {
        "vectors": ((size, encoding.WIDTH), np.float32),
        "marks": ((size, encoding.MARKS), np.float32),
        "named": ((codes, size), np.float32),
        "times": ((encoding.SPANS, size), np.float32),
        "places": ((encoding.SPANS, size), np.float32),
        "flags": ((codes, encoding.FLAGS), np.float32),
        "setting": ((encoding.SETTING,), np.float32),
        "before": ((encoding.WIDTH,), np.float32),
        "about": ((encoding.WIDTH,), np.float32),
        "code_classes": ((codes,), np.int64),
    } | dict.fromkeys(("tags", "lemmas", "classes", "heads", "predicates"), ((size,), np.int64))
    b |= {name: np.zeros((number, *shape), kind) for name, (shape, kind) in shapes.items()}
    for k, row in enumerate(found):
        b["live"][k, : len(row.told.tags)] = 1
        b["sides"][k, :, :, : len(row.told.codes)] = row.sides
        for name in SPANS:
            right = getattr(row, name)
            b[f"right_{name}"][k, :, : right.shape[1]] = right
        for name in shapes:
            value = np.asarray(getattr(row.told, name))
            b[name][(k, *(slice(n) for n in value.shape))] = value
    return {name: torch.from_numpy(value) for name, value in b.items()}


def batches(found: Sequence[Item], draw: random.Random | None = None) -> list[list[Item]]:
    """Items of like lengths together, about PIECES in each; in random order if drawn."""
    given = list(found)
    if draw is not None:
        draw.shuffle(given)
    told: list[list[Item]] = []
    for first in range(0, len(given), POOL):
        longest, number, own = 0, 0, list[Item]()
        for size, item in _by_length(given[first : first + POOL]):
            if own and (number + len(item.stretches)) * max(longest, size) > PIECES:
                told.append(own)
                longest, number, own = 0, 0, []
            own.append(item)
            longest, number = max(longest, size), number + len(item.stretches)
        told += [own] if own else []
    if draw is not None:
        draw.shuffle(told)
    return told


def _by_length(some: Sequence[Item]) -> list[tuple[int, Item]]:
    lengths = [(max(len(contextual.laid_out(part, i.pieces)[0]) for part in i.stretches), i) for i in some]
    return sorted(lengths, key=lambda pair: pair[0])


def fit(found: Sequence[Item], begun: encoder.Encoder) -> Network:
    """AdamW (Loshchilov and Hutter 2019), the encoder more slowly than what answers."""
    torch.manual_seed(SEED)
    draw, net = random.Random(SEED), Network(begun)
    slow = [p for name, p in net.encoder.named_parameters() if p.requires_grad and name not in ("classes", "marks")]
    fast = [net.encoder.classes, net.encoder.marks, *net.w.values()]
    groups = [
        {"params": own, "weight_decay": DECAY[name], "most": RATE[name]}
        for name, own in (("encoder", slow), ("answers", fast))
    ]
    rule = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-7, fused=True)
    total, n = EPOCHS * len(batches(found, random.Random(SEED))), 0
    for epoch in range(EPOCHS):
        began, losses = time.monotonic(), []
        for own in batches(found, draw):
            n += 1
            for group in rule.param_groups:
                group["lr"] = group["most"] * min(1, n / WARM) * max(LAST, 1 - n / total)
            _, b = batch(own)
            value = loss(*net(b), b)
            rule.zero_grad(set_to_none=True)
            value.backward()
            nn.utils.clip_grad_norm_(net.parameters(), NORM)
            rule.step()
            losses.append(float(value.detach()))
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.monotonic() - began:.0f} s", flush=True)
    return net.eval()


def read_by(
    fitted: Network, found: Sequence[Item], data: Sequence[labelled.Labelled]
) -> Iterator[tuple[str, np.ndarray]]:
    """What a network says of sentences, each as one run of numbers, with what the numbers are about."""
    for some in batches(found):
        rows, b = batch(some)
        with torch.no_grad():
            answers, far = fitted(b)
        own: dict[str, dict[int, dict[str, np.ndarray]]] = {fact: defaultdict(dict) for fact in SPANS}
        for fact, odds in far.items():
            for (r, key), at in b[f"far_{fact}"]["names"].items():
                own[fact][r][key] = odds[at].numpy()
        for r, row in enumerate(rows):
            told, far_of = row.told, [own[fact][r] for fact in SPANS]
            sizes = [len(told.codes)] * len(network.SIDES) + [None, None, len(told.whens), len(told.wheres)]
            scores = [
                answers[0][r].numpy(),
                *(a[r, :, :size].numpy() for a, size in zip(answers[1:], sizes, strict=True)),
            ]
            for k, more in enumerate(far_of):
                scores[-2 + k] = np.concatenate([scores[-2 + k], *(odds[:, None] for odds in more.values())], axis=1)
            keys = (told.codes, (*told.whens, *far_of[0]), (*told.wheres, *far_of[1]))
            yield (
                labelled.opinion_key(data[row.article].id, row.sentence, keys),
                np.concatenate([np.ravel(s) for s in scores]),
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="folder with articles.jsonl, gold.jsonl and score.py")
    parser.add_argument(
        "--out-of-fold", type=Path, help="write the opinions of networks that have not seen the article"
    )
    parser.add_argument("--texts", type=Path, help="labelled articles that do not lie beside the gold articles")
    parser.add_argument("--write", action="store_true", help="write the weights")
    options = parser.parse_args()
    pretrained = encoder.Pretrained.of(options.gold.parent / "corpus/articles.jsonl.gz")
    tags: dict[str, int] = {}
    data = labelled.gather(options.gold, {}, options.texts)
    found = list(items(data, list(rows(data, tags)), pretrained.splitter()))
    own = [item for item in found if item.fold != labelled.HELD]
    print(f"{len(own)} parts of articles to learn from, {len(found) - len(own)} of gold articles", flush=True)
    fitted = fit(own, pretrained.encoder(encoding.CLASSES, encoding.MARKS))
    if options.out_of_fold:
        told = list(read_by(fitted, [item for item in found if item.fold == labelled.HELD], data))
        for part in range(PARTS):
            away = [item for item in own if item.fold >= 0 and item.fold % PARTS == part]
            rest = [item for item in own if item.fold < 0 or item.fold % PARTS != part]
            told += read_by(fit(rest, pretrained.encoder(encoding.CLASSES, encoding.MARKS)), away, data)
        scores = np.clip(np.round(np.concatenate([s for _, s in told]) * labelled.STEPS), -127, 127).astype(np.int8)
        np.savez_compressed(options.out_of_fold, keys=np.array([key for key, _ in told]), scores=scores)
    if options.write:
        arrays = {f"{SEED}/{name}": value.astype(np.float16) for name, value in fitted.weights().items()}
        np.savez_compressed(network.PATH, layout=network.LAYOUT, tags=np.array(list(tags)), **arrays)
        reports = [item for item in own if item.fold >= 0][-EVENED:]
        encoder.write(fitted.encoder, pretrained.model, list(fitted.given(reports)), contextual.FOLDER)
        print(f"wrote {network.PATH} ({network.PATH.stat().st_size} bytes) and {contextual.FOLDER}")


if __name__ == "__main__":
    main()
