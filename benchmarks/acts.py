"""Measures the linking of events to acts on pairs that we labelled by reading (acts-pairs.jsonl: ids, offsets, codes).

usage: python -m benchmarks.acts [--shared DIR] [--errors N]

Each pair is two coded events of two articles, mostly of two houses; `same` says whether they tell of one act. The first
opens an act, the second is linked against it. Printed are precision, recall and F1 at the built-in threshold, and with
the threshold chosen on four fifths of the pairs and measured on the rest (five times).
"""

from __future__ import annotations

import argparse
import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from extractors.model import Actor, Article, Event, Evidence, PartKind, Place, Precision, When
from extractors.ontology import EventType, Status
from extractors.stories import acts, copies

HERE = Path(__file__).resolve().parent


def article_of(row: dict) -> Article:
    body = tuple((PartKind.PARAGRAPH, line) for line in row["text"].split("\n"))
    told = datetime.fromisoformat(row["published"])
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return Article.compose(
        url=row["id"],
        headline=row["title"],
        teaser=row["teaser"] or "",
        body=body,
        publisher=row["outlet"],
        published_at=told,
    )


def when_of(iso: str | None) -> When | None:
    if not iso:
        return None
    if "/" in iso:
        first, last = (date.fromisoformat(part) for part in iso.split("/"))
        return When(first=first, last=last, precision=Precision.RANGE)
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 3:
        return When(first=date(*parts), last=date(*parts), precision=Precision.DAY)
    if len(parts) == 2:
        first = date(*parts, 1)
        return When(
            first=first, last=(first + timedelta(days=31)).replace(day=1) - timedelta(1), precision=Precision.MONTH
        )
    return When(first=date(parts[0], 1, 1), last=date(parts[0], 12, 31), precision=Precision.YEAR)


def event_of(row: dict, article: Article) -> Event:
    start, end = row["start"], row["end"]
    return Event(
        type=EventType(row["type"]),
        mode=row["mode"],
        status=Status(row["status"]),
        actors=tuple(Actor(code=code) for code in row["actors"]),
        recipients=tuple(Actor(code=code) for code in row["recipients"]),
        when=when_of(row["when"]),
        place=Place(name=row["place"]) if row["place"] else None,
        evidence=Evidence(start=start, end=end, quote=article.text[start:end], rule="label"),
    )


def ref_of(article: Article) -> acts.ArticleRef:
    assert article.published_at is not None
    return acts.ArticleRef(
        article=article.url,
        publisher=article.publisher,
        told_at=article.published_at,
        agencies=copies.agencies(article.text),
        fingerprint=copies.fingerprint(article.text),
    )


def measured(points: list[tuple[float, bool]], threshold: float) -> tuple[float, float, float]:
    hits = sum(same for score, same in points if score >= threshold)
    found, wanted = sum(score >= threshold for score, _ in points), sum(same for _, same in points)
    precision, recall = hits / max(1, found), hits / max(1, wanted)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def crossed(points: list[tuple[float, bool]], folds: int = 5) -> tuple[float, float, float]:
    """Each pair judged by a threshold that was chosen without it."""
    told: list[tuple[float, bool]] = []
    for fold in range(folds):
        rest = [p for n, p in enumerate(points) if n % folds != fold]
        cut = max(sorted({score for score, _ in rest}), key=lambda c: measured(rest, c)[2])
        told += [(float(score >= cut), same) for n, (score, same) in enumerate(points) if n % folds == fold]
    return measured(told, 0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared")
    parser.add_argument("--errors", type=int, default=0, metavar="N")
    options = parser.parse_args()
    pairs = [json.loads(line) for line in (HERE / "acts-pairs.jsonl").read_text().splitlines()]
    wanted = {pair[side]["article"] for pair in pairs for side in ("one", "other")}
    with gzip.open(options.shared / "corpus/articles.jsonl.gz", "rt") as file:
        articles = {row["id"]: article_of(row) for row in map(json.loads, file) if row["id"] in wanted}
    points, across, wrong = [], [], []
    for pair in pairs:
        one, other = (articles[pair[side]["article"]] for side in ("one", "other"))
        act = acts.open_act(event_of(pair["one"], one), ref_of(one))
        event = event_of(pair["other"], other)
        score, reasons = acts.likeness(event, ref_of(other), act)
        points.append((score, pair["same"]))
        across += [points[-1]] if one.publisher != other.publisher else []
        if (score >= acts.THRESHOLD) != pair["same"]:
            first, last = pair["one"]["start"], pair["one"]["end"]
            wrong.append((pair["same"], score, reasons, one.text[first:last], event.evidence.quote))
    for name, some in (("all", points), ("two houses", across)):
        p, r, f = measured(some, acts.THRESHOLD)
        cp, cr, cf = crossed(some)
        print(
            f"{name}: {len(some)} pairs, {sum(same for _, same in some)} same; threshold {acts.THRESHOLD}: "
            f"P {p:.3f} R {r:.3f} F1 {f:.3f}; threshold chosen on the other folds: P {cp:.3f} R {cr:.3f} F1 {cf:.3f}"
        )
    for same, score, reasons, a, b in wrong[: options.errors]:
        print(f"{'missed' if same else 'false '} {score:5.2f} {reasons}\n    {a[:150]}\n    {b[:150]}")


if __name__ == "__main__":
    main()
