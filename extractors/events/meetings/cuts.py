"""How likely it must be that a word announces a meeting: what its clause says of it lets it need more or less.

The judge gives each word that names a meeting a probability; each row names a share of its cut, from which a word of which the row
holds announces one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extractors.events.attaching.worded import INTENDS
from extractors.events.meetings.announcing import meets
from extractors.events.meetings.named import Meeting
from extractors.events.meetings.spoken import AHEAD, HOLDS, THEREAT, aside, has_attribute, told_as_past
from extractors.events.reading import Reading

_FIXED, _HELD, _SPOKEN, _DATED, _CALLED = 0.75, 0.5, 0.8, 1.6, 0.4
_SEVERAL = 2
_OWN_NAME = "own name"
_OF_STRETCH = "time from:stretch"
"""feature of a word whose own stretch of the sentence tells its day"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where it `holds` of a word, in one of whose sentences (`several`) words name meetings on different days, the word announces from
    `share` of the cut. `test` is a sentence that the row has announced."""

    name: str
    share: float
    holds: Callable[[Reading, Meeting, frozenset[int]], bool]
    test: str


def announcing(
    rows: Iterable[Row], read: Reading, word: Meeting, value: float, cut: float, several: frozenset[int] = frozenset()
) -> str:
    """The row by which a word announces that is so likely; "" where none does."""
    enough = (row for row in rows if value >= cut * row.share)
    return next((row.name for row in enough if row.holds(read, word, several)), "")


def share_of_cut(word: Meeting) -> float:
    """The share of the cut from which a word announces. A body's own name says who meets, not that it will."""
    return _FIXED if _has_sides(word) else 1.0


def _has_sides(word: Meeting) -> bool:
    return bool(word.certain) and word.certain != _OWN_NAME


def _is_fixed(read: Reading, word: Meeting, several: frozenset[int]) -> bool:
    return _has_sides(word)


def _is_a_body(read: Reading, word: Meeting, several: frozenset[int]) -> bool:
    return word.certain == _OWN_NAME


def _is_held(read: Reading, word: Meeting, several: frozenset[int]) -> bool:
    """Whether the verb says of a meeting itself that it will be held, on a day that is told ("es folgt", "findet am Freitag statt")."""
    if not word.certain:
        return False
    clause = word.proposal.clause
    if word.features.keys() & {"ahead:week", "ahead:later"} and _OF_STRETCH in word.features:
        return aside(word.proposal, AHEAD) or not (told_as_past(word.proposal) or aside(word.proposal, THEREAT))
    held = clause is not None and clause.predicate in HOLDS and clause.tense in ("present", "future")
    return held and word.when is not None


def _is_one_of_several(read: Reading, word: Meeting, several: frozenset[int]) -> bool:
    return word.when is not None and word.proposal.seen.sentence.index in several


def _is_dated(read: Reading, word: Meeting, several: frozenset[int]) -> bool:
    """Whether a word names a meeting on a day to come, in a clause that does not tell what has been."""
    if word.when is None or word.when.last < read.dated.date():
        return False
    p = word.proposal
    return not told_as_past(p) or aside(p, AHEAD) or has_attribute(p)


def _is_set(read: Reading, word: Meeting, several: frozenset[int]) -> bool:
    """Whether a meeting of several is to be held on a day that its own stretch tells."""
    p, clause = word.proposal, word.proposal.clause
    if p.candidate is None or p.candidate.kind != "noun" or clause is None or len(p.parties[0]) < _SEVERAL:
        return False
    held = clause.predicate in HOLDS and clause.modal in INTENDS and _OF_STRETCH in word.features
    return held and _is_dated(read, word, several)


def _is_to_come(read: Reading, word: Meeting, several: frozenset[int]) -> bool:
    """Whether the verb speaks of what is to come ("soll stattfinden", "wird reisen", "ist geplant")."""
    clause = word.proposal.clause
    if clause is None or not (clause.tense == "future" or clause.modal in INTENDS or clause.predicate in HOLDS):
        return False
    return _is_dated(read, word, several)


def _is_called(read: Reading, word: Meeting, several: frozenset[int]) -> bool:
    """Whether the attribute of a noun announces it, and who meets is told."""
    p = word.proposal
    return p.candidate is not None and p.candidate.kind == "noun" and meets(p.parties[0]) and has_attribute(p)


FIRST = (
    Row(
        name="its sides are certain, and it will be held",
        share=_HELD,
        holds=_is_held,
        test="Am Freitag findet in Brüssel der EU-Gipfel statt.",
    ),
    Row(
        name="its sides are certain",
        share=_FIXED,
        holds=_is_fixed,
        test="Nach Gesprächen in Kiew ist am Freitag ein Besuch von Scholz in Moskau geplant.",
    ),
    Row(
        name="its body's own name",
        share=1.0,
        holds=_is_a_body,
        test="Beim Nato-Gipfel der 30 Staats- und Regierungschefs am Freitag wird es um Panzer gehen.",
    ),
    Row(
        name="one of several days",
        share=1.0,
        holds=_is_one_of_several,
        test="Am Mittwoch will Macron mit Putin telefonieren und am Freitag mit Biden sprechen.",
    ),
)
"""of words that announce whatever else their sentence tells"""

BESIDE = (
    Row(
        name="its attribute announces it",
        share=_CALLED,
        holds=_is_called,
        test="Vor dem geplanten Treffen der NATO mit der Ukraine in Vilnius wächst die Sorge.",
    ),
    Row(
        name="set on a day",
        share=_HELD,
        holds=_is_set,
        test="Die Beratungen von Scholz und Macron sollen am Freitag stattfinden.",
    ),
    Row(
        name="its verb speaks ahead of a day",
        share=_SPOKEN,
        holds=_is_to_come,
        test="Am Freitag wird es eine Sitzung der Außenminister von Polen und Litauen geben.",
    ),
    Row(
        name="its day alone",
        share=_DATED,
        holds=_is_dated,
        test="Vor dem Gespräch mit Biden am Freitag hat Macron mit Putin telefoniert.",
    ),
)
"""of words in whose sentence nothing else has announced that meeting"""
