"""Measures `extractors.when` on a folder of TimeML files: spans found, and values of dates.

    python benchmarks/dates.py ../shared/dates/KRAUTS_DieZeit [--misses 40]

Strict: same stretch. Relaxed: the stretches overlap. Value accuracy: among the dates found (relaxed), the share whose
value is the annotators' one. Vague references (PRESENT_REF and the like) count as dates that rightly stay open.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from extractors.language import read_text
from extractors.model import Precision, When
from extractors.when import TimeExpression, expressions

_TAG = re.compile(r"<TIMEX3([^>]*)>([^<]*)</TIMEX3>|<[^>]+>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_SEASONS = {3: "SP", 6: "SU", 9: "FA", 12: "WI"}
_REFS = {"now": "PRESENT_REF", "once": "PAST_REF", "then": "PAST_REF", "some-day": "FUTURE_REF"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    start: int
    end: int
    words: str
    type: str
    value: str


def read(path: Path) -> tuple[str, datetime, list[Gold]]:
    """The plain text of a TimeML file, its date and its annotations, with offsets into the text."""
    raw = path.read_text(encoding="utf-8")
    created = re.search(r'CREATION_TIME"[^>]*value="(\d{4}-\d\d-\d\d)', raw)
    if created is None:
        raise SystemExit(f"{path}: no creation time")
    body = raw[raw.index("<TEXT>") + 6 : raw.index("</TEXT>")]
    text, gold, at = "", [], 0
    for tag in _TAG.finditer(body):
        text += body[at : tag.start()]
        at = tag.end()
        if tag.group(1) is not None:
            found = dict(_ATTRIBUTE.findall(tag.group(1)))
            words = tag.group(2)
            gold.append(
                Gold(
                    start=len(text),
                    end=len(text) + len(words),
                    words=words,
                    type=found.get("type", ""),
                    value=found.get("value", ""),
                )
            )
            text += words
    return text + body[at:], datetime.fromisoformat(created.group(1)).replace(tzinfo=UTC), gold


def timex(when: When | None, rule: str) -> str:
    """Our reading as a TIMEX3 value."""
    if when is None:
        return _REFS.get(rule, "")
    if when.precision is Precision.RANGE and rule in ("week", "part-of-week"):
        year, week, _ = when.first.isocalendar()
        return f"{year}-W{week:02}"
    if when.precision is Precision.RANGE and rule == "weekend":
        year, week, _ = when.first.isocalendar()
        return f"{year}-W{week:02}-WE"
    if rule == "season-of-year":
        return f"{when.first.year}-{_SEASONS[when.first.month]}"
    if rule == "decade":
        return str(when.first.year)[:3]
    return when.iso.split("/")[0]


def told(path: Path) -> Iterator[tuple[Gold | None, TimeExpression | None]]:
    """Pairs of annotation and reading; None on the side that has nothing."""
    text, dated, gold = read(path)
    ours = [found for sentence in read_text(text).sentences for found in expressions(sentence, dated=dated)]
    free = list(ours)
    for one in gold:
        match = next((o for o in free if o.start < one.end and one.start < o.end), None)
        if match is not None:
            free.remove(match)
        yield one, match
    for other in free:
        yield None, other


def score(folder: Path) -> tuple[dict[str, object], list[str]]:
    counts: Counter[str] = Counter()
    misses: list[str] = []
    for path in sorted(folder.glob("*.tml")):
        for gold, ours in told(path):
            _count(counts, misses, gold, ours)
    return {
        **_shares("all", counts, counts["gold"], counts["ours"]),
        "date recall": _ratio(counts["date found"], counts["date"]),
        "value accuracy of dates found": _ratio(counts["date right"], counts["date found"]),
        "value accuracy, vague ones left out": _ratio(counts["dated right"], counts["dated found"]),
        "counts": dict(counts),
    }, misses


def _count(counts: Counter[str], misses: list[str], gold: Gold | None, ours: TimeExpression | None) -> None:
    counts["gold"] += gold is not None
    counts["ours"] += ours is not None
    if gold is None:
        misses.append(f"too much: {ours.words!r} ({ours.rule})" if ours else "")
        return
    is_date = gold.type == "DATE"
    counts["date"] += is_date
    if ours is None:
        misses.append(f"missed: {gold.words!r} {gold.type} {gold.value}")
        return
    counts["relaxed"] += 1
    counts["strict"] += (gold.start, gold.end) == (ours.start, ours.end)
    if not is_date:
        return
    value = timex(ours.when, ours.rule)
    counts["date found"] += 1
    counts["date right"] += value == gold.value
    if not gold.value.endswith("_REF"):
        counts["dated found"] += 1
        counts["dated right"] += value == gold.value
    if value != gold.value:
        misses.append(f"value: {gold.words!r} {gold.value} / {ours.words!r} {value or ours.reason} ({ours.rule})")


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def _shares(name: str, counts: Counter[str], gold: int, ours: int) -> dict[str, float]:
    shares = {}
    for kind in ("strict", "relaxed"):
        precision, recall = _ratio(counts[kind], ours), _ratio(counts[kind], gold)
        shares[f"{kind} precision"], shares[f"{kind} recall"] = precision, recall
        shares[f"{kind} F1"] = round(2 * precision * recall / (precision + recall), 3) if precision + recall else 0.0
    return shares


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of .tml files")
    parser.add_argument("--misses", type=int, default=0, help="show so many misses")
    args = parser.parse_args(argv)
    figures, misses = score(args.folder)
    print(json.dumps(figures, ensure_ascii=False, indent=2))
    for miss in misses[: args.misses]:
        print(miss, file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
