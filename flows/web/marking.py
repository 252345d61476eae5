"""Which stretches of a text are marked, and as what: overlapping spans become a row of segments. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.model import Article, Part, Quote
from extractors.ontology import EventType
from storage.queries import StoredEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The number by which a marked stretch refers to its event in the list beside the text."""

    number: int
    uid: str
    type: EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of text that is marked in one way throughout. `begins` and `ends` are the events whose evidence does so here."""

    text: str
    events: tuple[Note, ...] = ()
    quoted: bool = False
    """reported speech"""
    found: bool = False
    """a word that was searched for"""
    begins: tuple[Note, ...] = ()
    ends: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    kind: str
    segments: tuple[Segment, ...]


def paragraphs(
    article: Article, events: Sequence[StoredEvent], quotes: Sequence[Quote] = (), *, touched: bool = False
) -> tuple[Paragraph, ...]:
    """The article's parts, each cut into segments; with `touched` only those that some evidence touches.

    Events are numbered from 1 in the order given.
    """
    parts = article.parts or ()
    if touched:
        found = [each.event.evidence for each in events]
        parts = tuple(part for part in parts if any(part.start < it.end and part.end > it.start for it in found))
    marks = [
        (each.event.evidence.start, each.event.evidence.end, Note(number=number, uid=each.uid, type=each.event.type))
        for number, each in enumerate(events, 1)
    ]
    spoken = [span for quote in quotes for span in quote.spans]
    return tuple(
        Paragraph(kind=str(part.kind), segments=_segments(article.text, part, marks, spoken)) for part in parts
    )


def _segments(
    text: str, part: Part, marks: Sequence[tuple[int, int, Note]], spoken: Sequence[tuple[int, int]]
) -> tuple[Segment, ...]:
    near = [mark for mark in marks if mark[0] < part.end and mark[1] > part.start]
    said = [span for span in spoken if span[0] < part.end and span[1] > part.start]
    found = []
    for first, last in _cuts(part.start, part.end, [(a, b) for a, b, _ in near] + said):
        found.append(
            Segment(
                text=text[first:last],
                events=tuple(note for a, b, note in near if a <= first and last <= b),
                quoted=any(a <= first and last <= b for a, b in said),
                begins=tuple(note for a, _, note in near if a == first),
                ends=tuple(note for _, b, note in near if b == last or (b > part.end and last == part.end)),
            )
        )
    return tuple(found)


def _cuts(start: int, end: int, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    places = {start, end}
    for span in spans:
        places.update(place for place in span if start < place < end)
    ordered = sorted(places)
    return list(itertools.pairwise(ordered))


def found_words(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Segment, ...]:
    """A snippet with the words that were searched for.

    >>> [(segment.text, segment.found) for segment in found_words("Die NATO tagt", ((4, 8),))]
    [('Die ', False), ('NATO', True), (' tagt', False)]
    """
    return tuple(
        Segment(text=text[a:b], found=any(first <= a and b <= last for first, last in spans))
        for a, b in _cuts(0, len(text), spans)
    )
