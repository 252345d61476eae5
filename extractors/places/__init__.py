"""Finds places in a sentence, in base form, with coordinates; never one that is only part of an actor's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.language import Sentence
from extractors.model import Place
from extractors.places.finding import AT, PlaceMention, found_in, is_told_as_place, mention_of
from extractors.places.gazetteer import PlacesError, holds, is_country, named
from extractors.places.refusing import refusal

__all__ = ["AT", "PlaceMention", "PlacesError", "holds", "is_country", "named", "places", "refused"]


def places(sentence: Sentence) -> tuple[PlaceMention, ...]:
    """The places a sentence names, in order."""
    found = found_in(sentence)
    kept = [mention for mention in found if not refusal(sentence, mention)]
    return tuple(sorted((*kept, *_unknown(sentence, found)), key=lambda mention: mention.start))


def refused(sentence: Sentence) -> tuple[tuple[PlaceMention, str], ...]:
    """What names no place in a sentence though our table has it as one, in order, each with the row that says so."""
    rows = ((mention, refusal(sentence, mention)) for mention in found_in(sentence))
    return tuple((mention, row) for mention, row in rows if row)


def _unknown(sentence: Sentence, found: Sequence[PlaceMention]) -> Iterator[PlaceMention]:
    """Places that only the entity model knows: taken behind "in", "bei" and the like, without coordinates, and behind what says that
    they are places ("auf das Dorf Welbiwka"), also where the model takes them for a person."""
    for entity in sentence.entities:
        if entity.label not in _NAMES or any(one.start < entity.end and entity.start < one.end for one in found):
            continue
        inside = [token.i for token in sentence.at(entity.start, entity.end)]
        if not inside or not entity.text[:1].isupper() or ("-" in entity.text and entity.text.split("-")[0].isupper()):
            continue
        told = is_told_as_place(sentence.tokens, inside[0])
        mention = mention_of(sentence.tokens, inside[0], inside[-1], Place(name=entity.text), "unknown")
        worded = entity.text.replace(" ", "").replace("-", "").isalpha() and "-S" not in entity.text
        there = mention.preposition in (AT if told else _WITHIN) and (told or entity.label == "LOC")
        if worded and there and sentence.tokens[inside[-1]].tag == "NE":
            yield mention


_NAMES = frozenset({"LOC", "PER"})
_WITHIN = frozenset({"in", "bei", "nahe"})
