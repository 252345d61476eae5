"""What the benchmarks of made sentences share: days in words, an article of such sentences, and the counting of families."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from extractors.model import Event, Holder

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = ("", "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember")  # fmt: skip
T = TypeVar("T")


def coded(*paragraphs: str, dated: datetime, holders: Sequence[Holder] = ()) -> tuple[Event, ...]:
    """What the coder tells of some paragraphs alone."""
    from extractors.events import code_events
    from extractors.model import Article, PartKind

    body = tuple((PartKind.PARAGRAPH, text) for text in paragraphs if text)
    article = Article.compose(url="made:1", headline="", body=body, published_at=dated)
    return code_events(article, holders=tuple(holders))


def count(
    families: Mapping[str, Callable[[random.Random], Iterator[T]]],
    judged: Callable[[T], tuple[Counter[str], Sequence[str]]],
    description: str | None,
) -> None:
    """The command line. `judged` tells what is counted of a text, and what it was and what was read, to be shown if not right."""
    parser = argparse.ArgumentParser(description=(description or "").split("\n")[0])
    parser.add_argument("--number", type=int, default=400, help="texts of each family (default: 400)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the texts that are read otherwise")
    parser.add_argument("--family", choices=families, action="append", help="only these")
    args = parser.parse_args()
    for name in args.family or families:
        counted = Counter[str]()
        for _, one in zip(range(args.number), families[name](random.Random(args.seed)), strict=False):
            found, lines = judged(one)
            counted += found
            if args.show and set(found) != {"right"}:
                print(f"{name}:", "\n    ".join(lines))
        print(f"{name:13} {', '.join(f'{told} {number}' for told, number in sorted(counted.items()))}")
