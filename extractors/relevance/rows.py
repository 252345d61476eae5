"""The rows of a dossier: named lines of word patterns, and which of them a word hits."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

KINDS = ("core", "side", "act", "office", "voice", "topic", "noise")
_SUFFIXES = ("innen", "ern", "ten", "est", "em", "en", "er", "es", "te", "st", "in", "e", "n", "s", "t")
# The last letter tells which of them may fit.
_BY_LETTER = {last: tuple(one for one in _SUFFIXES if one[-1] == last) for last in "mnrste"}
_FREQUENT = "enisratdhlcgmbfvzäuowüpößkjyxq"
"""the letters of German, the more frequent first, but u and o behind some rarer ones that fewer names have"""


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
        single = [(w, 1 << at) for at, row in enumerate(rows) for w in row.words if " " not in w]
        phrases = [(w.split(), 1 << at) for at, row in enumerate(rows) for w in row.words if " " in w]
        self._phrases = tuple((tuple(_pattern((w,)) for w in words[1:]), bit) for words, bit in phrases)
        self._own = (1 << len(rows)) - 1
        """the bits of rows that a word hits by itself; those behind stand for the phrases that it may begin"""
        self._shapes = _Shapes([*single, *((words[0], 1 << len(rows) + at) for at, (words, _) in enumerate(phrases))])
        self._excluded = tuple((1 << at, _pattern(row.excluded)) for at, row in enumerate(rows) if row.excluded)
        sides = ((at, row) for at, row in enumerate(rows) if row.kind in ("core", "side"))
        self._tags = tuple((1 << at, sys.intern(f"<{row.group}>")) for at, row in sides)
        self.voice, self.office, self.party = (
            sum(1 << at for at, row in enumerate(rows) if row.kind in kinds)
            for kinds in (("voice",), ("office",), ("core", "side"))
        )
        self._known = _Remembered(self._look)
        self.masks, self.stems = masks(tuple(rows)), any_of(stems(rows))

    def __call__(self, word: str) -> Entry:
        return self._known[word]

    def all(self, words: Sequence[str]) -> list[Entry]:
        """The entries of the words of a sentence, most of which have been seen before."""
        if len(self._known) >= self.MEMORY:
            self._known.clear()
        return list(map(self._known.__getitem__, words))

    def _look(self, word: str) -> Entry:
        found = self._shapes(word)
        # The model's tables have the very same string: to find it there, no letters need be compared.
        stem = sys.intern(_stem(word))
        if not found:
            return Entry(0, stem)
        bits, first = found & self._own, found >> self._own.bit_length()
        for bit, excluded in self._excluded:
            if bits & bit and excluded.fullmatch(word):
                bits &= ~bit
        opens = tuple(phrase for at, phrase in enumerate(self._phrases) if first >> at & 1)
        tag = next((tag for bit, tag in self._tags if bits & bit), None)
        hits = bits
        for _, bit in opens:
            hits |= bit
        return Entry(bits, tag or stem, opens, hits)


class _Shapes:
    """Finds the bits of all patterns that match the whole of a word, by looking its pieces up.

    A vocabulary is new words for most of a process's life, and hundreds of alternatives take a regular expression long.
    """

    def __init__(self, patterns: Iterable[tuple[str, int]]) -> None:
        self._whole: dict[str, int] = {}
        begins: dict[str, int] = {}
        ends: dict[str, int] = {}
        holds: dict[str, int] = {}
        others: list[tuple[str, str, int]] = []
        for pattern, bit in patterns:
            bare = pattern.strip("*")
            kinds = {bare: self._whole, f"{bare}*": begins, f"*{bare}": ends, f"*{bare}*": holds}
            if "*" in bare or pattern not in kinds:
                others.append((pattern.partition("*")[0], pattern, bit))
            else:
                kinds[pattern][bare] = kinds[pattern].get(bare, 0) | bit
        # Most words begin and end as no pattern does: the letters that all have tell which may fit.
        self._first, self._last = (min(map(len, shapes), default=0) for shapes in (begins, ends))
        self._begins = _grouped(begins, lambda shape: shape[: self._first])
        self._ends = _grouped(ends, lambda shape: shape[-self._last :])
        self._holds, self._holds_any = tuple(holds.items()), any_of(holds)
        self._others = tuple((start, _pattern((pattern,)), bit) for start, pattern, bit in others)

    def __call__(self, word: str) -> int:
        bits = self._whole.get(word, 0)
        for shape, bit in self._begins.get(word[: self._first], ()):
            if word.startswith(shape):
                bits |= bit
        for shape, bit in self._ends.get(word[-self._last :], ()):
            if word.endswith(shape):
                bits |= bit
        if self._holds_any.search(word):
            for shape, bit in self._holds:
                if shape in word:
                    bits |= bit
        for start, pattern, bit in self._others:
            if word.startswith(start) and pattern.fullmatch(word):
                bits |= bit
        return bits


def _grouped(shapes: dict[str, int], by: Callable[[str], str]) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for shape, bit in shapes.items():
        found.setdefault(by(shape), []).append((shape, bit))
    return found


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


def any_of(stems: Iterable[str]) -> re.Pattern[str]:
    """Finds any of some stems, each by its rarest letter: at most letters of a text there is nothing to look at.

    Where a text holds none, looking for one stem after another takes three times as long.
    """
    by_letter: dict[str, list[str]] = {}
    for stem in stems:
        letter = max(stem, key=_FREQUENT.find)
        # What follows the letter is looked at first: most stems are out with one more letter, before any look back.
        after = re.escape(stem.partition(letter)[2])
        by_letter.setdefault(letter, []).append(f"{after}(?<={re.escape(stem)})")
    found = [f"{re.escape(letter)}(?:{'|'.join(around)})" for letter, around in by_letter.items()]
    return re.compile("|".join(found) or "(?!)")
