"""Whose the authorities of a place are: the state's where it lies, which the phrase that names them or its sentence says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.language import Document
from extractors.places import PlaceMention, places
from extractors.speech.covers import Span
from extractors.speech.lexicon import lexicon

_WITHIN = frozenset({"in", "im", "bei", "nahe", "aus", "auf", "über"})
"""what stands before a place where something is"""


def local(document: Document, span: Span) -> str:
    """ "der Gouverneur der Region Charkiw", "in Krasnodar brennt es nach Angaben der Behörden": of the state where they govern."""
    low = document.text[slice(*span)].lower()
    sentence = document.sentence_at(span[0])
    if sentence is None or not governs(low.split()) or _occupied(low):
        return ""
    named = places(sentence) or _before(document, sentence.index)
    beside = [one for one in named if span[0] <= one.start and one.end <= span[1]]
    if beside:
        return _only(beside)
    # No place of their own: the one where the sentence is, as far as it leads up to them.
    before = [one for one in named if one.preposition in _WITHIN and one.end <= span[0]]
    if any(_occupied(document.text[one.start : one.end].lower()) for one in before):
        return ""
    return _only(before)


def _before(document: Document, index: int) -> Sequence[PlaceMention]:
    """ "In Charkiw fielen Bomben. Nach Angaben der Behörden …": the places of the nearest of two sentences before that names any."""
    found = (places(sentence) for sentence in reversed(document.sentences[max(0, index - 2) : index]))
    return next((named for named in found if named), ())


def governs(words: Iterable[str]) -> bool:
    """Whether one of these words is for who governs or polices a place: "Gouverneur", "behörden"."""
    return any(word.lower().endswith(lexicon().local) for word in words)


def _occupied(low: str) -> bool:
    return lexicon().occupied.search(low) is not None


def _only(named: Iterable[PlaceMention]) -> str:
    states = {one.place.country for one in named}
    return next(iter(states)) if len(states) == 1 else ""
