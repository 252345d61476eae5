"""Days that are believed of an act and are not its own: rows that take them away, or set them right.

"Vor dem Treffen am Montag haben sie telefoniert" tells no call on Monday; a plan was not made for a day that is past.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from extractors.events.attaching.worded import INTENDS
from extractors.events.proposing.candidates import SAID
from extractors.events.proposing.meeting_words import of_another_meeting
from extractors.events.reading import Reading
from extractors.events.weighing.judge import Proposal
from extractors.language.clauses import PAST_TENSES
from extractors.model import Precision, When
from extractors.ontology import EventType, Status
from extractors.when import ahead, behind, clause_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` of a day that is not that of an act of status `of`, whatever it is where there is none: of such rows the status is asked
    afterwards. `sets` gives the act's own day. `test` is a sentence of which the row says so, of an act of `type`."""

    name: str
    of: Status | None
    holds: Callable[[Reading, Proposal, When], bool]
    sets: Callable[[Reading, Proposal, When], When | None]
    type: EventType
    test: str


def day_of(read: Reading, p: Proposal, when: When | None, status: Status | None) -> tuple[When | None, str]:
    """The day of an act, and the row by which it is not the one that was believed; "" where none says so. `status`: None before it is known."""
    if when is None:
        return None, ""
    row = next((row for row in ROWS if row.of is status and row.holds(read, p, when)), None)
    return (when, "") if row is None else (row.sets(read, p, when), row.name)


def _of_what_follows(read: Reading, p: Proposal, when: When) -> bool:
    clause, candidate, sentence = p.clause, p.candidate, p.seen.sentence
    if when.first <= read.dated.date() or clause is None or candidate is None:
        return False
    if clause.tense not in PAST_TENSES or clause.modal in INTENDS or (candidate.kind == "noun" and p.type not in SAID):
        return False
    days = [time for time in read.times[sentence.index] if time.when == when]
    return bool(days) and all(of_another_meeting(sentence, candidate.anchor, day.start) for day in days)


def _is_past(read: Reading, p: Proposal, when: When) -> bool:
    return ahead(when, read.dated.date()) is None


def _names_no_year(read: Reading, p: Proposal, when: When) -> bool:
    return behind(when, read.dated.date()) not in (None, when)


def _is_no_history(read: Reading, p: Proposal, when: When) -> bool:
    return behind(when, read.dated.date()) is None


def _is_past_beside_its_own(read: Reading, p: Proposal, when: When) -> bool:
    return _is_past(read, p, when) and _to_come(read, p) is not None


def _to_come(read: Reading, p: Proposal) -> When | None:
    """The one day to come that the clause of an act tells: "kündigte am Samstag für Montag Sanktionen an"."""
    clause, sentence = p.clause, p.seen.sentence
    times = (time for time in read.times[sentence.index] if clause is not None and clause_of(sentence, time) == clause)
    days = {time.when for time in times if time.when is not None and time.when.first > read.dated.date()}
    return days.pop() if len(days) == 1 else None


def _day_to_come(read: Reading, p: Proposal, when: When) -> When | None:
    return _to_come(read, p)


def _is_a_day_of_what_goes_on(read: Reading, p: Proposal, when: When) -> bool:
    """Of what goes on a day tells when somebody spoke of it; people may meet for one ("beraten am Montag"), and what began has its own."""
    began = p.clause is not None and p.clause.predicate == "beginnen"
    return p.type is not EventType.CONSULT and when.precision is Precision.DAY and not began


def _is_after_crimea(read: Reading, p: Proposal, when: When) -> bool:
    """All four such days in labelled articles are of something else, and none of theirs is told."""
    words, anchor = p.seen.sentence.tokens, p.anchor
    if (
        p.type is not EventType.COERCE
        or not _ANNEXES.search(words[anchor].text)
        or when.first.year <= _CRIMEA <= when.last.year
    ):
        return False
    if p.candidate is not None and p.candidate.kind == "verb":
        return p.clause is not None and any(words[k].text == "Krim" for k in p.clause.tokens)
    behind = itertools.takewhile(lambda token: token.pos not in ("PUNCT", "VERB", "AUX"), words[anchor:])
    return any(_OF_CRIMEA.match(token.text) for token in behind)


_CRIMEA = 2014
_ANNEXES = re.compile(r"(?i)annexi|annekt|einverleib|anschluss|angliederung")
_OF_CRIMEA = re.compile(r"Krim(?:$|-)")


def _none(read: Reading, p: Proposal, when: When) -> None:
    return None


def _year_before(read: Reading, p: Proposal, when: When) -> When | None:
    return behind(when, read.dated.date())


ROWS = (
    Row(
        name="of a meeting that follows",
        of=None,
        holds=_of_what_follows,
        sets=_none,
        type=EventType.ACCUSE,
        test="Vor dem Treffen mit Putin am Montag übte Erdogan scharfe Kritik an Moskau.",
    ),
    Row(
        name="Crimea was annexed in 2014",
        of=None,
        holds=_is_after_crimea,
        sets=_none,
        type=EventType.COERCE,
        test="Die Planung des Manövers begann 2018, nach der Annexion der Krim durch Russland.",
    ),
    Row(
        name="past, beside the day of what is to come",
        of=Status.PLANNED,
        holds=_is_past_beside_its_own,
        sets=_day_to_come,
        type=EventType.SANCTION,
        test="Der türkische Präsident Erdogan kündigte am Samstag für Mittwoch Sanktionen gegen die Slowakei an.",
    ),
    Row(
        name="past, of what is to come",
        of=Status.PLANNED,
        holds=_is_past,
        sets=_none,
        type=EventType.SANCTION,
        test="Die EU kündigte am Montag weitere Sanktionen gegen Russland an.",
    ),
    Row(
        name="of the year before",
        of=Status.HISTORICAL,
        holds=_names_no_year,
        sets=_year_before,
        type=EventType.ASSAULT,
        test="Der Film soll den russischen Überfall auf Georgien im Oktober zeigen.",
    ),
    Row(
        name="of no history",
        of=Status.HISTORICAL,
        holds=_is_no_history,
        sets=_none,
        type=EventType.ASSAULT,
        test="Am Freitag, dem zehnten Jahrestag des russischen Überfalls auf Georgien, spricht er in Tiflis.",
    ),
    Row(
        name="a day, of what goes on",
        of=Status.ONGOING,
        holds=_is_a_day_of_what_goes_on,
        sets=_none,
        type=EventType.COERCE,
        test="Russland hält die Krim weiterhin besetzt, sagte Selenskyj am Montag.",
    ),
)
"""the first that holds sets the day"""
