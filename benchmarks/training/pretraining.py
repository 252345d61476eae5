"""Lets the network read unlabelled news first: it guesses masked words and names from what stands around them.

    python -m benchmarks.training.pretraining ../shared BEGUN.npz [--epochs 2]

Reads every article of the corpus but those of the gold set (a quarter of an hour on two cores, two processes), then fits
(half an hour). A fifth of the words that may carry an act and of the names is hidden; what stood there is guessed from the
states of `benchmarks/training/network.py`, which begins from these weights. Masked words after Devlin et al. 2019.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.training import events
from benchmarks.training.network import BATCH, LENGTHS, SIZE, Draw, encoder, hidden, step
from extractors.events import network
from extractors.events.candidates import candidates
from extractors.events.features import TYPES, word_vectors
from extractors.events.reading import reading
from extractors.language import Sentence

SEED, RATE, DECAY, HIDDEN, SHORT = 1, 2e-3, 0.001, 0.2, 5
GUESSED = 256
"""masked words of a batch that are guessed"""
SAME = 200
"""characters at the beginning by which an article is known again under another id"""
SPLIT = 2


@dataclass
class Text:
    """Sentences one after another as columns of numbers: words, tags, lemmas, classes, marks (packed bits), tree."""

    lengths: np.ndarray
    vectors: np.ndarray
    tags: list[str]
    columns: dict[str, np.ndarray]


def articles(shared: Path) -> list[dict[str, Any]]:
    """The corpus without the gold articles, each text once."""
    with (shared / "gold/articles.jsonl").open() as file:
        gold = [json.loads(line) for line in file]
    known, seen = {row["id"] for row in gold}, {_beginning(row) for row in gold}
    found = []
    with gzip.open(shared / "corpus/articles.jsonl.gz", "rt") as file:
        for row in map(json.loads, file):
            if row["id"] not in known and _beginning(row) not in seen:
                seen.add(_beginning(row))
                found.append(row)
    return found


def _beginning(row: dict[str, Any]) -> str:
    return " ".join(row["text"].split())[:SAME]


def encoded(rows: Sequence[dict[str, Any]]) -> Text:
    words: dict[tuple[str, bool], int] = {}
    tags: dict[str, int] = {}
    columns: dict[str, list[np.ndarray]] = defaultdict(list)
    lengths = []
    for row in rows:
        for sentence, marks, classes in _marked(row):
            tokens = sentence.tokens[: network.TOKENS]
            told = {
                "words": [words.setdefault((t.text, t.tag == "NE"), len(words)) for t in tokens],
                "tags": [tags.setdefault(t.tag, len(tags) + 1) for t in tokens],
                "lemmas": [network._lemma(t) for t in tokens],
                "classes": classes,
                "marks": np.packbits(marks > 0.5, axis=1),
                "heads": [t.head if t.head < len(tokens) else t.i for t in tokens],
                "predicates": network._predicates(sentence, len(tokens)),
            }
            for name, column in told.items():
                columns[name].append(np.asarray(column))
            lengths.append(len(tokens))
    shares = np.array([0.5 if name else 1.0 for _, name in words], dtype=np.float32)
    vectors = (word_vectors([word for word, _ in words]) * shares[:, None]).astype(np.float16)
    return Text(np.array(lengths), vectors, list(tags), {k: np.concatenate(v) for k, v in columns.items()})


def _marked(row: dict[str, Any]) -> Iterator[tuple[Sentence, np.ndarray, np.ndarray]]:
    read = reading(events.article(row))
    by = defaultdict(list)
    for candidate in candidates(read):
        by[candidate.sentence.index].append(candidate)
    for sentence in read.document.sentences:
        tokens = sentence.tokens[: network.TOKENS]
        if len(tokens) >= SHORT:
            marks = np.zeros((len(tokens), network.MARKS), np.float32)
            classes, _ = network._names(read, sentence, (), marks)
            network._mark_speech(read, sentence, tokens, marks)
            network._spans(read, sentence, marks)
            for clause in sentence.clauses:
                network._mark_clause(clause, marks)
            for candidate in by[sentence.index]:
                if candidate.anchor < len(tokens):
                    marks[candidate.anchor, len(network._MARKS) + TYPES.index(candidate.type)] = 1
            yield sentence, marks, classes


class Batches:
    """Sentences of like length together, in a new order each time."""

    def __init__(self, texts: Sequence[Text], tags: dict[str, int]) -> None:
        self.texts = texts
        self.starts = [np.r_[0, np.cumsum(text.lengths)] for text in texts]
        for text in texts:
            numbers = [min(tags.setdefault(tag, len(tags) + 1), network.TAGS - 1) for tag in text.tags]
            text.columns["tags"] = np.array([0, *numbers])[text.columns["tags"]]
        self.index = [(p, k) for p, text in enumerate(texts) for k in range(len(text.lengths))]
        lengths = np.concatenate([text.lengths for text in texts])
        bounds = zip((0, *LENGTHS), LENGTHS, strict=False)
        self.by_length = [(np.flatnonzero((lengths > low) & (lengths <= high)), high) for low, high in bounds]

    def __len__(self) -> int:
        return sum(len(found) // BATCH for found, _ in self.by_length)

    def drawn(self, draw: np.random.RandomState) -> Iterator[dict[str, Any]]:
        todo = []
        for found, size in self.by_length:
            order = draw.permutation(found)
            todo += [(order[k : k + BATCH], size) for k in range(0, len(order) - BATCH + 1, BATCH)]
        return (self._batch(*todo[i]) for i in draw.permutation(len(todo)))

    def _batch(self, sentences: np.ndarray, size: int) -> dict[str, Any]:
        b: dict[str, Any] = {"live": np.zeros((BATCH, size), np.float32)}
        b |= {"vectors": np.zeros((BATCH, size, network.WIDTH), np.float32)}
        b |= {"marks": np.zeros((BATCH, size, network.MARKS), np.float32)}
        b |= {n: np.zeros((BATCH, size), int) for n in ("tags", "lemmas", "classes", "predicates")}
        b["heads"] = np.tile(np.arange(size), (BATCH, 1))
        for r, i in enumerate(sentences):
            p, k = self.index[i]
            text, at = self.texts[p], slice(self.starts[p][k], self.starts[p][k + 1])
            n = at.stop - at.start
            b["live"][r, :n] = 1
            b["vectors"][r, :n] = text.vectors[text.columns["words"][at]]
            b["marks"][r, :n] = np.unpackbits(text.columns["marks"][at], axis=1)[:, : network.MARKS]
            for name in ("tags", "lemmas", "classes", "heads", "predicates"):
                b[name][r, :n] = text.columns[name][at]
        return b


def guesser() -> dict[str, Any]:
    normal = Draw(5)
    return {
        "po": normal(SIZE, SIZE),
        "pob": jnp.zeros(SIZE),
        "pl": normal(SIZE, network.LEMMAS, scale=0.05),
        "plb": jnp.zeros(network.LEMMAS),
        "pc": normal(SIZE, network.CLASSES, scale=0.05),
        "pcb": jnp.zeros(network.CLASSES),
    }


def loss(w: dict[str, Any], b: dict[str, Any], key: Any) -> Any:
    """Cross-entropy of the masked words' lemmas and of the masked names' classes, for each guess."""
    draw, inside = jax.random.split(key)
    named = (b["lemmas"] > 0) | (b["classes"] > 0)
    masked = jax.random.bernoulli(draw, HIDDEN, b["live"].shape) * b["live"] * named
    rows_fired = jnp.arange(network.MARKS) >= network.MARKS - len(TYPES)
    seen = dict(b) | {
        "vectors": b["vectors"] * (1 - masked)[..., None],
        "lemmas": jnp.where(masked > 0, 0, b["lemmas"]),
        "classes": jnp.where(masked > 0, 0, b["classes"]),
        "marks": jnp.where((masked[..., None] > 0) & rows_fired, 0, b["marks"]),
    }
    h = hidden(w, seen, inside)
    flat = masked.reshape(-1)
    _, at = jax.lax.top_k(flat + jax.random.uniform(draw, flat.shape) * 0.5, GUESSED)
    lemmas, classes, counts = b["lemmas"].reshape(-1)[at], b["classes"].reshape(-1)[at], flat[at]
    state = jax.nn.relu(h.reshape(-1, SIZE)[at] @ w["po"] + w["pob"])

    def wrong(kind: str, right: Any) -> Any:
        shares = jax.nn.log_softmax(state @ w[f"p{kind}"] + w[f"p{kind}b"], -1)
        return -(jnp.take_along_axis(shares, right[:, None], 1)[:, 0] * (right > 0) * counts).sum()

    return (wrong("l", lemmas) + wrong("c", classes)) / jnp.maximum(counts.sum(), 1)


def fit(batches: Batches, epochs: float) -> dict[str, np.ndarray]:
    w, draw, key = encoder(SEED) | guesser(), np.random.RandomState(0), jax.random.PRNGKey(0)
    mean, square = jax.tree.map(jnp.zeros_like, w), jax.tree.map(jnp.zeros_like, w)
    total, n, losses, began = int(len(batches) * epochs), 0, [], time.monotonic()
    while n < total:
        for batch in batches.drawn(draw):
            n += 1
            key, use = jax.random.split(key)
            rate = RATE * min(1, n / 300) * max(0.03, 1 - n / total)
            w, mean, square, value = step(w, mean, square, batch, use, rate, float(n), loss, DECAY)
            losses.append(value)
            if n % 500 == 0:
                last = np.mean([float(x) for x in losses[-500:]])
                print(f"{n} of {total}: loss {last:.3f}, {time.monotonic() - began:.0f} s", flush=True)
            if n == total:
                break
    return {name: np.asarray(w[name]) for name in encoder(SEED)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path, help="folder with corpus/ and gold/")
    parser.add_argument("out", type=Path, help="where the weights go")
    parser.add_argument("--epochs", type=float, default=2.0)
    options = parser.parse_args()
    rows, tags = articles(options.shared), {}
    with multiprocessing.get_context("spawn").Pool(SPLIT) as pool:
        texts = pool.map(encoded, [rows[k::SPLIT] for k in range(SPLIT)])
    batches = Batches(texts, tags)
    print(f"{len(rows)} articles, {len(batches.index)} sentences, {len(batches)} batches an epoch", flush=True)
    np.savez(options.out, tags=np.array(list(tags)), **fit(batches, options.epochs))


if __name__ == "__main__":
    main()
