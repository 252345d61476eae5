"""What an article tells around a sentence: which times and places, in which sentences, in whose words, beside which acts.

Half of the times and places of German news stand in another sentence than the act: in the lead, in the sentence
before, or where the same person's words began.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from extractors.events.attaching.standing import left
from extractors.events.lexicon import fields_of
from extractors.events.reading import Reading, is_of_last_time
from extractors.events.weighing.features import Features, View
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Sentence
from extractors.language.clauses import PAST_TENSES
from extractors.model import Place, When
from extractors.ontology import EventType
from extractors.places import PlaceMention

_Found = TypeVar("_Found", bound=object)
_CONTENT = ("VV", "NN", "ADJ")
_OF_MEETING = frozenset({"meeting", "meet"})
_STRONG = 0.5
_EARLY = 4
"""sentences that count as headline, teaser and lead"""
_GAPS = ((1, "1"), (2, "2"), (3, "3"), (7, "7"))
_SHARES = ((0.1, "low"), (0.25, "some"), (0.5, "half"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Generic[_Found]):
    """A time or place of the article with the sentences that name it, in order."""

    key: str
    value: _Found
    at: tuple[int, ...]


def bucket(value: float, bounds: Iterable[tuple[float, str]]) -> str:
    """The name of the first bound that a value does not exceed, "more" beyond the last."""
    for bound, name in bounds:
        if value <= bound:
            return name
    return "more"


class Around:
    """A reading with its views, and what can be said of the distance between an act and a fact told elsewhere."""

    def __init__(self, reading: Reading, seen: Sequence[View]) -> None:
        self.reading, self.seen = reading, seen
        self._extents: dict[int, tuple[object, tuple[int, int]]] = {}

    @cached_property
    def times(self) -> dict[str, Told[When]]:
        return _told((i, t.when.iso, t.when) for i, ts in enumerate(self.reading.times) for t in ts if t.when)

    @cached_property
    def of_last_time(self) -> frozenset[str]:
        """The times that are told only in clauses with "zuletzt": of 33 such times none was labelled as another sentence's."""
        told: dict[str, bool] = {}
        for sentence, times in zip(self.reading.document.sentences, self.reading.times, strict=True):
            for time in times:
                if time.when is not None:
                    last = is_of_last_time(sentence, time.start)
                    told[time.when.iso] = told.get(time.when.iso, True) and last
        return frozenset(key for key, last in told.items() if last)

    @cached_property
    def places(self) -> dict[str, Told[Place]]:
        return _told((i, p.place.name.casefold(), p.place) for i, ps in enumerate(self.reading.places) for p in ps)

    @cached_property
    def of_wishes(self) -> frozenset[str]:
        """The places that are told only of a meeting that somebody wants, proposes or makes hang on something ("regte ein Treffen in Paris
        an"): nothing else is there."""
        told: dict[str, bool] = {}
        for sentence, places in zip(self.reading.document.sentences, self.reading.places, strict=True):
            for place in places:
                key = place.place.name.casefold()
                told[key] = told.get(key, True) and self._is_of_a_wish(sentence, place)
        return frozenset(key for key, wished in told.items() if wished)

    def _is_of_a_wish(self, sentence: Sentence, place: PlaceMention) -> bool:
        clause = sentence.clause_of(place.first)
        meetings = (
            one
            for one in self.seen[sentence.index].candidates
            if one.type is EventType.CONSULT and one.kind == "noun" and one.anchor < place.first
        )
        return clause is not None and any(
            sentence.clause_of(one.anchor) is clause and left(one.type, one, sentence)[1] for one in meetings
        )

    @cached_property
    def of_meetings_held(self) -> dict[str, frozenset[str]]:
        """The places of meetings that have been ("in Genf haben sie gesprochen"), of which nothing is told that is to come, each with who is
        named in its sentences."""
        held: dict[str, frozenset[str]] = {}
        ahead: set[str] = set()
        for sentence, places in zip(self.reading.document.sentences, self.reading.places, strict=True):
            for place in places:
                clause, key = sentence.clause_of(place.first), place.place.name.casefold()
                if clause is not None and self.is_ahead(sentence, clause):
                    ahead.add(key)
                elif clause is not None and self._has_been(sentence, clause):
                    held[key] = held.get(key, frozenset()) | self._codes[sentence.index]
        return {key: who for key, who in held.items() if key not in ahead}

    def is_ahead(self, sentence: Sentence, clause: Clause) -> bool:
        """Whether a clause, or if it tells no time its sentence, tells one after the day of the report."""
        today, times = self.reading.dated.date(), self.reading.times[sentence.index]
        inside = [time for time in times if clause.start <= time.start < clause.end]
        return any(time.when.first > today for time in inside or times if time.when)

    def _has_been(self, sentence: Sentence, clause: Clause) -> bool:
        """Whether a clause tells a meeting in a tense of what has been."""
        words = (token.lemma for k in clause.tokens if (token := sentence.tokens[k]).tag.startswith(_CONTENT))
        return clause.tense in PAST_TENSES and any(
            not _OF_MEETING.isdisjoint(fields_of(word.lower())) for word in words
        )

    @cached_property
    def in_names(self) -> frozenset[tuple[int, int]]:
        """The spans of places that are part of an actor's name ("die Regierung in Moskau")."""
        return frozenset(
            (place.start, place.end)
            for places, mentions in zip(self.reading.places, self.reading.mentions, strict=True)
            for place in places
            if any(m.start < place.end and place.start < m.end for m in mentions if m.score >= _STRONG)
        )

    @cached_property
    def _lemmas(self) -> tuple[frozenset[str], ...]:
        return tuple(
            frozenset(t.lemma.lower() for t in s.tokens if t.tag.startswith(_CONTENT))
            for s in self.reading.document.sentences
        )

    @cached_property
    def _speakers(self) -> tuple[str, ...]:
        found = (self.reading.speaker(s.start, s.end) for s in self.reading.document.sentences)
        return tuple(said.code if said is not None else "" for said in found)

    @cached_property
    def _codes(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(m.code for m in ms if m.code) for ms in self.reading.mentions)

    def far(self, p: Proposal, told: Told[_Found], all_: dict[str, Told[_Found]]) -> Features:
        """What ties a fact that is told in other sentences to an act: distance, order, speech, words, acts, share."""
        here, sentences = p.seen.sentence, self.reading.document.sentences
        near = min(told.at, key=lambda j: (abs(j - here.index), j))
        low, high = sorted((near, here.index))
        between = sum([_within(other.at, low, high) for other in all_.values() if other is not told])
        lines = abs(sentences[near].line - here.line)
        times, earliest = self._extent(all_)
        speech = "said" if p.seen.said is not None else "told"
        gap, ahead = bucket(abs(near - here.index), _GAPS), near < here.index
        first, early = told.at[0] == earliest, told.at[0] < _EARLY
        names = (
            f"far:gap:{gap}:{ahead}",
            f"far:gap:{gap}:{ahead}:{speech}",
            f"far:between:{min(between, 3)}:{told.at[0] < here.index}",
            f"far:between:{min(between, 3)}:{speech}",
            f"far:lines:{min(lines, 2)}:{ahead}",
            f"far:times told:{min(len(told.at), 4)}",
            f"far:share:{bucket(len(told.at) / times, _SHARES)}",
            f"far:kinds:{min(len(all_), 5)}",
            f"far:first:{first}",
            f"far:first:{first}:{speech}",
            f"far:early:{early}:{here.index < _EARLY}",
            f"far:early:{early}:{speech}",
            f"far:at:{min(here.index, 20) // 5}",
            f"far:{speech}",
            f"far:{speech}:{p.type}",
            f"far:{p.type}",
            f"far:kind:{p.candidate.kind if p.candidate else ''}",
            *self._ties(p, told.at),
        )
        return dict.fromkeys(names, 1.0)

    def _extent(self, all_: Mapping[str, Told[_Found]]) -> tuple[int, int]:
        """How often any of the times or places is named, and in which sentence the first."""
        if id(all_) not in self._extents:
            named = [other.at for other in all_.values()]
            self._extents[id(all_)] = all_, (sum(map(len, named)), min(at[0] for at in named))
        return self._extents[id(all_)][1]

    def _ties(self, p: Proposal, at: Sequence[int]) -> tuple[str, ...]:
        here = p.seen.sentence.index
        parties, words = frozenset((*p.parties[0], *p.parties[1])), self._lemmas[here]
        shared = max([len(words & self._lemmas[j]) / max(1, min(len(words), len(self._lemmas[j]))) for j in at])
        speaker = self._speakers[here]
        candidates = [c for j in at for c in self.seen[j].candidates if c.type is p.type]
        alike = [j for j in at if self._speakers[j] == speaker] if speaker else []
        return (
            f"far:parties:{min(max([len(parties & self._codes[j]) for j in at]), 2)}",
            f"far:words:{bucket(shared, _SHARES)}",
            f"far:same type:{bool(candidates)}",
            f"far:same act:{any(c.parties == parties for c in candidates)}",
            f"far:same speaker:{bool(alike)}",
            f"far:speaks of it:{bool(alike) and alike[0] < here}",
        )


def _within(at: Sequence[int], low: int, high: int) -> bool:
    """Whether any of some places, in order, lies between two others."""
    k = bisect_right(at, low)
    return k < len(at) and at[k] < high


def _told(rows: Iterable[tuple[int, str, _Found]]) -> dict[str, Told[_Found]]:
    at: dict[str, list[int]] = defaultdict(list)
    values: dict[str, _Found] = {}
    for i, key, value in rows:
        if not at[key] or at[key][-1] != i:
            at[key].append(i)
        values.setdefault(key, value)
    return {key: Told(key=key, value=values[key], at=tuple(found)) for key, found in at.items()}
