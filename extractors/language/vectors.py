"""Word vectors that are computed once a word: the networks ask for every word of every text, twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.vectors import Vectors  # type: ignore[import-not-found]

_MOST = 40_000
"""words remembered: 15 MB"""


class Remembering(Vectors):  # type: ignore[misc]
    """Floret vectors: the mean of the vectors of a word's parts. Forgets all when full; the next text fills it again."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.rows: dict[int, int] = {}
        self.known = np.empty((_MOST, self.data.shape[1]), dtype=np.float32)

    def get_batch(self, keys: Iterable[int | str]) -> NDArray[np.float32]:
        if isinstance(keys, np.ndarray):
            wanted: list[int] = keys.tolist()
        else:
            wanted = [self.strings[key] if isinstance(key, str) else int(key) for key in keys]
        new = [key for key in dict.fromkeys(wanted) if key not in self.rows]
        if len(self.rows) + len(new) > _MOST:
            self.rows.clear()
            new = list(dict.fromkeys(wanted))
        if len(new) > _MOST:
            return super().get_batch(wanted)  # type: ignore[no-any-return]
        if new:
            first = len(self.rows)
            self.known[first : first + len(new)] = super().get_batch(new)
            self.rows.update((key, first + k) for k, key in enumerate(new))
        found: NDArray[np.float32] = self.known[[self.rows[key] for key in wanted]]
        return found


def remembering(vectors: Vectors) -> Remembering:
    """The same vectors. Stored as float16 to halve their file; the network multiplies float32."""
    return Remembering(
        strings=vectors.strings,
        data=vectors.data.astype(np.float32),
        mode=vectors.mode,
        minn=vectors.minn,
        maxn=vectors.maxn,
        hash_count=vectors.hash_count,
        hash_seed=vectors.hash_seed,
        bow=vectors.bow,
        eow=vectors.eow,
    )
