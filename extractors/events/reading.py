"""An article as the coder sees it: sentences with who is named, whose words they are, when and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from extractors.actors import Mention, named
from extractors.language import Clause, Document, Role, Sentence, read_text
from extractors.model import Article, Holder, Introduction, Precision, Quote, When
from extractors.places import PlaceMention, places
from extractors.speech import quotes
from extractors.when import OF_THE_STORY, TimeExpression, expressions, from_another_day, is_then, steps_back

# What the day of publication is where a page does not tell: far ahead, so that nothing counts as planned by accident.
_UNDATED = datetime(2100, 1, 1, tzinfo=UTC)
_OTHERWISE = datetime(2103, 5, 18, tzinfo=UTC)
"""another such day: a time that depends on which is no time that the text tells"""
_AS = MappingProxyType({"day-before": "day-word", "day-after": "day-word", "same-day": "day-word",
                        "hours-later": "day-word", "counted-before": "ago",
                        "same-year": "year", "year-after": "year", "then": "year"})  # fmt: skip
"""what a time that is told from another one of the story is to the weights: "tags zuvor" is what "gestern" is"""
_STORY_BACK = 2
"""sentences in which that other one was named"""
_LAST_DAYS = timedelta(days=3)
"""before what "am Abend" would be by itself, within which it is of the day named last"""
_THEN_BACK = 1
"""and that of "damals": of 35 in labelled articles the sentence before tells it for 30, none tells it from further back alone"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A stretch that reports somebody's words; `direct` between quotation marks."""

    start: int
    end: int
    code: str
    direct: bool = False
    kind: str = ""
    """as in `Quote`: direct, mixed, indirect or reported"""
    rule: str = ""
    """the row that saw it, "nach-angabe" or "main-sagen" """
    cue: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    article: Article
    document: Document
    dated: datetime
    mentions: tuple[tuple[Mention, ...], ...]
    """by sentence"""
    quotes: tuple[Quote, ...]
    said: tuple[Said, ...]
    times: tuple[tuple[TimeExpression, ...], ...]
    places: tuple[tuple[PlaceMention, ...], ...]
    counts: Counter[str] = field(default_factory=Counter)
    introduced: tuple[Introduction, ...] = ()
    """people in office whom no table has, and whom the article introduces"""

    def named(self, sentence: Sentence, start: int, end: int) -> tuple[Mention, ...]:
        """The actors named in a stretch of a sentence, in order."""
        return tuple([m for m in self.mentions[sentence.index] if m.code and m.start < end and start < m.end])

    def in_role(self, sentence: Sentence, role: Role | None) -> tuple[Mention, ...]:
        """Who fills a role: those named by its heads, or else those in its attributes."""
        if role is None:
            return ()
        found = [m for h in role.heads for m in self.at_token(sentence, h)]
        return tuple(found) or self.named(sentence, role.start, role.end)

    def at_token(self, sentence: Sentence, i: int) -> tuple[Mention, ...]:
        token = sentence.tokens[i]
        return self.named(sentence, token.start, token.end)

    def speaker(self, start: int, end: int) -> Said | None:
        """Whose words a stretch is; the innermost report wins."""
        over = [said for said in self.said if said.start < end and start < said.end and said.code]
        return min(over, key=lambda said: said.end - said.start, default=None)


def reading(article: Article, holders: tuple[Holder, ...] = ()) -> Reading:
    """Read an article; `holders` are people in office whom no table has (`extractors.actors.learned`)."""
    document = read_text(article.text, article.parts)
    dated = article.dated or _UNDATED
    who = named(document, on=dated.date() if article.dated else None, holders=holders)
    found = who.mentions
    told = quotes(document, found)
    return Reading(
        article=article,
        document=document,
        dated=dated,
        mentions=_by_sentence(document, found),
        quotes=told,
        said=tuple(_said(told)),
        times=_of_the_story(document.sentences, article.dated),
        places=_places(document, found),
        counts=Counter(m.code for m in found if m.code),
        introduced=who.introduced,
    )


def _times(sentence: Sentence, dated: datetime | None) -> tuple[TimeExpression, ...]:
    """The times that a sentence tells; of an article without a day those that need none ("am 3. März 2022")."""
    told = expressions(sentence, dated=dated or _UNDATED)
    told = tuple(t for t in told if not _of_the_article(sentence, t) and not _of_a_dateline(sentence, dated, t))
    if dated is not None:
        return told
    sure = {(t.start, t.end, t.when) for t in expressions(sentence, dated=_OTHERWISE)}
    return tuple(
        t if (t.start, t.end, t.when) in sure else replace(t, when=None, reason="the article has no day") for t in told
    )


_OWN_TIME = frozenset({"Stand", "Veröffentlicht", "Aktualisiert"})
"""words by which a text tells its own time"""
_LAST_TIME = "zuletzt"
_DATELINE = 4
"""tokens of a place and its comma"""
_DATELINE_ENDS = frozenset(".(–—-/")
"""what stands behind the day of a dateline"""


def _of_the_article(sentence: Sentence, time: TimeExpression) -> bool:
    """Whether a time is the article's own: "Stand: 24.10.2024 15:15 Uhr"."""
    before = sentence.before(time.start)[-2:]
    return bool(before) and before[-1].text == ":" and before[0].text in _OWN_TIME


def _of_a_dateline(sentence: Sentence, dated: datetime | None, time: TimeExpression) -> bool:
    """Whether a time says, behind a place, from when a report is: "Oslo, 3. März (NTB) – …" on the third or fourth of March."""
    if dated is None or time.when is None or not 0 <= (dated.date() - time.when.first).days <= 1:
        return False
    before = [t.text for t in sentence.tokens if t.end <= time.start]
    behind = next((t.text for t in sentence.tokens if t.start >= time.end), ".")
    place = before[:-1] if len(before) <= _DATELINE and before[-1:] == [","] else []
    return bool(place) and all(word[0].isupper() for word in place) and behind in _DATELINE_ENDS


def _of_the_story(sentences: Sequence[Sentence], dated: datetime | None) -> tuple[tuple[TimeExpression, ...], ...]:
    """The times of each sentence, with those that are told from another ("tags zuvor", "im April desselben Jahres"): from the one named
    last, if that is not to come and was right before, else, of days that are past, from the report's own."""
    today, found = _today(dated), list[tuple[TimeExpression, ...]]()
    named = list[tuple[int, When]]()
    of_now = list[tuple[int, When]]()
    """those among them that are not of a last time"""
    for k, sentence in enumerate(sentences):
        row = []
        for time in _times(sentence, dated):
            last = is_of_last_time(sentence, time.start)
            if time.when is None and time.reason == OF_THE_STORY:
                back = _THEN_BACK if is_then(time) else _STORY_BACK
                time = _told_from(time, [when for at, when in reversed(named) if k - at <= back], today)
            else:
                days = named if last else of_now
                time = _of_that_day(time, next((when for at, when in reversed(days) if k - at <= _STORY_BACK), None))
            if time.when is not None:
                named.append((k, time.when))
                of_now += [] if last else [(k, time.when)]
            row.append(time)
        found.append(tuple(row))
    return tuple(found)


def _today(dated: datetime | None) -> When | None:
    if dated is None:
        return None
    day = dated.date()
    return When(first=day, last=day, precision=Precision.DAY)


def _told_from(time: TimeExpression, named: Sequence[When], today: When | None) -> TimeExpression:
    """A time told from the latest that is exact enough for it; "damals" is no time of the report's own day or to come."""
    if today is not None and is_then(time):
        named = [when for when in named if when.last < today.first]
    if today is not None and steps_back(time):
        named = [*(named if named and named[0].first <= today.first else ()), today]
    when = next(filter(None, (from_another_day(time, other) for other in named)), None)
    return time if when is None else replace(time, when=when, rule=_AS.get(time.rule, time.rule), reason="")


def _of_that_day(time: TimeExpression, last: When | None) -> TimeExpression:
    """ "Am Abend" is of the day named last, where that is one of the last days: "Am Samstag kam er. Am Abend traf er Macron."

    Four labelled acts are told so and none otherwise; of ten such times in other articles nine are."""
    if time.rule != "part-of-day" or time.when is None or last is None or "heutig" in time.words:
        return time
    if last.precision is not Precision.DAY or not timedelta(0) < time.when.first - last.first <= _LAST_DAYS:
        return time
    return replace(time, when=replace(last, words=time.words, rule=time.rule))


def _by_sentence(document: Document, found: Sequence[Mention]) -> tuple[tuple[Mention, ...], ...]:
    rows: list[list[Mention]] = [[] for _ in document.sentences]
    for mention in found:
        rows[mention.sentence].append(mention)
    return tuple(tuple(sorted(row, key=lambda m: (m.start, m.end))) for row in rows)


def _places(document: Document, found: Sequence[Mention]) -> tuple[tuple[PlaceMention, ...], ...]:
    """The places of each sentence. Who is known as a person is none ("traf in Bonn Lawrow")."""
    people = [m for m in found if m.kind == "person"]
    return tuple(
        tuple(
            one
            for one in places(sentence)
            if one.kind != "unknown" or not any(m.start < one.end and one.start < m.end for m in people)
        )
        for sentence in document.sentences
    )


def _said(told: Sequence[Quote]) -> Iterator[Said]:
    for quote in told:
        for start, end in quote.spans:
            if quote.speaker_code:
                yield Said(
                    start=start,
                    end=end,
                    code=quote.speaker_code,
                    direct=quote.kind == "direct",
                    kind=quote.kind,
                    rule=quote.rule,
                    cue=quote.cue,
                )


def above(sentence: Sentence, clause: Clause | None) -> Iterator[Clause]:
    """The clauses that govern a clause, from the inside out."""
    seen: set[int] = set()
    while clause is not None and clause.parent is not None and clause.parent not in seen:
        seen.add(clause.parent)
        clause = sentence.clauses[clause.parent]
        yield clause


def is_recalled(sentence: Sentence, at: int) -> bool:
    """Whether a letter of a sentence stands in a main clause of the pluperfect, or in one that says "zuletzt"."""
    clause = _smallest(sentence, at)
    pluperfect = clause is not None and clause.tense == "pluperfect" and clause.kind == "main"
    return pluperfect or is_of_last_time(sentence, at)


def is_of_last_time(sentence: Sentence, at: int) -> bool:
    """Whether a letter of a sentence stands in a clause that says "zuletzt". What follows goes on with something else; behind a
    pluperfect alone it may as well go on with what that told ("Am Sonntag hatte er Macron besucht. Am Abend flog er ab")."""
    clause = _smallest(sentence, at)
    return clause is not None and any(
        t.text.lower() == _LAST_TIME for t in sentence.tokens if clause.start <= t.start < clause.end
    )


def _smallest(sentence: Sentence, at: int) -> Clause | None:
    return min((c for c in sentence.clauses if c.start <= at < c.end), key=lambda c: c.end - c.start, default=None)
