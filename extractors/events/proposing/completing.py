"""The other side of an act, where its own words do not name it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.events.proposing.candidates import Candidate
from extractors.events.reading import Reading
from extractors.ontology import EventType

_COUNTERPARTS = {
    EventType.AID: ("UKR", "RUS"),
    EventType.SUPPORT: ("UKR", "RUS"),
    EventType.AGREE: ("UKR", "RUS"),
    EventType.ASSAULT: ("UKR", "RUS"),
    EventType.COERCE: ("UKR", "RUS"),
    EventType.MOBILIZE: ("UKR", "RUS"),
    EventType.SANCTION: ("RUS", "EU"),
}


def completed(reading: Reading, candidate: Candidate) -> Candidate:
    """Fill an empty recipient with the other side of the sentence, of the sentence before, or of the article."""
    row = candidate.trigger
    if candidate.recipients or not candidate.actors or row is None or "dyad" not in row.to:
        return candidate
    acting = set(candidate.actors)
    for origin, codes in _others(reading, candidate):
        other = next((code for code in codes if code not in acting), None)
        if other is not None:
            return replace(candidate, recipients=(other,), recipient_from=origin)
    return candidate


def _others(reading: Reading, candidate: Candidate) -> Iterator[tuple[str, Sequence[str]]]:
    index = candidate.sentence.index
    yield "sentence", [m.code for m in reading.mentions[index] if m.code]
    named = reading.counts
    usual = [code for code in _COUNTERPARTS.get(candidate.type, ()) if named[code]]
    if {"RUS", "UKR"} & set(candidate.actors) and candidate.type in (
        EventType.ASSAULT,
        EventType.COERCE,
        EventType.MOBILIZE,
    ):
        yield "usual", usual
    if candidate.type in (EventType.AID, EventType.SANCTION, EventType.MOBILIZE):
        yield "usual", [code for code in usual if code not in candidate.actors]
    if index:
        yield "before", [m.code for m in reading.mentions[index - 1] if m.code]
    yield "article", [code for code, n in named.most_common() if n > 1]
