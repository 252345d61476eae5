"""What the archive remembers that an article may mean: its acts, meetings, demands and stories near the article in time.

What the pure logic must remember of each lies in the row's `detail`, as JSON of its dataclass; of acts, which are many, it
lies packed in `memory`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, Table, Text, bindparam, case, cast, null, or_, select

from extractors.model import Event
from extractors.stories import acts, demands, matters, meetings, restating
from extractors.stories.acts import ArticleRef, Redirect
from extractors.stories.states import AWAITED
from storage import packing, tracking
from storage.archive import Archive
from storage.statements import prepared, table
from storage.tables import ActRow, DemandRow, MeetingRow, StoryArticleRow, StoryRow

MOST_CANDIDATES = 400
MEETING_DAYS = 120
DEMAND_DAYS = 120


def known_acts(connection: Connection, events: Sequence[Event], ref: ArticleRef) -> dict[str, acts.Act]:
    asked = [acts.candidates(event, ref) for event in events]
    parties = frozenset().union(*(codes for codes, _ in asked))
    stretches = _apart(days for _, some in asked for days in some)
    told = (connection.execute(_acts_near(connection), {"first": first, "last": last}) for first, last in stretches)
    each = {row.id: row for some in told for row in some}
    near = _nearest(each.values(), parties, _days_told(events, ref))
    rows = connection.execute(_acts_numbered(connection), {"those": near})
    found = acts.of_their_matters(events, (_act(row.memory or row.detail) for row in rows))
    return {act.id: act for act in found}


def standing_acts(connection: Connection, events: Iterable[Event], ref: ArticleRef) -> list[acts.Act]:
    """Acts that the events may only repeat, and acts by which these were met or carried out."""
    speaking = [event for event in events if restating.types_asked(event)]
    if not speaking:
        return []
    told, kinds = ref.told_at.date(), frozenset().union(*map(restating.types_asked, speaking))
    asked = {"kinds": sorted(kinds), "first": told - restating.SILENT, "last": told}
    rows = connection.execute(_acts_said(connection), asked)
    near = [row for row in rows if any(restating.both_sides(row.parties.split(), event) for event in speaking)]
    those = {"those": _nearest(near, frozenset(), {told})}
    return [_act(row.memory or row.detail) for row in connection.execute(_acts_numbered(connection), those)]


def _apart(stretches: Iterable[acts.Days]) -> list[acts.Days]:
    """The same days, each once. What lies between stays between: who looks back on 2014 asks for no act of the years since."""
    joined: list[acts.Days] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def _days_told(events: Iterable[Event], ref: ArticleRef) -> frozenset[date]:
    """The day of a report, and the first and last days that its events name."""
    named = [event.when for event in events if event.when]
    return frozenset({ref.told_at.date(), *(when.first for when in named), *(when.last for when in named)})


def _nearest(rows: Iterable[Any], parties: frozenset[str], days: Iterable[date]) -> list[int]:
    """The numbers of those that share a party (any, if none is asked for), at most MOST_CANDIDATES: the nearest to one of
    the days, and not the newest. To a recode everything since then is newer than what the article may mean.

    Of those as near the last changed: ordered by the database, SQLite would walk over all that there are, by when they
    changed, for the few of these days.
    """

    def apart(row: Any) -> int:
        first: date = row.day_first or row.created_at.date()
        last: date = row.day_last or row.updated_at.date()
        return min(max(0, (first - day).days, (day - last).days) for day in days)

    shared = [row for row in rows if not parties or not row.parties or not parties.isdisjoint(row.parties.split())]
    shared.sort(key=lambda row: (row.updated_at, row.id), reverse=True)
    return [row.id for row in sorted(shared, key=apart)[:MOST_CANDIDATES]]


def opened_before(connection: Connection, events: Sequence[Event], ref: ArticleRef) -> frozenset[str]:
    """The uids, of those that the events would give, of acts that the archive has: mostly none, and then no act is asked for."""
    return frozenset(
        connection.scalars(_uids_known(connection), {"those": [acts.mint(event, ref) for event in events]})
    )


def act_of_before(
    archive: Archive,
    minted: str,
    merges: Sequence[Redirect],
    known: Mapping[str, acts.Act],
    before: Collection[str],
) -> acts.Act | None:
    """The act that an earlier version of the article opened by this very sentence, as it is today; `before`: `opened_before`.

    It may be missing in `known`: this version may be a month younger, and a recode has more acts near it than are asked
    for.
    """
    uid = acts.follow(archive.tracking.act_of(minted) if minted in before else minted, merges)
    if uid in known or minted not in before:
        return known.get(uid)
    row = archive.connection.execute(_act_called(archive.connection), {"called": uid}).one_or_none()
    kept = None if row is None else row.memory or row.detail
    return None if kept is None else _act(kept)


def marks_of(connection: Connection, known: Iterable[acts.Act]) -> Mapping[str, Sequence[int]]:
    """The fingerprints of the acts' reports by article: the archive keeps each once, and not with the acts."""
    keys = {report.article for act in known for report in act.reports if not report.fingerprint}
    return tracking.marks_of(connection, sorted(keys))


def known_meetings(connection: Connection, events: Sequence[Event], ref: ArticleRef) -> dict[str, meetings.Meeting]:
    """The meetings that events may mean, or be what came of."""
    told = _days_told(events, ref)
    reach = timedelta(days=MEETING_DAYS)
    rows = connection.execute(_meetings_near(connection), {"first": min(told) - reach, "last": max(told) + reach})
    # Who meets may be unsaid; then all are asked.
    named = all(event.parties for event in events)
    parties = frozenset().union(*(event.parties for event in events)) if named else frozenset()
    found = connection.scalars(_meetings_numbered(connection), {"those": _nearest(rows, parties, told)})
    return {meeting.uid: meeting for meeting in map(_meeting, found)}


def meeting_of_before(archive: Archive, minted: str) -> meetings.Meeting | None:
    """The meeting that an earlier version of the article announced by this very sentence, as it stands."""
    asked = {"called": archive.tracking.meeting_of(minted)}
    kept = archive.connection.scalar(_meeting_called(archive.connection), asked)
    return None if kept is None else _meeting(kept)


def passed_meetings(connection: Connection, today: date) -> Iterable[meetings.Meeting]:
    """The meetings of which a report is still to come although their last day is over."""
    return map(_meeting, connection.scalars(_meetings_passed(connection), {"today": today}).all())


def recent_meetings(connection: Connection, now: datetime) -> dict[str, meetings.Meeting]:
    """The meetings that are coming, or were of late; those that were spoken of last."""
    since = (now - timedelta(days=MEETING_DAYS)).date()
    lately = connection.scalars(_meetings_since(connection), {"since": since}).all()
    return {meeting.uid: meeting for meeting in map(_meeting, lately)}


def known_demands(connection: Connection, events: Sequence[Event], ref: ArticleRef) -> dict[str, demands.Demand]:
    """The demands that events may speak of, and those that an earlier version of the article opened by these sentences."""
    reach = timedelta(days=DEMAND_DAYS)
    rows = connection.execute(_demands_near(connection), {"first": ref.told_at - reach, "last": ref.told_at + reach})
    parties = frozenset().union(*(event.parties for event in events))
    asked = {
        "those": _nearest(rows, parties, {ref.told_at.date()}),
        "opened": [demands.uid_of(event, ref) for event in events],
    }
    found = connection.scalars(_demands_numbered(connection), asked)
    return {demand.uid: demand for demand in map(_demand, found)}


def open_stories(connection: Connection, at: datetime) -> Iterable[matters.Story]:
    """The stories that were open then, of those that changed last and, where these are not all, of those nearest to it."""
    reach = timedelta(days=matters.OPEN_DAYS)
    found = connection.scalars(_stories_open(connection)).all()
    if len(found) == MOST_CANDIDATES:
        near = connection.scalars(_stories_near(connection), {"at": at, "since": at - reach}).all()
        found = list(dict.fromkeys((*found, *near)))
    stories = map(_story, found)
    return (story for story in stories if story.first_told - reach <= at <= story.last_told + reach)


def stories_with(connection: Connection, article_id: int) -> Iterable[matters.Story]:
    """The stories that an article belongs to."""
    return map(_story, connection.scalars(_stories_with(connection), {"article": article_id}).all())


# Statements that every article of the matter costs


@prepared
def _acts_near(_: Connection) -> Any:
    acts = table(ActRow)
    return select(*(acts.c[name] for name in _NEAR)).where(
        acts.c.merged_into.is_(None),
        or_(acts.c.memory.is_not(None), acts.c.detail.is_not(None)),
        acts.c.day_last >= bindparam("first"),
        acts.c.day_first <= bindparam("last"),
    )


@prepared
def _acts_said(connection: Connection) -> Any:
    return _acts_near(connection).where(table(ActRow).c.type.in_(bindparam("kinds", expanding=True)))


_NEAR = ("id", "parties", "day_first", "day_last", "created_at", "updated_at")
"""what tells whether something comes near an article: the rest is large"""


@prepared
def _acts_numbered(_: Connection) -> Any:
    acts = table(ActRow)
    asked = select(_as_text(acts.c.detail), acts.c.memory).where(acts.c.id.in_(bindparam("those", expanding=True)))
    return asked.order_by(acts.c.updated_at.desc())


@prepared
def _uids_known(_: Connection) -> Any:
    acts = table(ActRow)
    return select(acts.c.uid).where(acts.c.uid.in_(bindparam("those", expanding=True)))


@prepared
def _meetings_near(_: Connection) -> Any:
    known = table(MeetingRow)
    return select(*(known.c[name] for name in _NEAR)).where(
        known.c.merged_into.is_(None),
        known.c.detail.is_not(None),
        or_(known.c.day_last >= bindparam("first"), known.c.day_last.is_(None)),
        or_(known.c.day_first <= bindparam("last"), known.c.day_first.is_(None)),
    )


@prepared
def _meetings_numbered(_: Connection) -> Any:
    known = table(MeetingRow)
    asked = select(_as_text(known.c.detail)).where(known.c.id.in_(bindparam("those", expanding=True)))
    return asked.order_by(known.c.updated_at.desc())


@prepared
def _meetings_passed(_: Connection) -> Any:
    known = table(MeetingRow)
    return select(_as_text(known.c.detail)).where(
        known.c.merged_into.is_(None),
        known.c.detail.is_not(None),
        known.c.day_last < bindparam("today"),
        known.c.state.in_(AWAITED),
    )


@prepared
def _meetings_since(_: Connection) -> Any:
    known = table(MeetingRow)
    asked = select(_as_text(known.c.detail)).where(
        known.c.merged_into.is_(None),
        known.c.detail.is_not(None),
        or_(known.c.day_last >= bindparam("since"), known.c.day_last.is_(None)),
    )
    return _newest(known, asked)


@prepared
def _demands_near(_: Connection) -> Any:
    known = table(DemandRow)
    sides = (known.c.demanders + " " + known.c.addressees).label("parties")
    undated = null().label("day_first"), null().label("day_last")
    return select(known.c.id, sides, *undated, known.c.created_at, known.c.updated_at).where(
        known.c.merged_into.is_(None),
        known.c.detail.is_not(None),
        known.c.updated_at >= bindparam("first"),
        known.c.created_at <= bindparam("last"),
    )


@prepared
def _demands_numbered(_: Connection) -> Any:
    known = table(DemandRow)
    those = known.c.id.in_(bindparam("those", expanding=True))
    opened = known.c.uid.in_(bindparam("opened", expanding=True))
    asked = select(_as_text(known.c.detail)).where(
        or_(those, opened), known.c.merged_into.is_(None), known.c.detail.is_not(None)
    )
    return asked.order_by(known.c.updated_at.desc())


@prepared
def _stories_open(_: Connection) -> Any:
    known = table(StoryRow)
    alive = known.c.merged_into.is_(None), known.c.detail.is_not(None)
    return _newest(known, select(_as_text(known.c.detail)).where(*alive))


@prepared
def _stories_near(_: Connection) -> Any:
    """Those that had begun by then, the last changed first, and after them those that began next.

    Nobody tells of a story after it has changed last: one that did not change since was closed.
    """
    known = table(StoryRow)
    at = bindparam("at", type_=known.c.created_at.type)
    begun = case((known.c.created_at > at, known.c.created_at), else_=at)
    asked = select(_as_text(known.c.detail)).where(
        known.c.merged_into.is_(None), known.c.detail.is_not(None), known.c.updated_at >= bindparam("since")
    )
    return asked.order_by(begun, known.c.updated_at.desc()).limit(MOST_CANDIDATES)


@prepared
def _act_called(_: Connection) -> Any:
    acts = table(ActRow)
    return select(_as_text(acts.c.detail), acts.c.memory).where(acts.c.uid == bindparam("called"))


@prepared
def _meeting_called(_: Connection) -> Any:
    known = table(MeetingRow)
    return select(_as_text(known.c.detail)).where(known.c.uid == bindparam("called"))


@prepared
def _stories_with(_: Connection) -> Any:
    known, told = table(StoryRow), table(StoryArticleRow)
    asked = select(_as_text(known.c.detail)).select_from(known.join(told, told.c.story_id == known.c.id))
    return asked.where(
        told.c.article_id == bindparam("article"), known.c.merged_into.is_(None), known.c.detail.is_not(None)
    )


def _as_text(detail: Any) -> Any:
    """JSON as the database holds it: it is parsed here, and only if it is not known."""
    return cast(detail, Text).label("detail")


def _newest(of: Table, asked: Select[Any]) -> Select[Any]:
    return asked.order_by(of.c.updated_at.desc()).limit(MOST_CANDIDATES)


# Details as JSON


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (acts.Act, meetings.Meeting, demands.Demand, matters.Story)
}


def dumped(value: object) -> dict[str, Any]:
    detail: dict[str, Any] = _ADAPTERS[type(value)].dump_python(value, mode="json", exclude_defaults=True)
    return detail


def loaded(kind: Any, detail: Mapping[str, Any]) -> Any:
    return _ADAPTERS[kind].validate_python(detail)


# Each article asks for much that the one before asked for. The key of this cache is all that the database holds of a
# detail, so it never goes stale: what another worker changed, or what was rolled back, is another text.

_Kept = TypeVar("_Kept")


def _parsed(kind: type[_Kept]) -> Callable[[str | bytes], _Kept]:
    adapter: TypeAdapter[_Kept] = _ADAPTERS[kind]

    @functools.lru_cache(3 * MOST_CANDIDATES)
    def parsed(written: str | bytes) -> _Kept:
        return adapter.validate_json(packing.unpack(written) if isinstance(written, bytes) else written)

    return parsed


_act, _meeting, _demand, _story = (
    _parsed(acts.Act),
    _parsed(meetings.Meeting),
    _parsed(demands.Demand),
    _parsed(matters.Story),
)
