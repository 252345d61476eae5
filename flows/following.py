"""Follows matters over time: candidates from the archive go to `extractors.stories`, its decisions go back.

All of it happens in the transaction that keeps the article. What the pure logic must remember of an act, a meeting, a
demand or a story lies in the row's `detail`, as JSON of its dataclass.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, Table, Text, bindparam, cast, null, or_, select

from extractors.model import BERLIN, Article, Event, When
from extractors.ontology import EventType, Status
from extractors.stories import acts, agencies, demands, fingerprint, matters, meetings
from extractors.stories.acts import ArticleRef, Redirect
from flows.alerts import wording
from flows.alerts.wording import shortened
from storage import packing, tracking
from storage.archive import Archive
from storage.statements import prepared, table
from storage.tables import ActRow, ArticleRow, DemandRow, MeetingRow, StoryArticleRow, StoryRow

MOST_CANDIDATES = 400
MEETING_DAYS = 120
DEMAND_DAYS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How an article's events tie into what is known. `fresh` are the acts that no article told before."""

    ref: ArticleRef
    events: tuple[Event, ...]
    links: tuple[tracking.Link, ...] = ()
    acts: tuple[acts.Act, ...] = ()
    fresh: frozenset[str] = frozenset()
    further: frozenset[str] = frozenset()
    """events that tell a known act as further along than it was: decided and no longer feared, done and no longer planned"""
    merges: tuple[Redirect, ...] = ()
    """known acts that a report of this article shows to be one"""

    @property
    def act_of(self) -> Mapping[str, str]:
        """Act by event id."""
        return {link.event: link.act for link in self.links}


def reference(article: Article, key: str, told_at: datetime) -> ArticleRef:
    """What linking needs of an article. `key` is its stable key in the archive, `told_at` holds if it has no time of its own."""
    credit = f"{article.byline}\n{article.text}"
    return ArticleRef(
        article=key,
        publisher=article.publisher,
        told_at=_told_at(article, told_at),
        agencies=agencies(credit),
        fingerprint=fingerprint(article.text),
    )


def _told_at(article: Article, otherwise: datetime) -> datetime:
    """On the newsroom's clock: what the archive tells in UTC is of the day before until one or two in the morning."""
    return article.dated or otherwise.astimezone(BERLIN)


def key_of(archive: Archive, article_id: int) -> str:
    """The stable key of a stored article."""
    return archive.connection.execute(select(ArticleRow.key).where(ArticleRow.id == article_id)).scalar_one().hex()


def follow_acts(
    archive: Archive, article: Article, events: Sequence[Event], *, key: str, told_at: datetime
) -> Followed:
    """Tie each event to an act, known or new; call before the article is kept, and `keep` in the same transaction after.

    `told_at` is when the article counts as told if it has no time of its own.
    """
    if not events:
        # Most articles tell of no act: no fingerprint is taken of them.
        ref = ArticleRef(article=key, publisher=article.publisher, told_at=_told_at(article, told_at))
        return Followed(ref=ref, events=())
    ref = reference(article, key, told_at)
    archive.tracking.alone()
    known = _known_acts(archive.connection, events, ref)
    marks = _marks_of(archive.connection, known.values())
    links, merges = [], []
    fresh: set[str] = set()
    further: set[str] = set()
    touched: dict[str, acts.Act] = {}
    for event in events:
        for act, redirect in _merged(event, ref, [act for act in known.values() if act.id not in fresh]):
            merges.append(redirect)
            known.pop(redirect.gone)
            touched.pop(redirect.gone, None)
            known[act.id] = touched[act.id] = act
        found = acts.link(event, ref, known.values(), marks)
        if found.new and (before := _act_of_before(archive, found.act, merges, known)) is not None:
            known[before.id] = before
            found = dataclasses.replace(found, act=before.id, new=False, reasons=("this article told it before",))
        act = acts.open_act(event, ref) if found.new else acts.absorb(known[found.act], event, ref, found)
        if found.new:
            fresh.add(act.id)
        elif acts.goes_on(known[found.act], event):
            further.add(event.id)
        known[act.id] = touched[act.id] = act
        links.append(
            tracking.Link(
                event=event.id,
                act=act.id,
                reasons=found.reasons,
                copied=bool(found.copy_of),
                title=wording.headline_of(event),
            )
        )
    return Followed(
        ref=ref,
        events=tuple(events),
        links=tuple(_led(links, merges)),
        acts=tuple(touched.values()),
        fresh=frozenset(fresh),
        further=frozenset(further),
        merges=tuple(merges),
    )


def _merged(event: Event, ref: ArticleRef, known: Sequence[acts.Act]) -> Iterable[tuple[acts.Act, Redirect]]:
    """The merges that an event asks for: each with the act as it then stands."""
    same = acts.twins(event, ref, known)
    for other in same[1:]:
        reason = f"one report tells of both: {shortened(event.evidence.quote, 200)}"
        act, redirect = acts.merge(same[0], other, reason)
        same = (act, *same[1:])
        yield act, redirect


def _led(links: Sequence[tracking.Link], merges: Sequence[Redirect]) -> Iterable[tracking.Link]:
    """Links to what was merged later in the same article lead to where it went."""
    return (dataclasses.replace(link, act=acts.follow(link.act, merges)) for link in links)


def _known_acts(connection: Connection, events: Sequence[Event], ref: ArticleRef) -> dict[str, acts.Act]:
    asked = [acts.candidates(event, ref) for event in events]
    parties = frozenset().union(*(codes for codes, _, _ in asked))
    days = {"first": min(first for _, first, _ in asked), "last": max(last for _, _, last in asked)}
    near = _nearest(connection.execute(_acts_near(connection), days), parties, _days_told(events, ref))
    rows = connection.execute(_acts_numbered(connection), {"those": near})
    found = acts.of_their_matters(events, (_act(row.memory or row.detail) for row in rows))
    return {act.id: act for act in found}


def _days_told(events: Iterable[Event], ref: ArticleRef) -> frozenset[date]:
    """The day of a report, and the first and last days that its events name."""
    named = [event.when for event in events if event.when]
    return frozenset({ref.told_at.date(), *(when.first for when in named), *(when.last for when in named)})


def _nearest(rows: Iterable[Any], parties: frozenset[str], days: Iterable[date]) -> list[int]:
    """The numbers of those that share a party (any, if none is asked for), at most MOST_CANDIDATES: the nearest to one of
    the days, and not the newest. To a recode everything since then is newer than what the article may mean.
    """

    def apart(row: Any) -> int:
        first: date = row.day_first or row.created_at.date()
        last: date = row.day_last or row.updated_at.date()
        return min(max(0, (first - day).days, (day - last).days) for day in days)

    shared = [row for row in rows if not parties or not row.parties or not parties.isdisjoint(row.parties.split())]
    return [row.id for row in sorted(shared, key=apart)[:MOST_CANDIDATES]]


def _act_of_before(
    archive: Archive, minted: str, merges: Sequence[Redirect], known: Mapping[str, acts.Act]
) -> acts.Act | None:
    """The act that an earlier version of the article opened by this very sentence, as it is today.

    Nobody else brings it: the version may be a month younger, and a recode has more acts beside it than are asked for.
    """
    uid = acts.follow(archive.tracking.act_of(minted), merges)
    if uid in known:
        return known[uid]
    row = archive.connection.execute(_act_called(archive.connection), {"called": uid}).one_or_none()
    kept = None if row is None else row.memory or row.detail
    return None if kept is None else _act(kept)


def _marks_of(connection: Connection, known: Iterable[acts.Act]) -> Mapping[str, Sequence[int]]:
    """The fingerprints of the acts' reports by article: the archive keeps each once, and not with the acts."""
    keys = {report.article for act in known for report in act.reports if not report.fingerprint}
    return tracking.marks_of(connection, sorted(keys))


def _columns(act: acts.Act) -> dict[str, Any]:
    told = {"status": act.status.value, "mode": act.mode, "parties": act.parties, "place": act.place}
    return told | _days(act.when) | {"detail": _dumped(_bare(act))}


def _bare(act: acts.Act) -> acts.Act:
    """The act as it is kept: without fingerprints."""
    return dataclasses.replace(act, reports=tuple(dataclasses.replace(each, fingerprint=()) for each in act.reports))


def keep(archive: Archive, article: Article, followed: Followed, article_id: int, now: datetime) -> str:
    """Keep what changed: acts, meetings, demands and the story; returns the story's id.

    The fingerprint that `followed` brings is kept with the article.
    """
    for redirect in followed.merges:
        archive.tracking.merge_acts(redirect.gone, redirect.into, redirect.reason, now)
    archive.tracking.update_acts({act.id: _columns(act) for act in followed.acts}, now)
    _follow_meetings(archive, followed, article_id, now)
    _follow_demands(archive, followed, article_id, now)
    return _follow_story(archive, article, followed, article_id, now)


def merge_acts(archive: Archive, one: str, other: str, reason: str, now: datetime) -> str:
    """Make two acts one because somebody says so; returns the id that stays, the older one's.

    Raises KeyError for an unknown act, ValueError for one and the same.
    """
    ids = tuple(archive.tracking.act_of(uid) for uid in (one, other))
    if ids[0] == ids[1]:
        raise ValueError("they are one act already")
    rows = {row.uid: row for row in archive.connection.execute(select(ActRow.__table__).where(ActRow.uid.in_(ids)))}
    missing = [uid for uid in ids if uid not in rows]
    if missing:
        raise KeyError(f"no act {missing[0]}")
    kept = [tracking.memory(rows[uid]) for uid in ids]
    if None in kept:  # linked by hand or by an old version: nothing is remembered of it
        gone, into = sorted(ids, key=lambda uid: (rows[uid].created_at, uid), reverse=True)
        archive.tracking.merge_acts(gone, into, reason, now)
        return into
    act, redirect = acts.merge(_loaded(acts.Act, kept[0]), _loaded(acts.Act, kept[1]), reason)
    archive.tracking.merge_acts(redirect.gone, redirect.into, reason, now)
    archive.tracking.update_act(act.id, now, **_columns(act))
    return act.id


def _days(when: When | None) -> dict[str, Any]:
    return {} if when is None else {"day_first": when.first, "day_last": when.last}


# Meetings


def _follow_meetings(archive: Archive, followed: Followed, article_id: int, now: datetime) -> None:
    telling = meetings.telling(followed.events)
    coming = [event for event in followed.events if meetings.may_come_of_one(event)]
    if not telling and not coming:
        return
    known = _known_meetings(archive.connection, (*telling, *coming), followed.ref)
    for event in telling:
        _tell_meeting(archive, known, event, followed.ref, article_id, now)
    for event in coming:
        for uid, meeting in tuple(known.items()):
            changed = meetings.outcome(meeting, event, followed.ref, followed.ref.told_at)
            if changed is not meeting:
                known[uid] = changed
                save_meeting(archive, changed, meeting.history, article_id, now)


def _tell_meeting(
    archive: Archive,
    known: dict[str, meetings.Meeting],
    event: Event,
    ref: ArticleRef,
    article_id: int,
    now: datetime,
) -> None:
    meant = next((one for one in known.values() if meetings.means(one, event, ref)[0]), None)
    if meant is not None:
        changed = meetings.advance(meant, event, ref, ref.told_at)
    elif (
        event.type is EventType.CONSULT and event.status in (Status.PLANNED, Status.NEGATED) and len(event.parties) > 0
    ):
        changed = meetings.announce(event, ref, ref.told_at)
    else:
        return
    if meant is None and (before := _meeting_of_before(archive, changed.uid)) is not None:
        # An earlier version announced it in the same words, too long ago to be among those that are open.
        meant, changed = before, meetings.advance(before, event, ref, ref.told_at)
    known[changed.uid] = changed
    if meant is None or changed is not meant:
        save_meeting(archive, changed, meant.history if meant else (), article_id, now)


def _known_meetings(connection: Connection, events: Sequence[Event], ref: ArticleRef) -> dict[str, meetings.Meeting]:
    """The meetings that events may mean, or be what came of."""
    told = _days_told(events, ref)
    reach = timedelta(days=MEETING_DAYS)
    rows = connection.execute(_meetings_near(connection), {"first": min(told) - reach, "last": max(told) + reach})
    # Who meets may be unsaid; then all are asked.
    named = all(event.parties for event in events)
    parties = frozenset().union(*(event.parties for event in events)) if named else frozenset()
    found = connection.scalars(_meetings_numbered(connection), {"those": _nearest(rows, parties, told)})
    return {meeting.uid: meeting for meeting in map(_meeting, found)}


def _meeting_of_before(archive: Archive, minted: str) -> meetings.Meeting | None:
    """The meeting that an earlier version of the article announced by this very sentence, as it stands."""
    asked = {"called": archive.tracking.meeting_of(minted)}
    kept = archive.connection.scalar(_meeting_called(archive.connection), asked)
    return None if kept is None else _meeting(kept)


def save_meeting(
    archive: Archive,
    meeting: meetings.Meeting,
    before: Sequence[meetings.Step],
    article_id: int | None,
    now: datetime,
) -> bool:
    """Keep a meeting with the steps that are new to it; True if a calendar has something to learn."""
    place = f" in {meeting.place}" if meeting.place else ""
    return archive.tracking.save_meeting(
        tracking.Meeting(
            uid=meeting.uid,
            state=meeting.state.value,
            title=f"{', '.join(sorted(meeting.parties))}{place}",
            parties=tuple(sorted(meeting.parties)),
            format=meeting.mode,
            precision=meeting.when.precision.value if meeting.when else "",
            place=meeting.place,
            outcome=meeting.outcome,
            detail=_dumped(meeting),
            **_days(meeting.when),
        ),
        [
            tracking.Change(
                at=step.at,
                state=step.state.value,
                place=step.place,
                event=step.event,
                article_id=article_id,
                quote=step.quote,
                reason=step.reason,
                **_days(step.when),
            )
            for step in meeting.history[len(before) :]
        ],
        now,
    )


def overdue(archive: Archive, now: datetime) -> int:
    """Meetings whose day is over and of which nobody told that they took place; returns how many became overdue."""
    late = 0
    passed = archive.connection.scalars(_meetings_passed(archive.connection), {"today": now.date()}).all()
    for meeting in map(_meeting, passed):
        changed = meetings.due(meeting, now)
        if changed is not meeting:
            save_meeting(archive, changed, meeting.history, None, now)
            late += 1
    return late


def merge_grown(archive: Archive, now: datetime) -> tuple[int, int]:
    """Stories that have grown into one, and meetings that turned out to be one; returns how many of each were merged."""
    open_ones = {story.id: story for story in _open_stories(archive.connection, now)}
    told = matters.merges(tuple(open_ones.values()))
    for gone, into, reason in told:
        open_ones[into] = story = matters.merged(open_ones[into], open_ones[gone], reason)
        archive.tracking.merge_stories(gone, into, now)
        archive.tracking.save_story(tracking.Story(uid=story.id, title=story.title, detail=_dumped(story)), now)
    since = (now - timedelta(days=MEETING_DAYS)).date()
    lately = archive.connection.scalars(_meetings_since(archive.connection), {"since": since}).all()
    known = {meeting.uid: meeting for meeting in map(_meeting, lately)}
    twins = meetings.twins(known.values())
    for older, younger in twins:
        known[older.uid] = one = meetings.merge(known[older.uid], younger)
        archive.tracking.merge_meetings(younger.uid, older.uid, now)
        save_meeting(archive, one, one.history, None, now)
    return len(told), len(twins)


# Demands


def _follow_demands(archive: Archive, followed: Followed, article_id: int, now: datetime) -> None:
    speaking = [event for event in followed.events if demands.speaks(event)]
    if not speaking:
        return
    known = _known_demands(archive.connection, speaking, followed.ref)
    for demand in demands.ledger([(event, followed.ref) for event in speaking], tuple(known.values())):
        before = known[demand.uid].entries if demand.uid in known else ()
        if len(demand.entries) > len(before):
            _save_demand(archive, demand, demand.entries[len(before) :], article_id, now)


def _known_demands(connection: Connection, events: Sequence[Event], ref: ArticleRef) -> dict[str, demands.Demand]:
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


def _save_demand(
    archive: Archive, demand: demands.Demand, new: Sequence[demands.Entry], article_id: int, now: datetime
) -> None:
    archive.tracking.save_demand(
        tracking.Demand(
            uid=demand.uid,
            state=demand.answer.value,
            demanders=tuple(sorted(demand.demanders)),
            addressees=tuple(sorted(demand.addressees)),
            content=demand.content,
            detail=_dumped(demand),
        ),
        [
            tracking.Change(
                at=entry.at,
                state=entry.answer.value,
                by=" ".join(sorted(entry.by)),
                event=entry.event,
                article_id=article_id,
                quote=entry.quote,
                reason=entry.reason,
            )
            for entry in new
        ],
        now,
    )


# Stories


def _follow_story(archive: Archive, article: Article, followed: Followed, article_id: int, now: datetime) -> str:
    ids = [act.id for act in followed.acts]
    told = matters.features(
        article, key=followed.ref.article, events=followed.events, acts=ids, told_at=followed.ref.told_at
    )
    # Its text is for finding copies now, not for keeping: retention decides about texts.
    told = dataclasses.replace(told, text="")
    known = {story.id: story for story in _open_stories(archive.connection, followed.ref.told_at)}
    # A new version stays where it is, also when its story has been closed since.
    theirs = archive.connection.scalars(_stories_with(archive.connection), {"article": article_id})
    known |= {story.id: story for story in map(_story, theirs)}
    found = matters.assign(told, known.values())
    story = matters.begin(told) if found.new else matters.join(known[found.story], told, found)
    kept = tracking.Story(uid=story.id, title=story.title, detail=_dumped(story))
    archive.tracking.tell_story(kept, article_id, found.reason, now)
    return story.id


def _open_stories(connection: Connection, at: datetime) -> Iterable[matters.Story]:
    reach = timedelta(days=matters.OPEN_DAYS)
    stories = map(_story, connection.scalars(_stories_open(connection)).all())
    return (story for story in stories if story.first_told - reach <= at <= story.last_told + reach)


# Statements that every article of the matter costs


@prepared
def _acts_near(_: Connection) -> Any:
    acts = table(ActRow)
    asked = select(*(acts.c[name] for name in _NEAR)).where(
        acts.c.merged_into.is_(None),
        or_(acts.c.memory.is_not(None), acts.c.detail.is_not(None)),
        acts.c.day_last >= bindparam("first"),
        acts.c.day_first <= bindparam("last"),
    )
    return asked.order_by(acts.c.updated_at.desc())


_NEAR = ("id", "parties", "day_first", "day_last", "created_at", "updated_at")
"""what tells whether something comes near an article: the rest is large"""


@prepared
def _acts_numbered(_: Connection) -> Any:
    acts = table(ActRow)
    asked = select(_as_text(acts.c.detail), acts.c.memory).where(acts.c.id.in_(bindparam("those", expanding=True)))
    return asked.order_by(acts.c.updated_at.desc())


@prepared
def _meetings_near(_: Connection) -> Any:
    known = table(MeetingRow)
    asked = select(*(known.c[name] for name in _NEAR)).where(
        known.c.merged_into.is_(None),
        known.c.detail.is_not(None),
        or_(known.c.day_last >= bindparam("first"), known.c.day_last.is_(None)),
        or_(known.c.day_first <= bindparam("last"), known.c.day_first.is_(None)),
    )
    return asked.order_by(known.c.updated_at.desc())


@prepared
def _meetings_numbered(_: Connection) -> Any:
    known = table(MeetingRow)
    asked = select(_as_text(known.c.detail)).where(known.c.id.in_(bindparam("those", expanding=True)))
    return asked.order_by(known.c.updated_at.desc())


@prepared
def _meetings_passed(_: Connection) -> Any:
    """Those of which a report is still to come although their last day is over."""
    known = table(MeetingRow)
    return select(_as_text(known.c.detail)).where(
        known.c.merged_into.is_(None),
        known.c.detail.is_not(None),
        known.c.day_last < bindparam("today"),
        known.c.state.not_in([*meetings.ENDED, meetings.State.OVERDUE]),
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
    return (
        select(known.c.id, sides, *undated, known.c.created_at, known.c.updated_at)
        .where(
            known.c.merged_into.is_(None),
            known.c.detail.is_not(None),
            known.c.updated_at >= bindparam("first"),
            known.c.created_at <= bindparam("last"),
        )
        .order_by(known.c.updated_at.desc())
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


def _dumped(value: object) -> dict[str, Any]:
    dumped: dict[str, Any] = _ADAPTERS[type(value)].dump_python(value, mode="json", exclude_defaults=True)
    return dumped


def _loaded(kind: Any, detail: Mapping[str, Any]) -> Any:
    return _ADAPTERS[kind].validate_python(detail)


# Each article asks for much that the one before asked for. What is kept here is found by all that was written, and never
# changes: whoever wrote it, and whether it was taken back, makes no difference.

_Kept = TypeVar("_Kept")


def _parsed(kind: type[_Kept]) -> Callable[[str | bytes], _Kept]:
    adapter: TypeAdapter[_Kept] = _ADAPTERS[kind]

    @functools.lru_cache(2 * MOST_CANDIDATES)
    def parsed(written: str | bytes) -> _Kept:
        return adapter.validate_json(packing.unpack(written) if isinstance(written, bytes) else written)

    return parsed


_act, _meeting, _demand, _story = (
    _parsed(acts.Act),
    _parsed(meetings.Meeting),
    _parsed(demands.Demand),
    _parsed(matters.Story),
)
