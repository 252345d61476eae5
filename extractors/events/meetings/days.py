"""Which of the times that a sentence tells may be the day of what it announces."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from extractors.events.attaching.worded import INTENDS
from extractors.events.reading import Reading
from extractors.events.weighing.judge import Proposal
from extractors.language import Sentence
from extractors.language.clauses import PAST_TENSES
from extractors.model import When
from extractors.when import TimeExpression, clause_of, is_denied, tells_end, tells_when_said

_HOUR = "part-of-day"
_SPANS = frozenset({"relative-year", "hence"})
"""rules of times in which something may be counted"""
_ORDINAL = re.compile(r"(?:ersten?|erste[rs]|(?:zwei|drit|vier|fünf|sechs|sieb|siebe|ach|neun|zehn)te[nrs]?|\d+\.)")
_STOPS = re.compile(r"(?:Staaten|Ländern?|(?:Haupts|S)tädten?|Stationen)")
"""what those who travel count"""
_SINCE = "seit"
_FEASTS = frozenset({"feast", "christmas"})
_LEADS = 2
"""tokens before a feast in which "vor" stands"""
_COUNTED = 8
"""tokens before a year in which what is counted stands"""
_BEFORE = 2
"""sentences before that may have told the day of which a part is told"""


def of_else(read: Reading, sentence: Sentence, time: TimeExpression) -> bool:
    """Whether a time is that of something else: when it was said, when it is over, since when it goes on, in which it is counted, a part
    of today after another day was told, or a day on which it will not be ("nicht am Freitag, sondern erst am Montag")."""
    today = read.dated.date()
    if tells_when_said(sentence, time, today) or tells_end(sentence, time) or _counted_in(sentence, time):
        return True
    if any(token.text.lower() == _SINCE for token in sentence.before(time.start)[-1:]):
        return True
    return _of_another_day(read, sentence, time) or _is_denied(sentence, time) or _is_before_a_feast(sentence, time)


def _is_before_a_feast(sentence: Sentence, time: TimeExpression) -> bool:
    """Whether something is to be before a feast, on no day that is told: "noch vor Weihnachten", not "drei Tage vor Weihnachten"."""
    lead = sentence.before(time.start)[-_LEADS:]
    return time.rule in _FEASTS and any(t.text.lower() == "vor" for t in lead)


def _is_denied(sentence: Sentence, time: TimeExpression) -> bool:
    first = sentence.first_from(time.start)
    return first is not None and is_denied(sentence, first.i)


def _counted_in(sentence: Sentence, time: TimeExpression) -> bool:
    """Whether a time is that in which something is counted: "der zweite Gipfel in diesem Jahr", "die dritte Sitzung in vier Tagen",
    "in zwei Tagen besucht er fünf Staaten"."""
    if time.rule not in _SPANS:
        return False
    behind = [t for t in sentence.tokens if t.start >= time.end]
    if any(one.tag == "CARD" and _STOPS.fullmatch(next_.text) for one, next_ in pairwise(behind)):
        return True
    return any(_ORDINAL.fullmatch(t.text) for t in sentence.before(time.start)[-_COUNTED:])


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


def of_the_past(p: Proposal, time: TimeExpression, today: date) -> bool:
    """Whether another clause tells what has been with a time: "am Mittwoch hat Moskau bestätigt: sie werden sich treffen"."""
    if time.when is None or time.when.last > today:
        return False
    return clause_of(p.seen.sentence, time) != p.clause and _in_the_past(p.seen.sentence, time)


def still_to_come(read: Reading, when: When) -> bool:
    """Whether some sentence tells a day as that of what is to come, and not only as that on which others spoke."""
    return any(
        time.when == when and not of_else(read, sentence, time) and not _in_the_past(sentence, time)
        for sentence in read.document.sentences
        for time in read.times[sentence.index]
    )


def day_there(read: Reading, p: Proposal) -> When | None:
    """The day of the journey told right before, of what takes place "dort"."""
    sentence = p.seen.sentence
    words = {sentence.tokens[i].text.lower() for i in p.clause.tokens} if p.clause is not None else set()
    if sentence.index == 0 or "dort" not in words:
        return None
    before = read.document.sentences[sentence.index - 1]
    days = [time.when for time in read.times[before.index] if time.when and not of_else(read, before, time)]
    return next((day for day in reversed(days) if day.first > read.dated.date()), None)


def _in_the_past(sentence: Sentence, time: TimeExpression) -> bool:
    clause = clause_of(sentence, time)
    return clause is not None and clause.tense in PAST_TENSES and clause.modal not in INTENDS
