"""How many words a second the coder reads: sentences, syntax, actors, times, places, speech and events together.

    python -m benchmarks.words ../shared/gold/articles.jsonl
    python -m benchmarks.words ../shared/gold/articles.jsonl --events ../shared/gold/gold.jsonl --against /path/to/another/checkout

CPU time of one core, each round a process of its own, which codes as a worker does: the models are loaded first (told as
seconds to start) and are no longer looked at by the collector, then the articles are coded once (first pass: no word of them
was seen before) and once more. With --against the two trees take turns, so that the ratio holds on a noisy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PASSES = ("first", "second")


def chosen(articles: Path, events: Path | None, number: int) -> list[dict[str, Any]]:
    """The first articles of a file; of those alone that have events in another file, if one is given."""
    rows = [json.loads(line) for line in articles.open(encoding="utf-8")]
    if events is not None:
        coded = {row["id"] for row in map(json.loads, events.open(encoding="utf-8")) if row["events"]}
        rows = [row for row in rows if row["id"] in coded]
    return rows[:number]


def run_here(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Seconds to start, and words a second of each pass, in this process and with the packages on its path."""
    from extractors.language import warm
    from flows.commands.code import article_of
    from flows.judging import Coded, code

    articles = [article_of(row) for row in rows]
    words = sum(len(article.text.split()) for article in articles)
    unread = Coded(assessments=())
    warm()
    first = {"id": "", "published": "2022-01-10", "text": "Russland forderte von der NATO Garantien."}
    code(article_of(first), unread)
    told = {"start": time.process_time()}
    for name in PASSES:
        began = time.process_time()
        for article in articles:
            code(article, unread)
        told[name] = words / (time.process_time() - began)
    return told


def run_apart(tree: Path, rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The same in a process of its own, with the packages of a tree."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--child"],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=False,
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    if done.returncode:
        raise SystemExit(f"{tree}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help='lines {"id", "published", "title", "teaser", "text"}')
    parser.add_argument("--events", type=Path, help="take only articles that have events in this file")
    parser.add_argument("--number", type=int, default=60, help="how many articles (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="processes of each tree (default: %(default)s)")
    parser.add_argument("--against", type=Path, help="another checkout, measured in turns with this one")
    options = parser.parse_args()
    rows = chosen(options.articles, options.events, options.number)
    trees = {"this tree": ROOT} | ({"the other": options.against.resolve()} if options.against else {})
    told: dict[str, list[dict[str, float]]] = {name: [] for name in trees}
    for _ in range(options.rounds):
        for name, tree in trees.items():
            told[name].append(run_apart(tree, rows))
    for name, found in told.items():
        start = statistics.median(one["start"] for one in found)
        rates = "; ".join(f"{p} pass {', '.join(f'{one[p]:,.0f}' for one in found)} words/s" for p in PASSES)
        print(f"{name}, {len(rows)} articles: start {start:.1f} s; {rates}")
    if options.against:
        for p in PASSES:
            ratio = statistics.median(a[p] / b[p] for a, b in zip(*told.values(), strict=True))
            print(f"this tree / the other, {p} pass: {ratio:.3f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--child"]:
        print(json.dumps(run_here(json.load(sys.stdin))))
    else:
        main()
