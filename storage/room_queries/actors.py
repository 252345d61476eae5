"""Who took part in what, with whom, and as what articles called them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, case, func, select

from storage import queries
from storage.queries import sure
from storage.room_queries.casts import Cast
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


def parties(told: Sequence[Cast], *, limit: int = 50, offset: int = 0) -> tuple[PartyCount, ...]:
    """Who took part in these events, most often first."""
    roles: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
    events: Counter[str] = Counter()
    for cast in told:
        sides = cast.actors, cast.recipients, cast.speakers
        for times, side in zip((*roles, events), (*sides, frozenset().union(*sides)), strict=True):
            for code in side:
                times[code] += cast.events
    most = sorted(events, key=lambda code: (-events[code], code))
    return tuple(
        PartyCount(code=code, acting=roles[0][code], acted_upon=roles[1][code], speaking=roles[2][code])
        for code in most[offset : offset + limit]
    )


def unsure_events(connection: Connection, since: date, until: date, *, min_confidence: float) -> int:
    """How many events of these days are less certain."""
    some = EventRow.known_to.is_(None), EventRow.day.between(since, until), ~sure(min_confidence)
    return connection.scalar(select(func.count()).select_from(EventRow).where(*some)) or 0


def partners(
    connection: Connection, code: str, since: date, until: date, *, min_confidence: float = 0.0
) -> tuple[tuple[str, int], ...]:
    """With whom a party had most to do, as (code, events); events that are less certain do not count.

    As in a dyad's series: two recipients of a third party's act have nothing to do with each other.
    """
    told = queries.top_dyads(
        connection, since=since, until=until, party=code, limit=10**6, min_confidence=min_confidence
    )
    found = [(it.other if it.one == code else it.one, it.events) for it in told if it.events]
    return tuple(sorted(found, key=lambda it: (-it[1], it[0]))[:12])


def names_used(connection: Connection, code: str) -> tuple[tuple[str, str, int], ...]:
    """What the articles of late call a party, as they are read today: (name, office, times), most often first."""
    lately = (
        select(EventActorRow.name, EventActorRow.office)
        .join(EventRow, EventRow.id == EventActorRow.event_id)
        .where(EventActorRow.code == code, EventRow.known_to.is_(None))
        .order_by(EventActorRow.event_id.desc())
        .limit(400)
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
