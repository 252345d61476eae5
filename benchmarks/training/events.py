"""Fits the judge of events on articles and reports that we labelled; measures on the gold articles, which it never learns from.

    python -m benchmarks.training.network ../shared/gold --out-of-fold OPINIONS.npz --write
    python -m benchmarks.training.events ../shared/gold --opinions OPINIONS.npz --out TOLD.jsonl [--write]

Thresholds and cuts are chosen on core articles of ours, each read by weights that have not seen it. `--write` writes
`extractors/data/weights/judge.json.gz`: names of features and weights, no text.
Needs scikit-learn (a development dependency); the labelled articles are not part of the project.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import importlib.util
import json
import math
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from extractors.events import attaching, judge, meetings, statuses
from extractors.events.around import Around
from extractors.events.candidates import candidates
from extractors.events.completing import completed
from extractors.events.cuts import share_of_cut
from extractors.events.directions import Direction, cost
from extractors.events.features import (
    TOLD,
    TYPES,
    Opinion,
    Parties,
    Spans,
    View,
    sentence_features,
    sentence_vector,
    views,
    worth_reading,
)
from extractors.events.fitting import hypotheses, party_features
from extractors.events.network import SIDES, STATUSES, heard
from extractors.events.reading import Reading, reading
from extractors.model import Article, PartKind, When
from extractors.ontology import SYMMETRIC, EventType, Status

ROOT = Path(__file__).resolve().parents[2]
_TEXTS = ("gold/meetings-articles.jsonl", "corpus/articles.jsonl.gz", "gold/articles.jsonl")
FOLDS = 4
_SEASON = "season-of-year"
# Regularisation of each model, chosen out of fold; and in how many sentences a feature must occur.
STRENGTH = {
    "types": 0.15,
    "mixed": 1.0,
    "keep": 0.3,
    "status": 1.0,
    "meetings": 0.3,
}
RARE = {
    "types": 4,
    "mixed": 1,
    "parties": 15,
    "keep": 10,
    "status": 4,
    "when": 4,
    "place": 4,
    "speaker": 4,
    "meetings": 5,
}
OWN, HELD = -1, -2
"""folds of the case sentences, which are always learned from, and of the gold articles, which never are"""
STEPS = 12
"""an opinion is kept as a whole number of twelfths of a unit of log-odds, up to ten and a half"""
Opinions = Mapping[str, Mapping[int, Opinion]]
"""the network's opinion of each sentence of an article, by id, from weights that have not seen the article"""


@dataclass(kw_only=True)
class Labelled:
    """An article with what people coded: the events of each sentence, and types that a sentence may tell again."""

    id: str
    fold: int
    reading: Reading
    seen: tuple[View, ...]
    around: Around
    events: list[dict[str, Any]]
    scored: bool = False
    """figures come from the gold articles alone, of which nothing is learned"""
    core: bool = False
    """a real core article that we labelled: on these, out of fold, the cuts are chosen"""
    told: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    maybe: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def scorer(folder: Path) -> Any:
    return _module(folder / "score.py")


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def article(row: dict[str, Any]) -> Article:
    told = datetime.fromisoformat(row["published"])
    body = tuple((PartKind.PARAGRAPH, line) for line in row["text"].split("\n") if line.strip())
    return Article.compose(
        url=f"gold:{row.get('id', '')}",
        headline=row.get("title") or "",
        teaser=row.get("teaser") or "",
        body=body,
        published_at=told if told.tzinfo else told.replace(tzinfo=UTC),
    )


def own_cases() -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    data = tomllib.loads((ROOT / "tests/extractors/cases/events.toml").read_text(encoding="utf-8"))
    for table in data.values():
        for case in table["cases"] if isinstance(table, dict) else ():
            row = {"published": case.get("published", data["published"]), "text": case["text"]}
            yield row, [{**_coding(told), "evidence": case["text"]} for told in case["events"]]


def _coding(told: str) -> dict[str, Any]:
    type_, parties, status = told.split()
    actors, recipients = (side.split(",") if side else [] for side in parties.split(">"))
    return {"type": type_, "actors": actors, "recipients": recipients, "status": status}


def more_articles(
    shared: Path, elsewhere: Path | None = None
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]], bool]]:
    """Real articles that we coded by reading, and whether they are core; `event-labels.jsonl` holds no text.

    Texts that do not lie in `shared` come from `elsewhere`, lines of the same form; labels whose text is not at hand are
    counted and left out. Articles on which announced meetings are measured are left out, too.
    """
    with (shared / "gold/meetings-articles.jsonl").open() as file:
        measured = {row["id"] for row in map(json.loads, file)}
    rows: dict[str, dict[str, Any]] = {}
    own = (elsewhere,) if elsewhere else ()
    for path in (*own, *map(shared.joinpath, _TEXTS)):
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            rows |= {row["id"]: row for row in map(json.loads, file)}
    missing = 0
    with (Path(__file__).parent / "event-labels.jsonl").open() as file:
        for told in map(json.loads, file):
            if told["id"] in measured:
                continue
            if told["id"] not in rows:
                missing += 1
                continue
            row = rows[told["id"]]
            text = article(row).text
            events = [{**e, "evidence": text[e["start"] : e["end"]]} for e in told["events"]]
            yield _until(row, text, told["until"]) if "until" in told else row, events, told["grade"] == 2
    if missing:
        print(f"{missing} labelled articles left out: their texts are not at hand (--texts FILE)", file=sys.stderr)


def _until(row: dict[str, Any], text: str, until: int) -> dict[str, Any]:
    """An article as far as it was coded: nobody read the rest of a long ticker."""
    head = sum(bool(row.get(name)) for name in ("title", "teaser"))
    return row | {"text": "\n".join(text[:until].split("\n")[head:])}


def own_reports() -> Iterator[tuple[dict[str, Any], list[dict[str, Any]], bool]]:
    """The reports of our own: one sentence a line, a blank line ends a paragraph, events point at lines."""
    for path in sorted((ROOT / "tests/extractors/cases/reports").glob("*.toml")):
        for report in tomllib.loads(path.read_text(encoding="utf-8"))["report"]:
            title, *rest = report["text"].strip().split("\n", 1)
            lines = [line for line in report["text"].splitlines() if line.strip()]
            teaser, *body = [" ".join(block.split("\n")) for block in rest[0].strip().split("\n\n")]
            row = {"id": report["id"], "published": report["published"], "title": title, "teaser": teaser}
            yield row | {"text": "\n".join(body)}, [_line_coding(told, lines) for told in report["events"]], False


def _line_coding(told: str, lines: Sequence[str]) -> dict[str, Any]:
    at, type_, actors, recipients, status, day, place, speaker = told.split("|")
    first, *last = (int(n) for n in at.split("-"))
    return {
        "type": type_,
        "actors": actors.split(","),
        "recipients": [code for code in recipients.split(",") if code],
        "status": status,
        "date": day or None,
        "place": place or None,
        "speaker": speaker or None,
        "evidence": " ".join(lines[first - 1 : (last or [first])[0]]),
    }


def labelled(
    row: dict[str, Any],
    events: list[dict[str, Any]],
    fold: int,
    words: Any,
    *,
    scored: bool = False,
    core: bool = False,
    opinions: Opinions | None = None,
) -> Labelled:
    read = reading(article(row))
    found = tuple(completed(read, c) for c in candidates(read))
    own = (opinions or {}).get(row.get("id", ""), {})
    seen = tuple(replace(view, opinion=own.get(i)) for i, view in enumerate(views(read, found)))
    one = Labelled(
        id=row.get("id", "own"),
        fold=fold,
        reading=read,
        seen=seen,
        around=Around(read, seen),
        events=events,
        scored=scored,
        core=core,
    )
    sentences = [words(read.document.text[s.start : s.end]) for s in read.document.sentences]
    for event in events:
        quoted = words(event["evidence"])
        shares = [_share(quoted, said) for said in sentences]
        best = int(np.argmax(shares))
        if shares[best] > 0.3:
            one.told[best].append(event)
        for i, share in enumerate(shares):
            if i != best and share > 0.8:
                one.maybe[i].add(event["type"])
    return one


def _share(quoted: set[str], said: set[str]) -> float:
    both = len(quoted & said)
    return (both / max(1, len(said)) / 2 if both >= min(3, len(said)) else 0.0) + both / max(1, len(quoted))


def same_parties(type_: EventType, event: dict[str, Any], parties: Any) -> bool:
    if type_ in SYMMETRIC:
        return {*event["actors"], *event["recipients"]} == {*parties[0], *parties[1]}
    return set(event["actors"]) == set(parties[0]) and set(event["recipients"]) == set(parties[1])


class Table:
    """Rows of features with labels and folds; fits a model for each fold, and one on all."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[dict[str, float]] = []
        self.vectors: list[np.ndarray] = []
        self.labels: list[int] = []
        self.folds: list[int] = []

    def add(self, row: dict[str, float], label: int, fold: int, vector: np.ndarray | None = None) -> None:
        self.rows.append(row)
        self.labels.append(label)
        self.folds.append(fold)
        if vector is not None:
            self.vectors.append(vector)

    def matrix(self) -> Any:
        self.names = DictVectorizer()
        matrix = self.names.fit_transform(self.rows).tocsr()
        self.kept = np.flatnonzero(np.asarray((matrix != 0).sum(0)).ravel() >= RARE[self.name])
        matrix = matrix[:, self.kept]
        return hstack([matrix, csr_matrix(np.array(self.vectors))]).tocsr() if self.vectors else matrix

    def fit(self, matrix: Any, labels: np.ndarray, rows: np.ndarray) -> LogisticRegression | None:
        rows = rows & (np.array(self.folds) != HELD)
        if labels[rows].sum() < 3 or labels[rows].all():
            return None
        model = LogisticRegression(C=STRENGTH[self.name], solver="liblinear")
        return model.fit(matrix[rows], labels[rows])

    def out_of_fold(self, matrix: Any, labels: np.ndarray) -> np.ndarray:
        folds, known = np.array(self.folds), labels >= 0
        found = np.zeros(len(folds))
        for fold in (*range(FOLDS), HELD):
            model = self.fit(matrix, (labels > 0).astype(int), (folds != fold) & known)
            if model is not None and (folds == fold).any():
                found[folds == fold] = model.predict_proba(matrix[folds == fold])[:, 1]
        return found

    def linear(self, matrix: Any, labels: np.ndarray) -> dict[str, Any]:
        model = self.fit(matrix, (labels > 0).astype(int), labels >= 0)
        if model is None:
            return {"bias": -8.0, "weights": {}}
        names = self.names.get_feature_names_out()[self.kept]
        weights = model.coef_[0]
        row = {n: round(float(w), 3) for n, w in zip(names, weights, strict=False) if abs(w) >= 0.01}
        told: dict[str, Any] = {"bias": round(float(model.intercept_[0]), 4), "weights": row}
        if self.vectors:
            told["vector"] = [round(float(w), 4) for w in weights[len(names) :]]
        return told


VECTOR = 6.0
PARTIES_PENALTY = 2.0


def fit(data: Sequence[Labelled], score: Any, options: argparse.Namespace) -> None:
    typed, shipped = fit_types(data)
    parties, chosen = fit_parties(data, typed)
    shipped["parties"] = parties
    proposals = assemble(data, typed, chosen)
    shipped |= fit_attachments(data)
    keep = fit_keep(data, proposals, score, shipped)
    shipped["meetings"], cut = fit_meetings(data, options.gold, judge._linear(parties), score)
    report(data, proposals, keep, score, options, shipped, cut)
    if options.write:
        with gzip.GzipFile(judge.PATH, "wb", mtime=0) as file:
            file.write(json.dumps(shipped, ensure_ascii=False, sort_keys=True).encode())
        print(f"wrote {judge.PATH} ({judge.PATH.stat().st_size} bytes)")


Typed = dict[tuple[int, int], np.ndarray]


def fit_types(data: Sequence[Labelled]) -> tuple[Typed, dict[str, Any]]:
    """For each sentence the probability of each type: a linear model's score, weighed with the network's."""
    table, at = Table("types"), []
    for a, one in enumerate(data):
        for i, view in enumerate(one.seen):
            if worth_reading(view) or one.told.get(i):
                table.add(sentence_features(view), 0, one.fold, sentence_vector(view) * VECTOR)
                at.append((a, i))
    matrix = table.matrix()
    scores, labels, models = [], [], {}
    for type_ in EventType:
        labels.append(np.array([_type_label(data[a], i, type_) for a, i in at]))
        scores.append(table.out_of_fold(matrix, labels[-1]))
        models[str(type_)] = table.linear(matrix, labels[-1])
        models[str(type_)]["vector"] = [w * VECTOR for w in models[str(type_)].get("vector", [0.0] * 96)]
    typed, mixed = mix(data, at, np.array(scores), np.array(labels))
    return typed, {"types": models, "mixed": mixed}


def mix(
    data: Sequence[Labelled], at: Sequence[tuple[int, int]], p: np.ndarray, labels: np.ndarray
) -> tuple[Typed, dict[str, Any]]:
    scores = np.log((p + 1e-9) / (1 - p + 1e-9))
    table, where = Table("mixed"), []
    for k, (a, i) in enumerate(at):
        opinion = data[a].seen[i].opinion
        if opinion is not None and data[a].fold != OWN:
            for t, type_ in enumerate(EventType):
                table.add(judge.mixture(type_, opinion, float(scores[t, k])), 0, data[a].fold)
                where.append((k, t))
    found = p.T.copy()
    if not where:
        return {at[k]: found[k] for k in range(len(at))}, {"bias": 0.0, "weights": {"linear": 1.0}}
    rows = np.array(where)
    matrix, told = table.matrix(), labels[rows[:, 1], rows[:, 0]]
    found[rows[:, 0], rows[:, 1]] = table.out_of_fold(matrix, told)
    quiet = [k for k, (a, i) in enumerate(at) if not worth_reading(data[a].seen[i])]
    found[quiet] = 0.0
    return {at[k]: found[k] for k in range(len(at))}, table.linear(matrix, told)


def _type_label(one: Labelled, i: int, type_: EventType) -> int:
    if any(event["type"] == type_ for event in one.told.get(i, ())):
        return 1
    return -1 if type_ in one.maybe.get(i, ()) else 0


def fit_parties(data: Sequence[Labelled], typed: Typed) -> Any:
    """A choice among the hypotheses of each act: the weights under which the coded parties are likeliest."""
    table, at, groups = Table("parties"), [], []
    for (a, i), row in typed.items():
        one = data[a]
        for t, type_ in enumerate(EventType):
            told = [event for event in one.told.get(i, ()) if event["type"] == type_]
            if not told and (row[t] < judge.FLOOR or one.fold == OWN):
                continue
            for option in hypotheses(one.seen[i], type_):
                if option[0]:
                    label = int(any(same_parties(type_, event, option) for event in told))
                    table.add(party_features(one.seen[i], type_, option), label, one.fold)
                    at.append((a, i, type_, option))
                    groups.append(hash((a, i, type_)))
    choice = Choice(table.matrix(), np.array(table.labels), np.array(groups), PARTIES_PENALTY)
    chosen: dict[Any, list[Any]] = defaultdict(list)
    for (a, i, type_, option), p in zip(at, choice.out_of_fold(np.array(table.folds)), strict=True):
        chosen[a, i, type_].append((p, option))
    names = table.names.get_feature_names_out()[table.kept]
    weights = choice.fit(np.array(table.folds) != HELD)
    row = {name: round(float(w), 3) for name, w in zip(names, weights, strict=True) if abs(w) >= 0.01}
    return {"bias": 0.0, "weights": row}, chosen


class Choice:
    """A conditional logit model: of each group of options one (or any of several) was chosen. McFadden 1974."""

    def __init__(self, matrix: Any, chosen: np.ndarray, groups: np.ndarray, penalty: float) -> None:
        self.matrix, self.chosen, self.groups, self.penalty = matrix, chosen.astype(float), groups, penalty
        starts, group = runs(groups)
        self.told = (np.add.reduceat(self.chosen, starts) > 0)[group]

    def fit(self, use: np.ndarray) -> np.ndarray:
        live = use & self.told
        matrix, chosen, (starts, group) = self.matrix[live], self.chosen[live], runs(self.groups[live])
        turned = matrix.T.tocsr()

        def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
            odds, all_ = shares(matrix @ weights, starts, group)
            right = np.add.reduceat(odds * chosen, starts)
            value = np.log(all_).sum() - np.log(right).sum() + self.penalty / 2 * weights @ weights
            slope = odds / all_[group] - odds * chosen / right[group]
            return float(value), turned @ slope + self.penalty * weights

        start = np.zeros(matrix.shape[1])
        return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 120}).x)

    def out_of_fold(self, folds: np.ndarray) -> np.ndarray:
        found = np.zeros(len(folds))
        for fold in (*range(FOLDS), HELD):
            away = folds == fold
            if away.any():
                starts, group = runs(self.groups[away])
                odds, all_ = shares(self.matrix[away] @ self.fit(~away & (folds != HELD)), starts, group)
                found[away] = odds / all_[group]
        return found


def runs(groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each run of equal values starts, and the number of each value's run."""
    new = np.r_[True, groups[1:] != groups[:-1]]
    return np.flatnonzero(new), np.cumsum(new) - 1


def shares(scores: np.ndarray, starts: np.ndarray, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The odds of each option against its group's best, and their sum for each group."""
    odds = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
    return odds, np.add.reduceat(odds, starts)


def assemble(data: Sequence[Labelled], typed: Any, chosen: Any) -> dict[int, list[judge.Proposal]]:
    found: dict[int, list[judge.Proposal]] = defaultdict(list)
    order = {type_: t for t, type_ in enumerate(EventType)}
    for (a, i, type_), options in sorted(chosen.items(), key=lambda item: (item[0][0], item[0][1], order[item[0][2]])):
        p_type = float(typed[a, i][order[type_]])
        if data[a].fold == OWN or p_type < judge.FLOOR:
            continue
        view = data[a].seen[i]
        best_p, best = max(by_syntax(view.directions.get(type_, ()), options))
        found[a].append(
            judge.Proposal(
                type=type_,
                parties=best,
                seen=view,
                p_type=p_type,
                p_parties=best_p,
                candidate=judge._nearest(view, type_, best),
            )
        )
    return found


def by_syntax(sure: Sequence[Direction], options: Sequence[tuple[float, Parties]]) -> list[tuple[float, Parties]]:
    """The shares of the readings with what each loses for what it turns round, as the coder takes it off."""
    odds = [p * math.exp(-cost(sure, *h)) for p, h in options]
    return [(one / sum(odds), h) for one, (_, h) in zip(odds, options, strict=True)]


def as_event(one: Labelled, p: judge.Proposal) -> dict[str, Any]:
    s = p.seen.sentence
    return {
        "type": str(p.type), "actors": list(p.parties[0]), "recipients": list(p.parties[1]), "status": "past",
        "evidence": one.reading.document.text[s.start : s.end],
    }  # fmt: skip


def fit_keep(data: Sequence[Labelled], proposals: Any, score: Any, shipped: dict[str, Any]) -> dict[int, np.ndarray]:
    table, at = Table("keep"), []
    for a, found in proposals.items():
        told = [as_event(data[a], p) for p in found]
        pairs = score.pair(data[a].events, told, score.same_act)
        right = {id(guess) for _, guess in pairs}
        for k, (row, event) in enumerate(zip(judge.keep_features(found), told, strict=True)):
            table.add(row, int(id(event) in right), data[a].fold)
            at.append((a, k))
    matrix, labels = table.matrix(), np.array(table.labels)
    p = table.out_of_fold(matrix, labels)
    shipped["keep"] = table.linear(matrix, labels)
    kept: dict[int, np.ndarray] = {a: np.zeros(len(found)) for a, found in proposals.items()}
    for (a, k), value in zip(at, p, strict=True):
        kept[a][k] = value
    bins = np.clip((p * 10).astype(int), 0, 9)
    error = sum(
        abs(p[bins == b].mean() - labels[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any()
    )
    print(
        f"keep: {labels.sum()} right of {len(labels)} proposals; calibration error (10 bins, out of fold) {error:.3f}"
    )
    return kept


def gold_proposals(one: Labelled) -> Iterator[tuple[dict[str, Any], judge.Proposal]]:
    for i, events in one.told.items():
        for event in events:
            parties = (tuple(sorted(event["actors"])), tuple(sorted(event["recipients"])))
            type_ = EventType(event["type"])
            candidate = judge._nearest(one.seen[i], type_, parties)
            yield (
                event,
                judge.Proposal(
                    type=type_, parties=parties, seen=one.seen[i], p_type=1.0, p_parties=1.0, candidate=candidate
                ),
            )


class Attachments:
    """The models for time, place and speaker, then status, which needs the time: one for each fold, and one on all.

    Time, place and speaker are each a choice among what the article offers and nothing at all (`NOTHING`).
    """

    NOTHING = "nothing told"
    PENALTY = 4.0

    def __init__(self, data: Sequence[Labelled]) -> None:
        self.tables = {name: Table(name) for name in ("when", "place", "speaker")}
        self.groups: dict[str, list[int]] = {name: [] for name in self.tables}
        self.golds = [(one, event, p) for one in data for event, p in gold_proposals(one)]
        for k, (one, event, p) in enumerate(self.golds):
            if "date" in event:
                self.add(k, one, event, p)
        self.choices = {
            name: Choice(table.matrix(), np.array(table.labels), np.array(self.groups[name]), self.PENALTY)
            for name, table in self.tables.items()
        }
        self.first = {fold: self.fitted(fold) for fold in (*range(FOLDS), HELD)}
        self.status = Table("status")
        self.states = [event["status"] for _, event, _ in self.golds]
        for one, _, p in self.golds:
            # The time as the coder will see it: by weights that have not seen the article.
            when = attaching.best_time(_judge(self.first.get(one.fold, self.first[HELD])), one.around, p)
            self.status.add(statuses.status_features(one.reading, p, when), 0, one.fold)
        self.matrix = self.status.matrix()

    def add(self, k: int, one: Labelled, event: dict[str, Any], p: judge.Proposal) -> None:
        rows = (
            ("when", attaching.time_options, "date"),
            ("place", attaching.place_options, "place"),
            ("speaker", attaching.speaker_options, "speaker"),
        )
        for name, options, fact in rows:
            told = (event[fact] or "").casefold() if name == "place" else event[fact]
            found = options(one.around, p)
            for option in found:
                self.tables[name].add(option.features, int(_is_told(option, told)), one.fold)
            self.tables[name].add({self.NOTHING: 1.0}, int(not told), one.fold)
            self.groups[name] += [k] * (len(found) + 1)

    def fitted(self, without: int) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, table in self.tables.items():
            folds = np.array(table.folds)
            weights = self.choices[name].fit((folds != without) & (folds != HELD))
            names = table.names.get_feature_names_out()[table.kept]
            row = {n: round(float(w), 3) for n, w in zip(names, weights, strict=True) if abs(w) >= 0.01}
            told[name] = {"bias": -row.pop(self.NOTHING, 0.0), "weights": row}
        return told | {"status": {}}

    def all_of(self, without: int) -> dict[str, Any]:
        told = self.first[without]
        for status in Status:
            labels = np.array([int(s == status) for s in self.states])
            labels = np.where(np.array(self.status.folds) == without, -1, labels)
            told["status"][str(status)] = self.status.linear(self.matrix, labels)
        return told


def _is_told(option: attaching.Option[Any], told: str | None) -> bool:
    """Whether a label names an option. Our coders wrote a season as its year, the codebook as its months."""
    if isinstance(option.value, When) and option.value.rule == _SEASON and told == f"{option.value.first:%Y}":
        return True
    return option.key == told


def fit_attachments(data: Sequence[Labelled]) -> dict[str, Any]:
    found = Attachments(data)
    held = found.all_of(HELD)
    return held | {"folds": {fold: found.all_of(fold) for fold in range(FOLDS)} | {HELD: held}}


class Announced:
    """Meetings that may be announced, in articles of ours and in those on which they are measured."""

    def __init__(self, data: Sequence[Labelled], folder: Path, parties: judge.Linear, score: Any) -> None:
        self.scorer, self.parties = _module(folder / "score_meetings.py"), parties
        self.table, self.at = Table("meetings"), []
        self.golds: dict[str, dict[str, Any]] = {}
        self.ours: set[str] = set()
        """real core articles that we labelled"""
        for one in data:
            if one.fold >= 0:
                self.ours.update([one.id] * one.core)
                own = [e for e in one.events if e["type"] == EventType.CONSULT and e["status"] == Status.PLANNED]
                self.add(one.id, one.reading, one.seen, own, one.fold)
        known = {one.id: one for one in data if one.scored}
        golds = self.scorer.rows(folder / "meetings.jsonl")
        for row in score.lines(folder / "meetings-articles.jsonl"):
            read = reading(article(row))
            own = known[row["id"]].seen if row["id"] in known else None
            seen = own or heard(read, views(read, tuple(completed(read, c) for c in candidates(read))))
            self.add(row["id"], read, seen, golds[row["id"]]["meetings"], HELD)

    def add(self, id_: str, read: Reading, seen: Sequence[View], golds: list[dict[str, Any]], fold: int) -> None:
        self.golds[id_] = {"meetings": golds, "fold": fold}
        for one in meetings.meetings(read, seen, self.parties):
            event = {"actors": one.proposal.parties[0], "recipients": (), "date": one.when.iso if one.when else None}
            right = any(self.scorer.right(g, event) for g in golds)
            self.table.add(one.features, int(right), fold)
            self.at.append((id_, one, event))

    def figures(self, p: np.ndarray, cut: float, held: bool) -> tuple[int, int, int]:
        """Right, told and announced: by the words that name a meeting alone."""
        golds = {
            id_: g["meetings"] for id_, g in self.golds.items() if (g["fold"] == HELD if held else id_ in self.ours)
        }
        words: dict[Any, list[Any]] = defaultdict(list)
        for (id_, one, event), value in zip(self.at, p, strict=True):
            if id_ in golds:
                words[id_, one.proposal.seen.sentence.index, one.proposal.anchor].append((value, one, event))
        told: dict[str, dict[Any, Any]] = defaultdict(dict)
        for (id_, *_), options in words.items():
            _, one, event = next((o for o in options if o[1].certain), max(options, key=lambda o: o[0]))
            if max(o[0] for o in options) >= cut * share_of_cut(one):
                told[id_].setdefault(one.key, event)
        hits = sum(len(self.scorer.pairs(gold, list(told[id_].values()))) for id_, gold in golds.items())
        return hits, sum(map(len, told.values())), sum(map(len, golds.values()))


def fit_meetings(data: Sequence[Labelled], folder: Path, parties: judge.Linear, score: Any) -> tuple[Any, float]:
    """What tells an announced meeting from others, and the cut that is best on articles of ours, out of fold."""
    found = Announced(data, folder, parties, score)
    matrix, labels = found.table.matrix(), np.array(found.table.labels)
    p = found.table.out_of_fold(matrix, labels)
    best = (0.0, 0.5)
    for cut in np.arange(0.2, 0.7, 0.05):
        for held in (False, True):
            hits, told, all_ = found.figures(p, cut, held)
            precision, recall = hits / max(1, told), hits / max(1, all_)
            print(
                f"meetings, {'gold' if held else 'ours'}, cut {cut:.2f}: P {precision:.3f} R {recall:.3f} ({hits} of {all_})"
            )
            if not held:
                best = max(best, (2 * hits / max(1, told + all_), float(cut)))
    return found.table.linear(matrix, labels), best[1]


def report(
    data: Sequence[Labelled],
    proposals: dict[int, list[judge.Proposal]],
    keep: dict[int, np.ndarray],
    score: Any,
    options: argparse.Namespace,
    shipped: dict[str, Any],
    meetings_cut: float,
) -> None:
    """Chooses the cuts on core articles of ours, out of fold; then reads the gold articles once."""
    rows = shipped.pop("folds")
    folds = {fold: _judge(row) for fold, row in rows.items()}
    coded = {
        a: [attached(data[a], p, v, folds[data[a].fold]) for p, v in zip(found, keep[a], strict=True)]
        for a, found in proposals.items()
        if data[a].scored or data[a].core
    }
    ours = Measured(data, coded, score, lambda one: one.core)
    shipped["threshold"], shipped["cuts"] = chosen_cuts(ours)
    shipped["cuts"]["meetings"] = meetings_cut
    shipped["statements"] = options.statements
    print(f"threshold {shipped['threshold']}, cuts {shipped['cuts']}")
    for name, measured in (("ours", ours), ("gold", Measured(data, coded, score, lambda one: one.scored))):
        told = measured.told(shipped["threshold"], shipped["cuts"], options.statements)
        found = measured.score(told)
        print(f"--- {name}: {found['articles']} articles")
        for figure in ("event", "triple", "quad", "meetings", "STATE", "macro F1 over types with >= 5 gold events"):
            print(figure, found[figure])
        print({kind: (row["p"], row["r"], row["f1"]) for kind, row in found["by type"].items()})
        print(json.dumps(found["among the paired"], ensure_ascii=False))
    if options.out:
        with Path(options.out).open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in told)


INVENTED = {"date": 0.948, "place": 0.885, "speaker": 0.93}
"""how often nothing must be told where nothing is told, on articles of ours: enough for .93, .86 and .90 on others"""
TWO_CUTS = frozenset({"date"})
"""What a sentence tells is believed sooner than what another does; of places that was no gain."""
PLATEAU = 0.004
"""thresholds whose worth is so near the best are as good: the highest is taken, under which what is told is surest"""


class Measured:
    """Proposals of some articles with all that may be attached to them, to be scored under any cuts."""

    def __init__(self, data: Sequence[Labelled], coded: Any, score: Any, which: Any) -> None:
        self.at = [a for a, one in enumerate(data) if which(one)]
        self.coded, self.scorer, self.data = coded, score, data
        self.golds = [{"id": str(a), "grade": 2, "events": data[a].events} for a in self.at]
        self.articles = [
            {"id": str(a), "title": "", "teaser": "", "text": data[a].reading.article.text} for a in self.at
        ]

    def told(self, threshold: float, cuts: Mapping[str, float], statements: float) -> list[dict[str, Any]]:
        found = []
        for a in self.at:
            kept = [e for e in self.coded.get(a, ()) if e["p"] >= (statements if e["type"] == "STATE" else threshold)]
            found.append({"id": str(a), "score": 1.0, "relevant": True, "events": [_cut(e, cuts) for e in kept]})
        return found

    def pairs(self, threshold: float) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Coded events with what the judge tells of them, whatever the cuts."""
        for a, gold in zip(self.at, self.golds, strict=True):
            kept = [e for e in self.coded.get(a, ()) if e["p"] >= (0.9 if e["type"] == "STATE" else threshold)]
            yield from self.scorer.pair(gold["events"], kept, self.scorer.same_act)

    def score(self, told: list[dict[str, Any]]) -> dict[str, Any]:
        return dict(self.scorer.score(self.articles, self.golds, told)[0])


def _cut(event: dict[str, Any], cuts: Mapping[str, float]) -> dict[str, Any]:
    said = dict(event)
    for fact, name in (("date", "when"), ("place", "place"), ("speaker", "speaker")):
        if event[f"{fact} score"] <= cuts[f"{name} beyond" if event[f"{fact} beyond"] else name]:
            said[fact] = None
    states = event["states"]
    said["status"] = max(states, key=lambda s: states[s] + cuts["status"] * (s != Status.PAST))
    return said


def believed(ours: Measured, threshold: float, fact: str) -> tuple[float, float]:
    """The cuts for a fact of the act's own sentence and for one from beyond it, under which most are right."""
    told = [
        (gold[fact] or "", guess[fact] or "", guess[f"{fact} score"], guess[f"{fact} beyond"])
        for gold, guess in ours.pairs(threshold)
        if fact in gold
    ]
    golds, guesses = (np.char.lower(np.array([row[k] for row in told], dtype=str)) for k in (0, 1))
    scores, beyond = np.array([row[2] for row in told]), np.array([row[3] for row in told])
    untold, best = golds == "", (-1, 0.0, 0.0)
    for near in np.arange(-3.0, 3.0, 0.1):
        for far in np.arange(-3.0, 3.0, 0.1) if fact in TWO_CUTS else (near,):
            kept = scores > np.where(beyond, far, near)
            if (kept & untold).sum() <= (1 - INVENTED[fact]) * untold.sum():
                best = max(best, (int((kept & (golds == guesses)).sum()), round(float(near), 1), round(float(far), 1)))
    return best[1:]


def chosen_cuts(ours: Measured) -> tuple[float, dict[str, float]]:
    """The threshold of best event and triple F1; the cuts that find most and do not invent too often; the best for statuses."""
    cuts = {f"{name}{where}": 0.0 for name in ("when", "place", "speaker") for where in ("", " beyond")} | {
        "status": 0.0
    }

    def worth(threshold: float) -> float:
        found = ours.score(ours.told(threshold, cuts, 0.9))
        return float(found["event"]["f1"] + found["triple"]["f1"])

    worths = {step / 100: worth(step / 100) for step in range(10, 50, 2)}
    threshold = max(t for t, found in worths.items() if found >= max(worths.values()) - PLATEAU)
    for fact, name in (("date", "when"), ("place", "place"), ("speaker", "speaker")):
        cuts[name], cuts[f"{name} beyond"] = believed(ours, threshold, fact)

    def standing(bonus: float) -> float:
        found = ours.score(ours.told(threshold, cuts | {"status": bonus}, 0.9))["among the paired"]
        return float(found["status"] + found["status macro F1"])

    cuts["status"] = max((round(float(b), 1) for b in np.arange(0.0, 1.6, 0.2)), key=standing)
    return threshold, cuts


def attached(one: Labelled, p: judge.Proposal, value: float, known: judge.Judge) -> dict[str, Any]:
    """A proposal as an event, with the score of whatever may be attached."""
    found: dict[str, Any] = {"p": float(value), "rule": p.candidate.rule if p.candidate else "words"}
    rows = (
        ("date", known.when, attaching.time_options, lambda when: when.iso),
        ("place", known.place, attaching.place_options, lambda place: place.name),
        ("speaker", known.speaker, attaching.speaker_options, str),
    )
    when = None
    for fact, model, options, told in rows:
        best = attaching.best(model, options(one.around, p))
        found[fact], found[f"{fact} score"] = (told(best[0].value), best[1]) if best else (None, -9.0)
        found[f"{fact} beyond"] = best is not None and best[0].beyond
        if fact == "date" and best and best[1] > 0:
            when = best[0].value
    features = statuses.status_features(one.reading, p, when)
    open_ = statuses.possible(known.status, one.reading, when)
    states = {name: known.status[name].score(features) for name in open_}
    return as_event(one, p) | found | {"states": states}


def _judge(row: dict[str, Any]) -> judge.Judge:
    empty = {"bias": 0.0, "weights": {}}
    return judge.read(
        {
            "types": {},
            "mixed": empty,
            "parties": empty,
            "keep": empty,
            "meetings": empty,
            "threshold": 0,
            "statements": 0,
            **row,
        }
    )


def gather(gold: Path, told: Opinions, elsewhere: Path | None = None) -> list[Labelled]:
    """The gold articles (scored), the articles and reports that we labelled, and the case sentences."""
    score = scorer(gold)
    rows = {row["id"]: row for row in score.lines(gold / "articles.jsonl")}
    golds = [row for row in score.lines(gold / "gold.jsonl") if row["events"] is not None]
    data = [labelled(rows[g["id"]], g["events"], HELD, score.words, scored=True, opinions=told) for g in golds]
    more = [*more_articles(gold.parent, elsewhere), *own_reports()]
    data += [
        labelled(row, events, k % FOLDS, score.words, core=core, opinions=told)
        for k, (row, events, core) in enumerate(more)
    ]
    cases = [labelled(row, events, OWN, score.words) for row, events in own_cases()]
    print(f"{len(golds)} gold articles, {len(more)} labelled by us, {len(cases)} sentences of our own", file=sys.stderr)
    return data + cases


def opinion_key(id_: str, sentence: int, about: Sequence[Sequence[str]]) -> str:
    """An article's id, a sentence's number, and what its scores are about: codes, times and places."""
    return "|".join((id_, str(sentence), *(";".join(found) for found in about)))


def opinions(path: Path) -> Opinions:
    """What `benchmarks/training/network.py` wrote with `--out-of-fold`."""
    found: dict[str, dict[int, Opinion]] = defaultdict(dict)
    with np.load(path) as file:
        scores, types, at = file["scores"].astype(np.float32) / STEPS, len(EventType), 0
        for key in file["keys"]:
            id_, i, rest = str(key).split("|", 2)
            # The code of several states at once holds the mark too.
            codes, whens, wheres = (tuple(one for one in row.split(";") if one) for row in rest.rsplit("|", 2))
            sizes = [len(codes)] * len(SIDES) + [len(STATUSES), len(TOLD), len(whens), len(wheres)]
            shapes = [(types,), *((types, size) for size in sizes)]
            own = []
            for shape in shapes:
                size = int(np.prod(shape))
                own.append(scores[at : at + size].reshape(shape))
                at += size
            names = ("types", "actors", "recipients", "speakers", "statuses", "told")
            *own, times, places = own
            spans = functools.partial(_spans, (whens, times), (wheres, places))
            found[id_][int(i)] = Opinion(codes=codes, **dict(zip(names, own, strict=True)), spans=spans)
    return found


def _spans(
    times: tuple[Sequence[str], np.ndarray], places: tuple[Sequence[str], np.ndarray], type_: EventType
) -> Spans:
    of_type = TYPES.index(type_)
    return Spans(*(dict(zip(keys, odds[of_type].tolist(), strict=True)) for keys, odds in (times, places)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="folder with articles.jsonl, gold.jsonl and score.py")
    parser.add_argument("--out", help="write the out-of-fold predictions, for score.py")
    parser.add_argument(
        "--opinions",
        type=Path,
        required=True,
        help="the network's out-of-fold opinions, by benchmarks/training/network.py",
    )
    parser.add_argument("--texts", type=Path, help="labelled articles that do not lie beside the gold articles")
    parser.add_argument("--write", action="store_true", help="write the weights")
    parser.add_argument("--statements", type=float, default=0.3, help="threshold of STATE")
    options = parser.parse_args()
    score = scorer(options.gold)
    data = gather(options.gold, opinions(options.opinions), options.texts)
    fit(data, score, options)


if __name__ == "__main__":
    main()
