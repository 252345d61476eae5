"""Events for the tests of what is followed over time: talks, the plan of them, and a way to make others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from extractors.model import Actor, Event, Evidence, Place, Precision, When
from extractors.ontology import EventType, Status
from extractors.stories import acts

NOON = datetime(2022, 1, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def event(
    type_: EventType,
    quote: str,
    *,
    by: str,
    to: str = "",
    status: Status = Status.PAST,
    day: date | None = None,
    until: date | None = None,
    place: str = "",
    speaker: str = "",
    mode: str = "",
) -> Event:
    """A hand-made event; parties are codes separated by blanks."""
    precision = Precision.RANGE if until else Precision.DAY
    return Event(
        type=type_,
        mode=mode,
        status=status,
        actors=tuple(Actor(code=code) for code in by.split()),
        recipients=tuple(Actor(code=code) for code in to.split()),
        when=When(first=day, last=until or day, precision=precision) if day else None,
        place=Place(name=place) if place else None,
        speaker=Actor(code=speaker) if speaker else None,
        evidence=Evidence(start=0, end=len(quote), quote=quote, rule="test"),
    )


def ref(article: str, publisher: str = "Morgenblatt", at: datetime = NOON, **more) -> acts.ArticleRef:
    return acts.ArticleRef(article=article, publisher=publisher, told_at=at, **more)


TALKS = event(
    EventType.CONSULT,
    "In Genf kamen Unterhändler beider Länder zu Gesprächen über Sicherheitsgarantien zusammen.",
    by="RUS USA",
    day=date(2022, 1, 10),
    place="Genf",
)
SAME_TALKS = event(
    EventType.CONSULT,
    "Die Gespräche über Sicherheitsgarantien haben am Montag in Genf begonnen.",
    by="RUS USA",
    day=date(2022, 1, 10),
    place="Genf",
    status=Status.ONGOING,
)
PLAN = event(
    EventType.CONSULT,
    "Am Montag wollen Unterhändler in Genf über Sicherheitsgarantien sprechen.",
    by="RUS USA",
    day=date(2022, 1, 10),
    place="Genf",
    status=Status.PLANNED,
)
MONDAY = date(2022, 1, 10)
DEMAND = event(
    EventType.REQUEST, "Moskau fordert von der Allianz schriftliche Sicherheitsgarantien.", by="RUS", to="NATO"
)
