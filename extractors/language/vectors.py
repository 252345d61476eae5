"""Word vectors that are computed once a word: both networks ask for a new word, and the features of events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.vectors import Vectors  # type: ignore[import-not-found]

from extractors.language.remembered import Remembered

_MOST = 5_000
"""words remembered, those of a few articles: who asks remembers what came of them"""


class Remembering(Vectors):  # type: ignore[misc]
    """Floret vectors: the mean of the vectors of a word's parts."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.known: Remembered[int] = Remembered(super().get_batch, self.data.shape[1], most=_MOST)

    def get_batch(self, keys: Iterable[int | str]) -> NDArray[np.float32]:
        if isinstance(keys, np.ndarray):
            return self.known.rows(keys.tolist())
        return self.known.rows([self.strings[key] if isinstance(key, str) else int(key) for key in keys])


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
