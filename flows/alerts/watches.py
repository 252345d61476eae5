"""Which acts somebody wants to hear about. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from extractors.model import SURE, Alert, Article, Assessment, Event, Grade, When
from extractors.ontology import EventType, Status
from flows.alerts.wording import (
    BEFORE,
    CHANGES,
    FIRST,
    LATE,
    LOOKED_BACK,
    SAID_AGAIN,
    date_words,
    day_words,
    fact_rows,
    headline_of,
    paragraph_of,
)
from flows.place_names import place_told

TOLD = frozenset(EventType) - {EventType.STATE}
"""the types of a watch that names none"""

LONG_AGO = timedelta(days=7)
"""An act that was over so long before its article is no news, although no article told it before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A standing interest, as plain values; `flows.settings.Watch` describes each."""

    name: str
    dossier: str
    types: frozenset[EventType] = TOLD
    statuses: frozenset[Status] = frozenset({Status.PAST, Status.ONGOING, Status.PLANNED})
    parties: frozenset[str] = frozenset()
    min_confidence: float = SURE

    def wants(self, event: Event) -> bool:
        """Whether the event is of interest at all; how sure it is decides later between message and digest."""
        return event.type in self.types and event.status in self.statuses and self.parties <= event.parties


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAct:
    """An act that no article told before: its stable id, and the event that tells it now."""

    act: str
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Upset:
    """A known meeting that is moved, called off or on again (`kind`), with the act by which the article tells it.

    `key` names the change, so that whoever tells it later tells nothing new; `when` and `place` are as they were before.
    """

    new: NewAct
    key: str
    kind: str
    when: When | None = None
    place: str = ""


def looks_back(event: Event, told_at: datetime | None) -> bool:
    """Whether an article told at that time says of an act that it was over long before ("lehnte im August ab")."""
    if event.status is not Status.PAST or event.when is None or told_at is None:
        return False
    return event.when.last < told_at.date() - LONG_AGO


def alerts_for(
    article: Article,
    assessment: Assessment,
    acts: Iterable[NewAct],
    watches: Iterable[Watch],
    *,
    story: str = "",
    baseline: bool = False,
    late: bool = False,
    language: str = "de",
) -> tuple[Alert, ...]:
    """One alert for each watch and new act, whoever reports it later.

    `baseline` marks what was published before we began to watch: it goes into one digest. So does an act below the
    watch's confidence, and one that the article looks back on, which says so in its title. A related article (grade 1)
    raises none, nor a version that only an earlier one made core. `late` says in the title that we read it long after it
    was published.
    """
    if assessment.grade is not Grade.CORE or assessment.followed:
        return ()
    known = [(new, looks_back(new.event, article.dated)) for new in acts]
    return tuple(
        _alert(
            article,
            assessment,
            new,
            watch,
            _mark((LATE[language] if late else "", LOOKED_BACK[language] if old else "")),
            key=new.act,
            story=story,
            baseline=baseline or old,
            language=language,
        )
        for watch in watches
        if watch.dossier == assessment.dossier
        for new, old in known
        if watch.wants(new.event)
    )


def alerts_of_upset(
    article: Article,
    assessment: Assessment,
    upset: Upset,
    watches: Iterable[Watch],
    *,
    story: str = "",
    baseline: bool = False,
    late: bool = False,
    language: str = "de",
) -> tuple[Alert, ...]:
    """One alert for each watch of the dossier; only whoever was told of the meeting is to get it.

    Whether a watch wants the sentence that says so is not asked: it wanted the one that is no longer true. So a version that
    only an earlier one made core raises these, too.
    """
    if assessment.grade is not Grade.CORE:
        return ()
    mark = _mark((LATE[language] if late else "", CHANGES[language][upset.kind]))
    was = ", ".join(
        filter(None, (day_words(upset.when, language) if upset.when else "", place_told(upset.place, language)))
    )
    facts = ((BEFORE[language], was),) if was else ()
    return tuple(
        _alert(
            article,
            assessment,
            upset.new,
            watch,
            mark,
            key=upset.key,
            facts=facts,
            change=upset.kind,
            story=story,
            baseline=baseline,
            language=language,
        )
        for watch in watches
        if watch.dossier == assessment.dossier
    )


def said_again(alert: Alert, first: Alert, since: date, language: str = "de") -> Alert:
    """The alert of an act that only says again what stands: it says so, and waits for the digest.

    `first` is the alert that told it first, `since` the day of that.
    """
    stands = (FIRST[language], f"{date_words(since, language)}: {first.title}")
    lines = alert.body.split("\n")
    here = len(alert.facts)
    return replace(
        alert,
        title=_mark((SAID_AGAIN[language],)) + alert.title,
        body="\n".join([*lines[:here], f"{stands[0]}: {stands[1]}", *lines[here:]]),
        facts=(*alert.facts, stands),
        digest=True,
    )


def _mark(words: Iterable[str]) -> str:
    return "".join(f"{word}: " for word in words if word)


def _alert(
    article: Article,
    assessment: Assessment,
    new: NewAct,
    watch: Watch,
    mark: str,
    *,
    key: str,
    story: str,
    baseline: bool,
    language: str,
    facts: tuple[tuple[str, str], ...] = (),
    change: str = "",
) -> Alert:
    """`facts` are told behind the event's own."""
    event = new.event
    told = (*fact_rows(event, language), *facts)
    return Alert(
        key=f"{watch.name}:{key}",
        watch=watch.name,
        title=mark + headline_of(event, language),
        body=paragraph_of(article, told, assessment, language, watch=watch.name),
        url=article.url,
        group=story or article.url,
        digest=baseline or event.confidence < watch.min_confidence,
        dossier=assessment.dossier,
        act=new.act,
        type=event.type,
        mode=event.mode,
        status=event.status,
        parties=tuple(sorted(event.parties)),
        score=event.plover_score,
        confidence=event.confidence,
        facts=told,
        change=change,
    )
