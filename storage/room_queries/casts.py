"""Who took part in the events of some days: a few thousand casts recur, and each is read once, with how many events
have it.

The database would need a slow count of its own for each party and role.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from storage import sides
from storage.queries import sure
from storage.tables import EventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Parties by role, and how many events have them so."""

    actors: frozenset[str]
    recipients: frozenset[str]
    speakers: frozenset[str]
    events: int


def casts(
    connection: Connection, since: date, until: date, *, min_confidence: float = 0.0, most: int | None = None
) -> tuple[Cast, ...]:
    """The casts of the events of these days, in no order; events that are less certain do not count.

    With `most` those of the latest so many events.
    """
    those = [EventRow.known_to.is_(None), EventRow.day.between(since, until)]
    if min_confidence > 0:
        those.append(sure(min_confidence))
    told = select(EventRow.sides, EventRow.speaker).where(*those)
    if most is not None:
        told = told.order_by(EventRow.day.desc(), EventRow.id.desc()).limit(most)
    row = told.subquery().c
    rows = connection.execute(select(row.sides, row.speaker, func.count()).group_by(row.sides, row.speaker))
    return tuple(
        Cast(**sides.read(named)._asdict(), speakers=frozenset(filter(None, [speaker])), events=events)
        for named, speaker, events in rows
        if named or speaker
    )
