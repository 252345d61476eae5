"""On which day an announced meeting is: rows that find it in its sentence, in its word's part of that, or told before.

"In Genf treffen sich am Mittwoch die Räte und am Freitag die OSZE": each word has its own. A day on which something was said, or which is past,
is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from extractors.events.attaching.denials import is_before_a_meeting
from extractors.events.meetings.announcing import lasting
from extractors.events.meetings.days import day_there, of_else, of_the_past, still_to_come
from extractors.events.meetings.heralding import by_itself
from extractors.events.meetings.named import Meeting
from extractors.events.meetings.spoken import ATTRIBUTES, words_around
from extractors.events.reading import Reading
from extractors.events.telling import Coded
from extractors.events.weighing.judge import Proposal
from extractors.model import Precision, When

_TO = frozenset({"zu", "zum", "zur"})
_OF_DAYS = r"\b(de[mrs]|die|das) \w+tägige[nrs]? \w*({})"
_VISITS, _MEETINGS = (
    re.compile(_OF_DAYS.format(w), re.IGNORECASE) for w in ("besuch|reise|visite", "treffen|gipfel|konferenz|tagung")
)
"""what tells of a visit, and of any other meeting, how long it lasts: "bei dem zweitägigen Treffen" """
_AFTERWARDS = 2
"""sentences after that may say how long it lasts"""
_COUNTED = re.compile(
    r"(?:\b(?P<number>einen|zwei|drei|vier|fünf|sechs|sieben) Tage? vor|\bam Vorabend)\b(?: Beginn)?(?: (?:de[mnrs]|einem))?(?: (?-i:[a-zäöüß]\S*)){0,2}$",
    re.IGNORECASE,
)
"""what stands before a word for a meeting and counts the days to it"""
_NUMBERS = MappingProxyType({"einen": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7})
_COUNTED_WITHIN = 7
"""tokens before a word for a meeting in which that stands"""
_BY_ITSELF = "its row tells it"
LASTS = "so many days are counted"
"""row of a meeting that lasts for several days"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A meeting (`one`) whose day is asked for: the days that its sentence tells of itself (`here`) and of something else, and the days of the
    words for meetings in it."""

    read: Reading
    one: Coded
    here: frozenset[str]
    others: frozenset[str]
    stretches: Sequence[When]

    @property
    def believed(self) -> When | None:
        """The day that was attached to it, unless its sentence tells that of something else."""
        when = self.one.event.when
        return None if when is None or when.iso in self.others - self.here else when


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`finds` the day of a meeting; `test` is a text in which the row finds one."""

    name: str
    finds: Callable[[Asked], When | None]
    test: str


def day_ahead(read: Reading, one: Coded, words: Sequence[Meeting]) -> tuple[When | None, tuple[str, ...]]:
    """The day of an announced meeting, and the rows that tell it. `words`: the words for meetings of the article."""
    if by_itself(one.proposal):
        when, row = one.event.when, _BY_ITSELF
    else:
        asked = _asked(read, one, words)
        when, row = next(((day, row.name) for row in ROWS if (day := row.finds(asked)) is not None), (None, ""))
    days = _lasting(read, one, when)
    if when is None:
        return None, ()
    return days, (row,) if days is when else (row, LASTS)


def _asked(read: Reading, one: Coded, words: Sequence[Meeting]) -> Asked:
    today, sentence = read.dated.date(), one.proposal.seen.sentence
    here, others = set[str](), set[str]()
    for time in read.times[sentence.index]:
        if time.when is not None:
            aside = of_else(read, sentence, time) or of_the_past(one.proposal, time, today)
            (others if aside else here).add(time.when.iso)
    beside = (word for word in words if word.proposal.seen.sentence.index == sentence.index)
    stretches = [word.when for word in beside if word.when is not None and "time from:stretch" in word.features]
    return Asked(read=read, one=one, here=frozenset(here), others=frozenset(others), stretches=stretches)


def _of_its_sentence(asked: Asked) -> When | None:
    when = asked.believed
    return when if when is not None and when.iso in asked.here and when.last >= asked.read.dated.date() else None


def _of_its_word(asked: Asked) -> When | None:
    days = (day for day in asked.stretches if day.first >= asked.read.dated.date())
    return next((day for day in days if day.iso not in asked.others - asked.here), None)


def _counted_to_it(asked: Asked) -> When | None:
    """ "Zwei Tage vor dem Gipfel", "am Vorabend des Treffens": so many days after that on which this is told, or was done."""
    p, read = asked.one.proposal, asked.read
    if read.article.dated is None or not is_before_a_meeting(p):
        return None
    before = p.seen.sentence.tokens[max(0, p.anchor - _COUNTED_WITHIN) : p.anchor]
    counted = _COUNTED.search(" ".join(token.text for token in before))
    if counted is None:
        return None
    days = _NUMBERS[counted["number"].lower()] if counted["number"] else 1
    told = [time.when for time in read.times[p.seen.sentence.index] if time.when is not None]
    today = read.dated.date()
    base = next((when.first for when in told if when.precision is Precision.DAY and when.last <= today), today)
    day = base + timedelta(days=days)
    told_day = When(first=day, last=day, precision=Precision.DAY, words=counted.group(), rule="counted to it")
    return told_day if day >= today else None


def _of_the_journey(asked: Asked) -> When | None:
    return day_there(asked.read, asked.one.proposal)


def _told_elsewhere(asked: Asked) -> When | None:
    when = asked.believed
    ahead = when is not None and (when.last > asked.read.dated.date() or still_to_come(asked.read, when))
    return when if ahead else None


ROWS = (
    Row(
        name="its sentence tells it",
        finds=_of_its_sentence,
        test="Am Freitag wird es eine Sitzung der Außenminister von Polen und Litauen geben.",
    ),
    Row(
        name="its word's part of the sentence tells it",
        finds=_of_its_word,
        test="Für Mittwoch ist ein Treffen von Macron und Putin geplant, für Freitag ein Treffen von Macron und Selenskyj.",
    ),
    Row(
        name="counted to it",
        finds=_counted_to_it,
        test="Zwei Tage vor dem Treffen von Macron und Putin rief Scholz zur Einigkeit auf.",
    ),
    Row(
        name="that of the journey there",
        finds=_of_the_journey,
        test="Am Freitag reist Macron nach Kiew. Dort will er Selenskyj treffen.",
    ),
    Row(
        name="told elsewhere, and to come",
        finds=_told_elsewhere,
        test="Macron und Putin wollen am Freitag telefonieren. Das Treffen von Scholz und Biden ist auch geplant.",
    ),
)
"""the first that finds one tells it"""


def _lasting(read: Reading, one: Coded, when: When | None) -> When | None:
    visit, at = one.event.mode == "visit", one.proposal.seen.sentence.index
    days = lasting(when, _attribute(one.proposal), words_around(read, one.proposal) if visit else "")
    if days is not when:
        return days
    after = read.document.sentences[at + 1 : at + 1 + _AFTERWARDS]
    words = ((_VISITS if visit else _MEETINGS).search(read.document.text[s.start : s.end]) for s in after)
    return next((lasting(when, found.group()) for found in words if found), when)


def _attribute(p: Proposal) -> str:
    """The words right before the word that carries an act, or before the noun for which its verb brings people together
    ("kommen zu einem zweitägigen Treffen zusammen")."""
    tokens, at = p.seen.sentence.tokens, p.anchor
    if p.clause is not None and at in p.clause.verbs:
        at = next((role.heads[0] for role in p.clause.roles if role.preposition in _TO and role.heads), at)
    return " ".join(token.text for token in tokens[max(0, at - ATTRIBUTES) : at])
