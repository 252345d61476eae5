"""Which acts somebody wants to hear about. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extractors.model import Alert, Article, Assessment, Event, Grade
from extractors.ontology import EventType, Status
from flows.alerts.wording import LATE, fact_rows, headline_of, paragraph_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A standing interest, as plain values; `flows.settings.Watch` describes each."""

    name: str
    dossier: str
    types: frozenset[EventType] = frozenset(set(EventType) - {EventType.STATE})
    statuses: frozenset[Status] = frozenset({Status.PAST, Status.ONGOING, Status.PLANNED})
    parties: frozenset[str] = frozenset()
    min_confidence: float = 0.5

    def wants(self, event: Event) -> bool:
        """Whether the event is of interest at all; how sure it is decides later between message and digest."""
        return event.type in self.types and event.status in self.statuses and self.parties <= event.parties


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAct:
    """An act that no article told before: its stable id, and the event that tells it now."""

    act: str
    event: Event


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
    watch's confidence. A related article (grade 1) raises none, nor a version that only an earlier one made core. `late` says in the title that we read it long after it
    was published.
    """
    if assessment.grade is not Grade.CORE or assessment.followed:
        return ()
    known = tuple(acts)
    mark = f"{LATE[language]}: " if late else ""
    return tuple(
        _alert(article, assessment, new, watch, mark, story=story, baseline=baseline, language=language)
        for watch in watches
        if watch.dossier == assessment.dossier
        for new in known
        if watch.wants(new.event)
    )


def _alert(
    article: Article,
    assessment: Assessment,
    new: NewAct,
    watch: Watch,
    mark: str,
    *,
    story: str,
    baseline: bool,
    language: str,
) -> Alert:
    event = new.event
    return Alert(
        key=f"{watch.name}:{new.act}",
        watch=watch.name,
        title=mark + headline_of(event, language),
        body=paragraph_of(article, event, assessment, language, watch=watch.name),
        url=article.url,
        group=story or article.url,
        digest=baseline or event.confidence < watch.min_confidence,
        dossier=assessment.dossier,
        act=new.act,
        type=event.type,
        status=event.status,
        parties=tuple(sorted(event.parties)),
        score=event.plover_score,
        confidence=event.confidence,
        facts=fact_rows(article, event, language),
    )
