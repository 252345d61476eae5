"""Rows of numbers that are dear to compute and asked for with every text: computed once a key."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_Key = TypeVar("_Key", bound=Hashable)


class Remembered(Generic[_Key]):
    """Rows by key, at most so many. Forgets all when full; the next text fills it again. Threads take turns.

    >>> lengths = Remembered(lambda words: np.array([[len(word)] for word in words], dtype=np.float32), 1, most=100)
    >>> lengths.rows(["der", "Rat", "der"]).tolist()
    [[3.0], [3.0], [3.0]]
    """

    def __init__(self, compute: Callable[[list[_Key]], Floats], width: int, *, most: int) -> None:
        self._compute, self._most = compute, most
        self._at: dict[_Key, int] = {}
        self._known = np.empty((most, width), dtype=np.float32)
        self._turn = threading.Lock()

    def rows(self, keys: Sequence[_Key]) -> Floats:
        """The rows of some keys, in their order."""
        with self._turn:
            return self._rows(keys)

    def _rows(self, keys: Sequence[_Key]) -> Floats:
        at = [self._at.get(key, -1) for key in keys]
        new = list(dict.fromkeys([key for key, k in zip(keys, at, strict=True) if k < 0]))
        if len(self._at) + len(new) > self._most:
            self._at.clear()
            new = list(dict.fromkeys(keys))
        if len(new) > self._most:
            return self._compute(list(keys))
        if new:
            first = len(self._at)
            self._known[first : first + len(new)] = self._compute(new)
            self._at.update((key, first + k) for k, key in enumerate(new))
            at = [self._at[key] for key in keys]
        return self._known[at]
