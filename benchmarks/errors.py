"""Where coded events and gold labels part: which types are taken for which, and what kinds of errors there are.

usage: python -m benchmarks.errors [--shared DIR] [--told FILE] [--show KIND] [--json]

Codes the gold articles (or reads what `depesche code --batch` told of them), pairs events as the scorer does, and puts
each one that is left without a partner into the first kind that fits. What is told "there" has evidence that overlaps: the
scorer, which pairs what shares three words, would take a neighbouring sentence for the same one. `--show` prints the events of
a kind: for reading.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FACTS = ("date", "place", "speaker")
NOTHING = "–"
PARTS = ("title", "teaser", "text")
"""of an article, in which evidence stands"""

Coded = dict[str, Any]


@dataclass(frozen=True)
class Parted:
    """An event that is missed, told too much, or told with a fact that the labels put otherwise."""

    kind: str
    gold: Coded | None
    told: Coded | None
    article: str


def parted(
    scorer: ModuleType, article: str, text: str, golds: Sequence[Coded], tolds: Sequence[Coded]
) -> Iterator[Parted]:
    """All that differs in an article; each evidence is a stretch of its text."""
    pairs = scorer.pair(golds, tolds, scorer.same_act)
    for gold, told in pairs:
        yield from (Parted(kind, gold, told, article) for kind in _facts(scorer, gold, told))
    for gold in _left(golds, [one for one, _ in pairs]):
        kind, told = _why(scorer, text, gold, tolds, [other for _, other in pairs], "told")
        yield Parted(f"missed: {kind}", gold, told, article)
    for told in _left(tolds, [other for _, other in pairs]):
        kind, gold = _why(scorer, text, told, golds, [one for one, _ in pairs], "labelled")
        yield Parted(f"too much: {kind}", gold, told, article)


def _left(events: Sequence[Coded], paired: Sequence[Coded]) -> list[Coded]:
    return [event for event in events if not any(event is one for one in paired)]


def _why(
    scorer: ModuleType, text: str, event: Coded, others: Sequence[Coded], paired: Sequence[Coded], word: str
) -> tuple[str, Coded | None]:
    """Why an event has no partner on the other side, and the other side's event that comes nearest."""
    partner = next((one for one in others if scorer.same_act(event, one)), None)
    if partner is not None:
        return f"its partner is another's ({word} once)", partner
    here = [one for one in others if _overlap(text, event, one)]
    same = [one for one in here if one["type"] == event["type"]]
    if free := _left(same, paired):
        return "the right type with other parties", free[0]
    if free := _left(here, paired):
        return "another type", free[0]
    if here:
        return f"only another act is {word} there", here[0]
    return f"nothing is {word} there", None


def _overlap(text: str, one: Coded, other: Coded) -> bool:
    """Whether the evidence of two events has a stretch in common."""
    (start, end), (first, last) = _span(text, one), _span(text, other)
    return start < last and first < end


def _span(text: str, event: Coded) -> tuple[int, int]:
    """Where the evidence of an event stands. Raises ValueError where the text does not hold it."""
    start = text.index(event["evidence"])
    return start, start + len(event["evidence"])


def _facts(scorer: ModuleType, gold: Coded, told: Coded) -> Iterator[str]:
    if scorer.swapped(gold, told):
        yield "paired: roles turned round"
    elif not scorer.roles_equal(gold, told):
        yield "paired: a party too many or too few"
    if gold["status"] != told["status"]:
        yield "paired: another status"
    for fact in FACTS:
        want, have = ((event.get(fact) or "").casefold() for event in (gold, told))
        if want != have:
            yield f"paired: {fact} {'invented' if not want else 'not told' if not have else 'another'}"


def confusion(found: Sequence[Parted]) -> dict[str, dict[str, int]]:
    """For each type of the labels, how often which type was told in its place."""
    rows: dict[str, dict[str, int]] = collections.defaultdict(lambda: collections.defaultdict(int))
    for one in found:
        if one.gold and one.kind.startswith("missed"):
            rows[one.gold["type"]][one.told["type"] if one.told and one.kind.endswith("type") else NOTHING] += 1
    return {kind: dict(row) for kind, row in rows.items()}


def scorer_of(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "gold/score.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"no scorer in {shared / 'gold'}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told_of(shared: Path) -> list[Coded]:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.jsonl"
        batch = ["-m", "flows.cli", "code", "--batch", str(shared / "gold/articles.jsonl"), "-o", str(told)]
        subprocess.run([sys.executable, *batch], cwd=ROOT, check=True)
        return _rows(told)


def _rows(path: Path) -> list[Coded]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def all_parted(
    scorer: ModuleType, articles: Sequence[Coded], golds: Sequence[Coded], told: Sequence[Coded]
) -> list[Parted]:
    texts = {row["id"]: "\n".join(filter(None, (row[part] for part in PARTS))) for row in articles}
    events = {row["id"]: [event for event in row["events"] if event["type"] in scorer.BASIS] for row in told}
    return [
        one
        for gold in golds
        if gold["events"] is not None
        for one in parted(
            scorer,
            gold["id"],
            texts[gold["id"]],
            [e for e in gold["events"] if e["type"] in scorer.BASIS],
            events.get(gold["id"], []),
        )
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--told", type=Path, help="what the coder told, instead of coding now")
    parser.add_argument("--show", metavar="KIND", help="print the events whose kind begins so")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    scorer = scorer_of(options.shared)
    told = _rows(options.told) if options.told else told_of(options.shared)
    articles, golds = (_rows(options.shared / f"gold/{name}.jsonl") for name in ("articles", "gold"))
    found = all_parted(scorer, articles, golds, told)
    kinds = collections.Counter(one.kind for one in found)
    if options.json:
        print(json.dumps({"kinds": dict(kinds.most_common()), "confusion": confusion(found)}, ensure_ascii=False))
        return 0
    for kind, count in kinds.most_common():
        print(f"{count:5}  {kind}")
    for kind, row in sorted(confusion(found).items()):
        print(f"{kind:10}", ", ".join(f"{other} {n}" for other, n in sorted(row.items(), key=lambda item: -item[1])))
    for one in found if options.show else ():
        if one.kind.startswith(options.show):
            print(one.article, one.kind, f"labelled {one.gold}", f"told {one.told}", sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
