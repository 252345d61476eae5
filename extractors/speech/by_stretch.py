"""What stands where in a text, asked by stretch: what overlaps it is found without looking at all the rest."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Generic, TypeVar

Span = tuple[int, int]
T = TypeVar("T")


class ByStretch(Generic[T]):
    """Things by their stretches of a text.

    >>> things = ByStretch([((0, 5), "Macron"), ((9, 30), "Ein langer Satz"), ((12, 14), "ja")])
    >>> things.over((13, 14)), things.over((5, 9))
    (['Ein langer Satz', 'ja'], [])
    """

    def __init__(self, things: Iterable[tuple[Span, T]]) -> None:
        rows = sorted(things, key=lambda row: row[0][0])
        self._rows = rows
        self._starts = [span[0] for span, _ in rows]
        # How far those up to a row reach: it only grows, though a short stretch may follow a long one.
        self._reach = list(accumulate((span[1] for span, _ in rows), max))

    def over(self, span: Span) -> list[T]:
        """What overlaps a stretch, in order of its start."""
        first, last = bisect_right(self._reach, span[0]), bisect_left(self._starts, span[1])
        return [thing for (_, end), thing in self._rows[first:last] if end > span[0]]
