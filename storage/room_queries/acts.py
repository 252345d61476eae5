"""Acts as lines of a list: which are asked for, in what order, and how many are left out as less certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, case, exists, false, func, or_, select

from extractors.model import Actor
from extractors.ontology import DOUBTED, EventType, Status
from extractors.stories.states import ENDED, State
from storage import coding, deeds, pairs
from storage.queries import sure, takes_part
from storage.statements import among
from storage.tables import (
    ActRow,
    ArticleRow,
    CorrectionRow,
    EventActorRow,
    EventRow,
    MeetingChangeRow,
    MeetingRow,
    PairRow,
    VersionRow,
)
from storage.tracking import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """An act in a list: as the surest of the reports that were asked for tells it, and how many tell it.

    `reports` counts articles, `copies` those of them that copy another, `houses` the publishers with a report of their own.
    """

    uid: str
    type: EventType
    mode: str
    status: Status
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...]
    speaker: Actor | None
    day: date | None
    day_last: date | None
    place: str
    event: str
    """the uid of the event that it is told by"""
    quote: str
    score: float
    confidence: float
    """of that report"""
    reviewed: bool
    """a reviewer confirmed or changed some report: that is sure, whatever the machine said"""
    article_id: int
    publisher: str
    created_at: datetime
    """when the archive first heard of it"""
    updated_at: datetime
    told_at: datetime | None
    """what the latest report calls its time: the publisher's stand, or when it was published"""
    reports: int
    copies: int
    houses: int
    became: str = ""
    """what became of an announced meeting since the report that the act is shown by: moved (to another day), cancelled or held"""

    def surer_than(self, least: float) -> bool:
        return self.reviewed or self.confidence >= least


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFilter:
    """Which acts are asked for; whatever is empty does not limit. Days are inclusive."""

    types: Sequence[str] = ()
    statuses: Sequence[str] = ()
    party: str = ""
    other: str = ""
    since: date | None = None
    until: date | None = None
    uids: Sequence[str] = ()
    min_confidence: float = 0.0
    """of some report that fits in all else; what a reviewer confirmed is sure"""
    deeds: bool = False
    """only what `deeds.tension` counts, and on the days on which it does"""
    between: bool = False
    """only what the series of the dyad of `party` and `other` counts: what one does to the other, and both together"""
    directed: bool = False
    """only what `party` does to `other`: the one acts, the other is acted upon"""
    news_since: datetime | None = None
    """only acts that something was learned of at or after this time"""
    by_day: bool = False
    """in the order of the acts' own days, the latest first, instead of what was last learned of"""

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that are asked for; EVER where none is."""
        return self.since or date.min, self.until or date.max


EVER = date.min, date.max


def act_lines(connection: Connection, wanted: ActFilter = ActFilter(), *, limit: int = 30) -> tuple[ActLine, ...]:
    """Acts that something was last learned of, newest first. Acts that nobody believes in any more are left out."""
    return _lines(connection, connection.execute(_listed(connection, wanted).limit(limit)).all(), wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActList:
    """A stretch of a list of acts. `unsure` is how many it leaves out for their confidence alone, between those it holds.

    The stretches of a list together leave out what the whole list does.
    """

    lines: tuple[ActLine, ...]
    more: bool
    unsure: int


def act_list(connection: Connection, wanted: ActFilter, *, limit: int, offset: int = 0) -> ActList:
    """Acts as `act_lines` has them, with the number of those left out."""
    before = min(offset, 1)  # where the stretch before ended
    asked = _listed(connection, wanted).limit(before + limit + 1).offset(offset - before)
    rows = connection.execute(asked).all()
    shown = rows[before : before + limit]
    more = len(rows) > before + limit
    unsure = 0
    if wanted.min_confidence > 0 and (shown or not offset):  # past the end the stretch before has counted the rest
        left_out = _listed(connection, replace(wanted, min_confidence=0.0), but=wanted).order_by(None)
        if before and rows:
            left_out = left_out.where(_after(wanted, rows[0]))
        if more:
            left_out = left_out.where(~_after(wanted, shown[-1]), *_as_late_as(wanted, shown[-1]))
        unsure = connection.scalar(select(func.count()).select_from(left_out.subquery())) or 0
    return ActList(lines=_lines(connection, shown, wanted), more=more, unsure=unsure)


def act_count(connection: Connection, wanted: ActFilter) -> int:
    """How many acts `act_list` has in all. Ask it of a period: only the reports of its days are looked at, by an index."""
    of_days = select(EventRow.act_id).where(EventRow.day.between(*wanted.days))
    asked = _listed(connection, wanted).order_by(None).where(ActRow.id.in_(of_days))
    return connection.scalar(select(func.count()).select_from(asked.subquery())) or 0


def _listed(connection: Connection, wanted: ActFilter, *, but: ActFilter | None = None) -> Any:
    """The acts in their order; `but` leaves out what another filter would let through."""
    order: tuple[Any, ...] = (ActRow.day_last.desc().nulls_last(), ActRow.id.desc())
    if not wanted.by_day:
        order = (ActRow.updated_at.desc(), ActRow.id.desc())
    asked: Any = (
        select(ActRow.id, ActRow.uid, ActRow.created_at, ActRow.updated_at, ActRow.day_last)
        .where(ActRow.merged_into.is_(None), _told(wanted))
        .order_by(*order)
    )
    if (rare := _rare_acts(connection, wanted)) is not None:
        asked = asked.where(among(connection, ActRow.id, rare))
    if wanted.uids:
        asked = asked.where(ActRow.uid.in_(wanted.uids))
    if wanted.news_since is not None:
        asked = asked.where(ActRow.updated_at >= wanted.news_since)
    return asked if but is None else asked.where(~_told(but))


def _as_late_as(wanted: ActFilter, row: Any) -> list[Any]:
    """What follows from not coming after an act, said so that an index leads to it."""
    if not wanted.by_day:
        return [ActRow.updated_at >= row.updated_at]
    return [ActRow.day_last >= row.day_last] if row.day_last is not None else []


def _after(wanted: ActFilter, row: Any) -> Any:
    """The condition that an act comes after another one in the list."""
    if not wanted.by_day:
        return or_(ActRow.updated_at < row.updated_at, and_(ActRow.updated_at == row.updated_at, ActRow.id < row.id))
    undated = ActRow.day_last.is_(None)
    if row.day_last is None:
        return and_(undated, ActRow.id < row.id)
    # Coalesced, so that its negation is true and not unknown for acts without a day.
    earlier = func.coalesce(ActRow.day_last < row.day_last, false())
    same_day = func.coalesce(ActRow.day_last == row.day_last, false())
    return or_(undated, earlier, and_(same_day, ActRow.id < row.id))


FEW = 3000
"""Reports of a party or a pair up to which its acts are named, instead of looking for them among all acts."""


def _rare_acts(connection: Connection, wanted: ActFilter) -> list[int] | None:
    """The acts of a party or a pair that is seldom told of; None where it often is, or none is asked for."""
    codes = sorted({*filter(None, (wanted.party, wanted.other))})
    if not codes:
        return None
    acts: Any
    if len(codes) > 1:
        acts = select(PairRow.act_id).where(PairRow.one == codes[0], PairRow.other == codes[1])
    else:
        # Each event once: who says what they themselves do stands in it twice, and cut off it would seem to be all.
        who = select(EventActorRow.event_id).where(EventActorRow.code == codes[0]).distinct().limit(FEW)
        acts = select(EventRow.act_id).where(EventRow.id.in_(who))
    found = connection.scalars(acts.limit(FEW)).all()
    return None if len(found) >= FEW else sorted({act for act in found if act is not None})


def merged_into(connection: Connection, uid: str) -> tuple[tuple[str, str], ...]:
    """The acts that were merged into this one, as (uid, reason)."""
    asked = select(ActRow.uid, ActRow.merge_reason).where(ActRow.merged_into == uid).order_by(ActRow.id)
    return tuple((row.uid, row.merge_reason or "") for row in connection.execute(asked))


def _told(wanted: ActFilter) -> Any:
    """Some report of the act, in its coding of today, is what was asked for."""
    told = exists().where(EventRow.act_id == ActRow.id, EventRow.known_to.is_(None), *_fitting(wanted))
    return and_(told, *deeds.counted_within(*wanted.days)) if wanted.deeds and wanted.days != EVER else told


def _fitting(wanted: ActFilter) -> list[Any]:
    """That a report is what was asked for. A deed's may be of any day: whatever report tells it, it counts on one."""
    # Not the act's own parties: a report may name more, and a reviewer others.
    conditions = _sides(wanted)
    conditions += _kind_and_days(replace(wanted, since=None, until=None) if wanted.deeds else wanted)
    if wanted.between:
        conditions += _dealings(wanted)
    if wanted.min_confidence > 0:
        conditions.append(sure(wanted.min_confidence))
    if wanted.deeds:
        conditions += deeds.conditions(EventRow)
    return conditions


def _sides(wanted: ActFilter) -> list[Any]:
    """That a report names the parties that were asked for, each where it was asked for."""
    if not wanted.directed:
        return [takes_part(party) for party in filter(None, (wanted.party, wanted.other))]
    sides = ((wanted.party, ["actor"]), (wanted.other, ["recipient"]))
    return [takes_part(party, roles=roles) for party, roles in sides if party]


def _kind_and_days(wanted: ActFilter) -> list[Any]:
    """That a report is of a kind and status, and of days, that were asked for."""
    conditions = []
    if wanted.types:
        conditions.append(EventRow.type.in_([str(each) for each in wanted.types]))
    if wanted.statuses:
        conditions.append(EventRow.status.in_([str(each) for each in wanted.statuses]))
    return conditions if wanted.days == EVER else [*conditions, EventRow.day.between(*wanted.days)]


def _dealings(wanted: ActFilter) -> list[Any]:
    one, other = pairs.between(wanted.party, wanted.other)
    rows = exists().where(
        PairRow.one == one,
        PairRow.other == other,
        PairRow.event_id == EventRow.id,
        PairRow.way.bitwise_and(pairs.DEALINGS) != 0,
    )
    return [rows, EventRow.status != Status.HISTORICAL.value]


def _lines(connection: Connection, acts: Sequence[Any], wanted: ActFilter) -> tuple[ActLine, ...]:
    ids = [act.id for act in acts]
    counted = {row.act_id: row for row in connection.execute(_counts(ids))}
    lead_of = _leads(connection, ids, wanted)
    leads = list(lead_of.values())
    rows = {
        row.id: row
        for row in connection.execute(
            select(EventRow.__table__, ArticleRow.publisher)
            .join(ArticleRow, ArticleRow.id == EventRow.article_id)
            .where(EventRow.id.in_(leads))
        )
    }
    roles = coding.roles_of(connection, leads)
    lines = tuple(
        _line(act, counted[act.id], rows[lead_of[act.id]], roles[lead_of[act.id]]) for act in acts if act.id in counted
    )
    if wanted.deeds:
        lines = _as_counted(connection, lines, acts)
    plans = [line.event for line in lines if line.type is EventType.CONSULT and line.status is Status.PLANNED]
    became = _became(connection, plans) if plans else {}
    return tuple(replace(line, became=became.get(line.event, "")) for line in lines)


def _as_counted(connection: Connection, lines: Sequence[ActLine], acts: Sequence[Any]) -> tuple[ActLine, ...]:
    """Deeds with the days on which they count: the surest report of one need not be the one that dates it best."""
    days = deeds.days_of(connection, [act.id for act in acts])
    named = {act.uid: days[act.id] for act in acts if act.id in days}
    return tuple(replace(line, day=named[line.uid][0], day_last=named[line.uid][1]) for line in lines)


def _became(connection: Connection, plans: Sequence[str]) -> dict[str, str]:
    """Of events that announce meetings those whose meeting was held or called off, or is on another day by now, and which."""
    step, row = MeetingChangeRow, MeetingRow
    ended = row.state.in_(sorted(ENDED))
    moved = or_(step.day_last < row.day_first, step.day_first > row.day_last)
    asked = (
        select(step.event_uid, case((ended, row.state), else_=State.MOVED.value).label("became"))
        .join(row, row.id == step.meeting_id)
        .where(among(connection, step.event_uid, plans), or_(ended, moved))
    )
    return {row.event_uid: row.became for row in connection.execute(asked)}


def _leads(connection: Connection, ids: Sequence[int], wanted: ActFilter) -> dict[int, int]:
    """The report that each act is shown by: of those that are what was asked for a reviewer's word, else the surest, the first
    of equals. Of a deed first those of the days asked for, where any of them is."""
    fitting = [_fitting(wanted)]
    if wanted.deeds and wanted.days != EVER:
        fitting.append([EventRow.day.between(*wanted.days)])
    # All of the conditions as one: a report that has half of them is not what was asked for.
    best = [case((and_(*conditions), 1), else_=0) for conditions in fitting if conditions]
    asked = (
        select(EventRow.act_id, EventRow.id)
        .where(EventRow.act_id.in_(ids), EventRow.known_to.is_(None))
        # The last one read stays.
        .order_by(*best, EventRow.correction_id.is_not(None), EventRow.confidence, EventRow.id.desc())
    )
    return {row.act_id: row.id for row in connection.execute(asked)}


def _counts(ids: Sequence[int]) -> Any:
    copied = EventRow.copied.is_(True)
    return (
        select(
            EventRow.act_id,
            func.max(func.coalesce(VersionRow.stand, VersionRow.published_at)).label("told_at"),
            func.count(EventRow.correction_id).label("reviewed"),
            func.count(EventRow.article_id.distinct()).label("reports"),
            func.count(case((copied, EventRow.article_id)).distinct()).label("copies"),
            func.count(case((~copied, ArticleRow.publisher)).distinct()).label("houses"),
        )
        .join(ArticleRow, ArticleRow.id == EventRow.article_id)
        .join(VersionRow, VersionRow.id == EventRow.version_id)
        .where(EventRow.act_id.in_(ids), EventRow.known_to.is_(None))
        .group_by(EventRow.act_id)
    )


def _line(act: Any, counted: Any, row: Any, roles: Any) -> ActLine:
    event = coding.event_of(row, roles, "")
    return ActLine(
        uid=act.uid,
        type=event.type,
        mode=event.mode,
        status=event.status,
        actors=event.actors,
        recipients=event.recipients,
        speaker=event.speaker,
        day=row.day,
        day_last=event.when.last if event.when else row.day,
        place=event.place.name if event.place else "",
        event=row.uid,
        quote=event.evidence.quote,
        score=row.score,
        confidence=row.confidence,
        reviewed=counted.reviewed > 0,
        article_id=row.article_id,
        publisher=row.publisher,
        created_at=act.created_at,
        updated_at=act.updated_at,
        told_at=counted.told_at,
        reports=counted.reports,
        copies=counted.copies,
        houses=counted.houses,
    )


def sure_steps(connection: Connection, told: Iterable[tuple[object, Sequence[Change]]]) -> dict[str, float]:
    """How sure the events are that the steps of meetings or demands come of, by uid: what a reviewer confirmed is sure, what one
    rejected, or read as something else, is nothing.

    Of an event that a recode reads differently, what was last said of it. Unknown ones are left out.
    """
    uids = [change.event for _, changes in told for change in changes]
    row = EventRow
    said = CorrectionRow.verdict, CorrectionRow.changed
    asked = (
        select(row.uid, row.type, row.status, row.confidence, row.ended_by, *said)
        .join(
            CorrectionRow,
            and_(CorrectionRow.id == row.correction_id, CorrectionRow.withdrawn_at.is_(None)),
            isouter=True,
        )
        .where(among(connection, row.uid, uids))
        .order_by(row.id)
    )
    return {each.uid: _surety(each) for each in connection.execute(asked)}


def _surety(row: Any) -> float:
    """How sure an event is, with what a reviewer said of it."""
    if row.verdict is None:
        return float(row.confidence)
    if row.ended_by != "correction":  # confirmed, or the reviewer's own word
        return 1.0
    return float(row.verdict == "changed" and _says_the_same(row, row.changed))


def _says_the_same(row: Any, changed: Mapping[str, Any]) -> bool:
    """Whether a reviewer's coding is of the kind that the machine's was, and no more and no less denied."""
    doubted = [status in DOUBTED for status in (row.status, changed["status"])]
    return bool(row.type == changed["type"] and doubted[0] == doubted[1])
