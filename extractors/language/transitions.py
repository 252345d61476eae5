"""The steps that spaCy's parser and entity recogniser take over a text, without what costs more than the steps.

spaCy's own loop gives the interpreter's lock back at every vector it adds, some ten times a step: a third of its time,
and more where another thread waits. Here all sentences of an article step together and NumPy weighs their steps. The
recogniser looks at a word and at the entity that is open, no more: it needs no steps where none is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.language.remembered import Floats

if TYPE_CHECKING:
    from spacy.tokens import Doc

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weigher:
    """How much speaks for each move, by the words that a state looks at."""

    narrow: tuple[Floats, Floats]
    features: tuple[Floats, Floats]
    """the weights of a word in each place that is looked at, and what stands for none"""
    bias: Floats
    moves: tuple[Floats, Floats]
    places: Ints
    """where what the first word says in each place stands, among what all words say"""

    def words(self, encoded: Floats) -> Floats:
        """What each word says in each place, in rows: first those of no word, then those of the first."""
        weights, none = self.features
        found = np.empty((len(encoded) + 1, len(weights)), dtype=np.float32)
        found[0] = none
        np.matmul(encoded @ self.narrow[0].T + self.narrow[1], weights.T, out=found[1:])
        return found.reshape(len(found) * len(self.places), -1)

    def scores(self, words: Floats, at: Ints) -> Floats:
        """The score of each move in each state, which looks at these words (by their number, -1 for none)."""
        rows = at * len(self.places) + self.places
        seen = np.add.reduce(words.take(rows, axis=0), axis=1)
        seen += self.bias
        half = seen.shape[1] // 2
        found: Floats = np.maximum(seen[:, :half], seen[:, half:]) @ self.moves[0]
        found += self.moves[1]
        return found


def weigher(model: Any) -> Weigher:
    """With the weights of a model of spaCy's (TransitionBasedParser, with two pieces and an upper layer)."""
    narrow, lower, upper = model.get_ref("tok2vec").layers[-1], model.get_ref("lower"), model.get_ref("upper")
    weights, none, bias = lower.get_param("W"), lower.get_param("pad")[0], lower.get_param("b")
    places, width = len(weights), weights.shape[3]
    # The two pieces of each number stand in halves, not side by side: their greater is found at once.
    return Weigher(
        narrow=(narrow.get_param("W"), narrow.get_param("b")),
        features=(
            np.ascontiguousarray(weights.transpose(0, 2, 1, 3)).reshape(-1, width),
            np.ascontiguousarray(none.transpose(0, 2, 1)).reshape(-1),
        ),
        bias=np.ascontiguousarray(bias.T).reshape(-1),
        moves=(np.ascontiguousarray(upper.get_param("W").T), upper.get_param("b")),
        places=np.arange(places, 2 * places),
    )


@dataclass(frozen=True, slots=True)
class Parser:
    """spaCy's parser: it keeps the states, makes the moves and writes the trees."""

    pipe: Any
    weigher: Weigher

    def parse(self, docs: Sequence[Doc], begins: Sequence[int], encoded: Floats) -> None:
        """Write the trees of docs, each of which begins at that row of what was read."""
        from spacy.ml.parser_model import ParserStepModel  # type: ignore[import-not-found]
        from spacy.pipeline._parser_internals.stateclass import StateClass  # type: ignore[import-not-found]

        states = [StateClass(doc, begin) for doc, begin in zip(docs, begins, strict=True)]
        words, going = self.weigher.words(encoded), list(states)
        # All that is asked of the model of a step is at how many words it looks.
        looks = SimpleNamespace(state2vec=SimpleNamespace(nF=len(self.weigher.places)))
        while going:
            at = ParserStepModel.get_token_ids(looks, going)
            going = self.pipe.transition_states(going, self.weigher.scores(words, at))
        self.pipe.set_annotations(docs, states)


class Entity(NamedTuple):
    """First row, last + 1, label."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Recogniser:
    """spaCy's entity recogniser. A move is a letter and a label: B-PER, I-PER and L-PER, U-LOC, or O for no entity."""

    weigher: Weigher
    moves: tuple[str, ...]

    def entities(self, encoded: Floats, last: NDArray[np.bool_]) -> list[Entity]:
        """The entities of words in a row; none goes on behind a word that is the last of its sentence."""
        words, none = self.weigher.words(encoded), np.full(len(encoded), -1)
        scores = self.weigher.scores(words, np.stack([np.arange(len(encoded)), none, none], axis=1))
        letters = np.array([move[0] if move[2:] or move == "O" else "" for move in self.moves])
        scores[:, ~np.isin(letters, ["B", "U", "O"])] = -np.inf
        scores[np.ix_(last, letters == "B")] = -np.inf
        chosen = scores.argmax(1)
        ends = self._ends(words, last, np.nonzero(letters[chosen] == "B")[0], chosen)
        at, found = 0, []
        for start in np.nonzero(letters[chosen] != "O")[0].tolist():
            if start >= at:
                at = ends.get(start, start + 1)
                found.append(Entity(start, at, self.moves[chosen[start]][2:]))
        return found

    def _ends(self, words: Floats, last: NDArray[np.bool_], starts: Ints, chosen: Ints) -> dict[int, int]:
        """Where an entity ends that begins at each of some words, with the move chosen there."""
        number = {move: k for k, move in enumerate(self.moves)}
        goes_on, stops = (
            np.array([number.get(letter + move[1:], 0) if move[0] == "B" else 0 for move in self.moves])
            for letter in "IL"
        )
        found: dict[int, int] = {}
        at = starts + 1
        while len(starts):
            scores, rows, begun = (
                self.weigher.scores(words, np.stack([at, starts, at - 1], axis=1)),
                np.arange(len(at)),
                chosen[starts],
            )
            open_ = ~last[at] & (scores[rows, goes_on[begun]] >= scores[rows, stops[begun]])
            found.update(zip(starts[~open_].tolist(), (at[~open_] + 1).tolist(), strict=True))
            starts, at = starts[open_], at[open_] + 1
        return found
