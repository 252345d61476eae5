"""The rows of a dossier: named lines of word patterns, and which of them a word hits."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

KINDS = ("core", "side", "act", "office", "voice", "topic", "noise")
_SUFFIXES = ("innen", "ern", "ten", "est", "em", "en", "er", "es", "te", "st", "in", "e", "n", "s", "t")
# The last letter tells which of them may fit.
_BY_LETTER = {last: tuple(one for one in _SUFFIXES if one[-1] == last) for last in "mnrste"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A named line of word patterns: `nato*`, `*gipfel`, `*sanktion*`, or neighbouring words `weiß* haus*`."""

    name: str
    group: str
    kind: str
    words: tuple[str, ...]
    excluded: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.group}/{self.name}"


@dataclass(slots=True)  # not frozen: one is made of every new word, and that would take three times as long
class Entry:
    """What the lexicon knows of a word: bits of its rows, and the tag that stands for it in the model. Never changed."""

    rows: int
    tag: str
    opens: tuple[tuple[tuple[re.Pattern[str], ...], int], ...] = ()
    """phrases that may begin here: patterns of the words that follow, and the bit of the row"""
    hits: int = 0
    """the rows that the word hits, or would hit as the first word of a phrase"""


class _Remembered(dict[str, Entry]):
    """What was made of words; of one that was not seen before it is made when it is asked for."""

    def __init__(self, look: Callable[[str], Entry]) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, word: str) -> Entry:
        entry = self[word] = self._look(word)
        return entry


class Lexicon:
    """Looks words up in the rows of a dossier; remembers what it has seen, as a newsroom's vocabulary is small."""

    MEMORY = 200_000

    def __init__(self, rows: Sequence[Row]) -> None:
        self._single = _Shapes((w, 1 << at) for at, row in enumerate(rows) for w in row.words if " " not in w)
        self._excluded = tuple((1 << at, _pattern(row.excluded)) for at, row in enumerate(rows) if row.excluded)
        phrases = [(w.split(), 1 << at) for at, row in enumerate(rows) for w in row.words if " " in w]
        self._phrases = tuple((tuple(_pattern((w,)) for w in words[1:]), bit) for words, bit in phrases)
        self._first = _Shapes((words[0], 1 << at) for at, (words, _) in enumerate(phrases))
        self._tags = tuple((1 << at, f"<{row.group}>") for at, row in enumerate(rows) if row.kind in ("core", "side"))
        self.voice, self.office, self.party = (
            sum(1 << at for at, row in enumerate(rows) if row.kind in kinds)
            for kinds in (("voice",), ("office",), ("core", "side"))
        )
        self._known = _Remembered(self._look)
        self.masks, self.stems = masks(tuple(rows)), stems(rows)

    def __call__(self, word: str) -> Entry:
        return self._known[word]

    def all(self, words: Sequence[str]) -> list[Entry]:
        """The entries of the words of a sentence, most of which have been seen before."""
        if len(self._known) >= self.MEMORY:
            self._known.clear()
        return list(map(self._known.__getitem__, words))

    def _look(self, word: str) -> Entry:
        bits = self._single(word)
        if bits:
            for bit, excluded in self._excluded:
                if bits & bit and excluded.fullmatch(word):
                    bits &= ~bit
        first = self._first(word)
        opens = tuple(phrase for at, phrase in enumerate(self._phrases) if first >> at & 1) if first else ()
        tag = next((tag for bit, tag in self._tags if bits & bit), None) if bits else None
        hits = bits
        for _, bit in opens:
            hits |= bit
        return Entry(bits, tag or _stem(word), opens, hits)


class _Shapes:
    """Finds the bits of all patterns that match the whole of a word, by looking its pieces up.

    A vocabulary is new words for most of a process's life, and hundreds of alternatives take a regular expression long.
    """

    KEY = 3
    """letters by which patterns are found that may stand anywhere in a word"""

    def __init__(self, patterns: Iterable[tuple[str, int]]) -> None:
        self._whole: dict[str, int] = {}
        self._begins: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        self._holds: dict[str, list[tuple[str, int]]] = {}
        others: list[tuple[str, str, int]] = []
        for pattern, bit in patterns:
            bare = pattern.strip("*")
            kinds = {bare: self._whole, f"{bare}*": self._begins, f"*{bare}": self._ends}
            if pattern == f"*{bare}*" and "*" not in bare and len(bare) >= self.KEY:
                self._holds.setdefault(bare[: self.KEY], []).append((bare, bit))
            elif "*" in bare or pattern not in kinds:
                others.append((pattern.partition("*")[0], pattern, bit))
            else:
                kinds[pattern][bare] = kinds[pattern].get(bare, 0) | bit
        self._begin, self._end = (tuple(sorted(set(map(len, shapes)))) for shapes in (self._begins, self._ends))
        # Most words begin and end as no pattern does: the letters that all have tell at once.
        self._first, self._last = (min(lengths, default=0) for lengths in (self._begin, self._end))
        self._heads = frozenset(shape[: self._first] for shape in self._begins)
        self._tails = frozenset(shape[len(shape) - self._last :] for shape in self._ends)
        self._others = tuple((start, _pattern((pattern,)), bit) for start, pattern, bit in others)

    def __call__(self, word: str) -> int:
        size = len(word)
        bits = self._whole.get(word, 0)
        for length in self._begin if word[: self._first] in self._heads else ():
            if length > size:
                break
            bits |= self._begins.get(word[:length], 0)
        for length in self._end if word[-self._last :] in self._tails else ():
            if length > size:
                break
            bits |= self._ends.get(word[size - length :], 0)
        key, holds = self.KEY, self._holds
        for at in range(size - key + 1) if holds else ():
            if (start := word[at : at + key]) in holds:
                for stem, bit in holds[start]:
                    if word.startswith(stem, at):
                        bits |= bit
        for start, pattern, bit in self._others:
            if word.startswith(start) and pattern.fullmatch(word):
                bits |= bit
        return bits


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """A regular expression that matches the whole of a word; without words it matches nothing."""
    parts = [_starred(word) for word in words]
    return re.compile("|".join(parts) if parts else r"(?!)")


def _starred(word: str) -> str:
    first, *more = map(re.escape, word.split("*"))
    if not more:
        return first
    *inner, last = more
    # Each piece is looked for once, from left to right: trying all ways to share out a long word's letters takes hours.
    return first + "".join(rf"(?>\w*?{piece})" for piece in inner) + rf"\w*{last}"


def _stem(word: str) -> str:
    """A crude stem: near enough for counting, and a thousand times cheaper than a lemma."""
    if word.isdigit():
        return "0"
    for suffix in _BY_LETTER.get(word[-1:], ()):
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


@dataclass(frozen=True, slots=True)
class Masks:
    """The bits of rows by group and kind, so that a question about a sentence is an `and` of two numbers."""

    groups: tuple[tuple[str, int], ...]
    cores: tuple[tuple[str, int], ...]
    sides: tuple[tuple[str, int], ...]
    core: int
    party: int
    act: int
    office: int
    noise: int

    def sides_in(self, rows: int) -> tuple[str, ...]:
        return tuple(name for name, mask in self.sides if rows & mask)

    def is_act(self, rows: int) -> bool:
        """An act and two sides of which one is core, or an act, a core side and somebody who speaks for a state."""
        if not (rows & self.act and rows & self.core):
            return False
        return bool(rows & self.office) or len(self.sides_in(rows)) > 1


@functools.lru_cache(maxsize=32)
def masks(rows: tuple[Row, ...]) -> Masks:
    def bits(**wanted: str) -> int:
        return sum(1 << at for at, row in enumerate(rows) if all(getattr(row, k) == v for k, v in wanted.items()))

    names = tuple(dict.fromkeys((row.group, row.kind) for row in rows))
    return Masks(
        groups=tuple((group, bits(group=group)) for group, _ in names),
        cores=tuple((group, bits(group=group)) for group, kind in names if kind == "core"),
        sides=tuple((group, bits(group=group)) for group, kind in names if kind in ("core", "side")),
        core=bits(kind="core"),
        party=bits(kind="core") | bits(kind="side"),
        act=bits(kind="act"),
        office=bits(kind="office"),
        noise=bits(kind="noise"),
    )


def stems(rows: Sequence[Row]) -> tuple[str, ...]:
    """The letters of which an article must hold some: what is literal in the words of the core sides."""
    pieces = {max(word.split()[0].split("*"), key=len) for row in rows if row.kind == "core" for word in row.words}
    return tuple(sorted(p for p in pieces if not any(q != p and q in p for q in pieces)))
