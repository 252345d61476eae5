"""Labelled sentences as numbers side by side: the batches that the network of events learns from and reads."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from benchmarks.training import labelled
from extractors.events.weighing import encoding, network
from extractors.events.weighing.features import TOLD, TYPES
from extractors.language import contextual
from extractors.ontology import SYMMETRIC

PIECES, POOL = 2800, 168
"""how many are multiplied at once, and of how many articles those of like lengths are put together"""
TOGETHER = 5
"""stretches of an article that see each other's times and places"""
SPANS = ("times", "places")
Batch = dict[str, Any]


@dataclass
class Row:
    """A sentence with its labels, 1, 0 or -1 (not counted): of each type; of types × codes who acts, who is acted upon,
    who says so; of types × facts whether they are told; of types × the sentence's times and places. Of types × statuses
    the share of each."""

    article: int
    sentence: int
    fold: int
    told: encoding.Encoded
    types: np.ndarray
    sides: np.ndarray
    statuses: np.ndarray
    facts: np.ndarray
    times: np.ndarray
    places: np.ndarray
    """types × times, and places, of the sentence: whether it is the act's"""


def rows(data: Sequence[labelled.Labelled], tags: dict[str, int]) -> Iterator[Row]:
    for a, one in enumerate(data):
        about = encoding.topic(one.seen)
        for i, view in enumerate(one.seen):
            coded = one.told.get(i, ())
            if view.sentence.tokens and view.flags and (network.worth_reading(view) or coded):
                for token in view.sentence.tokens:
                    tags.setdefault(token.tag, len(tags) + 1)
                told = encoding.encoded(one.reading, view, tags, one.seen[i - 1] if i else None, about)
                types = np.array([labelled.type_label(one, i, t) for t in TYPES], dtype=np.int8)
                yield Row(
                    article=a,
                    sentence=i,
                    fold=one.fold,
                    told=told,
                    types=types,
                    sides=sides(coded, told.codes),
                    statuses=statuses(coded),
                    facts=facts(coded),
                    times=spans(coded, "date", told.whens),
                    places=spans(coded, "place", told.wheres),
                )


def sides(coded: Sequence[Mapping[str, Any]], codes: Sequence[str]) -> np.ndarray:
    found = np.full((len(network.SIDES), len(TYPES), len(codes)), -1, dtype=np.int8)
    for event in coded:
        t = TYPES.index(event["type"])
        found[:2, t] = np.maximum(found[:2, t], 0)
        both = TYPES[t] in SYMMETRIC
        for c, code in enumerate(codes):
            acts = code in event["actors"] or (both and code in event["recipients"])
            found[0, t, c] |= acts
            found[1, t, c] |= code in event["recipients"] and not acts
        if "speaker" in event:
            found[2, t] = np.maximum(found[2, t], 0)
            found[2, t] |= [code == event["speaker"] for code in codes]
    return found


def statuses(coded: Sequence[Mapping[str, Any]]) -> np.ndarray:
    found = np.zeros((len(TYPES), len(network.STATUSES)), dtype=np.float32)
    for event in coded:
        found[TYPES.index(event["type"]), network.STATUSES.index(event["status"])] += 1
    return found / np.maximum(found.sum(1, keepdims=True), 1)


def facts(coded: Sequence[Mapping[str, Any]]) -> np.ndarray:
    found = np.full((len(TYPES), len(TOLD)), -1, dtype=np.int8)
    for event in coded:
        if "date" in event:
            t = TYPES.index(event["type"])
            found[t] = np.maximum(found[t], [bool(event[fact]) for fact in TOLD])
    return found


def spans(coded: Sequence[Mapping[str, Any]], fact: str, keys: Sequence[str]) -> np.ndarray:
    found = np.full((len(TYPES), len(keys)), -1, dtype=np.int8)
    for event in coded:
        if fact in event:
            t = TYPES.index(event["type"])
            told = (event[fact] or "").casefold() if fact == "place" else event[fact]
            found[t] = np.maximum(found[t], [key == told for key in keys])
    return found


@dataclass
class Item:
    """Some stretches of an article, with the rows of their sentences, and the times and places that they name."""

    fold: int
    rows: list[Row]
    stretches: list[tuple[int, ...]]
    pieces: list[contextual.Pieces]
    named: dict[str, list[encoding.Named]]
    """times and places of the article"""
    coded: Mapping[int, Sequence[Mapping[str, Any]]]


def items(data: Sequence[labelled.Labelled], found: Sequence[Row], splitter: contextual.Splitter) -> Iterator[Item]:
    of_article = defaultdict(list)
    for row in found:
        of_article[row.article].append(row)
    for a, own in of_article.items():
        one, document = data[a], data[a].reading.document
        pieces = contextual.pieces_of(splitter, document.text, document.sentences)
        named = {fact: encoding.named(one.reading, fact) for fact in SPANS}
        parts = contextual.stretches([len(p.ids) for p in pieces])
        for first in range(0, len(parts), TOGETHER):
            some = parts[first : first + TOGETHER]
            rows = [row for row in own if any(row.sentence in part for part in some)]
            if rows:
                yield Item(one.fold, rows, list(some), pieces, named, one.told)


def batch(some: Sequence[Item]) -> tuple[list[Row], Batch]:
    """The rows of some items, and all their numbers side by side, padded."""
    found: list[Row] = []
    owner: list[Item] = []
    laid = [(item, *contextual.laid_out(part, item.pieces)) for item in some for part in item.stretches]
    ids = np.full((len(laid), max(len(row) for _, row, _ in laid)), contextual.PAD)
    live = np.zeros(ids.shape, dtype=np.bool_)
    of_tokens: list[tuple[int, int, int, int]] = []
    where: dict[tuple[int, int], tuple[int, int]] = {}
    for k, (item, row, starts) in enumerate(laid):
        ids[k, : len(row)], live[k, : len(row)] = row, True
        where |= {(id(item), sentence): (k, start) for sentence, start in starts.items()}
        for one in item.rows:
            if one.sentence in starts:
                pieces = item.pieces[one.sentence].of_tokens[: len(one.told.tags)]
                spans = [(t, p) for t, (a, b) in enumerate(pieces) for p in range(a, b)]
                of_tokens += [(len(found), t, k, starts[one.sentence] + p) for t, p in spans]
                found.append(one)
                owner.append(item)
    b = _sentences(found) | {
        "ids": torch.from_numpy(ids),
        "pieces_live": torch.from_numpy(live),
        "of_tokens": torch.tensor(of_tokens).T,
    }
    return found, b | {f"far_{fact}": _elsewhere(fact, found, owner, where) for fact in SPANS}


def _elsewhere(fact: str, found: Sequence[Row], owner: Sequence[Item], where: Mapping[Any, tuple[int, int]]) -> Batch:
    """Pairs of a row and a time (or place) that another sentence of its item names, with labels for each key."""
    mentions: dict[tuple[int, int], int] = {}
    of_mentions: list[tuple[int, int, int]] = []
    pairs: list[tuple[int, ...]] = []
    keys: dict[tuple[int, str], int] = {}
    for r, (row, item) in enumerate(zip(found, owner, strict=True)):
        own = row.told.whens if fact == "times" else row.told.wheres
        for m, (sentence, key, tokens, part) in enumerate(item.named[fact]):
            if key in own or (id(item), sentence) not in where:
                continue
            if (id(item), m) not in mentions:
                k, start = where[id(item), sentence]
                pieces = [p for t in tokens for p in range(*item.pieces[sentence].of_tokens[t])]
                of_mentions += [(len(mentions), k, start + p) for p in pieces]
                mentions[id(item), m] = len(mentions)
            gap = max(-encoding.GAPS, min(encoding.GAPS, sentence - row.sentence)) + encoding.GAPS
            pairs.append((r, mentions[id(item), m], gap, part, keys.setdefault((r, key), len(keys))))
    right = np.full((len(keys), len(TYPES)), -1, np.int8)
    for (r, key), at in keys.items():
        coded = owner[r].coded.get(found[r].sentence, ())
        right[at] = spans(coded, "date" if fact == "times" else "place", [key])[:, 0]
    names = ("rows", "mentions", "gaps", "parts", "keys")
    columns = torch.tensor(pairs).T if pairs else torch.zeros(5, 0, dtype=torch.long)
    return dict(zip(names, columns, strict=True)) | {
        "of_mentions": torch.tensor(of_mentions).T if of_mentions else torch.zeros(3, 0, dtype=torch.long),
        "right": torch.from_numpy(right),
        "names": keys,
    }


def _sentences(found: Sequence[Row]) -> Batch:
    types, codes, number = len(TYPES), encoding.CODES, len(found)
    size = max(len(row.told.tags) for row in found)
    b: dict[str, np.ndarray] = {
        "live": np.zeros((number, size), np.float32),
        "types": np.stack([row.types for row in found]),
        "sides": np.full((number, len(network.SIDES), types, codes), -1, np.int8),
        "statuses": np.stack([row.statuses for row in found]),
        "facts": np.stack([row.facts for row in found]),
        **{f"right_{name}": np.full((number, types, encoding.SPANS), -1, np.int8) for name in SPANS},
    }
    shapes: dict[str, tuple[tuple[int, ...], Any]] = {
        "vectors": ((size, encoding.WIDTH), np.float32),
        "marks": ((size, encoding.MARKS), np.float32),
        "named": ((codes, size), np.float32),
        "times": ((encoding.SPANS, size), np.float32),
        "places": ((encoding.SPANS, size), np.float32),
        "flags": ((codes, encoding.FLAGS), np.float32),
        "setting": ((encoding.SETTING,), np.float32),
        "before": ((encoding.WIDTH,), np.float32),
        "about": ((encoding.WIDTH,), np.float32),
        "code_classes": ((codes,), np.int64),
    } | dict.fromkeys(("tags", "lemmas", "classes", "heads", "predicates"), ((size,), np.int64))
    b |= {name: np.zeros((number, *shape), kind) for name, (shape, kind) in shapes.items()}
    for k, row in enumerate(found):
        b["live"][k, : len(row.told.tags)] = 1
        b["sides"][k, :, :, : len(row.told.codes)] = row.sides
        for name in SPANS:
            right = getattr(row, name)
            b[f"right_{name}"][k, :, : right.shape[1]] = right
        for name in shapes:
            value = np.asarray(getattr(row.told, name))
            b[name][(k, *(slice(n) for n in value.shape))] = value
    return {name: torch.from_numpy(value) for name, value in b.items()}


def batches(found: Sequence[Item], draw: random.Random | None = None) -> list[list[Item]]:
    """Items of like lengths together, about PIECES in each; in random order if drawn."""
    given = list(found)
    if draw is not None:
        draw.shuffle(given)
    told: list[list[Item]] = []
    for first in range(0, len(given), POOL):
        longest, number, own = 0, 0, list[Item]()
        for size, item in _by_length(given[first : first + POOL]):
            if own and (number + len(item.stretches)) * max(longest, size) > PIECES:
                told.append(own)
                longest, number, own = 0, 0, []
            own.append(item)
            longest, number = max(longest, size), number + len(item.stretches)
        told += [own] if own else []
    if draw is not None:
        draw.shuffle(told)
    return told


def _by_length(some: Sequence[Item]) -> list[tuple[int, Item]]:
    lengths = [(max(len(contextual.laid_out(part, i.pieces)[0]) for part in i.stretches), i) for i in some]
    return sorted(lengths, key=lambda pair: pair[0])
