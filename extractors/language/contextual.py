"""Words where they stand: states of a pretrained multilingual encoder, which reads an article some sentences at a time.

The encoder is the lower half of multilingual-e5-small (MIT; Wang et al. 2024), with the pieces of words that German news
knows, fitted further with the network of events (`benchmarks/training/network.py`); its sums run in ONNX Runtime, in
whole numbers of eight bits. It is not trained to say anything by itself: what it gives are numbers for words.
"""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from extractors.language.remembered import Floats

if TYPE_CHECKING:
    from extractors.language import Sentence

FOLDER = Path(__file__).resolve().parents[1] / "data" / "weights" / "encoder"
_FILES = ("pieces.model", "input.npz", "layers.onnx")
WIDTH = 384
LONGEST = 200
"""pieces that are read together, about so many; sentences are never torn"""
_MOST_OF_SENTENCE, _MOST = 140, 500
_BEGIN, PAD, _END, LAST_MARK = 0, 1, 2, 3
"""numbers of pieces that are no words"""
_KNOWN_WORDS, _KNOWN_LETTERS = 40_000, 64
"""how many words are remembered, of how many letters at most"""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A sentence as pieces of words, and for each of its tokens the pieces that it is made of, from and to."""

    ids: tuple[int, ...]
    of_tokens: tuple[tuple[int, int], ...]


def stretches(sizes: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Which sentences, of so many pieces, are read together: as few stretches as may be, of about the same length.

    >>> stretches([90, 90, 90, 90])
    ((0, 1), (2, 3))
    """
    total = sum(sizes)
    parts = max(1, -(-total // LONGEST))
    found: list[list[int]] = [[]]
    read = 0
    for i, size in enumerate(sizes):
        if found[-1] and read + size / 2 > total / parts * len(found):
            found.append([])
        found[-1].append(i)
        read += size
    return tuple(tuple(own) for own in found if own)


class Splitter:
    """Splits words into pieces; remembers those of words seen before."""

    def __init__(self, model: bytes) -> None:
        from sentencepiece import SentencePieceProcessor

        self._model = SentencePieceProcessor(model_proto=model)
        self._known: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        self._letters: dict[int, int] = {}

    def split(self, text: str, tokens: Sequence[tuple[int, int]], most: int | None = _MOST_OF_SENTENCE) -> Pieces:
        """The pieces of a text; `tokens` says where its tokens begin and end, in order."""
        ids: list[int] = []
        spans: list[tuple[int, int]] = []
        for start, word in words_of(text):
            own, ends = self._word(word)
            first = start
            for end in ends:
                spans.append((first, start + end))
                first = start + end
            ids += own
        ids, spans = ids[:most], spans[:most]
        return Pieces(tuple(ids), tuple(_covering(spans, tokens)))

    def _word(self, word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        found = self._known.get(word)
        if found is None:
            found = self._split(word)
            if len(self._known) >= _KNOWN_WORDS:
                self._known.clear()
            if len(word) <= _KNOWN_LETTERS:
                self._known[word] = found
        return found

    def _split(self, word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        ids = tuple(self._model.encode(word))
        ends = tuple(itertools.accumulate(map(self._size, ids)))
        # A letter that is spelled otherwise ("…" as "..."), or that no piece has, changes the length.
        return ids, ends if ends and ends[-1] == len(word) else tuple(len(word) for _ in ids)

    def _size(self, piece: int) -> int:
        """The letters of a piece."""
        if piece not in self._letters:
            self._letters[piece] = len(self._model.id_to_piece(piece).removeprefix("▁"))
        return self._letters[piece]


def words_of(text: str) -> Iterator[tuple[int, str]]:
    """What stands between blanks, and where.

    >>> list(words_of("Der Rat  tagt."))
    [(0, 'Der'), (4, 'Rat'), (9, 'tagt.')]
    """
    at = 0
    for word in text.split():
        at = text.index(word, at)
        yield at, word
        at += len(word)


def _covering(spans: Sequence[tuple[int, int]], tokens: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """For each token the first piece that reaches into it, and the one behind the last; a mark of a word's beginning that
    is a piece by itself belongs to the letter behind it."""
    low, last = 0, len(spans)
    for start, end in tokens:
        while low < last and spans[low][1] <= start and spans[low][0] < start:
            low += 1
        high = low
        while high < last and spans[high][0] < end:
            high += 1
        yield low, high


def pieces_of(splitter: Splitter, text: str, sentences: Sequence[Sentence]) -> list[Pieces]:
    return [
        splitter.split(text[s.start : s.end], [(t.start - s.start, t.end - s.start) for t in s.tokens])
        for s in sentences
    ]


class Encoder:
    """The fitted encoder. Raises OSError where a file of it is missing."""

    def __init__(self, folder: Path = FOLDER) -> None:
        # Nothing calls home. The function alone is not enough: by then the import has put a first report into the queue.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        self.splitter = Splitter((folder / "pieces.model").read_bytes())
        with np.load(folder / "input.npz") as file:
            self._pieces, self._scales = file["pieces"], file["scales"].astype(np.float32)
            self._positions, self._classes, self._marks = (
                file[name].astype(np.float32) for name in ("positions", "classes", "marks")
            )
        self.marks = len(self._marks)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Its further steps put addition and normalising into one operator that takes longer than the two.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        self._layers: Any = onnxruntime.InferenceSession(
            folder / "layers.onnx", options, providers=["CPUExecutionProvider"]
        )

    def states(
        self, text: str, sentences: Sequence[Sentence], marked: Mapping[int, tuple[Ints, Floats]]
    ) -> list[Floats]:
        """For each sentence its tokens' states (N × WIDTH), each the mean of its pieces'; zeros for what is not read.
        `marked`: for sentences whose acts are asked for, the classes of actors and the marks of their first tokens."""
        pieces = pieces_of(self.splitter, text, sentences)
        found: dict[int, Floats] = {}
        for part in stretches([len(p.ids) for p in pieces]):
            row, starts = laid_out(part, pieces)
            given = self._pieces[row].astype(np.float32) * self._scales[row, None] + self._positions[: len(row)]
            for i, start in starts.items():
                if i in marked:
                    self._mark(given[start:], pieces[i], *marked[i])
            (states,) = self._layers.run(None, {"given": given[None]})
            spans = [(start + a, start + b) for i, start in starts.items() for a, b in pieces[i].of_tokens]
            means = _means(states[0], np.array(spans, dtype=np.int64).reshape(-1, 2))
            ends = np.cumsum([len(pieces[i].of_tokens) for i in starts])
            found.update(zip(starts, np.split(means, ends[:-1]), strict=True))
        unread = np.zeros((max((len(s.tokens) for s in sentences), default=0), WIDTH), dtype=np.float32)
        return [found.get(i, unread[: len(s.tokens)]) for i, s in enumerate(sentences)]

    def _mark(self, given: Floats, pieces: Pieces, classes: Ints, marks: Floats) -> None:
        more = self._classes[classes] + marks @ self._marks
        of: dict[int, int] = {}
        for token, (first, behind) in enumerate(pieces.of_tokens[: len(more)]):
            for piece in range(first, behind):
                of[piece] = token
        given[list(of)] += more[list(of.values())]


def laid_out(stretch: Sequence[int], pieces: Sequence[Pieces]) -> tuple[list[int], dict[int, int]]:
    """The pieces of some sentences in a row, as far as there are positions, and where each sentence begins."""
    row, starts = [_BEGIN], {}
    for i in stretch:
        if len(row) + len(pieces[i].ids) > _MOST:
            break
        starts[i] = len(row)
        row += pieces[i].ids
    return [*row, _END], starts


def _means(states: Floats, spans: Ints) -> Floats:
    """The mean of the states from each first piece to the one behind the last; zeros where there is none. Behind the last
    span there is always a piece: the one that ends a stretch."""
    first, sizes = spans[:, 0], spans[:, 1] - spans[:, 0]
    found = states[first]
    for k in range(1, int(sizes.max(initial=0))):
        longer = np.nonzero(sizes > k)[0]
        found[longer] += states[first[longer] + k]
    found[sizes <= 0] = 0.0
    found /= np.maximum(sizes, 1)[:, None].astype(np.float32)
    return found


@functools.cache
def encoder() -> Encoder | None:
    """The encoder that ships, or None where a file of it is missing."""
    return Encoder() if all((FOLDER / name).exists() for name in _FILES) else None
