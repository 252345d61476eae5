"""Which of the times that a sentence tells may be the day of what it announces."""

from __future__ import annotations

from extractors.events.reading import Reading
from extractors.language import Sentence
from extractors.when import TimeExpression, tells_end, tells_when_said

_HOUR = "part-of-day"
_BEFORE = 2
"""sentences before that may have told the day of which a part is told"""


def of_else(read: Reading, sentence: Sentence, time: TimeExpression) -> bool:
    """Whether a time is that of something else: when it was said, when it is over, or a part of today after another day was told."""
    today = read.dated.date()
    return tells_when_said(sentence, time, today) or tells_end(sentence, time) or _of_another_day(read, sentence, time)


def _of_another_day(read: Reading, sentence: Sentence, time: TimeExpression) -> bool:
    """Whether the sentences right before speak of a day to come: "Am Montag reist er nach Kiew. Am Abend trifft er Kuleba"."""
    today = read.dated.date()
    if time.rule != _HOUR or time.when is None or time.when.first != today:
        return False
    before = (
        t.when for at in range(max(0, sentence.index - _BEFORE), sentence.index) for t in read.times[at] if t.when
    )
    last = [when for when in before if when.rule != _HOUR][-1:]
    return any(when.first > today for when in last)
