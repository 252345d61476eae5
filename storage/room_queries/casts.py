"""Who took part in the events of some days: a few thousand casts come again and again, and are read and reckoned with once.

Databases count what is different in a column slowly, and each party and role would want a count of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, String, func, select

from storage.queries import sure
from storage.tables import EventActorRow, EventRow


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
    role = func.substr(EventActorRow.role, 1, 1, type_=String)
    told = (
        select(func.aggregate_strings(role + EventActorRow.code, " ").label("named"))
        .select_from(EventRow)
        .join(EventActorRow, EventActorRow.event_id == EventRow.id)
        .where(*those)
        # By the day first, as their index has them: then they need not be sorted.
        .group_by(EventRow.day, EventRow.id)
    )
    if most is not None:
        latest = select(EventRow.id).where(*those).order_by(EventRow.day.desc(), EventRow.id.desc()).limit(most)
        told = told.where(EventRow.id.in_(latest))
    each = told.subquery()
    return tuple(_cast(*row) for row in connection.execute(select(each.c.named, func.count()).group_by(each.c.named)))


def _cast(named: str, count: int) -> Cast:
    roles: dict[str, set[str]] = {"a": set(), "r": set(), "s": set()}
    for each in named.split():
        roles[each[0]].add(each[1:])
    return Cast(
        actors=frozenset(roles["a"]), recipients=frozenset(roles["r"]), speakers=frozenset(roles["s"]), events=count
    )
