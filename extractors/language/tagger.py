"""HanTa's tagger with the same tags and lemmas, found with less looking.

HanTa asks every class of morphemes about every stretch of a word, and every class of words about every word. Here only
those are asked that know the stretch or take unknown ones. Sums are made in HanTa's order, so that nothing is rounded
differently; test_language compares the two.
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType

from HanTa.HanoverTagger import EMPTY, END, END_UNKNOWN, START, UNKNOWN, HanoverTagger
from numpy import logaddexp

from extractors.language.forms import NO_FORMS, Forms

_CACHE_SIZE = 200_000
# HanTa's own: what is less likely is impossible; how many states go on; what a word costs that is one unknown morpheme.
_IMPOSSIBLE = -1e6
_STATES_IN_WORD, _STATES_IN_SENTENCE = 3, 5
_ONE_UNKNOWN = 4.6
_LONGEST_MORPHEME = 24
_NONE: Mapping[int, float] = MappingProxyType({})

State = tuple[int, int]
"""the classes of the last two morphemes, or words"""
Row = dict[State, float]
Origins = dict[State, tuple[State, int]]
Steps = dict[int, list[tuple[State, State, float]]]
"""by the class of the next morpheme: from which state to which, and how likely that is so far"""
Follow = Callable[[State], Sequence[tuple[State, float]]]
"""the states that a state may go on to, and how likely that is"""


class Tagger(HanoverTagger):  # type: ignore[misc]
    """HanTa's tagger, with the same model; what it finds in common forms of words may be given."""

    def __init__(self, filename: str, forms: Forms = NO_FORMS) -> None:
        super().__init__(filename)
        self._forms = forms
        known: dict[str, dict[int, float]] = defaultdict(dict)
        for tag, morphemes in self.LP_m_t.items():
            for morpheme, chance in morphemes.items():
                known[morpheme][tag] = chance
        self._known = dict(known)
        open_ = [tag for tag in self.LP_hapax_t if tag in self.LP_s_t]
        self._lengths = {tag: [self.Int_t + self.LP_hapax_t[tag] + n for n in self.LP_len_t[tag]] for tag in open_}

    def reachable(self) -> None:
        """Which classes may stand before each that ends a word. HanTa's own walk goes over all connections for each class."""
        before: dict[int, set[int]] = defaultdict(set)
        for (_, last), followers in self.LP_trans.items():
            for tag in followers:
                before[tag].add(last)
        self.reachability = {end: frozenset(_ahead_of(end, before)) for end in self.int2tag if end < 0}

    def tags(self, words: Sequence[str]) -> list[int]:
        """The number of the tag of each word of a sentence: the likeliest run of tags."""
        row: Row = {(EMPTY, START): 0.0}
        origins: list[dict[State, State]] = []
        for i, word in enumerate(words):
            row, origin = self._next(row, self._classes(word, i > 0))
            origins.append(origin)
        best, most = (END, EMPTY), -math.inf
        for state, chance in row.items():
            value = chance + self.LP_trans_word[state].get(END, -math.inf)
            if value > most:
                best, most = state, value
        found = []
        for origin in reversed(origins):
            found.append(best[1])
            best = origin[best]
        return found[::-1]

    def _next(self, row: Row, classes: Mapping[int, float]) -> tuple[Row, dict[State, State]]:
        found: Row = {}
        origin: dict[State, State] = {}
        bound = _bound(row, _STATES_IN_SENTENCE)
        for state, chance in row.items():
            if chance < bound:
                continue
            last, followers = state[1], self.LP_trans_word[state]
            # A word that nothing is known of may be anything.
            for tag, of_word in classes.items() if classes else ((tag, 0) for tag in followers if tag != END):
                if tag in followers:
                    value = chance + followers[tag] + of_word
                    new = (last, tag)
                    if value > found.get(new, _IMPOSSIBLE):
                        found[new], origin[new] = value, state
        return found, origin

    @functools.lru_cache(_CACHE_SIZE)  # noqa: B019 - one tagger lives as long as the process
    def _classes(self, word: str, casesensitive: bool) -> Mapping[int, float]:
        found = dict(self._tag_word(word, cutoff=5, casesensitive=casesensitive, conditional=True))
        return _NONE if set(found) == {UNKNOWN} else found

    def lemma(self, word: str, tag: int) -> str:
        """The lemma of a word under a tag; empty where there is none."""
        known = self._forms.lemma(word.lower(), tag)
        return known if known is not None else str(self._analyze(word, tag, taglevel=1)[0])

    def analyze_forward(self, word: str) -> list[tuple[int, float]]:
        """The classes a word may be of, by how likely they are; of common forms those alone that a sentence may take."""
        return self._forms.classes(word) or self._forward(word)

    def _forward(self, word: str) -> list[tuple[int, float]]:
        table, _ = self._read(word, self._followers, strict=self.strict)
        ends: Row = {}
        for state, chance in table[-1].items():
            for tag, follows in self.LP_trans_final.get(state, ()):
                value, new = chance + follows, (state[1], tag)
                if value > ends.get(new, _IMPOSSIBLE):
                    ends[new] = value
        found: dict[int, float] = {}
        for (_, tag), value in ends.items():
            found[-tag] = float(logaddexp(found[-tag], value)) if -tag in found else value
        return sorted(found.items(), key=lambda item: item[1], reverse=True) or [(UNKNOWN, 0)]

    def analyze_viterbi(self, word: str, targetpos: int) -> list[tuple[int, int]]:
        """The likeliest morphemes of a word of a class: the class of each, and where it ends."""
        for strict in (True, False):  # unknown morphemes only where known ones do not reach
            table, origins = self._read(word, functools.partial(self._towards, targetpos), strict=strict)
            found = self._back(table[-1], origins, targetpos)
            if found:
                return found
        return [(UNKNOWN, len(word)), (END_UNKNOWN, len(word) + 1)]

    def _back(self, row: Row, origins: Sequence[Origins], target: int) -> list[tuple[int, int]]:
        last, most = None, _IMPOSSIBLE
        for state, chance in row.items():
            value = chance + next((p for tag, p in self.LP_trans_final.get(state, ()) if tag == target), -math.inf)
            if value > most:
                last, most = state, value
        if last is None:
            return []
        found, at = [(target, len(origins))], len(origins) - 1
        while at > 0:
            found.append((last[1], at))
            last, at = origins[at][last]
        return found[::-1]

    def _read(self, word: str, follow: Follow, *, strict: bool) -> tuple[list[Row], list[Origins]]:
        """For every place in a word the morphemes that may end there, how likely that is, and where they came from."""
        size = len(word)
        table: list[Row] = [{} for _ in range(size + 1)]
        origins: list[Origins] = [{} for _ in table]
        table[0][EMPTY, START] = 0.0
        for i in range(size):
            steps = _steps(table[i], follow)
            guesses = () if strict else self._guesses(steps)
            for j in range(i + 1, size + 1) if steps else ():
                known = self._known.get(word[i:j], _NONE)
                row, origin, best = table[j], origins[j], table[j].get
                for tag, p in known.items():
                    for state, new, base in steps.get(tag, ()):
                        value = base + p
                        if value > best(new, _IMPOSSIBLE):
                            row[new], origin[new] = value, (state, i)
                if not guesses or (size > 3 and j - i < 3):
                    continue
                endings = self._endings(word[max(i + 1, j - 4) : j])
                length, less = min(j - i, _LONGEST_MORPHEME), _ONE_UNKNOWN if j - i == size else 0.0
                for tag, number, lengths, ways in guesses:
                    if tag in known:
                        continue
                    p = lengths[length] + endings[number] - less
                    for state, new, base in ways:
                        value = base + p
                        if value > best(new, _IMPOSSIBLE):
                            row[new], origin[new] = value, (state, i)
        return table, origins

    def _guesses(self, steps: Steps) -> list[tuple[int, int, list[float], list[tuple[State, State, float]]]]:
        """The classes that may come next and take unknown morphemes: each with its number, chances by length, and steps."""
        return [(tag, k, chances, steps[tag]) for k, (tag, chances) in enumerate(self._lengths.items()) if tag in steps]

    @functools.lru_cache(_CACHE_SIZE)  # noqa: B019
    def _followers(self, state: State) -> Sequence[tuple[State, float]]:
        return tuple(((state[1], tag), p) for tag, p in self.LP_trans_nonfinal.get(state, ()))

    @functools.lru_cache(_CACHE_SIZE)  # noqa: B019
    def _towards(self, target: int, state: State) -> Sequence[tuple[State, float]]:
        reachable = self.reachability.get(target, frozenset())
        return tuple((new, p) for new, p in self._followers(state) if new[1] in reachable)

    @functools.lru_cache(_CACHE_SIZE // 10)  # noqa: B019
    def _endings(self, ending: str) -> tuple[float, ...]:
        """How likely an unknown morpheme with these last letters is, under each class that takes one."""
        known = [self.LP_s_t[tag] for tag in self._lengths]
        if not ending:
            return tuple(chances[""] for chances in known)
        fewer = self._endings(ending[1:])
        return tuple(chances.get(ending, p) for chances, p in zip(known, fewer, strict=True))


def _ahead_of(tag: int, before: Mapping[int, Collection[int]]) -> set[int]:
    """All that may stand before a class, near or far."""
    found: set[int] = set()
    todo = [tag]
    while todo:
        new = set(before.get(todo.pop(), ())) - found
        found |= new
        todo += new
    return found


def _steps(row: Row, follow: Follow) -> Steps:
    bound = _bound(row, _STATES_IN_WORD)
    found: Steps = {}
    for state, chance in row.items():
        if chance >= bound:
            for new, follows in follow(state):
                found.setdefault(new[1], []).append((state, new, chance + follows))
    return found


def _bound(row: Row, most: int) -> float:
    """Below this chance a state does not go on."""
    return sorted(row.values(), reverse=True)[most] - 1 if len(row) > most else _IMPOSSIBLE
