"""Common forms of German words with what HanTa finds in them, so that a process need not work that out first.

`data/forms.npz`, by `benchmarks/training/forms.py`: for each form the classes it may be of, how likely each is to the
last bit, and the lemma under each. It holds for one model of HanTa's; into other words the tagger looks itself.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PATH = Path(__file__).resolve().parents[1] / "data" / "forms.npz"


class Reading(NamedTuple):
    """A class that a form may be of, how likely that is (nan: HanTa's own list says it), and the lemma under it."""

    tag: int
    chance: float
    lemma: str


@dataclass(frozen=True, slots=True)
class Forms:
    """Forms in lower case, and their readings in columns: those of form k from `ends[k]` to `ends[k + 1]`."""

    at: Mapping[str, int]
    ends: NDArray[np.int64]
    tags: NDArray[np.int16]
    chances: NDArray[np.float64]
    edits: Sequence[str]
    lemmas: NDArray[np.uint16]

    def classes(self, form: str) -> list[tuple[int, float]] | None:
        """The classes of a form with their chances; None where it is none of ours, or in HanTa's own list."""
        k = self.at.get(form)
        if k is None:
            return None
        own = slice(self.ends[k], self.ends[k + 1])
        chances = self.chances[own].tolist()
        return None if math.isnan(chances[0]) else list(zip(self.tags[own].tolist(), chances, strict=True))

    def lemma(self, form: str, tag: int) -> str | None:
        """The lemma of a form under a class; None where nothing is known of it."""
        k = self.at.get(form)
        if k is None:
            return None
        tags = self.tags[self.ends[k] : self.ends[k + 1]].tolist()
        return edited(form, self.edits[self.lemmas[self.ends[k] + tags.index(tag)]]) if tag in tags else None


NO_FORMS = Forms({}, np.zeros(1, np.int64), np.empty(0, np.int16), np.empty(0), (), np.empty(0, np.uint16))


def edit(form: str, lemma: str) -> str:
    """What makes a lemma of a form: how many letters go, which come, and "^" where the first becomes a capital.

    >>> edit("räten", "Rat"), edited("räten", edit("räten", "Rat"))
    ('^4 at', 'Rat')
    """
    capital = lemma[:1].isupper() and not form[:1].isupper()
    plain = lemma[:1].lower() + lemma[1:] if capital else lemma
    same = next((k for k, (a, b) in enumerate(zip(form, plain, strict=False)) if a != b), min(len(form), len(plain)))
    return f"{'^' * capital}{len(form) - same} {plain[same:]}"


def edited(form: str, how: str) -> str:
    """The lemma that an edit makes of a form."""
    gone, _, new = how.lstrip("^").partition(" ")
    lemma = form[: len(form) - int(gone)] + new
    return lemma[:1].upper() + lemma[1:] if how.startswith("^") else lemma


def write(path: Path, model: str, found: Mapping[str, Sequence[Reading]]) -> None:
    """`model`: the digest of HanTa's model that the readings are of."""
    rows = [(reading, edit(form, reading.lemma)) for form, readings in found.items() for reading in readings]
    edits = sorted({how for _, how in rows})
    number = {how: k for k, how in enumerate(edits)}
    np.savez_compressed(
        path,
        model=np.array(model),
        forms=_packed(found),
        counts=np.array([len(readings) for readings in found.values()], dtype=np.uint8),
        tags=np.array([reading.tag for reading, _ in rows], dtype=np.int16),
        chances=np.array([reading.chance for reading, _ in rows], dtype=np.float64),
        edits=_packed(edits),
        lemmas=np.array([number[how] for _, how in rows], dtype=np.uint16),
    )


def read(path: Path, model: str) -> Forms:
    """The forms in a file; none where there is no file, or it is of another model than HanTa's."""
    if not path.is_file():
        return NO_FORMS
    with np.load(path) as file:
        if str(file["model"]) != model:
            return NO_FORMS
        return Forms(
            at=dict(zip(_unpacked(file["forms"]), itertools.count(), strict=False)),
            ends=np.concatenate([[0], np.cumsum(file["counts"], dtype=np.int64)]),
            tags=file["tags"],
            chances=file["chances"],
            edits=_unpacked(file["edits"]),
            lemmas=file["lemmas"],
        )


def _packed(texts: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode().split("\n")
