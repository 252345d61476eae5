"""Fits the weights of the dossier `russland-nato-ukraine` on articles that we graded, and measures on the gold articles.

usage: python -m benchmarks.training.relevance [--shared DIR] [--repeats N] [--write]

Logistic regressions stacked. The sentence model learns which sentences tell a diplomatic act from the evidence of the
coded articles and of our own reports. Above it two questions are put to an article, from the named facts about groups,
places, speakers, style and sentence scores, and from words: is it about the matter (grade 1 or 2), and, learned on those
alone that are, is an act its subject (grade 2). The product of both chances is the score.
`relevance-labels.jsonl` and `event-labels.jsonl` hold the grades that we gave by reading (ids only). Nothing is learned
from the gold articles, nor is the cut: it is chosen on our articles, each graded by models that have not seen it nor
another of its day. Weights hold names of groups, words and pairs of words that occur in at least five of our articles; no
text. Two thirds of our core articles are of one house, so a word that mostly one house uses counts for nothing, and the
figures stand for the rest apart.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from scipy.special import expit
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedGroupKFold

from benchmarks.training import labelled
from extractors import relevance
from extractors.model import Article, PartKind

HERE = Path(__file__).resolve().parent
DOSSIER = "russland-nato-ukraine"
SEEN_IN = 5  # a word or pair of words of fewer articles is no vocabulary but a memory of them
HOUSES, DOMINANCE = 4, 0.7  # a word of fewer houses, or mostly of one, says who wrote it rather than what
SENTENCE_C, WORD_SCALE = 0.3, 10.0
HEAD_SCALE = 0.5  # words of the head are few and so weigh much each already
ARTICLE_C = {"matter": 0.004, "act": 0.008}
YES_FROM = {"matter": 1, "act": 2}  # the grade from which a question is answered yes
BOLD, BOLD_SCALE = ("state opens:", "voices:", "style:"), 2.0  # facts that are few and meant: they may weigh more
COMMENT_ODDS = -5.0  # by the codebook a comment is never core; too few of ours are comments to learn it
REPORT_WEIGHT = 0.3  # of a sentence of our own reports, which are denser than news
RELATED_WEIGHT = 0.3  # of sentences of uncoded related articles, which may hold an act in a side remark
CLIP = 4.0
PARTINGS = 2  # ways to part our articles over which sentence scores are averaged, as one alone is luck
CALIBRATIONS = 3  # the same for odds, from which calibration and cut come
FLOORS = (0.90, 0.92)  # the precision and recall that we want; the cut is where the worse of the two is missed least
SAME = 200  # characters at the beginning by which an article is known again under another id


@dataclass
class Sample:
    """A labelled article, read once."""

    grade: int
    ours: bool
    house: str
    day: str
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
        _sample(row | {"outlet": ""}, 2, told_events, True, dossier) for row, told_events, _ in labelled.own_reports()
    ]


def _sample(row: dict, grade: int, coded_events: list[dict] | None, own: bool, dossier: relevance.Dossier) -> Sample:
    article, known = compose(row), relevance.masks(dossier.rows)
    sentences = relevance.read_sentences(article, dossier)
    features = [relevance.sentence_features(s, known) for s in sentences]
    acts = told(article, sentences, coded_events, grade)
    words = relevance.article_words(sentences)
    words |= {f"e:{tag}": weight for tag, weight in relevance.early_words(sentences).items()}
    return Sample(grade, own, row["outlet"], row["published"][:10], article, sentences, features, words, acts)


def _events(row: dict, coded: dict | None) -> list[dict] | None:
    """What we coded in a relevant article; acts of other dossiers are none of this one's."""
    if coded is None or not coded["grade"]:
        return None
    text = compose(row).text
    return [{**event, "evidence": text[event["start"] : event["end"]]} for event in coded["events"]]


def jsonl(path: Path) -> list[dict]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        return [json.loads(line) for line in file if line.strip()]


@dataclass(frozen=True)
class Asked:
    """One question's regression over scaled facts and words, and what makes its log-odds calibrated."""

    model: LogisticRegression
    middle: np.ndarray
    spread: np.ndarray
    scale: float = 1.0
    shift: float = 0.0

    def odds(self, x: np.ndarray, words: sp.csr_matrix) -> np.ndarray:
        scaled = sp.csr_matrix((x - self.middle) / self.spread)
        return self.scale * self.model.decision_function(sp.hstack([scaled, words]).tocsr()) + self.shift


@dataclass(frozen=True)
class Fitted:
    """All that was learned from some articles, the cut included."""

    sentence: LogisticRegression
    vectorizer: DictVectorizer
    questions: dict[str, Asked]
    cut: float


class Trainer:
    """Holds the matrices; fits and applies the models on index sets. Vocabulary comes from our articles."""

    def __init__(self, data: list[Sample], more: list[Sample], dossier: relevance.Dossier) -> None:
        self.data, self.known = data, relevance.masks(dossier.rows)
        learned = [s for s in data if s.ours]
        counts = collections.Counter(f for s in [*learned, *more] for f in {f for fs in s.features for f in fs})
        self.names = sorted(f for f, n in counts.items() if n >= SEEN_IN)
        column = {f: i for i, f in enumerate(self.names)}
        self.sentences = [self._matrix(s.features, column) for s in data]
        self.more = sp.vstack([self._matrix(s.features, column) for s in more])
        self.more_told = np.concatenate([s.told for s in more if s.told is not None])
        houses = collections.defaultdict(collections.Counter)
        for s in learned:
            for f in s.words:
                houses[f][s.house] += 1
        self.idf = {
            f: math.log(len(learned) / by.total()) * (HEAD_SCALE if f.startswith("h:") else 1.0)
            for f, by in houses.items()
            if self._common(by)
        }
        self.vectorizer = DictVectorizer()
        words = [{f: v * self.idf[f] for f, v in s.words.items() if f in self.idf} for s in data]
        self.words = (self.vectorizer.fit_transform(words) * WORD_SCALE).tocsr()
        self.grades = np.array([s.grade for s in data])
        self.days = np.unique([s.day for s in data], return_inverse=True)[1]
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

    def folds(self, index: np.ndarray, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Five times positions within `index` to learn from and to hold out; a day's articles are never parted."""
        parted = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
        return parted.split(index, self.grades[index], self.days[index])

    def sentence_model(self, index: np.ndarray) -> LogisticRegression:
        use = [i for i in index if self.data[i].told is not None]
        y = np.concatenate([*(self.data[i].told for i in use), self.more_told])
        weight = [RELATED_WEIGHT if self.data[i].grade == 1 and not self.data[i].told.any() else 1.0 for i in use]
        spread = np.repeat(weight, [len(self.data[i].told) for i in use])
        spread = np.concatenate([spread, np.full(len(self.more_told), REPORT_WEIGHT)])
        # The dual is solved five times as fast as the primal, to the same weights.
        model = LogisticRegression(C=SENTENCE_C, max_iter=300, solver="liblinear", dual=True, tol=0.05, random_state=0)
        return model.fit(sp.vstack([*(self.sentences[i] for i in use), self.more]), y, sample_weight=spread)

    def facts(self, i: int, model: LogisticRegression) -> dict[str, float]:
        scores = model.decision_function(self.sentences[i]).tolist()
        one = self.data[i]
        facts = relevance.article_facts(one.article.text, one.sentences, scores, self.known)
        self.comments[i] = facts.pop(relevance.COMMENT)
        return facts

    def _ask(self, question: str, x: np.ndarray, index: np.ndarray, bold: np.ndarray) -> Asked:
        """A question fitted on the articles to which it is put: whether an act is the subject, on those of the matter."""
        at = np.arange(len(index)) if question == "matter" else np.flatnonzero(self.grades[index] >= 1)
        middle, spread = x[at].mean(axis=0), (x[at].std(axis=0) + 1e-9) / bold
        scaled = sp.csr_matrix(np.clip((x[at] - middle) / spread, -CLIP * bold, CLIP * bold))
        model = LogisticRegression(C=ARTICLE_C[question], max_iter=2000, solver="liblinear")
        model.fit(sp.hstack([scaled, self.words[index[at]]]).tocsr(), self.grades[index[at]] >= YES_FROM[question])
        return Asked(model, middle, spread)

    def _odds(self, question: str, asked: Asked, x: np.ndarray, index: np.ndarray) -> np.ndarray:
        odds = asked.odds(x, self.words[index])
        return odds + asked.scale * COMMENT_ODDS * self.comments[index] if question == "act" else odds

    def fit(self, index: np.ndarray, seed: int) -> Fitted:
        """The models, over sentence scores, with calibration and a cut that are all out of fold within `index`."""
        vectorizer = DictVectorizer(sparse=False)
        x = vectorizer.fit_transform(self._facts_unseen(index, seed))
        bold = np.array([BOLD_SCALE if name.startswith(BOLD) else 1.0 for name in vectorizer.feature_names_])
        held = {question: np.zeros((CALIBRATIONS, len(index))) for question in relevance.QUESTIONS}
        for parting in range(CALIBRATIONS):
            for one, other in self.folds(index, seed + 20 + parting):
                for question, odds in held.items():
                    asked = self._ask(question, x[one], index[one], bold)
                    odds[parting, other] = self._odds(question, asked, x[other], index[other])
        questions, chance = {}, np.ones((CALIBRATIONS, len(index)))
        for question, odds in held.items():
            put = np.ones(len(index), bool) if question == "matter" else self.grades[index] >= 1
            yes = np.tile(self.grades[index][put] >= YES_FROM[question], CALIBRATIONS)
            scale, shift = platt(odds[:, put].ravel(), yes)
            questions[question] = replace(self._ask(question, x, index, bold), scale=scale, shift=shift)
            chance *= expit(scale * odds + shift)
        return Fitted(self.sentence_model(index), vectorizer, questions, best_cut(chance, self.grades[index] == 2))

    def _facts_unseen(self, index: np.ndarray, seed: int) -> list[dict[str, float]]:
        """The facts of each article over sentence models that have not seen it: the mean of several."""
        means: list[dict[str, float]] = [collections.defaultdict(float) for _ in index]
        for parting in range(PARTINGS):
            for one, other in self.folds(index, seed + 10 + parting):
                model = self.sentence_model(index[one])
                for at in other:
                    for name, value in self.facts(index[at], model).items():
                        means[at][name] += value / PARTINGS
        return [dict(mean) for mean in means]

    def chance(self, fitted: Fitted, index: np.ndarray) -> np.ndarray:
        """How likely each article is core."""
        x = fitted.vectorizer.transform([self.facts(i, fitted.sentence) for i in index])
        odds = [self._odds(question, asked, x, index) for question, asked in fitted.questions.items()]
        return np.prod(expit(np.array(odds)), axis=0)


@dataclass(frozen=True)
class Told:
    """What models say of articles that they have not seen: chances and judgements, a column for each repeat."""

    chance: np.ndarray
    core: np.ndarray


def out_of_fold(trainer: Trainer, index: np.ndarray, repeats: int) -> Told:
    """Each article of `index` judged by models, calibration and cut that never saw it nor another of its day."""
    told = Told(np.zeros((len(index), repeats)), np.zeros((len(index), repeats), bool))
    for repeat in range(repeats):
        for one, other in trainer.folds(index, repeat):
            fitted = trainer.fit(index[one], repeat)
            told.chance[other, repeat] = trainer.chance(fitted, index[other])
            told.core[other, repeat] = told.chance[other, repeat] >= fitted.cut
    return told


def platt(odds: np.ndarray, yes: np.ndarray) -> tuple[float, float]:
    """Scale and shift that make log-odds calibrated."""
    model = LogisticRegression(C=1e6).fit(odds.reshape(-1, 1), yes)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def measure(p: np.ndarray, core: np.ndarray, cut: float) -> tuple[float, float, float]:
    hits = float(((p >= cut) & core).sum())
    precision, recall = hits / max(1, (p >= cut).sum()), hits / core.sum()
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def best_cut(partings: np.ndarray, core: np.ndarray, around: float = 0.04) -> float:
    """The cut in whose neighbourhood the worse of precision and recall is nearest to its floor, over all partings.

    F1 is flat where they cross, and its peak wanders with a single article; their crossing does not.
    """
    grid = np.arange(0.05, 0.95, 0.01)
    near = np.mean([[_nearness(p, core, cut) for cut in grid] for p in partings], axis=0)
    smooth = [near[abs(grid - cut) <= around].mean() for cut in grid]
    return float(grid[int(np.argmax(smooth))])


def _nearness(p: np.ndarray, core: np.ndarray, cut: float) -> float:
    precision, recall, _ = measure(p, core, cut)
    return min(precision / FLOORS[0], recall / FLOORS[1])


def calibration_error(p: np.ndarray, core: np.ndarray, bins: int = 10) -> float:
    at = np.minimum((p * bins).astype(int), bins - 1)
    return sum(abs(p[at == b].mean() - core[at == b].mean()) * (at == b).mean() for b in range(bins) if (at == b).any())


def write(trainer: Trainer, fitted: Fitted, path: Path) -> None:
    tables = {"sentence": (["", *trainer.names], [fitted.sentence.intercept_[0], *fitted.sentence.coef_[0]])}
    for question, asked in fitted.questions.items():
        tables |= _tables(trainer, fitted, question, asked)
    arrays = {}
    for name, (names, weights) in tables.items():
        # Weights near nothing cost room and say nothing.
        keep = [(n, w) for n, w in zip(names, weights, strict=True) if abs(w) > 1e-3 or n == ""]
        arrays[f"{name}_names"] = np.array([n for n, _ in keep])
        arrays[f"{name}_weights"] = np.array([w for _, w in keep], dtype=np.float32)
    np.savez_compressed(path, cut=np.float64(fitted.cut), **arrays)
    sizes = ", ".join(f"{name} {len(names)}" for name, names in arrays.items() if "names" in name)
    print(f"{path}: {path.stat().st_size / 1e3:.0f} kB, cut {fitted.cut:.2f}, {sizes}")


def _tables(trainer: Trainer, fitted: Fitted, question: str, asked: Asked) -> dict[str, tuple[list, list]]:
    """Scaling and calibration folded into the weights of a question, so that nobody has to scale anything again."""
    count, scale = len(fitted.vectorizer.feature_names_), asked.scale
    facts, words = asked.model.coef_[0][:count] / asked.spread, asked.model.coef_[0][count:] * WORD_SCALE
    intercept = scale * (asked.model.intercept_[0] - float((facts * asked.middle).sum())) + asked.shift
    comment = scale * COMMENT_ODDS if question == "act" else 0.0
    names = trainer.vectorizer.feature_names_
    return {
        f"{question}_facts": (
            ["", *fitted.vectorizer.feature_names_, relevance.COMMENT],
            [intercept, *(scale * facts), comment],
        ),
        f"{question}_words": (
            names,
            [scale * w * trainer.idf[name] for name, w in zip(names, words, strict=True)],
        ),
    }


def report(what: str, told: Told, core: np.ndarray) -> None:
    """Figures of each repeat, as their mean."""
    repeats = range(told.chance.shape[1])
    precision, recall, f1 = np.mean([measure(told.core[:, r].astype(float), core, 0.5) for r in repeats], axis=0)
    ap = np.mean([average_precision_score(core, told.chance[:, r]) for r in repeats])
    error = np.mean([calibration_error(told.chance[:, r], core) for r in repeats])
    print(
        f"{what}: {len(core)} articles, {core.sum()} core: P {precision:.3f} R {recall:.3f} F1 {f1:.3f} AP {ap:.3f}"
        f" calibration error {error:.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=HERE.parents[2] / "shared")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="also write the weights into extractors/data")
    options = parser.parse_args()
    dossier = relevance.load_dossier(DOSSIER, with_model=False)
    trainer = Trainer(samples(options.shared, dossier), reports(dossier), dossier)
    core = trainer.grades == 2
    ours, gold = (np.flatnonzero([s.ours is own for s in trainer.data]) for own in (True, False))
    most = collections.Counter(trainer.data[i].house for i in ours[core[ours]]).most_common(1)[0][0]
    rest = np.array([trainer.data[i].house != most for i in ours])
    held, fits = out_of_fold(trainer, ours, options.repeats), [trainer.fit(ours, r) for r in range(options.repeats)]
    chance = np.column_stack([trainer.chance(fitted, gold) for fitted in fits])
    report("ours, out of fold", held, core[ours])
    report(f"of them not {most}", Told(held.chance[rest], held.core[rest]), core[ours[rest]])
    report("gold, never seen", Told(chance, chance >= [fitted.cut for fitted in fits]), core[gold])
    report("gold, as it ships", Told(chance[:, :1], chance[:, :1] >= fits[0].cut), core[gold])
    if options.write:
        write(trainer, fits[0], relevance.DATA / f"relevance-{DOSSIER}.npz")


if __name__ == "__main__":
    main()
