"""Fits the judge of events on labelled articles and our own case sentences; measures out of fold, by article.

    python benchmarks/training/events.py ../shared/gold --out OOF.jsonl [--write]

Every figure it prints comes from articles that the weights in question have not seen. `--write` fits on all
and writes `extractors/data/weights/judge.json.gz`: names of features and weights, no text.
Needs scikit-learn (a development dependency); the labelled articles are not part of the project.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
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

from extractors.events import attaching, judge, meetings
from extractors.events.around import Around
from extractors.events.candidates import candidates, completed
from extractors.events.coding import FIXED
from extractors.events.features import (
    Opinion,
    View,
    hypotheses,
    party_features,
    sentence_features,
    sentence_vector,
    views,
    worth_reading,
)
from extractors.events.network import heard
from extractors.events.reading import Reading, reading
from extractors.model import Article, PartKind
from extractors.ontology import SYMMETRIC, EventType, Status

ROOT = Path(__file__).resolve().parents[2]
FOLDS = 8
# Regularisation of each model, chosen out of fold; and in how many sentences a feature must occur.
STRENGTH = {
    "types": 0.15,
    "mixed": 1.0,
    "keep": 0.3,
    "status": 1.0,
    "when": 0.2,
    "place": 0.1,
    "speaker": 0.2,
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
OWN = -1
STEPS = 12
"""an opinion is kept as a whole number of twelfths of a unit of log-odds, up to ten and a half"""
Opinions = Mapping[str, Mapping[int, Opinion]]
"""the network's opinion of each sentence of an article, by id, from weights that have not seen the article"""
# From which score a time, place or speaker is told; what a status other than past is favoured by. Chosen out of fold.
CUTS = {"when": 0.0, "place": -1.2, "speaker": 0.0, "status": 0.6, "meetings": 0.4}


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
    """figures come from the gold articles alone; what we labelled ourselves is learned from"""
    told: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    maybe: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def scorer(folder: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
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
        published_at=told if told.tzinfo else told.replace(hour=12, tzinfo=UTC),
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


def more_articles(shared: Path) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Real articles that we coded by reading; `event-labels.jsonl` holds ids, offsets and codes, no text."""
    rows: dict[str, dict[str, Any]] = {}
    for name in ("gold/meetings-articles.jsonl", "corpus/articles.jsonl.gz", "gold/articles.jsonl"):
        path = shared / name
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            rows |= {row["id"]: row for row in map(json.loads, file)}
    with (Path(__file__).parent / "event-labels.jsonl").open() as file:
        for told in map(json.loads, file):
            text = article(rows[told["id"]]).text
            yield rows[told["id"]], [{**e, "evidence": text[e["start"] : e["end"]]} for e in told["events"]]


def own_reports() -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The reports of our own: one sentence a line, a blank line ends a paragraph, events point at lines."""
    for path in sorted((ROOT / "tests/extractors/cases/reports").glob("*.toml")):
        for report in tomllib.loads(path.read_text(encoding="utf-8"))["report"]:
            title, *rest = report["text"].strip().split("\n", 1)
            lines = [line for line in report["text"].splitlines() if line.strip()]
            teaser, *body = [" ".join(block.split("\n")) for block in rest[0].strip().split("\n\n")]
            row = {"id": report["id"], "published": report["published"], "title": title, "teaser": teaser}
            yield row | {"text": "\n".join(body)}, [_line_coding(told, lines) for told in report["events"]]


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
        if labels[rows].sum() < 3 or labels[rows].all():
            return None
        model = LogisticRegression(C=STRENGTH[self.name], solver="liblinear")
        return model.fit(matrix[rows], labels[rows])

    def out_of_fold(self, matrix: Any, labels: np.ndarray) -> np.ndarray:
        folds, known = np.array(self.folds), labels >= 0
        found = np.zeros(len(folds))
        for fold in range(FOLDS):
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


def fit(data: Sequence[Labelled], score: Any, options: argparse.Namespace) -> None:
    typed, shipped = fit_types(data)
    parties, chosen = fit_parties(data, typed)
    shipped["parties"] = parties
    proposals = assemble(data, typed, chosen)
    shipped |= fit_attachments(data)
    keep = fit_keep(data, proposals, score, shipped)
    shipped["meetings"] = fit_meetings(options.gold, judge._linear(parties), score, {one.id: one for one in data})
    report(data, proposals, keep, score, options, shipped)
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
    choice = Choice(table.matrix(), np.array(table.labels), np.array(groups))
    chosen: dict[Any, list[Any]] = defaultdict(list)
    for (a, i, type_, option), p in zip(at, choice.out_of_fold(np.array(table.folds)), strict=True):
        chosen[a, i, type_].append((p, option))
    names = table.names.get_feature_names_out()[table.kept]
    weights = choice.fit(np.ones(len(at), dtype=bool))
    row = {name: round(float(w), 3) for name, w in zip(names, weights, strict=True) if abs(w) >= 0.01}
    return {"bias": 0.0, "weights": row}, chosen


class Choice:
    """A conditional logit model: of each group of options one (or any of several) was chosen. McFadden 1974."""

    PENALTY = 2.0

    def __init__(self, matrix: Any, chosen: np.ndarray, groups: np.ndarray) -> None:
        self.matrix, self.chosen, self.groups = matrix, chosen.astype(float), groups
        starts, group = runs(groups)
        self.told = (np.add.reduceat(self.chosen, starts) > 0)[group]

    def fit(self, use: np.ndarray) -> np.ndarray:
        live = use & self.told
        matrix, chosen, (starts, group) = self.matrix[live], self.chosen[live], runs(self.groups[live])
        turned = matrix.T.tocsr()

        def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
            odds, all_ = shares(matrix @ weights, starts, group)
            right = np.add.reduceat(odds * chosen, starts)
            value = np.log(all_).sum() - np.log(right).sum() + self.PENALTY / 2 * weights @ weights
            slope = odds / all_[group] - odds * chosen / right[group]
            return float(value), turned @ slope + self.PENALTY * weights

        start = np.zeros(matrix.shape[1])
        return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 120}).x)

    def out_of_fold(self, folds: np.ndarray) -> np.ndarray:
        found = np.zeros(len(folds))
        for fold in range(FOLDS):
            away = folds == fold
            if away.any():
                starts, group = runs(self.groups[away])
                odds, all_ = shares(self.matrix[away] @ self.fit(~away), starts, group)
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
        best_p, best = max(options)
        view = data[a].seen[i]
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
    """The models for time, place and speaker, then status, which needs the time: one for each fold, and one on all."""

    def __init__(self, data: Sequence[Labelled]) -> None:
        self.tables = {name: Table(name) for name in ("when", "place", "speaker")}
        self.golds = [(one, event, p) for one in data for event, p in gold_proposals(one)]
        for one, event, p in self.golds:
            if "date" in event:
                self.add(one, event, p)
        self.first = {fold: self.fitted(fold) for fold in (*range(FOLDS), None)}
        self.status = Table("status")
        self.states = [event["status"] for _, event, _ in self.golds]
        for one, _, p in self.golds:
            # The time as the coder will see it: by weights that have not seen the article.
            when = attaching.best_time(_judge(self.first.get(one.fold, self.first[None])), one.around, p)
            self.status.add(attaching.status_features(one.reading, p, when), 0, one.fold)
        self.matrix = self.status.matrix()

    def add(self, one: Labelled, event: dict[str, Any], p: judge.Proposal) -> None:
        rows = (
            ("when", attaching.time_options, "date"),
            ("place", attaching.place_options, "place"),
            ("speaker", attaching.speaker_options, "speaker"),
        )
        for name, options, fact in rows:
            told = (event[fact] or "").casefold() if name == "place" else event[fact]
            for option in options(one.around, p):
                self.tables[name].add(option.features, int(option.key == told), one.fold)

    def fitted(self, without: int | None) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, table in self.tables.items():
            if not hasattr(table, "ready"):
                table.ready = table.matrix()
            labels = np.array(table.labels)
            told[name] = table.linear(table.ready, np.where(np.array(table.folds) == without, -1, labels))
        return told | {"status": {}}

    def all_of(self, without: int | None) -> dict[str, Any]:
        told = self.first[without]
        for status in Status:
            labels = np.array([int(s == status) for s in self.states])
            labels = np.where(np.array(self.status.folds) == without, -1, labels)
            told["status"][str(status)] = self.status.linear(self.matrix, labels)
        return told


def fit_attachments(data: Sequence[Labelled]) -> dict[str, Any]:
    found = Attachments(data)
    return found.all_of(None) | {"folds": {fold: found.all_of(fold) for fold in range(FOLDS)}}


def fit_meetings(folder: Path, parties: judge.Linear, score: Any, known: Mapping[str, Labelled]) -> dict[str, Any]:
    """What tells an announced meeting from others; its parties come from weights fitted on some of the same articles."""
    spec = importlib.util.spec_from_file_location("score_meetings", folder / "score_meetings.py")
    assert spec is not None
    assert spec.loader is not None
    scorer_ = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer_)
    golds = scorer_.rows(folder / "meetings.jsonl")
    table, at = Table("meetings"), []
    for k, row in enumerate(score.lines(folder / "meetings-articles.jsonl")):
        read = reading(article(row))
        seen = views(read, tuple(completed(read, c) for c in candidates(read)))
        seen = known[row["id"]].seen if row["id"] in known else heard(read, seen)
        for one in meetings.meetings(read, seen, parties):
            event = {"actors": one.proposal.parties[0], "recipients": (), "date": one.when.iso if one.when else None}
            right = any(scorer_.right(g, event) for g in golds[row["id"]]["meetings"])
            table.add(one.features, int(right), k % FOLDS)
            at.append((row["id"], one, event))
    reach: dict[str, list[Any]] = defaultdict(list)
    for id_, _, event in at:
        reach[id_].append(event)
    hits = sum(len(scorer_.pairs(gold["meetings"], reach[id_])) for id_, gold in golds.items())
    print(f"meetings in reach: {hits}")
    matrix, labels = table.matrix(), np.array(table.labels)
    p = table.out_of_fold(matrix, labels)
    for cut in (0.2, 0.3, 0.4, 0.5, 0.6):
        told: dict[str, dict[Any, Any]] = defaultdict(dict)
        words: dict[Any, list[Any]] = defaultdict(list)
        for (id_, one, event), value in zip(at, p, strict=True):
            words[id_, one.proposal.seen.sentence.index, one.proposal.anchor].append((value, one, event))
        for (id_, *_), options in words.items():
            # As `meetings.chosen` and `coding` do: where a row fixes the parties, that reading stands.
            _, one, event = next((o for o in options if o[1].certain), max(options, key=lambda o: o[0]))
            if max(o[0] for o in options) >= cut * (FIXED if one.certain else 1.0):
                told[id_].setdefault(one.key, event)
        hits = sum(len(scorer_.pairs(gold["meetings"], list(told[id_].values()))) for id_, gold in golds.items())
        all_ = sum(len(gold["meetings"]) for gold in golds.values())
        print(
            f"meetings, cut {cut}: P {hits / max(1, sum(map(len, told.values()))):.3f} R {hits / all_:.3f} ({hits} of {all_})"
        )
    return table.linear(matrix, labels)


def report(
    data: Sequence[Labelled],
    proposals: dict[int, list[judge.Proposal]],
    keep: dict[int, np.ndarray],
    score: Any,
    options: argparse.Namespace,
    shipped: dict[str, Any],
) -> None:
    rows = shipped.pop("folds")
    shipped["cuts"] = CUTS
    folds = {fold: _judge({**row, "cuts": CUTS}) for fold, row in rows.items()}
    golds = [{"id": one.id, "grade": 2, "events": one.events} for one in data if one.scored]
    articles = [
        {"id": one.id, "title": "", "teaser": "", "text": one.reading.article.text} for one in data if one.fold != OWN
    ]
    coded = {a: coded_events(data[a], found, keep[a], folds[data[a].fold]) for a, found in proposals.items()}
    best = (0.0, 0.3)
    for step in range(10, 50, 2):
        told = predictions(data, coded, step / 100, 0.9)
        f1 = (
            score.score(articles, golds, told)[0]["event"]["f1"] + score.score(articles, golds, told)[0]["triple"]["f1"]
        )
        best = max(best, (f1, step / 100))
    shipped["threshold"], shipped["statements"] = best[1], options.statements
    told = predictions(data, coded, best[1], options.statements)
    found, _ = score.score(articles, golds, told)
    print(f"threshold {best[1]}")
    for name in ("event", "triple", "quad", "meetings", "STATE", "macro F1 over types with >= 5 gold events"):
        print(name, found[name])
    print({name: (row["p"], row["r"], row["f1"]) for name, row in found["by type"].items()})
    print(json.dumps(found["among the paired"], ensure_ascii=False))
    if options.figures:
        Path(options.figures).write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    if options.out:
        with Path(options.out).open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in told)


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


def coded_events(
    one: Labelled, found: list[judge.Proposal], keep: np.ndarray, known: judge.Judge
) -> list[dict[str, Any]]:
    rows = []
    for p, value in zip(found, keep, strict=True):
        when = attaching.best_time(known, one.around, p)
        place, speaker = attaching.best_place(known, one.around, p), attaching.best_speaker(known, one.around, p)
        rows.append(
            as_event(one, p)
            | {
                "status": str(attaching.best_status(known, one.reading, p, when)),
                "date": when.iso if when else None,
                "place": place.name if place else None,
                "speaker": speaker,
                "p": float(value),
                "rule": p.candidate.rule if p.candidate else "words",
            }
        )
    return rows


def predictions(data: Sequence[Labelled], coded: Any, threshold: float, statements: float) -> list[dict[str, Any]]:
    told = []
    for a, one in enumerate(data):
        if one.scored:
            events = [e for e in coded.get(a, ()) if e["p"] >= (statements if e["type"] == "STATE" else threshold)]
            told.append({"id": one.id, "score": 1.0, "relevant": True, "events": events})
    return told


def gather(gold: Path, told: Opinions) -> list[Labelled]:
    """The gold articles (scored), the articles and reports that we labelled, and the case sentences."""
    score = scorer(gold)
    rows = {row["id"]: row for row in score.lines(gold / "articles.jsonl")}
    golds = [row for row in score.lines(gold / "gold.jsonl") if row["events"] is not None]
    data = [
        labelled(rows[g["id"]], g["events"], k % FOLDS, score.words, scored=True, opinions=told)
        for k, g in enumerate(golds)
    ]
    more = [*more_articles(gold.parent), *own_reports()]
    data += [labelled(row, events, k % FOLDS, score.words, opinions=told) for k, (row, events) in enumerate(more)]
    cases = [labelled(row, events, OWN, score.words) for row, events in own_cases()]
    print(f"{len(golds)} gold articles, {len(more)} labelled by us, {len(cases)} sentences of our own", file=sys.stderr)
    return data + cases


def opinions(path: Path) -> Opinions:
    """What `benchmarks/training/network.py` wrote with `--out-of-fold`."""
    found: dict[str, dict[int, Opinion]] = defaultdict(dict)
    with np.load(path) as file:
        scores, width = file["scores"].astype(np.float32) / STEPS, len(EventType)
        at = 0
        for key in file["keys"]:
            id_, i, codes = str(key).split("|")
            names = tuple(code for code in codes.split(",") if code)
            size = width * (1 + 2 * len(names))
            own = scores[at : at + size]
            sides = own[width:].reshape(2, width, len(names))
            found[id_][int(i)] = Opinion(codes=names, types=own[:width], actors=sides[0], recipients=sides[1])
            at += size
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="folder with articles.jsonl, gold.jsonl and score.py")
    parser.add_argument("--out", help="write the out-of-fold predictions, for score.py")
    parser.add_argument("--figures", help="write the out-of-fold figures as JSON")
    parser.add_argument(
        "--opinions",
        type=Path,
        default=Path(__file__).with_name("opinions.npz"),
        help="the network's out-of-fold opinions, by benchmarks/training/network.py",
    )
    parser.add_argument("--write", action="store_true", help="write the weights")
    parser.add_argument("--statements", type=float, default=0.3, help="threshold of STATE")
    options = parser.parse_args()
    score = scorer(options.gold)
    data = gather(options.gold, opinions(options.opinions))
    fit(data, score, options)


if __name__ == "__main__":
    main()
