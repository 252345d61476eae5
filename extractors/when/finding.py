"""The pass over a sentence: the rows that match, the longest first, each dated in its clause."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from extractors.language import Sentence, Token
from extractors.model import Precision, When
from extractors.when.clause import clause_around, clause_of, recurs
from extractors.when.dates import in_the_calendar, in_year, month_end, one_day
from extractors.when.directions import OF_AN_ATTACK, direction_of
from extractors.when.rows import Rule, named, rules_for, trigger
from extractors.when.shapes import Anchor, Direction, Refused, Span, TimeExpression
from extractors.when.today import behind
from extractors.when.words import ORDINALS

_NTH_TIME = re.compile(rf"\bzum\s+(?:(?P<word>{'|'.join(ORDINALS)})|(?P<number>\d{{1,3}})\.)\s+Mal\b")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    rule: Rule
    match: re.Match[str]


def expressions(sentence: Sentence, *, dated: datetime) -> tuple[TimeExpression, ...]:
    """The time expressions of a sentence, in order, resolved against the time the article is of.

    Dates in the answer are days of `dated`'s own time zone.
    """
    text = _text(sentence.tokens, sentence.start)
    triggers = {match.lastgroup or "" for match in trigger().finditer(text)}
    if not triggers:
        return ()
    found = [_expression(sentence, text, found, dated) for found in _matches(text, frozenset(triggers))]
    return tuple(_over_before(sentence, time, found[k + 1 :], dated.date()) for k, time in enumerate(found))


def _over_before(
    sentence: Sentence, time: TimeExpression, behind_it: Sequence[TimeExpression], today: date
) -> TimeExpression:
    """ "Nach dem Treffen am Montag wollen sie am Mittwoch sprechen", on a Tuesday: what is over before a day that is sooner was last week."""
    when = time.when
    if when is None or when.rule != _WEEKDAY or when.first <= today:
        return time
    before = itertools.takewhile(lambda t: not t.tag.startswith(("V", "$")), reversed(sentence.before(time.start)))
    # Before a name "nach" tells where to: "reist nach Kiew am Montag".
    if not any(token.text.lower() == "nach" and sentence.tokens[token.i + 1].tag != "NE" for token in before):
        return time
    clause = clause_of(sentence, time)
    others = (t.when for t in behind_it if t.when is not None and clause_of(sentence, t) == clause)
    week = timedelta(days=7)
    if not any(today < other.first < when.first for other in others) or when.first - date.min < week:
        return time
    return replace(time, when=replace(when, first=when.first - week, last=when.last - week), looks=OVER_BEFORE)


def _text(tokens: Sequence[Token], start: int) -> str:
    """The sentence again, from its tokens: gaps are blanks, so offsets hold."""
    pieces: list[str] = []
    at = start
    for token in tokens:
        pieces.append(" " * (token.start - at))
        pieces.append(token.text)
        at = token.end
    return "".join(pieces)


def _matches(text: str, triggers: frozenset[str]) -> Iterator[_Found]:
    found = [
        _Found(match.start(), match.end(), rule, match)
        for rule in rules_for(triggers)
        for match in rule.pattern.finditer(text)
        if match.end() > match.start() and _plausible(text, rule, match)
    ]
    found.sort(key=lambda one: (one.start, -one.end))
    at = 0
    for one in found:
        if one.start >= at:
            yield one
            at = one.end


_YEAR, _SINCE_COUNTED, _WEEKDAY = named("year"), named("since-counted"), named("weekday")
OVER_BEFORE = "over before a day that is sooner"
"""what is told with such a day, as the rows of `directions` are"""
# What follows a number that counts things rather than years.
_COUNTED = re.compile(
    r"\s+(?:[a-zäöü]+e[nrs]?\s+)?(?:Menschen|Soldat|Personen|Euro|Dollar|Franken|Rubel|Kilometer|Meter|Tonnen|Mann\b|Panzer|Fälle|"
    r"Prozent|Flüchtlinge|Uhr|Raketen|Drohnen|Kämpfer|Zivilisten|Tote|Verletzte|Firmen|Unternehmen|Stück|Mal\b|Seiten|"
    r"Häuser|Einwohner|Gefangene|Kriegsgefangene|Leute|Polizisten|Teilnehmer|Demonstranten|Kinder|Stunden|Jahre)"
)
_IN_A_NAME = re.compile(r"[\"„“»«‚‘'](?:[A-ZÄÖÜ][\w-]*\s+){1,3}$"), re.compile(r"[\"“”«»’‘']")
"""what stands before and behind a year that is a part of what something is called: 'das Manöver "Sapad 2021"' """
_DECIMAL = re.compile(r"[.,:]\d|\s?(?:km|m|kg|t|%|°)\b")


def _plausible(text: str, rule: Rule, match: re.Match[str]) -> bool:
    """A bare four-digit number counts as a year unless it counts something else, or ends a name between quotation marks."""
    if rule.name != _YEAR:
        return True
    opens, closes = _IN_A_NAME
    if closes.match(text, match.end()) and opens.search(text[: match.start()]):
        return False
    return not (_COUNTED.match(text, match.end()) or _DECIMAL.match(text, match.end()))


def _expression(sentence: Sentence, text: str, found: _Found, dated: datetime) -> TimeExpression:
    start, end = found.start + sentence.start, found.end + sentence.start
    words = text[found.start : found.end]
    inside = [token.i for token in sentence.tokens if token.start < end and start < token.end]
    direction, looks = direction_of(sentence, inside[0], inside[-1]) if inside else (Direction.OPEN, "")
    try:
        with in_the_calendar():
            span = found.rule.resolve(found.match, Anchor(dated=dated, direction=direction))
            if found.rule.name != _SINCE_COUNTED:
                span = _since(
                    text[: found.start], span, dated.date(), summed=_SUMMED.search(text, found.end) is not None
                )
            if _is_anniversary(sentence, inside):
                span = _years_before(span, text)
    except Refused as refused:
        return TimeExpression(
            start=start, end=end, words=words, when=None, rule=found.rule.name, reason=str(refused), looks=looks
        )
    first, last, precision = span
    when = When(first=first, last=last, precision=precision, words=words, rule=found.rule.name)
    if looks == OF_AN_ATTACK:
        when = behind(when, dated.date()) or when
    return TimeExpression(start=start, end=end, words=words, when=when, rule=found.rule.name, looks=looks)


def _is_anniversary(sentence: Sentence, inside: Sequence[int]) -> bool:
    """Whether a time is the one at which something comes round: "Am Montag jährt sich der Angriff zum dritten Mal"."""
    clause = clause_around(sentence, inside[0]) if inside else None
    return clause is not None and recurs(sentence, clause)


def _years_before(span: Span, text: str) -> Span:
    """The day that comes round, as many years before as the sentence counts."""
    first, last, precision = span
    nth = _NTH_TIME.search(text)
    if nth is None or precision is not Precision.DAY or first != last:
        raise Refused("it comes round, and how often is not told")
    years = ORDINALS[nth["word"]] if nth["word"] else int(nth["number"])
    return one_day(in_year(first.year - years, first.month, first.day))


_SINCE = re.compile(r"\b[Ss]eit(?:\s+de[mr])?(?:\s+(?:vergangene[nrm]|letzte[nrm]))?\s+$")


_SUMMED = re.compile(
    r"\b(?:mehr als|über|rund|etwa|knapp|fast|mindestens|insgesamt|gut)\s+\d|\b\d{3,}\s+[A-ZÄÖÜ]|\b\d+[.,]\d+\s+[A-ZÄÖÜ]"
)
"""how many or how much it came to: "13.000 Container", "mehr als 20 Menschen" """


def _since(before: str, span: Span, today: date, *, summed: bool) -> Span:
    """ "seit Donnerstag": from then until the article's day. "seit 2014" stays the year, and "seit März" the month where nothing is
    summed since then ("seit März sind mehr als 300 Drohnen abgestürzt"): their end is not told so exactly."""
    first, _, precision = span
    if not _SINCE.search(before) or first >= today:
        return span
    if precision is Precision.MONTH and summed:
        return first, month_end(today.year, today.month), precision
    if precision in (Precision.MONTH, Precision.YEAR):
        return span
    return first, today, Precision.RANGE
