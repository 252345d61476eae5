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
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.training import encoder, labelled
from benchmarks.training.batches import SPANS, Batch, Item, batch, batches, items, rows
from extractors.events.weighing import encoding, network
from extractors.events.weighing.features import TOLD, TYPES
from extractors.language import contextual

PARTS, SEED, EPOCHS = 2, 1, 5
RATE, DECAY = {"encoder": 2e-4, "answers": 1.2e-3}, {"encoder": 0.01, "answers": 0.005}
WARM, LAST, NORM = 150, 0.02, 5.0
"""steps until the rate is full, the share of it at the end, and how long a slope may be"""
EVENED = 40
"""reports of our own for which the layers' numbers are evened out before they are written in eight bits"""
SIZE, SCORE = 192, 64
"""width of a token's state, and of what scores a party"""
DROP = {"in": 0.2, "layer": 0.2, "lemma": 0.15, "pool": 0.3, "party": 0.2, "piece": 0.08}
SHARE = {"party": 0.8, "speaker": 0.5, "status": 0.5, "told": 0.3, "span": 0.3}
"""weights of the losses beside that of the types"""


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
