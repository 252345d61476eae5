"""What a new version of an article says differently, told in events: added, dropped, weakened, actor changed. Pure."""

from __future__ import annotations

import difflib
import enum
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.model import Event
from extractors.ontology import Status
from extractors.stories.voices import commitment

ALIKE = 0.5
"""Share of common words from which two sentences are taken for one and the same, rewritten."""


class Difference(enum.StrEnum):
    ADDED = "added"
    DROPPED = "dropped"
    WEAKENED = "weakened"
    FIRMED = "firmed"
    ACTOR = "actor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One difference. `before` is None for what is added, `after` for what is dropped."""

    difference: Difference
    before: Event | None
    after: Event | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """What a version says differently, and of how many sentences that stayed as they were something else was read."""

    told: tuple[Revision, ...] = ()
    reread: int = 0


_FIRMNESS = {
    Status.PAST: 3,
    Status.ONGOING: 3,
    Status.HISTORICAL: 3,
    Status.PLANNED: 2,
    Status.HYPOTHETICAL: 1,
    Status.NEGATED: 0,
}


def differences(before: Sequence[Event], after: Sequence[Event], *, was: str = "", now: str = "") -> Revised:
    """What changed from one version's events to the next one's; the same coding in the same words is no change.

    `was` and `now` are the versions' texts, "" for one that expired. What is read otherwise in a sentence that stands in both
    is not told: the publisher changed nothing there. Our reading did, by what stands around it or by another coder, and of
    such readings about as many were right before as after (19 of 804 had other parties, in articles that got one paragraph more).
    """
    old_words, new_words = _Words(was, before), _Words(now, after)
    codings = {id(event): _coding(event) for event in (*before, *after)}
    left = list(before)
    found: list[Revision] = []
    news: list[Event] = []
    reread: set[str] = set()
    for event in after:
        coded = codings[id(event)]
        twin = next((old for old in left if codings[id(old)] == coded and _same(old, event)), None)
        if twin is not None:
            left.remove(twin)
            found += [] if twin.evidence.quote in new_words else _firmness(twin, event)
        elif event.evidence.quote in old_words:
            reread.add(event.evidence.quote)
        else:
            news.append(event)
    gone = [old for old in left if old.evidence.quote not in new_words]
    reread.update(old.evidence.quote for old in left if old.evidence.quote in new_words)
    for event in news:
        old = _nearest(event, gone)
        if old is None:
            found.append(Revision(difference=Difference.ADDED, before=None, after=event, reason="a new sentence"))
            continue
        gone.remove(old)
        found += _changed(old, event)
    found += [
        Revision(difference=Difference.DROPPED, before=old, after=None, reason="its sentence is gone") for old in gone
    ]
    return Revised(told=tuple(found), reread=len(reread))


class _Words:
    """The sentences of a version: its text, and what its events quote where that has expired."""

    def __init__(self, text: str, events: Sequence[Event]) -> None:
        self.text = text
        self.quotes = frozenset(event.evidence.quote for event in events)

    def __contains__(self, quote: str) -> bool:
        return quote in self.quotes or quote in self.text


def _coding(event: Event) -> tuple[object, ...]:
    return event.type, event.status, event.parties


def _same(one: Event, other: Event) -> bool:
    return _alike(one.evidence.quote, other.evidence.quote) >= ALIKE


def _nearest(event: Event, candidates: Sequence[Event]) -> Event | None:
    """The one of its type whose sentence is most alike, the first of equals."""
    nearest, most = None, ALIKE
    for old in candidates:
        if old.type is not event.type:
            continue
        likeness = _alike(event.evidence.quote, old.evidence.quote, most)
        if likeness > most or (nearest is None and likeness == most):
            nearest, most = old, likeness
    return nearest


def reworded(quote: str, text: str) -> bool:
    """Whether a sentence of the text says what the quotation says, or nearly, as the share of common words has it.

    >>> reworded("Die NATO lehnt das ab.", "Ein Treffen ist geplant. Gegen den Plan ist auch die EU.")
    False
    >>> reworded("Die NATO lehnt das ab.", "Ein Treffen ist geplant. Die NATO lehnt das erneut ab.")
    True
    """
    return any(_alike(quote, sentence) >= ALIKE for sentence in re.split(r"(?<=[.!?…])\s+|\n", text))


def _alike(one: str, other: str, least: float = ALIKE) -> float:
    """The share of words that two sentences have in common, in their order; nothing where it cannot be as high as `least`.

    The share in any order is no lower and quickly known: most of hundreds of sentences need not be laid beside each other.
    """
    (words, counted), (others, counted_others) = _split(one), _split(other)
    length = len(words) + len(others)
    if length and 2.0 * len(counted & counted_others) / length < least:
        return 0.0
    return difflib.SequenceMatcher(None, words, others, autojunk=False).ratio()


@lru_cache(maxsize=4096)
def _split(sentence: str) -> tuple[tuple[str, ...], frozenset[tuple[str, int]]]:
    """The words, and the same without their order, each with the number of its turn."""
    words = tuple(re.findall(r"\w+", sentence.casefold()))
    turns = Counter[str]()
    numbered = set()
    for word in words:
        numbered.add((word, turns[word]))
        turns[word] += 1
    return words, frozenset(numbered)


def _changed(old: Event, event: Event) -> list[Revision]:
    found = []
    if old.parties != event.parties:
        gone, come = sorted(old.parties - event.parties), sorted(event.parties - old.parties)
        reason = f"{', '.join(gone) or '–'} → {', '.join(come) or '–'}"
        found.append(Revision(difference=Difference.ACTOR, before=old, after=event, reason=reason))
    return found + _firmness(old, event)


def _firmness(old: Event, event: Event) -> list[Revision]:
    """Less firm by status (done → planned → possible → denied) or by the newsroom's words (fact → "soll")."""
    was, words_were = commitment(old)
    now, words_are = commitment(event)
    pairs = [
        (_FIRMNESS[old.status], _FIRMNESS[event.status], f"{old.status} → {event.status}"),
        (int(was), int(now), f"{words_were} → {words_are}"),
    ]
    for firm, firm_now, reason in pairs:
        if firm != firm_now:
            kind = Difference.WEAKENED if firm_now < firm else Difference.FIRMED
            return [Revision(difference=kind, before=old, after=event, reason=reason)]
    return []
