"""spaCy's window encoder, which reads words in a row, without what only training needs: in half the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from extractors.language.remembered import Floats

_EPSILON = 1e-8
"""spaCy's own: keeps the variance of a row from being nothing"""


class Layer(NamedTuple):
    """The strongest of several pieces (their weights stand side by side), normalised, stretched and shifted."""

    weights: Floats
    bias: Floats
    stretch: Floats
    shift: Floats


@dataclass(frozen=True, slots=True)
class Encoder:
    """Layers that look at a word, the one before and the one behind."""

    layers: tuple[Layer, ...]

    def encode(self, rows: Floats, lengths: Sequence[int]) -> list[Floats]:
        """The words of lines so long, each with what stands around it; between lines, and at both ends, nothing stands."""
        apart = len(self.layers)
        at = np.arange(len(rows)) + apart * (1 + np.repeat(np.arange(len(lengths)), lengths))
        h = np.zeros((len(rows) + apart * (len(lengths) + 1), rows.shape[1]), dtype=np.float32)
        h[at] = rows
        for layer in self.layers:
            pieces = beside(h) @ layer.weights
            pieces += layer.bias
            h += _strongest(pieces, h.shape[1], layer)
        return np.split(h[at], np.cumsum(lengths)[:-1])


def encoder(model: Any) -> Encoder:
    """An encoder with the weights of a model of spaCy's (MaxoutWindowEncoder, with windows of one word)."""
    maxouts = [node for node in model.walk() if node.name == "maxout"]
    norms = [node for node in model.walk() if node.name == "layernorm"]
    return Encoder(tuple(_layer(a, b) for a, b in zip(maxouts, norms, strict=True)))


def _layer(maxout: Any, norm: Any) -> Layer:
    weights, bias = maxout.get_param("W"), maxout.get_param("b")
    # From outputs × pieces × inputs to one matrix with a block for each piece.
    beside_each_other = weights.transpose(2, 1, 0).reshape(weights.shape[2], -1)
    return Layer(np.ascontiguousarray(beside_each_other), bias.T.reshape(-1), norm.get_param("G"), norm.get_param("b"))


def beside(h: Floats, reach: int = 1) -> Floats:
    """For each row the one so many places before, itself, and the one as far behind; zeros beyond the ends."""
    size = h.shape[1]
    seen = np.zeros((len(h), 3 * size), dtype=np.float32)
    seen[reach:, :size], seen[:, size : 2 * size], seen[:-reach, 2 * size :] = h[:-reach], h, h[reach:]
    return seen


def normal(rows: Floats, epsilon: float) -> Floats:
    """Each row with mean 0 and variance 1. Writes over what it is given."""
    rows -= rows.mean(1, keepdims=True)
    rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1]) + np.float32(epsilon))[:, None]
    return rows


def _strongest(pieces: Floats, size: int, layer: Layer) -> Floats:
    found = np.maximum(pieces[:, :size], pieces[:, size : 2 * size])
    for first in range(2 * size, pieces.shape[1], size):
        np.maximum(found, pieces[:, first : first + size], out=found)
    normal(found, _EPSILON)
    found *= layer.stretch
    found += layer.shift
    return found
