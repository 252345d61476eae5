"""Scores what the judge tells under any cuts, and chooses the cuts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.training.labelled import Labelled
from extractors.events.attaching import belonging as attaching
from extractors.events.attaching import statuses
from extractors.events.weighing import judge
from extractors.ontology import Status


def as_event(one: Labelled, p: judge.Proposal) -> dict[str, Any]:
    s = p.seen.sentence
    return {
        "type": str(p.type), "actors": list(p.parties[0]), "recipients": list(p.parties[1]), "status": "past",
        "evidence": one.reading.document.text[s.start : s.end],
    }  # fmt: skip


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
