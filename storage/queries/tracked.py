"""What is followed through articles: acts, announced meetings, demands, stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select

from extractors.stories.meetings import late
from extractors.stories.states import AWAITED, State
from storage import search
from storage.queries.selecting import StoredEvent, all_events, stored_events, takes_part
from storage.statements import among, named_rows, record
from storage.tables import (
    ActRow,
    ArticleRow,
    CorrectionRow,
    DemandChangeRow,
    DemandRow,
    EventRow,
    MeetingChangeRow,
    MeetingRow,
)
from storage.tracking import Change, Demand, Meeting, Story, memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What several articles report. `houses` counts publishers whose report is no copy."""

    uid: str
    type: str
    mode: str
    status: str
    title: str
    parties: tuple[str, ...]
    day_first: date | None
    day_last: date | None
    place: str
    created_at: datetime
    updated_at: datetime
    merged_into: str
    merge_reason: str
    reports: int = 0
    houses: int = 0
    detail: Mapping[str, Any] = field(default_factory=dict)


def acts(connection: Connection, *, party: str = "", limit: int = 100) -> tuple[Act, ...]:
    """Acts by when something was last learned of them, newest first; none that was merged, or that nobody believes in."""
    told = exists().where(EventRow.act_id == ActRow.id, EventRow.known_to.is_(None))
    asked = select(ActRow.__table__).where(
        ActRow.merged_into.is_(None), told.where(takes_part(party)) if party else told
    )
    asked = asked.order_by(ActRow.updated_at.desc(), ActRow.id.desc()).limit(limit)
    return _acts(connection, connection.execute(asked).all())


def act(connection: Connection, uid: str) -> Act | None:
    """An act by its uid; a merged one says in `merged_into` where it went."""
    found = _acts(connection, connection.execute(select(ActRow.__table__).where(ActRow.uid == uid)).all())
    return found[0] if found else None


def acts_opened(connection: Connection, since: datetime) -> list[tuple[str, datetime]]:
    """The uids of the acts that came up since then, and when each did, oldest first; those merged are left out."""
    asked = select(ActRow.uid, ActRow.created_at).where(ActRow.created_at >= since, ActRow.merged_into.is_(None))
    return [(row.uid, row.created_at) for row in connection.execute(asked.order_by(ActRow.created_at, ActRow.id))]


def reports(connection: Connection, uid: str) -> tuple[StoredEvent, ...]:
    """The events by which articles report an act, oldest first."""
    rows = connection.execute(
        all_events().where(ActRow.uid == uid, EventRow.known_to.is_(None)).order_by(EventRow.known_from, EventRow.id)
    ).all()
    return stored_events(connection, rows)


def reviewed_at(connection: Connection, uids: Sequence[str]) -> dict[str, datetime]:
    """When a reviewer last said something of an act, or took it back, by uid; others are left out."""
    said = func.max(func.coalesce(CorrectionRow.withdrawn_at, CorrectionRow.at))
    asked = (
        select(ActRow.uid, said)
        .join(EventRow, EventRow.act_id == ActRow.id)
        .join(CorrectionRow, CorrectionRow.id == EventRow.correction_id)
        .where(among(connection, ActRow.uid, uids))
        .group_by(ActRow.uid)
    )
    return {row[0]: row[1] for row in connection.execute(asked)}


def last_reports(connection: Connection, uid: str) -> tuple[StoredEvent, ...]:
    """The events by which each article reported an act when it last did, oldest first, also where nothing of it is believed now."""
    told = all_events().where(ActRow.uid == uid, EventRow.known_to.is_not(None))
    rows = connection.execute(told.order_by(EventRow.known_from, EventRow.id)).all()
    ended: dict[int, datetime] = {}
    for row in rows:
        ended[row.article_id] = max(ended.get(row.article_id, row.known_to), row.known_to)
    return stored_events(connection, [row for row in rows if row.known_to == ended[row.article_id]])


def _acts(connection: Connection, rows: Sequence[Any]) -> tuple[Act, ...]:
    ids = [row.id for row in rows]
    own = and_(EventRow.copied.is_(False), EventRow.known_to.is_(None))
    counted = {
        row.act_id: row
        for row in connection.execute(
            select(
                EventRow.act_id,
                func.count(EventRow.article_id.distinct()).label("reports"),
                func.count(ArticleRow.publisher.distinct()).filter(own).label("houses"),
            )
            .join(ArticleRow, ArticleRow.id == EventRow.article_id)
            .where(EventRow.act_id.in_(ids), EventRow.known_to.is_(None))
            .group_by(EventRow.act_id)
        )
    }
    return tuple(
        record(
            Act,
            row,
            parties=tuple(row.parties.split()),
            merged_into=row.merged_into or "",
            merge_reason=row.merge_reason or "",
            reports=counted[row.id].reports if row.id in counted else 0,
            houses=counted[row.id].houses if row.id in counted else 0,
            detail=memory(row) or {},
        )
        for row in rows
    )


def meetings(
    connection: Connection,
    *,
    since: date | None = None,
    until: date | None = None,
    states: Sequence[str] = (),
    party: str = "",
    told_by: Sequence[str] | None = None,
    merged: bool = False,
    limit: int | None = None,
    now: datetime | None = None,
) -> tuple[Meeting, ...]:
    """Meetings in the order of their days, all of them; those without a day come last.

    With `told_by` those that a step of one of these events belongs to.
    With `merged` also those that turned out to be another: a calendar that was subscribed to has them.
    With `now` those whose day has passed without a report are overdue, also before the nightly flow has noted it.
    """
    asked = select(MeetingRow.__table__)
    if not merged:
        asked = asked.where(MeetingRow.merged_into.is_(None))
    if since is not None:
        asked = asked.where(or_(MeetingRow.day_last >= since, MeetingRow.day_last.is_(None)))
    if until is not None:
        asked = asked.where(MeetingRow.day_first <= until)
    if states:
        awaited = AWAITED if now is not None and State.OVERDUE in states else ()
        asked = asked.where(MeetingRow.state.in_({*states, *awaited}))
    if party:
        asked = asked.where(_named_in(MeetingRow.parties, party))
    if told_by is not None:
        step = MeetingChangeRow
        asked = asked.where(
            MeetingRow.id.in_(select(step.meeting_id).where(among(connection, step.event_uid, told_by)))
        )
    asked = asked.order_by(MeetingRow.day_first.asc().nulls_last(), MeetingRow.id).limit(limit)
    found = (_meeting(row, now) for row in named_rows(connection.execute(asked).all()))
    return tuple(each for each in found if not states or each.state in states)


def _meeting(row: Any, now: datetime | None) -> Meeting:
    return record(
        Meeting,
        row,
        state=State.OVERDUE.value if now is not None and late(row.state, row.day_last, now) else row.state,
        parties=tuple(row.parties.split()),
        merged_into=row.merged_into or "",
        detail=row.detail or {},
    )


def with_changes(connection: Connection, meetings: Sequence[Meeting]) -> tuple[tuple[Meeting, tuple[Change, ...]], ...]:
    """Meetings, each with its steps, oldest first."""
    told: dict[str, list[Change]] = defaultdict(list)
    row = MeetingChangeRow
    asked = (
        select(row.__table__, MeetingRow.uid)
        .join(MeetingRow, MeetingRow.id == row.meeting_id)
        .where(among(connection, MeetingRow.uid, [meeting.uid for meeting in meetings]))
        .order_by(row.at, row.id)
    )
    for each in named_rows(connection.execute(asked).all()):
        told[each.uid].append(_step_of_meeting(each))
    return tuple((meeting, tuple(told[meeting.uid])) for meeting in meetings)


def _step_of_meeting(row: Any) -> Change:
    return record(Change, row, event=row.event_uid, by="")


def _step_of_demand(row: Any) -> Change:
    return record(Change, row, day_first=row.day, event=row.event_uid, day_last=None, place="")


def demands(
    connection: Connection,
    *,
    party: str = "",
    other: str = "",
    by: str = "",
    to: str = "",
    states: Sequence[str] = (),
    since: datetime | None = None,
    before: datetime | None = None,
    words: str = "",
    told_by: Sequence[str] | None = None,
    limit: int = 200,
    offset: int = 0,
) -> tuple[tuple[Demand, tuple[Change, ...]], ...]:
    """Demands with the answers to them, the last changed first.

    `party` and `other` stand on either side, `by` demands, `to` is asked. `since` and `before` ask for those that were made, made
    again or answered in that time, `words` (as people search) for those in whose sentences these stand, `told_by` for those that
    one of these events tells of.
    """
    asked = select(DemandRow.__table__).where(DemandRow.merged_into.is_(None))
    asked = asked.order_by(DemandRow.updated_at.desc(), DemandRow.id.desc())
    if states:
        asked = asked.where(DemandRow.state.in_(states))
    either = DemandRow.demanders + " " + DemandRow.addressees
    sides = ((either, party), (either, other), (DemandRow.demanders, by), (DemandRow.addressees, to))
    asked = asked.where(*(_named_in(side, code) for side, code in sides if code))
    step = DemandChangeRow
    steps = [step.at >= since] if since is not None else []
    steps += [step.at < before] if before is not None else []
    steps += [among(connection, step.event_uid, told_by)] if told_by is not None else []
    if steps:
        asked = asked.where(DemandRow.id.in_(select(step.demand_id).where(*steps)))
    if words:
        ids = connection.scalars(asked.with_only_columns(DemandRow.id)).all()
        holding = islice(_that_say(connection, ids, words), offset, offset + limit)
        asked = asked.where(among(connection, DemandRow.id, list(holding)))
    else:
        asked = asked.limit(limit).offset(offset)
    rows = connection.execute(asked).all()
    told: dict[int, list[Change]] = defaultdict(list)
    theirs = among(connection, step.demand_id, [row.id for row in rows])
    for each in connection.execute(select(step.__table__).where(theirs).order_by(step.at, step.id)):
        told[each.demand_id].append(_step_of_demand(each))
    return tuple((_demand(row), tuple(told[row.id])) for row in rows)


def _named_in(codes: Any, code: str) -> Any:
    """That a party is among codes that blanks separate."""
    return (" " + codes + " ").contains(f" {code} ", autoescape=True)


_READ = 200
"""Demands whose sentences are read at once: a question ends as soon as it has what it asked for."""


def _that_say(connection: Connection, ids: Sequence[int], words: str) -> Iterator[int]:
    """Those of the demands, in their order, in whose sentences the words stand: of the demand itself, or of what came of it."""
    query = search.understand(connection, words)
    row, step = DemandRow, DemandChangeRow
    for first in range(0, len(ids), _READ):
        some = ids[first : first + _READ]
        said: dict[int, list[str]] = defaultdict(list)
        for asked in (
            select(row.id, row.content).where(among(connection, row.id, some)),
            select(step.demand_id, step.quote).where(among(connection, step.demand_id, some)),
        ):
            for id, sentence in connection.execute(asked):
                said[id].append(sentence)
        yield from (id for id in some if search.holds("\n".join(said[id]), query))


def _demand(row: Any) -> Demand:
    return record(
        Demand,
        row,
        demanders=tuple(row.demanders.split()),
        addressees=tuple(row.addressees.split()),
        detail=row.detail or {},
    )


def story_of(row: Any) -> Story:
    return record(Story, row, detail=row.detail or {})
