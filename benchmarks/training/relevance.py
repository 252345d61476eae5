"""Fits the weights of the dossier `russland-nato-ukraine` on articles that we graded, and measures on the gold articles.

usage: python -m benchmarks.training.relevance [--shared DIR] [--repeats N] [--write]

Two logistic regressions stacked. The sentence model learns which sentences tell a diplomatic act from the evidence of
the coded articles and of our own reports; the article model learns the grade from the named facts about groups, places,
speakers, style and sentence scores, and from words. `relevance-labels.jsonl` and `event-labels.jsonl` hold the grades that we gave by reading (ids only). Nothing is
learned from the gold articles, nor is the cut: it is chosen on our articles, each graded by models that have not seen it.
Weights hold names of groups, words and pairs of words that occur in at least five of our articles; no text. Two thirds of our
core articles are of one house, so a word that mostly one house uses counts for nothing, and the figures stand for the rest apart.
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

from benchmarks.training import events
from extractors import relevance
from extractors.model import Article, PartKind

HERE = Path(__file__).resolve().parent
DOSSIER = "russland-nato-ukraine"
SEEN_IN = 5  # a word or pair of words of fewer articles is no vocabulary but a memory of them
HOUSES, DOMINANCE = 4, 0.7  # a word of fewer houses, or mostly of one, says who wrote it rather than what
SENTENCE_C, ARTICLE_C, WORD_SCALE = 0.3, 0.004, 10.0
BOLD, BOLD_SCALE = ("state opens:", "voices:", "style:"), 2.0  # facts that are few and meant: they may weigh more
COMMENT_ODDS = -3.0  # by the codebook a comment is never core; too few of ours are comments to learn it
REPORT_WEIGHT = 0.3  # of a sentence of our own reports, which are denser than news
RELATED_WEIGHT = 0.3  # of sentences of uncoded related articles, which may hold an act in a side remark
CLIP = 4.0
SAME = 200  # characters at the beginning by which an article is known again under another id


@dataclass
class Sample:
    """A labelled article, read once."""

    grade: int
    ours: bool
    house: str
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


def told(article: Article, sentences: Sequence[relevance.Sentence], coded: list[dict] | None, grade: int):
    if coded is None:
        return None if grade == 2 else np.zeros(len(sentences))
    found = np.zeros(len(sentences))
    for event in coded:
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
    for row, grade, coded_events, own in rows:
        found.append(_sample(row, grade, coded_events, own, dossier))
    return found


def reports(dossier: relevance.Dossier) -> list[Sample]:
    """The reports of our own, all dense with acts: of use for sentences, not for grades."""
    return [
        _sample(row | {"outlet": ""}, 2, told_events, True, dossier) for row, told_events, _ in events.own_reports()
    ]


def _sample(row: dict, grade: int, coded_events: list[dict] | None, own: bool, dossier: relevance.Dossier) -> Sample:
    article, known = compose(row), relevance.masks(dossier.rows)
    sentences = relevance.read_sentences(article, dossier)
    features = [relevance.sentence_features(s, known) for s in sentences]
    acts = told(article, sentences, coded_events, grade)
    return Sample(grade, own, row["outlet"], article, sentences, features, relevance.article_words(sentences), acts)


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

    def __init__(self, data: list[Sample], more: list[Sample], dossier: relevance.Dossier) -> None:
        self.data, self.known = data, relevance.masks(dossier.rows)
        ours = [s for s in data if s.ours]
        counts = collections.Counter(f for s in [*ours, *more] for f in {f for fs in s.features for f in fs})
        self.names = sorted(f for f, n in counts.items() if n >= SEEN_IN)
        column = {f: i for i, f in enumerate(self.names)}
        self.sentences = [self._matrix(s.features, column) for s in data]
        self.more = sp.vstack([self._matrix(s.features, column) for s in more])
        self.more_told = np.concatenate([s.told for s in more if s.told is not None])
        houses = collections.defaultdict(collections.Counter)
        for s in ours:
            for f in s.words:
                houses[f][s.house] += 1
        self.idf = {f: math.log(len(ours) / by.total()) for f, by in houses.items() if self._common(by)}
        self.vectorizer = DictVectorizer()
        self.words = self.vectorizer.fit_transform(
            [{f: v * self.idf[f] for f, v in s.words.items() if f in self.idf} for s in data]
        )
        self.grades = np.array([s.grade for s in data])
        self.comments = np.zeros(len(data))

    @staticmethod
    def _common(by: collections.Counter[str]) -> bool:
        """Whether enough articles use a word, and enough houses."""
        return by.total() >= SEEN_IN and len(by) >= HOUSES and max(by.values()) <= DOMINANCE * by.total()

    @staticmethod
    def _matrix(features: list[tuple[str, ...]], column: dict[str, int]) -> sp.csr_matrix:
        at = [(n, column[f]) for n, fs in enumerate(features) for f in fs if f in column]
        rows, columns = zip(*at, strict=True) if at else ((), ())
        return sp.csr_matrix((np.ones(len(at)), (rows, columns)), shape=(len(features), len(column)))

    def sentence_model(self, index: np.ndarray) -> LogisticRegression:
        use = [i for i in index if self.data[i].told is not None]
        y = np.concatenate([*(self.data[i].told for i in use), self.more_told])
        weight = [RELATED_WEIGHT if self.data[i].grade == 1 and not self.data[i].told.any() else 1.0 for i in use]
        spread = np.repeat(weight, [len(self.data[i].told) for i in use])
        spread = np.concatenate([spread, np.full(len(self.more_told), REPORT_WEIGHT)])
        model = LogisticRegression(C=SENTENCE_C, max_iter=300, solver="liblinear")
        return model.fit(sp.vstack([*(self.sentences[i] for i in use), self.more]), y, sample_weight=spread)

    def facts(self, i: int, model: LogisticRegression) -> dict[str, float]:
        scores = model.decision_function(self.sentences[i]).tolist()
        one = self.data[i]
        facts = relevance.article_facts(one.article.text, one.sentences, scores, self.known)
        self.comments[i] = facts.pop(relevance.COMMENT)
        return facts

    def fit(self, index: np.ndarray, seed: int):
        """The sentence model, and the article model over sentence scores that are out of fold within `index`."""
        facts: dict[int, dict[str, float]] = {}
        for one, other in StratifiedKFold(5, shuffle=True, random_state=seed + 10).split(index, self.grades[index]):
            model = self.sentence_model(index[one])
            facts |= {i: self.facts(i, model) for i in index[other]}
        vectorizer = DictVectorizer(sparse=False)
        x = vectorizer.fit_transform([facts[i] for i in index])
        bold = np.array([BOLD_SCALE if name.startswith(BOLD) else 1.0 for name in vectorizer.feature_names_])
        middle, spread = x.mean(axis=0), (x.std(axis=0) + 1e-9) / bold
        x = np.clip((x - middle) / spread, -CLIP * bold, CLIP * bold)
        model = LogisticRegression(C=ARTICLE_C, max_iter=2000, solver="liblinear")
        model.fit(sp.hstack([sp.csr_matrix(x), self.words[index] * WORD_SCALE]).tocsr(), self.grades[index] == 2)
        return self.sentence_model(index), vectorizer, middle, spread, model

    def log_odds(self, fitted, index: np.ndarray) -> np.ndarray:
        sentence, vectorizer, middle, spread, model = fitted
        x = (vectorizer.transform([self.facts(i, sentence) for i in index]) - middle) / spread
        odds = model.decision_function(sp.hstack([sp.csr_matrix(x), self.words[index] * WORD_SCALE]).tocsr())
        return odds + COMMENT_ODDS * self.comments[index]


def out_of_fold(trainer: Trainer, ours: np.ndarray, repeats: int) -> np.ndarray:
    """Log-odds of each article of ours, always from models that never saw it; the mean over the repeats."""
    result = np.zeros((len(ours), repeats))
    for repeat in range(repeats):
        for one, other in StratifiedKFold(5, shuffle=True, random_state=repeat).split(ours, trainer.grades[ours]):
            result[other, repeat] = trainer.log_odds(trainer.fit(ours[one], repeat), ours[other])
    return result.mean(axis=1)


def platt(odds: np.ndarray, core: np.ndarray) -> tuple[float, float]:
    """Scale and shift that make log-odds calibrated."""
    model = LogisticRegression(C=1e6).fit(odds.reshape(-1, 1), core)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def measure(p: np.ndarray, core: np.ndarray, cut: float) -> tuple[float, float, float]:
    hits = float(((p >= cut) & core).sum())
    precision, recall = hits / max(1, (p >= cut).sum()), hits / core.sum()
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def best_cut(p: np.ndarray, core: np.ndarray, around: float = 0.04) -> float:
    """The cut whose neighbourhood has the best mean F1: a peak of one article wide is luck."""
    grid = np.arange(0.05, 0.95, 0.01)
    f1 = np.array([measure(p, core, cut)[2] for cut in grid])
    smooth = [f1[abs(grid - cut) <= around].mean() for cut in grid]
    return float(grid[int(np.argmax(smooth))])


def calibration_error(p: np.ndarray, core: np.ndarray, bins: int = 10) -> float:
    at = np.minimum((p * bins).astype(int), bins - 1)
    return sum(abs(p[at == b].mean() - core[at == b].mean()) * (at == b).mean() for b in range(bins) if (at == b).any())


def write(trainer: Trainer, fitted, scale: float, shift: float, cut: float, path: Path) -> None:
    sentence, vectorizer, middle, spread, model = fitted
    count = len(vectorizer.feature_names_)
    facts, words = model.coef_[0][:count] / spread, model.coef_[0][count:] * WORD_SCALE
    intercept = model.intercept_[0] - float((facts * middle).sum())
    word_names = trainer.vectorizer.feature_names_
    word_weights = [scale * w * trainer.idf[name] for name, w in zip(word_names, words, strict=True)]
    tables = {
        "sentence": (["", *trainer.names], [sentence.intercept_[0], *sentence.coef_[0]]),
        "facts": (
            ["", *vectorizer.feature_names_, relevance.COMMENT],
            [scale * intercept + shift, *(scale * facts), scale * COMMENT_ODDS],
        ),
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
    trainer = Trainer(samples(options.shared, dossier), reports(dossier), dossier)
    gold = np.array([i for i, s in enumerate(trainer.data) if not s.ours])
    ours = np.array([i for i, s in enumerate(trainer.data) if s.ours])
    core = trainer.grades == 2
    ruled = np.array([relevance.assess(s.article, dossier).rule_grade == 2 for s in trainer.data])
    odds = np.zeros(len(trainer.data))
    odds[ours] = out_of_fold(trainer, ours, options.repeats)
    fitted = trainer.fit(ours, 0)
    odds[gold] = trainer.log_odds(fitted, gold)
    scale, shift = platt(odds[ours], core[ours])
    p = 1 / (1 + np.exp(-(scale * odds + shift)))
    cut = best_cut(p[ours], core[ours])
    houses = collections.Counter(trainer.data[i].house for i in ours[core[ours]])
    most = houses.most_common(1)[0][0]
    rest = np.array([i for i in ours if trainer.data[i].house != most])
    for name, at in (("ours, out of fold", ours), (f"of them not {most}", rest), ("gold, never seen", gold)):
        print(f"{name}: {len(at)} articles, {core[at].sum()} core, AP {average_precision_score(core[at], p[at]):.3f}")
        for what, found in (
            ("by the model, as it ships", p[at] >= cut),
            ("by the rules alone", ruled[at]),
        ):
            precision, recall, f1 = measure(found.astype(float), core[at], 0.5)
            print(f"  {what}, cut {cut:.2f}: P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")
        for floor in (0.80, 0.85, 0.90, 0.95):
            best = max(measure(p[at], core[at], c)[0] for c in p[at] if measure(p[at], core[at], c)[1] >= floor)
            print(f"  precision at recall {floor}: {best:.3f}")
        print(f"  calibration error {calibration_error(p[at], core[at]):.3f}")
    if options.write:
        write(trainer, fitted, scale, shift, cut, relevance.DATA / f"relevance-{DOSSIER}.npz")


if __name__ == "__main__":
    main()
