"""Where an article tells the day, the place and the speaker of an event, and what attached them to it.

Read off what was coded, so that nothing that codes has to carry it along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractors.events.attaching.around import Around
from extractors.events.attaching.belonging import (
    PUBLICATION,
    SET_RIGHT,
    day_tied,
    place_options,
    set_right,
    speaker_options,
    time_options,
)
from extractors.events.attaching.scenes import day_row, place_row
from extractors.events.attaching.vouched import vouched
from extractors.events.weighing.features import Features
from extractors.events.weighing.judge import Linear, Proposal, judge
from extractors.language import Sentence
from extractors.model import Event, Place, When

_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What the text tells of an event besides its sides. `name`: "day", "place" or "speaker"."""

    name: str
    value: str
    words: str
    """the words that tell it; "" of the day of publication, and of a speaker"""
    sentence: str
    """the sentence in which they stand; "" where it is the event's own"""
    rows: tuple[str, ...]
    """the rows of ours that read the words, or attached them"""
    reasons: tuple[tuple[str, float], ...]
    """the features that spoke for or against it most, with their weight; none where a row attached it"""


def facts(around: Around, p: Proposal, event: Event) -> Iterator[Fact]:
    """The facts of an event that a proposal became, those that it has."""
    if event.when is not None:
        yield _day(around, p, event.when)
    if event.place is not None:
        yield _place(around, p, event.place)
    if event.speaker is not None:
        yield _speaker(around, p, event.speaker.code)


def _day(around: Around, p: Proposal, when: When) -> Fact:
    read, sentence = around.reading, p.seen.sentence
    told = [(at, one) for at, times in enumerate(read.times) for one in times if one.when and one.when.iso == when.iso]
    found = ((at, one.words, one.rule) for at, one in told)
    at, words, rule = min(
        found, key=lambda it: abs(it[0] - sentence.index), default=(sentence.index, when.words, when.rule)
    )
    options = time_options(around, p)
    rows, of = [rule if words else PUBLICATION], [o.features for o in options if o.key == when.iso]
    before = day_row(around, p)
    if at != sentence.index and before is not None and before[1] == when:
        rows, of = [*rows, before[0]], []
    elif set_right(read, sentence) == when:
        rows = [*rows, SET_RIGHT]
    elif (tied := day_tied(judge(), around, p, options)) is not None and tied[1] == when:
        rows = [*rows, tied[0]]
    return Fact(
        name="day",
        value=when.iso,
        words=words,
        sentence=_other(around, sentence, at),
        rows=tuple(rows),
        reasons=_reasons(judge().when, of),
    )


def _place(around: Around, p: Proposal, place: Place) -> Fact:
    read, sentence = around.reading, p.seen.sentence
    told = [(at, one) for at, places in enumerate(read.places) for one in places if one.place.name == place.name]
    found = ((at, read.document.text[one.start : one.end]) for at, one in told)
    at, words = min(found, key=lambda it: abs(it[0] - sentence.index), default=(sentence.index, ""))
    key = place.name.casefold()
    row, of = "", [option.features for option in place_options(around, p) if option.key == key]
    if at != sentence.index or not of:
        row, there = place_row(around, p) or ("", None)
        row = row if there == place else ""
    return Fact(
        name="place",
        value=place.name,
        words=words,
        sentence=_other(around, sentence, at),
        rows=(row,) if row else (),
        reasons=() if row else _reasons(judge().place, of),
    )


def _speaker(around: Around, p: Proposal, code: str) -> Fact:
    sentence = p.seen.sentence
    said = [one for one in around.reading.said if one.start < sentence.end and sentence.start < one.end]
    rows = [one.rule for one in said if one.code == code and one.rule]
    of = [option.features for option in speaker_options(around, p) if option.key == code]
    stands = vouched(around.reading, p)
    if stands is not None and stands[1] == code:
        rows = [*rows, stands[0]]
    return Fact(
        name="speaker",
        value=code,
        words="",
        sentence="",
        rows=tuple(dict.fromkeys(rows)),
        reasons=_reasons(judge().speaker, of),
    )


def _other(around: Around, own: Sentence, at: int) -> str:
    sentence = around.reading.document.sentences[at]
    return "" if at == own.index else around.reading.document.text[sentence.start : sentence.end]


def _reasons(model: Linear, of: list[Features]) -> tuple[tuple[str, float], ...]:
    return model.reasons(of[0], _REASONS) if of else ()
