"""Fits the judge of events on articles and reports that we labelled; measures on the gold articles, which it never learns from.

    python -m benchmarks.training.network ../shared/gold --out-of-fold OPINIONS.npz --write
    python -m benchmarks.training.events ../shared/gold --opinions OPINIONS.npz --out TOLD.jsonl [--write]

Thresholds and cuts are chosen on core articles of ours, each read by weights that have not seen it. `--write` writes
`extractors/data/weights/judge.json.gz`: names of features and weights, no text.
Needs scikit-learn (a development dependency); the labelled articles are not part of the project.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.training.cutting import Measured, as_event, attached, chosen_cuts
from benchmarks.training.labelled import (
    FOLDS,
    HELD,
    OWN,
    Labelled,
    article,
    gather,
    module_at,
    opinions,
    scorer,
    type_label,
)
from benchmarks.training.models import Choice, Table
from extractors.events.attaching import belonging as attaching
from extractors.events.attaching import statuses
from extractors.events.meetings import named as meetings
from extractors.events.meetings.cuts import share_of_cut
from extractors.events.proposing.candidates import candidates
from extractors.events.proposing.completing import completed
from extractors.events.proposing.directions import Direction, cost
from extractors.events.reading import Reading, reading
from extractors.events.weighing import judge
from extractors.events.weighing.features import (
    Parties,
    View,
    sentence_features,
    sentence_vector,
    views,
    worth_reading,
)
from extractors.events.weighing.fitting import hypotheses, party_features
from extractors.events.weighing.network import heard
from extractors.model import When
from extractors.ontology import SYMMETRIC, EventType, Status

_SEASON = "season-of-year"


def same_parties(type_: EventType, event: dict[str, Any], parties: Any) -> bool:
    if type_ in SYMMETRIC:
        return {*event["actors"], *event["recipients"]} == {*parties[0], *parties[1]}
    return set(event["actors"]) == set(parties[0]) and set(event["recipients"]) == set(parties[1])


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
        labels.append(np.array([type_label(data[a], i, type_) for a, i in at]))
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
        self.scorer, self.parties = module_at(folder / "score_meetings.py"), parties
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
