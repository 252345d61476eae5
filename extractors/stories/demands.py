"""The ledger of demands: who demanded what of whom, who refused, conceded or conditioned it, when, in which words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from extractors.model import Event
from extractors.ontology import EventType, Status
from extractors.stories.acts import ArticleRef
from extractors.stories.states import Answer
from extractors.stories.stems import demanded, only_points, stems

ANSWER_DAYS = 60
"""a refusal later than this answers another demand"""
ALIKE = 0.3
"""share of the shorter sentence's words from which two sentences are about one matter"""
_IN_COMMON = 2
"""words that an answer shares with a demand at least, unless it names who demands: one alone may be a surname"""
ANSWER_SURE = 0.5
"""what is less certain does not decide how a demand stands while something surer was answered"""
CONDITIONS = ("wenn", "sofern", "falls", "bedingung", "voraussetzung", "nur dann", "im gegenzug", "vorausgesetzt")
_ANSWERS = {
    EventType.REJECT: Answer.REFUSED,
    EventType.CONCEDE: Answer.CONCEDED,
    EventType.RETREAT: Answer.CONCEDED,
    EventType.AGREE: Answer.CONCEDED,
    EventType.AID: Answer.CONCEDED,
}
YIELDING = frozenset({EventType.CONCEDE, EventType.RETREAT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One word in a demand's life."""

    at: datetime
    answer: Answer
    by: frozenset[str]
    event: str
    article: str
    publisher: str
    quote: str
    reason: str
    of: date | None = None
    """the day that was told of it, where the article looks back on it"""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A row of the ledger. `entries` begin with the first demand; repetitions are entries with answer `open`."""

    uid: str
    demanders: frozenset[str]
    addressees: frozenset[str]
    mode: str
    content: str
    """the sentence that demands it first"""
    words: frozenset[str]
    answer: Answer
    entries: tuple[Entry, ...]


def ledger(reports: Iterable[tuple[Event, ArticleRef]], known: Sequence[Demand] = ()) -> tuple[Demand, ...]:
    """The rows after these reports, in order of telling. Running it again over the same reports changes nothing."""
    rows = list(known)
    reports = list(reports)
    refused = {(article.article, event.evidence.quote, code) for event, article in reports for code in _refusing(event)}
    for event, article in sorted(reports, key=lambda pair: (pair[1].told_at, pair[1].article, pair[0].evidence.start)):
        if not speaks(event):
            continue
        this = event.id
        if any(e.event == this and e.article == article.article for row in rows for e in row.entries):
            continue
        if event.type is EventType.REQUEST and event.status is not Status.NEGATED:
            if not any((article.article, event.evidence.quote, code) in refused for code in _codes(event)[0]):
                _demanded(rows, event, article)
        elif event.type in _ANSWERS:
            _answered(rows, event, article)
    return tuple(rows)


def _refusing(event: Event) -> frozenset[str]:
    """Who refuses something in a sentence: the demand that it names is not theirs."""
    return _codes(event)[0] if event.type is EventType.REJECT else frozenset()


def speaks(event: Event) -> bool:
    """Whether an event can demand or answer anything."""
    told = event.type is EventType.REQUEST or event.type in _ANSWERS
    return told and event.status not in (Status.HYPOTHETICAL, Status.HISTORICAL)


def _demanded(rows: list[Demand], event: Event, article: ArticleRef) -> None:
    at = _best(rows, event, demanding=True)
    if at is None:
        rows.append(_new(event, article))
        return
    row = rows[at]
    entry = _entry(event, article, Answer.OPEN, "demanded again")
    rows[at] = replace(row, words=row.words | _words(event), entries=(*row.entries, entry))


def _new(event: Event, article: ArticleRef) -> Demand:
    quote = event.evidence.quote
    actors, recipients = _codes(event)
    return Demand(
        uid=uid_of(event, article),
        demanders=actors,
        addressees=recipients,
        mode=event.mode,
        content=quote,
        words=_words(event),
        answer=Answer.OPEN,
        entries=(_entry(event, article, Answer.OPEN, "demanded"),),
    )


def uid_of(event: Event, article: ArticleRef) -> str:
    """The name of the demand that an event opens if none is known that it may speak of."""
    actors, recipients = _codes(event)
    parts = (article.article, *sorted(actors), *sorted(recipients), event.evidence.quote)
    return "demand_" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _answered(rows: list[Demand], event: Event, article: ArticleRef) -> None:
    at = _best(rows, event, demanding=False, told_at=article.told_at)
    if at is None:
        return
    row, actors = rows[at], _codes(event)[0]
    answer, reason = _read_answer(event)
    if answer is Answer.CONCEDED and actors & row.demanders and not actors & row.addressees:
        answer, reason = Answer.WITHDRAWN, "the demander yields"
    entries = (*row.entries, _entry(event, article, answer, reason))
    rows[at] = replace(row, answer=_last_told(entries), entries=entries)


def _last_told(entries: Sequence[Entry]) -> Answer:
    """The answer that was given last, which need not be the one that was read last. Of an article's answers it is the first
    told: the others are what was before. What is unsure counts where nothing else is known."""
    answered = [entry for entry in entries if entry.answer is not Answer.OPEN]
    sure = [entry for entry in answered if entry.confidence >= ANSWER_SURE]
    return max(sure or answered, key=lambda entry: (entry.of or entry.at.date(), entry.at)).answer


def _read_answer(event: Event) -> tuple[Answer, str]:
    answer = _ANSWERS[event.type]
    if answer is Answer.CONCEDED:
        if event.status is Status.NEGATED:
            return Answer.REFUSED, f"{event.type} negated"
        if any(word in event.evidence.quote.casefold() for word in CONDITIONS):
            return Answer.CONDITIONED, f"{event.type} with a condition"
    return answer, f"{event.type}"


def _best(rows: Sequence[Demand], event: Event, *, demanding: bool, told_at: datetime | None = None) -> int | None:
    """The row that an event speaks of: the most alike in words; of equals the one that was told last."""
    scored = [
        (alike, row.entries[-1].at, at)
        for at, row in enumerate(rows)
        if (alike := _alike(row, event, demanding)) >= ALIKE and _in_time(row, told_at)
    ]
    return max(scored)[2] if scored else None


def _in_time(row: Demand, told_at: datetime | None) -> bool:
    return told_at is None or timedelta() <= told_at - row.entries[0].at <= timedelta(days=ANSWER_DAYS)


def _alike(row: Demand, event: Event, demanding: bool) -> float:
    actors, recipients = _codes(event)
    if demanding and not (actors & row.demanders and (not row.addressees or recipients & row.addressees)):
        return 0.0
    if not demanding and not actors & _who_answers(row, event):
        return 0.0
    mine = _words(event)
    common = len(mine & row.words)
    named = bool(recipients & row.demanders)
    if (demanding or named) and not common and only_points(event):
        return ALIKE
    if not demanding and not named and common < _IN_COMMON:
        return 0.0
    # A refusal that names the demander back needs fewer words in common.
    return common / max(1, min(len(mine), len(row.words))) + (0.1 if not demanding and named else 0.0)


def _who_answers(row: Demand, event: Event) -> frozenset[str]:
    """Whose words an answer must be: who was asked, or who asked and now yields. What else who asked agrees to with others answers
    nothing: "beide waren sich einig, dass Moskau zustimmen muss" was read as taken back."""
    return row.addressees | row.demanders if event.type in YIELDING else row.addressees


def _words(event: Event) -> frozenset[str]:
    """What an event speaks of, without who speaks: a name and an office in common make no matter, nor do the words for demanding."""
    named = [*event.actors, *event.recipients, *([event.speaker] if event.speaker else [])]
    return demanded(event.evidence.quote) - stems(" ".join(f"{one.name} {one.office}" for one in named))


def _codes(event: Event) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(a.code for a in event.actors), frozenset(r.code for r in event.recipients)


def _entry(event: Event, article: ArticleRef, answer: Answer, reason: str) -> Entry:
    return Entry(
        at=article.told_at,
        answer=answer,
        by=_codes(event)[0],
        event=event.id,
        article=article.article,
        publisher=article.publisher,
        quote=event.evidence.quote,
        reason=reason,
        of=event.when.first if event.when and event.when.first < article.told_at.date() else None,
        confidence=event.confidence,
    )
