"""Measures what it takes to compare two versions of an article whose events all changed: the worst that a ticker can do.

    python benchmarks/revisions.py                  400 events, no sentence like another
    python benchmarks/revisions.py --events 100 --kept 0.7

Beside it the same with every two sentences laid side by side, which must come to the same answer. Exit code 1 if it does not.
"""

from __future__ import annotations

import argparse
import difflib
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from unittest import mock

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from extractors.model import Actor, Event, Evidence
from extractors.ontology import EventType, Status
from extractors.stories import revisions


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--kept", type=float, default=0.4, help="share of the words of a sentence that stay")
    args = parser.parse_args()
    before, after = versions(args.events, args.kept, random.Random(1))
    ours, answer = timed(before, after)
    with mock.patch.object(revisions, "_alike", side_by_side):
        every, same = timed(before, after)
    print(
        f"{args.events} events: {ours:.2f} s; every two sentences side by side {every:.2f} s ({every / ours:.0f} times)"
    )
    print(f"{len(answer.told)} differences, {'the same' if answer == same else 'OTHERS side by side'}")
    return int(answer != same)


def versions(count: int, kept: float, chance: random.Random) -> tuple[list[Event], list[Event]]:
    """The same act told in so many sentences, and with the words of each exchanged, in another order."""
    common = "der die das in von und mit auf für nicht hat wird am dem Russland NATO Ukraine".split()
    words = [*(f"wort{number}" for number in range(2000)), *common * 100]

    def changed(sentence: Sequence[str]) -> list[str]:
        return [word if chance.random() < kept else chance.choice(words) for word in sentence]

    old = [[chance.choice(words) for _ in range(chance.randint(12, 30))] for _ in range(count)]
    new = [changed(sentence) for sentence in old]
    chance.shuffle(new)
    return [told(sentence) for sentence in old], [told(sentence) for sentence in new]


def told(sentence: Sequence[str]) -> Event:
    quote = f"{' '.join(sentence)}."
    evidence = Evidence(start=0, end=len(quote), quote=quote, rule="verb:fordern")
    return replace(_DEMAND, evidence=evidence)


_DEMAND = Event(
    type=EventType.REQUEST,
    status=Status.PAST,
    actors=(Actor(code="RUS"),),
    recipients=(Actor(code="NATO"),),
    evidence=Evidence(start=0, end=1, quote=".", rule="verb:fordern"),
    confidence=0.9,
    coder="1",
)


def side_by_side(one: str, other: str, least: float = 0.0) -> float:
    words, others = (revisions._split(each)[0] for each in (one, other))
    return difflib.SequenceMatcher(None, words, others, autojunk=False).ratio()


def timed(before: Sequence[Event], after: Sequence[Event]) -> tuple[float, revisions.Revised]:
    began = time.process_time()
    found = revisions.differences(before, after)
    return time.process_time() - began, found


if __name__ == "__main__":
    sys.exit(main())
