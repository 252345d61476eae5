"""Measures how articles are gathered into stories, on pairs that we labelled by reading (stories-pairs.jsonl: ids only).

usage: python -m benchmarks.stories [--shared DIR] [--errors N] [--coded]

`same` says whether two articles of at most five days belong to one running matter; pairs that a reader could see either
way were left out. Pairwise, the first article begins a story and the second is assigned to it or not. Online, all
articles of the matter are taken in the order in which they came, as the pipeline does, stories are merged each night, and a pair
counts as found if both ended in one story. Articles are compared by words alone; with `--coded` (half a minute) their events
are coded and tied to acts first, as the pipeline does, and acts and parties count, too. Of the stream only the articles of
the pairs are taken then: the others are mostly of other years.

`--write` makes extractors/data/rarity.csv anew: stems that occur in at least five of the corpus' relevant articles, with the root
of log(articles / articles that hold it). The labels are not looked at for it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from benchmarks.acts import article_of, ref_of
from extractors import relevance
from extractors.events import code_events
from extractors.model import Article
from extractors.stories import acts, matters

HERE = Path(__file__).resolve().parent
DOSSIER = "russland-nato-ukraine"


def told(row: dict) -> matters.Features:
    article = article_of(row)
    assert article.published_at is not None
    return matters.features(article, key=article.url, told_at=article.published_at)


def coded(articles: list[Article]) -> dict[str, matters.Features]:
    """What articles are compared by where their events are known: each is tied to an act of the ones before it, or opens one."""
    known: dict[str, acts.Act] = {}
    found: dict[str, matters.Features] = {}
    for article in sorted(articles, key=lambda one: (ref_of(one).told_at, one.url)):
        ref, events, of = ref_of(article), code_events(article), []
        for event in events:
            link = acts.link(event, ref, known.values(), beside=events)
            act = acts.open_act(event, ref) if link.new else acts.absorb(known[link.act], event, ref, link)
            known[act.id] = act
            of.append(act.id)
        found[article.url] = matters.features(article, key=article.url, events=events, acts=of, told_at=ref.told_at)
    return found


def write(articles: list[Article], least: int = 5) -> None:
    counts = Counter(word for article in articles for word in matters._stemmed(article.text))
    with (relevance.DATA / "rarity.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["stem", "weight"])
        for word, times in sorted(counts.items()):
            if times >= least:
                table.writerow([word, f"{math.sqrt(math.log(len(articles) / times)):.3f}"])
    matters.rarities.cache_clear()


def pairwise(one: matters.Features, other: matters.Features) -> bool:
    first, second = sorted((one, other), key=lambda each: (each.told_at, each.article))
    return not matters.assign(second, [matters.begin(first)]).new


def online(stream: list[matters.Features]) -> tuple[dict[str, str], int, float]:
    """The story of each article, how many stories there were, and the milliseconds that an article took."""
    stories: dict[str, matters.Story] = {}
    began = time.process_time()
    day = None
    for article in sorted(stream, key=lambda each: (each.told_at, each.article)):
        if day is not None and article.told_at.date() != day:
            merge(stories, article)
        day = article.told_at.date()
        found = matters.assign(article, stories.values())
        begun = matters.begin(article) if found.new else matters.join(stories[found.story], article, found)
        stories[begun.id] = begun
    milliseconds = (time.process_time() - began) * 1000 / max(1, len(stream))
    return {m.article: story.id for story in stories.values() for m in story.members}, len(stories), milliseconds


def merge(stories: dict[str, matters.Story], article: matters.Features) -> None:
    """What the nightly flow does with the stories that are still open."""
    reach = timedelta(days=matters.OPEN_DAYS)
    near = [story for story in stories.values() if story.last_told + reach >= article.told_at]
    for gone, into, reason in matters.merges(near):
        stories[into] = matters.merged(stories[into], stories.pop(gone), reason)


def measured(found: list[tuple[bool, bool]]) -> str:
    hits = sum(said and same for said, same in found)
    precision, recall = hits / max(1, sum(said for said, _ in found)), hits / max(1, sum(same for _, same in found))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared")
    parser.add_argument("--errors", type=int, default=0, metavar="N")
    parser.add_argument("--coded", action="store_true", help="with acts and parties, as the pipeline compares them")
    parser.add_argument("--write", action="store_true", help="make the table of rarities anew first")
    options = parser.parse_args()
    pairs = [json.loads(line) for line in (HERE / "stories-pairs.jsonl").read_text().splitlines()]
    named = {pair[side] for pair in pairs for side in ("one", "other")}
    dossier = relevance.load_dossier(DOSSIER)
    with gzip.open(options.shared / "corpus/articles.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line in file]
    ours = [row for row in rows if row["id"] in named or relevance.assess(article_of(row), dossier).relevant]
    if options.write:
        write([article_of(row) for row in ours])
    features = {row["id"]: told(row) for row in ours}
    if options.coded:
        features = coded([article_of(row) for row in ours if row["id"] in named])
    decided = [(pairwise(features[pair["one"]], features[pair["other"]]), pair["same"]) for pair in pairs]
    print(f"{len(pairs)} pairs, {sum(pair['same'] for pair in pairs)} of one matter; pairwise: {measured(decided)}")
    story, count, milliseconds = online(list(features.values()))
    together = [(story[pair["one"]] == story[pair["other"]], pair["same"]) for pair in pairs]
    print(f"online, {len(features)} articles in {count} stories, {milliseconds:.1f} ms each: {measured(together)}")
    titles = {row["id"]: row["title"] for row in ours}
    wrong = [pair for pair, (said, same) in zip(pairs, together, strict=True) if said != same]
    for pair in wrong[: options.errors]:
        print(f"{'missed' if pair['same'] else 'false '} {titles[pair['one']][:90]} | {titles[pair['other']][:90]}")


if __name__ == "__main__":
    main()
