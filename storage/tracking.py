"""What events add up to: acts, meetings, stories and demands, with ids that are given once and kept.

The decisions are made elsewhere and purely; here they are written down, with their reasons and the way they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from extractors.model import Event
from storage import packing, pairs
from storage.statements import Turn, alone, prepared, table, upsert
from storage.tables import (
    ActRow,
    ArticleRow,
    DemandChangeRow,
    DemandRow,
    EventRow,
    MeetingChangeRow,
    MeetingRow,
    StoryArticleRow,
    StoryRow,
    VersionRow,
)

_REDIRECTS = 20
"""A chain of merges longer than this is a circle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An event's tie to an act, and why. An act that the archive does not know is made from the event."""

    event: str
    act: str
    reasons: tuple[str, ...] = ()
    copied: bool = False
    """the report is a copy (of an agency, say) and corroborates nothing"""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting as it stands. States: announced, confirmed, moved, held, cancelled, overdue."""

    uid: str
    state: str
    title: str = ""
    parties: tuple[str, ...] = ()
    format: str = ""
    day_first: date | None = None
    day_last: date | None = None
    precision: str = ""
    place: str = ""
    country: str = ""
    outcome: str = ""
    sequence: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of a meeting or a demand, with the sentence that says so."""

    at: datetime
    state: str
    day_first: date | None = None
    day_last: date | None = None
    place: str = ""
    by: str = ""
    event: str = ""
    article_id: int | None = None
    quote: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Who demanded what of whom. States: open, refused, conceded, conditioned, withdrawn."""

    uid: str
    state: str
    demanders: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    content: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A running matter; its articles say why they belong to it."""

    uid: str
    title: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


class Tracking:
    """The verbs about acts, meetings, stories and demands; reached as `archive.tracking`.

    Where an article is `reread`, what is known of already does not become news: a recode would put all acts of the past
    before a feed's readers again, and old stories before those that today's articles may belong to.
    """

    def __init__(self, connection: Connection, *, reread: bool = False) -> None:
        self.connection = connection
        self.reread = reread

    # Acts

    def link(self, links: Sequence[Link], rows: Mapping[str, int], events: Sequence[Event], now: datetime) -> None:
        """Tie stored events (`rows`: row by event id) to their acts. Linking again changes nothing."""
        _all_stored(links, rows)
        if not links:
            return
        told = self.connection.execute(_days_of(self.connection), {"those": [rows[link.event] for link in links]})
        days = {row.id: row.day for row in told}
        tied = self._tie(links, events, {event: days[row] for event, row in rows.items() if row in days}, now)
        ties = [
            {"row": rows[event], "act": tie["act_id"], "reasons": tie["act_reasons"], "copy": tie["copied"]}
            for event, tie in tied.items()
        ]
        self.connection.execute(_tied(self.connection), ties)

    def ties(
        self, links: Sequence[Link], events: Sequence[Event], reported: date, now: datetime
    ) -> dict[str, dict[str, Any]]:
        """What `link` would write into the rows of events that are still to be stored, by event id; makes their acts."""
        days = {event.id: event.when.first if event.when else reported for event in events}
        _all_stored(links, days)
        return self._tie(links, events, days, now) if links else {}

    def _tie(
        self, links: Sequence[Link], events: Sequence[Event], days: Mapping[str, date | None], now: datetime
    ) -> dict[str, dict[str, Any]]:
        by_id = {event.id: event for event in events}
        told: dict[str, tuple[Link, Event]] = {}
        for link in links:
            told.setdefault(link.act, (link, by_id[link.event]))  # the first that tells of an act makes it
        ids = self._acts_made(
            {uid: _act_values(uid, link, event, days[link.event], now) for uid, (link, event) in told.items()}, now
        )
        return {
            link.event: {
                "act_id": ids[link.act],
                "act_reasons": "; ".join(link.reasons) or None,
                "copied": link.copied,
            }
            for link in links
        }

    def _acts_made(self, values: Mapping[str, Mapping[str, Any]], now: datetime) -> dict[str, int]:
        """The rows of acts by uid, each made from its values if there is none, and changed `now`; where one was merged,
        the row of the act that it is today."""
        # Sorted, so that two workers never wait for each other in a circle.
        wanted = [dict(values[uid]) for uid in sorted(values)]
        saved = _acts_known if self.reread else _acts_saved
        ids = {row.uid: row.id for row in self.connection.execute(saved(self.connection), wanted)}
        merged = {uid: self.act_of(uid) for uid in values if uid not in ids}
        if merged:
            mine = {"those": sorted(set(merged.values()))}
            if not self.reread:
                self.connection.execute(_acts_touched(self.connection), mine | {"updated_at": now})
            rows = {row.uid: row.id for row in self.connection.execute(_act_ids(self.connection), mine)}
            ids |= {uid: rows[into] for uid, into in merged.items()}
        return ids

    def alone(self) -> None:
        """Wait until no other transaction is deciding which acts are new: two would open one act each, and tell both."""
        alone(self.connection, Turn.ACTS)

    def act_of(self, uid: str) -> str:
        """The act that a uid means today: itself, or where merges have led."""
        return self._followed(ActRow, uid)

    def meeting_of(self, uid: str) -> str:
        """The meeting that a uid means today."""
        return self._followed(MeetingRow, uid)

    def names_of(self, uid: str) -> tuple[str, ...]:
        """All uids that mean this act today: its own, then those of the acts that were merged into it."""
        names = [uid]
        for name in names:  # grows as it is walked: what was merged may have been merged into before
            names += self.connection.scalars(_acts_led_to(self.connection), {"called": name})
        return tuple(names)

    def _followed(self, row: type[ActRow | MeetingRow | StoryRow | DemandRow], uid: str) -> str:
        asked = _LEADS_TO[row](self.connection)
        for _ in range(_REDIRECTS):
            further = self.connection.scalar(asked, {"called": uid})
            if further is None:
                return uid
            uid = further
        raise ValueError(f"the redirects of {row.__tablename__} lead in a circle at {uid}")

    def keep_marks(self, article_id: int, marks: Sequence[int]) -> None:
        """Keep the fingerprint of an article's current text, by which copies of it are recognised."""
        of = {"article": article_id, "marks": packing.pack_marks(marks)}
        self.connection.execute(_marked(self.connection), of)

    def merge_acts(self, gone: str, into: str, reason: str, now: datetime) -> None:
        """Make two acts one: its reports move over, the old uid leads to the new one from now on."""
        gone, into = self.act_of(gone), self.act_of(into)
        if gone == into:
            return
        old, new = (self._row_id(ActRow, uid) for uid in (gone, into))
        telling = select(EventRow.article_id).where(EventRow.act_id == old).distinct()
        articles = self.connection.scalars(telling).all()
        self.connection.execute(update(EventRow).where(EventRow.act_id == old).values(act_id=new))
        for article in articles:
            pairs.renew(self.connection, article)
        self.connection.execute(
            update(ActRow).where(ActRow.id == old).values(merged_into=into, merge_reason=reason, updated_at=now)
        )
        self.connection.execute(update(ActRow).where(ActRow.id == new).values(updated_at=now))

    def update_act(self, uid: str, now: datetime, **columns: Any) -> None:
        """Change what an act says of itself: title, type, mode, status, parties, days, place or detail (what linking remembers)."""
        self.update_acts({uid: columns}, now)

    def update_acts(self, changes: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
        """`update_act` for several at once; those that change the same columns go as one statement."""
        alike: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
        for uid, columns in changes.items():
            row = {"which": uid, **({} if self.reread else {"updated_at": now}), **columns}
            if "parties" in row:
                row["parties"] = codes(row["parties"])
            if "detail" in row:
                row |= {"memory": packing.pack_json(row["detail"]), "detail": None}
            alike[frozenset(row)].append(row)
        for rows in alike.values():
            self.connection.execute(_act_changed(self.connection), rows)

    def _row_id(self, row: type[ActRow | MeetingRow | StoryRow | DemandRow], uid: str) -> int:
        found: int | None = self.connection.scalar(_ROW_OF[row](self.connection), {"called": uid})
        if found is None:
            raise KeyError(f"no {row.__tablename__} with uid {uid}")
        return found

    # Meetings

    def save_meeting(self, meeting: Meeting, changes: Sequence[Change], now: datetime) -> bool:
        """Keep a meeting and the steps that led to it; True if a calendar has something new to learn.

        Steps that are known (same state, event and days) are not written twice; `sequence` grows by one when state, days
        or place changed, as iCalendar asks.
        """
        values = {
            "state": meeting.state,
            "title": meeting.title,
            "parties": codes(meeting.parties),
            "format": meeting.format,
            "day_first": meeting.day_first,
            "day_last": meeting.day_last,
            "precision": meeting.precision,
            "place": meeting.place,
            "country": meeting.country,
            "outcome": meeting.outcome,
            "detail": dict(meeting.detail) or None,
        }
        old = self.connection.execute(_meeting_called(self.connection), {"called": meeting.uid}).one_or_none()
        told = ("state", "day_first", "day_last", "place", "title")
        news = old is None or any(getattr(old, name) != values[name] for name in told)
        if old is None:
            made = {"uid": meeting.uid, "created_at": now, "updated_at": now}
            meeting_id = self.connection.execute(_meeting_made(self.connection), made | values).scalar_one()
        else:
            meeting_id = old.id
            if news or any(getattr(old, name) != value for name, value in values.items()):
                changed = {"which": meeting_id, "updated_at": now, "sequence": old.sequence + news}
                self.connection.execute(_meeting_changed(self.connection), changed | values)
        for change in changes:
            self._meeting_change(meeting_id, change)
        return news

    def _meeting_change(self, meeting_id: int, change: Change) -> None:
        step = {
            "meeting_id": meeting_id,
            "state": change.state,
            "event_uid": change.event,
            "day_first": change.day_first,
            "day_last": change.day_last,
            "place": change.place,
        }
        if self.connection.execute(_meeting_step(self.connection), step).first() is None:
            told = {"at": change.at, "article_id": change.article_id, "quote": change.quote, "reason": change.reason}
            self.connection.execute(_meeting_stepped(self.connection), step | told)

    def merge_meetings(self, gone: str, into: str, now: datetime) -> None:
        """Make two meetings one; the old uid leads to the new one, its steps move over."""
        gone, into = self._followed(MeetingRow, gone), self._followed(MeetingRow, into)
        if gone == into:
            return
        old, new = (self._row_id(MeetingRow, uid) for uid in (gone, into))
        row = MeetingChangeRow
        self.connection.execute(update(row).where(row.meeting_id == old).values(meeting_id=new))
        self.connection.execute(
            update(MeetingRow)
            .where(MeetingRow.id == old)
            .values(merged_into=into, updated_at=now, sequence=MeetingRow.sequence + 1)
        )

    # Demands

    def save_demand(self, demand: Demand, changes: Sequence[Change], now: datetime) -> None:
        """Keep a demand and the answers to it; steps that are known are not written twice."""
        values = {
            "state": demand.state,
            "demanders": codes(demand.demanders),
            "addressees": codes(demand.addressees),
            "content": demand.content,
            "detail": dict(demand.detail) or None,
        }
        made = {"uid": demand.uid, "created_at": now, "updated_at": now}
        demand_id = self.connection.execute(_demand_saved(self.connection), made | values).scalar_one()
        for change in changes:
            self._demand_change(demand_id, change)

    def _demand_change(self, demand_id: int, change: Change) -> None:
        step = {
            "demand_id": demand_id,
            "state": change.state,
            "event_uid": change.event,
            "article_id": change.article_id,
        }
        if self.connection.execute(_demand_step(self.connection), step).first() is None:
            told = {"at": change.at, "day": change.day_first, "by": change.by}
            said = {"quote": change.quote, "reason": change.reason}
            self.connection.execute(_demand_stepped(self.connection), step | told | said)

    # Stories

    def save_story(self, story: Story, now: datetime) -> Any:
        """Keep a story as it stands; returns its number and where it was merged into, if it was."""
        values = {"title": story.title, "detail": dict(story.detail) or None}
        made = {"uid": story.uid, "created_at": now, "updated_at": now}
        saved = _story_known if self.reread else _story_saved
        return self.connection.execute(saved(self.connection), made | values).one()

    def tell_story(self, story: Story, article_id: int, reason: str, now: datetime) -> None:
        """Keep a story with one article more: `save_story` and `add_to_story` in fewer statements."""
        saved = self.save_story(story, now)
        if saved.merged_into is not None:  # somebody was faster
            self.add_to_story(story.uid, article_id, reason, now)
            return
        values = {"story_id": saved.id, "article_id": article_id, "at": now, "reason": reason}
        self.connection.execute(_put_into_story(self.connection), values)

    def add_to_story(self, uid: str, article_id: int, reason: str, now: datetime) -> None:
        """Put an article into a story, and say why; a second time only the reason is renewed."""
        story_id = self._row_id(StoryRow, self._followed(StoryRow, uid))
        values = {"story_id": story_id, "article_id": article_id, "at": now, "reason": reason}
        self.connection.execute(_put_into_story(self.connection), values)
        if not self.reread:
            self.connection.execute(_story_touched(self.connection), {"which": story_id, "updated_at": now})

    def merge_stories(self, gone: str, into: str, now: datetime) -> None:
        gone, into = self._followed(StoryRow, gone), self._followed(StoryRow, into)
        if gone == into:
            return
        old, new = (self._row_id(StoryRow, uid) for uid in (gone, into))
        row = StoryArticleRow
        there = select(row.article_id).where(row.story_id == new)
        moving = update(row).where(row.story_id == old, row.article_id.not_in(there)).values(story_id=new)
        self.connection.execute(moving)
        self.connection.execute(delete(row).where(row.story_id == old))
        self.connection.execute(update(StoryRow).where(StoryRow.id == old).values(merged_into=into, updated_at=now))


# Statements that every article of the matter costs


@prepared
def _acts_saved(connection: Connection) -> Any:
    """Makes acts, or notes that they changed; those that were merged are left alone, and not returned."""
    told = upsert(connection, table(ActRow))
    return _acts_upserted(told, updated_at=told.excluded.updated_at)


@prepared
def _acts_known(connection: Connection) -> Any:
    """The same, but what is known stays as it is: its row is asked for by an update that changes nothing."""
    acts = table(ActRow)
    return _acts_upserted(upsert(connection, acts), updated_at=acts.c.updated_at)


def _acts_upserted(told: Any, *, updated_at: Any) -> Any:
    acts = table(ActRow)
    return told.on_conflict_do_update(
        index_elements=["uid"], set_={"updated_at": updated_at}, where=acts.c.merged_into.is_(None)
    ).returning(acts.c.uid, acts.c.id)


@prepared
def _act_changed(_: Connection) -> Any:
    acts = table(ActRow)
    return update(acts).where(acts.c.uid == bindparam("which"))


@prepared
def _tied(_: Connection) -> Any:
    events = table(EventRow)
    tie: dict[str, Any] = {"act_id": bindparam("act"), "act_reasons": bindparam("reasons"), "copied": bindparam("copy")}
    return update(events).where(events.c.id == bindparam("row")).values(tie)


@prepared
def _days_of(_: Connection) -> Any:
    events = table(EventRow)
    return select(events.c.id, events.c.day).where(events.c.id.in_(bindparam("those", expanding=True)))


@prepared
def _acts_touched(_: Connection) -> Any:
    acts = table(ActRow)
    return update(acts).where(acts.c.uid.in_(bindparam("those", expanding=True)))


@prepared
def _act_ids(_: Connection) -> Any:
    acts = table(ActRow)
    return select(acts.c.uid, acts.c.id).where(acts.c.uid.in_(bindparam("those", expanding=True)))


@prepared
def _acts_led_to(_: Connection) -> Any:
    acts = table(ActRow)
    return select(acts.c.uid).where(acts.c.merged_into == bindparam("called"))


@prepared
def _marked(_: Connection) -> Any:
    articles, versions = table(ArticleRow), table(VersionRow)
    current = select(articles.c.version_id).where(articles.c.id == bindparam("article")).scalar_subquery()
    return update(versions).where(versions.c.id == current)


def _leads_to(row: type[ActRow | MeetingRow | StoryRow | DemandRow]) -> Callable[[Connection], Any]:
    of = table(row)
    return prepared(lambda _: select(of.c.merged_into).where(of.c.uid == bindparam("called")))


def _row_of(row: type[ActRow | MeetingRow | StoryRow | DemandRow]) -> Callable[[Connection], Any]:
    of = table(row)
    return prepared(lambda _: select(of.c.id).where(of.c.uid == bindparam("called")))


_WITH_REDIRECTS = (ActRow, MeetingRow, StoryRow, DemandRow)
_LEADS_TO = {row: _leads_to(row) for row in _WITH_REDIRECTS}
_ROW_OF = {row: _row_of(row) for row in _WITH_REDIRECTS}


@prepared
def _meeting_called(_: Connection) -> Any:
    meetings = table(MeetingRow)
    return select(meetings).where(meetings.c.uid == bindparam("called"))


@prepared
def _meeting_made(_: Connection) -> Any:
    meetings = table(MeetingRow)
    return insert(meetings).returning(meetings.c.id)


@prepared
def _meeting_changed(_: Connection) -> Any:
    meetings = table(MeetingRow)
    return update(meetings).where(meetings.c.id == bindparam("which"))


@prepared
def _meeting_step(_: Connection) -> Any:
    steps = table(MeetingChangeRow)
    same = (steps.c[name] == bindparam(name) for name in ("meeting_id", "state", "event_uid", "place"))
    days = (steps.c[name].is_not_distinct_from(bindparam(name)) for name in ("day_first", "day_last"))
    return select(steps.c.id).where(*same, *days)


@prepared
def _meeting_stepped(_: Connection) -> Any:
    return insert(table(MeetingChangeRow))


@prepared
def _demand_saved(connection: Connection) -> Any:
    demands = table(DemandRow)
    told = upsert(connection, demands)
    changed = ("state", "demanders", "addressees", "content", "detail", "updated_at")
    return told.on_conflict_do_update(
        index_elements=["uid"], set_={name: told.excluded[name] for name in changed}
    ).returning(demands.c.id)


@prepared
def _demand_step(_: Connection) -> Any:
    steps = table(DemandChangeRow)
    return select(steps.c.id).where(
        steps.c.demand_id == bindparam("demand_id"),
        steps.c.state == bindparam("state"),
        steps.c.event_uid == bindparam("event_uid"),
        steps.c.article_id.is_not_distinct_from(bindparam("article_id")),
    )


@prepared
def _demand_stepped(_: Connection) -> Any:
    return insert(table(DemandChangeRow))


@prepared
def _story_saved(connection: Connection) -> Any:
    return _story_made(connection, "title", "detail", "updated_at")


@prepared
def _story_known(connection: Connection) -> Any:
    return _story_made(connection, "title", "detail")


def _story_made(connection: Connection, *changing: str) -> Any:
    stories = table(StoryRow)
    told = upsert(connection, stories)
    changed = {name: told.excluded[name] for name in changing}
    return told.on_conflict_do_update(index_elements=["uid"], set_=changed).returning(
        stories.c.id, stories.c.merged_into
    )


@prepared
def _put_into_story(connection: Connection) -> Any:
    told = upsert(connection, table(StoryArticleRow))
    changed = {"reason": told.excluded["reason"]}
    return told.on_conflict_do_update(index_elements=["story_id", "article_id"], set_=changed)


@prepared
def _story_touched(_: Connection) -> Any:
    stories = table(StoryRow)
    return update(stories).where(stories.c.id == bindparam("which"))


def marks_of(connection: Connection, keys: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The fingerprints of articles by their stable keys; those without one are left out."""
    found: dict[str, tuple[int, ...]] = {}
    for at in range(0, len(keys), 500):
        asked = {"those": [bytes.fromhex(key) for key in keys[at : at + 500]]}
        rows = connection.execute(_marks(connection), asked)
        found |= {row.key.hex(): packing.unpack_marks(row.marks) for row in rows if row.marks}
    return found


@prepared
def _marks(_: Connection) -> Any:
    articles, versions = table(ArticleRow), table(VersionRow)
    current = articles.join(versions, versions.c.id == articles.c.version_id)
    theirs = articles.c.key.in_(bindparam("those", expanding=True))
    return select(articles.c.key, versions.c.marks).select_from(current).where(theirs)


def memory(row: Any) -> Any:
    """What linking remembers of an act, from a row with `detail` and `memory`; None for nothing."""
    return row.detail if row.memory is None else packing.unpack_json(row.memory)


def _all_stored(links: Sequence[Link], events: Mapping[str, Any]) -> None:
    for link in links:
        if link.event not in events:
            raise ValueError(f"a link names event {link.event}, which is not among the events stored with it")


def _act_values(uid: str, link: Link, event: Event, day: date | None, now: datetime) -> dict[str, Any]:
    return {
        "uid": uid,
        "type": event.type.value,
        "mode": event.mode,
        "status": event.status.value,
        "title": link.title,
        "parties": codes(event.parties),
        "day_first": day,
        "day_last": event.when.last if event.when else day,
        "place": event.place.name if event.place else "",
        "created_at": now,
        "updated_at": now,
    }


def codes(parties: Sequence[str] | frozenset[str]) -> str:
    """Actor codes in one column: sorted, each once, separated by blanks."""
    return " ".join(sorted(set(parties)))
