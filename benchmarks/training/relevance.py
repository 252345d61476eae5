"""Fits the weights of the dossier `russland-nato-ukraine` and says, out of fold, how good they are.

usage: python -m benchmarks.training.relevance [--shared DIR] [--repeats N] [--write]

Two logistic regressions stacked. The sentence model learns which sentences tell a diplomatic act from the evidence of
the coded articles; the article model learns the grade from the named facts about groups, places and sentence scores,
and from words. Every figure printed is out of fold: articles are split, the sentence scores an article model learns
from come from folds within the training part. `relevance-labels.jsonl` adds grades that we gave by reading (ids only):
they are trained on, never measured on. Weights hold names of groups, words and pairs of words that occur in at least
five articles; no text.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold

from extractors import relevance
from extractors.model import Article, PartKind

HERE = Path(__file__).resolve().parent
DOSSIER = "russland-nato-ukraine"
SEEN_IN = 5  # a word or pair of words of fewer articles is no vocabulary but a memory of them
SENTENCE_C, ARTICLE_C, WORD_SCALE = 0.3, 0.001, 10.0
RELATED_WEIGHT = 0.3  # of sentences of uncoded related articles, which may hold an act in a side remark
CLIP = 4.0
SAME = 200  # characters at the beginning by which an article is known again under another id


@dataclass
class Sample:
    """A labelled article, read once."""

    grade: int
    ours: bool
    article: Article
    sentences: tuple[relevance.Sentence, ...]
    features: list[tuple[str, ...]]
    words: dict[str, float]
    told: np.ndarray | None
    """for each sentence 1 if it is evidence of an act; None if nobody coded the article and it is core"""


def compose(row: dict) -> Article:
    lines = [line for line in row["text"].split("\n") if line.strip()]
    return Article.compose(
        url=row["id"],
        headline=row["title"],
        teaser=row["teaser"] or "",
        body=tuple((PartKind.PARAGRAPH, line) for line in lines),
    )


def told(article: Article, sentences: Sequence[relevance.Sentence], events: list[dict] | None, grade: int):
    if events is None:
        return None if grade == 2 else np.zeros(len(sentences))
    found = np.zeros(len(sentences))
    for event in events:
        if event["type"] in ("STATE", "ASSAULT") or event["status"] == "historical":
            continue
        quote = " ".join(event["evidence"].split())
        at = article.text.find(quote)
        while at >= 0:
            for n, sentence in enumerate(sentences):
                if sentence.start < at + len(quote) and at < sentence.end:
                    found[n] = 1
            at = article.text.find(quote, at + 1)
    return found


def samples(shared: Path, dossier: relevance.Dossier) -> list[Sample]:
    known = relevance.masks(dossier.rows)
    gold = {row["id"]: row for row in jsonl(shared / "gold/gold.jsonl")}
    ours = {row["id"]: row["grade"] for row in jsonl(HERE / "relevance-labels.jsonl")}
    coded = {row["id"]: row for row in jsonl(HERE / "event-labels.jsonl")}
    ours |= {id_: row["grade"] for id_, row in coded.items()}
    corpus = {row["id"]: row for row in jsonl(shared / "corpus/articles.jsonl.gz") if row["id"] in ours}
    rows = [
        (row, gold[row["id"]]["grade"], gold[row["id"]]["events"], False)
        for row in jsonl(shared / "gold/articles.jsonl")
    ]
    texts = {" ".join(row["text"].split())[:SAME] for row, *_ in rows}
    rows += [
        (corpus[id_], grade, _events(corpus[id_], coded.get(id_)), True)
        for id_, grade in ours.items()
        if id_ in corpus and id_ not in gold and " ".join(corpus[id_]["text"].split())[:SAME] not in texts
    ]
    found = []
    for row, grade, events, own in rows:
        article = compose(row)
        sentences = relevance.read_sentences(article, dossier)
        features = [relevance.sentence_features(s, known) for s in sentences]
        words = relevance.article_words(sentences)
        found.append(Sample(grade, own, article, sentences, features, words, told(article, sentences, events, grade)))
    return found


def _events(row: dict, coded: dict | None) -> list[dict] | None:
    """What we coded in a relevant article; acts of other dossiers are none of this one's."""
    if coded is None or not coded["grade"]:
        return None
    text = compose(row).text
    return [{**event, "evidence": text[event["start"] : event["end"]]} for event in coded["events"]]


def jsonl(path: Path) -> list[dict]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        return [json.loads(line) for line in file if line.strip()]


class Trainer:
    """Holds the matrices; fits and applies the two models on index sets."""

    def __init__(self, data: list[Sample], dossier: relevance.Dossier) -> None:
        self.data, self.known = data, relevance.masks(dossier.rows)
        counts = collections.Counter(f for s in data for f in {f for fs in s.features for f in fs})
        self.names = sorted(f for f, n in counts.items() if n >= SEEN_IN)
        column = {f: i for i, f in enumerate(self.names)}
        self.sentences = [self._matrix(s.features, column) for s in data]
        counts = collections.Counter(f for s in data for f in s.words)
        self.idf = {f: math.log(len(data) / n) for f, n in counts.items() if n >= SEEN_IN}
        self.vectorizer = DictVectorizer()
        self.words = self.vectorizer.fit_transform(
            [{f: v * self.idf[f] for f, v in s.words.items() if f in self.idf} for s in data]
        )
        self.grades = np.array([s.grade for s in data])

    @staticmethod
    def _matrix(features: list[tuple[str, ...]], column: dict[str, int]) -> sp.csr_matrix:
        at = [(n, column[f]) for n, fs in enumerate(features) for f in fs if f in column]
        rows, columns = zip(*at, strict=True) if at else ((), ())
        return sp.csr_matrix((np.ones(len(at)), (rows, columns)), shape=(len(features), len(column)))

    def sentence_model(self, index: np.ndarray) -> LogisticRegression:
        use = [i for i in index if self.data[i].told is not None]
        y = np.concatenate([self.data[i].told for i in use])
        weight = [RELATED_WEIGHT if self.data[i].grade == 1 and not self.data[i].told.any() else 1.0 for i in use]
        spread = np.repeat(weight, [len(self.data[i].told) for i in use])
        model = LogisticRegression(C=SENTENCE_C, max_iter=300, solver="liblinear")
        return model.fit(sp.vstack([self.sentences[i] for i in use]), y, sample_weight=spread)

    def facts(self, i: int, model: LogisticRegression) -> dict[str, float]:
        scores = model.decision_function(self.sentences[i]).tolist()
        return relevance.article_facts(self.data[i].sentences, scores, self.known)

    def fit(self, index: np.ndarray, seed: int):
        """The sentence model, and the article model over sentence scores that are out of fold within `index`."""
        facts: dict[int, dict[str, float]] = {}
        for one, other in StratifiedKFold(5, shuffle=True, random_state=seed + 10).split(index, self.grades[index]):
            model = self.sentence_model(index[one])
            facts |= {i: self.facts(i, model) for i in index[other]}
        vectorizer = DictVectorizer(sparse=False)
        x = vectorizer.fit_transform([facts[i] for i in index])
        middle, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
        x = np.clip((x - middle) / spread, -CLIP, CLIP)
        model = LogisticRegression(C=ARTICLE_C, max_iter=2000, solver="liblinear")
        model.fit(sp.hstack([sp.csr_matrix(x), self.words[index] * WORD_SCALE]).tocsr(), self.grades[index] == 2)
        return self.sentence_model(index), vectorizer, middle, spread, model

    def log_odds(self, fitted, index: np.ndarray) -> np.ndarray:
        sentence, vectorizer, middle, spread, model = fitted
        x = (vectorizer.transform([self.facts(i, sentence) for i in index]) - middle) / spread
        return model.decision_function(sp.hstack([sp.csr_matrix(x), self.words[index] * WORD_SCALE]).tocsr())


def out_of_fold(trainer: Trainer, repeats: int) -> np.ndarray:
    """Log-odds of each gold article, one column a repeat, always from models that never saw it."""
    gold = np.array([i for i, s in enumerate(trainer.data) if not s.ours])
    ours = np.array([i for i, s in enumerate(trainer.data) if s.ours], dtype=int)
    result = np.zeros((len(gold), repeats))
    for repeat in range(repeats):
        folds = StratifiedKFold(5, shuffle=True, random_state=repeat).split(gold, trainer.grades[gold])
        for one, other in folds:
            fitted = trainer.fit(np.concatenate([gold[one], ours]), repeat)
            result[other, repeat] = trainer.log_odds(fitted, gold[other])
    return result


def platt(odds: np.ndarray, core: np.ndarray) -> tuple[float, float]:
    """Scale and shift that make log-odds calibrated."""
    model = LogisticRegression(C=1e6).fit(odds.reshape(-1, 1), core)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def measure(p: np.ndarray, core: np.ndarray, cut: float) -> tuple[float, float, float]:
    hits = float(((p >= cut) & core).sum())
    precision, recall = hits / max(1, (p >= cut).sum()), hits / core.sum()
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def honest(p: np.ndarray, grades: np.ndarray) -> tuple[float, float]:
    """Precision and recall when the cut too is chosen on the other folds, pooled."""
    core, chosen = grades == 2, np.zeros(len(p), dtype=bool)
    for one, other in StratifiedKFold(5, shuffle=True, random_state=99).split(p, grades):
        chosen[other] = p[other] >= best_cut(p[one], core[one])
    hits = float((chosen & core).sum())
    return hits / max(1, chosen.sum()), hits / core.sum()


def best_cut(p: np.ndarray, core: np.ndarray, around: float = 0.04) -> float:
    """The cut whose neighbourhood has the best mean F1: a peak of one article wide is luck."""
    grid = np.arange(0.05, 0.95, 0.01)
    f1 = np.array([measure(p, core, cut)[2] for cut in grid])
    smooth = [f1[abs(grid - cut) <= around].mean() for cut in grid]
    return float(grid[int(np.argmax(smooth))])


def calibration_error(p: np.ndarray, core: np.ndarray, bins: int = 10) -> float:
    at = np.minimum((p * bins).astype(int), bins - 1)
    return sum(abs(p[at == b].mean() - core[at == b].mean()) * (at == b).mean() for b in range(bins) if (at == b).any())


def write(trainer: Trainer, scale: float, shift: float, cut: float, path: Path) -> None:
    sentence, vectorizer, middle, spread, model = trainer.fit(np.arange(len(trainer.data)), 0)
    count = len(vectorizer.feature_names_)
    facts, words = model.coef_[0][:count] / spread, model.coef_[0][count:] * WORD_SCALE
    intercept = model.intercept_[0] - float((facts * middle).sum())
    word_names = trainer.vectorizer.feature_names_
    word_weights = [scale * w * trainer.idf[name] for name, w in zip(word_names, words, strict=True)]
    tables = {
        "sentence": (["", *trainer.names], [sentence.intercept_[0], *sentence.coef_[0]]),
        "facts": (["", *vectorizer.feature_names_], [scale * intercept + shift, *(scale * facts)]),
        "words": (word_names, word_weights),
    }
    arrays = {}
    for name, (names, weights) in tables.items():
        # Weights near nothing cost room and say nothing.
        keep = [(n, w) for n, w in zip(names, weights, strict=True) if abs(w) > 1e-3 or n == ""]
        arrays[f"{name}_names"] = np.array([n for n, _ in keep])
        arrays[f"{name}_weights"] = np.array([w for _, w in keep], dtype=np.float32)
    np.savez_compressed(path, cut=np.float64(cut), **arrays)
    print(
        f"{path}: {path.stat().st_size / 1e3:.0f} kB, {', '.join(f'{k} {len(v)}' for k, v in arrays.items() if 'names' in k)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=HERE.parents[2] / "shared")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="also write the weights into extractors/data")
    options = parser.parse_args()
    dossier = relevance.load_dossier(DOSSIER, with_model=False)
    trainer = Trainer(samples(options.shared, dossier), dossier)
    grades = np.array([s.grade for s in trainer.data if not s.ours])
    core = grades == 2
    odds = out_of_fold(trainer, options.repeats)
    scale, shift = platt(odds.ravel(order="F"), np.tile(core, odds.shape[1]))
    each = 1 / (1 + np.exp(-(scale * odds + shift)))
    p = each.mean(axis=1)
    cut = best_cut(p, core)
    precision, recall, f1 = measure(p, core, cut)
    print(
        f"{len(grades)} articles, {core.sum()} core, {sum(s.ours for s in trainer.data)} of our own labels added to training"
    )
    print(f"out of fold, {options.repeats} repeats averaged: AP {average_precision_score(core, p):.3f}")
    print(
        f"  cut {cut:.3f} (best F1): P {precision:.3f} R {recall:.3f} F1 {f1:.3f}; cut chosen on other folds: P {honest(p, grades)[0]:.3f} R {honest(p, grades)[1]:.3f}"
    )
    single = [measure(each[:, r], core, cut) for r in range(odds.shape[1])]
    print(f"  single repeats: P {np.mean([m[0] for m in single]):.3f} R {np.mean([m[1] for m in single]):.3f}")
    for floor in (0.90, 0.92, 0.95, 0.99):
        best = max((measure(p, core, c)[0] for c in np.unique(p) if measure(p, core, c)[1] >= floor), default=0.0)
        print(f"  precision at recall {floor}: {best:.3f}")
    ruled = np.array([relevance.assess(s.article, dossier).rule_grade for s in trainer.data if not s.ours])
    print(
        f"  rules alone: core P {(core & (ruled == 2)).sum() / (ruled == 2).sum():.3f} R {(core & (ruled == 2)).sum() / core.sum():.3f};"
        f" related against not: {((ruled >= 1) == (grades == 1))[~core].mean():.3f} of {(~core).sum()}"
    )
    print(f"  calibration error {calibration_error(p, core):.3f}")
    if options.write:
        write(trainer, scale, shift, cut, relevance.DATA / f"relevance-{DOSSIER}.npz")


if __name__ == "__main__":
    main()
