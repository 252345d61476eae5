"""Who took part in what, with whom, and as what articles called them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from storage.queries import sure, takes_part
from storage.tables import EventActorRow, EventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCount:
    """How often a party appeared in a stretch of time: as who acts, who is acted upon, who speaks."""

    code: str
    acting: int
    acted_upon: int
    speaking: int

    @property
    def told(self) -> int:
        return self.acting + self.acted_upon + self.speaking


def parties(
    connection: Connection, since: date, until: date, *, min_confidence: float = 0.0, limit: int = 50, offset: int = 0
) -> tuple[PartyCount, ...]:
    """Who took part in events of these days, most often first; events that are less certain do not count."""
    role = EventActorRow.role

    def times(name: str) -> Any:
        return func.count(case((role == name, EventRow.id)).distinct())

    asked = (
        select(
            EventActorRow.code,
            times("actor").label("acting"),
            times("recipient").label("acted_upon"),
            times("speaker").label("speaking"),
        )
        .join(EventRow, EventRow.id == EventActorRow.event_id)
        .where(EventRow.known_to.is_(None), EventRow.day.between(since, until))
        .group_by(EventActorRow.code)
        .order_by(func.count(EventRow.id.distinct()).desc(), EventActorRow.code)
        .limit(limit)
        .offset(offset)
    )
    if min_confidence > 0:
        asked = asked.where(sure(min_confidence))
    return tuple(
        PartyCount(code=row.code, acting=row.acting, acted_upon=row.acted_upon, speaking=row.speaking)
        for row in connection.execute(asked)
    )


def unsure_events(connection: Connection, since: date, until: date, *, min_confidence: float) -> int:
    """How many events of these days are less certain."""
    some = EventRow.known_to.is_(None), EventRow.day.between(since, until), ~sure(min_confidence)
    return connection.scalar(select(func.count()).select_from(EventRow).where(*some)) or 0


def partners(
    connection: Connection, code: str, since: date, until: date, *, min_confidence: float = 0.0, limit: int = 12
) -> tuple[tuple[str, int], ...]:
    """With whom a party had most to do, as (code, events); events that are less certain do not count.

    As in a dyad's series: two recipients of a third party's act have nothing to do with each other.
    """
    acting = aliased(EventActorRow)
    acts = exists().where(acting.event_id == EventRow.id, acting.code == code, acting.role == "actor")
    # From the days to the parties: a party's own events may be a fifth of all there are.
    asked = (
        select(EventActorRow.code, func.count(EventActorRow.event_id.distinct()).label("n"))
        .join(EventRow, EventRow.id == EventActorRow.event_id)
        .where(EventRow.known_to.is_(None), EventRow.day.between(since, until), takes_part(code))
        .where(EventActorRow.role != "speaker", EventActorRow.code != code, sure(min_confidence))
        .where(or_(EventActorRow.role == "actor", acts))
        .group_by(EventActorRow.code)
        .order_by(func.count(EventActorRow.event_id.distinct()).desc(), EventActorRow.code)
        .limit(limit)
    )
    return tuple((row.code, row.n) for row in connection.execute(asked))


def names_used(connection: Connection, code: str, *, most: int = 400) -> tuple[tuple[str, str, int], ...]:
    """What the articles of late call a party: (name, office, times), most often first."""
    lately = (
        select(EventActorRow.name, EventActorRow.office)
        .where(EventActorRow.code == code)
        .order_by(EventActorRow.event_id.desc())
        .limit(most)
        .subquery()
    )
    asked = (
        # An office only where it mostly goes with the name: "Unterhändler Russlands" is not what Russia is.
        select(
            lately.c.name,
            case((2 * func.count(lately.c.office) > func.count(), func.max(lately.c.office))).label("office"),
            func.count().label("n"),
        )
        .group_by(lately.c.name)
        .order_by(func.count().desc(), lately.c.name)
        .limit(12)
    )
    return tuple((row.name, row.office or "", row.n) for row in connection.execute(asked) if row.name)


def is_told_of(connection: Connection, code: str) -> bool:
    """Whether some event has this party, believed still or not."""
    return connection.scalar(select(EventActorRow.event_id).where(EventActorRow.code == code).limit(1)) is not None
