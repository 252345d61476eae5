"""Follows matters over time: candidates from the archive go to `extractors.stories`, its decisions go back.

All of it happens in the transaction that keeps the article.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from extractors.model import BERLIN, Article, Event, Grade, When
from extractors.stories import acts, agencies, demands, fingerprint, matters, meetings
from extractors.stories.acts import ArticleRef, Redirect
from flows import recalling
from flows.alerts import wording
from flows.alerts.wording import shortened
from flows.judging import Coded
from storage import tracking
from storage.archive import Archive, Kept
from storage.tables import ActRow, ArticleRow


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A meeting that was told of before, and that an event of this article moves, calls off or puts on again (`kind`)."""

    event: str
    before: meetings.Meeting
    after: meetings.Meeting
    kind: meetings.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Followup:
    """What became of an article's events: the story that they go on with, and the meetings that they upset."""

    story: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an article came to: how its events tie in, what the archive keeps of it, and how matters went on."""

    followed: Followed
    kept: Kept
    went_on: Followup


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


def follow(
    archive: Archive,
    article: Article,
    coded: Coded,
    put: Callable[..., Kept],
    now: datetime,
    *,
    key: str,
    told_at: datetime,
    fresh: bool = False,
) -> Outcome:
    """Tie an article's events to what is known, keep it, and go on with what it tells of: all in one transaction.

    The same for one that is new and one that is read again. `put` is the archive's verb for it, with all but what was made
    of the article; `told_at` is when it counts as told if it has no time of its own. Of a `fresh` one nothing was kept before.
    """
    followed = follow_acts(archive, article, coded.events, key=key, told_at=told_at)
    told = coded.grade > Grade.NOT
    kept = put(
        assessments=coded.assessments,
        events=coded.events,
        quotes=coded.quotes,
        links=followed.links,
        introduced=coded.introduced,
        marks=followed.ref.fingerprint if told else (),
    )
    went_on = Followup(story="")
    if kept.stored and told:
        went_on = keep(archive, article, followed, kept.article_id, now, before=kept.as_before, fresh=fresh)
    return Outcome(followed=followed, kept=kept, went_on=went_on)


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
    archive.tracking.alone()
    tying = _Tying(archive, tuple(events), reference(article, key, told_at))
    for event in events:
        tying.merge(event)
        tying.tie(event)
    return tying.followed()


class _Tying:
    """An article's events as they are tied to acts, one after the other: what is known of these grows with each."""

    def __init__(self, archive: Archive, events: tuple[Event, ...], ref: ArticleRef) -> None:
        self.archive, self.events, self.ref = archive, events, ref
        self.known = recalling.known_acts(archive.connection, events, ref)
        self.marks = recalling.marks_of(archive.connection, self.known.values())
        self.before = recalling.opened_before(archive.connection, events, ref)
        self.links: list[tracking.Link] = []
        self.merges: list[Redirect] = []
        self.fresh: set[str] = set()
        self.further: set[str] = set()
        self.touched: dict[str, acts.Act] = {}

    def merge(self, event: Event) -> None:
        """Make those of the known acts one that the event shows to be one."""
        same = acts.twins(event, self.ref, [act for act in self.known.values() if act.id not in self.fresh])
        for other in same[1:]:
            reason = f"one report tells of both: {shortened(event.evidence.quote, 200)}"
            act, redirect = acts.merge(same[0], other, reason)
            same = (act, *same[1:])
            self.merges.append(redirect)
            self.known.pop(redirect.gone)
            self.touched.pop(redirect.gone, None)
            self.known[act.id] = self.touched[act.id] = act

    def tie(self, event: Event) -> None:
        """Tie the event to the act that it tells of, or to one of its own."""
        found = self._found(event)
        if found.new:
            self.fresh.add(found.act)
            act = acts.open_act(event, self.ref)
        else:
            act = acts.absorb(self.known[found.act], event, self.ref, found)
            if acts.goes_on(self.known[found.act], event):
                self.further.add(event.id)
        self.known[act.id] = self.touched[act.id] = act
        title, copied = wording.headline_of(event), bool(found.copy_of)
        self.links.append(tracking.Link(event=event.id, act=act.id, reasons=found.reasons, copied=copied, title=title))

    def _found(self, event: Event) -> acts.Link:
        found = acts.link(event, self.ref, self.known.values(), self.marks, beside=self.events)
        told = (
            recalling.act_of_before(self.archive, found.act, self.merges, self.known, self.before)
            if found.new
            else None
        )
        if told is None:
            return found
        self.known[told.id] = told
        return dataclasses.replace(found, act=told.id, new=False, reasons=("this article told it before",))

    def followed(self) -> Followed:
        return Followed(
            ref=self.ref,
            events=self.events,
            links=tuple(_led(self.links, self.merges)),
            acts=tuple(self.touched.values()),
            fresh=frozenset(self.fresh),
            further=frozenset(self.further),
            merges=tuple(self.merges),
        )


def _led(links: Sequence[tracking.Link], merges: Sequence[Redirect]) -> Iterable[tracking.Link]:
    """Links to what was merged later in the same article lead to where it went."""
    return (dataclasses.replace(link, act=acts.follow(link.act, merges)) for link in links)


def _columns(act: acts.Act) -> dict[str, Any]:
    told = {"status": act.status.value, "mode": act.mode, "parties": act.parties, "place": act.place}
    return told | _days(act.when) | {"detail": recalling.dumped(_bare(act))}


def _bare(act: acts.Act) -> acts.Act:
    """The act as it is kept: without fingerprints."""
    return dataclasses.replace(act, reports=tuple(dataclasses.replace(each, fingerprint=()) for each in act.reports))


def keep(
    archive: Archive,
    article: Article,
    followed: Followed,
    article_id: int,
    now: datetime,
    *,
    before: Collection[str] = frozenset(),
    fresh: bool = False,
) -> Followup:
    """Keep what changed: acts, meetings, demands and the story; a `fresh` article is in none yet.

    The events in `before` were followed when the article was read before, by what was known then. They make no step of a
    meeting or a demand again: that would be told twice, or, as a recode knows what came after them, be put down to another one.
    """
    for redirect in followed.merges:
        archive.tracking.merge_acts(redirect.gone, redirect.into, redirect.reason, now)
    archive.tracking.update_acts({act.id: _columns(act) for act in followed.acts}, now)
    changes = _follow_meetings(archive, followed, article_id, now, before)
    _follow_demands(archive, followed, article_id, now, before)
    story = _follow_story(archive, article, followed, article_id, now, fresh=fresh)
    return Followup(story=story, changes=tuple(changes))


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
    act, redirect = acts.merge(recalling.loaded(acts.Act, kept[0]), recalling.loaded(acts.Act, kept[1]), reason)
    archive.tracking.merge_acts(redirect.gone, redirect.into, reason, now)
    archive.tracking.update_act(act.id, now, **_columns(act))
    return act.id


def _days(when: When | None) -> dict[str, Any]:
    return {} if when is None else {"day_first": when.first, "day_last": when.last}


# Meetings


def _follow_meetings(
    archive: Archive, followed: Followed, article_id: int, now: datetime, before: Collection[str]
) -> list[Change]:
    telling = [event for event in meetings.telling(followed.events) if event.id not in before]
    coming = [event for event in followed.events if meetings.may_come_of_one(event) and event.id not in before]
    if not telling and not coming:
        return []
    known = recalling.known_meetings(archive.connection, (*telling, *coming), followed.ref)
    changes = [_tell_meeting(archive, known, event, followed.ref, article_id, now) for event in telling]
    for event in coming:
        for uid, meeting in tuple(known.items()):
            changed = meetings.outcome(meeting, event, followed.ref, followed.ref.told_at)
            if changed is not meeting:
                known[uid] = changed
                save_meeting(archive, changed, meeting.history, article_id, now)
    return _upset(changes)


def _upset(steps: Iterable[Change | None]) -> list[Change]:
    """What an article's sentences do to each meeting, as one change: of one that is off, and on another day, the day."""
    changes: dict[str, Change] = {}
    for step in filter(None, steps):
        first = changes.get(step.after.uid, step)
        changes[step.after.uid] = dataclasses.replace(step, before=first.before)
    again, off = meetings.State.ANNOUNCED, meetings.State.CANCELLED
    return [each for each in changes.values() if each.kind is not again or each.before.state is off]


def _tell_meeting(
    archive: Archive,
    known: dict[str, meetings.Meeting],
    event: Event,
    ref: ArticleRef,
    article_id: int,
    now: datetime,
) -> Change | None:
    meant = next((one for one in known.values() if meetings.means(one, event, ref)[0]), None)
    if meant is not None:
        changed = meetings.advance(meant, event, ref, ref.told_at)
    elif meetings.begins(event):
        changed = meetings.announce(event, ref, ref.told_at)
    else:
        return None
    if meant is None and (before := recalling.meeting_of_before(archive, changed.uid)) is not None:
        # An earlier version announced it in the same words, too long ago to be among those that are open.
        meant, changed = before, meetings.advance(before, event, ref, ref.told_at)
    known[changed.uid] = changed
    if meant is None or changed is not meant:
        save_meeting(archive, changed, meant.history if meant else (), article_id, now)
    kind = meetings.upset(meant, changed) if meant is not None else None
    return None if meant is None or kind is None else Change(event=event.id, before=meant, after=changed, kind=kind)


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
            detail=recalling.dumped(meeting),
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
    for meeting in recalling.passed_meetings(archive.connection, now.date()):
        changed = meetings.due(meeting, now)
        if changed is not meeting:
            save_meeting(archive, changed, meeting.history, None, now)
            late += 1
    return late


def merge_grown(archive: Archive, now: datetime) -> tuple[int, int]:
    """Stories that have grown into one, and meetings that turned out to be one; returns how many of each were merged."""
    open_ones = {story.id: story for story in recalling.open_stories(archive.connection, now)}
    told = matters.merges(tuple(open_ones.values()))
    for gone, into, reason in told:
        open_ones[into] = story = matters.merged(open_ones[into], open_ones[gone], reason)
        archive.tracking.merge_stories(gone, into, now)
        archive.tracking.save_story(
            tracking.Story(uid=story.id, title=story.title, detail=recalling.dumped(story)), now
        )
    known = recalling.recent_meetings(archive.connection, now)
    twins = meetings.twins(known.values())
    for older, younger in twins:
        known[older.uid] = one = meetings.merge(known[older.uid], younger)
        archive.tracking.merge_meetings(younger.uid, older.uid, now)
        save_meeting(archive, one, one.history, None, now)
    return len(told), len(twins)


# Demands


def _follow_demands(
    archive: Archive, followed: Followed, article_id: int, now: datetime, before: Collection[str]
) -> None:
    speaking = [event for event in followed.events if demands.speaks(event) and event.id not in before]
    if not speaking:
        return
    known = recalling.known_demands(archive.connection, speaking, followed.ref)
    for demand in demands.ledger([(event, followed.ref) for event in speaking], tuple(known.values())):
        had = len(known[demand.uid].entries) if demand.uid in known else 0
        if len(demand.entries) > had:
            _save_demand(archive, demand, demand.entries[had:], article_id, now)


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
            detail=recalling.dumped(demand),
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


def _follow_story(
    archive: Archive, article: Article, followed: Followed, article_id: int, now: datetime, *, fresh: bool
) -> str:
    ids = [act.id for act in followed.acts]
    told = matters.features(
        article, key=followed.ref.article, events=followed.events, acts=ids, told_at=followed.ref.told_at
    )
    # A new version stays where it is, also when its story has been closed since.
    near = () if fresh else tuple(recalling.stories_with(archive.connection, article_id))
    near = near or tuple(recalling.open_stories(archive.connection, followed.ref.told_at))
    known = {story.id: story for story in near}
    found = matters.assign(told, known.values())
    story = matters.begin(told) if found.new else matters.join(known[found.story], told, found)
    kept = tracking.Story(uid=story.id, title=story.title, detail=recalling.dumped(story))
    archive.tracking.tell_story(kept, article_id, found.reason, now)
    return story.id
