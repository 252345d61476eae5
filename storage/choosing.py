"""Short forms of events for the reading room's pages to choose from: to read all of some days whole takes too long.

Reads only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, exists, func, null, select
from sqlalchemy.orm import aliased

from extractors.model import Event
from extractors.ontology import Status
from storage import coding
from storage.queries import sure
from storage.statements import among, named_rows, table
from storage.tables import ActRow, EventActorRow, EventRow, VersionRow


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


class Gist(NamedTuple):
    """An event with only what pages count: `event` has neither when nor where. Fields are named as in `StoredEvent`."""

    row: int
    uid: str
    act: str
    day: date | None
    event: Event
    article_id: int
    published_at: datetime | None
    stand: datetime | None
    copied: bool
    reviewed: bool


def gists(connection: Connection, rows: Sequence[int]) -> tuple[Gist, ...]:
    """The events with these numbers, newest first.

    Pages count thousands of them and show a hundred: to read them whole would take twice the time.
    """
    version = table(VersionRow).c
    times = _gists(connection, rows).add_columns(version.published_at, version.stand)
    return _read(connection, times.join(VersionRow, version.id == EventRow.version_id))


def _gists(connection: Connection, rows: Sequence[int]) -> Select[Any]:
    row = table(EventRow).c
    return (
        select(
            *(row.id, row.uid, row.type, row.mode, row.status, row.day, row.start, row.end, row.quote, row.rule),
            *(row.confidence, row.correction_id, row.copied, row.article_id, ActRow.uid.label("act")),
        )
        .join(ActRow, ActRow.id == row.act_id, isouter=True)
        .where(among(connection, row.id, rows))
        .order_by(row.id.desc())
    )


def _read(connection: Connection, asked: Select[Any]) -> tuple[Gist, ...]:
    found = named_rows(connection.execute(asked).all())
    roles = coding.roles_of(connection, [each.id for each in found])
    return tuple(
        Gist(
            row=each.id,
            uid=each.uid,
            act=each.act or "",
            day=each.day,
            event=coding.gist_of(each, roles[each.id]),
            article_id=each.article_id,
            published_at=each.published_at,
            stand=each.stand,
            copied=each.copied,
            reviewed=each.correction_id is not None,
        )
        for each in found
    )


def retold(connection: Connection, rows: Sequence[int]) -> tuple[Gist, ...]:
    """Those of these events whose act another of them tells, too."""
    asked = select(EventRow.id, EventRow.act_id, EventRow.uid).where(among(connection, EventRow.id, rows))
    acts = {id: uid if act is None else act for id, act, uid in connection.execute(asked).all()}
    times = Counter(acts.values())
    return gists(connection, [row for row in rows if times[acts[row]] > 1])


def dealings(connection: Connection, rows: Sequence[int]) -> tuple[Gist, ...]:
    """Those of these events that have two parties and are no copies; without the times at which they were told."""
    one, other = aliased(EventActorRow), aliased(EventActorRow)
    two = exists().where(
        one.event_id == EventRow.id,
        other.event_id == EventRow.id,
        one.code < other.code,
        one.role != "speaker",
        other.role != "speaker",
    )
    untimed = null().label("published_at"), null().label("stand")
    return _read(connection, _gists(connection, rows).add_columns(*untimed).where(EventRow.copied.is_(False), two))
