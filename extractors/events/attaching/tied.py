"""Days of other sentences that the judge nearly believes: rows of what ties them to an act, under which three of four are right.

"Der Westen müsse Panzer liefern, sagte Selenskyj. Die Rede wurde am Montag ausgestrahlt": the day stands behind what was said on it. The
judge weighs how far away a day is told and how often, and knows little of where the story stands when it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractors.events.attaching.around import Told
from extractors.events.reading import Reading
from extractors.events.weighing.judge import Proposal
from extractors.model import When
from extractors.ontology import EventType

NEARLY = 2.0
"""How far below its cut the score of a day may be that a row ties to its act. In articles labelled by us, which the weights know, 56 of 71
such days are right (27 of 34 and 29 of 37 by halves), of the others that are so near 111 of 202."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` of a day that other sentences tell and an act's own does not. `test` is a text of two paragraphs at most, of which the
    row says so, of its `day` and an act of `type`."""

    name: str
    holds: Callable[[Reading, Proposal, Told[When]], bool]
    type: EventType
    test: str
    day: str


def tie(reading: Reading, p: Proposal, day: Told[When]) -> str:
    """The row that ties a day of other sentences to an act; "" where none does, or the act's own sentence tells a time."""
    if any(time.when is not None for time in reading.times[p.seen.sentence.index]):
        return ""
    return next((row.name for row in ROWS if row.holds(reading, p, day)), "")


def _behind_in_its_paragraph(reading: Reading, p: Proposal, day: Told[When]) -> bool:
    sentence = p.seen.sentence
    here = [k for k in day.at if reading.document.sentences[k].line == sentence.line]
    return bool(here) and here[0] > sentence.index


def _said_and_only_behind(reading: Reading, p: Proposal, day: Told[When]) -> bool:
    return p.seen.said is not None and day.at[0] > p.seen.sentence.index


def _told_as_said(reading: Reading, p: Proposal, day: Told[When]) -> bool:
    of_the_report = day.value.first == day.value.last == reading.dated.date()
    return of_the_report and any(
        clause.predicate == "sagen" and clause.tense == "preterite" for clause in p.seen.sentence.clauses
    )


ROWS = (
    Row(
        name="told behind it in its paragraph",
        holds=_behind_in_its_paragraph,
        type=EventType.ACCUSE,
        test="Moskau breche das Völkerrecht, warf Baerbock Russland vor. Das dürfe nicht so bleiben, sagte sie am Montag in Berlin.",
        day="2022-03-14",
    ),
    Row(
        name="told behind somebody's words",
        holds=_said_and_only_behind,
        type=EventType.REQUEST,
        test="Der Westen müsse der Ukraine Panzer liefern, sagte Selenskyj.\nDie Rede wurde am Montag in Kiew ausgestrahlt.",
        day="2022-03-14",
    ),
    Row(
        name="said on the day of the report",
        holds=_told_as_said,
        type=EventType.REQUEST,
        test="Am Dienstag trafen sich die Minister in Oslo.\nEide sagte, Russland müsse seine Truppen aus Georgien abziehen.",
        day="2022-03-15",
    ),
)
"""the first that holds"""
