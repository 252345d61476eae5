"""What the reading room's pages choose from, where to read all events of some days whole would take too long. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import starmap
from typing import NamedTuple

from sqlalchemy import Connection, exists, func, select
from sqlalchemy.orm import aliased

from extractors.ontology import Status
from storage.queries import sure
from storage.statements import among
from storage.tables import EventActorRow, EventRow


class Spoken(NamedTuple):
    """An event's sentence, without what else is known of it. `sure` as it was asked for."""

    row: int
    quote: str
    mode: str
    sure: bool


def sentences(connection: Connection, since: date, until: date, *, min_confidence: float) -> Iterator[Spoken]:
    """The sentences of all events of these days, in no order: to choose from, where the events would be too many.

    Not of what is history: that was not said of now.
    """
    asked = select(
        EventRow.id, EventRow.quote, func.coalesce(EventRow.mode, ""), sure(min_confidence).label("sure")
    ).where(
        EventRow.known_to.is_(None),
        EventRow.day.between(since, until),
        EventRow.status != Status.HISTORICAL.value,
    )
    return starmap(Spoken, connection.execute(asked).all())  # row by row would take twice as long


def retold(connection: Connection, rows: Sequence[int]) -> list[int]:
    """Of these events those whose act another of them tells too."""
    asked = select(EventRow.id, EventRow.act_id, EventRow.uid).where(among(connection, EventRow.id, rows))
    acts = {id: uid if act is None else act for id, act, uid in connection.execute(asked).all()}
    times = Counter(acts.values())
    return [row for row in rows if times[acts[row]] > 1]


def dealings(connection: Connection, rows: Sequence[int]) -> list[int]:
    """Of these events those that two parties have a part in, and that copy nobody."""
    one, other = aliased(EventActorRow), aliased(EventActorRow)
    two = exists().where(
        one.event_id == EventRow.id,
        other.event_id == EventRow.id,
        one.code < other.code,
        one.role != "speaker",
        other.role != "speaker",
    )
    asked = select(EventRow.id).where(among(connection, EventRow.id, rows), EventRow.copied.is_(False), two)
    return list(connection.scalars(asked).all())
